"""Letters to begin with, and how they sound."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints import letters
from complaints.letters import Fact, Facts, Letter, fitting, heated, write
from complaints.models import Case, Demand, LetterDraft
from complaints.stages import Act, Stage, Standing, Verdict
from tests import make

TODAY = date(2026, 11, 22)
KNOWN = Facts(
    today=TODAY,
    shop="棉花糖旗舰店",
    order_no="4187562093847561029",
    case_no="TS202611080001",
    reason="misdescribed",
    amount="¥459.00",
    demands=("退货退款 ¥459.00", "运费 ¥12.00"),
    story=(Fact(date(2026, 11, 8), "商家拒绝了退款"),),
    exhibits=("证据1：实物照片，袖子开线", "证据2：聊天记录"),
    ruling=Fact(date(2026, 11, 18), "支持商家"),
    offer="补偿 ¥20.00",
    offer_condition="撤销投诉",
    wants_freight=True,
)


@pytest.mark.parametrize("letter", Letter)
def test_a_letter_without_a_case_says_what_to_fill_in_and_invents_nothing(letter: Letter) -> None:
    text = write(letter, Facts(today=TODAY))
    assert "【请填写：" in text
    assert "None" not in text
    assert "“”" not in text
    assert "：。" not in text
    assert text == text.strip()


@pytest.mark.parametrize("letter", Letter)
def test_a_letter_names_the_order_it_is_about(letter: Letter) -> None:
    assert KNOWN.order_no in write(letter, KNOWN)


@pytest.mark.django_db
def test_a_letter_calls_the_number_what_its_giver_calls_it() -> None:
    case = make.a_case(case_no="285611223344556677")
    assert "投诉编号：285611223344556677" in write(Letter.STATEMENT, letters.facts_of(case)[0])
    case.numbers.all().delete()
    case.numbers.create(kind="refund", number=case.case_no)
    assert "退款编号：285611223344556677" in write(Letter.STATEMENT, letters.facts_of(case)[0])


def test_a_statement_holds_the_story_the_demands_and_the_exhibits_in_their_order() -> None:
    text = write(Letter.STATEMENT, KNOWN)
    places = [
        text.index(piece)
        for piece in ("2026年11月8日，商家拒绝了退款。", "1. 退货退款 ¥459.00", "2. 运费 ¥12.00", "证据1：", "证据2：")
    ]
    assert places == sorted(places)
    assert "第四十九条" in text  # who bears the freight


def test_the_explanation_of_evidence_asks_of_each_exhibit_what_it_proves_and_cites_the_burden() -> None:
    text = write(Letter.EVIDENCE, KNOWN)
    assert text.count("证明：【请填写") == 2
    assert "《淘宝平台争议处理规则》第73条" in text


def test_no_law_stands_in_a_letter_whose_reason_has_none() -> None:
    assert "《" not in write(Letter.FIRST, Facts(today=TODAY, reason="harassment"))


def test_the_appeal_quotes_what_was_ruled_and_when() -> None:
    assert "2026年11月18日的处理结果：支持商家。" in write(Letter.APPEAL, KNOWN)


def test_accepting_names_the_offer_and_its_condition() -> None:
    text = write(Letter.ACCEPT, KNOWN)
    assert "补偿 ¥20.00" in text
    assert "撤销投诉" in text


@pytest.mark.parametrize(
    ("stage", "has_offer", "first"),
    [
        (None, False, Letter.FIRST),
        (Stage.EVIDENCE_REQUESTED, False, Letter.EVIDENCE),
        (Stage.RULED, False, Letter.APPEAL),
        (Stage.MERCHANT_REPLIED, True, Letter.ACCEPT),
    ],
)
def test_the_letter_that_fits_where_a_case_stands_comes_first(
    stage: Stage | None, has_offer: bool, first: Letter
) -> None:
    assert fitting(Standing(stage=stage), has_offer=has_offer)[0] == first


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("你们这家黑店！", "黑店"),
        ("不退款我就给你差评", "不退款我就给你差评"),
        ("马上退钱！！！", "！！！"),
        ("要求退一赔三", "退一赔三"),
        ("我要找人收拾你们", "找人收拾"),
        ("不退钱我就去店里闹", "去店里闹"),
        ("让你家破人亡", "家破人亡"),
    ],
)
def test_words_that_may_harm_their_writer_are_hinted_at(text: str, said: str) -> None:
    assert said in [hint.words for hint in heated(text)]


@pytest.mark.parametrize("letter", Letter)
def test_our_own_letters_are_calm(letter: Letter) -> None:
    assert list(heated(write(letter, KNOWN))) == []


def test_looking_for_heated_words_takes_no_longer_than_the_text() -> None:
    assert list(heated("否则" * 2400)) == []


# -- pages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def case(db: None) -> Case:
    case = make.a_case(make.a_user())
    make.an_event(case, Act.RULES, outcome=Verdict.SELLER)
    Demand.objects.create(case=case, kind=Demand.Kind.REFUND, amount=Decimal("300"))
    return case


def page(case: Case, letter: Letter = Letter.APPEAL) -> str:
    return reverse("complaints:letter_detail", args=[case.public_id, letter])


def test_a_letter_is_filled_from_the_case(client: Client, case: Case) -> None:
    client.force_login(case.owner)
    text = client.get(page(case)).content.decode()
    assert "支持商家" in text
    assert "退款 ¥300.00" in text


def test_the_letters_that_fit_stand_first_and_the_others_after_them(client: Client, case: Case) -> None:
    client.force_login(case.owner)
    text = client.get(reverse("complaints:letter_list", args=[case.public_id])).content.decode()
    places = [text.index(page(case, letter)) for letter in (Letter.APPEAL, Letter.FIRST)]
    assert places == sorted(places)
    assert all(page(case, letter) in text for letter in Letter)


def test_what_its_owner_wrote_is_kept_and_can_be_started_over(client: Client, case: Case) -> None:
    client.force_login(case.owner)
    assert client.post(page(case), {"do": "save", "text": "我不同意，你们这家黑店。"}).status_code == 302
    text = client.get(page(case)).content.decode()
    assert "我不同意" in text
    assert "商家没有按承诺处理" in text
    client.post(page(case), {"do": "renew"})
    assert not LetterDraft.objects.exists()
    assert "我不同意" not in client.get(page(case)).content.decode()


def test_a_letter_that_is_empty_or_too_long_is_not_kept_and_nothing_typed_is_lost(client: Client, case: Case) -> None:
    client.force_login(case.owner)
    for text in ("", "长" * (letters.LETTER_LENGTH + 1)):
        answer = client.post(page(case), {"do": "save", "text": text})
        assert answer.status_code == 422
        assert text in answer.content.decode()
    assert not LetterDraft.objects.exists()


def test_a_letter_that_there_is_not_is_a_404(client: Client, case: Case) -> None:
    client.force_login(case.owner)
    assert client.get(page(case).replace("appeal", "curse")).status_code == 404


def test_the_pages_ask_the_same_however_long_the_story(client: Client, case: Case) -> None:
    client.force_login(case.owner)
    client.get(page(case))
    with CaptureQueriesContext(connection) as before:
        client.get(page(case))
    for number in range(20):
        make.an_event(case, Act.REPLIES, fingerprint=f"reply {number}")
        make.an_exhibit(case)
    with CaptureQueriesContext(connection) as after:
        client.get(page(case))
    assert len(after) == len(before)
