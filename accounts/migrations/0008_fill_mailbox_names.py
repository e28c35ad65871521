"""Every mailbox gets a random name, by which taking it back can be written down."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from accounts.ids import random_id

AT_ONCE = 1000


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    nameless = apps.get_model("accounts", "ConfirmedMailbox").objects.filter(public_id=None).order_by("pk")
    while rows := list(nameless.only("pk")[:AT_ONCE]):
        for row in rows:
            row.public_id = random_id()
        type(rows[0]).objects.bulk_update(rows, ["public_id"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_mailbox_names")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
