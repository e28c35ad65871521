"""“这张图是什么？”: a picture that was handed in waits for its owner; what was read in it is only begun with."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from complaints import chats, screenshots
from complaints.candidates import candidates
from complaints.intake.endings import settle
from complaints.models import Case, CaseExhibit, IncomingMail, Notice
from complaints.models.mail import Outcome
from complaints.stages import Act, Kind, Party
from evidence import tasks
from evidence.models import Exhibit
from tests import make
from tests.evidence import files

pytestmark = pytest.mark.django_db

PLACES = [
    {"of": "outcome", "words": "支持买家", "box": [40, 100, 200, 30], "sure": True},
    {"of": "amount", "words": "459.0O", "box": [40, 150, 120, 30], "sure": False},
]


def signed_in(user: User | None = None) -> Client:
    client = Client()
    client.force_login(user or make.a_user())
    return client


def handed_in(client: Client, *, size: tuple[int, int] = (300, 500), name: str = "截图.png") -> IncomingMail:
    """A picture given to the page for notices, not read yet."""
    answer = client.post(reverse("complaints:hand_in"), {"files": [SimpleUploadedFile(name, files.png(*size))]})
    assert answer.status_code == 302, answer.text
    return IncomingMail.objects.latest("pk")


def read_as(mail: IncomingMail, kind: Kind = Kind.UNKNOWN, case: Case | None = None, **said: Any) -> Notice:
    """What the line makes of a picture: a notice that waits. Without a kind nothing could be read in it."""
    body = "平台处理结果" if kind is not Kind.UNKNOWN else ""
    notice = make.a_notice(mail=mail, kind=kind, body=body, case=case)
    reading = copy.deepcopy(notice.reading) | {"picture": "notice" if body else "nothing", "size": [300, 500]}
    fields = said.pop("fields", {})
    reading = reading | {"places": [], "unsure": [], "lines": []} | said
    reading["fields"] = reading["fields"] | fields
    Notice.objects.filter(pk=notice.pk).update(reading=reading, how="screenshot")
    settle(mail, (Outcome.REVIEW, "unsure" if body else "unknown"))
    notice.refresh_from_db()
    return notice


def answered(client: Client, mail: IncomingMail, decision: str = "confirm", **said: Any) -> Any:
    return client.post(reverse("complaints:mail_picture", args=[mail.public_id]), {"decision": decision, **said})


def test_a_picture_is_taken_like_a_notice_and_shown_from_a_copy() -> None:
    client = signed_in()
    mail = handed_in(client)
    assert (mail.outcome, mail.door) == (Outcome.WAITING, "screenshot")
    exhibit = Exhibit.objects.get()
    assert exhibit.sha256 == mail.sha256
    read_as(mail)
    address = reverse("complaints:mail_picture_copy", args=[mail.public_id])
    assert client.get(address).status_code == 404
    assert "正在准备图片" in client.get(mail.get_absolute_url()).text
    tasks.make_copies(exhibit.pk)
    shown = client.get(address)
    assert shown["Content-Type"] == "image/webp"
    page = client.get(mail.get_absolute_url()).text
    assert 'viewBox="0 0 300 500"' in page
    assert address in page


def test_what_could_not_be_read_says_so_and_is_told_by_hand() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    mail = handed_in(client)
    read_as(mail)
    page = client.get(mail.get_absolute_url()).text
    assert "没能读出图里的字" in page
    assert "这张图是什么？" in page
    answered(client, mail, into=case.public_id, did="rules:platform", outcome="buyer", amount="459.00")
    case.refresh_from_db()
    assert (case.stage, case.outcome) == ("ruled", "buyer")
    assert case.case_exhibits.get().exhibit.sha256 == mail.sha256
    mail.refresh_from_db()
    assert (mail.outcome, mail.reason) == (Outcome.FILED, "filed_by_owner")
    assert case.notices.count() == 1


def test_what_was_read_is_one_tap_and_what_is_unsure_is_left_to_the_person() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES, amount=None)
    mail = handed_in(client)
    tasks.make_copies(Exhibit.objects.get().pk)
    read_as(
        mail, Kind.RULING, case,
        outcome="buyer", act="rules", by="platform", places=PLACES, unsure=["amount"],
        fields={"amount": "459.00", "order_no": "2026000000000000268"},
    )  # fmt: skip
    page = client.get(mail.get_absolute_url())
    form = page.context["picture_form"]
    assert form["amount"].value() is None
    assert form["did"].value() == "rules:platform"
    for words in ("是这样，计入", "请核对", "459.0O", 'x="40" y="100" width="200" height="30"', 'class="crop"'):
        assert words in page.text
    assert "style=" not in page.text
    begun = {name: form[name].value() or "" for name in ("into", "did", "outcome", "order_no", "once")}
    answered(client, mail, **begun)
    case.refresh_from_db()
    event = case.events.latest("seq")
    assert (case.stage, case.outcome, case.order_no) == ("ruled", "buyer", "2026000000000000268")
    assert (event.kind, event.notice.mail) == ("ruling", mail)
    assert "amount" not in event.payload
    assert case.amount is None


def test_a_wrong_reading_is_put_right_in_the_same_form() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    mail = handed_in(client)
    read_as(mail, Kind.RULING, case, outcome="seller", act="rules", by="platform")
    answered(client, mail, into=case.public_id, did="requests_evidence:platform", days="2")
    case.refresh_from_db()
    event = case.events.latest("seq")
    assert case.stage == "evidence_requested"
    assert (event.act, event.kind, "because" in event.payload) == ("requests_evidence", "", False)
    assert event.payload["deadline"]["from"] == "entered"


def test_one_click_takes_it_back_and_the_case_is_as_it_was() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    mail = handed_in(client)
    read_as(mail)
    answered(client, mail, into=case.public_id, did="rules:platform", outcome="buyer")
    client.post(reverse("complaints:mail_decide", args=[mail.public_id]), {"decision": "reopen"})
    case.refresh_from_db()
    mail.refresh_from_db()
    assert case.stage == "platform_intervened"
    assert mail.outcome == Outcome.REVIEW
    assert case.case_exhibits.get().removed_at
    other = make.a_case(shop="另一家", act=Act.INTERVENES)
    answered(client, mail, into=other.public_id, did="rules:platform", outcome="seller")
    assert other.case_exhibits.get().removed_at is None
    assert CaseExhibit.objects.count() == 1


def test_two_taps_count_once() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    mail = handed_in(client)
    read_as(mail)
    for _tap in range(2):
        answered(client, mail, into=case.public_id, did="rules:platform", outcome="buyer")
    assert case.events.filter(act="rules").count() == 1


def test_two_pictures_that_could_not_be_read_are_two_acts() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    for width, did in ((300, "replies:merchant"), (310, "requests_evidence:platform")):
        mail = handed_in(client, size=(width, 500))
        read_as(mail)
        answered(client, mail, into=case.public_id, did=did)
    assert [event.act for event in case.events.order_by("seq")] == ["intervenes", "replies", "requests_evidence"]
    assert case.case_exhibits.count() == 2


def test_it_is_only_kept_as_evidence_when_it_says_nothing() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    mail = handed_in(client)
    read_as(mail, picture="order")
    refused = answered(client, mail, "keep", into="new")
    assert refused.status_code == 422
    assert "存证" in refused.text
    answered(client, mail, "keep", into=case.public_id)
    mail.refresh_from_db()
    assert (mail.outcome, mail.reason) == (Outcome.FILED, "kept_by_owner")
    assert case.events.count() == 1
    assert case.case_exhibits.get().kind == "order"


def test_the_first_case_is_begun_by_a_picture() -> None:
    client = signed_in()
    mail = handed_in(client)
    read_as(mail, Kind.MERCHANT_REFUSAL, act="refuses", by="merchant", fields={"shop": "暖冬旗舰店"})
    form = client.get(mail.get_absolute_url()).context["picture_form"]
    assert form["into"].value() == "new"
    answered(client, mail, into="new", did="refuses:merchant", shop="暖冬旗舰店", order_no="2026000000000000268")
    case = Case.objects.get()
    assert (case.stage, case.shop.name, case.order_no) == ("merchant_replied", "暖冬旗舰店", "2026000000000000268")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"did": "rules:platform"}, "请选择案件"),
        ({"into": "new"}, "请选择图里说的是什么"),
        ({"into": "new", "did": "refuses:merchant", "outcome": "buyer"}, "只有判决"),
    ],
)
def test_what_is_missing_is_asked_for_and_what_was_typed_stays(said: dict[str, str], reason: str) -> None:
    client = signed_in()
    make.a_case()
    mail = handed_in(client)
    read_as(mail)
    answer = answered(client, mail, note="我写的话", **said)
    assert answer.status_code == 422
    assert reason in answer.text
    assert "我写的话" in answer.text
    mail.refresh_from_db()
    assert mail.outcome == Outcome.REVIEW


def test_several_pictures_are_asked_for_one_after_another() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    first, second = handed_in(client), handed_in(client, size=(310, 500))
    for mail in (first, second):
        read_as(mail)
    assert "后面还有1张" in client.get(first.get_absolute_url()).text
    answered(client, first, "keep", into=case.public_id)
    page = client.get(first.get_absolute_url()).text
    assert second.get_absolute_url() in page
    assert "看下一张" in page
    answered(client, second, "reject")
    assert not screenshots.waiting_of(case.owner).exists()


def test_a_picture_with_nothing_to_do_with_a_complaint_is_put_aside_and_called_back() -> None:
    client = signed_in()
    mail = handed_in(client)
    read_as(mail)
    answered(client, mail, "reject")
    mail.refresh_from_db()
    assert mail.outcome == Outcome.IGNORED
    client.post(reverse("complaints:mail_decide", args=[mail.public_id]), {"decision": "reopen"})
    mail.refresh_from_db()
    assert mail.outcome == Outcome.REVIEW


def test_a_chat_shows_who_said_what() -> None:
    client = signed_in()
    mail = handed_in(client)
    lines = [
        {"who": "buyer", "text": "尺码不对", "at": None},
        {"who": "merchant", "text": "不支持退货", "at": None},
    ]
    read_as(mail, Kind.MERCHANT_REFUSAL, picture="chat", lines=lines, act="refuses", by="merchant")
    page = client.get(mail.get_absolute_url()).text
    assert 'class="bubble buyer"' in page
    assert "不支持退货" in page


def test_what_was_told_is_the_owners_word_about_a_kind_that_was_read() -> None:
    mail = handed_in(signed_in())
    notice = read_as(mail, Kind.RULING, act="rules", by="platform", outcome="buyer")
    assert screenshots.likely(notice) == (Act.RULES, Party.PLATFORM)
    assert screenshots.likely(read_as(handed_in(signed_in(), size=(320, 500)))) is None


def test_a_picture_goes_with_its_mail_unless_it_lies_in_a_case() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    lost, kept = handed_in(client), handed_in(client, size=(310, 500))
    for mail in (lost, kept):
        read_as(mail)
    answered(client, kept, "keep", into=case.public_id)
    later = timezone.now() + timedelta(days=2)
    assert screenshots.forget_unreached(later) == 0
    Notice.objects.filter(mail__in=[lost, kept]).delete()
    IncomingMail.objects.all().delete()
    assert screenshots.forget_unreached(timezone.now()) == 0  # it may be a moment old
    assert screenshots.forget_unreached(later) == 1
    assert list(Exhibit.objects.values_list("in_case__case", flat=True)) == [case.pk]


# -- pictures in the file of a case ------------------------------------------------------------------------


def put_in_file(client: Client, case: Case, *names: str) -> list[CaseExhibit]:
    """Pictures given to the page of a case, as its evidence."""
    pictures = [SimpleUploadedFile(name, files.png(300, 600 + place)) for place, name in enumerate(names)]
    client.post(reverse("complaints:exhibit_list", args=[case.public_id]), {"files": pictures})
    return list(case.case_exhibits.order_by("pk"))


def asked(client: Client, case: Case, *shown: CaseExhibit) -> Any:
    address = reverse("complaints:exhibit_ask", args=[case.public_id])
    return client.post(address, {"exhibit": [one.exhibit.public_id for one in shown]})


def test_of_the_screenshots_in_a_file_it_is_offered_to_ask_what_they_are() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    shown, photo = put_in_file(client, case, "Screenshot_1.png", "吊牌.png")
    assert not IncomingMail.objects.exists()  # nobody has asked for it
    page = client.get(case.get_absolute_url()).text
    assert "这张图是什么？" in page
    assert f'name="exhibit" value="{shown.exhibit.public_id}"' in page
    assert f'name="exhibit" value="{photo.exhibit.public_id}"' not in page
    assert (
        "这张图是什么？"
        in client.get(reverse("complaints:exhibit_detail", args=[case.public_id, photo.exhibit.public_id])).text
    )


def test_an_answered_notice_from_the_file_of_a_case_moves_that_case() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    make.a_case(shop="另一家")
    (shown,) = put_in_file(client, case, "Screenshot_1.png")
    to = asked(client, case, shown)
    mail = IncomingMail.objects.get()
    assert (to.status_code, to["Location"]) == (302, mail.get_absolute_url())
    assert (mail.sha256, mail.door) == (shown.exhibit.sha256, "screenshot")
    read_as(mail, Kind.RULING, outcome="buyer", act="rules", by="platform")
    assert "等你说一声" in client.get(case.get_absolute_url()).text
    form = client.get(mail.get_absolute_url()).context["picture_form"]
    assert form["into"].value() == case.public_id
    answered(client, mail, into=case.public_id, did="rules:platform", outcome="buyer")
    case.refresh_from_db()
    assert (case.stage, case.outcome) == ("ruled", "buyer")
    assert case.case_exhibits.get() == shown
    page = client.get(case.get_absolute_url()).text
    assert "等你说一声" not in page
    assert f'name="exhibit" value="{shown.exhibit.public_id}"' not in page


def test_taking_the_answer_back_leaves_the_picture_where_its_owner_put_it() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    (shown,) = put_in_file(client, case, "Screenshot_1.png")
    asked(client, case, shown)
    mail = IncomingMail.objects.get()
    read_as(mail)
    answered(client, mail, into=case.public_id, did="rules:platform", outcome="buyer")
    client.post(reverse("complaints:mail_decide", args=[mail.public_id]), {"decision": "reopen"})
    case.refresh_from_db()
    shown.refresh_from_db()
    assert (case.stage, shown.removed_at) == ("platform_intervened", None)


def test_a_picture_in_a_file_is_called_what_it_was_read_as_until_a_person_says_otherwise() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    guessed, said, nothing = put_in_file(client, case, "Screenshot_1.png", "Screenshot_2.png", "Screenshot_3.png")
    edit = reverse("complaints:exhibit_edit", args=[case.public_id, said.exhibit.public_id])
    client.post(edit, {"kind": "listing"})
    asked(client, case, guessed, said, nothing)
    for mail, picture in zip(IncomingMail.objects.order_by("pk"), ("order", "order", "nothing"), strict=True):
        read_as(mail, picture=picture)
        screenshots.name_kind(mail.pk)
    kinds = list(case.case_exhibits.order_by("pk").values_list("kind", "guessed"))
    assert kinds == [("order", True), ("listing", False), ("chat", True)]


def test_asking_twice_reads_once_and_what_is_anothers_is_not_read() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    (shown,) = put_in_file(client, case, "Screenshot_1.png")
    stranger = make.a_user("stranger@example.com")
    theirs = make.a_case(owner=stranger)
    assert asked(signed_in(stranger), case, shown).status_code == 404
    assert asked(signed_in(stranger), theirs, shown).status_code == 302
    assert not IncomingMail.objects.exists()
    for _tap in range(2):
        asked(client, case, shown)
    assert IncomingMail.objects.get().repeats == 0


def test_an_original_that_is_lost_keeps_the_others_from_nothing() -> None:
    client, case = signed_in(), make.a_case(act=Act.INTERVENES)
    lost, shown = put_in_file(client, case, "Screenshot_1.png", "Screenshot_2.png")
    default_storage.delete(lost.exhibit.file)
    address = reverse("complaints:exhibit_ask", args=[case.public_id])
    named = [lost.exhibit.public_id, shown.exhibit.public_id]
    page = client.post(address, {"exhibit": named}, follow=True)
    assert "“Screenshot_1.png”的原件现在打不开" in page.text
    assert IncomingMail.objects.get().sha256 == shown.exhibit.sha256


# -- chats -------------------------------------------------------------------------------------------------

LINES = [
    {"who": "buyer", "text": "尺码不对", "at": None},
    {"who": "merchant", "text": "不支持退货", "at": "2026-11-08T20:15:00+08:00"},
    {"who": "platform", "text": "对方已撤回一条消息", "at": None},
]
REFUSED = [{"of": "kind", "words": "不支持退货", "where": "picture"}]


def a_chat(client: Client, case: Case | None = None, **said: Any) -> tuple[IncomingMail, Notice]:
    """A picture of LINES, read as the merchant's refusal."""
    mail = handed_in(client)
    read = {"picture": "chat", "lines": LINES, "act": "refuses", "by": "merchant", "because": REFUSED} | said
    return mail, read_as(mail, Kind.MERCHANT_REFUSAL, case, **read)


def say(client: Client, mail: IncomingMail, what: str) -> Any:
    return client.post(reverse("complaints:mail_lines", args=[mail.public_id]), {"say": what})


def speakers(notice: Notice) -> list[str]:
    notice.refresh_from_db()
    return [line["who"] for line in chats.lines_of(notice)]


def begun(client: Client, mail: IncomingMail) -> Any:
    return client.get(mail.get_absolute_url()).context["picture_form"].initial


def test_one_tap_swaps_the_sides_and_another_swaps_them_back() -> None:
    client = signed_in()
    mail, notice = a_chat(client)
    assert begun(client, mail)["did"] == "refuses:merchant"
    assert say(client, mail, "swap")["Location"].endswith("#chat-lines")
    assert speakers(notice) == ["merchant", "buyer", "platform"]
    assert begun(client, mail)["did"] == ""  # what it was read by is the buyer's now
    say(client, mail, "swap")
    assert (speakers(notice), notice.lines_said) == (["buyer", "merchant", "platform"], None)
    assert begun(client, mail)["did"] == "refuses:merchant"


def test_a_single_line_gets_another_speaker_and_what_it_did_not_bear_stays() -> None:
    client = signed_in()
    mail, notice = a_chat(client)
    say(client, mail, "0:platform")
    assert speakers(notice) == ["platform", "merchant", "platform"]
    assert begun(client, mail)["did"] == "refuses:merchant"
    say(client, mail, "1:platform")
    assert begun(client, mail)["did"] == ""


def test_the_line_that_counts_is_what_the_case_is_told() -> None:
    client, case = signed_in(), make.a_case()
    mail, notice = a_chat(client, case)
    say(client, mail, "swap")
    assert say(client, mail, "0:refuses")["Location"].endswith("#picture-form")
    page = client.get(mail.get_absolute_url())
    assert "商家拒绝" in page.text
    assert "是这样，计入" in page.text
    answered(client, mail, into=case.public_id, did="refuses:merchant")
    event = case.events.latest("seq")
    assert (event.act, event.kind) == ("refuses", "")
    assert event.payload["because"] == [{"of": "act", "words": "尺码不对", "where": "picture"}]
    assert event.notice == notice


def test_an_offer_asks_what_is_offered_and_is_begun_with_what_that_line_was_read_as() -> None:
    client, case = signed_in(), make.a_case()
    offer = {"amount": "20.00", "form": "compensation", "condition": None, "expires": None}
    lines = [*LINES, {"who": "merchant", "text": "补偿您20元可以吗", "at": None}]
    because = [*REFUSED, {"of": "offer", "words": "补偿您20元", "where": "picture"}]
    mail, _notice = a_chat(client, case, lines=lines, because=because, fields={"offer": offer, "amount": "459.00"})
    say(client, mail, "1:offers")
    known = begun(client, mail)
    assert (known["did"], known["offer"], known["amount"]) == ("replies:merchant", "other", None)
    say(client, mail, "3:offers")
    known = begun(client, mail)
    assert (known["did"], known["offer"], known["amount"]) == ("replies:merchant", "compensation", "20.00")
    answered(client, mail, into=case.public_id, did="replies:merchant", offer="compensation", amount="20.00")
    assert case.events.latest("seq").payload["offer"] == offer
    mail.refresh_from_db()
    assert mail.outcome == Outcome.FILED


def test_one_line_counts_at_a_time_and_none_but_a_merchants() -> None:
    client = signed_in()
    mail, notice = a_chat(client, lines=[*LINES, {"who": "merchant", "text": "给您换一件", "at": None}])
    say(client, mail, "1:refuses")
    say(client, mail, "3:replies")
    notice.refresh_from_db()
    assert [line.get("counts", "") for line in chats.lines_of(notice)] == ["", "", "", "replies"]
    say(client, mail, "3:nothing")
    notice.refresh_from_db()
    assert notice.lines_said is None
    for wrong in ("0:refuses", "9:buyer", "1:judge", "1", "", "-1:buyer"):
        to = client.post(reverse("complaints:mail_lines", args=[mail.public_id]), {"say": wrong}, follow=True)
        assert "没有改成" in to.text
    notice.refresh_from_db()
    assert notice.lines_said is None


def test_once_answered_its_lines_stay_as_they_are_and_nobody_else_puts_them_right() -> None:
    client, case = signed_in(), make.a_case()
    mail, notice = a_chat(client, case)
    assert say(signed_in(make.a_user("stranger@example.com")), mail, "swap").status_code == 404
    answered(client, mail, "keep", into=case.public_id)
    say(client, mail, "swap")
    assert (speakers(notice), notice.lines_said) == (["buyer", "merchant", "platform"], None)


def test_what_was_put_right_is_a_candidate_for_the_corpus_without_anybodys_data() -> None:
    client = signed_in()
    lines = [*LINES, {"who": "merchant", "text": "我的电话是13912345678", "at": None}]
    mail, _notice = a_chat(client, lines=lines)
    assert not list(candidates())
    say(client, mail, "3:replies")
    (row,) = [one.as_row() for one in candidates()]
    assert (row["by"], row["said"]["kind"]) == ("owner", "merchant_reply")
    assert row["said"]["lines"][3]["counts"] == "replies"
    assert "13912345678" not in str(row)


def test_the_buttons_of_a_chat_are_words_of_both_languages() -> None:
    client = signed_in()
    mail, _notice = a_chat(client)
    page = client.get(mail.get_absolute_url()).text
    for value in ("swap", "1:replies", "1:refuses", "1:offers", "1:buyer", "0:merchant", "2:buyer"):
        assert f'name="say" value="{value}"' in page
    assert 'value="0:refuses"' not in page
    User.objects.update(language="en")
    assert "Swap the sides" in client.get(mail.get_absolute_url()).text
