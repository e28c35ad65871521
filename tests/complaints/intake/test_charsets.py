import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.intake.charsets import Rung, codec_of, to_text

RARE = "您的投诉已经受理，镕喆堃囍玥赟①—请耐心等待商家处理"  # beyond GB2312
TRADITIONAL = "您的投訴已經受理，請耐心等待商家處理結果"


@pytest.mark.parametrize("label", ["gb2312", "GB2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "GB18030", "euc-cn"])
def test_every_name_of_the_chinese_charset_means_all_of_it(label):
    assert to_text(RARE.encode("gb18030"), label) == (RARE, Rung.LABEL)


@pytest.mark.parametrize("label", ["big5", "cn-big5", "x-big5", "Big5-HKSCS"])
def test_every_name_of_big5_is_known(label):
    assert to_text(TRADITIONAL.encode("big5"), label) == (TRADITIONAL, Rung.LABEL)


@pytest.mark.parametrize(
    ("codec", "label", "rung"),
    [
        ("utf-8", "utf-8", Rung.LABEL),
        ("utf-8", None, Rung.UTF8),
        ("utf-8", "", Rung.UTF8),
        ("utf-8", "us-ascii", Rung.UTF8),
        ("utf-8", "gb2312", Rung.OVERRULED),
        ("utf-8", "iso-8859-1", Rung.OVERRULED),
        ("utf-8", "unknown-8bit", Rung.UTF8),
        ("gb18030", None, Rung.VOTE),
        ("gb18030", "utf-8", Rung.VOTE),
        ("gb18030", "iso-8859-1", Rung.VOTE),
        ("gb18030", "x-nonsense", Rung.VOTE),
        ("utf-16", None, Rung.VOTE),
    ],
)
def test_a_label_that_lies_or_lacks_does_not_spoil_the_text(codec, label, rung):
    assert to_text(RARE.encode(codec), label) == (RARE, rung)


def test_big5_without_a_label_is_told_from_gb18030_which_it_is_valid_as_too():
    raw = TRADITIONAL.encode("big5")
    assert raw.decode("gb18030") != TRADITIONAL
    assert to_text(raw, None) == (TRADITIONAL, Rung.VOTE)
    assert to_text(raw, "utf-8") == (TRADITIONAL, Rung.VOTE)


def test_utf_8_with_one_broken_byte_does_not_fall_through_to_nonsense():
    assert to_text(RARE.encode()[:-1], "utf-8") == (RARE[:-1] + "\ufffd", Rung.NEARLY)
    assert to_text(RARE.encode()[:-1], "gb2312")[0] == RARE[:-1] + "\ufffd"


def test_western_text_keeps_its_label():
    assert to_text("café à la carte".encode("latin-1"), "iso-8859-1") == ("café à la carte", Rung.LABEL)


def test_a_short_chinese_name_that_is_valid_utf_8_by_chance_follows_its_label():
    raw = "业".encode("gbk") + b"!"
    assert to_text("模".encode("gbk"), "gbk").text == "模"
    assert to_text(raw, "gbk") == ("业!", Rung.LABEL)
    chance = b"\xcd\xa8"  # 通 in GBK, a Greek letter in UTF-8
    assert to_text(chance, "gbk") == ("通", Rung.LABEL)


@pytest.mark.parametrize("label", ["unicode_escape", "zlib_codec", "rot13", "utf-7", "idna", "base64", "../etc"])
def test_labels_that_name_other_codecs_never_reach_them(label):
    assert codec_of(label) is None
    assert to_text(b"+AGEAYg- \\u0041", label).text == "+AGEAYg- \\u0041"


def test_nul_and_control_characters_are_dropped():
    assert to_text(b"a\0b\x07c\td\ne", None).text == "ab" + "c\td\ne"


def test_seven_bit_charsets_are_read_by_their_label():
    assert to_text("天猫".encode("hz"), "hz-gb-2312").text == "天猫"
    assert to_text("日本".encode("iso2022_jp"), "iso-2022-jp").text == "日本"


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["utf-8", "gbk", "big5", "utf-16", "hz", "latin1", None, "x"]))
def test_no_bytes_break_it(raw, label):
    text, rung = to_text(raw, label)
    assert "\0" not in text
    assert rung in Rung
    text.encode()
