"""A mail that Suji names itself is kept once for each reader, however often it is handed over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_consent_and_refusals")]

    operations = [
        migrations.AddField(
            "outgoingmail", "message_id", models.CharField(blank=True, default="", editable=False, max_length=255)
        ),
        migrations.AddConstraint(
            "outgoingmail",
            models.UniqueConstraint(
                fields=["message_id", "to"], condition=~models.Q(message_id=""), name="outgoing_mail_once_per_name"
            ),
        ),
    ]
