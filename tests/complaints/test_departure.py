"""Somebody leaves: nothing of theirs remains, what others need of them does, and everything still adds up."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import InboxAddress, OutgoingMail, User
from complaints import balance, departure, raw, retention, tombstones, workflow
from complaints.intake.receive import Envelope as Told
from complaints.intake.receive import UnknownAddress, receive
from complaints.intake.shapes import Door
from complaints.models import CalendarFeed, CaseExhibit, IncomingMail, Look, Note, Opinion, Review
from complaints.models.mail import LARGE, Outcome
from complaints.stages import Act, State
from evidence import keep
from tests import make

pytestmark = pytest.mark.django_db

CANARY = "kanarienvogel"  # in everything that she writes, and nowhere else
MEI = f"{CANARY}@example.com"


def everything_of_hers() -> User:
    """A shopper with something in every corner that a shopper can fill by herself, and what others did there."""
    mei = make.a_user(MEI)
    case = make.a_case(mei, shop="暖冬旗舰店", order_no=f"TB{CANARY}")
    mail = make.a_mail(mei, outcome=Outcome.FILED, reason="moved", sender=MEI, subject=CANARY, raw=CANARY.encode())
    notice = make.a_notice(mail, case=case, body=CANARY, safe_html=f"<p>{CANARY}</p>", subject=CANARY)
    make.an_event(case, Act.ACKNOWLEDGES, notice=notice)
    make.an_event(case, Act.CHANGES_REQUEST, actor=mei, note=CANARY)
    make.a_mail(mei, outcome=Outcome.FILED, sender=MEI, raw=(CANARY * (LARGE // 10)).encode())
    assert raw.move_large(timezone.now()) == 1
    make.a_mail(mei, sender=MEI, subject=CANARY)
    exhibit = keep.keep(mei, io.BytesIO(b"%PDF-1.4 " + CANARY.encode()), f"{CANARY}.pdf")
    CaseExhibit.objects.create(case=case, exhibit=exhibit, caption=CANARY)
    OutgoingMail.objects.create(to=MEI, subject=CANARY, body=CANARY)
    EmailAddress.objects.create(user=mei, email=f"second-{MEI}", verified=True)
    CalendarFeed.objects.create(owner=mei)
    session = SessionStore()
    session["_auth_user_id"] = str(mei.pk)
    session[CANARY] = CANARY
    session.create()
    return mei


def found_in_tables() -> list[str]:
    """Every table and column that still says the canary, or names her random id."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else value
                    if CANARY in str(text):
                        found.append(f"{table}.{name}")
    return found


def found_in_files() -> list[str]:
    folder = Path(default_storage.location)
    return [str(path) for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


def test_of_a_shopper_who_leaves_nothing_remains_and_the_count_of_mails_is_right() -> None:
    mei = everything_of_hers()
    hua = make.a_user("hua@example.com")
    others = make.a_mail(hua, outcome=Outcome.FILED)
    address = make.an_inbox(mei).address
    assert found_in_tables()
    assert found_in_files()
    before = dict(balance.balance())

    receipt = departure.leave(mei, timezone.now())

    assert receipt == {"sessions": 1, "exhibits": 1, "cases": 1, "mails": 3}
    assert found_in_tables() == []
    assert found_in_files() == []
    assert not User.objects.filter(public_id=mei.public_id).exists()
    assert list(IncomingMail.objects.all()) == [others]
    assert balance.differences() == {}
    assert balance.balance()["received"] == before["received"] - 3
    buried = set(tombstones.carved())
    assert ("user", mei.public_id) in {line[:2] for line in buried}
    with pytest.raises(UnknownAddress):
        receive(make.raw_mail(), Told("a@example.com", (address,), "::1"), Door.SMTP)


def test_a_volunteer_who_leaves_is_nobody_and_what_they_did_for_others_stays() -> None:
    mei, lin = make.a_user("mei@example.com"), make.a_volunteer(MEI)
    case = make.a_case(mei)
    make.an_event(case, Act.REPLIES, state=State.PROPOSED)
    event = make.an_event(case, Act.CHANGES_REQUEST, actor=lin)
    mail = make.a_mail(mei, outcome=Outcome.REVIEW, reason="unsure")
    make.a_claim(mail, lin)
    make.a_look(mail, lin)
    review = make.a_review(case, by=lin)
    Note.objects.create(review=review, by=lin, text="看看物流")
    Opinion.objects.create(mail=mail, reader=lin, decision="file")
    make.a_case(lin, order_no=CANARY)

    departure.leave(lin, timezone.now())

    lin.refresh_from_db()
    assert found_in_tables() == []
    assert (lin.is_active, lin.email, lin.is_volunteer) == (False, f"{lin.public_id}@{departure.GONE}", True)
    assert not lin.has_usable_password()
    event.refresh_from_db()
    assert event.actor == lin
    assert workflow.is_chained(case)
    assert (Look.objects.filter(by=lin).count() > 0, Note.objects.count(), Opinion.objects.count()) == (True, 1, 1)
    assert Review.objects.get().volunteer is None
    assert not lin.cases.exists()
    assert not lin.inbox_addresses.exists()
    client = Client()
    client.force_login(mei)
    assert client.get(case.get_absolute_url()).status_code == 200  # her pages can still be told
    assert client.get(f"{case.get_absolute_url()}looks/").status_code == 200


def test_whoever_helped_nobody_leaves_no_row_at_all() -> None:
    departure.leave(make.a_volunteer(), timezone.now())
    assert not User.objects.exists()


def test_a_departure_that_was_killed_is_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    mei = everything_of_hers()
    client = Client()
    client.force_login(mei)

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(departure, "_delete_cases", killed)
    with pytest.raises(KeyboardInterrupt):
        departure.leave(mei, timezone.now())
    monkeypatch.undo()
    mei.refresh_from_db()
    assert not mei.is_active
    assert set(mei.inbox_addresses.values_list("state", flat=True)) == {InboxAddress.State.PAUSED}
    assert client.get("/cases/").status_code == 302  # shut out at once
    assert departure.go_on(timezone.now()) == 1
    assert found_in_tables() == []
    assert departure.go_on(timezone.now()) == 0


def test_the_command_asks_to_be_meant() -> None:
    make.a_user()
    with pytest.raises(CommandError, match="--yes"):
        call_command("delete_user", "mei@example.com", stdout=io.StringIO())
    call_command("delete_user", "mei@example.com", yes=True, stdout=io.StringIO())
    assert not User.objects.exists()


def test_every_table_that_names_a_person_is_thought_of() -> None:
    """A new one goes with its person; should others need it, it stands in OTHERS_KEEP, and nobody is named by it."""
    kept = {(model, name) for model, name in departure.OTHERS_KEEP}
    for relation in User._meta.related_objects:
        if relation.field.many_to_many or (relation.related_model, relation.field.name) in kept:
            continue
        assert relation.on_delete.__name__ in {"CASCADE", "SET_NULL"}, relation


def test_tombstones_outlive_the_database_and_crumble_when_no_backup_needs_them() -> None:
    now = timezone.now()
    tombstones.bury("mail", ["abc"], now)
    assert tombstones.carve(now) == 1
    assert tombstones.carve(now) == 0
    assert ("mail", "abc") in {line[:2] for line in tombstones.carved()}
    retention.purge(now + tombstones.KEPT_FOR + timedelta(days=1))
    assert ("mail", "abc") not in {line[:2] for line in tombstones.all_of_them()}
