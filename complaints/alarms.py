"""What a person who runs the machine must look at: noticed by the hourly check, kept as a row, told once, cleared.

The check only counts; an alarm names a number and a cause, never anybody's mail.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from complaints import outgoing
from complaints.models import Alarm
from complaints.words import Text

log = logging.getLogger(__name__)

# What each is called, and what to do about it.
ALARMS: dict[str, tuple[Text, Text]] = {
    "missing": (
        _("收下的来信和现有的对不上"),
        _("有来信的记录不见了，或凭空多了。先备份数据库和日志，再查最近谁动过数据库。"),
    ),
    "unaccounted": (_("有来信没有结果"), _("先备份数据库和日志，再看这些来信停在哪一步。")),
    "stuck": (_("有来信等了一小时以上没有读"), _("看读信的进程是否在运行，再看它的日志。")),
    "bytes_lost": (
        _("有来信的原件找不到或已损坏"),
        _("看磁盘或对象存储；从备份里取回缺的文件，再运行manage.py verify。"),
    ),
    "reminders": (_("有提醒过了一小时没有寄出"), _("看发信的进程和EMAIL_URL里的邮件服务器。")),
    "exhibits": (_("有证据文件找不到或已损坏"), _("看磁盘或对象存储；从备份里取回缺的文件，再运行manage.py verify。")),
}


def note(found: Mapping[str, int], now: datetime) -> list[Alarm]:
    """`found` is all that is wrong now, by name: begin, go on with, or end the alarms. Returns those that ring."""
    with transaction.atomic():
        over = Alarm.objects.ringing().exclude(name__in=found)
        for name in over.values_list("name", flat=True):
            log.warning("alarm over: %s", name)
        over.update(over_at=now)
        for name, count in found.items():
            log.error("ALARM %s: %s", name, count)
            if not Alarm.objects.ringing().filter(name=name).update(count=count, seen_at=now):
                Alarm.objects.create(name=name, count=count, since=now, seen_at=now)
    ringing = list(Alarm.objects.ringing())
    tell_staff(now)
    return ringing


def tell_staff(now: datetime) -> int:
    """Write to all who run this installation about the alarms they have not heard of. Returns how many mails went.

    Claimed before it is sent: two workers write once. What no server took is written with the next check.
    """
    new = list(Alarm.objects.ringing().filter(told_at=None))
    mine = [alarm for alarm in new if Alarm.objects.filter(pk=alarm.pk, told_at=None).update(told_at=now)]
    if not mine:
        return 0
    sent = 0
    for host in User.objects.filter(role=Role.STAFF, is_active=True).order_by("pk"):
        try:
            sent += outgoing.alarms(host, [(alarm, *ALARMS[alarm.name]) for alarm in mine]).send()
        except (OSError, ValueError) as error:  # SMTPException is the first
            log.error("alarm not mailed: %s", type(error).__name__)
    if not sent:
        Alarm.objects.filter(pk__in=[alarm.pk for alarm in mine]).update(told_at=None)
    return sent
