"""What is here was accepted: from now on the ledger and the rows must agree."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Count, Max


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("complaints", "IncomingMail").objects.order_by().values_list("door")
    counts = apps.get_model("complaints", "LedgerCount").objects
    for door, count, last_at in rows.annotate(Count("pk"), Max("received_at")):
        counts.create(name="accepted", door=door, count=count, last_at=last_at)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0016_ledger_and_alarms")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
