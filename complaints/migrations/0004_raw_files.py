"""Files of the storage that hold the bytes of large mails. No code ever wrote the name that RawMail.file was.

Reversible until bytes were moved; then the way back stops at raw_mail_is_somewhere, and nothing is changed.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_events_are_only_added")]

    operations = [
        migrations.CreateModel(
            name="RawFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=200, unique=True)),
                ("checked_at", models.DateTimeField()),
                ("damaged_at", models.DateTimeField(blank=True, null=True)),
                ("doomed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sha256",), condition=models.Q(doomed_at__isnull=True), name="raw_file_same_bytes_once"
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["checked_at"],
                        condition=models.Q(damaged_at__isnull=True),
                        name="raw_file_longest_unchecked",
                    ),
                    models.Index(
                        fields=["damaged_at"], condition=models.Q(damaged_at__isnull=False), name="raw_file_damaged"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="rawmail", name="raw_mail_is_somewhere"),
        migrations.RemoveField(model_name="rawmail", name="file"),
        migrations.AddField(
            model_name="rawmail",
            name="file",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="raw_mails",
                to="complaints.rawfile",
            ),
        ),
        migrations.AddConstraint(
            model_name="rawmail",
            constraint=models.CheckConstraint(
                condition=models.Q(data__isnull=False) | models.Q(file__isnull=False), name="raw_mail_is_somewhere"
            ),
        ),
        migrations.AddIndex(
            model_name="rawmail",
            index=models.Index(condition=models.Q(file__isnull=False), fields=["file"], name="raw_mail_of_file"),
        ),
        migrations.AddIndex(
            model_name="rawmail",
            index=models.Index(
                condition=models.Q(GreaterThan(Length("data"), 262144)), fields=["mail"], name="raw_mail_large"
            ),
        ),
    ]
