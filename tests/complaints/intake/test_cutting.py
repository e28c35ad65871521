import base64
from email.message import EmailMessage

import pytest

from complaints.intake import cutting
from complaints.intake.cutting import NotCut, cut, files_in
from tests.evidence import files

LIMITS = {"cpu_seconds": 5, "memory": 512 * 1024 * 1024, "wall_seconds": 30}
PHOTO = files.saved(files.scene(900, 700), "JPEG", quality=95)


def a_mail(*parts: tuple[bytes, str, str], inner: EmailMessage | None = None) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "处理结果"
    mail.set_content("见附件。")
    for data, kind, name in parts:
        main, sub = kind.split("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name or None)
    if inner is not None:
        mail.add_attachment(inner)
    return mail


def names(mail: EmailMessage) -> list[str]:
    return [piece.name for piece in files_in(bytes(mail))]


def test_pictures_papers_and_videos_are_found_whatever_they_are_declared_as():
    mail = a_mail(
        (PHOTO, "application/octet-stream", "照片.dat"),
        (files.PDF, "text/plain", "回执.pdf"),
        (files.mp4(), "video/mp4", "clip.mp4"),
        (files.HTML, "image/jpeg", "lie.jpg"),
        (files.SVG, "image/svg+xml", "logo.svg"),
    )
    assert names(mail) == ["照片.dat", "回执.pdf", "clip.mp4"]
    assert files_in(bytes(mail))[0].data == PHOTO


def test_logos_and_counters_are_left_aside_and_the_same_file_counts_once():
    mail = a_mail(
        (files.png(8, 8), "image/png", "dot.png"), (PHOTO, "image/jpeg", "a.jpg"), (PHOTO, "image/jpeg", "b.jpg")
    )
    assert names(mail) == ["a.jpg"]


def test_files_of_a_mail_in_a_mail_are_found_and_a_depth_without_end_is_not():
    inner = a_mail((PHOTO, "image/jpeg", "inner.jpg"))
    assert names(a_mail(inner=inner)) == ["inner.jpg"]
    for _wrap in range(8):
        inner = a_mail(inner=inner)
    assert names(inner) == []


def test_a_name_that_is_a_trap_is_made_harmless():
    assert names(a_mail((PHOTO, "image/jpeg", "../../etc/\u202egpj.jpg"))) == ["gpj.jpg"]


def test_the_process_tells_all_and_brings_what_was_asked_for():
    mail = a_mail((PHOTO, "image/jpeg", "a.jpg"), (files.PDF, "application/pdf", "b.pdf"))
    first, second = cut(bytes(mail), [1, 7], **LIMITS)
    assert (first.name, first.size, first.content_type, first.data) == ("a.jpg", len(PHOTO), "image/jpeg", b"")
    assert (second.name, second.data) == ("b.pdf", files.PDF)


@pytest.mark.parametrize("limits", [{"wall_seconds": 0.01}, {"memory": 1024 * 1024}])
def test_a_mail_that_is_too_much_for_the_process_is_said_to_be(limits):
    large = base64.b64encode(bytes(8_000_000))
    with pytest.raises(NotCut):
        cut(
            b"Subject: x\r\nContent-Transfer-Encoding: base64\r\nContent-Type: image/png\r\n\r\n" + large,
            [],
            **(LIMITS | limits),
        )


def test_what_is_no_mail_has_no_files():
    for raw in (b"", b"\x00\xff" * 500, files.PDF):
        assert files_in(raw) == []
    assert cutting.MOST_FILES == 50
