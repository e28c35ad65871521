"""Mailboxes of the owners' own: what is set up, what is taken and what is left alone, whatever the server does."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import InboxAddress
from complaints import imap, tasks
from complaints.intake import line
from complaints.mailboxes import BadUrl
from complaints.models import IncomingMail, PeriodicJob, PolledMailbox
from tests import make
from tests.mailservers import CODE, OddImap, odd_imap

pytestmark = pytest.mark.django_db

PLATFORM = "天猫 <notice@taobao.com>"


def mail(number: int, sender: str = PLATFORM, subject: str = "投诉已受理") -> bytes:
    return make.raw_mail(f"{subject} {number}", sender=sender)


def url(server: OddImap, to: str = "mei@example.com", *, user: str = "mei%40163.example", more: str = "") -> str:
    return f"imap://{user}:{CODE}@127.0.0.1:{server.port}/INBOX?to={to}{more}"


def look(server: OddImap, **said: Any) -> PolledMailbox:
    """Look once into the mailbox; how its row stands then."""
    (source,) = imap.sources(url(server, **said))
    imap.poll(source, timezone.now())
    return PolledMailbox.objects.get()


def kept() -> list[bytes]:
    return [bytes(one.raw.data) for one in IncomingMail.objects.order_by("pk")]


# -- what is set up ----------------------------------------------------------------------------------------


def test_a_mailbox_is_named_in_one_line_and_its_code_is_never_shown() -> None:
    (source,) = imap.sources(
        "imaps://mei%40qq.com:a%23b@imap.qq.com/%E6%8A%95%E8%AF%89?to=mei@example.com&subject=投诉,维权"
    )
    assert (source.host, source.port, source.user, source.password) == ("imap.qq.com", 993, "mei@qq.com", "a#b")
    assert (source.folder, source.subjects, source.takes_all) == ("投诉", ("投诉", "维权"), False)
    assert "taobao.com" in source.senders
    assert source.name == "mei@qq.com@imap.qq.com/投诉"
    assert "a#b" not in repr(source)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("imap://mei:secret99@mail.example.com/?to=a@b.cn", "in the clear"),
        ("https://mei:secret99@mail.example.com/?to=a@b.cn", "begins with imaps://"),
        ("imaps://mei@mail.example.com/?to=a@b.cn", "needs a user, a code and a host"),
        ("imaps://mei:secret99@mail.example.com/INBOX", "to= names"),
        ("imaps://mei:secret99@mail.example.com/?to=a@b.cn&form=x", "form: only to"),
        ("imaps://mei:secret99@mail.example.com/?to=a@b.cn&take=some", "take="),
        ("imaps://mei:secret99@mail.example.com/?to=a@b.cn&days=0", "days="),
        ("imaps://mei:secret99@mail.example.com:x/?to=a@b.cn", "no URL"),
        ("imaps://mei:密码secret99@mail.example.com/?to=a@b.cn", "plain ASCII"),
        ("imaps://a:b@c.cn/?to=a@b.cn imaps://a:b@c.cn/INBOX?to=c@b.cn", "twice"),
    ],
)
def test_what_is_wrong_with_a_mailbox_is_said_without_its_code(text: str, said: str) -> None:
    with pytest.raises(BadUrl, match=said) as caught:
        imap.sources(text)
    assert "secret99" not in str(caught.value)


# -- what is taken -------------------------------------------------------------------------------------------


def test_only_complaint_mail_is_fetched_and_nothing_of_it_is_changed_on_the_server() -> None:
    make.a_user()
    private = mail(2, "Mother <mum@example.com>", "周末回家吃饭")
    with odd_imap({1: mail(1), 2: private, 3: mail(3, "x@taobao.com.evil.example"), 4: mail(4)}) as server:
        row = look(server)
    assert kept() == [mail(1), mail(4)]
    assert (row.taken, row.passed_over, row.last_uid, row.problem) == (2, 2, 4, "")
    asked = [command for command in server.heard if command.startswith("UID FETCH")]
    assert [command for command in asked if "BODY.PEEK[]" in command] == [
        "UID FETCH 1 (UID BODY.PEEK[])",
        "UID FETCH 4 (UID BODY.PEEK[])",
    ]
    words = {command.split(" ")[0] for command in server.heard}
    assert words == {"CAPABILITY", "LOGIN", "ID", "EXAMINE", "UID", "LOGOUT"}


def test_a_word_of_the_subject_is_enough_where_the_host_said_so_and_a_folder_of_its_own_is_taken_whole() -> None:
    make.a_user()
    shop = mail(1, "shop@qq.com", "Re: 关于您的维权")
    with odd_imap({1: shop, 2: mail(2, "mum@example.com", "晚饭")}) as server:
        assert look(server, more="&subject=%E7%BB%B4%E6%9D%83").taken == 1
        assert kept() == [shop]
    PolledMailbox.objects.all().delete()
    with odd_imap({1: shop, 2: mail(2, "mum@example.com", "晚饭")}) as server:
        assert look(server, more="&take=all").taken == 2


def test_what_was_taken_is_not_taken_again_and_what_came_since_is() -> None:
    make.a_user()
    with odd_imap({1: mail(1)}) as server:
        look(server)
        row = look(server)
        assert (row.taken, row.repeats) == (1, 0)
        server.mails[2] = mail(2)
        row = look(server)
    assert kept() == [mail(1), mail(2)]
    assert (row.taken, row.gone) == (2, 0)


def test_a_mail_to_a_person_goes_to_their_inbox_and_the_mailbox_counts_as_theirs() -> None:
    user = make.a_user()
    with odd_imap({1: mail(1)}) as server:
        look(server, to=make.an_inbox(user).address)
    assert IncomingMail.objects.get().inbox == make.an_inbox(user)
    assert user.confirmed_mailboxes.get(email="mei@163.example").how == "host"


def test_a_mailbox_that_its_owner_took_off_stays_off() -> None:
    user = make.a_user()
    with odd_imap({1: mail(1)}) as server:
        look(server)
        user.confirmed_mailboxes.filter(email="mei@163.example").delete()
        look(server)
    assert not user.confirmed_mailboxes.filter(email="mei@163.example").exists()


@pytest.mark.parametrize("to", ["nobody@example.com", "nobody@in.suji.localhost", "paused"])
def test_nothing_is_fetched_for_an_inbox_that_takes_no_mail(to: str) -> None:
    inbox = make.an_inbox(state=InboxAddress.State.PAUSED)
    with odd_imap({1: mail(1)}) as server:
        row = look(server, to=inbox.address if to == "paused" else to)
    assert (row.problem, row.last_uid, server.heard) == ("inbox", 0, [])


# -- servers, and what they do -------------------------------------------------------------------------------


def test_netease_hears_who_we_are_before_the_folder_is_opened() -> None:
    make.a_user()
    with odd_imap({1: mail(1)}, wants_id=True) as server:
        assert look(server).taken == 1
    said = [command.split(" ")[0] for command in server.heard]
    assert said.index("LOGIN") < said.index("ID") < said.index("EXAMINE")
    assert '("name" "Suji"' in next(command for command in server.heard if command.startswith("ID"))


def test_a_server_that_does_not_know_id_is_read_all_the_same() -> None:
    make.a_user()
    with odd_imap({1: mail(1)}, knows_id=False) as server:
        assert look(server).taken == 1


def test_an_unsafe_login_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    make.a_user()
    with odd_imap({1: mail(1)}, wants_id=True) as server:
        # What a client is told that says nothing: here ID itself is what the server does not accept.
        monkeypatch.setattr(OddImap, "_talk", _never_known(OddImap._talk))
        assert look(server).problem == "unsafe"
    assert "Unsafe Login" in str(imap.PROBLEMS["unsafe"])


def _never_known(talk: Any) -> Any:
    class Deaf:
        """A line on which ID goes unheard."""

        def __init__(self, file: Any) -> None:
            self.file = file

        def readline(self) -> bytes:
            return bytes(self.file.readline()).replace(b" ID (", b" NOOP (")

        def write(self, data: bytes) -> None:
            self.file.write(data)

    return lambda self, file: talk(self, Deaf(file))


def test_a_wrong_code_is_told_once_with_what_the_provider_calls_it(settings: Any, caplog: Any) -> None:
    make.a_user()
    with odd_imap({1: mail(1)}) as server, caplog.at_level(logging.ERROR):
        (source,) = imap.sources(url(server).replace(CODE, "letmein99"))
        imap.poll(source, timezone.now())
        imap.poll(source, timezone.now())
    row = PolledMailbox.objects.get()
    assert (row.problem, row.last_uid) == ("login", 0)
    assert [record.getMessage() for record in caplog.records] == [f"ALARM nothing comes from mailbox {row.pk}: login"]
    assert "letmein99" not in caplog.text
    qq = imap.sources("imaps://mei%40qq.com:x@imap.qq.com/?to=mei@example.com")[0]
    assert "授权码" in str(qq.advice())


def test_a_server_that_is_away_loses_nothing() -> None:
    make.a_user()
    with odd_imap({1: mail(1)}) as server:
        pass
    assert look(server).problem == "connection"
    with odd_imap({1: mail(1)}) as server:
        row = look(server)
    assert PolledMailbox.objects.count() == 1
    assert (row.problem, row.taken) == ("", 1)


@pytest.mark.parametrize("habit", ["refuses", "breaks_at"])
def test_a_mail_that_the_server_does_not_hand_over_stops_no_other_and_is_given_up_aloud(
    habit: str, caplog: Any
) -> None:
    make.a_user()
    with odd_imap({1: mail(1), 2: mail(2), 3: mail(3)}, **{habit: frozenset({2})}) as server:
        look(server)
        row = look(server)
        assert kept() == [mail(1), mail(3)]
        assert (row.retry, row.failed) != ({}, 0)
        with caplog.at_level(logging.ERROR):
            for _again in range(imap.TRIES):
                row = look(server)
        assert (row.taken, row.failed, row.retry, row.last_uid) == (2, 1, {}, 3)
        assert "does not hand over mail 2; given up" in caplog.text
        fetched = len(server.heard)
        look(server)
        assert not any("PEEK[]" in command for command in server.heard[fetched:])


def test_a_mail_that_could_not_be_had_at_first_is_taken_later() -> None:
    make.a_user()
    with odd_imap({1: mail(1), 2: mail(2)}, refuses=frozenset({1})) as server:
        assert look(server).retry == {"1": 2}  # at once, and at the end of the look once more
        server.refuses = frozenset()
        row = look(server)
    assert (row.retry, row.taken, row.failed) == ({}, 2, 0)


def test_a_mail_above_the_limit_is_never_fetched_counted_once_and_its_owner_reads_why(settings: Any) -> None:
    inbox = make.an_inbox()
    with odd_imap({1: mail(1), 2: mail(2)}, sizes={1: settings.MAIL_LIMITS["size"] + 1}) as server:
        look(server)
        row = look(server)
    assert kept() == [mail(2)]
    assert (row.too_large, row.taken) == (1, 1)
    inbox.refresh_from_db()
    assert inbox.refused_why == InboxAddress.Refused.TOO_LARGE


def test_mails_above_what_an_inbox_takes_stay_on_the_server_until_it_takes_them(settings: Any) -> None:
    make.a_user()
    limits = settings.MAIL_LIMITS
    with odd_imap({1: mail(1), 2: mail(2), 3: mail(3)}) as server:
        settings.MAIL_LIMITS = limits | {"per_inbox_hour": 2}
        row = look(server)
        assert (row.problem, row.last_uid, len(kept())) == ("full", 2, 2)
        settings.MAIL_LIMITS = limits | {"free_bytes": 1 << 60}
        assert look(server).problem == "disk"
        settings.MAIL_LIMITS = limits
        row = look(server)
    assert (row.problem, row.repeats, kept()) == ("", 0, [mail(1), mail(2), mail(3)])


def test_a_long_mailbox_is_read_in_several_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    make.a_user()
    mails = {number: mail(number) for number in range(1, 6)}
    with odd_imap(mails) as server:
        (source,) = imap.sources(url(server))
        real = imap.receive

        def slow(*about: Any) -> Any:
            imap_clock[0] += 20
            return real(*about)

        imap_clock = [0.0]
        monkeypatch.setattr(imap, "receive", slow)
        monkeypatch.setattr(imap.time, "monotonic", lambda: imap_clock[0])
        turns = 1
        while not imap.poll(source, timezone.now()):
            turns += 1
    assert turns == 3
    assert kept() == list(mails.values())


# -- what it proves ----------------------------------------------------------------------------------------------


def test_a_forged_notice_that_lay_in_the_mailbox_only_proposes() -> None:
    make.a_case(make.a_user(), case_no="2026110900123")
    body = "您的投诉（投诉编号：2026110900123）处理结果：支持商家，驳回您的申请。"
    forged = make.raw_mail("处理结果通知", body, sender=PLATFORM, to="mei@163.example")
    with odd_imap({1: forged}) as server:
        look(server)
    fetched = IncomingMail.objects.get()
    line.run(fetched.pk)
    fetched.refresh_from_db()
    assert (fetched.door, fetched.outcome, fetched.reason) == ("imap", "review", "fetched_route")
    assert not fetched.verified


# -- the schedule, and how it stands -------------------------------------------------------------------------------


def test_the_job_looks_at_its_time_and_at_once_again_while_there_is_more(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.a_user()
    assert tasks.poll_imap() == 0
    assert not PeriodicJob.objects.exists()
    with odd_imap({1: mail(1), 2: mail(2)}) as server:
        settings.IMAP_URL = url(server)
        monkeypatch.setattr(imap, "TURN", -1.0)
        assert tasks.poll_imap() == 1
        monkeypatch.setattr(imap, "TURN", 30.0)
        assert tasks.poll_imap() == 1
        assert kept() == [mail(1), mail(2)]
        assert tasks.poll_imap() == 0


def test_how_a_mailbox_stands_is_told_in_sentences(settings: Any) -> None:
    make.a_user()
    now = timezone.now()
    with odd_imap({1: mail(1)}, sizes={1: 1 << 30}) as server:
        settings.IMAP_URL = url(server)
        assert [one.problem for one in imap.state(now)] == [imap.PROBLEMS["stale"]]
        imap.poll_all(now)
        (told,) = imap.state(now)
        assert (told.name, told.problem, told.is_unusual) == ("mei@163.example@127.0.0.1/INBOX", "", True)
        (told,) = imap.state(now + timedelta(hours=1))
        assert told.problem == imap.PROBLEMS["stale"]
