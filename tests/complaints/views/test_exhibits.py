import hashlib
import io
import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from complaints.exhibits import move, show_in_case, take_in
from complaints.models import CaseExhibit
from complaints.views import exhibits as views
from complaints.views import served
from evidence import tasks
from evidence.models import Exhibit
from tests import make
from tests.evidence import files

pytestmark = pytest.mark.django_db

FETCH = {"X-Requested-With": "fetch"}
HTMX = {"HX-Request": "true"}


def signed_in(user=None, **options) -> Client:
    client = Client(**options)
    client.force_login(user or make.a_user())
    return client


def upload(data: bytes = b"", name: str = "photo.jpg", claimed: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or files.jpeg(), claimed)


def hand_in(client, case, *uploads, headers=None, **more):
    url = reverse("complaints:exhibit_list", args=[case.public_id])
    return client.post(url, {"files": list(uploads), **more}, headers=headers)


def at(name: str, shown: CaseExhibit) -> str:
    return reverse(f"complaints:{name}", args=[shown.case.public_id, shown.exhibit.public_id])


def a_kept_exhibit(case=None, data: bytes = b"", name: str = "photo.jpg") -> CaseExhibit:
    """An exhibit with its bytes and, for a picture, its copies."""
    case = case or make.a_case()
    assert hand_in(signed_in(case.owner), case, upload(data, name)).status_code == 302
    shown = case.case_exhibits.latest("pk")
    tasks.make_copies(shown.exhibit_id)
    shown.exhibit.refresh_from_db()
    return shown


# -- handing in --------------------------------------------------------------------------------------------


def test_without_script_files_are_kept_and_the_person_comes_back_to_the_case():
    case = make.a_case()
    client = signed_in()
    answer = hand_in(client, case, upload(), upload(files.PDF, "单据.pdf"), kind="photo")
    assert answer.status_code == 302
    assert answer.url == f"{case.get_absolute_url()}#exhibits"
    assert [(s.exhibit.content_type, s.kind) for s in case.case_exhibits.all()] == [
        ("image/jpeg", "photo"),
        ("application/pdf", "photo"),
    ]
    page = client.get(case.get_absolute_url()).content.decode()
    assert "已保存2个文件。" in page
    assert "单据.pdf" in page


def test_without_script_a_refused_file_is_named_with_its_reason_and_the_good_one_is_kept():
    case = make.a_case()
    client = signed_in()
    hand_in(client, case, upload(files.SVG, "logo.jpg"), upload())
    assert case.case_exhibits.count() == 1
    page = client.get(case.get_absolute_url()).content.decode()
    assert "logo.jpg：这种文件不能作为证据保存" in page
    assert "已保存1个文件。" in page


@pytest.mark.parametrize("headers", [FETCH, HTMX], ids=["fetch", "htmx"])
def test_with_script_the_answer_is_the_list_alone(headers):
    case = make.a_case()
    answer = hand_in(signed_in(), case, upload(), headers=headers)
    assert answer.status_code == 200
    said = answer.content.decode().strip()
    assert re.match(r'<section[^>]* id="exhibits"', said)
    assert "处理中" in said
    assert "<html" not in said


def test_with_script_a_failed_file_stays_in_the_list_with_its_reason():
    case = make.a_case()
    bad = upload(b"\xff\xd8\xff\xe0 no picture", "坏图.jpg")
    answer = hand_in(signed_in(), case, bad, headers=FETCH)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert 'id="exhibits"' in said
    assert "坏图.jpg" in said
    assert "这个文件看起来是图片，但打不开：可能已损坏，或者不是真的图片。" in said
    assert not Exhibit.objects.exists()


def test_no_file_at_all_is_said():
    answer = hand_in(signed_in(), make.a_case(), headers=FETCH)
    assert answer.status_code == 422
    assert "没有收到文件" in answer.content.decode()


def test_an_upload_whose_answer_was_lost_can_be_repeated():
    case = make.a_case()
    for _attempt in range(2):
        assert hand_in(signed_in(), case, upload(), headers=FETCH).status_code == 200
    assert Exhibit.objects.count() == 1
    other = make.a_case()
    assert hand_in(signed_in(), other, upload(), headers=FETCH).status_code == 200
    assert other.case_exhibits.count() == 1  # in another case it is another exhibit


def test_a_file_put_aside_can_be_handed_in_anew():
    shown = a_kept_exhibit()
    views.put_aside(shown)
    assert hand_in(signed_in(), shown.case, upload(), headers=FETCH).status_code == 200
    assert shown.case.case_exhibits.filter(removed_at=None).count() == 1


def test_the_quota_is_said_in_a_sentence(settings):
    settings.EXHIBIT_LIMITS = settings.EXHIBIT_LIMITS | {"per_owner": 100}
    answer = hand_in(signed_in(), make.a_case(), upload(), headers=FETCH)
    assert answer.status_code == 422
    assert "已存满" in answer.content.decode()


def test_a_body_that_is_too_large_is_refused_before_it_is_read(settings, monkeypatch):
    settings.EXHIBIT_LIMITS = settings.EXHIBIT_LIMITS | {"video": 1000}
    read = []
    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.parse", lambda parser: read.append(parser))
    answer = hand_in(signed_in(enforce_csrf_checks=True), make.a_case(), upload(), headers=FETCH)
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith("text/plain")
    assert "分几次交" in answer.content.decode()
    assert not read


def test_handing_in_without_the_forms_token_is_refused():
    case = make.a_case()
    assert hand_in(signed_in(enforce_csrf_checks=True), case, upload()).status_code == 403
    assert not case.case_exhibits.exists()


def test_more_files_than_one_request_may_bring_are_named_one_by_one(monkeypatch):
    monkeypatch.setattr(views, "MOST_FILES", 1)
    case = make.a_case()
    answer = hand_in(signed_in(), case, upload(), upload(files.PDF, "second.pdf"), headers=FETCH)
    assert answer.status_code == 422
    assert "second.pdf" in answer.content.decode()
    assert case.case_exhibits.count() == 1


def test_the_copies_are_rung_for_after_the_commit(monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(tasks, "ring", rung.extend)
    case = make.a_case()
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(signed_in(), case, upload())
        assert rung == []
    assert rung == [Exhibit.objects.get().pk]


def test_a_video_gets_its_kind_and_no_ring(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(tasks, "ring", lambda ids: pytest.fail("nothing to make of a video"))
    case = make.a_case()
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(signed_in(), case, upload(files.mp4(), "开箱.mp4", "video/mp4"))
    assert case.case_exhibits.get().kind == CaseExhibit.Kind.UNBOXING_VIDEO


# -- the list ------------------------------------------------------------------------------------------------


def test_the_list_is_polled_while_a_copy_waits_and_says_nothing_until_it_is_there():
    case = make.a_case()
    client = signed_in()
    hand_in(client, case, upload())
    url = reverse("complaints:exhibit_part", args=[case.public_id])
    first = client.get(url).content.decode()
    seen = re.search(r'data-version="(\w+)"', first).group(1)
    assert f'data-poll="{url}"' in first
    assert client.get(url, {"seen": seen}).status_code == 204
    tasks.make_copies(Exhibit.objects.get().pk)
    fresh = client.get(url, {"seen": seen})
    assert fresh.status_code == 200
    assert "<img" in fresh.content.decode()
    assert "data-poll" not in fresh.content.decode()


def test_the_list_costs_the_same_however_long_it_is(django_assert_num_queries):
    case = make.a_case()
    client = signed_in()
    url = reverse("complaints:exhibit_part", args=[case.public_id])
    make.an_exhibit(case, name="0.jpg")
    with django_assert_num_queries(5):
        client.get(url)
    for number in range(1, 30):
        make.an_exhibit(case, name=f"{number}.jpg")
    with django_assert_num_queries(5):
        assert client.get(url).content.decode().count('class="thumb"') == 30


def test_the_case_page_has_the_list_and_a_form_with_a_camera():
    case = make.a_case()
    page = signed_in().get(case.get_absolute_url()).content.decode()
    assert page.count('id="exhibits"') == 1
    form = re.search(r'<form class="drop".*?</form>', page, re.S).group(0)
    assert 'capture="environment"' in form
    assert 'hx-target="#exhibits"' in form
    assert 'id="exhibits"' not in form  # what is replaced must not hold the form


# -- one exhibit ---------------------------------------------------------------------------------------------


def test_the_original_comes_back_byte_for_byte_to_be_saved_and_never_opened_by_our_pages():
    data = files.jpeg_with_place()
    shown = a_kept_exhibit(data=data, name="照片 1.html")
    answer = signed_in().get(at("exhibit_original", shown))
    body = b"".join(answer.streaming_content)
    assert hashlib.sha256(body).hexdigest() == shown.exhibit.sha256 == hashlib.sha256(data).hexdigest()
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["Content-Disposition"].endswith("%201.html.jpg")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Accept-Ranges"] == "bytes"
    assert int(answer["Content-Length"]) == len(data)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=100-", 206, (100, 4096)),
        ("bytes=-16", 206, (4080, 4096)),
        ("bytes=4000-9999", 206, (4000, 4096)),
        ("bytes=4096-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=0-1,5-6", 200, (0, 4096)),
        ("bytes=9-1", 200, (0, 4096)),
        ("bytes=-", 200, (0, 4096)),
        ("lines=0-9", 200, (0, 4096)),
        ("bytes=٣-٩", 200, (0, 4096)),
    ],
)
def test_a_part_of_a_video_can_be_asked_for(asked, status, part):
    data = bytes(files.mp4(64)) + bytes(place % 251 for place in range(4096 - 64))
    shown = a_kept_exhibit(data=data, name="clip.mp4")
    client = signed_in()
    for name in ("exhibit_original", "exhibit_video"):
        answer = client.get(at(name, shown), headers={"Range": asked})
        assert answer.status_code == status
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] == "video/mp4"
        assert answer["Content-Disposition"].startswith("attachment")
        if part is None:
            assert answer["Content-Range"] == "bytes */4096"
            continue
        assert b"".join(answer.streaming_content) == data[slice(*part)]
        if status == 206:
            assert answer["Content-Range"] == f"bytes {part[0]}-{part[1] - 1}/4096"


def test_a_part_of_other_bytes_than_the_player_has_begun_with_is_the_whole():
    shown = a_kept_exhibit(data=files.mp4(), name="clip.mp4")
    headers = {"Range": "bytes=0-9", "If-Range": '"other"'}
    assert signed_in().get(at("exhibit_video", shown), headers=headers).status_code == 200
    headers["If-Range"] = f'"{shown.exhibit.sha256}"'
    assert signed_in().get(at("exhibit_video", shown), headers=headers).status_code == 206


def test_a_player_gets_a_long_video_bit_by_bit(monkeypatch):
    monkeypatch.setattr(served, "MOST_PLAYED", 1000)
    shown = a_kept_exhibit(data=files.mp4(), name="clip.mp4")
    answer = signed_in().get(at("exhibit_video", shown), headers={"Range": "bytes=0-"})
    assert answer["Content-Range"] == "bytes 0-999/4096"
    page = signed_in().get(at("exhibit_detail", shown)).content.decode()
    assert f'<video class="player" controls preload="none" src="{at("exhibit_video", shown)}"' in page


def test_what_is_no_video_is_not_played():
    assert signed_in().get(at("exhibit_video", a_kept_exhibit())).status_code == 404


@pytest.mark.parametrize("name", ["exhibit_copy", "exhibit_thumbnail"])
def test_copies_are_shown_without_the_place_the_phone_wrote(name):
    shown = a_kept_exhibit(data=files.jpeg_with_place())
    answer = signed_in().get(at(name, shown))
    image = Image.open(io.BytesIO(answer.content))
    assert image.format == "WEBP"
    assert not dict(image.getexif())
    assert answer["Content-Type"] == "image/webp"
    assert answer["Content-Disposition"] == "inline"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_an_original_that_was_lost_is_an_error_before_anything_is_sent():
    shown = a_kept_exhibit(data=files.PDF, name="paper.pdf")
    default_storage.delete(shown.exhibit.file)
    client = signed_in()
    client.raise_request_exception = False
    assert client.get(at("exhibit_original", shown)).status_code == 500


def test_asking_only_for_the_headers_opens_no_file(monkeypatch):
    shown = a_kept_exhibit(data=files.PDF, name="paper.pdf")
    monkeypatch.setattr(default_storage, "open", lambda *_args: pytest.fail("nobody reads it"))
    assert int(signed_in().head(at("exhibit_original", shown))["Content-Length"]) == len(files.PDF)


def test_a_copy_that_is_not_there_is_not_found():
    shown = a_kept_exhibit(data=files.PDF, name="paper.pdf")
    for name in ("exhibit_copy", "exhibit_thumbnail"):
        assert signed_in().get(at(name, shown)).status_code == 404


@pytest.mark.parametrize("who", ["other@example.com", "lin@example.com"])
def test_nobody_else_finds_anything(who):
    shown = a_kept_exhibit()
    make.a_volunteer("lin@example.com")
    client = signed_in(make.a_user(who))
    for name in ("exhibit_detail", "exhibit_original", "exhibit_copy", "exhibit_thumbnail"):
        assert client.get(at(name, shown)).status_code == 404
    for name in ("exhibit_edit", "exhibit_remove"):
        assert client.post(at(name, shown), {"kind": "chat"}).status_code == 404
    assert client.get(reverse("complaints:exhibit_part", args=[shown.case.public_id])).status_code == 404
    assert hand_in(client, shown.case, upload(files.PDF)).status_code == 404
    shown.refresh_from_db()
    assert shown.removed_at is None
    assert Exhibit.objects.count() == 1


def test_an_exhibit_is_not_found_by_way_of_another_case_of_its_owner():
    shown = a_kept_exhibit()
    other = make.a_case()
    url = reverse("complaints:exhibit_original", args=[other.public_id, shown.exhibit.public_id])
    assert signed_in().get(url).status_code == 404


def test_what_it_shows_can_be_said_and_a_wrong_kind_is_refused():
    shown = a_kept_exhibit()
    client = signed_in()
    answer = client.post(at("exhibit_edit", shown), {"kind": "chat", "caption": "客服承认发错货"})
    assert answer.status_code == 302
    shown.refresh_from_db()
    assert (shown.kind, shown.caption) == ("chat", "客服承认发错货")
    page = client.get(at("exhibit_detail", shown)).content.decode()
    assert "客服承认发错货" in page
    assert shown.exhibit.sha256 in page
    wrong = client.post(at("exhibit_edit", shown), {"kind": "gossip", "caption": "x" * 300}, headers=HTMX)
    assert wrong.status_code == 422
    assert 'id="exhibit-edit"' in wrong.content.decode()
    shown.refresh_from_db()
    assert shown.kind == "chat"


def test_a_kind_that_was_guessed_is_put_right_in_one_tap_and_is_a_guess_no_more():
    shown = a_kept_exhibit(name="mmexport.jpg")
    assert (shown.kind, shown.guessed) == ("photo", True)
    client = signed_in()
    shown.caption = "领口"
    shown.save(update_fields=["caption"])
    page = client.get(at("exhibit_detail", shown)).content.decode()
    assert re.search(r'<button[^>]* name="kind" value="order"', page)
    assert client.post(at("exhibit_edit", shown), {"kind": "order"}).status_code == 302
    shown.refresh_from_db()
    assert (shown.kind, shown.guessed, shown.caption) == ("order", False, "领口")
    assert 'id="exhibit-kind"' not in client.get(at("exhibit_detail", shown)).content.decode()


def test_what_the_device_said_is_for_the_owners_page_alone():
    shown = a_kept_exhibit(data=files.jpeg_with_place())
    page = signed_in().get(at("exhibit_detail", shown)).content.decode()
    for said in ("2026-11-08 18:30:00+08:00", "TellingMaker Phone 7", "31.230278, 121.473611"):
        assert said in page
    review = make.a_review(shown.case, by=make.a_volunteer("lin@example.com"), shows_pictures=True)
    volunteer = signed_in(make.a_user("lin@example.com"))
    seen = volunteer.get(reverse("complaints:review_item", args=[review.public_id])).content.decode()
    assert "TellingMaker" not in seen
    assert "31.23" not in seen
    copy = reverse("complaints:review_picture", args=[review.public_id, shown.exhibit.public_id])
    assert not dict(Image.open(io.BytesIO(volunteer.get(copy).content)).getexif())


# -- their order, and those that look alike --------------------------------------------------------------------


def in_order(case) -> list[str]:
    return [shown.exhibit.name for shown in case.case_exhibits.select_related("exhibit").filter(removed_at=None)]


def test_exhibits_stand_in_the_order_that_their_owner_gives_them():
    case = make.a_case()
    rows = [make.an_exhibit(case, name=f"{name}.jpg") for name in "abcd"]
    client = signed_in()
    assert client.post(at("exhibit_move", rows[2]) + "?as=list", {"to": "up"}).status_code == 302
    assert in_order(case) == ["a.jpg", "c.jpg", "b.jpg", "d.jpg"]
    said = client.post(at("exhibit_move", rows[0]) + "?as=list", {"to": "down"}, headers=HTMX).content.decode()
    assert in_order(case) == ["c.jpg", "a.jpg", "b.jpg", "d.jpg"]
    assert re.findall(r"([a-d])\.jpg</a>", said) == ["c", "a", "b", "d"]
    move(rows[3], 1)  # it is the last
    move(rows[3], -9)
    assert in_order(case) == ["d.jpg", "c.jpg", "a.jpg", "b.jpg"]
    views.put_aside(rows[1])
    move(rows[1], -1)  # it is not among them
    hand_in(client, case, upload(files.PDF, "new.pdf"))
    assert in_order(case) == ["d.jpg", "c.jpg", "a.jpg", "new.pdf"]


def test_the_page_of_all_exhibits_is_a_list_to_arrange_or_a_wall_of_pictures():
    case = make.a_case()
    make.an_exhibit(case, name="a.jpg")
    client = signed_in()
    here = reverse("complaints:exhibit_list", args=[case.public_id])
    page = client.get(here).content.decode()
    assert '<ol class="pieces">' in page
    assert f'action="{here}?as=list"' in page  # what is handed in here comes back here
    assert '<ul class="thumbs">' in client.get(here, {"as": "grid"}).content.decode()
    assert hand_in(client, case, upload()).url.endswith("#exhibits")
    assert client.post(f"{here}?as=list", {"files": upload(files.PDF, "a.pdf")}).url == f"{here}?as=list"


def test_a_picture_that_looks_like_one_before_it_is_hinted_at_and_kept():
    case = make.a_case()
    client = signed_in()
    room = files.room(3)
    first = upload(files.saved(room, "JPEG", quality=92), "原图.jpg")
    again = upload(files.saved(room.resize((400, 300)), "JPEG", quality=60), "微信转发.jpg")
    hand_in(client, case, first, again, upload(files.saved(files.room(4), "JPEG"), "另一张.jpg"))
    page = client.get(reverse("complaints:exhibit_list", args=[case.public_id])).content.decode()
    assert page.count("看起来和这件一样") == 1
    assert case.case_exhibits.count() == 3
    shown = case.case_exhibits.get(exhibit__name="原图.jpg")
    assert "微信转发.jpg" in client.get(at("exhibit_detail", shown)).content.decode()


def test_an_exhibit_of_no_case_yet_can_be_put_into_one_later():
    owner = make.a_user()
    exhibit = take_in(owner, io.BytesIO(files.PDF), "order.pdf")
    shown = show_in_case(make.a_case(owner), exhibit, "order", "下单时的页面")
    assert (shown.kind, shown.guessed, shown.caption, shown.place) == ("order", False, "下单时的页面", 1)


def test_an_exhibit_put_aside_keeps_its_bytes_and_can_be_brought_back():
    shown = a_kept_exhibit()
    client = signed_in()
    first = client.post(at("exhibit_remove", shown), headers=HTMX).content.decode()
    assert "已移出的证据" in first
    assert "<img" not in first
    assert default_storage.exists(shown.exhibit.file)
    again = client.post(at("exhibit_remove", shown), {"undo": "1"}, headers=HTMX).content.decode()
    assert "<img" in again
    assert "已移出的证据" not in again
    assert client.post(at("exhibit_remove", shown)).url == f"{shown.case.get_absolute_url()}#exhibits"


def test_names_are_shown_as_text_whatever_they_are():
    shown = a_kept_exhibit(name='"><script>alert(1)</script>\u202egpj.jpg')
    page = signed_in().get(at("exhibit_detail", shown)).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page
