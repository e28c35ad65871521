"""Kept mails read again: what differs is told, corrected or shown to a person; nothing that anybody said is lost."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from complaints import workflow
from complaints.intake import reader, reading, settle
from complaints.intake.reprocess import Does, mails, reprocess
from complaints.intake.shapes import Reading
from complaints.models import Case, Event, IncomingMail, Notice, PastReading
from complaints.stages import Kind, Verdict
from tests import make
from tests.complaints.intake import test_line

pytestmark = pytest.mark.django_db

Change = Callable[[Reading], Reading]


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "read", reading.read)


def read_as(kind: Kind | None = None, confidence: float | None = None, **facts: Any) -> Change:
    """An older parser: it took the notice for a `kind`, or read other facts in it."""

    def change(said: Reading) -> Reading:
        main = said.main
        classified = dataclasses.replace(
            main.classified,
            kind=kind or main.classified.kind,
            confidence=main.classified.confidence if confidence is None else confidence,
            act=None if kind else main.classified.act,
            by=None if kind else main.classified.by,
        )
        older = dataclasses.replace(main, classified=classified, facts=dataclasses.replace(main.facts, **facts))
        return dataclasses.replace(said, parser="0", notices=(older, *said.notices[1:]))

    return change


def filed_by_older(change: Change, owner: User, monkeypatch: pytest.MonkeyPatch, mailbox: str = "") -> IncomingMail:
    """A ruling as the line filed it when the parser was older."""
    with monkeypatch.context() as older:
        older.setattr(reader, "read", lambda raw: change(reading.read(raw)))
        raw = test_line.bytes_of(test_line.RULING, owner, mailbox=mailbox)
        return test_line.run(test_line.by_smtp(raw, owner, mailbox))


def run(dry_run: bool = False) -> list[Does]:
    return [found.does for mail in mails() if (found := reprocess(mail, dry_run=dry_run))]


def test_what_is_read_the_same_stays_as_it_is() -> None:
    owner = make.a_user()
    test_line.run(test_line.by_smtp(test_line.bytes_of(test_line.RULING, owner), owner))
    before = list(Event.objects.values_list("hash", flat=True))
    assert run() == []
    assert list(Event.objects.values_list("hash", flat=True)) == before
    assert not PastReading.objects.exists()


def test_an_outcome_that_was_read_wrongly_is_corrected_by_an_event_and_the_old_reading_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = make.a_user()
    filed_by_older(read_as(outcome=Verdict.SELLER), owner, monkeypatch)
    case = Case.objects.get()
    assert case.outcome == "seller"
    assert run() == [Does.CORRECTED]
    case.refresh_from_db()
    assert (case.stage, case.outcome) == ("ruled", "buyer")
    act, correction = case.events.order_by("seq")
    assert (correction.type, correction.payload["why"]) == ("correct", "read_anew")
    assert correction.actor_id is None
    assert act.payload["outcome"] == "seller"  # what was told stays told
    assert workflow.is_chained(case)
    past = PastReading.objects.get()
    assert (past.parser, past.reading["outcome"], Notice.objects.get().reading["outcome"]) == ("0", "seller", "buyer")
    assert run() == []  # again changes nothing
    assert case.events.count() == 2


def test_a_dry_run_says_the_same_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    filed_by_older(read_as(outcome=Verdict.SELLER), owner, monkeypatch)
    assert run(dry_run=True) == run(dry_run=True) == [Does.CORRECTED]
    assert Case.objects.get().outcome == "seller"
    assert not PastReading.objects.exists()
    assert IncomingMail.objects.get().parser == "0"


def test_what_nobody_understood_then_and_today_is_plain_is_filed(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    mail = filed_by_older(read_as(Kind.UNKNOWN), owner, monkeypatch)
    assert (mail.outcome, mail.reason) == ("review", "unknown")
    assert run() == [Does.FILED]
    mail.refresh_from_db()
    assert (mail.outcome, mail.reason, mail.parser) == ("filed", "moved", reading.read(b"").parser)
    assert Case.objects.get().stage == "ruled"


def test_what_moved_a_case_and_is_no_notice_of_one_is_undone_and_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    with monkeypatch.context() as older:
        older.setattr(reader, "read", reading.read)
        test_line.run(test_line.by_smtp(test_line.bytes_of(test_line.RULING, owner), owner))
    assert Case.objects.get().stage == "ruled"
    monkeypatch.setattr(reader, "read", lambda raw: read_as(Kind.MARKETING)(reading.read(raw)))
    assert run() == [Does.UNDONE]
    mail = IncomingMail.objects.get()
    assert (mail.outcome, mail.reason) == ("review", "read_anew")
    assert Case.objects.get().stage == ""
    assert run() == []


def test_who_contradicts_themselves_as_seen_today_proposes_nothing_though_the_words_read_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = make.a_user()
    test_line.run(test_line.by_smtp(test_line.bytes_of(test_line.RULING, owner, "direct"), owner))
    assert (Notice.objects.get().provenance, Case.objects.get().proposed) == ("D", 1)

    def sees_a_second_sender(raw: bytes) -> Reading:
        said = reading.read(raw)
        return dataclasses.replace(said, parser="9", outer=dataclasses.replace(said.outer, from_count=2))

    monkeypatch.setattr(reader, "read", sees_a_second_sender)
    assert run(dry_run=True) == run() == [Does.PROPOSED]
    mail, notice = IncomingMail.objects.get(), Notice.objects.get()
    assert (mail.outcome, mail.reason, Case.objects.get().proposed) == ("review", "contradictory", 0)
    assert (notice.provenance, notice.reading["provenance"]) == ("E", "E")
    assert not PastReading.objects.exists()  # the words read as they did
    assert run() == []


def test_which_original_it_is_is_kept_as_seen_today(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    test_line.run(test_line.by_smtp(test_line.bytes_of(test_line.RULING, owner, "attached"), owner))
    notice = Notice.objects.get()
    assert notice.reading["part"] == 1
    notice.reading["part"] = 2  # as an older parser counted them
    notice.save(update_fields=["reading"])
    monkeypatch.setattr(reader, "read", lambda raw: dataclasses.replace(reading.read(raw), parser="9"))
    assert run() == []
    notice.refresh_from_db()
    assert notice.reading["part"] == 1
    assert not PastReading.objects.exists()


def test_a_proposal_is_told_anew_and_still_only_proposes(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    filed_by_older(read_as(outcome=Verdict.SELLER), owner, monkeypatch, mailbox="x@example.net")
    assert run() == [Does.PROPOSED]
    case = Case.objects.get()
    assert (case.stage, case.proposed) == ("", 1)
    steps = {step.told.outcome: step.state for step in workflow.standing(case).steps}
    assert steps == {Verdict.SELLER: "undone", Verdict.BUYER: "proposed"}
    assert run() == []


def test_what_is_proposed_anew_counts_once_it_comes_by_a_verified_route(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    proposed = filed_by_older(read_as(outcome=Verdict.SELLER), owner, monkeypatch, mailbox="x@example.net")
    assert run() == [Does.PROPOSED]
    verified = test_line.run(test_line.by_smtp(test_line.bytes_of(test_line.RULING, owner), owner))
    assert (verified.outcome, verified.reason) == ("filed", "verified_later")
    proposed.refresh_from_db()
    assert (proposed.outcome, proposed.reason) == ("filed", "verified_later")
    case = Case.objects.told().get()
    assert (case.stage, case.outcome) == ("ruled", "buyer")
    again = test_line.run(test_line.by_smtp(test_line.bytes_of(test_line.RULING, owner, "gmail"), owner))
    assert (again.outcome, again.reason) == ("duplicate", "same_notice")


@pytest.mark.parametrize("what", ["confirmed", "undone", "filed", "rejected"])
def test_what_a_person_said_stays(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    mail = filed_by_older(read_as(outcome=Verdict.SELLER), owner, monkeypatch, mailbox="x@example.net")
    match what:
        case "confirmed":
            settle.confirm_proposals(mail, owner)
        case "undone":
            workflow.undo(Event.objects.get(), owner)
        case "filed":
            settle.file_by_hand(mail, owner, Kind.ACKNOWLEDGEMENT, None)
        case "rejected":
            settle.reject(mail, owner)
    mail.refresh_from_db()
    before = (mail.outcome, mail.reason, Event.objects.count(), sorted(Case.objects.values_list("stage", "outcome")))
    assert run() == [Does.KEPT]
    mail.refresh_from_db()
    assert (
        mail.outcome,
        mail.reason,
        Event.objects.count(),
        sorted(Case.objects.values_list("stage", "outcome")),
    ) == before
    assert Notice.objects.get().reading["outcome"] == "buyer"


def test_a_code_that_was_not_seen_as_one_leaves_no_older_reading_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    raw = make.raw_mail("登录验证码", "您的验证码是 493021，5分钟内有效，请勿泄露。", "no-reply@bank.example")
    with monkeypatch.context() as older:
        older.setattr(reader, "read", lambda raw: older_reading(raw))
        mail = test_line.run(test_line.by_smtp(raw, owner))
    assert mail.outcome == "review"
    assert run() == [Does.FILED]
    mail.refresh_from_db()
    assert (mail.outcome, mail.reason) == ("held", "verification_code")
    notice = Notice.objects.get()
    assert "493021" not in f"{mail.subject}{notice.body}{notice.reading}{list(PastReading.objects.values())}"


def older_reading(raw: bytes) -> Reading:
    """As if it had not been seen that there is a code."""
    said = reading.read(raw)
    notice = dataclasses.replace(said.main.notice, body="您的验证码是 493021", subject="登录验证码")
    older = dataclasses.replace(said.main, notice=notice)
    return read_as(Kind.UNKNOWN)(dataclasses.replace(said, notices=(older,)))


def test_a_mail_that_cannot_be_read_stays_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    test_line.run(test_line.by_smtp(test_line.bytes_of(test_line.RULING, owner), owner))

    def die(raw: bytes) -> Reading:
        raise reader.ReaderDied

    monkeypatch.setattr(reader, "read", die)
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="1 mails could not be read"):
        call_command("reprocess", stdout=out, stderr=err)
    assert json.loads(out.getvalue())["does"] == "failed"
    assert Case.objects.get().stage == "ruled"


def test_stopped_in_the_middle_it_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    owners = [make.a_user(f"{name}@example.com") for name in ("mei", "wang")]
    for owner in owners:
        filed_by_older(read_as(outcome=Verdict.SELLER), owner, monkeypatch)
    first, second = mails()
    assert reprocess(first, dry_run=False) is not None

    def stop(*_what: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr("complaints.intake.reprocess.tell_anew", stop)
        with pytest.raises(KeyboardInterrupt):
            reprocess(second, dry_run=False)
    assert PastReading.objects.count() == 1  # of the second nothing stayed
    assert run() == [Does.CORRECTED]
    assert set(Case.objects.values_list("outcome", flat=True)) == {"buyer"}


def test_the_command_shows_what_differs_and_nobodys_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    filed_by_older(read_as(outcome=Verdict.SELLER, order_no="3299194706518999999"), owner, monkeypatch)
    out, err = io.StringIO(), io.StringIO()
    call_command("reprocess", "--dry-run", "--owner", owner.email, stdout=out, stderr=err)
    row = json.loads(out.getvalue())
    changed = {change["field"]: (change.get("before"), change.get("after")) for change in row["changes"]}
    assert changed["outcome"] == ("seller", "buyer")
    assert "3299194706518006493" not in out.getvalue()
    assert "fields.order_no" in changed
    assert "1 mails read, 1 would differ (corrected 1)" in err.getvalue()


# -- what people put right ---------------------------------------------------------------------------------------


def test_what_people_put_right_is_exported_without_anybodys_data(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make.a_user()
    confirmed = filed_by_older(read_as(), owner, monkeypatch, mailbox="x@example.net")
    settle.confirm_proposals(confirmed, owner)
    other = make.a_user("wang@example.com")
    rejected = filed_by_older(read_as(), other, monkeypatch, mailbox="x@example.net")
    settle.reject(rejected, other)
    third = make.a_user("hong@example.com")
    mail = filed_by_older(read_as(Kind.UNKNOWN), third, monkeypatch)
    settle.file_by_hand(mail, third, Kind.RULING, None)
    workflow.correct(Event.objects.get(case__owner=third), third, {"outcome": "partial"})
    out = io.StringIO()
    call_command("candidates", stdout=out)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(row["read"]["kind"], row["said"]) for row in rows] == [
        ("unknown", {"kind": "ruling"}),
        ("ruling", {"kind": "ruling"}),
        ("ruling", {"kind": "none"}),
        ("unknown", {"kind": "ruling", "outcome": "partial"}),
    ]
    assert {row["by"] for row in rows} == {"owner"}
    assert all("支持" in row["body"] for row in rows)
    for secret in ("3299194706518006493", "TS202611080031", "mei@", "wang@", "hong@"):
        assert secret not in out.getvalue()
