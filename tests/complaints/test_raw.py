"""The bytes of large mails move to the file storage, and no death, race or damage on the way loses them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import balance, raw, retention, tasks
from complaints.intake import line
from complaints.models import IncomingMail, PeriodicJob, RawFile, RawMail
from complaints.models.mail import LARGE, Outcome
from complaints.stages import Kind
from evidence import keep
from tests import make
from tests.evidence.test_object_store import bucket, keys, store

__all__ = ["bucket", "store"]
pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MONTH = timedelta(days=31)
BIG = make.raw_mail(body="图" * LARGE) + b"\x00\xff\r\n"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """An empty folder as the file storage."""
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": backend | {"OPTIONS": {"location": tmp_path / "files"}}}
    return tmp_path / "files"


def a_big_mail(outcome: str = Outcome.FILED, raw: bytes = BIG, **fields: Any) -> IncomingMail:
    return make.a_mail(outcome=outcome, raw=raw, **fields)


def a_twin(mail: IncomingMail, **fields: Any) -> IncomingMail:
    """The same bytes in somebody else's inbox."""
    return a_big_mail(owner=make.a_user("twin@example.com"), raw=raw.bytes_of(mail.raw), **fields)


def row(mail: IncomingMail) -> RawMail:
    return RawMail.objects.select_related("file").get(mail=mail)


def is_moved(mail: IncomingMail) -> bool:
    return row(mail).data is None


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def move(hours: int = 0) -> int:
    return raw.move_large(make.NOW + hours * HOUR)


class Killed(BaseException):
    """The process is gone: nothing of ours catches it."""


def die(*_asked: object, **_named: object) -> None:
    raise Killed


# -- what moves --------------------------------------------------------------------------------------------


def test_large_bytes_of_a_mail_that_is_done_move_and_come_back_the_same(own_folder: Path) -> None:
    mail = a_big_mail()
    assert move() == 1
    assert is_moved(mail)
    assert raw.bytes_of(row(mail)) == BIG
    assert [path.read_bytes() for path in stored(own_folder)] == [BIG]
    assert mail.sha256 in stored(own_folder)[0].name
    assert move() == 0
    assert balance.differences() == {}


@pytest.mark.parametrize(("size", "moves"), [(LARGE, False), (LARGE + 1, True)])
def test_only_what_is_above_256_kb_moves(size: int, moves: bool) -> None:
    mail = a_big_mail(raw=b"x" * size)
    assert move() == moves
    assert is_moved(mail) == moves
    assert raw.bytes_of(row(mail)) == b"x" * size


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_waits_is_not_moved_nor_is_what_is_held(outcome: Outcome) -> None:
    mail = a_big_mail(outcome, at=timezone.now())
    move()
    assert is_moved(mail) == (outcome not in {Outcome.WAITING, Outcome.HELD})


def test_a_mail_whose_bytes_were_moved_can_be_read_again() -> None:
    mail = a_big_mail()
    move()
    IncomingMail.objects.filter(pk=mail.pk).update(outcome=Outcome.WAITING, reason="", settled_at=None)
    claimed = line.claim(mail.pk)
    assert claimed is not None
    assert raw.bytes_of(claimed[1]) == BIG


def test_a_turn_takes_as_many_as_it_is_told_and_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        a_big_mail(raw=BIG + b"%d" % number)
    assert raw.move_large(make.NOW, at_once=2) == 2
    monkeypatch.setattr(raw, "TURN", -1.0)
    assert [move(), move(), move()] == [1, 1, 0]


def test_what_cannot_be_moved_now_stands_before_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "AT_ONCE", 2)
    for number in range(5):
        a_big_mail(Outcome.WAITING, raw=BIG + b"w%d" % number)
    RawMail.objects.filter(mail=a_big_mail(raw=BIG + b"x")).update(data=BIG)  # no longer what came
    mail = a_big_mail()
    assert raw.move_large(make.NOW, at_once=1) == 1
    assert is_moved(mail)


def test_what_is_to_move_is_found_in_its_index() -> None:
    if connection.vendor == "postgresql":  # which scans tables as small as these
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "raw_mail_large" in raw.large(7).values_list("pk", flat=True)[:9].explain()


def test_no_more_is_asked_of_the_database_with_many_small_mails() -> None:
    counts = []
    for _many in range(2):
        for _number in range(5):
            make.a_mail(outcome=Outcome.FILED)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert move() == 0
        counts.append(len(asked))
    assert counts == [1, 1]


# -- dying in the middle -----------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["_put", "_clear", "is_whole"])
def test_a_worker_that_dies_on_the_way_loses_nothing_and_the_next_goes_on(
    where: str, monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    mail = a_big_mail()
    with monkeypatch.context() as patched:
        patched.setattr(raw, where, die)
        with pytest.raises(Killed):
            move()
    assert bytes(row(mail).data or b"") == BIG
    assert balance.differences() == {}
    assert raw.forget_unused(make.NOW) == 0  # the mail is about to rest on it
    assert move(1) == 1
    assert (raw.bytes_of(row(mail)), len(stored(own_folder))) == (BIG, 1)


def test_a_file_that_was_written_in_part_is_no_reason_to_let_go_of_the_bytes(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    mail = a_big_mail()
    save = default_storage.save

    def save_half(name: str, content: ContentFile) -> None:
        save(name, ContentFile(content.read()[: LARGE // 2]))
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "save", save_half)
        with pytest.raises(Killed):
            move()
    assert len(stored(own_folder)) == 1
    assert move(1) == 0
    assert bytes(row(mail).data or b"") == BIG
    assert balance.differences() == {}
    assert move(2) == 1
    assert raw.forget_unused(make.NOW) == 1
    assert [path.read_bytes() for path in stored(own_folder)] == [raw.bytes_of(row(mail))] == [BIG]


@pytest.mark.parametrize("wrong", [b"", BIG[:-1], BIG + b"x", BIG[:-1] + b"x"])
def test_wrong_bytes_in_the_storage_never_take_the_place_of_the_rows(
    wrong: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    mail = a_big_mail()
    save = default_storage.save
    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "save", lambda name, _content: save(name, ContentFile(wrong)))
        assert move() == 0
    assert bytes(row(mail).data or b"") == BIG
    assert "ALARM" in caplog.text
    assert move(1) == 1
    assert raw.bytes_of(row(mail)) == BIG


def test_a_full_disk_stops_one_mail_not_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = a_big_mail(), a_big_mail(raw=BIG + b"2")
    save = default_storage.save

    def save_some(name: str, content: ContentFile) -> str:
        if first.sha256 in name:
            raise OSError(28, "No space left on device")
        return save(name, content)

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "save", save_some)
        assert move() == 1
    assert [is_moved(first), is_moved(second)] == [False, True]


def test_bytes_that_changed_in_the_table_are_not_moved_but_an_alarm(caplog: pytest.LogCaptureFixture) -> None:
    mail = a_big_mail()
    RawMail.objects.filter(mail=mail).update(data=BIG[:-1] + b"?")
    assert move() == 0
    assert not is_moved(mail)
    assert f"ALARM the bytes of mail {mail.public_id}" in caplog.text


def test_the_file_is_on_the_disk_before_the_row_lets_go(monkeypatch: pytest.MonkeyPatch, own_folder: Path) -> None:
    mail = a_big_mail()
    order: list[str] = []
    settle, clear = keep.settle, raw._clear

    def settled(path: Path, top: Path) -> None:
        assert (path.read_bytes(), top) == (BIG, own_folder)
        order.append("settle")
        settle(path, top)

    monkeypatch.setattr(keep, "settle", settled)
    monkeypatch.setattr(raw, "_clear", lambda *asked: order.append("clear") or clear(*asked))
    assert (move(), is_moved(mail), order) == (1, True, ["settle", "clear"])


# -- two at once -------------------------------------------------------------------------------------------


def between(monkeypatch: pytest.MonkeyPatch, where: str, then: Callable[[], object]) -> None:
    """Do `then` once, just before the step `where` of a move."""
    step = getattr(raw, where)

    def stepping(*asked: Any) -> Any:
        monkeypatch.setattr(raw, where, step)
        then()
        return step(*asked)

    monkeypatch.setattr(raw, where, stepping)


@pytest.mark.parametrize("where", ["_point", "_put", "is_whole", "_clear"])
def test_two_workers_that_move_the_same_mail_leave_its_bytes_once(
    where: str, monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    mail = a_big_mail()
    counts: list[int] = []
    between(monkeypatch, where, lambda: counts.append(move()))
    counts.append(move())
    assert counts == [1, 0]
    assert (raw.bytes_of(row(mail)), len(stored(own_folder))) == (BIG, 1)


@pytest.mark.parametrize("where", ["_point", "_put", "is_whole", "_clear"])
def test_a_purge_of_one_twin_while_the_other_moves_leaves_the_others_bytes(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = a_big_mail(Outcome.IGNORED, reason="survey", at=make.NOW)
    assert move() == 1
    stays = a_twin(gone)
    between(monkeypatch, where, lambda: retention.purge(make.NOW + MONTH))
    move(1)
    assert not IncomingMail.objects.filter(pk=gone.pk).exists()
    assert raw.bytes_of(row(stays)) == BIG
    assert (move(2), is_moved(stays)) in [(0, True), (1, True)]
    assert raw.bytes_of(row(stays)) == BIG
    assert balance.differences() == {}


@pytest.mark.parametrize("where", ["_point", "_put", "is_whole", "_clear"])
def test_a_mail_that_is_purged_while_it_moves_leaves_nothing_behind(
    where: str, monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    a_big_mail(Outcome.IGNORED, reason="survey", at=make.NOW)
    between(monkeypatch, where, lambda: retention.purge(make.NOW + MONTH))
    assert move() == 0
    raw.forget_unused(make.NOW)
    assert (stored(own_folder), RawFile.objects.count(), RawMail.objects.count()) == ([], 0, 0)


def test_a_worker_that_wakes_after_its_file_was_doomed_does_not_let_go_of_the_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mail = a_big_mail()
    between(monkeypatch, "_clear", lambda: raw._doom(RawFile.objects.get(), make.NOW))
    assert move() == 0
    assert raw.forget_unused(make.NOW) == 1
    assert bytes(row(mail).data or b"") == BIG
    assert move(1) == 1
    assert raw.bytes_of(row(mail)) == BIG


def test_a_file_that_a_mail_begins_to_rest_on_while_it_is_being_deleted_stays(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    gone = a_big_mail(Outcome.IGNORED, reason="survey", at=make.NOW)
    move()
    stays = a_twin(gone)
    between(monkeypatch, "_forget", lambda: move(1))
    retention.purge(make.NOW + MONTH)
    assert is_moved(stays)
    assert (raw.bytes_of(row(stays)), len(stored(own_folder))) == (BIG, 1)


def test_a_worker_that_is_second_to_write_uses_what_the_first_wrote(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    mail = a_big_mail()
    with monkeypatch.context() as patched:
        patched.setattr(raw, "_clear", die)
        with pytest.raises(Killed):
            move()
        patched.undo()
        exists, answers = default_storage.exists, iter([False])  # the first wrote just after
        patched.setattr(default_storage, "exists", lambda name: next(answers, True) and exists(name))
        assert move(1) == 1
    assert (raw.bytes_of(row(mail)), len(stored(own_folder))) == (BIG, 1)


@pytest.mark.django_db(transaction=True)
def test_workers_and_a_purge_on_connections_of_their_own_lose_nothing() -> None:
    twins = [
        a_big_mail(Outcome.IGNORED, reason="survey", at=make.NOW - MONTH, owner=make.a_user(f"{number}@example.com"))
        for number in range(6)
    ]
    IncomingMail.objects.filter(pk__in=[mail.pk for mail in twins[3:]]).update(outcome=Outcome.FILED)
    failed: list[BaseException] = []
    start = threading.Barrier(3)

    def work(does: Callable[[], object]) -> None:
        try:
            start.wait(10)
            does()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(does,)) for does in (move, move, lambda: retention.purge(make.NOW))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    move(1)
    raw.forget_unused(make.NOW)
    assert [(is_moved(mail), raw.bytes_of(row(mail))) for mail in twins[3:]] == [(True, BIG)] * 3
    assert RawFile.objects.count() == 1
    assert balance.differences() == {}


# -- deleting ----------------------------------------------------------------------------------------------


def test_the_file_goes_with_the_last_mail_that_rests_on_it(own_folder: Path) -> None:
    first = a_big_mail(Outcome.IGNORED, reason="survey", at=make.NOW)
    last = a_twin(first, outcome=Outcome.IGNORED, reason="survey", at=make.NOW + HOUR)
    assert move() == 2
    assert len(stored(own_folder)) == 1
    assert retention.purge(make.NOW + timedelta(days=30)) == 1
    assert raw.bytes_of(row(last)) == BIG
    assert retention.purge(make.NOW + timedelta(days=30) + HOUR) == 1
    assert (stored(own_folder), RawFile.objects.count()) == ([], 0)


def test_a_twin_that_is_not_done_keeps_its_own_bytes_when_the_file_goes() -> None:
    gone = a_big_mail(Outcome.IGNORED, reason="survey", at=make.NOW)
    move()
    waits = a_twin(gone, outcome=Outcome.WAITING)
    retention.purge(make.NOW + MONTH)
    assert not RawFile.objects.exists()
    assert raw.bytes_of(row(waits)) == BIG


def test_a_purge_that_died_before_the_file_was_deleted_is_finished_by_the_next(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    a_big_mail(Outcome.IGNORED, reason="survey", at=make.NOW)
    move()
    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "delete", die)
        with pytest.raises(Killed):
            retention.purge(make.NOW + MONTH)
    assert len(stored(own_folder)) == 1
    assert retention.purge(make.NOW + MONTH) == 0
    assert (stored(own_folder), RawFile.objects.count()) == ([], 0)


def test_a_file_is_not_deleted_while_its_mails_may_still_be_rolled_back(own_folder: Path) -> None:
    mail = a_big_mail()
    move()
    with transaction.atomic():
        mail.delete()
        transaction.set_rollback(True)
    assert raw.forget_unused(make.NOW) == 0
    assert raw.bytes_of(row(IncomingMail.objects.get())) == BIG


def test_the_same_mail_after_the_file_went_gets_a_name_of_its_own() -> None:
    mail = a_big_mail(Outcome.IGNORED, reason="survey", at=make.NOW)
    move()
    name = RawFile.objects.get().name
    retention.purge(make.NOW + MONTH)
    again = a_big_mail(at=make.NOW + MONTH)
    move(31 * 24)
    default_storage.delete(name)  # a worker that was stopped for a month goes on
    assert raw.bytes_of(row(again)) == BIG
    assert mail.sha256 == again.sha256


def test_the_database_lets_no_row_be_without_its_bytes() -> None:
    mail = a_big_mail()
    with pytest.raises(IntegrityError), transaction.atomic():
        RawMail.objects.filter(mail=mail).update(data=None)


# -- looking after what lies there -------------------------------------------------------------------------


def test_a_file_that_is_gone_or_changed_is_an_alarm_until_it_is_back(own_folder: Path) -> None:
    first, second = a_big_mail(), a_big_mail(raw=BIG + b"2")
    move()
    paths = {path.read_bytes(): path for path in stored(own_folder)}
    assert raw.audit(make.NOW + HOUR) == 0
    paths[BIG].unlink()
    paths[BIG + b"2"].write_bytes(BIG + b"3")
    assert raw.audit(make.NOW + 2 * HOUR) == 2
    assert balance.differences() == {"bytes_lost": 2}
    paths[BIG].write_bytes(BIG)  # from a backup
    assert raw.audit(make.NOW + 3 * HOUR) == 1
    assert balance.differences() == {"bytes_lost": 1}
    assert (row(first).file.damaged_at, row(second).file.damaged_at) == (None, make.NOW + 2 * HOUR)


def test_what_was_not_looked_at_for_longest_is_looked_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        a_big_mail(raw=BIG + b"%d" % number)
        raw.move_large(make.NOW + number * HOUR)
    asked: list[str] = []
    monkeypatch.setattr(raw, "is_whole", lambda file: asked.append(file.name) or True)
    for hours in (3, 4):
        raw.audit(make.NOW + hours * HOUR, at_once=2)
    names = list(RawFile.objects.order_by("pk").values_list("name", flat=True))
    assert asked == [names[0], names[1], names[2], names[0]]


def test_bytes_lost_in_the_storage_come_back_with_the_same_mail_from_elsewhere(own_folder: Path) -> None:
    lost = a_big_mail()
    move()
    stored(own_folder)[0].write_bytes(b"damaged")
    raw.audit(make.NOW + HOUR)
    twin = a_big_mail(owner=make.a_user("twin@example.com"))
    assert move(1) == 0  # what lies there is wrong
    assert balance.differences() == {"bytes_lost": 1}
    assert move(2) == 1
    assert [raw.bytes_of(row(mail)) for mail in (lost, twin)] == [BIG, BIG]
    assert balance.differences() == {}
    assert raw.forget_unused(make.NOW) == 1
    assert [path.read_bytes() for path in stored(own_folder)] == [BIG]


def test_the_balance_opens_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    a_big_mail()
    move()
    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "open", die)
        patched.setattr(default_storage, "exists", die)
        assert balance.differences() == {}


# -- the hourly job ----------------------------------------------------------------------------------------


def test_the_job_runs_once_an_hour_and_sooner_while_more_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "TURN", -1.0)
    for number in range(2):
        a_big_mail(raw=BIG + b"%d" % number)
    assert [tasks.move_large() for _turn in range(2)] == [1, 1]
    a_big_mail()
    assert tasks.move_large() == 0
    PeriodicJob.objects.update(due_at=timezone.now())
    assert tasks.move_large() == 1


# -- an object store ---------------------------------------------------------------------------------------


def test_in_an_object_store_it_is_the_same(bucket: Any) -> None:
    mail = a_big_mail(Outcome.IGNORED, reason="survey", at=make.NOW)
    twin = a_twin(mail)
    assert move() == 2
    (key,) = keys(bucket)
    assert bucket.get_object(Bucket="suji", Key=key)["Body"].read() == BIG
    retention.purge(make.NOW + MONTH)
    assert raw.bytes_of(row(twin)) == BIG
    twin.delete()
    assert raw.forget_unused(make.NOW) == 1
    assert keys(bucket) == []


def test_a_key_that_is_there_already_is_read_and_used_or_left(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = a_big_mail()
    for where in ("_clear", "_put"):
        with monkeypatch.context() as patched:
            patched.setattr(raw, where, die)
            with pytest.raises(Killed):
                move()
    (key,) = keys(bucket)
    bucket.put_object(Bucket="suji", Key=key, Body=BIG[:-1] + b"x")
    assert move(1) == 0
    assert bytes(row(mail).data or b"") == BIG
    with monkeypatch.context() as patched:
        patched.setattr(raw, "_clear", die)
        with pytest.raises(Killed):
            move(2)
    assert move(3) == 1
    assert raw.bytes_of(row(mail)) == BIG
    assert raw.forget_unused(make.NOW) == 1
    assert [key] != keys(bucket) == [row(mail).file.name]
    bucket.delete_object(Bucket="suji", Key=row(mail).file.name)
    assert raw.audit(make.NOW + 4 * HOUR) == 1
    assert balance.differences() == {"bytes_lost": 1}


def test_a_code_is_never_moved_to_a_bucket(bucket: Any) -> None:
    a_big_mail(Outcome.HELD, reason=Kind.VERIFICATION_CODE.value)
    assert (move(), keys(bucket)) == (0, [])
