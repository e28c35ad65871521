"""Where the next date of a case is the shopper's, it is their own; one beside another's comes when the case is told."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    cases = apps.get_model("complaints", "Case").objects.filter(deadline_for="buyer", deadline_at__isnull=False)
    cases.update(own_deadline_at=F("deadline_at"), own_deadline_from=F("deadline_from"))


class Migration(migrations.Migration):
    dependencies = [("complaints", "0008_declines")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
