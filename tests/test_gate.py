"""Every URL × role × method against a reviewed table. A URL without a row fails.

OK    the page, the file or the redirect after an act        LOGIN  go and sign in first
NONE  404: there is nothing, for all you know                NOT    405: nobody may, whatever there is
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone
from PIL import Image

from accounts.models import OutgoingMail, Role, User
from complaints import keepings
from complaints.models import Case, CaseExhibit, Event, IncomingMail, KeepingExhibit, Notice, Review
from complaints.models.mail import Outcome
from complaints.stages import Act, Kind, Party, State
from evidence import keep
from tests import make

pytestmark = pytest.mark.django_db

OK, LOGIN, NONE, NOT = "ok", "login", "none", "not"
ROLES = ("anonymous", "owner", "other", "claimer", "volunteer", "staff", "reviewer")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")


def by_role(
    anonymous: str, owner: str, other: str, claimer: str, volunteer: str, staff: str, reviewer: str = ""
) -> dict[str, str]:
    """What each role gets; who looks after a case for its owner gets what any volunteer does, unless said otherwise."""
    said = (anonymous, owner, other, claimer, volunteer, staff, reviewer or volunteer)
    return dict(zip(ROLES, said, strict=True))


@dataclass(frozen=True)
class Row:
    """What each role gets; for a method that has no entry, NOT for those who may come in at all."""

    get: dict[str, str] | None = None
    post: dict[str, str] | None = None


#                     anonymous  owner  other  claimer  volunteer  staff
EVERYONE = by_role(OK, OK, OK, OK, OK, OK)
SIGNED_IN = by_role(LOGIN, OK, OK, OK, OK, OK)
OWNER = by_role(LOGIN, OK, NONE, NONE, NONE, NONE)
VOLUNTEERS = by_role(LOGIN, NONE, NONE, OK, OK, NONE)
CLAIMER = by_role(LOGIN, NONE, NONE, OK, NONE, NONE)
REVIEWER = by_role(LOGIN, NONE, NONE, NONE, NONE, NONE, OK)
STAFF = by_role(LOGIN, NONE, NONE, NONE, NONE, OK)
HIDDEN = by_role(NONE, NONE, NONE, NONE, NONE, OK)
NOBODY = dict.fromkeys(ROLES, NONE)  # no such token, for anybody

TABLE = {
    "home": Row(get=EVERYONE),
    "sample_case": Row(get=EVERYONE),
    "privacy": Row(get=EVERYONE),
    "healthz": Row(get=EVERYONE),
    "readyz": Row(get=EVERYONE),
    "metrics": Row(get=NOBODY),  # a token or an address is the key: tests/config/test_metrics.py
    "manifest": Row(get=EVERYONE),
    "worker": Row(get=EVERYONE),
    "offline": Row(get=EVERYONE),
    "set_language": Row(post=EVERYONE),
    "login_link": Row(get=HIDDEN | {"staff": NONE}),  # no such token, for anybody
    "outgoing_detail": Row(get=HIDDEN),  # and the session that caused it, see tests/accounts
    "demo_login": Row(post=HIDDEN | {"staff": NONE}),  # no demo people here
    "demo_send": Row(post=SIGNED_IN),
    "start": Row(get=SIGNED_IN),
    "address_list": Row(get=SIGNED_IN, post=SIGNED_IN),
    "address_change": Row(post=SIGNED_IN | dict.fromkeys(ROLES[1:], NONE)),  # names no address; tests/accounts has one
    "mailbox_remove": Row(post=SIGNED_IN | dict.fromkeys(ROLES[1:], NONE)),  # likewise
    "complaints:case_list": Row(get=SIGNED_IN),
    "complaints:search": Row(get=SIGNED_IN),
    "complaints:case_new": Row(get=SIGNED_IN, post=SIGNED_IN),
    "complaints:case_detail": Row(get=OWNER),
    "complaints:case_part": Row(get=OWNER),
    "complaints:case_deadline": Row(get=OWNER),
    "complaints:case_demands": Row(get=OWNER, post=OWNER),
    "complaints:offer_answer": Row(post=OWNER),
    "complaints:letter_list": Row(get=OWNER),
    "complaints:letter_detail": Row(get=OWNER, post=OWNER),
    "complaints:case_look_back": Row(post=OWNER),
    "complaints:case_calendar": Row(get=OWNER),
    "complaints:case_remind": Row(post=OWNER),
    "complaints:case_record": Row(get=OWNER, post=OWNER),
    "complaints:event_confirm": Row(post=OWNER),
    "complaints:event_correct": Row(get=OWNER, post=OWNER),
    "complaints:event_undo": Row(post=OWNER),
    "complaints:exhibit_list": Row(get=OWNER, post=OWNER),
    "complaints:exhibit_part": Row(get=OWNER),
    "complaints:exhibit_ask": Row(post=OWNER),
    "complaints:exhibit_detail": Row(get=OWNER),
    "complaints:exhibit_original": Row(get=OWNER),
    "complaints:exhibit_video": Row(get=OWNER | {"owner": NONE}),  # a picture; tests/complaints/views has a video
    "complaints:exhibit_move": Row(post=OWNER),
    "complaints:exhibit_copy": Row(get=OWNER),
    "complaints:exhibit_thumbnail": Row(get=OWNER),
    "complaints:exhibit_edit": Row(post=OWNER),
    "complaints:exhibit_remove": Row(post=OWNER),
    "complaints:keeping_list": Row(get=SIGNED_IN, post=SIGNED_IN),
    "complaints:keeping_detail": Row(get=OWNER, post=OWNER),
    "complaints:keeping_change": Row(post=OWNER),
    "complaints:keeping_files": Row(get=OWNER, post=OWNER),
    "complaints:keeping_file": Row(get=OWNER, post=OWNER),
    "complaints:keeping_original": Row(get=OWNER),
    "complaints:keeping_copy": Row(get=OWNER),
    "complaints:keeping_thumbnail": Row(get=OWNER),
    "complaints:guide_list": Row(get=EVERYONE),
    "complaints:guide_missing": Row(get=SIGNED_IN),
    "complaints:guide_detail": Row(get=EVERYONE),
    "complaints:guide_part": Row(get=SIGNED_IN),
    "complaints:guide_open": Row(post=SIGNED_IN),
    "complaints:guide_close": Row(post=SIGNED_IN),
    "complaints:guide_test": Row(post=SIGNED_IN),
    "complaints:hand_in": Row(get=SIGNED_IN, post=SIGNED_IN),
    "complaints:mailgun_mime": Row(get=NOBODY, post=NOBODY),  # off until its key is set; tests/complaints/test_mailgun
    "complaints:hand_in_share": Row(get=SIGNED_IN),
    "complaints:mail_list": Row(get=SIGNED_IN),
    "complaints:mail_list_part": Row(get=SIGNED_IN),
    "complaints:mail_detail": Row(get=OWNER),
    "complaints:mail_raw": Row(get=OWNER),
    "complaints:mail_files": Row(get=OWNER, post=OWNER),
    "complaints:mail_file": Row(get=OWNER | {"owner": NONE}),  # nothing came with it
    "complaints:mail_picture": Row(get=OWNER, post=OWNER),
    "complaints:mail_lines": Row(post=OWNER),
    "complaints:mail_picture_copy": Row(get=OWNER | {"owner": NONE}),  # it came as words
    "complaints:mail_mailbox": Row(post=OWNER),
    "complaints:mail_decide": Row(post=OWNER),
    "complaints:notice_html": Row(get=OWNER),
    "complaints:reminder_settings": Row(get=SIGNED_IN, post=SIGNED_IN),
    "complaints:reminder_stop": Row(get=NOBODY, post=dict.fromkeys(ROLES, "403")),  # the token is the key
    "complaints:calendar_feed": Row(get=NOBODY),
    "complaints:case_review": Row(get=OWNER, post=OWNER),
    "complaints:case_review_part": Row(get=OWNER),
    "complaints:case_review_say": Row(post=OWNER),
    "complaints:case_looks": Row(get=OWNER),
    "complaints:review_list": Row(get=VOLUNTEERS),
    "complaints:review_take": Row(post=REVIEWER),  # nobody else, while somebody looks after it
    "complaints:review_item": Row(get=REVIEWER),
    "complaints:review_write": Row(post=REVIEWER),
    "complaints:review_unmask": Row(post=REVIEWER),
    "complaints:review_renew": Row(post=REVIEWER),
    "complaints:review_release": Row(post=REVIEWER),
    "complaints:review_thumbnail": Row(get=REVIEWER),
    "complaints:review_picture": Row(get=REVIEWER),
    "complaints:tray": Row(get=VOLUNTEERS),
    "complaints:tray_next": Row(post=VOLUNTEERS),
    "complaints:tray_mine": Row(get=VOLUNTEERS),
    "complaints:tray_overview": Row(get=STAFF, post=STAFF),
    "complaints:tray_item": Row(get=CLAIMER),
    "complaints:tray_claim": Row(post=VOLUNTEERS),
    "complaints:tray_renew": Row(post=CLAIMER),
    "complaints:tray_unmask": Row(post=CLAIMER),
    "complaints:tray_note": Row(post=CLAIMER),
    "complaints:tray_release": Row(post=CLAIMER),
    "complaints:tray_decide": Row(post=CLAIMER),
    "complaints:tray_undo": Row(post=OWNER | {"owner": NONE}),  # nothing decided yet
    "complaints:operations": Row(get=STAFF),
    "complaints:operations_rerun": Row(post=STAFF | {"staff": NONE}),  # names no mail and not all
    "complaints:laboratory": Row(get=STAFF, post=STAFF),
    "complaints:outgoing_mail": Row(get=STAFF),
}


def urls() -> Iterator[tuple[str, list[str]]]:
    """Every named URL of the site with the names of its parts; allauth's own are walked in tests/accounts."""

    def walk(patterns: list[URLPattern | URLResolver], space: str, parts: list[str]) -> Iterator[tuple[str, list[str]]]:
        for pattern in patterns:
            here = parts + list(pattern.pattern.regex.groupindex)
            if isinstance(pattern, URLResolver):
                if "allauth" not in str(pattern.urlconf_name):
                    inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                    yield from walk(pattern.url_patterns, inner, here)
            else:
                yield f"{space}{pattern.name}", here

    yield from walk(get_resolver().url_patterns, "", [])


@dataclass(frozen=True)
class World:
    owner: User
    people: dict[str, User | None]
    case: Case
    event: Event
    mail: IncomingMail
    notice: Notice
    exhibit: CaseExhibit
    review: Review
    kept: KeepingExhibit

    def address(self, name: str, parts: list[str]) -> str:
        ids = {
            "event_id": self.event.public_id,
            "notice_id": self.notice.public_id,
            "exhibit_id": self.exhibit.exhibit.public_id,
            "letter": "first",
            "review_id": self.review.public_id,
            "token": "no-such-token",
            "provider": "gmail",
            "place": 0,
            "language": "en",
        }
        is_mail = ":mail_" in name or ":notice_" in name or ":tray_" in name
        ids["public_id"] = self.mail.public_id if is_mail else self.case.public_id
        if ":keeping_" in name:
            ids |= {"public_id": self.kept.keeping.public_id, "exhibit_id": self.kept.exhibit.public_id}
        return reverse(name, kwargs={part: ids[part] for part in parts})


@pytest.fixture
def world() -> World:
    owner = make.a_user()
    due = make.a_deadline(timezone.now() + timedelta(days=2), waiting_for=Party.BUYER)
    case = make.a_case(owner, act=Act.INTERVENES, deadline=due)
    mail = make.a_mail(owner, outcome=Outcome.REVIEW, reason="unverified_route")
    notice = make.a_notice(mail=mail, kind=Kind.MERCHANT_REPLY, case=case)
    event = make.an_event(case, Act.REPLIES, notice=notice, state=State.PROPOSED)
    claimer = make.a_volunteer("claimer@example.com")
    make.a_claim(mail, claimer, until=timezone.now() + timedelta(minutes=10))
    # Named like the case: one id serves for both addresses.
    OutgoingMail.objects.create(public_id=case.public_id, to=owner.email, subject="验证码", body="123456")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    exhibit = keep.keep(owner, SimpleUploadedFile("a.png", picture.getvalue(), "image/png"), "a.png")
    people: dict[str, User | None] = {
        "anonymous": None,
        "owner": owner,
        "other": make.a_user("other@example.com"),
        "claimer": claimer,
        "volunteer": make.a_volunteer("volunteer@example.com"),
        "staff": make.a_user("staff@example.com", role=Role.STAFF),
        "reviewer": make.a_volunteer("reviewer@example.com"),
    }
    review = make.a_review(case, by=people["reviewer"], shows_pictures=True)
    shown = CaseExhibit.objects.create(case=case, exhibit=exhibit)
    keeping = keepings.begin(
        owner, "abcdefghjkmnpqrs", title="大衣", shop="", order_no="", signed_on=None, now=timezone.now()
    )
    kept = keepings.hand_in(keeping, SimpleUploadedFile("b.png", picture.getvalue(), "image/png"), "b.png")
    return World(owner, people, case, event, mail, notice, shown, review, kept)


def verdict(response: HttpResponse) -> str:
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return LOGIN
    if response.status_code in (200, 204, 302, 422):
        return OK
    return {404: NONE, 405: NOT}.get(response.status_code, str(response.status_code))


def expected(row: Row, method: str, role: str) -> set[str]:
    """What `role` may get; where a method has no use, "no such method" and "sign in first" are both fine."""
    rows = {"GET": row.get, "HEAD": row.get, "POST": row.post}
    if said := rows.get(method):
        return {said[role]}
    return {NOT, LOGIN, NONE} if role != "owner" else {NOT, NONE}


def test_every_url_has_a_row_and_every_row_a_url() -> None:
    assert {name for name, _parts in urls()} == set(TABLE)


@pytest.mark.parametrize(("name", "parts"), sorted(urls()), ids=lambda value: value if isinstance(value, str) else "")
def test_each_role_gets_what_the_table_says(world: World, name: str, parts: list[str]) -> None:
    address = world.address(name, parts)
    for role in ROLES:
        with transaction.atomic():
            wrong = {
                method: got
                for method in METHODS
                if (got := ask(world.people[role], method, address)) not in allowed(name, method, role)
            }
            transaction.set_rollback(True)  # the next role finds the world as it was
        assert not wrong, role


def ask(person: User | None, method: str, address: str) -> str:
    client = Client()
    if person:
        client.force_login(person)
    return verdict(client.generic(method, address))


def allowed(name: str, method: str, role: str) -> set[str]:
    """`expected`, and for copies that are still being made a 404 for those too who may see them."""
    is_copy = name.endswith(("_thumbnail", "_picture")) or name in (
        "complaints:exhibit_copy",
        "complaints:keeping_copy",
    )
    return expected(TABLE[name], method, role) | ({NONE} if is_copy else set())


# No person comes this way, so there is no cookie to misuse: a signature takes the place of the token.
SIGNED_BY_PROGRAMS = {"complaints:mailgun_mime"}


@pytest.mark.parametrize(("name", "parts"), sorted(urls()), ids=lambda value: value if isinstance(value, str) else "")
def test_an_unsafe_request_without_its_token_changes_nothing(world: World, name: str, parts: list[str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.owner)
    answer = client.post(world.address(name, parts)).status_code
    assert answer in (403, 405) or (name in SIGNED_BY_PROGRAMS and answer == 404)


def test_what_is_no_ones_is_the_same_404_as_what_is_anothers(world: World) -> None:
    client = Client()
    client.force_login(make.a_user("other@example.com"))

    def asked_for(public_id: str) -> bytes:
        """The page, without what every answer has of its own: the address asked for, the request, the token."""
        response = client.get(reverse("complaints:case_detail", args=[public_id]))
        assert response.status_code == 404
        own = [public_id, response["X-Request-ID"], *re.findall(r'csrfmiddlewaretoken" value="(\w+)"', response.text)]
        own += re.findall(r'X-CSRFToken": "(\w+)"', response.text)
        page = response.text
        for text in own:
            page = page.replace(text, "")
        return page.encode()

    assert asked_for(world.case.public_id) == asked_for("a" * 16)
