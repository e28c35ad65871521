"""Confirmations are shown only in the window that asks for them; our own test mail proves a way and a mailbox."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from accounts import limits
from accounts.models import ConfirmedMailbox, OutgoingMail, User
from complaints import forwarding, tasks
from complaints.demo import wraps
from complaints.forwarding import Why
from complaints.intake import keyring, line, reader, reading, route
from complaints.intake.receive import Envelope, receive
from complaints.intake.shapes import Door
from complaints.models import IncomingMail, Notice, Probe, SetUp
from complaints.models.mail import Outcome
from complaints.providers import PROVIDERS, provider_of, same_mailbox
from tests import make, names, sealing

pytestmark = pytest.mark.django_db

MAILBOX, GOOGLE = "mei.lin@gmail.com", "forwarding-noreply@google.com"
LINK = "https://mail-settings.google.com/mail/vf-%5BANGjdJ8-abc%5D-xyz"
NOW = make.NOW


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr(reader, "read", reading.read)
    settings.EMAIL_BACKEND = "accounts.outgoing.KeptBackend"


def by_smtp(raw: bytes, owner: User, mail_from: str = "", peer: str = "127.0.0.1") -> IncomingMail:
    """`raw` through the door and the line."""
    receipt = receive(raw, Envelope(mail_from, (make.an_inbox(owner).address,), peer), Door.SMTP)
    line.run(receipt.mail_pks[0])
    return IncomingMail.objects.get(pk=receipt.mail_pks[0])


def a_confirmation(
    owner: User, mailbox: str = MAILBOX, code: str = "493028571", link: str = LINK, **route: str
) -> IncomingMail:
    """Gmail's, come to the inbox of `owner`."""
    subject, body = confirmation_of(mailbox, code, link)
    return by_smtp(make.raw_mail(subject, body, GOOGLE, make.an_inbox(owner).address), owner, **route)


def confirmation_of(mailbox: str, code: str, link: str = LINK) -> tuple[str, str]:
    """Subject and body, as Gmail writes them."""
    return (
        f"(#{code}) Gmail Forwarding Confirmation - Receive Mail from {mailbox}",
        f"{mailbox} has requested to automatically forward mail to your email address.\r\n"
        f"Confirmation code: {code}\r\n{link}",
    )


def a_window(owner: User, mailbox: str = MAILBOX, provider: str = "gmail", minutes: float = 0) -> SetUp:
    at = timezone.now() + timedelta(minutes=minutes)
    return forwarding.open_window(owner, make.an_inbox(owner), PROVIDERS[provider], mailbox, at)


def code_in(set_up: SetUp) -> str:
    caught, _why = forwarding.look(set_up)
    return caught.code if caught else ""


# -- confirmations -----------------------------------------------------------------------------------------


def test_a_confirmation_is_caught_for_the_mailbox_that_was_named() -> None:
    owner = make.a_user()
    set_up = a_window(owner)
    assert forwarding.look(set_up) == (None, set())
    mail = a_confirmation(owner)
    assert (mail.outcome, mail.reason) == (Outcome.HELD, "forward_confirmation")
    caught, why = forwarding.look(set_up)
    assert caught is not None
    assert (caught.code, caught.link, why) == ("493028571", LINK, set())


def test_one_that_came_before_the_window_is_shown_too() -> None:
    owner = make.a_user()
    a_confirmation(owner)
    assert code_in(a_window(owner)) == "493028571"


def test_gmail_spells_one_mailbox_in_many_ways() -> None:
    owner = make.a_user()
    a_confirmation(owner, "MeiLin@gmail.com")
    assert code_in(a_window(owner, "mei.lin@gmail.com")) == "493028571"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mei@QQ.com", "mei@qq.com", True),
        ("m.e.i+shop@gmail.com", "mei@googlemail.com", True),
        ("m.ei@qq.com", "mei@qq.com", False),
        ("mei@gmail.com", "mei@gmail.com.evil.example", False),
        ("mei@gmail.com", "amei@gmail.com", False),
    ],
)
def test_which_spellings_are_one_mailbox(one: str, other: str, same: bool) -> None:
    assert same_mailbox(one, other) is same


def test_that_of_another_mailbox_is_not_shown() -> None:
    owner = make.a_user()
    a_confirmation(owner, "victim@gmail.com")
    assert forwarding.look(a_window(owner)) == (None, {Why.OTHER_MAILBOX})


def test_that_of_another_person_is_not_even_known() -> None:
    a_confirmation(make.a_user("other@example.com"))
    assert forwarding.look(a_window(make.a_user())) == (None, set())


def test_without_a_signature_only_this_machine_is_believed(settings: LazySettings) -> None:
    owner = make.a_user()
    a_confirmation(owner, peer="203.0.113.5")
    assert forwarding.look(a_window(owner)) == (None, {Why.UNSIGNED})
    settings.TRUST_LOOPBACK = False
    a_confirmation(owner, code="493028572")
    assert forwarding.look(a_window(owner)) == (None, {Why.UNSIGNED})
    Notice.objects.filter(mail__peer="203.0.113.5").update(provenance="A")
    assert code_in(a_window(owner)) == "493028571"


def test_behind_an_lmtp_door_loopback_is_no_signature(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    owner = make.a_user()
    a_confirmation(owner)
    set_up = a_window(owner)
    with route.lmtp_open():
        assert forwarding.look(set_up) == (None, {Why.UNSIGNED})
    assert code_in(set_up) == "493028571"


def test_a_confirmation_that_an_mta_handed_over_is_not_believed_for_its_loopback(settings: LazySettings) -> None:
    owner = make.a_user()
    mail = a_confirmation(owner)
    IncomingMail.objects.filter(pk=mail.pk).update(door=Door.LMTP)
    assert forwarding.look(a_window(owner)) == (None, {Why.UNSIGNED})


def test_a_confirmation_that_google_signed_is_shown_and_a_forged_one_is_not(settings: LazySettings) -> None:
    settings.TRUST_LOOPBACK = False
    owner = make.a_user()
    subject, body = confirmation_of(MAILBOX, "493028571")
    raw = make.raw_mail(subject, body, GOOGLE, make.an_inbox(owner).address)
    keyring.forget()
    with names.serving() as server:
        settings.DNS_RESOLVER = server.address
        server.records["s1._domainkey.google.com"] = sealing.record_of(sealing.rsa_key())
        by_smtp(sealing.sealed(raw.replace(b"493028571", b"111111111"), "evil.example"), owner, peer="203.0.113.5")
        assert forwarding.look(a_window(owner)) == (None, {Why.UNSIGNED})
        by_smtp(sealing.sealed(raw, "google.com"), owner, peer="203.0.113.5")
    keyring.forget()
    assert code_in(a_window(owner)) == "493028571"


def test_one_that_the_owner_uploads_is_not_shown() -> None:
    """Whoever has the file has the code; but nobody knows who wrote it."""
    owner = make.a_user()
    a_confirmation(owner)
    IncomingMail.objects.update(door=IncomingMail.Door.UPLOAD)
    assert forwarding.look(a_window(owner)) == (None, set())


def test_the_mailbox_of_one_provider_is_not_confirmed_by_another() -> None:
    owner = make.a_user()
    a_confirmation(owner)
    assert forwarding.look(a_window(owner, provider="qq")) == (None, {Why.OTHER_SENDER})


def test_a_link_that_leads_elsewhere_is_left_out() -> None:
    owner = make.a_user()
    a_confirmation(owner)
    notice = Notice.objects.get()
    for link in ("http://mail.google.com/x", "https://google.com.evil.example/x", "https://evil.example/google.com"):
        notice.reading["confirmation"]["link"] = link
        notice.save(update_fields=["reading"])
        caught, _why = forwarding.look(a_window(owner))
        assert caught is not None
        assert caught.link == ""


def test_what_one_window_showed_no_other_shows_again() -> None:
    owner = make.a_user()
    first = a_window(owner)
    mail = a_confirmation(owner)
    caught, _why = forwarding.look(first)
    assert caught is not None
    forwarding.show(first, caught, timezone.now())
    assert code_in(first) == "493028571"  # the page may be loaded again while it is open
    assert forwarding.look(a_window(owner)) == (None, {Why.SHOWN})
    first.refresh_from_db()
    assert first.confirmation == mail
    a_confirmation(owner, code="493028599")
    assert code_in(a_window(owner)) == "493028599"


def test_a_window_closes_by_time_and_by_hand() -> None:
    set_up = a_window(make.a_user())
    assert forwarding.is_open(set_up, set_up.opened_at)
    assert not forwarding.is_open(set_up, set_up.opened_at + forwarding.WINDOW)
    forwarding.close_window(set_up, set_up.opened_at + timedelta(minutes=1))
    assert not forwarding.is_open(set_up, set_up.opened_at + timedelta(minutes=1))


def test_the_row_outlives_the_mail() -> None:
    owner = make.a_user()
    set_up = a_window(owner)
    a_confirmation(owner)
    caught, _why = forwarding.look(set_up)
    assert caught is not None
    forwarding.show(set_up, caught, timezone.now())
    IncomingMail.objects.all().delete()
    set_up.refresh_from_db()
    assert set_up.confirmation is None
    assert set_up.shown_at is not None


def test_windows_are_not_opened_without_end() -> None:
    owner = make.a_user()
    inbox, gmail = make.an_inbox(owner), PROVIDERS["gmail"]
    for _window in range(3 * forwarding.PER_PERSON):
        forwarding.open_window(owner, inbox, gmail, MAILBOX, NOW)
    with pytest.raises(forwarding.TooOften):
        forwarding.open_window(owner, inbox, gmail, MAILBOX, NOW)


def test_a_mailbox_has_the_guide_of_its_domain() -> None:
    assert [provider_of(f"x@{domain}").key for domain in ("QQ.com", "126.com", "gmail.com", "live.cn", "firm.cn")] == [
        "qq", "163", "gmail", "outlook", "other",
    ]  # fmt: skip


# -- the test mail -----------------------------------------------------------------------------------------


def a_probe(owner: User, mailbox: str = "mei@qq.com") -> tuple[Probe, OutgoingMail]:
    probe = forwarding.send_probe(owner, mailbox, make.an_inbox(owner), timezone.now())
    return probe, OutgoingMail.objects.get(to=mailbox)


def forwarded(client: str, kept: OutgoingMail, owner: User, note: str = "") -> IncomingMail:
    """The test mail, come back as `client` forwards it."""
    raw = wraps.wrap(
        client, subject=kept.subject, from_name="诉迹 Suji", from_address="suji@suji.localhost", to=kept.to,
        date=timezone.localtime(), body=kept.body, note=note, outer_from=kept.to,
        outer_to=make.an_inbox(owner).address,
    )  # fmt: skip
    return by_smtp(raw, owner, kept.to)


@pytest.mark.parametrize("client", [client for client in wraps.CLIENTS if client != "direct"])
def test_a_test_mail_that_comes_back_proves_the_mailbox_however_it_is_forwarded(client: str) -> None:
    owner = make.a_user()
    probe, kept = a_probe(owner)
    mail = forwarded(client, kept, owner)
    assert (mail.outcome, mail.reason) == (Outcome.IGNORED, "test_mail")
    assert owner.confirmed_mailboxes.get(email="mei@qq.com").how == ConfirmedMailbox.How.TEST_MAIL
    probe.refresh_from_db()
    assert probe.returned_at == mail.received_at
    assert probe.how == {"attached": "attached", "attached_b64": "attached", "auto": "auto"}.get(client, "inline")
    assert not owner.cases.exists()


def test_a_test_mail_names_the_address_and_asks_for_no_code() -> None:
    owner = make.a_user()
    _probe, kept = a_probe(owner)
    assert make.an_inbox(owner).address in kept.body
    assert "不用理会" in kept.body
    assert "验证码" not in kept.subject + kept.body


def test_a_token_that_was_asked_for_by_somebody_else_proves_nothing() -> None:
    owner, thief = make.a_user(), make.a_user("thief@example.com")
    probe, kept = a_probe(owner)
    mail = forwarded("qq", kept, thief)
    assert mail.reason != "test_mail"
    assert not thief.confirmed_mailboxes.filter(email="mei@qq.com").exists()
    probe.refresh_from_db()
    assert probe.returned_at is None


def test_after_three_days_a_test_mail_proves_nothing() -> None:
    owner = make.a_user()
    probe, kept = a_probe(owner)
    Probe.objects.update(sent_at=probe.sent_at - timedelta(days=3, minutes=1))
    mail = forwarded("qq", kept, owner)
    assert (mail.outcome, mail.reason) == (Outcome.IGNORED, "test_mail_late")
    assert not owner.confirmed_mailboxes.filter(email="mei@qq.com").exists()


def test_once_by_hand_and_once_by_a_rule_is_one_mailbox_and_the_last_way() -> None:
    owner = make.a_user()
    probe, kept = a_probe(owner)
    forwarded("qq", kept, owner)
    forwarded("auto", kept, owner)
    probe.refresh_from_db()
    assert probe.how == "auto"
    assert owner.confirmed_mailboxes.count() == 2  # the one of the sign-up, and this


def test_a_mail_server_out_of_reach_leaves_no_test_mail_behind(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nobody listens there
    owner = make.a_user()
    with pytest.raises(OSError, match=r"^$"):
        forwarding.send_probe(owner, "mei@qq.com", make.an_inbox(owner), NOW)
    assert not Probe.objects.exists()


def test_one_mailbox_gets_few_test_mails_an_hour_whoever_asks() -> None:
    people = [make.a_user(f"{name}@example.com") for name in "abcd"]
    for person in people[:3]:
        forwarding.send_probe(person, "Victim@qq.com", make.an_inbox(person), NOW)
    with pytest.raises(forwarding.TooOften):
        forwarding.send_probe(people[3], "victim@qq.com", make.an_inbox(people[3]), NOW)
    forwarding.send_probe(people[3], "victim@qq.com", make.an_inbox(people[3]), NOW + timedelta(hours=1))


def test_one_person_has_few_mails_sent_an_hour() -> None:
    owner = make.a_user()
    for number in range(forwarding.PER_PERSON):
        forwarding.send_probe(owner, f"x{number}@qq.com", make.an_inbox(owner), NOW)
    with pytest.raises(forwarding.TooOften):
        forwarding.send_probe(owner, "another@qq.com", make.an_inbox(owner), NOW)


def test_limits_count_by_window_and_by_person() -> None:
    hour = timedelta(hours=1)
    assert [limits.take("x", 1, 2, hour, NOW) for _try in range(3)] == [True, True, False]
    assert limits.take("x", 2, 2, hour, NOW)
    assert limits.take("y", 1, 2, hour, NOW)
    assert limits.take("x", 1, 2, hour, NOW + hour)


# -- the mailbox is told -----------------------------------------------------------------------------------


def a_shown_window(owner: User, mailbox: str = MAILBOX, code: str = "493028571") -> SetUp:
    set_up = a_window(owner, mailbox, minutes=-5)
    a_confirmation(owner, mailbox, code)
    caught, _why = forwarding.look(set_up)
    assert caught is not None
    forwarding.show(set_up, caught, timezone.now() - timedelta(minutes=4))
    return set_up


def by_rule(owner: User, to: str = MAILBOX, mail_from: str = "") -> IncomingMail:
    raw = wraps.wrap(
        "auto", subject="【天猫】您的投诉已受理", from_name="天猫", from_address="n@tmall.example", to=to,
        date=timezone.localtime(), body="您的投诉已受理，投诉编号：TS202611080031。", outer_from=to,
        outer_to=make.an_inbox(owner).address,
    )  # fmt: skip
    return by_smtp(raw, owner, mail_from)


def told() -> list[str]:
    return [mail.to for mail in OutgoingMail.objects.filter(subject__contains="转发邮件")]


def test_the_mailbox_is_told_once_that_it_forwards_to_here() -> None:
    owner = make.a_user()
    a_shown_window(owner)
    assert forwarding.tell_sources(timezone.now()) == 0  # nothing has come by the rule yet
    by_rule(owner)
    assert forwarding.tell_sources(timezone.now()) == 1
    assert told() == [MAILBOX]
    assert make.an_inbox(owner).address in OutgoingMail.objects.get(to=MAILBOX).body
    a_shown_window(owner, code="493028572")
    by_rule(owner, mail_from="mei.lin+caf_=inbox=in.suji.localhost@gmail.com")
    forwarding.tell_sources(timezone.now())
    assert told() == [MAILBOX]


def test_a_mail_by_somebody_elses_rule_tells_nobody() -> None:
    owner = make.a_user()
    a_shown_window(owner)
    by_rule(owner, "stranger@qq.com")
    assert forwarding.tell_sources(timezone.now()) == 0
    assert told() == []


def test_a_window_in_which_nothing_was_shown_tells_nobody() -> None:
    owner = make.a_user()
    a_window(owner, minutes=-5)
    by_rule(owner)
    assert forwarding.tell_sources(timezone.now()) == 0


def test_a_mailbox_that_could_not_be_told_is_told_later(settings: LazySettings) -> None:
    owner = make.a_user()
    a_shown_window(owner)
    by_rule(owner)
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    assert forwarding.tell_sources(timezone.now()) == 0
    settings.EMAIL_BACKEND = "accounts.outgoing.KeptBackend"
    assert forwarding.tell_sources(timezone.now()) == 1


def test_a_turn_that_dies_before_it_has_sent_leaves_the_notice_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    a_shown_window(owner)
    by_rule(owner)

    def die(*_what: object) -> None:
        assert SetUp.objects.get().told_at is None  # a kill runs no handler: what is written by now stays
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("accounts.adapter.SujiAdapter.send_mail", die)
        with pytest.raises(KeyboardInterrupt):
            forwarding.tell_sources(timezone.now())
    assert [forwarding.tell_sources(timezone.now()) for _turn in range(2)] == [1, 0]
    assert told() == [MAILBOX]


def test_old_windows_and_test_mails_are_forgotten() -> None:
    owner = make.a_user()
    a_probe(owner)
    a_window(owner)
    assert forwarding.forget(timezone.now()) == 0
    assert forwarding.forget(timezone.now() + forwarding.FORGOTTEN + timedelta(days=1)) == 2


# -- whose mailbox it came from ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("client", "mailbox", "asked"),
    [
        ("qq", "mei@work.example", "mei@work.example"),
        ("attached", "mei@work.example", "mei@work.example"),
        ("qq", "mei@example.com", ""),  # confirmed: nothing to ask
        ("auto", "mei@work.example", ""),  # From is the platform
        ("direct", "mei@work.example", ""),
    ],
)
def test_only_the_mailbox_that_a_person_forwarded_from_is_asked_about(client: str, mailbox: str, asked: str) -> None:
    owner = make.a_user()
    raw = wraps.wrap(
        client, subject="【天猫】您的投诉已受理", from_name="天猫", from_address="n@tmall.example", to=owner.email,
        date=timezone.localtime(), body="您的投诉已受理，投诉编号：TS202611080031，请等待商家处理。",
        outer_from=mailbox, outer_to=make.an_inbox(owner).address,
    )  # fmt: skip
    mail = by_smtp(raw, owner, mailbox)
    hows = mail.notices.values_list("how", flat=True)
    confirmed: Any = owner.confirmed_mailboxes.values_list("email", flat=True)
    assert forwarding.asked_mailbox(mail, hows, confirmed) == asked


def test_the_schedule_tells_and_a_second_turn_in_the_same_minute_does_nothing() -> None:
    owner = make.a_user()
    a_shown_window(owner)
    by_rule(owner)
    assert [tasks.tell_sources(), tasks.tell_sources()] == [1, 0]
    assert told() == [MAILBOX]
