import base64
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.intake.blocks import find_block, read_prefixes
from complaints.intake.decode import decode
from complaints.intake.shapes import How
from complaints.intake.unwrap import unwrap
from tests.mails.wraps import (
    ADDRESS,
    BODY,
    CLIENTS,
    INBOX,
    INLINE,
    NOTE,
    SENDER,
    SENT,
    SHOPPER,
    SUBJECT,
    a_mail,
    forwarded,
    without_html,
)

KEYS = {
    "qq": "qq_mail",
    "netease_master": "netease_master",
    "outlook_web": "outlook_web",
    "apple": "apple_mail",
    "gmail": "gmail",
}
NAMES_ONLY = {"foxmail"}  # writes names into the text; addresses only into its HTML


def the_only(raw):
    notices = unwrap(decode(raw))
    assert len(notices) == 1, notices
    return notices[0]


def squashed(text):
    return "".join(text.split())


def client_key(client):
    """The contract's name for a form of the writer."""
    if client == "outlook_tw":
        return "outlook_web"
    base = client.removesuffix("_en").removesuffix("_tw")
    return KEYS.get(base, base)


@pytest.mark.parametrize("client", INLINE)
@pytest.mark.parametrize("form", ["html", "text"])
def test_every_client_s_forward_comes_back_as_the_notice_it_was(client, form):
    raw = forwarded(client)
    notice = the_only(without_html(raw) if form == "text" else raw)
    assert (notice.how, notice.depth, notice.client) == (How.INLINE, 1, client_key(client))
    assert notice.from_name == SENDER
    assert notice.from_address == ("" if client in NAMES_ONLY and form == "text" else ADDRESS)
    assert notice.to == ("lilei",) if client in NAMES_ONLY else (SHOPPER,)
    assert notice.subject == SUBJECT
    assert notice.date.replace(second=0) == SENT.replace(second=0)
    assert notice.body == BODY
    assert notice.note == NOTE


def test_netease_s_webmail_calls_itself_coremail():
    raw = b"X-Mailer: Coremail Webmail Server Version XT5\r\n" + b"\r\n".join(
        line for line in forwarded("netease").split(b"\r\n") if not line.startswith(b"X-Mailer:")
    )
    assert the_only(raw).client == "netease"


@pytest.mark.parametrize("client", INLINE)
def test_a_forward_without_a_note_has_none(client):
    assert the_only(forwarded(client, note="")).note == ""


@pytest.mark.parametrize("client", ["attached", "attached_b64"])
def test_an_attached_original_keeps_its_headers(client):
    notice = the_only(forwarded(client))
    assert (notice.how, notice.depth, notice.note) == (How.ATTACHED, 1, NOTE)
    assert (notice.from_name, notice.from_address, notice.to) == (SENDER, ADDRESS, (SHOPPER,))
    assert (notice.subject, notice.date, notice.body) == (SUBJECT, SENT, BODY)
    assert dict(notice.headers)["Auto-Submitted"] == "auto-generated"


def test_a_rule_that_forwards_keeps_the_headers():
    notice = the_only(forwarded("auto"))
    assert (notice.how, notice.depth, notice.client, notice.note) == (How.AUTO, 1, "gmail", "")
    assert (notice.from_address, notice.subject, notice.date, notice.body) == (ADDRESS, SUBJECT, SENT, BODY)


@pytest.mark.parametrize(
    ("header", "how"),
    [
        ("Delivered-To: elsewhere@qq.com", How.AUTO),
        (f"Delivered-To: {INBOX}", How.DIRECT),  # our own mail server's, or a file saved from a mailbox
        ("Resent-From: lilei@qq.com", How.AUTO),
        ("X-Forwarded-For: lilei@qq.com u@in.example", How.AUTO),
        ("X-AutoForward: 1", How.AUTO),
        ("X-Received: x", How.DIRECT),
    ],
)
def test_the_traces_of_a_rule_make_a_forward_automatic(header, how):
    raw = a_mail("您的投诉已受理", sender=f"天猫 <{ADDRESS}>", headers=f"{header}\r\n")
    notice = the_only(raw)
    assert (notice.how, notice.from_address) == (how, ADDRESS)


def test_a_notice_that_came_straight_is_direct():
    notice = the_only(forwarded("direct"))
    assert (notice.how, notice.depth, notice.client) == (How.DIRECT, 0, None)
    assert (notice.from_address, notice.to, notice.body) == (ADDRESS, (INBOX,), BODY)


def test_a_qq_user_s_own_mail_is_no_automatic_forward():
    raw = a_mail("亲，已经给您补发了", sender="云朵 <shop@qq.com>", headers="X-QQ-mid: x1\r\nX-QQ-SSF: 1\r\n")
    assert the_only(raw).how is How.DIRECT
    foreign = a_mail("您的投诉已受理", sender="天猫 <a@mail.taobao.com>", headers="X-QQ-mid: x1\r\n")
    assert (the_only(foreign).how, the_only(foreign).client) == (How.AUTO, "qq_mail")


@pytest.mark.parametrize("client", INLINE)
@pytest.mark.parametrize("name", ["Tmall, Inc.", "云朵(旗舰店)", "service@mail.alipay.com", ""])
def test_no_name_hides_the_address(client, name):
    notice = the_only(forwarded(client, from_name=name))
    assert (notice.from_address, notice.body) == (ADDRESS, BODY)


# --- labels ----------------------------------------------------------------------------------------------

BLOCKS = {
    "ascii colon": "发件人: 天猫客服 <service@mc.mail.taobao.com>\n日期: 2026-11-08 18:30\n主题: 处理结果",
    "wide colon": "发件人：天猫客服 <service@mc.mail.taobao.com>\n日期：2026-11-08 18:30\n主题：处理结果",
    "blanks in labels": (
        "发 件 人：天猫客服 <service@mc.mail.taobao.com>\n发送时间：2026年11月8日 18:30\n主　题：处理结果"
    ),
    "stars": ("*主　题：* 处理结果\n*日　期：* 2026-11-08 18:30\n*发件人：* 天猫客服 <service@mc.mail.taobao.com>"),
    "quoted": ("> 发件人: 天猫客服 <service@mc.mail.taobao.com>\n> 日期: 2026-11-08 18:30\n> 主题: 处理结果"),
    "blank lines between": (
        "From: 天猫客服 <service@mc.mail.taobao.com>\n\nDate: 2026/11/08 18:30\n\nSubject: 处理结果"
    ),
    "no-break spaces": (
        "发件人:\u00a0天猫客服\u00a0<service@mc.mail.taobao.com>\n\u00a0\n日期:\u00a02026-11-08 18:30\n主题: 处理结果"
    ),
    "markdown cells": (
        "| 发件人 | 天猫客服 <service@mc.mail.taobao.com> |\n| 发送日期 | 2026年11月08日 18:30 |\n| 主题 | 处理结果 |"
    ),
    "values below": ("发件人\n天猫客服 <service@mc.mail.taobao.com>\n发送日期\n2026年11月08日 18:30\n主题\n处理结果"),
    "traditional": ("寄件者: 天猫客服 <service@mc.mail.taobao.com>\n寄件日期: 2026年11月8日 下午 6:30\n主旨: 处理结果"),
    "one line": ("发件人：天猫客服 <service@mc.mail.taobao.com> 发送日期：2026-11-08 18:30:00 主题：处理结果"),
    "english, one line": (
        "From: 天猫客服 <service@mc.mail.taobao.com> Sent: Sunday, November 8, 2026 6:30 PM Subject: 处理结果"
    ),
    "gmail, english": (
        "From: 天猫客服 <service@mc.mail.taobao.com>\nDate: Sun, Nov 8, 2026 at 6:30 PM\nSubject: 处理结果\nTo: a@b"
    ),
    "square brackets": (
        "发件人: 天猫客服 [mailto:service@mc.mail.taobao.com]\n发送时间: 2026年11月8日 18:30\n主题: 处理结果"
    ),
}


@pytest.mark.parametrize("form", BLOCKS)
def test_a_header_block_is_read_in_every_spelling(form):
    raw = a_mail(f"看看\n\n{BLOCKS[form]}\n\n支持您的诉求", subject="Fwd: 处理结果")
    notice = the_only(raw)
    assert notice.how is How.INLINE
    assert (notice.from_name, notice.from_address) == (SENDER, ADDRESS)
    assert notice.date.isoformat() == "2026-11-08T18:30:00+08:00"
    assert (notice.subject, notice.note, notice.body) == ("处理结果", "看看", "支持您的诉求")


def test_labels_may_be_rows_of_a_table():
    rows = "".join(
        f"<tr><td><b>{label}</b></td><td><p>{value}</p></td></tr>"
        for label, value in [
            ("发件人", "天猫客服 &lt;service@mc.mail.taobao.com&gt;"),
            ("发送日期", "2026年11月08日 18:30"),
            ("主题", "处理<b>结果</b>"),
        ]
    )
    raw = a_mail(f"<p>看看</p><table>{rows}</table><p>支持您的诉求</p>", subject="转发：处理结果").replace(
        b"text/plain", b"text/html"
    )
    notice = the_only(raw)
    assert (notice.from_address, notice.subject, notice.body) == (ADDRESS, "处理结果", "支持您的诉求")


def test_a_list_of_recipients_may_wrap_over_many_lines():
    people = ";\n".join(f"买家{number} <b{number}@qq.com>" for number in range(30))
    text = f"---- 转发的邮件 ----\n发件人: {SENDER} <{ADDRESS}>\n收件人: {people}\n主题: 结果\n\n支持您"
    notice = the_only(a_mail(text, subject="Fw: 结果"))
    assert len(notice.to) == 30
    assert (notice.subject, notice.body) == ("结果", "支持您")


def test_a_subject_that_wraps_is_joined_by_the_outer_one():
    long = "【天猫】关于您对云朵服饰旗舰店订单的投诉处理结果通知请查收"
    text = f"发件人: {SENDER} <{ADDRESS}>\n日期: 2026-11-08 18:30\n主题: {long[:20]}\n {long[20:]}\n\n支持您"
    notice = the_only(a_mail(text, subject=f"转发: {long}"))
    assert (notice.subject, notice.body) == (long, "支持您")


def test_without_a_subject_in_the_block_the_outer_one_stands_in_without_its_prefixes():
    text = f"----- 原始邮件 -----\n发件人: {SENDER} <{ADDRESS}>\n日期: 2026-11-08 18:30\n\n支持您"
    assert the_only(a_mail(text, subject="转发：Fw: 处理结果")).subject == "处理结果"


@pytest.mark.parametrize(
    ("subject", "first", "rest"),
    [
        ("转发：处理结果", "forward", "处理结果"),
        ("Fwd: FW: 转发: 处理结果", "forward", "处理结果"),
        ("轉寄: 回覆: 處理結果", "forward", "回覆: 處理結果"),
        ("Re: 处理结果", "reply", "Re: 处理结果"),
        ("回复[2]：转发：处理结果", "reply", "处理结果"),
        ("Re(3): x", "reply", "Re(3): x"),
        ("转：处理结果", "forward", "处理结果"),
        ("转发热潮", "", "转发热潮"),
        ("", "", ""),
    ],
)
def test_prefixes_say_what_was_done_last(subject, first, rest):
    assert read_prefixes(subject) == (first, rest)


@pytest.mark.parametrize(
    "text",
    [
        "会议主题：投诉\n日期定在：11月8日\n地点：线上",
        "主题：投诉\n日期：11月8日",
        "收件人：仓库\n地址：杭州\n电话：1",
        "From: here to there it was a long way, to: nobody",
    ],
)
def test_two_labels_or_a_sentence_are_no_block(text):
    assert find_block(text.split("\n")) is None


def test_a_return_address_in_a_notice_is_no_forward():
    text = "商家已同意退货\n寄件人：您本人\n收件人：云朵仓库\n时间：请在7天内寄出"
    notice = the_only(a_mail(text, sender=f"天猫 <{ADDRESS}>", subject="商家已同意退货"))
    assert (notice.how, notice.body) == (How.DIRECT, text)


SEEN = {  # forms that the writer does not write: other clients, copied previews, mixed languages
    "gmail, only From localised": (
        "---------- Forwarded message ---------\n发件人： 天猫客服 <{0}>\nDate: 2026年11月8日周日 18:30\n"
        "Subject: 处理结果\nTo: <lilei@qq.com>"
    ),
    "qq, en dashes": (
        '–––––––––– 转发邮件 ––––––––––\n发件人: "天猫客服" <{0}>\n日期: 2026-11-08 18:30\n主题: 处理结果'
    ),
    "qq app": '---原始邮件---\n发件人: "天猫客服"<{0}>\n发送时间: 2026年11月8日(周日) 晚上6:30\n主题: 处理结果',
    "kylin": (
        "----\n\n*主　题：*处理结果\n*日　期：*2026-11-08 18:30\n*发件人：*天猫客服<{0}>\n*收件人：*lilei@qq.com"
    ),
    "in-house webmail": (
        "-----------以下是转发邮件信息-----------\n发件人：天猫客服<{0}>\n发送日期：2026-11-08 18:30\n主题：处理结果"
    ),
    "k-9": (
        "-------- 原始邮件 --------\n发件人：天猫客服 <{0}>\n发送时间：2026年11月8日 GMT+08:00 18:30:00\n"
        "收件人：lilei@qq.com\n主题：处理结果"
    ),
    "outlook with importance and attachments": (
        "发件人: 天猫客服 <{0}>\n发送时间: 2026年11月8日 18:30\n收件人: 李雷; 韩梅梅\n附件: a.png\n"
        "主题: 处理结果\n重要性: 高"
    ),
    "outlook zh-TW": (
        "________________________________\n寄件者: 天猫客服 <{0}>\n已傳送: 2026年11月8日 下午 06:30\n"
        "收件者: 李雷 <lilei@qq.com>\n主旨: 处理结果"
    ),
    "netease master, english, blank lines": (
        "---- Forwarded Message ----\n\nFrom\n\n天猫客服<{0}>\n\nDate\n\n2026/11/08 18:30\n\nSubject\n\n处理结果"
    ),
    "thunderbird, wrapped": (
        "-------- Forwarded Message --------\nSubject: \t处理结果\nDate: \tSun, 8 Nov 2026 18:30:00 +0800\n"
        "From: \t天猫客服 <{0}>\nReply-To: \tno@b.cn\nTo: \tlilei@qq.com"
    ),
    "apple, traditional": (
        "開始轉寄的郵件：\n\n寄件人: 天猫客服 <{0}>\n標題: 处理结果\n日期: 2026年11月8日 GMT+8 下午6:30:00\n"
        "收件人: lilei@qq.com"
    ),
    "163, copied flat": (
        "-------- 转发邮件信息 -------- 发件人：天猫客服 <{0}> 发送日期：2026-11-08 18:30:00"
        " 收件人：a@b.cn 主题：处理结果"
    ),
    "encoded words left in the block": (
        "From: 天猫客服 <{0}>\nDate: Sun, 8 Nov 2026 18:30:00 +0800\nSubject: =?utf-8?B?5aSE55CG57uT5p6c?="
    ),
}


@pytest.mark.parametrize("form", SEEN)
def test_forms_seen_elsewhere_are_read_too(form):
    raw = a_mail(f"看看\n\n{SEEN[form].format(ADDRESS)}\n\n支持您的诉求", subject="Fwd: 处理结果")
    notice = the_only(raw)
    assert (notice.how, notice.from_name, notice.from_address) == (How.INLINE, SENDER, ADDRESS)
    assert notice.date.isoformat() == "2026-11-08T18:30:00+08:00"
    assert (notice.subject, notice.note, notice.body) == ("处理结果", "看看", "支持您的诉求")


def test_a_flattened_block_ends_where_the_outer_subject_says():
    text = f"发件人：{SENDER} <{ADDRESS}> 发送日期：2026-11-08 18:30:00 主题：处理结果 支持您的诉求，退款459元"
    notice = the_only(a_mail(text, subject="Fw:处理结果"))
    assert (notice.subject, notice.body) == ("处理结果", "支持您的诉求，退款459元")


HEADERS = {
    "163": (
        "-------- 转发邮件信息 --------",
        "发件人：天猫 <service@tmall.example> 发送日期：2026-11-08 18:30:05 收件人：小雨 <me@163.example>"
        " 主题：投诉处理结果通知",
    ),
    "qq": (
        "------------------ 原始邮件 ------------------",
        '发件人: "天猫" <service@tmall.example>; 发送时间: 2026年11月8日(星期天) 晚上6:30'
        ' 收件人: "小雨" <me@qq.example>; 主题: 投诉处理结果通知',
    ),
    "gmail": (
        "---------- Forwarded message ---------",
        "发件人： 天猫 <service@tmall.example> Date: 2026年11月8日周日 18:30 Subject: 投诉处理结果通知"
        " To: 小雨 <me@gmail.example>, <her@gmail.example>",
    ),
}


@pytest.mark.parametrize("client", HEADERS)
@pytest.mark.parametrize("note", ["看看", "帮我看看这封，是不是判了？", "please look -- thanks"])
def test_words_before_a_flattened_forward_are_its_note(client, note):
    said = "您的投诉TS1经核实投诉成立，商家赔付您30元。"
    notice = the_only(a_mail(" ".join((note, *HEADERS[client], said)), subject="Fw: 投诉处理结果通知"))
    assert (notice.how, notice.from_address) == (How.INLINE, "service@tmall.example")
    assert notice.date.isoformat()[:16] == "2026-11-08T18:30"
    assert (notice.subject, notice.note, notice.body) == ("投诉处理结果通知", note, said)


def test_a_flattened_forward_behind_the_shop_s_words_is_history():
    text = " ".join(("亲，这边看到了哦", *HEADERS["163"], "您的投诉经核实投诉成立。"))
    reply = the_only(a_mail(text, subject="回复: 投诉处理结果通知"))
    assert (reply.how, reply.body) == (How.DIRECT, "亲，这边看到了哦")


@pytest.mark.parametrize(
    "line",
    [
        "请按 ---- 转发邮件 ---- 的方式把通知发来",
        "订单 -------- 转发邮件信息 -------- 发件人：天猫 主题：结果",
        "亲 -------- 温馨提示信息 -------- 发件人：王 时间：今天 主题：结果",
    ],
)
def test_dashes_in_a_sentence_part_nothing(line):
    assert the_only(a_mail(line, subject="您好")).body == line


def test_what_a_merchant_wrote_is_part_of_the_notice_not_history():
    body = "云朵服饰旗舰店于2026年11月9日 10:12写道：\n亲，补偿20元可以吗"
    assert the_only(forwarded("qq", body=body)).body == body


def test_a_notice_may_speak_of_mails_and_subjects():
    body = "证据要求：\n主题：照片\n时间：11月10日前\n请发件人为本人"
    for client in ("gmail", "attached", "auto", "direct"):
        assert the_only(forwarded(client, body=body)).body == body


# --- forwards of forwards, replies, history --------------------------------------------------------------


def block(sender, subject, date="2026-11-08 18:30"):
    return f"-----原始邮件-----\n发件人: {sender}\n发送时间: {date}\n收件人: x@qq.com\n主题: {subject}\n\n"


def test_one_s_own_forward_is_followed_to_the_notice_inside():
    text = (
        "第二次发\n\n"
        + block("李雷 <lilei@qq.com>", "转发: 处理结果")
        + "上次没发成\n"
        + block(f"天猫客服 <{ADDRESS}>", "处理结果")
        + "支持您的诉求"
    )
    notice = the_only(a_mail(text, subject="转发: 转发: 处理结果"))
    assert (notice.from_address, notice.depth, notice.subject) == (ADDRESS, 2, "处理结果")
    assert (notice.note, notice.body) == ("第二次发\n上次没发成", "支持您的诉求")


def test_a_relative_s_forward_is_followed_too():
    text = (
        block("妈妈 <mama@163.com>", "Fw: 处理结果")
        + "你看看\n"
        + block(f"天猫 <{ADDRESS}>", "处理结果")
        + "支持您的诉求"
    )
    notice = the_only(a_mail(text, subject="Fwd: Fw: 处理结果"))
    assert (notice.from_address, notice.depth, notice.note) == (ADDRESS, 2, "你看看")


def test_a_merchant_s_reply_with_history_below_is_the_notice_and_the_history_is_cut():
    text = (
        block("云朵 <shop@qq.com>", "Re: 关于订单", "2026-11-09 10:00")
        + "亲，请提供照片\n"
        + block("李雷 <lilei@qq.com>", "关于订单")
        + "东西坏了"
    )
    notice = the_only(a_mail(text, subject="转发: Re: 关于订单"))
    assert (notice.from_address, notice.depth) == ("shop@qq.com", 1)
    assert notice.body == "亲，请提供照片"


def test_no_more_than_three_levels_are_followed():
    text = "".join(block("李雷 <lilei@qq.com>", f"转发: {level}") for level in range(6)) + "end"
    assert the_only(a_mail(text, subject="转发: x")).depth == 3


@pytest.mark.parametrize(
    "history",
    [
        block(f"天猫 <{ADDRESS}>", "处理结果") + "支持您的诉求",
        f"2026年11月8日 18:30，天猫客服 <{ADDRESS}> 写道：\n> 支持您的诉求",
        f"On Sun, Nov 8, 2026 at 6:30 PM 天猫 <{ADDRESS}>\nwrote:\n> 支持您的诉求",
    ],
)
def test_a_reply_above_the_notice_is_the_shopper_s_own_words(history):
    notice = the_only(a_mail(f"我不同意这个结果\n\n{history}", subject="回复：处理结果"))
    assert (notice.how, notice.from_address, notice.body) == (How.DIRECT, "lilei@qq.com", "我不同意这个结果")


def test_a_reply_without_own_words_is_a_forward_sent_by_the_wrong_button():
    text = "\n\n发自我的iPhone\n\n" + block(f"天猫 <{ADDRESS}>", "处理结果") + "支持您的诉求"
    notice = the_only(a_mail(text, subject="回复：处理结果"))
    assert (notice.how, notice.from_address, notice.note) == (How.INLINE, ADDRESS, "")


@pytest.mark.parametrize(
    "tail",
    [
        "发自我的iPhone",
        "从我的 iPhone 发送",
        "获取 Outlook for iOS",
        "Sent from my HUAWEI P60",
        "发送自 Windows 版邮件",
        "来自手机QQ邮箱",
        "傳送自我的 iPad",
        "--\n李雷\n13800000000",
    ],
)
def test_signatures_of_phones_and_clients_are_left_out(tail):
    raw = a_mail(f"看看\n{tail}\n\n" + block(f"天猫 <{ADDRESS}>", "结果") + f"支持您\n\n{tail}", subject="Fw: 结果")
    notice = the_only(raw)
    assert (notice.note, notice.body) == ("看看", "支持您")


def test_a_separator_that_names_nobody_leaves_the_sender_open():
    notice = the_only(a_mail("看看\n\n---------- 转发的消息 ----------\n支持您的诉求", subject="转发: 处理结果"))
    assert (notice.how, notice.from_address, notice.date) == (How.INLINE, "", None)
    assert (notice.subject, notice.note, notice.body) == ("处理结果", "看看", "支持您的诉求")


# --- several, bounces, pasted ----------------------------------------------------------------------------


def test_several_attached_originals_are_several_notices():
    first, second = forwarded("direct", subject="甲"), forwarded("direct", subject="乙")
    raw = (
        b"From: lilei@qq.com\r\nSubject: 2\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nsee\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + first + b"\r\n"
        b"--b\r\nContent-Type: application/octet-stream; name=2.eml\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(second)
        + b"\r\n--b--\r\n"
    )
    notices = unwrap(decode(raw))
    assert [(notice.subject, notice.how, notice.note) for notice in notices] == [
        ("甲", How.ATTACHED, "see"),
        ("乙", How.ATTACHED, "see"),
    ]


def test_an_attached_forward_is_followed_to_the_notice_inside():
    inner = forwarded("qq")
    raw = (
        b"From: lilei@qq.com\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b--\r\n"
    )
    notice = the_only(raw)
    assert (notice.how, notice.depth, notice.from_address, notice.body) == (How.INLINE, 2, ADDRESS, BODY)


def test_a_bounce_is_no_forward_of_what_it_carries():
    raw = (
        b"From: mailer-daemon@qq.com\r\nSubject: failure\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nundelivered\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + forwarded("direct") + b"\r\n--b--\r\n"
    )
    notice = the_only(raw)
    assert (notice.how, notice.from_address, notice.body) == (How.DIRECT, "mailer-daemon@qq.com", "undelivered")


def test_a_pasted_text_is_the_notice():
    notice = the_only("您的投诉已受理\n投诉编号：TS1".encode())
    assert (notice.how, notice.depth, notice.from_address, notice.client) == (How.PASTED, 0, "", None)
    assert notice.body == "您的投诉已受理\n投诉编号：TS1"


@pytest.mark.parametrize("form", BLOCKS)
def test_a_pasted_text_with_a_header_block_keeps_its_sender(form):
    notice = the_only(f"{BLOCKS[form]}\n\n支持您的诉求".encode())
    assert (notice.how, notice.from_address, notice.body) == (How.PASTED, ADDRESS, "支持您的诉求")


# --- nothing breaks it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bait",
    [
        "发件人：",
        "发件人：\n",
        "主题: a\n",
        "> ",
        "-----原始邮件-----\n",
        "From: To: ",
        "On 2026-11-08 wrote:\n",
        "\n",
        "-" * 9 + "\n",
        "收件人: a@b;\n",
    ],
)
def test_time_grows_with_the_length_only(bait):
    raw = a_mail((bait * 200_000)[:400_000], subject="转发: x")
    started = process_time()
    unwrap(decode(raw))
    assert process_time() - started < 10


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CLIENTS), st.data())
def test_a_mail_with_broken_bytes_still_gives_a_notice(client, data):
    raw = bytearray(forwarded(client))
    for _change in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=6))
    notices = unwrap(decode(bytes(raw)))
    assert notices
    for notice in notices:
        for text in (notice.body, notice.subject, notice.note, notice.from_name, *notice.to):
            assert "\0" not in text
            text.encode()  # no half surrogates: they break JSON and PostgreSQL
