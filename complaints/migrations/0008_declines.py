"""A new act: the buyer does not accept an offer. The constraint that names the acts knows it."""

import importlib

from django.db import migrations, models

kept = importlib.import_module("complaints.migrations.0003_events_are_only_added")

ACTS = [
    "", "files", "acknowledges", "replies", "refuses", "agrees_return", "agrees_refund", "sends_back", "receives_return",
    "refuses_return", "changes_request", "asks_intervention", "intervenes", "requests_evidence", "submits_evidence",
    "suspends", "resumes", "rules", "appeals", "rules_appeal", "executes", "settles", "withdraws", "lapses", "rejects",
    "closes", "reopens", "regulator", "consumer_association", "court",
]  # fmt: skip
WITH_DECLINES = [*ACTS[: ACTS.index("settles")], "declines", *ACTS[ACTS.index("settles") :]]


def known(acts: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(act__in=acts), name="event_act_is_known")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0007_own_dates_and_demands")]

    operations = [
        # SQLite makes the table anew for this, and its trigger goes with the old one.
        migrations.RunPython(kept.back, kept.forward),
        migrations.RemoveConstraint("event", "event_act_is_known"),
        migrations.AddConstraint("event", known(WITH_DECLINES)),
        migrations.RunPython(kept.forward, kept.back),
    ]
