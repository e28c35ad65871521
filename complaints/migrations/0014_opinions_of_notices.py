import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a volunteer says of one of several notices is said of no other."""

    dependencies = [("complaints", "0013_letter_drafts")]

    operations = [
        migrations.AddField(
            model_name="opinion",
            name="notice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="complaints.notice",
            ),
        ),
    ]
