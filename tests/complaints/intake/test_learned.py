from complaints.intake.classify import DOUBTED
from complaints.intake.clauses import cut
from complaints.intake.learned import DOUBTED_BELOW, LOOKED_AT, WEIGHTS, chance, doubts, features, masked, weights
from complaints.intake.shapes import THRESHOLD, Where
from complaints.stages import KINDS
from tests.complaints.intake.notices import a_read
from tools.train import learn, lessons, prepared, written


def passages(subject, body):
    return cut(subject, Where.SUBJECT), cut(body, Where.BODY)


def test_the_weights_are_what_the_training_command_makes_of_its_texts():
    texts = lessons()
    assert WEIGHTS.read_text("utf-8") == written(texts, *learn(prepared(texts))), "run python -m tools.train --write"


def test_the_weights_are_small():
    assert WEIGHTS.stat().st_size <= 400_000


def test_a_doubted_step_is_proposed_and_quotes_words_of_the_text():
    doubted = 0
    for one in lessons():
        if one.step:
            continue
        if not (doubt := doubts(*passages(one.subject, one.body))):
            continue
        assert doubt.words
        assert doubt.words in one.subject + "\n" + one.body
        doubted += 1
    assert doubted > 500


def test_doubt_lifts_nothing_and_names_no_kind(monkeypatch):
    texts = [one for one in lessons() if one.wording.startswith(("steps", "misses"))]
    with_doubt = [a_read(one.subject, one.body).classified for one in texts]
    monkeypatch.setattr("complaints.intake.classify.doubts", lambda subject, body: None)
    rules_alone = [a_read(one.subject, one.body).classified for one in texts]
    fell = 0
    for one, alone in zip(with_doubt, rules_alone, strict=True):
        assert one.kind is alone.kind
        assert one.confidence <= alone.confidence
        if one.confidence < alone.confidence:
            fell += 1
            assert KINDS[one.kind].stage
            assert alone.confidence >= THRESHOLD > one.confidence == DOUBTED
            assert len(one.because) == len(alone.because) + 1
    assert fell


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
