"""What every page leans on: the tags of `looks`, the drawing of forms, the tokens, the sprite and their weight."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from accounts.templatetags import looks

ROOT = Path(__file__).resolve().parents[2]
CSS = (ROOT / "static/css/suji.css").read_text("utf-8")
JS = (ROOT / "static/js/suji.js").read_text("utf-8")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NOW = datetime(2026, 11, 8, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


def drawn(source: str, **context: object) -> str:
    return Template("{% load looks %}" + source).render(Context(context))


# -- words of somebody else


@pytest.mark.parametrize(
    ("words", "attribute"),
    [("暖冬旗舰店 · Damaged", ' lang="zh-Hans"'), ("photo 1.jpg", ""), ("", ""), (None, ""), (20, "")],
)
def test_only_words_with_han_letters_are_said_to_be_chinese(words, attribute):
    assert drawn("<q{{ words|lang }}>", words=words) == f"<q{attribute}>"


def test_a_choice_says_its_language_and_stays_escaped():
    assert looks.in_its_language("甲店 <b>") == '<span lang="zh-Hans">甲店 &lt;b&gt;</span>'
    assert looks.in_its_language("<b>") == "<span>&lt;b&gt;</span>"


# -- numbers, money, moments ---------------------------------------------------------------------------------------


def test_a_number_stands_in_groups_of_four_without_a_blank_in_it() -> None:
    html = drawn("{{ number|grouped }}", number="3871264509812345678")
    assert re.findall(r"<span>(.*?)</span>", html)[-2:] == ["2345", "678"]
    assert re.sub(r"<[^>]+>", "", html) == "3871264509812345678"


def test_a_number_that_is_markup_is_escaped() -> None:
    assert "<b>" not in drawn("{{ number|grouped }}", number="<b>1</b>")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Decimal("1299"), "¥1,299.00"),
        ("459.5", "¥459.50"),
        ("-20", "−¥20.00"),
        (None, ""),
        ("", ""),
        ("many", ""),
        ("NaN", ""),
    ],
)
def test_money_is_said_with_its_sign_two_decimals_and_commas(amount: Decimal | str | None, said: str) -> None:
    assert looks.money(amount) == said


def test_other_money_is_said_by_its_code() -> None:
    assert looks.money("12", "USD") == "USD 12.00"


def test_a_moment_is_told_in_shanghai_by_twenty_four_hours_in_both_languages() -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            html = drawn("{{ at|moment }}", at=datetime(2026, 11, 10, 10, 30, tzinfo=UTC))
        assert html == '<time datetime="2026-11-10T18:30+08:00">2026-11-10 18:30</time>'


def test_a_day_is_the_day_it_is_in_shanghai() -> None:
    assert ">2026-11-11</time>" in drawn("{{ at|day }}", at=datetime(2026, 11, 10, 16, 30, tzinfo=UTC))


def test_no_moment_shows_nothing() -> None:
    assert drawn("{{ at|moment }}{{ at|day }}{{ number|grouped }}{% remaining at %}", at=None, number=None) == ""


@pytest.mark.parametrize(
    ("left", "numbers", "is_past"),
    [
        (timedelta(days=2, hours=3, minutes=59), ["2", "3"], False),
        (timedelta(hours=3, minutes=5), ["3", "5"], False),
        (timedelta(minutes=7, seconds=30), ["7"], False),
        (timedelta(days=9), ["9"], False),
        (-timedelta(days=1, minutes=4), ["1"], True),
    ],
)
def test_what_remains_is_said_in_its_two_largest_units(left: timedelta, numbers: list[str], is_past: bool) -> None:
    html = drawn("{% remaining at now %}", at=NOW + left, now=NOW)
    assert re.findall(r"\d+", html) == numbers
    assert ("past" in html) is is_past


@pytest.mark.parametrize(
    ("left", "tag"),
    [
        (timedelta(seconds=-1), "overdue"),
        (timedelta(hours=72), "due-soon"),
        (timedelta(hours=72, seconds=1), "waiting"),
    ],
)
def test_a_deadline_is_due_soon_from_three_days_on(left: timedelta, tag: str) -> None:
    assert looks.urgency(NOW + left, NOW) == tag


# -- icons -----------------------------------------------------------------------------------------------------------


def test_an_icon_alone_speaks_and_one_beside_a_word_is_silent() -> None:
    assert 'aria-label="复制"' in drawn('{% icon "copy" label="复制" %}')
    assert 'aria-hidden="true"' in drawn('{% icon "copy" %}')


def test_every_icon_that_a_page_asks_for_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons.svg").read_text("utf-8")))
    asked = {
        (path.name, name) for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text("utf-8"))
    }
    assert asked
    assert [(page, name) for page, name in sorted(asked) if name not in there] == []


# -- forms -----------------------------------------------------------------------------------------------------------


class ShopForm(forms.Form):
    shop = forms.CharField(label="店铺", help_text="订单页顶部的名字")
    reason = forms.ChoiceField(label="原因", choices=[("q", "质量"), ("d", "破损")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", required=False)


def test_a_field_names_its_help_and_its_error_to_those_who_listen() -> None:
    html = str(ShopForm({"shop": "", "reason": "q"}))
    described = re.search(r'<input[^>]+name="shop"[^>]+aria-describedby="([^"]+)"', html)
    assert described
    assert all(f'id="{name}"' in html for name in described[1].split())
    assert 'aria-invalid="true"' in html


def test_the_summary_of_errors_leads_to_the_fields() -> None:
    html = str(ShopForm({"shop": "", "reason": ""}))
    leads = re.findall(r'<a href="#([^"]+)"', html)
    assert leads == ["id_shop", "id_reason"]
    assert all(f'id="{name}"' in html for name in leads)


def test_a_form_without_errors_has_no_summary() -> None:
    assert "error-summary" not in str(ShopForm())


def test_choices_are_tiles_each_a_label_around_its_input() -> None:
    tiles = re.findall(r'<label class="tile"[^>]*>(.*?)</label>', str(ShopForm()), re.DOTALL)
    assert len(tiles) == 2
    assert all('type="radio"' in tile for tile in tiles)


def test_only_what_may_be_left_out_is_marked_so() -> None:
    html = str(ShopForm())
    assert html.count('class="optional"') == 1


# -- colours ---------------------------------------------------------------------------------------------------------

LIGHT = CSS[CSS.index("color-scheme: light") : CSS.index("@media (prefers-color-scheme: dark)")]
DARK = CSS[CSS.index('  :root[data-theme="dark"]') : CSS.index('  [lang|="zh" i]')]
DARK_BY_SYSTEM = CSS[CSS.index("@media (prefers-color-scheme: dark)") : CSS.index('  :root[data-theme="dark"]')]
STATES = ("info", "waiting", "due-soon", "overdue", "done", "neutral")
PAIRS = [
    *((ink, paper) for ink in ("text", "muted", "link", "primary") for paper in ("paper", "surface")),
    *((ink, "sunken") for ink in ("text", "muted")),
    *((state, f"{state}-paper") for state in STATES),
    *(("text", "tint"), ("primary-ink", "primary"), ("primary-ink", "primary-deep"), ("overdue", "surface")),
    *(("text", "neutral-paper"), ("muted", "neutral-paper")),
]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", block))


def brightness(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_ink_is_readable_on_its_paper(theme: str) -> None:
    named = tokens(theme)
    weak = [(ink, paper) for ink, paper in PAIRS if contrast(named[ink], named[paper]) < 4.5]
    assert weak == []
    assert contrast(named["border"], named["surface"]) >= 3


def test_dark_is_the_same_whether_the_system_or_the_person_chose_it() -> None:
    assert tokens(DARK_BY_SYSTEM) == tokens(DARK)


# -- weight and what a page may carry ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "most"), [("css/suji.css", 12), ("js/suji.js", 12), ("icons.svg", 3)])
def test_what_every_page_loads_stays_light(name: str, most: int) -> None:
    assert len(gzip.compress((ROOT / "static" / name).read_bytes(), 9)) <= most * 1024


def test_no_page_of_ours_carries_script_or_style_in_itself() -> None:
    """A notice has a frame and a policy of its own; everything else lives under 'self'."""
    inline = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|hx-on|javascript:", re.IGNORECASE)
    ours = [path for path in TEMPLATES if path.name != "notice_html.html"]
    assert [path.name for path in ours if inline.search(path.read_text("utf-8"))] == []


def test_every_word_that_the_script_says_is_on_the_page() -> None:
    base = (ROOT / "templates/base.html").read_text("utf-8")
    said = {re.sub(r"([A-Z])", r"-\1", word).lower() for word in re.findall(r"\bwords\.(\w+)", JS)}
    assert said
    assert [word for word in sorted(said) if f"data-{word}=" not in base] == []
