"""A picture on the line: read by OCR in its own process, proposed to its owner, never more."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from complaints import tasks
from complaints.intake import line, reader
from complaints.intake.dates import SHANGHAI
from complaints.intake.receive import Envelope, receive
from complaints.intake.shapes import Door
from complaints.models import Event, IncomingMail
from complaints.models.mail import Outcome
from complaints.stages import Type
from complaints.workflow import step_of
from tests import make
from tests.evidence import files
from tests.pictures.drawn import HEIC, NOTICE, drawn, messages, turned, turned_by_exif


@pytest.fixture(scope="module")
def picture():
    return drawn(NOTICE)


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


# -- every kind of picture that phones send --------------------------------------------------------------------------

KINDS = {
    "jpg": lambda: drawn(NOTICE, format="JPEG", quality=60),
    "webp": lambda: drawn(NOTICE, format="WEBP", quality=60),
    "gif": lambda: drawn(NOTICE, format="GIF"),
    "avif": lambda: drawn(NOTICE, format="AVIF", quality=60),
    "heic": HEIC.read_bytes,
}


@pytest.mark.django_db
@pytest.mark.parametrize("ending", KINDS)
def test_a_picture_of_every_kind_goes_from_the_page_to_a_proposal_and_comes_back_as_it_was(ending, client):
    owner, raw = make.a_user(), KINDS[ending]()
    client.force_login(owner)

    client.post(reverse("complaints:hand_in"), {"files": [SimpleUploadedFile(f"截图.{ending}", raw)]})

    mail = IncomingMail.objects.get()
    assert mail.door == "screenshot"
    assert line.run(mail.pk) == Outcome.REVIEW
    read = mail.notices.get().reading
    assert (read["picture"], read["outcome"], read["fields"]["order_no"]) == ("notice", "buyer", "4471900233187765401")
    answer = client.get(reverse("complaints:mail_raw", args=[mail.public_id]))
    assert answer.content == raw
    assert f'.{ending}"' in answer["Content-Disposition"]
    assert owner.exhibits.get().sha256 == mail.sha256


def test_parse_mail_reads_a_picture_of_every_kind_whatever_it_is_called(tmp_path):
    for ending, made in KINDS.items():
        (tmp_path / f"a.{ending}").write_bytes(made())
    (tmp_path / "b.txt").write_bytes(KINDS["gif"]())
    out = io.StringIO()
    call_command("parse_mail", "--jsonl", str(tmp_path), stdout=out)
    rows = [json.loads(row) for row in out.getvalue().splitlines()]
    assert len(rows) == 6
    assert {(row["kind"], row["picture"], row["fields"]["amount"]) for row in rows} == {("ruling", "notice", "459.00")}


def test_of_a_moving_picture_the_first_frame_is_read():
    first, others = (Image.open(io.BytesIO(drawn(lines))) for lines in (NOTICE, ["别的"] * 4))
    raw = files.saved(first, "GIF", save_all=True, append_images=[others], duration=500)
    assert reader.read(raw).main.facts.order_no == "4471900233187765401"


# -- turned ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_photo_on_its_side_or_on_its_head_is_read_and_its_places_are_those_of_the_photo_as_it_is(degrees):
    read = reader.read(turned(NOTICE, degrees)).main
    assert read.facts.order_no == "4471900233187765401"
    (place,) = [place for place in read.screen.places if place.of == "order_no"]
    left, top, width, height = place.box
    width_of_all, height_of_all = read.screen.size
    # upright, its middle is 480 to the right and 220 down in 1080 × 400
    there = {90: (220, 1080 - 480), 180: (1080 - 480, 400 - 220), 270: (400 - 220, 480)}[degrees]
    assert (width_of_all > height_of_all) == (width > height) == (degrees == 180)
    assert abs(left + width / 2 - there[0]) < 60
    assert abs(top + height / 2 - there[1]) < 60


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photo_whose_camera_says_how_it_is_turned_is_read_upright(orientation):
    read = reader.read(turned_by_exif(NOTICE, orientation)).main
    assert read.screen.size == (1080, 400)
    assert (read.classified.kind, read.facts.amount) == ("ruling", "459.00")


# -- several short messages ------------------------------------------------------------------------------------------

MESSAGES = (
    ("2026年11月8日 18:30", ("【淘宝】您的投诉已受理，投诉编", "号TS20261108226860，请耐心等待。")),
    ("2026年11月9日 09:05", ("【顺丰】您的快递已到驿站，", "请凭取件码领取。")),
    ("2026年11月10日 20:11", ("【淘宝】投诉TS20261108226860处理", "结果：支持买家，商家应退款", "459.00元。")),
)


@pytest.mark.django_db
def test_of_several_short_messages_each_is_a_notice_and_the_newest_that_tells_a_step_decides():
    mail = hand_in(make.a_user(), messages(MESSAGES))

    assert line.run(mail.pk) == Outcome.REVIEW

    found = list(mail.notices.order_by("position"))
    assert [notice.kind for notice in found][:2] == ["ruling", "acknowledgement"]
    assert len(found) == 3
    assert [notice.dated_at.astimezone(SHANGHAI).day for notice in found] == [10, 8, 9]
    assert {notice.reading["picture"] for notice in found} == {"sms"}
    row = reader.read(messages(MESSAGES)).as_contract("a.png")
    assert (row["kind"], row["outcome"], row["fields"]["amount"]) == ("ruling", "buyer", "459.00")
    assert row["notices"][0]["kind"] == "acknowledgement"


@pytest.mark.django_db
def test_several_short_messages_are_asked_for_one_after_another_and_none_undoes_another(client):
    owner = make.a_user()
    client.force_login(owner)
    mail = hand_in(owner, messages(MESSAGES[::2]))
    line.run(mail.pk)
    newest, first = mail.notices.order_by("position")
    address = reverse("complaints:mail_picture", args=[mail.public_id])

    def confirm(into):
        form = client.get(mail.get_absolute_url()).context["picture_form"]
        begun = {name: form[name].value() or "" for name in ("did", "outcome", "case_no", "once")}
        client.post(address, begun | {"decision": "confirm", "into": into})
        mail.refresh_from_db()
        return begun["did"]

    assert confirm("new") == "rules:platform"
    assert mail.outcome == Outcome.REVIEW
    newest.refresh_from_db()
    assert (newest.outcome, newest.case.stage) == (Outcome.FILED, "ruled")
    assert confirm(newest.case.public_id) == "acknowledges:platform"
    first.refresh_from_db()
    assert (mail.outcome, first.case, first.case.stage) == (Outcome.FILED, newest.case, "ruled")
    acts = Event.objects.filter(type=Type.ACT, case=first.case)
    assert sorted(act.act for act in acts if step_of(act).state == "applied") == ["acknowledges", "rules"]


# -- nothing ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "raw", [files.saved(files.room(3), "JPEG"), drawn(["今天天气", "多云转晴", "最高气温18度"])], ids=["photo", "words"]
)
def test_a_picture_that_says_nothing_of_a_complaint_is_simply_kept(raw):
    mail = hand_in(make.a_user(), raw)
    assert line.run(mail.pk) == Outcome.REVIEW
    mail.refresh_from_db()
    notice = mail.notices.get()
    assert (mail.reason, notice.reading["picture"], notice.case) == ("picture", "nothing", None)
    assert not Event.objects.exists()
    assert bytes(mail.raw.data) == raw
