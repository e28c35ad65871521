import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.names import LONGEST, name_to_save, safe_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("羽绒服 吊牌.jpg", "羽绒服 吊牌.jpg"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\me\photo.png", "photo.png"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\u200bb\r\nSet-Cookie: x.jpg", "abSet-Cookie: x.jpg"),
        ("\x00\x1f", "未命名文件"),
        ("..", "未命名文件"),
        ("", "未命名文件"),
        ("a" * 10_000 + ".jpg", "a" * (LONGEST - 9) + ".jpg"),
    ],
)
def test_a_name_is_shown_without_folders_and_without_hidden_signs(name, shown):
    assert safe_name(name) == shown


@given(st.text(max_size=400))
def test_whatever_a_device_sends_the_name_stays_short_visible_and_in_no_folder(name):
    shown = safe_name(name)
    assert 0 < len(shown) <= LONGEST
    assert "/" not in shown
    assert "\\" not in shown
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_a_lying_ending_gets_the_true_one_when_saved():
    assert name_to_save("page.html", "image/jpeg") == "page.html.jpg"
    assert name_to_save("photo.JPEG", "image/jpeg") == "photo.JPEG"
    assert name_to_save("clip", "video/quicktime") == "clip.mov"
