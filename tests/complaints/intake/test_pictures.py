"""A picture on the line: read by OCR in its own process, proposed to its owner, never more."""

from __future__ import annotations

import pytest

from complaints import tasks
from complaints.intake import line, reader
from complaints.intake.receive import Envelope, receive
from complaints.intake.shapes import Door
from complaints.models import Event, IncomingMail
from complaints.models.mail import Outcome
from complaints.stages import Type
from complaints.workflow import step_of
from tests import make
from tests.pictures.drawn import drawn

SAID = (
    "投诉处理结果通知",
    "您投诉鹿角灯饰旗舰店一事平台已审核完毕，支持买家。",
    "订单编号：4471900233187765401",
    "商家应在2026年11月12日18:30前退款459.00元。",
)


@pytest.fixture(scope="module")
def picture():
    return drawn(SAID)


@pytest.fixture(autouse=True, scope="module")
def _end_readers():
    yield
    reader.end_all()


def hand_in(owner, raw, door=Door.SCREENSHOT):
    make.an_inbox(owner)
    receipt = receive(raw, Envelope("", (), "", owner_id=owner.pk), door)
    return IncomingMail.objects.get(pk=receipt.mail_pks[0])


@pytest.mark.django_db
def test_a_picture_is_read_and_proposed_and_counts_for_nothing_until_its_owner_says_so(picture):
    mail = hand_in(make.a_user(), picture)

    assert line.run(mail.pk) == Outcome.REVIEW

    mail.refresh_from_db()
    notice = mail.notices.get()
    assert mail.reason == "from_picture"
    assert (notice.how, notice.kind, notice.provenance) == ("screenshot", "ruling", "D")
    event = Event.objects.get(notice=notice, type=Type.ACT)
    assert step_of(event).state == "proposed"
    read = notice.reading
    assert (read["picture"], read["lines"], read["unsure"]) == ("notice", [], [])
    assert read["fields"]["order_no"] == "4471900233187765401"
    assert read["fields"]["amount"] == "459.00"
    (place,) = [place for place in read["places"] if place["of"] == "order_no"]
    left, top, width, height = place["box"]
    assert place["sure"]
    assert 190 < left < 280  # behind its label of five letters, which begins at 40
    assert 190 < top < 215
    assert 300 < width < 560
    assert 40 < height < 90


@pytest.mark.django_db
def test_the_worker_for_mails_leaves_a_picture_to_the_queue_of_ocr(picture, monkeypatch):
    mail = hand_in(make.a_user(), picture, Door.UPLOAD)
    rung = []
    monkeypatch.setattr(tasks.read_picture, "delay", rung.append)

    assert tasks.run_line(mail.pk) == line.FOR_OCR

    assert rung == [mail.pk]
    before = mail.due_at
    mail.refresh_from_db()
    assert mail.outcome == Outcome.WAITING
    assert mail.due_at > before
    assert mail.lease == ""
