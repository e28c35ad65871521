"""The shopper's own date on the case, reminders of it, its calendar; what they demand; what they say at the end.

New columns have defaults and new tables are empty: an older process goes on beside this one. What it writes meanwhile
has no own date until the case is next told, so no reminder of it is sent before.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import accounts.ids
import complaints.models.reminder


def an_id() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("complaints", "0006_reviews_and_opinions"),
    ]

    operations = [
        migrations.AddField("case", "own_deadline_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "case", "own_deadline_from", models.CharField(blank=True, default="", max_length=10)
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=Q(own_deadline_at__isnull=True, own_deadline_from="")
                | (Q(own_deadline_at__isnull=False) & ~Q(own_deadline_from="")),
                name="case_own_deadline_is_whole",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["own_deadline_at"],
                condition=Q(own_deadline_at__isnull=False) & ~Q(stage="closed"),
                name="case_due_for_owner",
            ),
        ),
        migrations.CreateModel(
            name="Mute",
            fields=[
                ("id", an_id()),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("case", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="mutes", to="complaints.case")),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="mutes", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "不再提醒",
                "verbose_name_plural": "不再提醒",
                "constraints": [
                    models.UniqueConstraint(fields=["owner", "case"], condition=Q(case__isnull=False), name="mute_case_once"),
                    models.UniqueConstraint(fields=["owner"], condition=Q(case__isnull=True), name="mute_all_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", an_id()),
                ("public_id", models.CharField(default=accounts.ids.random_id, editable=False, max_length=16, unique=True)),
                ("deadline_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("planned_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="complaints.case")),
            ],
            options={
                "verbose_name": "提醒",
                "verbose_name_plural": "提醒",
                "indexes": [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="reminder_to_send")],
                "constraints": [
                    models.UniqueConstraint(fields=["case", "deadline_at"], name="reminder_once_per_date"),
                    models.CheckConstraint(condition=Q(due_at=None) | Q(due_at__lt=F("deadline_at")), name="reminder_before_its_date"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", an_id()),
                ("token", models.CharField(default=complaints.models.reminder.new_token, editable=False, max_length=32, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("owner", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="calendar_feed", to=settings.AUTH_USER_MODEL)),
            ],
            options={"verbose_name": "日历地址", "verbose_name_plural": "日历地址"},
        ),
        migrations.CreateModel(
            name="Demand",
            fields=[
                ("id", an_id()),
                ("kind", models.CharField(choices=[("refund", "退款"), ("return_refund", "退货退款"), ("compensation", "赔偿"), ("freight", "运费"), ("exchange", "换货"), ("resend", "补寄"), ("repair", "维修"), ("invoice", "发票"), ("apology", "道歉"), ("other", "其他要求")], max_length=15)),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="demands", to="complaints.case")),
            ],
            options={
                "verbose_name": "要求",
                "verbose_name_plural": "要求",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=["case", "kind"], name="demand_kind_once_per_case"),
                    models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="demand_amount_is_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookBack",
            fields=[
                ("id", an_id()),
                ("solved", models.CharField(blank=True, choices=[("yes", "解决了"), ("partly", "解决了一部分"), ("no", "没有解决")], default="", max_length=10)),
                ("fair", models.CharField(blank=True, choices=[("yes", "公平"), ("no", "不公平"), ("unsure", "说不好")], default="", max_length=10)),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("skipped", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("case", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="look_back", to="complaints.case")),
            ],
            options={
                "verbose_name": "回顾",
                "verbose_name_plural": "回顾",
                "constraints": [models.CheckConstraint(condition=Q(days=None) | Q(days__lte=3660), name="look_back_days_fit")],
            },
        ),
    ]
