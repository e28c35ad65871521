import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a shopper wrote into a letter."""

    dependencies = [("complaints", "0012_endings_of_notices")]

    operations = [
        migrations.CreateModel(
            name="LetterDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("letter", models.CharField(max_length=12)),
                ("text", models.TextField()),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letter_drafts",
                        to="complaints.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "信",
                "verbose_name_plural": "信",
                "constraints": [models.UniqueConstraint(fields=("case", "letter"), name="letter_draft_once_per_case")],
            },
        ),
    ]
