"""An event is never changed: the database itself refuses, so that no shell and no bug of ours can.

Deleting stays possible, for a person's right to be forgotten takes whole cases with it. A later migration
that alters the table makes it anew on SQLite, and must put the trigger back (tests/complaints/test_workflow.py).
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FORWARD = {
    "sqlite": [
        "CREATE TRIGGER event_is_only_added BEFORE UPDATE ON complaints_event "
        "BEGIN SELECT RAISE(ABORT, 'events are only added'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'events are only added' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER event_is_only_added BEFORE UPDATE ON complaints_event "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_event()",
    ],
}
BACK = {
    "sqlite": ["DROP TRIGGER event_is_only_added"],
    "postgresql": ["DROP TRIGGER event_is_only_added ON complaints_event", "DROP FUNCTION refuse_change_of_event()"],
}


def forward(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in FORWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, None)


def back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_periodic_jobs")]

    operations = [migrations.RunPython(forward, back)]
