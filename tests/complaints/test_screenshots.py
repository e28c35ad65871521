"""“这张图是什么？”: a picture that was handed in waits for its owner; what was read in it is only begun with."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from complaints import screenshots
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
