"""The checker can fail: for every promise a history and tables that break it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from tests.faults import kills
from tests.faults.checker import Broken, Row, Told, judge, judge_again, told_of
from tests.faults.history import Attempt, History
from tests.faults.mails import Mail, workload

INBOXES = ["aaaa", "bbbb"]
OWNERS = ["mei@example.com", "lan@example.com"]


def a_mail(key: str = "one", *, inboxes: tuple[int, ...] = (0,), tells: str = "n1", case: str = "c1") -> Mail:
    return Mail(key, inboxes, f"bytes of {key}\r\n".encode(), case, tells)


def heard(*replies: str, mail: str = "one", at: float = 100.0) -> list[Attempt]:
    return [Attempt(mail, number, at + number, at + number + 0.1, reply) for number, reply in enumerate(replies)]


def a_row(mail: Mail, pk: int = 1, inbox: str = "aaaa", **other: object) -> Row:
    row = Row(pk, inbox, mail.sha256, mail.sha256, "filed", 0, 0, 0, received=100.1, settled=101.0)
    return replace(row, **other)


def a_place(pk: int = 1, case: int = 7, case_no: str = "c1", owner: int = 3) -> Told:
    return Told(case, case_no, owner, pk)


def broken(
    rows: list[Row],
    told: list[Told],
    mails: list[Mail] | None = None,
    attempts: list[Attempt] | None = None,
    calm: float = 0.0,
) -> list[str]:
    history = History(heard("250") if attempts is None else attempts)
    found = judge([a_mail()] if mails is None else mails, history, INBOXES, rows, told, limit=60, calm=calm)
    return [one.how for one in found]


def test_a_kept_word_is_not_doubted() -> None:
    assert broken([a_row(a_mail())], [a_place()]) == []


def test_a_mail_that_heard_a_yes_and_has_no_row_is_lost() -> None:
    assert broken([], []) == ["lost"]


def test_a_mail_that_is_in_one_of_its_two_inboxes_only_is_lost() -> None:
    both = a_mail(inboxes=(0, 1), tells="")
    assert broken([a_row(both, outcome="ignored")], [], [both]) == ["lost"]


def test_bytes_that_are_gone_or_others_are_a_lost_mail() -> None:
    assert broken([a_row(a_mail(), bytes_sha256="")], [a_place()]) == ["lost"]
    assert broken([a_row(a_mail(), bytes_sha256="0" * 64)], [a_place()]) == ["lost"]


def test_a_mail_that_counts_as_filed_and_stands_in_no_case_is_lost() -> None:
    assert broken([a_row(a_mail())], []) == ["lost"]
    assert broken([a_row(a_mail(), outcome="review")], []) == []  # it lies in the tray


def test_the_same_bytes_in_two_rows_are_doubled() -> None:
    assert "doubled" in broken([a_row(a_mail()), a_row(a_mail(), pk=2, outcome="duplicate")], [a_place()])


def test_a_notice_that_stands_twice_in_cases_is_doubled() -> None:
    assert broken([a_row(a_mail())], [a_place(), a_place()]) == ["doubled"]


def test_a_notice_that_came_in_two_mails_and_counts_twice_is_doubled() -> None:
    mails = [a_mail(), a_mail("again")]
    attempts = heard("250") + heard("250", mail="again")
    rows = [a_row(mails[0]), a_row(mails[1], pk=2)]
    assert broken(rows, [a_place(1), a_place(2)], mails, attempts) == ["doubled"]
    assert broken([rows[0], replace(rows[1], outcome="duplicate")], [a_place(1)], mails, attempts) == []


def test_one_complaint_that_became_two_cases_is_doubled() -> None:
    mails = [a_mail(), a_mail("next", tells="n2")]
    attempts = heard("250") + heard("250", mail="next")
    rows = [a_row(mails[0]), a_row(mails[1], pk=2)]
    assert broken(rows, [a_place(1), a_place(2, case=8)], mails, attempts) == ["doubled"]


def test_what_was_settled_and_is_done_again_is_doubled_and_what_waited_is_not() -> None:
    settled, waits = a_row(a_mail()), a_row(a_mail("other"), pk=2, outcome="waiting", settled=None)
    later = [settled, replace(waits, outcome="filed", settled=110.0)]
    assert judge_again([settled, waits], later) == []
    for other in (replace(settled, settled=120.0), replace(settled, attempts=1)):
        assert [one.how for one in judge_again([settled, waits], [other, later[1]])] == ["doubled"]
    assert [one.how for one in judge_again([settled], [])] == ["doubled"]


def test_a_mail_that_still_waits_or_took_too_long_is_stuck() -> None:
    assert broken([a_row(a_mail(), outcome="waiting", settled=None)], []) == ["stuck"]
    assert broken([a_row(a_mail(), settled=170.0)], [a_place()]) == ["stuck"]
    assert broken([a_row(a_mail(), settled=170.0)], [a_place()], calm=140.0) == []  # the last fault was at 140


def test_a_mail_that_is_never_taken_is_said() -> None:
    assert broken([], [], attempts=heard("451", "ConnectionRefusedError")) == ["refused"]


def test_every_yes_to_the_same_bytes_is_counted() -> None:
    assert broken([a_row(a_mail(), repeats=1)], [a_place()], attempts=heard("250", "250")) == []
    assert broken([a_row(a_mail(), repeats=0)], [a_place()], attempts=heard("250", "250")) == ["counts"]
    assert broken([a_row(a_mail(), repeats=3)], [a_place()], attempts=heard("250", "250")) == ["counts"]


def test_an_answer_that_was_lost_on_the_way_may_have_been_a_yes() -> None:
    attempts = heard("SMTPServerDisconnected", "250")
    for repeats in (0, 1):
        assert broken([a_row(a_mail(), repeats=repeats)], [a_place()], attempts=attempts) == []


def test_a_row_that_nobody_sent_is_strange() -> None:
    assert broken([a_row(a_mail()), a_row(a_mail("other"), pk=2)], [a_place()]) == ["strange"]


def test_a_mail_that_tells_nothing_and_stands_in_a_case_is_strange() -> None:
    survey = a_mail(tells="", case="")
    assert broken([a_row(survey)], [a_place()], [survey]) == ["strange"]


def test_a_state_that_is_none_of_the_known_ones_does_not_add_up() -> None:
    assert broken([a_row(a_mail(), outcome="forgotten")], [a_place()]) == ["stuck", "counts"]


def test_a_broken_promise_is_told_with_the_states_of_the_rows_and_how_to_see_it_again() -> None:
    row = a_row(a_mail(), pk=12, outcome="waiting", settled=None, lost_leases=2)
    said = told_of([Broken("stuck", "one is waiting")], [row], "make faults SEED=7")
    assert all(word in said for word in ("stuck: one is waiting", "('waiting', 0, 2): 1", "pk=12", "SEED=7"))


def settled(*moments: float) -> list[Row]:
    return [a_row(a_mail(str(moment)), settled=moment) for moment in moments]


def test_a_queue_that_moves_is_not_stuck_and_what_is_left_behind_is() -> None:
    assert kills.busy_until(settled(90, 104, 112, 121), calm=100, pause=10) == 121
    assert kills.busy_until(settled(104, 140), calm=100, pause=10) == 104
    assert kills.busy_until([], calm=100, pause=10) == 100


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_sends_the_same_mails_and_another_sends_others(seed: int) -> None:
    assert workload(40, OWNERS, Random(seed)) == workload(40, OWNERS, Random(seed))
    assert workload(40, OWNERS, Random(seed)) != workload(40, OWNERS, Random(seed + 1))


def test_a_workload_has_stories_repeats_mails_to_two_inboxes_and_mails_that_tell_nothing() -> None:
    mails = workload(300, OWNERS, Random(3))
    assert len({mail.key for mail in mails}) == len({mail.sha256 for mail in mails}) == 300
    told = [mail.tells for mail in mails if mail.tells]
    assert len(set(told)) < len(told) < 300
    assert any(len(mail.inboxes) == 2 for mail in mails)
