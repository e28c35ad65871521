"""Pairs: what is the same sign, what stands in the index, and the marks in what is shown."""

from __future__ import annotations

import pytest

from complaints import pairs


def test_two_signs_side_by_side_are_a_pair_in_every_script():
    assert pairs.bigrams("退款ab 12") == {"退款", "款a", "ab", "12"}


def test_the_sign_for_one_is_a_sign_like_any_other():
    assert {"一年", "统一"} <= pairs.bigrams("统一年")


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("ＴＳＢ００１", "tsb001"),  # full width
        ("Straße", "strasse"),
        ("退 款\n成功", "退款成功"),  # a line that was broken inside a word
        ("order\u3000 no", "order no"),
        ("退\u200b款\ufeff", "退款"),  # signs without width
        ("cafe\u0301", "café"),
        ("№ 5", "no 5"),
        ("", ""),
    ],
)
def test_what_looks_alike_is_compared_alike(written, compared):
    assert pairs.folded(written) == compared
    assert pairs.folded(compared) == compared


def test_signs_between_letters_part_them_and_blanks_do():
    assert pairs.bigrams("投诉，受理。a b") == {"投诉", "受理"}


def test_a_question_is_cut_to_what_we_look_for():
    assert pairs.words_of("退款  ＴＳＢ 退款") == ["退款", "tsb"]
    assert len(pairs.words_of(" ".join(f"w{number}" for number in range(50)))) == pairs.MOST_WORDS
    assert pairs.words_of("款" * 500) == ["款" * pairs.LONGEST]
    assert pairs.words_of(" \u200b ") == []


def test_marks_stand_in_the_text_as_it_was_written():
    assert pairs.marked("请于 ＴＳ Ｂ００１ 前", ["b001"]) == "请于 ＴＳ <mark>Ｂ００１</mark> 前"
    assert pairs.marked("退\n款", ["退款"]) == "<mark>退\n款</mark>"


def test_marks_that_overlap_are_one():
    assert pairs.marked("处理结果通知", ["处理结果", "结果通知"]) == "<mark>处理结果通知</mark>"


def test_what_a_mail_says_is_escaped_inside_and_outside_of_marks():
    text = pairs.marked("<img src=x>退<b>款", ["<b>", "退"])
    assert text == "&lt;img src=x&gt;<mark>退&lt;b&gt;</mark>款"
    assert "<script" not in pairs.snippet("<script>alert(1)</script> 退款", ["退款"])


def test_a_snippet_shows_the_first_hit_with_what_stands_around_it():
    said = pairs.snippet("前" * 500 + "退款成功" + "后" * 500, ["退款"])
    assert said.startswith("…" + "前" * pairs.BEFORE + "<mark>退款</mark>成功后")
    assert said.endswith("后…")
    assert pairs.snippet("没有", ["退款"]) == ""


@pytest.mark.parametrize(
    "hostile", ["\u0000", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "ﷺ" * 50]
)
def test_odd_signs_are_looked_for_like_others(hostile):
    text = f"退款{hostile}成功"
    assert pairs.folded(text).startswith("退款")
    assert "<mark>成功</mark>" in pairs.snippet(text, ["成功"])
