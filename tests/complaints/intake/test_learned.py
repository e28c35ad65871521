import pytest

from complaints.intake.classify import DOUBTED, GUESSED, GUESSED_QUIET, LETTERS, SPECIFICITY
from complaints.intake.clauses import cut
from complaints.intake.folding import fold
from complaints.intake.learned import (
    KIND_WEIGHTS,
    LOOKED_AT,
    _says,
    features,
    kind_likelihood,
    kind_weights,
    masked,
    strongest,
)
from complaints.intake.likely_shops import SURE, likely_shop
from complaints.intake.likely_shops import WEIGHTS as SHOP_WEIGHTS
from complaints.intake.shapes import THRESHOLD, Where
from complaints.stages import Kind
from tests.complaints.intake.notices import a_read
from tools import learn_shops
from tools.train import CLASSES, digest, kind_chances, learn_kinds, lessons, prepared, written_kinds


def passages(subject, body):
    return cut(subject, Where.SUBJECT), cut(body, Where.BODY)


def test_the_weights_were_learned_from_the_texts_that_there_are():
    first, _, rest = KIND_WEIGHTS.read_text("utf-8").partition("\n")
    assert first == digest(lessons()), "run python -m tools.train --write"
    assert len(rest.splitlines()) > 10_000


def test_the_same_texts_give_the_same_weights():
    texts = lessons()[::20]  # all of them take half a minute
    rows = prepared(texts)
    told = written_kinds(texts, *learn_kinds(rows))
    assert told == written_kinds(texts, *learn_kinds(rows))
    assert len(told.splitlines()) > 300


def test_training_and_reading_count_alike(monkeypatch, tmp_path):
    texts = lessons()[::20]
    rows = prepared(texts)
    bias, known = learn_kinds(rows)
    table = tmp_path / "learned.tsv"
    table.write_text(written_kinds(texts, bias, known), "utf-8")
    monkeypatch.setattr("complaints.intake.learned.KIND_WEIGHTS", table)
    caches = (kind_weights, kind_likelihood, _says)
    for cached in caches:
        cached.cache_clear()
    try:
        for one in texts[:40]:
            subject, body = passages(one.subject, one.body)
            told = kind_chances(features(subject, body), bias, known)
            read = kind_likelihood(subject, body)
            assert list(read) == list(CLASSES)
            assert list(read.values()) == pytest.approx(told)
    finally:
        monkeypatch.undo()
        for cached in caches:
            cached.cache_clear()


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
        ("退款被拒啦，山月记书房说超过时间了", "山月记书房"),
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


def test_the_weights_of_shops_are_small():
    assert SHOP_WEIGHTS.stat().st_size <= 400_000


def read_twice(monkeypatch, texts):
    """Each of `texts` as it is read, and as the rules alone read it."""
    learned = [a_read(one.subject, one.body).classified for one in texts]
    monkeypatch.setattr("complaints.intake.classify._as_learned", lambda said, *_: said)
    return list(zip(texts, learned, [a_read(one.subject, one.body).classified for one in texts], strict=True))


def test_what_letters_change_is_within_what_they_may(monkeypatch):
    texts = [one for one in lessons() if one.wording.startswith(("steps", "misses"))][::5]
    doubted = proposed = named = 0
    for _one, learned, alone in read_twice(monkeypatch, texts):
        if learned == alone:
            continue
        assert alone.kind is Kind.UNKNOWN or alone.kind in SPECIFICITY, "what is known to be no step stays so"
        if learned.kind is alone.kind and learned.confidence < alone.confidence:
            assert learned.confidence == DOUBTED
            doubted += 1
        elif learned.confidence >= THRESHOLD:
            assert learned.confidence == LETTERS
            assert not (alone.kind is Kind.UNKNOWN and alone.confidence), "another platform's notice is not guessed at"
            named += 1
        elif learned.kind is not Kind.UNKNOWN:
            assert learned.confidence <= GUESSED
            proposed += 1
    assert doubted
    assert proposed > 20
    assert named > 20


@pytest.mark.parametrize(
    "text",
    [
        "您的退款申请还没有被商家拒绝，目前仍在等待处理。退款编号：285611223344556677",
        "如果平台判定支持您，退款会在3天内退回。投诉编号：TS202611080031",
        "请问平台已经介入了吗？投诉编号：TS202611080031",
    ],
)
def test_what_is_denied_supposed_asked_or_quoted_is_moved_by_no_letters(text):
    assert a_read("", text).classified.confidence < THRESHOLD


def test_a_guess_quotes_words_of_the_text():
    for one in [one for one in lessons() if one.wording.startswith("steps")][::9]:
        read = a_read(one.subject, one.body).classified
        if read.confidence in (LETTERS, GUESSED, GUESSED_QUIET):
            assert read.because
            assert all(because.words in one.subject + "\n" + one.body for because in read.because)


def test_what_the_platform_decides_is_not_guessed_from_a_merchants_letter():
    body = "亲，平台已经判定支持卖家了哦，您的投诉不成立，本店不退款的，订单3299194706518006493"
    read = a_read("关于您的订单", body, from_name="云朵服饰旗舰店", from_address="yunduo@qq.com").classified
    assert read.kind in (Kind.MERCHANT_REPLY, Kind.MERCHANT_REFUSAL)


def test_the_table_of_kinds_names_every_kind_that_is_learned_and_is_small():
    kinds, bias, known = kind_weights()
    assert kinds == CLASSES
    assert len(bias) == len(kinds)
    assert len(known) > 10_000
    assert KIND_WEIGHTS.stat().st_size <= 3_500_000


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


def test_nothing_said_is_like_nothing_and_breaks_nothing():
    chances = kind_likelihood(*passages("", ""))
    assert sum(chances.values()) == pytest.approx(1)
    strongest(*passages("", ""), Kind.RULING)
