import pytest

from complaints.intake.clauses import Polarity, cut
from complaints.intake.deeds import DEED_ROWS, DEEDS, THINGS, find_deeds
from complaints.intake.shapes import Where
from complaints.stages import KINDS, Kind
from tests.complaints.intake.fresh import MISSED_WORDINGS, TRUE_WORDINGS
from tests.complaints.intake.notices import a_read
from tests.complaints.intake.twists import PLAIN, TWISTED

RIGHT = 0.96  # of the true wordings; a rule that reads fewer is worse than what stands here
PLAIN_WRONG = 21  # of the rows of twists.py: to be lowered, never raised


def read_row(subject, body, more):
    name, address = more.get("sender", ("", ""))
    return a_read(subject, body, from_name=name, from_address=address)


def deeds_of(text):
    return [(deed.row.kind, polarity) for deed, polarity in find_deeds(cut(text, Where.BODY), "")]


@pytest.mark.parametrize(
    "text",
    [
        "商家驳回了您的退款申请。",
        "您的退款申请遭商家驳回。",
        "您的退款申请，商家未予通过。",
        "“拾光小铺”不同意您的退款申请。",
        "The seller turned down your refund request.",
    ],
)
def test_one_deed_is_known_in_any_order_and_voice(text):
    assert (Kind.MERCHANT_REFUSAL, Polarity.PLAIN) in deeds_of(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("您提交的凭证我们已收到。", Kind.EVIDENCE_RECEIVED),
        ("您提交的投诉我们已收到。", Kind.ACKNOWLEDGEMENT),
        ("您提交的申诉我们已收到。", Kind.APPEAL_ACKNOWLEDGEMENT),
        ("您寄回的商品商家已收到。", Kind.RETURN_RECEIVED),
        ("支付宝账户收到一笔退款。", Kind.REFUND_ARRIVED),
    ],
)
def test_what_was_received_names_the_notice(text, kind):
    assert (kind, Polarity.PLAIN) in deeds_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "商家至今没有同意您的退款申请。",
        "商家愿意退回50元。",
        "商家响应截止时间为明天。",
        "您已上传的凭证不清晰。",
        "他们说投诉已经受理。",
        "如商家驳回了您的申请，请联系我们。",
    ],
)
def test_a_deed_not_done_is_none(text):
    moving = [kind for kind, polarity in deeds_of(text) if polarity is Polarity.PLAIN]
    assert not any(KINDS[kind].stage and kind is not Kind.MERCHANT_REPLY for kind in moving)


def test_every_row_names_words_that_the_lists_have():
    verbs, things = set(DEEDS.groupindex), set(THINGS.groupindex) | {"asked", "wanted"}
    for row in DEED_ROWS:
        assert set(row.does.split()) <= verbs
        assert set(row.what.split()) <= things
        assert 0 < row.weight < 1


def test_wordings_of_other_writers_are_read_right():
    wrong = []
    for kind, subject, body, more in TRUE_WORDINGS:
        read = read_row(subject, body, more)
        fits = read.classified.kind == kind and all(
            getattr(read, name) == more[name] for name in ("outcome", "by", "act") if name in more
        )
        if not fits or read.facts.freight_payer != more.get("freight"):
            wrong.append((subject, body, read.classified.kind))
    assert len(wrong) <= (1 - RIGHT) * len(TRUE_WORDINGS), wrong


def test_nine_of_ten_true_wordings_move_their_case():
    rows = [row for row in TRUE_WORDINGS if KINDS[Kind(row[0])].stage is not None]
    moved = sum(read_row(subject, body, more).moves_case for _kind, subject, body, more in rows)
    assert moved >= 0.9 * len(rows)


def test_no_near_miss_of_other_writers_moves_a_case():
    moved = [
        (subject, body) for _kinds, subject, body, more in MISSED_WORDINGS if read_row(subject, body, more).moves_case
    ]
    assert moved == []


def parted(text: str) -> tuple[str, str]:
    """The subject and the body of a row of twists.py."""
    subject, bar, body = text.partition("|")
    return (subject, body) if bar else ("", text)


@pytest.mark.parametrize("twist", TWISTED)
def test_no_step_that_is_twisted_into_none_moves_a_case(twist):
    assert [text for text in TWISTED[twist] if read_row(*parted(text), {}).moves_case] == []


def test_plain_steps_of_the_hardest_kinds_are_named():
    rows = [(kind, text) for kind, texts in PLAIN.items() for text in texts]
    wrong = [text for kind, text in rows if read_row(*parted(text), {}).classified.kind is not kind]
    assert len(wrong) <= PLAIN_WRONG, wrong


@pytest.mark.parametrize("name", ["不凡家居旗舰店", "若水茶舍专卖店", "“没有名字的店”", "“等等我”", "“我和你的小铺”"])
def test_a_shop_whose_name_denies_supposes_or_asks_changes_nothing(name):
    read = a_read("", f"您与{name}的纠纷，平台已判定支持买家，退款128元。")
    assert read.classified.kind is Kind.RULING
    assert read.moves_case
