from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0019_hook_tokens")]

    operations = [
        migrations.AddField(
            model_name="caseexhibit",
            name="guessed",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
