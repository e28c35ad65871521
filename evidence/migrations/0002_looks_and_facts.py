from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="exhibit",
            name="hash",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="facts",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
