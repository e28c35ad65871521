"""Passages, the notes of what waits to become one, and what finds them: GIN on PostgreSQL, FTS5 on SQLite.

The triggers that fill the notes are made after every migration (complaints/indexing.py).
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import complaints.models.search

INDEX = {
    # Passages are written outside of any mail's transaction: rather found at once than written fast.
    "postgresql": [
        "CREATE INDEX passage_pairs ON complaints_passage USING gin (pairs) WITH (fastupdate = off)",
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE complaints_passage_pairs USING fts5("
        "pairs, content='complaints_passage', content_rowid='id', detail=none, columnsize=0, tokenize='ascii')",
    ],
}
BACK = {
    "postgresql": [
        "DROP INDEX passage_pairs",
        "DO $$ DECLARE one record; BEGIN FOR one IN SELECT tgname, tgrelid::regclass AS place FROM pg_trigger "
        "WHERE NOT tgisinternal AND tgname LIKE 'search\\_%' LOOP "
        "EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.place); "
        "EXECUTE format('DROP FUNCTION %I()', one.tgname); END LOOP; END $$",
    ],
    "sqlite": ["DROP TABLE complaints_passage_pairs"],  # its triggers were dropped before (indexing.look_away)
}


def forward(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in INDEX[schema_editor.connection.vendor]:
        schema_editor.execute(statement, None)


def back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0021_keepings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PassageDue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("case", "案件"),
                            ("notice", "来信"),
                            ("note", "记录"),
                            ("letter", "写的信"),
                            ("exhibit", "证据"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ref", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("case", "案件"),
                            ("notice", "来信"),
                            ("note", "记录"),
                            ("letter", "写的信"),
                            ("exhibit", "证据"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("folded", models.TextField()),
                ("pairs", complaints.models.search.PairsField()),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="complaints.case",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="complaints.event"
                    ),
                ),
                (
                    "exhibit",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="complaints.caseexhibit",
                    ),
                ),
                (
                    "letter",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="complaints.letterdraft",
                    ),
                ),
                (
                    "notice",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="complaints.notice"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["owner", "-at", "-id"], name="passage_of_owner_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("what", "case")), fields=("case",), name="passage_once_per_case"
                    )
                ],
            },
        ),
        migrations.RunPython(forward, back),
    ]
