from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0023_a_door_for_screenshots")]

    operations = [
        migrations.AddField("notice", "lines_said", models.JSONField(blank=True, null=True)),
    ]
