from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_looks_and_facts")]

    operations = [
        migrations.AddField(
            model_name="exhibit",
            name="checked_at",
            field=models.DateTimeField(default=timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="damaged_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="exhibit",
            index=models.Index(fields=["checked_at"], name="exhibit_checked"),
        ),
        migrations.AddIndex(
            model_name="exhibit",
            index=models.Index(condition=Q(damaged_at__isnull=False), fields=["damaged_at"], name="exhibit_damaged"),
        ),
    ]
