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


PROVIDERS = (
    (
        "10000@qq.com",
        "QQ邮箱自动转发设置确认",
        "您好！\nmei@qq.com 希望把收到的邮件自动转发到您的邮箱 in-abc@suji.example 。\n如同意，"
        "请点击下面的链接完成确认：\n"
        "https://mail.qq.com/cgi-bin/autoforward_verify?k=ab12CD&t=1\n如非您本人操作，请忽略。",
        None,
        "https://mail.qq.com/cgi-bin/autoforward_verify?k=ab12CD&t=1",
        "mei@qq.com",
    ),
    (
        "service@service.mail.qq.com",
        "来自QQ邮箱的转发验证",
        "QQ邮箱用户 mei@qq.com 申请将其来信转发给您，验证码为 582913，请将验证码告知该用户以完成设置。",
        "582913",
        None,
        "mei@qq.com",
    ),
    (
        "mail@service.netease.com",
        "网易邮箱自动转发验证码",
        "尊敬的用户：\n您的163邮箱 mei@163.com 正在设置邮件自动转发到 in-abc@suji.example，\n"
        "您的验证码：771920，30分钟内有效。",
        "771920",
        None,
        "mei@163.com",
    ),
    (
        "safe@service.netease.com",
        "【网易邮箱】转发地址验证",
        "用户mei@126.com请求将来信转发至本邮箱，请点击确认：https://mail.126.com/forward/confirm.do?id=77&sid=Ax",
        None,
        "https://mail.126.com/forward/confirm.do?id=77&sid=Ax",
        "mei@126.com",
    ),
    (
        "noreply@outlook.com",
        "Confirm forwarding of your email",
        "mei@outlook.com wants to forward messages to in-abc@suji.example. To allow forwarding,"
        " select Confirm: https://outlook.live.com/mail/options/forwarding/confirm?token=Q1",
        None,
        "https://outlook.live.com/mail/options/forwarding/confirm?token=Q1",
        "mei@outlook.com",
    ),
    (
        "account-security-noreply@accountprotection.microsoft.com",
        "验证转发地址",
        "有人请求将 mei@hotmail.com 的邮件转发到此地址。若要确认转发，请使用此代码：40215873",
        "40215873",
        None,
        "mei@hotmail.com",
    ),
    (
        "noreply@email.apple.com",
        "Verify your forwarding address",
        "Your iCloud Mail account mei@icloud.com is set to forward mail to "
        "in-abc@suji.example. Enter this verification code to confirm: 882014",
        "882014",
        None,
        "mei@icloud.com",
    ),
    (
        "noreply@icloud.com",
        "确认您的 iCloud 邮件转发",
        "您正将 mei@icloud.com 收到的邮件转发到 in-abc@suji.example。请输入验证码 119304 以确认。",
        "119304",
        None,
        "mei@icloud.com",
    ),
    (
        "admin@mail.139.com",
        "139邮箱自动转发确认",
        "尊敬的139邮箱用户，13800000000@139.com 设置了邮件自动转发至本邮箱，确认码：602177",
        "602177",
        None,
        "13800000000@139.com",
    ),
    (
        "10086@139.com",
        "自动转发功能开通验证",
        "您好，139邮箱（13800000000@139.com）申请开通自动转发，请点击 https://mail.10086.cn/fwd/verify?s=1A2b 完成验证",
        None,
        "https://mail.10086.cn/fwd/verify?s=1A2b",
        "13800000000@139.com",
    ),
    (
        "forwarding-noreply@google.com",
        "Gmail 轉寄確認 - 接收來自 mei@gmail.com 的郵件",
        "mei@gmail.com 要求將郵件自動轉寄到您的電子郵件地址 in-abc@suji.example。\n確認碼：493028571\n"
        "請按下列連結確認：https://mail-settings.google.com/mail/vf-%5BAbc%5D-x",
        "493028571",
        "https://mail-settings.google.com/mail/vf-%5BAbc%5D-x",
        "mei@gmail.com",
    ),
    (
        "forwarding-noreply@google.com",
        "(#88120034) Gmail Forwarding Confirmation - Receive Mail from mei@gmail.com",
        "mei@gmail.com has requested to automatically forward mail to your email address "
        "in-abc@suji.example.\nConfirmation code: 88120034\n\nTo allow mei@gmail.com "
        "to automatically forward mail to your address, please click the link below to confirm the "
        "request:\n\nhttps://mail-settings.google.com/mail/vf-%5BANGj%5D-xyz",
        "88120034",
        "https://mail-settings.google.com/mail/vf-%5BANGj%5D-xyz",
        "mei@gmail.com",
    ),
    (
        "noreply@zoho.com",
        "Zoho Mail: verify your forwarding address",
        "mei@zoho.com added in-abc@suji.example as a forwarding address. Verification code: 7F3K9Q",
        "7F3K9Q",
        None,
        "mei@zoho.com",
    ),
    (
        "postmaster@aliyun.com",
        "阿里邮箱转发地址确认",
        "mei@aliyun.com 添加了转发地址 in-abc@suji.example，请点击链接确认：https://mail.aliyun.com/confirm?f=1",
        None,
        "https://mail.aliyun.com/confirm?f=1",
        "mei@aliyun.com",
    ),
    (
        "mail@sina.com",
        "新浪邮箱自动转发验证",
        "mei@sina.com设置了自动转发，验证码 330981",
        "330981",
        None,
        "mei@sina.com",
    ),
    (
        "noreply@foxmail.com",
        "邮件转发授权",
        "foxmail 用户 mei@foxmail.com 邀请您接收其转发邮件，授权码：K7P2XM",
        "K7P2XM",
        None,
        "mei@foxmail.com",
    ),
)


@pytest.mark.parametrize(("sender", "subject", "body", "code", "link", "mailbox"), PROVIDERS)
def test_each_provider_is_understood_down_to_code_link_and_mailbox(sender, subject, body, code, link, mailbox):
    mail = a_mail(subject, body, sender=sender)
    found = find_confirmation(mail)
    assert found is not None
    assert (found[0].code, found[0].link, found[0].mailbox) == (code, link, mailbox)
    assert classify(mail).kind is Kind.FORWARD_CONFIRMATION


@pytest.mark.parametrize(("sender", "subject", "body", "code", "link", "mailbox"), PROVIDERS)
def test_the_same_words_from_anybody_else_confirm_nothing(sender, subject, body, code, link, mailbox):
    assert find_confirmation(a_mail(subject, body, sender="service@evil.example")) is None
