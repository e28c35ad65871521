from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import InboxAddress
from complaints import words
from complaints.intake import receive
from complaints.models import Case, IncomingMail, RawMail
from complaints.models.mail import LARGE, Outcome
from complaints.raw import move_large
from complaints.stages import Act, Kind, Stage, State
from complaints.views.mails import OUTCOMES
from tests import make
from tests.mails.outlook import message, storage

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def signed_in(user=None) -> Client:
    client = Client()
    client.force_login(user or make.a_user())
    return client


def url(name: str, *args: str) -> str:
    return reverse(f"complaints:{name}", args=args)


def page(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


# -- handing in ------------------------------------------------------------------------------------------


def test_a_pasted_text_is_kept_as_its_utf8_and_leads_to_its_page():
    answer = signed_in().post(url("hand_in"), {"text": "【天猫】您的投诉已受理\r\n受理编号 1\r\n"})
    mail = IncomingMail.objects.get()
    assert answer["Location"] == mail.get_absolute_url()
    assert (mail.door, mail.outcome) == ("paste", Outcome.WAITING)
    assert bytes(mail.raw.data).decode() == "【天猫】您的投诉已受理\n受理编号 1\n"


def test_several_files_are_kept_byte_for_byte():
    raws = [make.raw_mail("一"), make.raw_mail("二"), "三".encode("gb18030")]
    files = [SimpleUploadedFile(f"{place}.eml", raw) for place, raw in enumerate(raws)]
    answer = signed_in().post(url("hand_in"), {"files": files})
    assert answer.status_code == 200
    assert answer.content.decode().count("收下了") == 3
    assert [bytes(raw.data) for raw in RawMail.objects.order_by("pk")] == raws
    assert set(IncomingMail.objects.values_list("door", flat=True)) == {"upload"}


def test_outlook_files_are_taken_and_saved_as_what_they_are():
    raws = {"msg": storage(message({0x0037: "通知"})), "eml": make.raw_mail("一")}
    client = signed_in()
    for ending, raw in raws.items():
        client.post(url("hand_in"), {"files": SimpleUploadedFile(f"通知.{ending}", raw)})
        mail = IncomingMail.objects.get(raw__data=raw)
        IncomingMail.objects.filter(pk=mail.pk).update(outcome=Outcome.FILED, reason="joined", settled_at=make.NOW)
        answer = client.get(url("mail_raw", mail.public_id))
        assert answer.content == raw
        assert answer["Content-Disposition"].endswith(f'.{ending}"')


def test_handing_in_the_same_again_is_one_mail_and_says_so():
    client = signed_in()
    for _again in range(2):
        answer = client.post(url("hand_in"), {"text": "一样的话"}, follow=True)
    assert IncomingMail.objects.get().repeats == 1
    assert "这一封以前交过，没有重复计入。" in answer.content.decode()


def test_the_door_rings_for_what_it_kept(monkeypatch):
    rung = []
    monkeypatch.setattr("complaints.handing.bell", SimpleNamespace(ring=rung.extend))
    signed_in().post(url("hand_in"), {"text": "一"})
    assert rung == [IncomingMail.objects.get().pk]


@pytest.mark.parametrize(
    ("handed", "sentence"),
    [
        ({}, "还没有内容"),
        ({"text": " \n "}, "还没有内容"),
        ({"text": "字" * 500_001}, "文字太长"),
        ({"files": SimpleUploadedFile("空.eml", b"")}, "是空的"),
        ({"files": SimpleUploadedFile("说明.eml", b"%PDF-1.7" + b"x" * 99)}, "不是邮件、文字或截图"),
        ({"files": SimpleUploadedFile("a.exe", b"MZ\x00\x01\x02")}, "不是邮件、文字或截图"),
        ({"files": [SimpleUploadedFile(f"{n}.eml", b"a") for n in range(21)]}, "一次最多交20个文件"),
    ],
)
def test_what_cannot_be_a_notice_is_said_in_a_sentence(handed, sentence):
    answer = signed_in().post(url("hand_in"), handed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not IncomingMail.objects.exists()


def test_a_file_above_the_limit_is_refused_and_the_text_stays(settings):
    settings.MAIL_LIMITS = settings.MAIL_LIMITS | {"size": 100}
    answer = signed_in().post(
        url("hand_in"), {"text": "我写的话", "files": SimpleUploadedFile("大.eml", b"a" * 101)}, headers=HTMX
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“大.eml”太大" in text
    assert "我写的话</textarea>" in text
    assert text.lstrip().startswith('<form id="hand-in-form"')


@pytest.mark.parametrize("error", [receive.UnknownAddress, receive.TooLarge, receive.OverLimit, receive.DiskFull])
def test_what_the_door_could_not_keep_says_why_and_loses_nothing(monkeypatch, error):
    def refuse(*_args):
        raise error

    monkeypatch.setattr("complaints.handing.receive", refuse)
    answer = signed_in().post(url("hand_in"), {"text": "我写的话"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "errorlist" in text
    assert "我写的话</textarea>" in text


def test_every_refusal_of_the_door_has_a_sentence():
    from complaints.views.mails import NOT_KEPT

    assert set(NOT_KEPT) == set(receive.NotKept.__subclasses__())


def test_what_was_kept_before_a_refusal_is_named(monkeypatch):
    real, calls = receive.receive, []

    def once(*args):
        calls.append(args)
        if len(calls) == 2:
            raise receive.OverLimit
        return real(*args)

    monkeypatch.setattr("complaints.handing.receive", once)
    files = [SimpleUploadedFile(f"{place}.eml", make.raw_mail(str(place))) for place in range(2)]
    text = signed_in().post(url("hand_in"), {"files": files}).content.decode()
    assert "收下的不用再交" in text
    assert IncomingMail.objects.get().get_absolute_url() in text
    assert "“1.eml”：这一小时或这一天收到的信太多了" in text


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_each_file_has_its_own_sentence_and_a_bad_one_keeps_no_other_back():
    alone, again = make.raw_mail("一"), make.raw_mail("二")
    client = signed_in()
    client.post(url("hand_in"), {"files": SimpleUploadedFile("先交的.eml", again)})
    letters = zipped(
        **{"投诉/一.eml": alone, "二.eml": again, "说明.txt": "商家拒绝", "照片.jpg": b"x", "__MACOSX/._一.eml": b"x"}
    )
    broken = letters[:-40]
    files = {
        "信.zip": letters,
        "视频.mp4": b"\x00\x00\x00 ftypmp42" + b"\x00" * 99,
        "坏.zip": broken,
        "空.zip": zipped(**{"a.pdf": b"x"}),
    }
    text = client.post(
        url("hand_in"), {"files": [SimpleUploadedFile(name, raw) for name, raw in files.items()]}
    ).content.decode()
    assert [bytes(raw.data) for raw in RawMail.objects.order_by("pk")] == [again, alone, "商家拒绝".encode()]
    said = [
        " ".join(re.sub("<[^>]+>", " ", row).split()) for row in re.findall(r'<li class="row">.*?</li>', text, re.S)
    ]
    assert said == [
        "信.zip/一.eml 收下了",
        "信.zip/二.eml 以前交过，没有重复计入",
        "信.zip/说明.txt 收下了",
        "信.zip/照片.jpg 不是邮件，没有收",
    ]
    assert "“视频.mp4”不是邮件、文字或截图" in text
    assert "“坏.zip”：打不开，一封也没有收" in text
    assert "“空.zip”：里面没有邮件" in text


def test_a_zip_of_more_mails_than_we_take_is_refused_as_a_whole():
    files = {f"{number}.eml": make.raw_mail(str(number)) for number in range(101)}
    answer = signed_in().post(url("hand_in"), {"files": SimpleUploadedFile("信.zip", zipped(**files))})
    assert answer.status_code == 422
    assert not IncomingMail.objects.exists()
    del files["0.eml"]
    assert signed_in().post(url("hand_in"), {"files": SimpleUploadedFile("信.zip", zipped(**files))}).status_code == 200
    assert IncomingMail.objects.count() == 100


def test_a_shopper_whose_addresses_are_paused_can_still_hand_in():
    make.an_inbox(state=InboxAddress.State.PAUSED)
    signed_in().post(url("hand_in"), {"text": "一"})
    assert IncomingMail.objects.count() == 1


# -- the list --------------------------------------------------------------------------------------------


def test_the_list_says_what_became_of_each_and_why():
    case = make.a_case()
    mail = make.a_mail(outcome=Outcome.FILED, reason="moved")
    make.a_notice(mail, case=case)
    make.a_mail(outcome=Outcome.IGNORED, reason="marketing", subject="双十一大促")
    text = page(signed_in(), url("mail_list"))
    for said in (
        "已归入案件",
        "看懂了，已推进案件进度。",
        case.get_absolute_url(),
        "广告，与投诉无关。保留30天。",
        "受理通知",
    ):
        assert said in text


def test_a_pasted_text_is_called_by_what_it_was():
    mail = make.a_mail(outcome=Outcome.FILED, subject="", door=IncomingMail.Door.PASTE)
    make.a_notice(mail, kind=Kind.MERCHANT_REFUSAL, subject="")
    make.a_mail(subject="", raw=b"not read yet")
    text = page(signed_in(), url("mail_list"))
    assert re.search(r'class="cover"[^>]*>商家拒绝</a>', text)
    assert re.search(r'class="cover"[^>]*>（没有主题）</a>', text)


def test_every_outcome_is_explained():
    assert set(OUTCOMES) == set(Outcome)
    text = page(signed_in(), url("mail_list"))
    for _tag, _icon, meaning in OUTCOMES.values():
        assert str(meaning) in text


@pytest.mark.parametrize("reason", [key for key, _sentence in words.REASONS.items()])
def test_every_reason_is_a_sentence_on_the_page(reason):
    make.a_mail(outcome=Outcome.REVIEW, reason=reason)
    assert str(words.REASONS[reason]) in page(signed_in(), url("mail_list"))


def test_mails_of_somebody_else_are_not_listed():
    make.a_mail(make.a_user("other@example.com"), outcome=Outcome.IGNORED, subject="别人的信")
    assert "别人的信" not in page(signed_in(), url("mail_list"))


def test_a_claim_does_not_bring_a_mail_into_the_volunteers_own_list():
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="unsure", subject="别人的信")
    volunteer = make.a_volunteer()
    make.a_claim(mail, volunteer, until=timezone.now() + timedelta(minutes=5))
    client = signed_in(volunteer)
    assert "别人的信" not in page(client, url("mail_list"))
    for name in ("mail_detail", "mail_raw"):
        assert client.get(url(name, mail.public_id)).status_code == 404


def test_pages_show_every_mail_once():
    mails = [make.a_mail(outcome=Outcome.IGNORED, raw=str(number).encode()) for number in range(45)]
    client, address, seen = signed_in(), url("mail_list"), []
    while address:
        text = page(client, address)
        seen += re.findall(r'class="cover" href="/mails/(\w+)/"', text)
        older = re.search(r'rel="next" href="([^"]+)"', text)
        address = older[1].replace("&amp;", "&") if older else ""
    assert seen == [mail.public_id for mail in reversed(mails)]


def test_the_rows_are_silent_while_nothing_changed():
    mail = make.a_mail()
    client = signed_in()
    text = page(client, url("mail_list"))
    assert "data-fast" in text
    version = re.search(r'data-version="([^"]+)"', text)[1]
    part = url("mail_list_part")
    assert client.get(part, {"seen": version}).status_code == 204
    IncomingMail.objects.filter(pk=mail.pk).update(outcome="filed", reason="moved", settled_at=make.NOW)
    answer = client.get(part, {"seen": version})
    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith('<div id="mail-rows"')


def test_the_list_asks_as_often_for_200_mails_as_for_one():
    client = signed_in()
    case = make.a_case()
    counts = []
    for more in (1, 19, 180):
        for number in range(more):
            make.a_notice(make.a_mail(outcome="filed", raw=f"{len(counts)} {number}".encode()), case=case)
        counts.append(queries(client, url("mail_list")))
    assert counts[0] == counts[1] == counts[2] <= 10


# -- one mail --------------------------------------------------------------------------------------------


def test_a_waiting_mail_says_so_until_it_is_read():
    mail = make.a_mail()
    client = signed_in()
    text = page(client, mail.get_absolute_url())
    assert "正在读" in text
    assert "现在看看" in text
    version = re.search(r'data-version="([^"]+)"', text)[1]
    assert client.get(mail.get_absolute_url(), {"seen": version}).status_code == 204
    IncomingMail.objects.filter(pk=mail.pk).update(outcome="filed", reason="moved", settled_at=make.NOW)
    text = page(client, mail.get_absolute_url(), seen=version)
    assert text.lstrip().startswith('<div id="mail-live"')
    assert "看懂了，已推进案件进度。" in text
    assert "data-fast" not in text


def test_a_read_mail_shows_what_it_was_and_by_which_words():
    case = make.a_case()
    mail = make.a_mail(outcome=Outcome.FILED, reason="moved")
    notice = make.a_notice(mail, case=case, kind=Kind.ACKNOWLEDGEMENT)
    text = page(signed_in(), mail.get_absolute_url())
    for said in (
        "受理通知",
        ">投诉已受理</q>",
        "来源未核对",
        case.get_absolute_url(),
        url("notice_html", mail.public_id, notice.public_id),
        url("mail_raw", mail.public_id),
        "除了你，没有人看过。",
    ):
        assert said in text, said


def test_the_owner_sees_who_looked_and_why():
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="unsure")
    make.a_look(mail, why="看不清是不是判决")
    text = page(signed_in(), mail.get_absolute_url())
    assert "志愿者" in text
    assert "看不清是不是判决" in text
    assert "除了你，没有人看过" not in text


def test_a_suspicious_mail_is_marked_with_what_not_to_do():
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="phishing")
    reading = make.a_reading(Kind.PHISHING) | {"trust": "phishing"}
    make.a_notice(mail, kind=Kind.PHISHING, reading=reading, provenance="E")
    assert "别给验证码或卡号" in page(signed_in(), mail.get_absolute_url())


def test_a_held_mail_shows_nothing_of_what_was_inside():
    mail = make.a_mail(
        outcome=Outcome.HELD, reason="verification_code", sender="code@bank.example", subject="验证码 839201"
    )
    notice = make.a_notice(
        mail, kind=Kind.VERIFICATION_CODE, body="您的验证码 839201 https://bank.example/x", subject="验证码 839201"
    )
    client = signed_in()
    for text in (page(client, mail.get_absolute_url()), page(client, url("mail_list"))):
        assert "839201" not in text
        assert "bank.example" not in text
        assert "已扣下" in text
        assert url("mail_raw", mail.public_id) not in text
    assert client.get(url("mail_raw", mail.public_id)).status_code == 404
    assert client.get(url("notice_html", mail.public_id, notice.public_id)).status_code == 404


def test_a_mail_that_nobody_has_read_yet_is_not_given_out_for_it_may_hold_a_code() -> None:
    client = signed_in()
    mail = make.a_mail(raw=make.raw_mail("Your code", "Your verification code is 482913"))
    assert url("mail_raw", mail.public_id) not in client.get(url("mail_detail", mail.public_id)).text
    assert client.get(url("mail_raw", mail.public_id)).status_code == 404
    own = make.a_mail(door=IncomingMail.Door.UPLOAD)
    assert client.get(url("mail_raw", own.public_id)).status_code == 200


@pytest.mark.parametrize("name", ["mail_detail", "mail_raw"])
def test_a_stranger_is_told_that_there_is_no_such_mail(name):
    mail = make.a_mail(make.a_user("other@example.com"), outcome=Outcome.FILED)
    assert signed_in().get(url(name, mail.public_id)).status_code == 404


def test_a_stranger_cannot_decide_or_read_a_notice():
    mail = make.a_mail(make.a_user("other@example.com"), outcome=Outcome.REVIEW)
    notice = make.a_notice(mail)
    client = signed_in()
    assert client.post(url("mail_decide", mail.public_id), {"decision": "reject"}).status_code == 404
    assert client.get(url("notice_html", mail.public_id, notice.public_id)).status_code == 404
    own = make.a_mail(outcome=Outcome.FILED)
    assert client.get(url("notice_html", own.public_id, notice.public_id)).status_code == 404


def test_one_mail_asks_as_often_for_many_notices_as_for_one():
    counts = []
    client = signed_in()
    case = make.a_case()
    for many in (1, 20):
        mail = make.a_mail(outcome=Outcome.FILED)
        for _place in range(many):
            make.a_notice(mail, case=case)
        counts.append(queries(client, mail.get_absolute_url()))
    assert counts[0] == counts[1] <= 10


# -- the original ----------------------------------------------------------------------------------------


def test_the_original_is_an_attachment_byte_for_byte():
    raw = make.raw_mail(body="<script>alert(1)</script>") + b"\xff\x00"
    mail = make.a_mail(outcome=Outcome.FILED, raw=raw)
    answer = signed_in().get(url("mail_raw", mail.public_id))
    assert answer.content == raw
    assert answer["Content-Disposition"] == f'attachment; filename="suji-{mail.public_id}.eml"'
    assert answer["Content-Type"] == "message/rfc822"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


def test_a_pasted_text_is_saved_as_text():
    mail = make.a_mail(outcome=Outcome.FILED, raw="字".encode(), door=IncomingMail.Door.PASTE)
    answer = signed_in().get(url("mail_raw", mail.public_id))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"].endswith('.txt"')


def test_bytes_that_were_moved_to_file_storage_are_found_there():
    mail = make.a_mail(outcome=Outcome.FILED, raw=b"moved" * LARGE)
    assert move_large(make.NOW) == 1
    assert RawMail.objects.get(mail=mail).data is None
    assert signed_in().get(url("mail_raw", mail.public_id)).content == b"moved" * LARGE


def test_a_notice_is_shown_in_a_page_that_can_do_nothing():
    mail = make.a_mail(outcome=Outcome.FILED)
    notice = make.a_notice(mail, safe_html="<p><b>支持买家</b></p>")
    answer = signed_in().get(url("notice_html", mail.public_id, notice.public_id))
    assert "<p><b>支持买家</b></p>" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline';")
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert "img-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_notice_without_html_is_shown_as_escaped_text():
    notice = make.a_notice(body="一\n<script>二</script>")
    answer = signed_in().get(url("notice_html", notice.mail.public_id, notice.public_id))
    assert "<pre>一\n&lt;script&gt;二&lt;/script&gt;</pre>" in answer.content.decode()


# -- deciding --------------------------------------------------------------------------------------------


def a_proposal() -> tuple[IncomingMail, Case]:
    case = make.a_case()
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="unverified_route")
    notice = make.a_notice(mail, kind=Kind.MERCHANT_REFUSAL, case=case)
    make.an_event(
        case,
        Act.REFUSES,
        at=make.NOW + timedelta(hours=1),
        state=State.PROPOSED,
        notice=notice,
        fingerprint=notice.fingerprint,
    )
    return mail, case


def test_confirming_what_a_mail_proposes_moves_the_case():
    mail, case = a_proposal()
    client = signed_in()
    text = page(client, mail.get_absolute_url())
    assert "商家：拒绝了申请" in text
    answer = client.post(url("mail_decide", mail.public_id), {"decision": "confirm"})
    assert answer["Location"] == case.get_absolute_url()
    case.refresh_from_db()
    mail.refresh_from_db()
    assert (case.stage, mail.outcome, mail.reason) == (Stage.MERCHANT_REPLIED, Outcome.FILED, "confirmed_by_owner")


def test_rejecting_a_mail_undoes_what_it_proposed_and_can_be_taken_back():
    mail, case = a_proposal()
    client = signed_in()
    client.post(url("mail_decide", mail.public_id), {"decision": "reject"})
    mail.refresh_from_db()
    case.refresh_from_db()
    assert (mail.outcome, case.proposed) == (Outcome.IGNORED, 0)
    assert "撤销这个处理" in page(client, mail.get_absolute_url())
    client.post(url("mail_decide", mail.public_id), {"decision": "reopen"})
    mail.refresh_from_db()
    assert mail.outcome == Outcome.REVIEW


def test_a_mail_is_filed_as_another_kind_to_another_case():
    mail, _case = a_proposal()
    other = make.a_case(shop="乙店")
    filed = {"decision": "file", "case": other.public_id, "kind": "intervention"}
    answer = signed_in().post(url("mail_decide", mail.public_id), filed)
    assert answer["Location"] == other.get_absolute_url()
    other.refresh_from_db()
    assert other.stage == Stage.PLATFORM_INTERVENED


def test_a_mail_opens_a_new_case():
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="unknown")
    make.a_notice(mail, kind=Kind.UNKNOWN)
    signed_in().post(url("mail_decide", mail.public_id), {"decision": "file", "case": "new", "kind": "ruling"})
    assert Case.objects.get().stage == Stage.RULED


@pytest.mark.parametrize(
    ("filled", "sentence"),
    [
        ({"decision": "file"}, "请选择案件，或新建一个。"),
        ({"decision": "file", "case": "new"}, "请选择这是什么通知。"),
        ({"decision": "file", "case": "new", "kind": "phishing"}, "phishing"),
    ],
)
def test_an_unfinished_choice_is_answered_422_with_a_sentence(filled, sentence):
    mail, _case = a_proposal()
    for headers in ({}, HTMX):
        answer = signed_in().post(url("mail_decide", mail.public_id), filled, headers=headers)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()


def test_the_case_of_somebody_else_cannot_be_chosen():
    mail, _case = a_proposal()
    foreign = make.a_case(make.a_user("other@example.com"))
    filled = {"decision": "file", "case": foreign.public_id, "kind": "ruling"}
    assert signed_in().post(url("mail_decide", mail.public_id), filled).status_code == 422
    assert foreign.events.count() == 1


def test_a_decision_that_came_too_late_is_said():
    mail, _case = a_proposal()
    client = signed_in()
    client.post(url("mail_decide", mail.public_id), {"decision": "confirm"})
    answer = client.post(url("mail_decide", mail.public_id), {"decision": "reject"}, follow=True)
    assert "刚才已经处理过了" in answer.content.decode()
    mail.refresh_from_db()
    assert mail.outcome == Outcome.FILED


def test_what_the_machine_ignored_can_be_called_back_by_its_owner():
    mail = make.a_mail(outcome=Outcome.IGNORED, reason="marketing")
    make.a_notice(mail, kind=Kind.MARKETING)
    client = signed_in()
    assert "这和我的投诉有关" in page(client, mail.get_absolute_url())
    client.post(url("mail_decide", mail.public_id), {"decision": "reopen"})
    mail.refresh_from_db()
    assert (mail.outcome, mail.reason) == (Outcome.REVIEW, "reopened")
    assert "归入一个案件" in page(client, mail.get_absolute_url())


@pytest.mark.parametrize(("outcome", "reason"), [(Outcome.HELD, "verification_code"), (Outcome.FILED, "moved")])
def test_what_the_machine_held_or_filed_is_not_called_back(outcome, reason):
    mail = make.a_mail(outcome=outcome, reason=reason)
    make.a_notice(mail)
    client = signed_in()
    assert "reopen" not in page(client, mail.get_absolute_url())
    client.post(url("mail_decide", mail.public_id), {"decision": "reopen"})
    mail.refresh_from_db()
    assert mail.outcome == outcome


def test_a_row_of_the_list_says_once_that_nobody_knows_what_it_is():
    mail = make.a_mail(outcome=Outcome.REVIEW, reason="unknown")
    make.a_notice(mail, kind=Kind.UNKNOWN)
    text = page(signed_in(), url("mail_list"))
    assert str(words.REASONS["unknown"]) in text
    assert f"· {words.KINDS[Kind.UNKNOWN]}" not in text
