import hashlib
import io
import os
import random
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from evidence import keep as keeping
from evidence import pictures
from evidence.keep import Busy, DiskFull, Empty, NotAPicture, OverQuota, Refused, TooLarge, WrongType, forget, keep
from evidence.models import Exhibit
from tests import make
from tests.evidence import files

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


def kept_files() -> list[str]:
    """Every file of the storage, so that a refusal can be seen to leave nothing."""
    found = []
    for folder, _folders, names in os.walk(default_storage.location):
        found += [os.path.join(folder, name) for name in names]
    return sorted(found)


def kept(data: bytes, name: str = "photo.jpg") -> Exhibit:
    return keep(make.a_user(), io.BytesIO(data), name)


def bytes_of(exhibit: Exhibit) -> bytes:
    with default_storage.open(exhibit.file) as file:
        return file.read()


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (files.jpeg(), "image/jpeg"),
        (files.png(), "image/png"),
        (files.saved(files.scene(), "WEBP"), "image/webp"),
        (files.gif_of_many_frames(), "image/gif"),
        (files.saved(files.scene(), "AVIF"), "image/avif"),
        (files.HEIC, "image/heic"),
    ],
    ids=["jpeg", "png", "webp", "gif", "avif", "heic"],
)
def test_a_picture_is_kept_byte_for_byte_and_waits_for_its_copy(data, content_type):
    exhibit = kept(data)
    assert bytes_of(exhibit) == data
    assert exhibit.sha256 == hashlib.sha256(data).hexdigest()
    assert (exhibit.size, exhibit.content_type, exhibit.copy) == (len(data), content_type, "waiting")
    assert exhibit.width
    assert exhibit.height


@pytest.mark.parametrize(
    ("data", "content_type"),
    [(files.PDF, "application/pdf"), (files.mp4(), "video/mp4"), (files.mov(), "video/quicktime")],
    ids=["pdf", "mp4", "mov"],
)
def test_a_pdf_or_video_is_kept_and_never_decoded(data, content_type):
    exhibit = kept(data, "file")
    assert bytes_of(exhibit) == data
    assert (exhibit.content_type, exhibit.copy, exhibit.width) == (content_type, "none", None)


def zip_of_a_page() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.html", files.HTML)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        files.SVG,
        files.HTML,
        b"<html xmlns='http://www.w3.org/1999/xhtml'></html>",
        b"just words",
        zip_of_a_page(),
        b"MZ" + b"\0" * 100,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"BM" + b"\0" * 100,
        b"II*\0" + b"\0" * 100,
        b"OggS" + b"\0" * 100,
    ],
    ids=["svg", "html", "xhtml", "text", "zip", "exe", "office", "bmp", "tiff", "ogg"],
)
@pytest.mark.parametrize("name", ["photo.jpg", "clip.mp4"])
def test_anything_else_is_refused_with_a_sentence_whatever_it_is_called(data, name):
    before = kept_files()
    with pytest.raises(WrongType, match="不能作为证据保存"):
        kept(data, name)
    assert kept_files() == before
    assert not Exhibit.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xe0" + files.HTML,
        b"GIF89a" + b"/*" + b"\0" * 100 + b"*/=1;alert(1)",
        b"\x89PNG\r\n\x1a\n" + files.SVG,
        files.jpeg()[:9000],
        files.heic_in_name_only(),
    ],
    ids=["html behind jpeg", "script behind gif", "svg behind png", "cut off", "empty heic"],
)
def test_a_picture_that_is_none_is_refused_with_a_clear_sentence(data):
    before = kept_files()
    with pytest.raises(NotAPicture) as refusal:
        kept(data)
    assert refusal.value.why == "这个文件看起来是图片，但打不开：可能已损坏，或者不是真的图片。"
    assert kept_files() == before


def test_a_file_that_is_also_an_archive_is_kept_unchanged_as_the_picture_that_it_is():
    data = files.jpeg() + zip_of_a_page()
    exhibit = kept(data, "photo.zip")
    assert exhibit.content_type == "image/jpeg"
    assert bytes_of(exhibit) == data


@pytest.mark.parametrize("edge", [6500, 13000], ids=["a little too many pixels", "far too many"])
def test_a_picture_bomb_is_kept_and_never_decoded(edge):
    exhibit = kept(files.png_bomb(edge, edge), "bomb.png")
    assert (exhibit.copy, exhibit.width, exhibit.height) == ("none", edge, edge)
    assert exhibit.hash == ""


def test_a_photo_of_48_million_pixels_is_kept_and_shown():
    exhibit = kept(files.large_jpeg(8064, 6048))
    assert (exhibit.copy, exhibit.width, exhibit.height) == ("waiting", 8064, 6048)


def test_a_picture_that_takes_too_long_is_kept_without_a_preview(settings):
    settings.PICTURE_LIMITS = settings.PICTURE_LIMITS | {"wall_seconds": 0.01}
    assert kept(files.jpeg()).copy == "none"


def test_who_waited_too_long_for_their_turn_is_told_to_try_again(settings):
    settings.PICTURE_LIMITS = settings.PICTURE_LIMITS | {"turn_seconds": 0.05}
    with pictures.my_turn(), pytest.raises(Busy, match="稍后再交"):
        kept(files.jpeg())
    assert not Exhibit.objects.exists()


def test_what_a_phone_says_of_a_picture_is_kept_beside_it():
    assert kept(files.jpeg_with_place()).facts == {
        "taken": "2026-11-08T18:30:00+08:00",
        "device": "TellingMaker Phone 7",
        "software": "Camera 3",
        "place": "31.230278,121.473611",
    }
    assert kept(files.HEIC).facts == {"device": "TellingMaker"}
    assert kept(files.png()).facts == {}


@pytest.mark.parametrize("seed", range(4))
def test_damaged_metadata_is_no_reason_to_refuse_a_picture(seed):
    data = bytearray(files.jpeg_with_place())
    start, end = data.index(b"Exif\0\0") + 6, data.index(b"SERIAL-4711")
    rolled = random.Random(seed)
    for _hit in range(12):
        data[rolled.randrange(start, end)] = rolled.randrange(256)
    exhibit = kept(bytes(data))
    assert {exhibit.width, exhibit.height} == {800, 600}
    assert pictures.make_copies(exhibit.pk) == "ready"


def test_an_empty_file_is_refused():
    with pytest.raises(Empty, match="空的"):
        kept(b"")


def test_each_type_has_its_own_largest_size(settings):
    settings.EXHIBIT_LIMITS = {"picture": MEGABYTE, "video": 2 * MEGABYTE, "per_owner": 100 * MEGABYTE}
    assert kept(files.mp4(2 * MEGABYTE), "clip.mp4").size == 2 * MEGABYTE
    with pytest.raises(TooLarge, match="不超过2 MB"):
        kept(files.mp4(2 * MEGABYTE + 1), "clip.mp4")
    with pytest.raises(TooLarge, match="不超过1 MB"):
        kept(files.PDF.ljust(MEGABYTE + 1), "paper.pdf")


def test_nobody_may_keep_more_than_their_room(settings):
    settings.EXHIBIT_LIMITS = {"picture": MEGABYTE, "video": MEGABYTE, "per_owner": 3 * 4096}
    for _round in range(3):
        kept(files.mp4(4096), "clip.mp4")
    before = kept_files()
    with pytest.raises(OverQuota, match="已存满"):
        kept(files.mp4(4096), "clip.mp4")
    assert kept_files() == before
    assert keep(make.a_user("other@example.com"), io.BytesIO(files.mp4(4096)), "clip.mp4").size == 4096


def test_room_that_went_while_we_were_writing_is_noticed_and_leaves_nothing(settings, monkeypatch):
    settings.EXHIBIT_LIMITS = {"picture": MEGABYTE, "video": MEGABYTE, "per_owner": 4096}
    owner, really_write, before = make.a_user(), keeping.write, kept_files()

    def write_while_another_finishes(*file):
        monkeypatch.setattr(keeping, "write", really_write)
        keep(owner, io.BytesIO(files.mp4(4000)), "first.mp4")
        return really_write(*file)

    monkeypatch.setattr(keeping, "write", write_while_another_finishes)
    with pytest.raises(OverQuota):
        keep(owner, io.BytesIO(files.mov()), "second.mov")
    assert len(kept_files()) == len(before) + 1
    assert Exhibit.objects.get().name == "first.mp4"


def test_what_belongs_to_an_exhibit_is_written_with_it_or_neither_is():
    def fails(exhibit):
        assert Exhibit.objects.filter(pk=exhibit.pk).exists()
        raise KeyError("no such case")

    before = kept_files()
    with pytest.raises(KeyError):
        keep(make.a_user(), io.BytesIO(files.PDF), "paper.pdf", then=fails)
    assert not Exhibit.objects.exists()
    assert kept_files() == before


def test_a_full_disk_is_said_and_leaves_no_row(monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(DiskFull, match="空间不够"):
        kept(files.PDF)
    assert not Exhibit.objects.exists()


def test_a_storage_that_kept_something_else_is_noticed_before_there_is_a_row(monkeypatch):
    really, before = keeping.save_durably, kept_files()
    monkeypatch.setattr(keeping, "save_durably", lambda name, file: really(name, ContentFile(file.read()[::-1])))
    with pytest.raises(keeping.NotWritten):
        kept(files.PDF)
    assert kept_files() == before
    assert not Exhibit.objects.exists()


def test_the_bytes_and_their_folders_are_on_the_disk_before_the_row_exists(monkeypatch):
    synced, really = [], os.fsync

    def watched(descriptor):
        synced.append((os.readlink(f"/proc/self/fd/{descriptor}"), Exhibit.objects.count()))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    exhibit = kept(files.PDF)
    path = default_storage.path(exhibit.file)
    folders = [os.path.dirname(path), os.path.dirname(os.path.dirname(path))]
    assert [where for where, _rows in synced][:3] == [path, *folders]
    assert {rows for _where, rows in synced} == {0}


def test_the_same_bytes_among_what_is_there_are_the_same_exhibit():
    first = kept(files.PDF, "one.pdf")
    before = kept_files()
    again = keep(first.owner, io.BytesIO(files.PDF), "two.pdf", among=Exhibit.objects.all())
    assert again == first
    assert kept_files() == before
    assert keep(first.owner, io.BytesIO(files.PDF), "two.pdf", among=Exhibit.objects.none()) != first


def test_an_upload_is_kept_the_same_from_memory_and_from_disk():
    large = TemporaryUploadedFile("photo.jpg", "text/html", 0, None)
    large.write(files.jpeg())
    large.flush()
    on_disk = keep(make.a_user(), large, large.name)
    in_memory = keep(make.a_user(), SimpleUploadedFile("photo.jpg", files.jpeg(), "text/html"), "photo.jpg")
    assert on_disk.sha256 == in_memory.sha256
    assert os.path.exists(large.temporary_file_path())  # ours to read, not to take
    assert on_disk.content_type == "image/jpeg"
    assert on_disk.file != in_memory.file


def test_the_key_says_nothing_and_the_file_is_its_owners_alone():
    exhibit = kept(files.PDF, "张三的体检报告.pdf")
    assert exhibit.file.startswith("exhibits/")
    assert "." not in exhibit.file
    assert os.stat(default_storage.path(exhibit.file)).st_mode & 0o077 == 0


@pytest.mark.parametrize("harm", [b"", files.PDF + b" ", files.PDF.replace(b"1.7", b"1.6"), None])
def test_an_original_that_changed_or_vanished_is_noticed(harm):
    exhibit = kept(files.PDF)
    assert keeping.is_unchanged(exhibit)
    default_storage.delete(exhibit.file)
    if harm is not None:
        default_storage.save(exhibit.file, ContentFile(harm))
    assert not keeping.is_unchanged(exhibit)


def test_what_is_forgotten_is_gone_once_that_is_certain(django_capture_on_commit_callbacks):
    exhibit = kept(files.PDF)
    path = default_storage.path(exhibit.file)
    with django_capture_on_commit_callbacks(execute=True):
        forget(exhibit)
        assert os.path.exists(path)  # a row that is rolled back still has its bytes
    assert not os.path.exists(path)
    assert not Exhibit.objects.exists()


def test_a_refusal_is_always_a_sentence():
    for data in (b"", files.SVG, files.heic_in_name_only()):
        with pytest.raises(Refused) as refusal:
            kept(data)
        assert refusal.value.why.endswith("。")
