import hashlib
import io
import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from complaints.models import CaseExhibit
from complaints.views import exhibits as views
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
    url = reverse("complaints:exhibit_add", args=[case.public_id])
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
    assert case.case_exhibits.get().kind == CaseExhibit.Kind.VIDEO


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
    with django_assert_num_queries(4):
        client.get(url)
    for number in range(1, 30):
        make.an_exhibit(case, name=f"{number}.jpg")
    with django_assert_num_queries(4):
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
    assert int(answer["Content-Length"]) == len(data)


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
