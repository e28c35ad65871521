from django.db import migrations, models

import accounts.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_leaving")]

    operations = [
        # Without its default first: one value for every row there is would be no name.
        migrations.AddField(
            model_name="confirmedmailbox",
            name="public_id",
            field=models.CharField(max_length=16, null=True, unique=True, editable=False),
        ),
        migrations.AlterField(
            model_name="confirmedmailbox",
            name="public_id",
            field=models.CharField(
                default=accounts.ids.random_id, editable=False, max_length=16, null=True, unique=True
            ),
        ),
    ]
