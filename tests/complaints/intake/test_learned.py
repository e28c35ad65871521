import pytest

from complaints.intake.classify import DOUBTED, GUESSED, GUESSED_QUIET, SPECIFICITY
from complaints.intake.clauses import cut
from complaints.intake.folding import fold
from complaints.intake.learned import (
    DOUBTED_BELOW,
    KIND_WEIGHTS,
    LOOKED_AT,
    WEIGHTS,
    chance,
    doubts,
    features,
    kind_weights,
    masked,
    weights,
)
from complaints.intake.likely_shops import SURE, likely_shop
from complaints.intake.likely_shops import WEIGHTS as SHOP_WEIGHTS
from complaints.intake.shapes import THRESHOLD, Where
from complaints.stages import Kind
from tests.complaints.intake.notices import a_read
from tools import learn_shops
from tools.train import NAMED, digest, learn, learn_kinds, lessons, prepared, written, written_kinds


def passages(subject, body):
    return cut(subject, Where.SUBJECT), cut(body, Where.BODY)


def test_the_weights_were_learned_from_the_texts_that_there_are():
    told = digest(lessons())
    for table in (WEIGHTS, KIND_WEIGHTS):
        first, _, rest = table.read_text("utf-8").partition("\n")
        assert first == told, "run python -m tools.train --write"
        assert len(rest.splitlines()) > 10_000


def test_the_same_texts_give_the_same_weights():
    texts = lessons()[::20]  # all of them take minutes
    rows = prepared(texts)
    told = written(texts, *learn(rows)), written_kinds(texts, *learn_kinds(rows))
    assert told == (written(texts, *learn(rows)), written_kinds(texts, *learn_kinds(rows)))
    assert all(len(one.splitlines()) > 300 for one in told)


def test_the_weights_of_shops_were_learned_from_the_texts_that_there_are():
    rows = learn_shops.texts()
    digest, scale, *weights = SHOP_WEIGHTS.read_text("utf-8").splitlines()
    assert digest == learn_shops.digest(rows), "run python -m tools.train --write"
    assert int(scale) > 0
    assert len(weights) > 5000


def test_the_same_texts_give_the_same_weights_of_shops():
    rows = learn_shops.texts()[::40]  # all of them take a minute
    told = learn_shops.written(rows, *learn_shops.learn(rows))
    assert told == learn_shops.written(rows, *learn_shops.learn(rows))
    assert len(told.splitlines()) > 300


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("退款被拒啦，蒲公英童书说超过时间了", "蒲公英童书"),
        ("您要的发票，银杏树下茶行今天补开了", "银杏树下茶行"),
        ("平台查了，七七文具卖的笔确实漏墨", "七七文具"),
        ("退回的锅由大灶台厨具签收", "大灶台厨具"),
        ("您的退款申请已提交，请等待", None),
        ("物流显示已签收，请核实是否本人签收", None),
        ("The seller has 48 hours to answer", None),
    ],
)
def test_a_name_is_found_where_nobody_wrote_a_rule(text, name):
    found = likely_shop(fold(text))
    assert (text[found.start : found.end] if found and found.margin >= SURE else None) == name


def test_a_text_without_letters_has_no_likely_shop():
    assert likely_shop(fold("。。。 ，，")) is None
    assert likely_shop(fold("")) is None


def test_the_weights_are_small():
    assert WEIGHTS.stat().st_size <= 850_000
    assert SHOP_WEIGHTS.stat().st_size <= 300_000


def test_a_doubted_step_is_proposed_and_quotes_words_of_the_text():
    doubted = 0
    for one in lessons():
        if one.step is not False:
            continue
        if not (doubt := doubts(*passages(one.subject, one.body))):
            continue
        assert doubt.words
        assert doubt.words in one.subject + "\n" + one.body
        doubted += 1
    assert doubted > 500


def test_what_is_learned_lifts_nothing_over_the_threshold_and_overrules_no_silence(monkeypatch):
    texts = [one for one in lessons() if one.wording.startswith(("steps", "misses"))][::3]
    learned = [a_read(one.subject, one.body).classified for one in texts]
    monkeypatch.setattr("complaints.intake.classify._as_learned", lambda said, *_: said)
    rules_alone = [a_read(one.subject, one.body).classified for one in texts]
    fell = filled = 0
    for one, alone in zip(learned, rules_alone, strict=True):
        if one == alone:
            continue
        assert one.confidence in (DOUBTED, GUESSED, GUESSED_QUIET)
        assert one.confidence < THRESHOLD
        assert alone.kind is Kind.UNKNOWN or alone.kind in SPECIFICITY, "what is known to be no step stays so"
        if one.confidence == DOUBTED:
            fell += 1
            assert one.kind is alone.kind
            assert alone.confidence >= THRESHOLD
            assert len(one.because) == len(alone.because) + 1
        elif alone.confidence < THRESHOLD:
            filled += 1
            assert not (alone.kind is Kind.UNKNOWN and alone.confidence), "another platform's notice is not guessed at"
    assert fell
    assert filled > 50


def test_a_guess_quotes_the_words_that_weigh_most_for_it():
    for one in [one for one in lessons() if one.wording.startswith("steps")][::3]:
        read = a_read(one.subject, one.body).classified
        if read.confidence == GUESSED:
            assert all(because.words in one.subject + "\n" + one.body for because in read.because)


def test_what_the_platform_decides_is_not_guessed_from_a_merchants_letter():
    body = "亲，平台已经判定支持卖家了哦，您的投诉不成立，本店不退款的，订单3299194706518006493"
    read = a_read("关于您的订单", body, from_name="云朵服饰旗舰店", from_address="yunduo@qq.com").classified
    assert read.kind in (Kind.MERCHANT_REPLY, Kind.MERCHANT_REFUSAL)


def test_the_table_of_kinds_names_every_kind_that_is_learned_and_is_small():
    kinds, bias, known = kind_weights()
    assert kinds == (None, *NAMED)
    assert len(bias) == len(kinds)
    assert len(known) > 10_000
    assert KIND_WEIGHTS.stat().st_size <= 1_200_000


def test_numbers_addresses_and_quoted_names_weigh_nothing_of_their_own():
    one, _ = masked("编号ts20261108,退款459.00元,“白桦木家具”,见https://a.example/x")
    other, _ = masked("编号ab3,退款1元,“云”,见https://b.example/yy")
    assert one == other


def test_every_masked_character_keeps_its_place():
    text = "a 退款459.00元到“白桦木”了"
    letters, places = masked(text)
    assert len(letters) == len(places)
    assert [text[place] for place in places if text[place] in "退款元到了"] == list("退款元到了")


def test_a_long_text_costs_no_more_than_its_top():
    plain = features(*passages("投诉", "退款" + "一二三四五六七八" * 300))
    assert plain == features(*passages("投诉", ("退款" + "一二三四五六七八" * 300)[:LOOKED_AT]))


def test_nothing_said_is_no_reason_to_doubt_or_to_break():
    doubts(*passages("", ""))
    learned = weights()
    assert 0 <= chance(frozenset(), learned.bias, learned.pieces) <= 1
    assert 0 < DOUBTED_BELOW < 0.5
