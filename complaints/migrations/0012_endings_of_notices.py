from django.db import migrations, models


class Migration(migrations.Migration):
    """Each notice of a mail of several has an ending of its own."""

    dependencies = [("complaints", "0011_past_readings")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("waiting", "正在读"),
                    ("filed", "已归入案件"),
                    ("review", "等人确认"),
                    ("held", "已扣下"),
                    ("quarantined", "读不了，原件已保存"),
                    ("duplicate", "重复"),
                    ("ignored", "与投诉无关"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", ""), ("reason", ""))
                | models.Q(
                    (
                        "outcome__in",
                        ["waiting", "filed", "review", "held", "quarantined", "duplicate", "ignored"],
                    ),
                    models.Q(("outcome", ""), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                ),
                name="notice_outcome_has_reason",
            ),
        ),
    ]
