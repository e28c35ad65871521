"""“这张图是什么？”: a picture of a notice that its owner handed in, and what they say it shows.

A picture is a mail like any other (its bytes are the mail) and waits for its owner, whatever was read in it: what a
machine reads in a picture is a suggestion. The same bytes are an exhibit too, which gives the page something to show
and goes into the file of the case once it is known which.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from complaints import chats, workflow
from complaints.exhibits import show_in_case, take_in
from complaints.intake import settle
from complaints.intake.endings import settle_some
from complaints.intake.pictures import NOT_READ_YET, is_not_read_yet
from complaints.intake.route import OWN_HAND
from complaints.intake.shapes import How
from complaints.models import Case, CaseExhibit, Event, IncomingMail, Notice
from complaints.models.case import Shown
from complaints.models.mail import IncomingMailQuerySet, Outcome
from complaints.stages import KINDS, Act, Kind, Party, State
from complaints.workflow import Payload, Recorded, Saying
from evidence.keep import PICTURES, Refused, forget
from evidence.models import Exhibit

SETTLING = timedelta(days=1)  # an exhibit is there a moment before the row that shows it
AT_ONCE = 200
KEPT_ONLY = "kept_by_owner"  # of words.REASONS: it says nothing that moves a case, and lies in its file

# What a picture was read as → what it shows as an exhibit.
KIND_OF: dict[str, str] = {
    "order": Shown.Kind.ORDER,
    "chat": Shown.Kind.CHAT,
    "logistics": Shown.Kind.LOGISTICS,
    "refusal": Shown.Kind.REFUSAL,
}
SCREENS = frozenset({*KIND_OF.values(), Shown.Kind.OTHER})  # of pictures of these kinds it is worth asking more


def is_picture(raw: bytes) -> bool:
    """Whether `raw` is a picture of the kinds that are read: JPEG, PNG, WebP, GIF, HEIC, AVIF."""
    return is_not_read_yet(raw)


def is_screenshot(mail: IncomingMail, notices: Iterable[Notice]) -> bool:
    """Whether `mail` is a picture that was handed in."""
    return NOT_READ_YET in mail.warnings or any(notice.how == How.SCREENSHOT for notice in notices)


# -- the picture -----------------------------------------------------------------------------------------


def keep_picture(owner: User, name: str, raw: bytes) -> Exhibit | None:
    """The picture `raw`, kept as a mail already, as an exhibit without a case; None when it cannot be one.

    The same bytes again are the exhibit that is there.
    """
    free = Exhibit.objects.filter(owner=owner)
    try:
        return take_in(owner, io.BytesIO(raw), name, among=free)
    except Refused:  # no room, or no picture after all: then the page shows none, and the original is the mail's
        return None


def picture_of(mail: IncomingMail) -> Exhibit | None:
    """The exhibit that has the bytes of `mail`."""
    return Exhibit.objects.filter(owner=mail.owner_id, sha256=mail.sha256).order_by("pk").first()


def place_in_case(mail: IncomingMail, case: Case, kind: str) -> None:
    """Put the picture of `mail` into the file of `case`; out of another one that it was taken out of.

    Where its owner had put it into a file themselves it stays there.
    """
    exhibit = picture_of(mail)
    if exhibit is None:
        return
    there = CaseExhibit.objects.filter(exhibit=exhibit).first()
    if there and there.case_id == case.pk:
        CaseExhibit.objects.filter(pk=there.pk).update(removed_at=None)
    elif there is None or there.removed_at:
        if there:
            there.delete()
        show_in_case(case, exhibit, kind)


def take_out(mail: IncomingMail, now: datetime) -> None:
    """Undo `place_in_case`: the case that `mail` was filed to by mistake does not show it any more.

    What lay in its file before anybody asked what it shows goes on lying there.
    """
    cases = mail.notices.exclude(case=None).values("case")
    placed = CaseExhibit.objects.filter(exhibit__sha256=mail.sha256, case__in=cases, added_at__gte=mail.received_at)
    placed.filter(removed_at=None).update(removed_at=now)


# -- pictures in the file of a case ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to say about the pictures in the file of a case; nobody has to."""

    unread: list[CaseExhibit]  # may be read, and are not
    mails: dict[int, IncomingMail]  # exhibit → what it was read as
    waiting: list[IncomingMail]  # of those, the ones that its owner has not answered yet

    @property
    def screens(self) -> list[CaseExhibit]:
        """The unread ones that may be pictures of a screen, as far as can be told without reading them."""
        return [shown for shown in self.unread if shown.kind in SCREENS]


def asked_about(case: Case, rows: Iterable[CaseExhibit]) -> Asked:
    """Which of `rows`, of the file of `case`, were read, wait for an answer, or may still be read: one query."""
    pictures = [shown for shown in rows if shown.exhibit.content_type in PICTURES and shown.removed_at is None]
    hashes = {shown.exhibit.sha256 for shown in pictures}
    mine = IncomingMail.objects.filter(owner=case.owner_id, sha256__in=hashes).exclude(outcome=Outcome.HELD)
    by_hash = {mail.sha256: mail for mail in mine.order_by("received_at", "pk")}
    mails = {shown.exhibit_id: by_hash[shown.exhibit.sha256] for shown in pictures if shown.exhibit.sha256 in by_hash}
    return Asked(
        unread=[shown for shown in pictures if shown.exhibit_id not in mails],
        mails=mails,
        waiting=list(
            {mail.pk: mail for mail in mails.values() if mail.outcome in (Outcome.WAITING, Outcome.REVIEW)}.values()
        ),
    )


def name_kind(mail_pk: int) -> None:
    """What the picture of a mail was read as is what it shows in the file of a case, until a person says otherwise."""
    mail = IncomingMail.objects.get(pk=mail_pk)
    readings = mail.notices.order_by("position").values_list("reading", flat=True)
    if kind := KIND_OF.get(str((readings.first() or {}).get("picture"))):
        guessed = CaseExhibit.objects.filter(exhibit__owner=mail.owner_id, exhibit__sha256=mail.sha256, guessed=True)
        guessed.update(kind=kind)


# -- what was read in it ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a picture, in the pixels that its reading counts in, and what rests on the words there."""

    of: str
    words: str
    sure: bool
    x: int
    y: int
    width: int
    height: int

    @property
    def crop(self) -> tuple[int, int, int, int]:
        """The rectangle and a little around it: left, top, width, height."""
        edge = max(12, self.height // 2)
        left, top = max(0, self.x - edge), max(0, self.y - edge)
        return left, top, self.width + self.x - left + edge, self.height + self.y - top + edge


def boxes_of(reading: dict[str, Any]) -> list[Box]:
    """Every rectangle that `reading` names (intake/shapes.py Place), from top to bottom; [] for what has none."""
    found = [Box(place["of"], place["words"], place["sure"], *place["box"]) for place in reading.get("places") or ()]
    return sorted(found, key=lambda box: (box.y, box.x))


def unsure_of(reading: dict[str, Any]) -> set[str]:
    """The fields that were read and may well be wrong: never shown as if they were known."""
    return {str(name) for name in reading.get("unsure") or ()}


def sure(reading: dict[str, Any], field: str) -> Any:
    """What `reading` says of `field` where it is sure of it, else None."""
    return None if field in unsure_of(reading) else reading["fields"].get(field)


# -- one after another -----------------------------------------------------------------------------------


def waiting_of(owner: User) -> IncomingMailQuerySet:
    """The pictures that `owner` handed in by hand and that still wait for their answer, the oldest first."""
    unread = IncomingMail.objects.visible_to(owner).filter(owner=owner, outcome=Outcome.REVIEW)
    pictures = Exhibit.objects.filter(owner=owner).values("sha256")
    by_hand = unread.filter(door__in=OWN_HAND, sha256__in=pictures)
    return by_hand.order_by("received_at", "pk")


# -- what its owner says ---------------------------------------------------------------------------------


@transaction.atomic
def tell(
    mail: IncomingMail,
    actor: User,
    case: Case | None,
    done: tuple[Act, Party],
    at: datetime,
    payload: Payload,
    once: str,
    *,
    shop: str,
    numbers: list[tuple[str, str]],
) -> tuple[Case, Recorded]:
    """The picture `mail` shows that `done` happened at `at`, in `case` or in a new one of `shop`.

    Of several notices in it (short messages below each other) the first that waits says so. What the machine had
    proposed for it is undone. Raises settle.NotWaiting when it was answered meanwhile.
    """
    mail = settle.lock(mail)
    notice = settle.chosen(mail, None)
    proposed = [
        event for event in settle.answerable(mail, actor) if event.notice_id == notice.pk and settle.is_proposed(event)
    ]
    told_by = chats.because(notice, done)
    same = [] if notice.lines_said else proposed
    fitting = next((event for event in same if event.case == case and says_the_same(event, done, at, payload)), None)
    for event in proposed:
        if event != fitting:
            workflow.undo(event, actor)
    if fitting and case and not unsure_of(notice.reading):
        recorded = workflow.confirm(fitting, actor)
        learn(case, recorded, shop, numbers, payload)
        finish(mail, [notice], case, "filed_by_owner")
        return case, Recorded(fitting, recorded.standing, is_new=True, is_first=recorded.is_first)
    if fitting:
        workflow.undo(fitting, actor)
    if case is None:
        case = workflow.open_case(actor, shop=shop)
    act, by = done
    read = notice.reading
    is_as_read = read["act"] == act and read["by"] == by and chats.holds(notice, "kind", "act")
    said = Payload(provenance=notice.provenance, why="filed_by_owner") | payload
    if is_as_read:
        said = Payload(because=read["because"], confidence=read["confidence"]) | said
    if told_by:
        said["because"] = told_by
    recorded = workflow.record(
        case,
        Saying(
            act=act,
            by=by,
            kind=Kind(notice.kind) if is_as_read else None,
            state=State.APPLIED,
            at=at,
            fingerprint=once,
            notice=notice,
            actor=actor,
            payload=said,
        ),
    )
    learn(case, recorded, shop, numbers, payload)
    finish(mail, [notice], case, "filed_by_owner")
    return case, recorded


def says_the_same(event: Event, done: tuple[Act, Party], at: datetime, payload: Payload) -> bool:
    """Whether the proposal `event` is what the owner says now, nothing added and nothing left out."""
    there = event.payload
    is_dated = abs(event.at - at) < timedelta(minutes=1)
    kept = all(there.get(name) == payload.get(name) for name in ("outcome", "amount", "note", "offer", "money_arrived"))
    dates = [datetime.fromisoformat(said["at"]) for said in (there.get("deadline"), payload.get("deadline")) if said]
    is_due = len(dates) != 1 and (not dates or abs(dates[0] - dates[1]) < timedelta(minutes=1))
    return (event.act, event.by) == done and is_dated and kept and is_due


def learn(case: Case, recorded: Recorded, shop: str, numbers: list[tuple[str, str]], payload: Payload) -> None:
    """What its owner says of the case beside the act; of a draft nothing stays that only a reading said."""
    case.refresh_from_db()
    workflow.learn(
        case,
        shop=shop or None,
        numbers=numbers,
        reason=None,
        amount=payload.get("amount"),
        afresh=recorded.is_first,
    )


@transaction.atomic
def keep_only(mail: IncomingMail, actor: User, case: Case) -> None:
    """仅保留为证据: the picture goes into the file of `case` and says nothing. Raises settle.NotWaiting."""
    mail = settle.lock(mail)
    settle.chosen(mail, None)
    for event in settle.answerable(mail, actor):
        if settle.is_proposed(event):
            workflow.undo(event, actor)
    finish(mail, settle.waiting(mail), case, KEPT_ONLY)


def finish(mail: IncomingMail, notices: Sequence[Notice], case: Case, reason: str) -> None:
    """Those notices of the picture `mail` belong to `case`, and so does the picture."""
    for notice in notices:
        notice.case = case
        notice.save(update_fields=["case"])
    place_in_case(mail, case, KIND_OF.get(str(notices[0].reading.get("picture")), ""))
    settle_some(mail, notices, (Outcome.FILED, reason))


def likely(notice: Notice) -> tuple[Act, Party] | None:
    """What the machine takes the picture for, as an act; None when it does not know, or it is no act."""
    read = notice.reading
    if read["act"] and read["by"]:
        return Act(read["act"]), Party(read["by"])
    row = KINDS[Kind(notice.kind)]
    return (row.act, row.by) if row.act and row.by else None


# -- what nobody reaches any more --------------------------------------------------------------------------


def forget_unreached(now: datetime) -> int:
    """Delete the exhibits that lie in no file and whose mail is gone: pictures of which nobody said anything in time.

    returns  how many
    """
    mail = IncomingMail.objects.filter(owner=OuterRef("owner"), sha256=OuterRef("sha256"))
    lost = Exhibit.objects.filter(~Exists(mail), received_at__lt=now - SETTLING)
    for kind in Shown.__subclasses__():
        shown = kind._default_manager.filter(exhibit=OuterRef("pk"))  # type: ignore[misc]  # every kind of them has one
        lost = lost.filter(~Exists(shown))
    gone = list(lost.order_by("pk")[:AT_ONCE])
    for exhibit in gone:
        forget(exhibit)
    return len(gone)
