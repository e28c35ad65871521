"""How this installation runs: for staff. Counts, ages and signs of life; of a mail only its id, size and age."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedIn, go
from complaints import alarms, bell, imap
from complaints import operations as state
from complaints.models import IncomingMail
from complaints.models.mail import IncomingMailQuerySet, Outcome
from complaints.views.staff import hosts_only
from complaints.words import Text

PAGE = 50
DAY = timedelta(days=1)

DOORS: dict[str, Text] = {"smtp": "SMTP", "lmtp": "LMTP", "imap": "IMAP", "webhook": "Webhook"}
JOBS: dict[str, Text] = {
    "sweep": _("重新叫醒等着的来信"),
    "look_around": _("等密钥或邮箱的来信再看一眼"),
    "count_balance": _("每小时核对"),
    "purge": _("删除到期的内容"),
    "tell_sources": _("告诉邮箱它在转发"),
    "remind": _("寄提醒"),
    "move_large": _("搬走大的原件，检查文件"),
    "look_after_exhibits": _("重读证据原件，清理没有主的文件"),
    "index_texts": _("把新的文字收进搜索"),
    "last_calls": _("预告将要删除的来信"),
    "leave": _("删完离开的人的内容"),
    "poll_imap": _("从邮箱取信"),
    "backup": _("备份"),
}
REFUSALS: dict[str, Text] = {
    "unknown_recipient": _("没有这个地址，或已暂停、更换"),
    "too_many_unknown": _("乱猜地址"),
    "too_many_recipients": _("收件人太多"),
    "too_large": _("信太大"),
    "inbox_full": _("一个地址收得太多"),
    "owner_full": _("一个人收得太多"),
    "sender_domain_flood": _("一个发信域名来得太多"),
    "peer_flood": _("一台机器来得太多"),
    "disk_full": _("磁盘满了"),
    "busy": _("同时来的太多"),
    "too_many_connections": _("连接太多"),
    "too_many_commands": _("命令太多"),
    "idle": _("连上以后不说话"),
    "session_too_long": _("连接太久"),
    "our_fault": _("我们自己出错"),
}


@require_safe
def operations(request: SignedIn) -> HttpResponse:
    """Everything that somebody who runs the machine wants to know, on one page."""
    hosts_only(request)
    now = timezone.now()
    counts, counted_at = state.last_counts()
    free, total = state.disk()
    rings = state.rings()
    refused = state.refusals(now - DAY)
    ever = state.refusals()
    context: dict[str, Any] = {
        "now": now,
        "alarms": [(alarm, *alarms.ALARMS.get(alarm.name, (alarm.name, ""))) for alarm in state.alarms()],
        "waiting": state.waiting(),
        "many": state.MANY,
        "rings": rings,
        "has_broker": bell.has_broker(),
        "workers": state.workers(now),
        "doors": [(named(door), count, last_at) for door, (count, last_at) in state.doors().items()],
        "mailboxes": imap.state(now),
        "jobs": [(JOBS.get(job.name, job.name), job) for job in state.jobs()],
        "refusals": [(REFUSALS.get(why, why), refused.get(why, 0), count) for why, count in ever.items() if count],
        "counts": outcomes(counts),
        "counted_at": counted_at,
        "free": filesizeformat(free),
        "free_percent": round(100 * free / total) if total else 0,
        "damaged": state.damaged_files(),
        "overdue": state.overdue_reminders(now),
        "quarantined": state.some(state.quarantined()),
        "mails": state.quarantined().only("public_id", "door", "size", "settled_at", "attempts", "repeats")[:PAGE],
    }
    return render(request, "complaints/operations.html", context)


@require_POST
def operations_rerun(request: SignedIn) -> HttpResponse:
    """Let the line try one mail of the quarantine again (`mail`), or all of them."""
    hosts_only(request)
    mails: IncomingMailQuerySet = state.quarantined()
    if public_id := request.POST.get("mail", ""):
        mails = mails.filter(public_id=public_id)
    elif request.POST.get("all") != "yes":
        raise Http404
    again = state.rerun(mails, request.user, timezone.now())
    bell.ring(again)
    said = ngettext("%(count)d封信正在重新读。", "%(count)d封信正在重新读。", len(again)) % {"count": len(again)}
    messages.success(request, said)
    return go(request, "complaints:operations")


def named(door: str) -> Text:
    """What a door is called."""
    labels: dict[str, Text] = dict(IncomingMail.Door.choices) | DOORS
    return labels.get(door, door)


def outcomes(counts: dict[tuple[str, str], int]) -> list[tuple[Text, int]]:
    """The last count by outcome, all doors together, as the page shows it."""
    sums = [(outcome.label, sum(n for (_door, what), n in counts.items() if what == outcome)) for outcome in Outcome]
    return [(label, count) for label, count in sums if count]
