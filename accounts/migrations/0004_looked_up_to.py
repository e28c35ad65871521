"""How far the mails that waited for a confirmed mailbox were looked at again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_message_ids")]

    operations = [
        migrations.AddField("confirmedmailbox", "looked_up_to", models.BigIntegerField(default=0, editable=False)),
    ]
