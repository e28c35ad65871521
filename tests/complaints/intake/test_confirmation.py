import pytest

from complaints.intake.classify import classify
from complaints.intake.confirmation import find_confirmation
from complaints.intake.shapes import How
from complaints.stages import KINDS, End, Kind
from tests.complaints.intake.notices import a_notice

GMAIL = "forwarding-noreply@google.com"
LINK = "https://mail-settings.google.com/mail/vf-%5BANGjdJ8-abc_DEF%5D-xyz"


def a_mail(subject, body, sender=GMAIL, **more):
    return a_notice(subject, body, from_address=sender, how=How.DIRECT, depth=0, to=("in-abc@suji.example",), **more)


@pytest.mark.parametrize(
    ("subject", "body", "code"),
    [
        (
            "(#493028571) Gmail 转发确认 - 接收来自 mei@gmail.com 的邮件",
            f"mei@gmail.com 已请求将邮件自动转发到您的电子邮件地址 in-abc@suji.example。\n确认码：493028571\n{LINK}",
            "493028571",
        ),
        (
            "(#493028571) Gmail Forwarding Confirmation - Receive Mail from mei@gmail.com",
            "mei@gmail.com has requested to automatically forward mail to your email address in-abc@suji.example.\n"
            f"Confirmation code: 493028571\n{LINK}",
            "493028571",
        ),
        (
            "Gmail Forwarding Confirmation - Receive Mail from mei@gmail.com",
            f"mei@gmail.com has requested to automatically forward mail.\nConfirmation code: 88120034\n{LINK}",
            "88120034",
        ),
    ],
)
def test_gmail_asks_in_chinese_and_english(subject, body, code):
    found = find_confirmation(a_mail(subject, body))
    assert found is not None
    assert (found[0].code, found[0].link, found[0].mailbox) == (code, LINK, "mei@gmail.com")
    assert classify(a_mail(subject, body)).kind is Kind.FORWARD_CONFIRMATION
    assert KINDS[Kind.FORWARD_CONFIRMATION].end is End.HELD


def test_other_mailboxes_ask_in_a_general_form():
    mail = a_mail(
        "邮箱自动转发验证",
        "您好，邮箱 mei@qq.com 设置了自动转发到 in-abc@suji.example，验证码：7719 请在设置页填写以确认转发。",
        sender="10000@qq.com",
    )
    found = find_confirmation(mail)
    assert found is not None
    assert found[0].code == "7719"
    assert found[0].mailbox == "mei@qq.com"


def test_a_link_alone_confirms_too():
    mail = a_mail(
        "确认邮件转发",
        "请点击链接确认转发邮件 https://mail.zoho.com/forward/confirm?k=1",
        sender="noreply@zoho.com",
    )
    found = find_confirmation(mail)
    assert found is not None
    assert found[0].link == "https://mail.zoho.com/forward/confirm?k=1"


def test_it_is_found_before_anything_that_looks_like_bulk():
    headers = (("Precedence", "bulk"), ("Auto-Submitted", "auto-generated"))
    mail = a_mail("(#493028571) Gmail 转发确认", "确认码：493028571", headers=headers)
    assert classify(mail).kind is Kind.FORWARD_CONFIRMATION


@pytest.mark.parametrize(
    ("subject", "body", "sender"),
    [
        ("(#493028571) Gmail 转发确认", "确认码：493028571", "forwarding-noreply@google.com.evil.example"),
        ("(#493028571) Gmail 转发确认", "确认码：493028571", "someone@evil.example"),
        ("转发有礼，验证领奖", "转发邮件给好友并验证，确认码：7719", "news@shop.example"),
        ("您的投诉已受理", "您的投诉已受理，投诉编号：TS202611080031", "service@mail.taobao.com"),
        ("Gmail security alert", "New sign-in to your account", "no-reply@accounts.google.com"),
        ("邮箱登录提醒", "您的邮箱在新设备登录", "10000@qq.com"),
    ],
)
def test_whoever_is_no_mailbox_or_asks_something_else_confirms_nothing(subject, body, sender):
    assert find_confirmation(a_mail(subject, body, sender)) is None


def test_a_forwarded_confirmation_is_none():
    """Only the mail that the provider itself sent to us counts, not one that somebody passes on."""
    mail = a_notice("(#493028571) Gmail 转发确认", "确认码：493028571", from_address=GMAIL, how=How.INLINE, depth=1)
    assert find_confirmation(mail) is None
