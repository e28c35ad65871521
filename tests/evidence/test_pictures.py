import io
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image
from redis.exceptions import ResponseError

from evidence import pictures, tasks
from evidence.keep import keep
from evidence.models import Exhibit
from tests import make
from tests.evidence import files


def made_of(data: bytes, content_type: str = "image/jpeg") -> pictures.Picture:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return pictures.copies(file, content_type)


def webp(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=["WEBP"])
    image.load()
    return image


def is_red(image: Image.Image, x: int, y: int) -> bool:
    red, green, blue = image.convert("RGB").getpixel((x, y))
    return red > 150 and green < 90 and blue < 90


def test_the_place_and_all_else_a_phone_writes_is_gone_from_what_is_shown():
    data = files.jpeg_with_place()
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)  # it was there
    made = made_of(data)
    for copy in (made.copy, made.thumbnail):
        image = webp(copy)
        assert not dict(image.getexif())
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
        for secret in (b"TellingMaker", b"SERIAL-4711", b"private note", b"Exif", b"EXIF"):
            assert secret not in copy


@pytest.mark.parametrize(
    ("orientation", "corner"),
    list(enumerate(["left top", "right top", "right bottom", "left bottom"] * 2, start=1)),
)
def test_a_turned_picture_is_shown_upright(orientation, corner):
    made = made_of(files.jpeg_with_place(orientation))
    size = (800, 600) if orientation < 5 else (600, 800)
    assert (made.width, made.height) == size
    copy = webp(made.copy)
    assert copy.size == size
    x = 20 if "left" in corner else size[0] - 20
    y = 20 if "top" in corner else size[1] - 20
    assert is_red(copy, x, y)
    assert not is_red(copy, size[0] - 1 - x, size[1] - 1 - y)


def test_a_large_picture_is_shown_small_and_its_thumbnail_light():
    made = made_of(files.jpeg(4000, 3000))
    assert (made.width, made.height) == (4000, 3000)
    assert webp(made.copy).size == (2000, 1500)
    assert max(webp(made.thumbnail).size) == 320
    assert len(made.thumbnail) <= 25 * 1024


def test_the_words_of_a_long_screenshot_stay_as_large_as_they_were_and_its_thumbnail_shows_its_beginning():
    page = Image.new("RGB", (1080, 9000), "white")
    page.paste((255, 0, 0), (0, 0, 1080, 1600))
    made = made_of(files.saved(page, "PNG"), "image/png")
    assert webp(made.copy).size == (1080, 9000)
    thumbnail = webp(made.thumbnail)
    assert thumbnail.size == (213, 320)
    assert is_red(thumbnail, 100, 300)


def test_a_photo_of_48_million_pixels_is_decoded_to_a_part_of_them_and_shown():
    made = made_of(files.large_jpeg(8064, 6048))
    assert (made.width, made.height) == (8064, 6048)
    assert webp(made.copy).size == (2000, 1500)


def test_a_photo_with_a_second_picture_behind_it_as_some_phones_write_is_shown():
    depth = Image.new("L", (80, 60), 9)
    data = files.saved(files.scene(800, 600), "MPO", save_all=True, append_images=[depth])
    assert webp(made_of(data).copy).size == (800, 600)


def test_a_heic_of_many_tiles_is_shown():
    assert webp(made_of(files.heic_of_tiles(2, 1), "image/heic").copy).size == (1024, 512)


def test_too_many_pixels_are_counted_before_any_is_decoded():
    with pytest.raises(pictures.TooMuch) as much:
        made_of(files.heic_of_tiles(15, 14), "image/heic")
    assert (much.value.picture.width, much.value.picture.height) == (7680, 7168)


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_an_animation_that_says_it_is_a_giant_is_not_believed_with_memory(kind):
    with pytest.raises(pictures.TooMuch):
        made_of(files.giant_animation(kind), f"image/{kind}")


def looks(image: Image.Image, kind: str = "JPEG", **options: object) -> str:
    with tempfile.TemporaryFile() as file:
        file.write(files.saved(image, kind, **options))
        file.flush()
        return pictures.look(file, f"image/{kind.lower()}").hash


def test_a_picture_sent_again_smaller_or_by_another_app_looks_alike_and_another_picture_does_not():
    rooms = [files.room(seed) for seed in range(6)]
    first = looks(rooms[0], quality=95)
    assert pictures.look_alike(first, looks(rooms[0].resize((300, 225)), quality=40))
    assert pictures.look_alike(first, looks(rooms[0], "WEBP", quality=50))
    assert not any(pictures.look_alike(first, looks(room)) for room in rooms[1:])


def test_a_turned_photo_looks_like_itself_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = looks(files.room(1).transpose(Image.Transpose.ROTATE_90), exif=exif)
    assert pictures.look_alike(turned, looks(files.room(1)))


def test_pictures_with_hardly_anything_in_them_never_look_alike():
    blank = looks(Image.new("RGB", (200, 200), "white"))
    assert not pictures.look_alike(blank, blank)
    assert not pictures.look_alike("", "")


def test_the_thumbnail_of_pure_noise_is_light_too():
    noise = Image.effect_noise((1600, 1600), 200).convert("RGB")
    made = made_of(files.saved(noise, "PNG"), "image/png")
    assert len(made.thumbnail) <= 25 * 1024
    assert max(webp(made.thumbnail).size) <= 320


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_every_way_of_storing_colours_can_be_shown(mode):
    image = files.scene(200, 100)
    if mode == "I;16":
        image = image.convert("L").convert("I").point(lambda value: value * 256)
    kind = "JPEG" if mode in ("CMYK", "YCbCr") else "PNG"
    made = made_of(files.saved(image.convert(mode), kind), f"image/{kind.lower()}")
    copy = webp(made.copy)
    assert copy.size == (200, 100)
    darkest, lightest = copy.convert("L").getextrema()
    assert lightest - darkest > 100  # the picture came through, neither black nor blown out


def test_what_is_transparent_is_shown_on_white():
    glass = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    made = made_of(files.saved(glass, "PNG"), "image/png")
    assert webp(made.copy).convert("RGB").getpixel((25, 25)) == (255, 255, 255)


def test_of_an_animation_the_first_frame_is_shown():
    made = made_of(files.gif_of_many_frames(), "image/gif")
    copy = webp(made.copy)
    assert copy.size == (32, 32)
    assert not getattr(copy, "is_animated", False)


def test_a_heic_of_a_phone_is_shown():
    made = made_of(files.HEIC, "image/heic")
    assert (made.width, made.height) == (64, 48)
    assert webp(made.copy).size == (64, 48)
    assert is_red(webp(made.copy), 5, 5)
    assert b"TellingMaker" not in made.copy


def test_a_decoder_opens_only_the_type_that_was_sniffed():
    with pytest.raises(pictures.NotAPicture):
        made_of(files.png(), "image/jpeg")


def test_a_process_that_overruns_its_time_is_killed(settings):
    settings.PICTURE_LIMITS = settings.PICTURE_LIMITS | {"wall_seconds": 0.05}
    started = time.monotonic()
    with pytest.raises(pictures.Overrun):
        made_of(files.jpeg(4000, 3000))
    assert time.monotonic() - started < 30


def test_a_process_that_overruns_its_cpu_is_killed(tmp_path, monkeypatch):
    endless = tmp_path / "endless.py"
    endless.write_text(
        f"import sys; sys.path.insert(0, {str(pictures.PROCESS.parent)!r})\n"
        "import picture_process\n"
        "picture_process.WORKS['look'] = lambda *_all: [None for _ in iter(int, 1)]\n"
        "sys.exit(picture_process.main())\n"
    )
    monkeypatch.setattr(pictures, "PROCESS", endless)
    monkeypatch.setitem(settings.PICTURE_LIMITS, "cpu_seconds", 1)
    with tempfile.TemporaryFile() as file:
        file.write(files.png())
        file.flush()
        with pytest.raises(pictures.Overrun, match="signal"):
            pictures.look(file, "image/png")


def test_a_process_may_not_take_more_memory_than_it_was_given(settings):
    settings.PICTURE_LIMITS = settings.PICTURE_LIMITS | {"memory": 400 * 1024 * 1024, "pixels": 999_000_000}
    with pytest.raises(pictures.TooMuch):
        made_of(files.png_bomb(25_000, 25_000), "image/png")
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != 400 * 1024 * 1024  # its limit, not ours


def test_the_process_can_write_no_file():
    script = (
        f"import sys; sys.path.insert(0, {str(pictures.PROCESS.parent)!r})\n"
        "import picture_process\n"
        "picture_process.limit(1 << 30, 5)\n"
        "open(sys.argv[1], 'wb', buffering=0).write(b'x')\n"
    )
    with tempfile.NamedTemporaryFile() as file:
        done = subprocess.run([sys.executable, "-c", script, file.name], capture_output=True, check=False)
        assert done.returncode != 0
        assert file.read() == b""


# -- the copies that wait ----------------------------------------------------------------------------------


def an_exhibit(data: bytes | None = None) -> Exhibit:
    return keep(make.a_user(), io.BytesIO(data or files.jpeg_with_place()), "photo.jpg")


@pytest.mark.django_db
def test_the_task_makes_the_copies_once_and_leaves_the_original_alone():
    data = files.jpeg_with_place()
    exhibit = an_exhibit(data)
    assert tasks.make_copies(exhibit.pk) == "ready"
    exhibit.refresh_from_db()
    first = (exhibit.copy_file, exhibit.thumbnail_file)
    assert tasks.make_copies(exhibit.pk) == "ready"
    exhibit.refresh_from_db()
    assert (exhibit.copy_file, exhibit.thumbnail_file) == first
    assert exhibit.attempts == 1
    with default_storage.open(exhibit.file) as file:
        assert file.read() == data


@pytest.mark.django_db
def test_of_two_workers_at_once_the_first_to_finish_is_kept_and_no_file_is_left_over(monkeypatch):
    exhibit, really = an_exhibit(), pictures.copies_of

    def while_another_finishes(mine):
        monkeypatch.setattr(pictures, "copies_of", really)
        pictures.make_copies(mine.pk)
        return really(mine)

    monkeypatch.setattr(pictures, "copies_of", while_another_finishes)
    deleted = []
    monkeypatch.setattr(type(default_storage._wrapped), "delete", lambda _self, name: deleted.append(name))
    assert pictures.make_copies(exhibit.pk) == "ready"
    exhibit.refresh_from_db()
    assert len(deleted) == 2
    assert exhibit.copy_file not in deleted
    assert default_storage.exists(exhibit.copy_file)


@pytest.mark.django_db
def test_a_picture_that_kills_its_process_is_tried_three_times_and_then_said_to_have_no_copy(settings):
    exhibit = an_exhibit()
    settings.PICTURE_LIMITS = settings.PICTURE_LIMITS | {"wall_seconds": 0.01}
    assert [tasks.make_copies(exhibit.pk) for _ring in range(4)] == ["waiting", "waiting", "waiting", "failed"]
    exhibit.refresh_from_db()
    assert exhibit.attempts == 3


@pytest.mark.django_db
def test_waiting_for_the_turn_of_others_is_no_attempt(settings):
    exhibit = an_exhibit()
    settings.PICTURE_LIMITS = settings.PICTURE_LIMITS | {"turn_seconds": 0.01}
    with pictures.my_turn():
        assert tasks.make_copies(exhibit.pk) == "waiting"
    exhibit.refresh_from_db()
    assert exhibit.attempts == 0
    assert tasks.make_copies(exhibit.pk) == "ready"


@pytest.mark.django_db
def test_an_original_that_was_damaged_is_not_tried_again():
    exhibit = an_exhibit()
    default_storage.delete(exhibit.file)
    default_storage.save(exhibit.file, ContentFile(b"\xff\xd8\xff\xe0 rust"))
    assert tasks.make_copies(exhibit.pk) == "failed"


@pytest.mark.django_db
def test_an_exhibit_that_is_gone_is_no_error():
    assert tasks.make_copies(4711) == "gone"


@pytest.mark.django_db
def test_the_sweep_rings_for_those_that_waited_too_long(monkeypatch, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:6379/15"
    rung: list[int] = []
    monkeypatch.setattr(tasks.make_copies, "delay", rung.append)
    late, fresh, done = an_exhibit(), an_exhibit(), an_exhibit()
    a_while_ago = timezone.now() - timedelta(minutes=2)
    Exhibit.objects.filter(pk__in=[late.pk, done.pk]).update(received_at=a_while_ago)
    Exhibit.objects.filter(pk=done.pk).update(copy=Exhibit.Copy.READY)
    assert tasks.sweep_copies() == 0
    assert rung == [late.pk]
    assert fresh.copy == Exhibit.Copy.WAITING


@pytest.mark.django_db
def test_what_nobody_hears_of_is_made_by_the_sweep_itself(monkeypatch, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:6379/15"
    monkeypatch.setattr(tasks.make_copies, "delay", lambda _id: None)  # taken by the broker, heard by nobody
    exhibit = an_exhibit(files.png())
    Exhibit.objects.update(received_at=timezone.now() - timedelta(minutes=10))
    assert tasks.sweep_copies() == 1
    exhibit.refresh_from_db()
    assert exhibit.copy == Exhibit.Copy.READY


@pytest.mark.django_db
def test_without_a_broker_the_sweep_makes_the_copies_from_the_table(monkeypatch):
    exhibits = [an_exhibit(files.png()), an_exhibit(files.jpeg())]
    monkeypatch.setattr(tasks.make_copies, "delay", lambda _id: pytest.fail("there is no broker to ring"))
    tasks.ring(exhibit.pk for exhibit in exhibits)
    assert tasks.sweep_copies() == 2
    assert tasks.sweep_copies() == 0
    assert set(Exhibit.objects.values_list("copy", flat=True)) == {"ready"}


@pytest.mark.parametrize("error", [tasks.BrokerGone("no route"), ResponseError("OOM command not allowed"), OSError()])
def test_a_broker_that_is_gone_or_full_is_no_error(monkeypatch, settings, error):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:6379/15"
    tried = []

    def gone(exhibit_id):
        tried.append(exhibit_id)
        raise error

    monkeypatch.setattr(tasks.make_copies, "delay", gone)
    tasks.ring([1, 2])
    assert tried == [1]  # one wait for a broker that is away, not one for each
