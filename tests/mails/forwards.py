# ruff: noqa: E501  # a table is as wide as it is
"""Forwards as mail programs write them, by hand: programs, languages and habits that complaints/demo/wraps.py
does not write. A form is the forward's own text around a notice; «n» name, «a» address, «s» subject, «b» body,
«m» the mailbox it went to. Forms from public descriptions and from habit (docs/sources.md#forwards).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape

ME = "lilei@qq.com"
NOTE = "麻烦看看这个"


@dataclass(frozen=True, slots=True)
class Told:
    """The notice that a forward carries."""

    name: str
    address: str
    subject: str
    body: str


NOTICES = (
    Told(
        "天猫客服",
        "service@mc.mail.taobao.com",
        "【天猫】投诉处理结果通知（投诉编号：TS202611080031）",
        "亲爱的会员：\n\n您对“云朵服饰旗舰店”的投诉，处理结果：支持您的诉求。\n请于11月10日18:30前寄回商品。",
    ),
    Told(
        "云朵服饰旗舰店",
        "yunduo_shop@163.com",
        "Re: 关于订单3299194706518006493",
        "亲，您反映的问题我们核实了。\n补拍要求\n时间：11月10日前\n主题：吊牌和水洗标\n谢谢理解",
    ),
    Told(
        "Alibaba Customer Service",
        "cs-reply@notice.example.com",
        "Your dispute has been decided",
        "Dear customer,\n\nWe have decided in your favour. The refund of 459.00 CNY arrives within 3 days.",
    ),
    Told(
        "消费者权益保障中心（12315）",
        "no_reply@12315.example.cn",
        "关于您投诉杭州云朵服饰有限公司销售商品质量问题一事的受理决定告知书（受理编号：1330106002026110812345678）",
        "李雷：\n您好！您于2026年11月8日提交的投诉，决定予以受理。",
    ),
)


@dataclass(frozen=True, slots=True)
class Form:
    """One program's forward.

    text       from the separator to the end of the notice; without «b» the body follows after a blank line
    prefix     in front of the outer subject
    has        which of name, address, date the form tells at all
    """

    text: str
    prefix: str = "转发: "
    is_html: bool = False
    headers: str = ""
    has: str = "name address date"
    note: str = NOTE

    def mail(self, told: Told) -> bytes:
        """A whole mail in this form, forwarded the day after."""
        text = self.text if "«b»" in self.text else f"{self.text}\n\n«b»"
        said = {"n": told.name, "a": told.address, "s": told.subject, "m": ME}
        if self.is_html:
            body = "".join(f"<div>{escape(line, quote=False) or '<br>'}</div>" for line in told.body.split("\n"))
            said = {key: escape(value, quote=False) for key, value in said.items()}
            text = f"<html><body><div>{self.note}</div><div><br></div>{text}</body></html>"
        else:
            body, text = told.body, f"{self.note}\n\n{text}\n"
            text = text.replace("> «b»", "\n".join(f"> {line}".rstrip() for line in body.split("\n")))
        for key, value in {**said, "b": body}.items():
            text = text.replace(f"«{key}»", value)
        subject = base64.b64encode(f"{self.prefix}{told.subject}".encode()).decode()
        head = (
            f"From: =?utf-8?B?{base64.b64encode('李雷'.encode()).decode()}?= <{ME}>\r\n"
            f"To: u-7k2m9x@in.suji.example\r\nSubject: =?utf-8?B?{subject}?=\r\n"
            f"Date: Mon, 9 Nov 2026 08:00:00 +0800\r\nMessage-ID: <9@qq.com>\r\nMIME-Version: 1.0\r\n{self.headers}"
            f"Content-Type: text/{'html' if self.is_html else 'plain'}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n"
        )
        return head.encode() + base64.encodebytes(text.replace("\n", "\r\n").encode())


def _divs(*rows: str) -> str:
    return "".join(f"<div>{row}</div>" for row in rows)


def _cells(*rows: tuple[str, str]) -> str:
    return "<table>" + "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows) + "</table>"


_HTML_WHO = '"«n»"&lt;<a href="mailto:«a»">«a»</a>&gt;'

FORMS: dict[str, Form] = {
    # --- QQ, Foxmail, WeCom
    "qq web": Form(
        '<div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">'
        "------------------&nbsp;原始邮件&nbsp;------------------</div>"
        '<div style="font-size: 12px;background:#efefef;padding:8px;">'
        + _divs(
            f"<b>发件人:</b>&nbsp;{_HTML_WHO};<wbr>",
            "<b>发送时间:</b>&nbsp;2026年11月8日(星期天) 晚上6:30",
            '<b>收件人:</b>&nbsp;"李雷"&lt;«m»&gt;;<wbr>',
            "",
            "<b>主题:</b>&nbsp;«s»",
        )
        + "</div><div><br></div>«b»",
        "转发：",
        is_html=True,
    ),
    "qq web, copies": Form(
        "------------------ 原始邮件 ------------------\n"
        '发件人: "«n»" <«a»>;\n发送时间: 2026年11月8日(星期天) 晚上6:30\n收件人: "李雷"<«m»>;\n'
        '抄送: "韩梅梅"<hmm@qq.com>; "客服"<kf@qq.com>;\n主题: «s»',
        "转发：",
    ),
    "qq app, english": Form(
        '---Original---\nFrom: "«n»"<«a»>\nDate: Sun, Nov 8, 2026 18:30 PM\nTo: "李雷"<«m»>;\nSubject: «s»', "Fw:"
    ),
    "qq app, quoted": Form(
        '> ---Original---\n> From: "«n»"<«a»>\n> Date: Sun, Nov 8, 2026 18:30 PM\n> To: "李雷"<«m»>;\n> Subject: «s»',
        "Fw: ",
    ),
    "qq, no dashes": Form(
        '<div style="line-height:20px">原始邮件</div><hr>'
        + _divs("发件人：«n» &lt;«a»&gt;", "发件时间：2026年11月8日 18:30", "收件人：李雷 &lt;«m»&gt;", "主题：«s»")
        + "<br>«b»",
        "转发：",
        is_html=True,
    ),
    "wecom": Form(
        "------------------&nbsp;Original&nbsp;------------------<br>"
        + _divs(
            '<b>From: </b>&nbsp;"«n»"&lt;«a»&gt;; ',
            "<b>Date: </b>&nbsp;Sun, Nov 8, 2026 06:30 PM",
            '<b>To: </b>&nbsp;"李雷"&lt;«m»&gt;; ',
            "<b>Subject: </b>&nbsp;«s»",
        )
        + "<br>«b»",
        "Fw:",
        is_html=True,
        headers="X-Mailer: exmail 1.0\r\n",
    ),
    "wecom, new": Form(
        "原始邮件\n发件人：«n»<«a»>\n发件时间：2026年11月8日 (周日) 18:30\n收件人：李雷<«m»>\n主题：«s»", "转发："
    ),
    "foxmail": Form(
        '<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        '<div style="font-size:12px;background:#efefef;padding:8px 8px;">'
        + _divs(
            '<b>发件人：</b>&nbsp;<a href="mailto:«a»">«n»</a>',
            "<b>发送时间：</b>&nbsp;2026-11-08&nbsp;18:30",
            '<b>收件人：</b>&nbsp;<a href="mailto:«m»">lilei</a>',
            "<b>主题：</b>&nbsp;«s»",
        )
        + "</div></div>«b»",
        is_html=True,
        headers="X-Mailer: Foxmail 7.2.25.228[cn]\r\n",
    ),
    "foxmail, english": Form(
        '<div style="border:none;border-top:solid #B5C4DF 1.0pt">'
        + _divs(
            '<b>From:</b>&nbsp;<a href="mailto:«a»">«n»</a>',
            "<b>Date:</b>&nbsp;2026-11-08&nbsp;18:30",
            '<b>To:</b>&nbsp;<a href="mailto:«m»">lilei</a>',
            "<b>Subject:</b>&nbsp;«s»",
        )
        + "</div>«b»",
        "Fw: ",
        is_html=True,
    ),
    "foxmail, text": Form(
        "\u00a0\n发件人： «n»\n发送时间： 2026-11-08 18:30\n收件人： lilei\n主题： «s»", has="name date"
    ),
    "foxmail, traditional": Form(
        "\u00a0\n寄件者： «n»\n日期： 2026-11-08 18:30\n收件者： lilei\n主旨： «s»", "轉寄: ", has="name date"
    ),
    # --- NetEase
    "163 web": Form(
        '<br>-------- 转发邮件信息 --------<br>发件人："«n»" &lt;«a»&gt;<br>发送日期：2026-11-08 18:30:05<br>'
        "收件人：李雷 &lt;«m»&gt;<br>主题：«s»<br>«b»",
        "Fw:",
        is_html=True,
    ),
    "163 web, pre": Form(
        '<pre>-------- 转发邮件信息 --------\n发件人："«n»" &lt;«a»&gt;\n发送日期：2026-11-08 18:30:05\n'
        "收件人：«m»\n抄送人：hmm@163.com\n主题：«s»</pre>«b»",
        "Fw:",
        is_html=True,
    ),
    "163 english": Form(
        '-------- Forwarding messages --------\nFrom: "«n»" <«a»>\nDate: 2026-11-08 18:30:05\nTo: <«m»>\nSubject: «s»',
        "Fw:",
    ),
    "163 traditional": Form(
        '-------- 轉發郵件信息 --------\n發件人："«n»" <«a»>\n發送日期：2026-11-08 18:30:05\n收件人：«m»\n主題：«s»',
        "Fw:",
    ),
    "mail master": Form(
        '<div class="ntes-mailmaster-quote"><div style="margin-top:2em">---- 转发的邮件 ----</div>'
        + _cells(
            ("发件人", '<span><a href="mailto:«a»">«n»</a><a href="mailto:«a»">&lt;«a»&gt;</a></span>'),
            ("发送日期", "2026年11月08日 18:30"),
            ("收件人", "李雷&lt;«m»&gt;"),
            ("抄送至", ""),
            ("主题", "«s»"),
        )
        + "«b»</div>",
        "转发：",
        is_html=True,
    ),
    "mail master, text": Form(
        "---- 转发的原邮件 ----\n| 发件人 | «n»<«a»> |\n| 日期 | 2026年11月08日 18:30 |\n| 收件人 | 李雷<«m»> |\n"
        "| 抄送至 |  |\n| 主题 | «s» |",
        "转发：",
    ),
    "mail master, english": Form(
        "---- Forwarded Message ----\n| From | «n»<«a»> |\n| Date | 11/8/2026 18:30 |\n| To | 李雷<«m»> |\n"
        "| Cc |  |\n| Subject | «s» |",
        "Fwd:",
    ),
    "mail master, values below": Form(
        "---- 转发的邮件 ----\n发件人\n\n«n»<«a»>\n\n发送日期\n\n2026年11月08日 18:30\n\n收件人\n\n李雷<«m»>\n\n主题\n\n«s»",
        "转发：",
    ),
    "163 sent with the reply button": Form('在 2026-11-08 18:30:05，"«n»" <«a»> 写道：\n\n«b»', "转发："),
    "163 english, reply button": Form('At 2026-11-08 18:30:05, "«n»" <«a»> wrote:\n\n«b»', "Fw:"),
    # --- 139, Sina, Sohu, 189, 21cn, Tom, 263
    "139 web": Form(
        "<div>----邮件原文----</div>"
        + _divs('<b>发件人：</b>"«n»" &lt;«a»&gt;', "<b>收件人：</b>«m»", "<b>发送时间：</b>2026-11-08 18:30:05")
        + "<div><b>主题：</b>«s»</div><br>«b»",
        "Fw:",
        is_html=True,
    ),
    "139 text, one line": Form(
        "----邮件原文----发件人：«n» <«a»>收件人：李雷 <«m»>抄送：(无)发送时间：2026-11-08 18:30:05主题：«s»", "Fw:"
    ),
    "139 text, a line each": Form(
        '----邮件原文----\n发件人："«n»" <«a»>\n收件人：«m»\n抄送： (无)\n发送时间：2026-11-08 18:30:05\n主题：«s»',
        "转发：",
    ),
    "sina": Form(
        '----- 原始邮件 -----<br>发件人："«n»" &lt;«a»&gt;<br>收件人："李雷" &lt;«m»&gt;<br>主题：«s»<br>'
        "日期：2026年11月08日 18点30分<br><br>«b»",
        "转发：",
        is_html=True,
    ),
    "sina, english": Form(
        '----- Original Message -----\nFrom:"«n»" <«a»>\nTo:"李雷" <«m»>\nSubject:«s»\nDate:2026-11-08 18:30:05',
        "Fw:",
    ),
    "sohu": Form(
        "----------- 原始邮件 -----------\n发件人：«n»<«a»>\n发件日期：2026-11-08 18:30:05\n收件人：«m»\n主题：«s»",
        "转发：",
    ),
    "189": Form(
        "------------------ 原始邮件 ------------------\n发件人：«n» <«a»>\n时间：2026年11月08日 18:30\n"
        "收件人：«m»\n主题：«s»",
        "转发：",
    ),
    "189 app": Form("---原始邮件---\n发件人:«n»<«a»>\n时间:2026-11-08 18:30:05\n收件人:«m»\n主题:«s»", "转发:"),
    "21cn": Form(
        '=======原始邮件=======\n发件人："«n»" <«a»>\n发送时间：2026-11-08 18:30:05\n收件人：«m»\n标题：«s»', "转发："
    ),
    "tom": Form(
        "--- 转发的邮件 ---\n发信人：«n» <«a»>\n发信时间：2026-11-08 18:30:05\n收信人：«m»\n主题：«s»", "转发："
    ),
    "263": Form(
        "-----原邮件-----\n发件人：«n» <«a»>\n发送时间：2026年11月8日 18:30:05\n收件人：«m»\n邮件标题：«s»", "转发:"
    ),
    # --- Coremail, Zimbra, Richmail and other institutions
    "coremail": Form(
        '<blockquote name="replyContent" class="ReferenceQuote">-----原始邮件-----<br>'
        '<b>发件人:</b><span id="rc_from">«n» &lt;«a»&gt;</span><br>'
        '<b>发送时间:</b><span id="rc_senttime">2026-11-08 18:30:05 (星期日)</span><br>'
        "<b>收件人:</b> «m»<br><b>抄送:</b> <br><b>主题:</b> «s»<br><br>«b»</blockquote>",
        is_html=True,
    ),
    "coremail, english": Form(
        "-----Original Messages-----\nFrom:«n» <«a»>\nSent Time:2026-11-08 18:30:05 (Sunday)\nTo: «m»\nCc: \nSubject: «s»",
        "Fw: ",
    ),
    "coremail, english forward": Form(
        '-----Forwarded Message-----\nFrom: "«n»" <«a»>\nSend time: Sunday, Nov 8, 2026 18:30:05\nTo: «m»\nSubject: «s»',
        "Fw: ",
    ),
    "coremail, glued": Form(
        '> -----原始邮件-----\n> 发件人:"«n»" <«a»>\n> 发送时间:2026-11-08 18:30:05 (星期日)\n> 收件人:«m»\n> 抄送:\n> 主题:«s»\n>\n«b»',
        "Fw: ",
    ),
    "coremail, traditional": Form(
        "-----原始郵件-----\n寄件者:«n» <«a»>\n傳送時間:2026-11-08 18:30:05 (星期日)\n收件者:«m»\n主題:«s»", "轉寄: "
    ),
    "zimbra": Form(
        "----- 转发的邮件 -----\n发件人: «n» <«a»>\n收件人: «m»\n发送时间: 2026年11月8日，星期日，下午 6:30:05\n主题: «s»",
        "Fwd: ",
    ),
    "zimbra, english": Form(
        "----- Forwarded Message -----\nFrom: «n» <«a»>\nTo: «m»\nSent: Sun, 08 Nov 2026 18:30:05 +0800 (CST)\nSubject: «s»",
        "Fwd: ",
    ),
    "zimbra, html": Form(
        '<hr id="zwchr"><div><b>发件人: </b>«n» &lt;«a»&gt;<br><b>收件人: </b>«m»<br>'
        "<b>发送时间: </b>星期日, 2026年 11 月 08日 下午 6:30:05<br><b>主题: </b>«s»<br></div><br>«b»",
        "Fwd: ",
        is_html=True,
    ),
    "winmail": Form(
        "======== 2026-11-08 18:30:05 您在来信中写道：========\n发件人：«n» <«a»>\n日期：2026-11-08 18:30:05\n收件人：«m»\n主题：«s»",
        "转发：",
    ),
    "in-house": Form(
        "-----------以下是转发邮件信息-----------\n发件人：«n»<«a»>\n发送日期：2026年11月08日 18:30\n收件人：«m»\n邮件主题：«s»",
        "转发:",
    ),
    "in-house, below this": Form(
        "---------- 以下为转发邮件 ----------\n发 件 人：«n»<«a»>\n发送时间：2026/11/8 18:30\n收 件 人：«m»\n主    题：«s»",
        "转发:",
    ),
    # --- Alibaba
    "alimail": Form(
        "------------------------------------------------------------------<br>发件人：«n» &lt;«a»&gt;<br>"
        "日　期：2026年11月08日 18:30:05<br>收件人：李雷 &lt;«m»&gt;<br>主　题：«s»<br><br>«b»",
        "转发：",
        is_html=True,
    ),
    "dingtalk": Form(
        "------------------------------------------------------------------\n发件人：«n»<«a»>\n"
        "发送时间：2026年11月8日(星期日) 18:30\n收件人：李雷<«m»>\n抄　送：韩梅梅<hmm@example.cn>\n主　题：«s»",
        "转发：",
    ),
    "alimail, english": Form(
        "------------------------------------------------------------------\nSender:«n» <«a»>\n"
        "Sent At:2026 Nov. 8 (Sun.) 18:30\nRecipient:李雷 <«m»>\nSubject:«s»",
        "Fw:",
    ),
    "alimail, english, other labels": Form(
        "------------------------------------------------------------------\nFrom:«n» <«a»>\n"
        "Send Time:2026 Nov. 8 (Sun.) 18:30\nTo:李雷 <«m»>\nSubject:«s»",
        "Fw:",
    ),
    "feishu": Form(
        '<div id="lark-mail-quote-1"><div>---------- 转发的邮件 ----------</div><div style="color:#646a73">'
        + _divs(
            '发件人: <span>"«n»"&lt;<a href="mailto:«a»">«a»</a>&gt;</span>',
            "日期: 2026年11月8日 (周日) 18:30",
            "主题: «s»",
            '收件人: "李雷"&lt;«m»&gt;',
        )
        + "</div>«b»</div>",
        is_html=True,
    ),
    "feishu, english": Form(
        '---------- Forwarded message ----------\nFrom: "«n»"<«a»>\nDate: Sun, Nov 8, 2026, 18:30\nSubject: «s»\n'
        'To: "李雷"<«m»>',
        "Fwd: ",
    ),
    # --- Outlook
    "outlook": Form(
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>"
        "<b>发件人<span lang=EN-US>:</span></b><span lang=EN-US> «n» &lt;«a»&gt; <br></span><b>发送时间"
        "<span lang=EN-US>:</span></b><span lang=EN-US> 2026</span>年<span lang=EN-US>11</span>月<span lang=EN-US>8"
        "</span>日<span lang=EN-US> 18:30<br></span><b>收件人<span lang=EN-US>:</span></b><span lang=EN-US> "
        "«m»<br></span><b>主题<span lang=EN-US>:</span></b><span lang=EN-US> «s»<o:p></o:p></span></p></div>«b»",
        "转发: ",
        is_html=True,
    ),
    "outlook, on behalf": Form(
        "发件人: «n» <«a»> 代表 天猫小二\n发送时间: 2026年11月8日 18:30\n收件人: 李雷 <«m»>\n主题: «s»", "转发: "
    ),
    "outlook, english, importance": Form(
        "From: «n» <«a»> \nSent: Sunday, November 8, 2026 6:30 PM\nTo: Li Lei <«m»>\nCc: Han Meimei <hmm@qq.com>\n"
        "Subject: «s»\nImportance: High",
        "FW: ",
    ),
    "outlook, british": Form("From: «n» <«a»>\nSent: 08 November 2026 18:30\nTo: Li Lei <«m»>\nSubject: «s»", "Fw: "),
    "outlook, names only": Form(
        "From: «n» \nSent: Sunday, November 8, 2026 6:30 PM\nTo: Li Lei\nSubject: «s»", "FW: ", has="name date"
    ),
    "outlook, mailto": Form(
        "-----Original Message-----\nFrom: «n» [mailto:«a»] \nSent: Sunday, November 08, 2026 6:30 PM\nTo: «m»\nSubject: «s»",
        "FW: ",
    ),
    "outlook, mail original": Form(
        "-----邮件原件-----\n发件人: «n» <«a»> \n发送时间: 2026年11月8日 18:30\n收件人: «m»\n主题: «s»", "转发: "
    ),
    "outlook, attachments": Form(
        "发件人: «n»<«a»>\n发送时间: 2026年11月8日 18:30\n收件人: 李雷<«m»>\n附件: 凭证.jpg (23 KB); 2.png\n主题: «s»",
        "转发: ",
    ),
    "outlook, sensitivity": Form(
        "发件人: «n»<«a»>\n发送时间: 2026年11月8日 18:30\n收件人: 李雷<«m»>\n主题: «s»\n敏感度: 机密", "转发: "
    ),
    "outlook, weekday": Form(
        "发件人: «n»<«a»>\n发送时间: 2026年11月8日星期日 18:30\n收件人: 李雷<«m»>\n主题: «s»", "转发: "
    ),
    "outlook.com": Form(
        '<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">'
        "<b>发件人:</b> «n» &lt;«a»&gt;<br><b>发送时间:</b> 2026年11月8日 18:30<br><b>收件人:</b> 李雷 &lt;«m»&gt;<br>"
        "<b>主题:</b> «s»</font><div>&nbsp;</div></div>«b»",
        "转发: ",
        is_html=True,
    ),
    "outlook mobile": Form(
        "________________________________\n发件人: «n» <«a»>\n发送时间: Sunday, November 8, 2026 6:30:05 PM\n"
        "收件人: 李雷 <«m»>\n主题: «s»",
        "Fw: ",
        note=f"{NOTE}\n\n获取 Outlook for iOS",
    ),
    "outlook mobile, weekday first": Form(
        "________________________________\n发件人: «n» <«a»>\n发送时间: 星期日, 十一月 8, 2026 6:30 下午\n"
        "收件人: 李雷 <«m»>\n主题: «s»",
        "转发: ",
    ),
    "outlook mobile, no rule": Form(
        "获取适用于 Android 的 Outlook\n\n发件人: «n» <«a»>\n日期: 2026年11月8日 星期日 18:30\n收件人: «m»\n主题: «s»",
        "转发: ",
    ),
    "outlook for mac": Form(
        "发件人: «n» <«a»>\n日期: 星期日, 2026年11月8日 下午6:30\n收件人: «m» <«m»>\n主题: «s»", "FW: "
    ),
    "outlook for mac, english": Form(
        "From: «n» <«a»>\nDate: Sunday, November 8, 2026 at 6:30 PM\nTo: Li Lei <«m»>\nSubject: «s»", "FW: "
    ),
    "outlook, taiwan": Form(
        "寄件者: «n» <«a»> \n寄件日期: 2026年11月8日 下午 06:30\n收件者: 李雷 <«m»>\n主旨: «s»", "轉寄: "
    ),
    "outlook, taiwan mobile": Form(
        "________________________________\n寄件者: «n» <«a»>\n已傳送: 2026年11月8日星期日 下午 06:30:05\n收件者: «m»\n主旨: «s»",
        "轉寄: ",
    ),
    "outlook, hong kong": Form(
        "寄件人: «n» <«a»>\n傳送日期: 2026年11月8日 18:30\n收件人: «m»\n副本: hmm@qq.com\n主旨: «s»", "轉寄: "
    ),
    "windows mail": Form(
        "<p>发送自 Windows 10 版<a>邮件</a>应用</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p>"
        '<b>发件人: </b><a href="mailto:«a»">«n»</a><br><b>发送时间: </b>2026年11月8日 18:30<br>'
        '<b>收件人: </b><a href="mailto:«m»">李雷</a><br><b>主题: </b>«s»</p></div>«b»',
        "转发: ",
        is_html=True,
    ),
    "outlook express": Form(
        '----- Original Message ----- \nFrom: "«n»" <«a»>\nTo: <«m»>\nSent: Sunday, November 08, 2026 6:30 PM\nSubject: «s»',
        "Fw: ",
    ),
    "windows live mail": Form(
        "From: «n» \nSent: Sunday, November 08, 2026 6:30 PM\nTo: mailto:«m» \nSubject: «s»", "Fw: ", has="name date"
    ),
    "hotmail, quoted": Form(
        "> From: «a»\n> To: «m»\n> Subject: «s»\n> Date: Sun, 8 Nov 2026 18:30:05 +0800", "FW: ", has="address date"
    ),
    # --- Apple
    "apple, mac": Form(
        "下面是被转发的邮件：\n\n发件人: «n» <«a»>\n主题: «s»\n日期: 2026年11月8日 GMT+8 18:30:05\n收件人: «m»\n",
        "转发：",
    ),
    "apple, mac, twelve hours": Form(
        '下面是被转发的邮件：\n\n发件人: "«n»" <«a»>\n主题: «s»\n日期: 2026年11月8日 GMT+8 下午6:30:05\n收件人: «m»\n回复-收件人: "«n»" <«a»>\n',
        "Fwd: ",
    ),
    "apple, older": Form(
        "开始转发的邮件：\n\n> 发件人: «n» <«a»>\n> 主题: «s»\n> 日期: 2026年11月8日 GMT+0800下午6时30分05秒\n> 收件人: «m»\n> ",
        "Fwd: ",
    ),
    "apple, html": Form(
        '<div><br><blockquote type="cite"><div>下面是被转发的邮件：</div><br class="Apple-interchange-newline">'
        + "".join(
            f'<div style="margin-top:0px"><span><b>{label}: </b></span><span>{value}<br></span></div>'
            for label, value in (
                ("发件人", "«n» &lt;<a href='mailto:«a»'>«a»</a>&gt;"),
                ("主题", "<b>«s»</b>"),
                ("日期", "2026年11月8日 GMT+8 18:30:05"),
                ("收件人", "«m»"),
            )
        )
        + "<br><div>«b»</div></blockquote></div>",
        "转发：",
        is_html=True,
    ),
    "iphone": Form(
        "发自我的iPhone\n\n以下是转发的邮件：\n\n> 发件人: «n» <«a»>\n> 日期: 2026年11月8日 GMT+8 18:30:05\n> 收件人: «m»\n"
        "> 主题: «s»\n> 回复: «n» <«a»>\n> \n> «b»",
        "转发：",
    ),
    "iphone, html": Form(
        '<br><div dir="ltr">发自我的iPhone</div><div dir="ltr"><br>下面是被转发的邮件：<br><br></div>'
        '<blockquote type="cite"><div dir="ltr"><b>发件人:</b> «n» &lt;«a»&gt;<br><b>日期:</b> 2026年11月8日 GMT+8 18:30:05<br>'
        "<b>收件人:</b> «m»<br><b>主题:</b> <b>«s»</b><br><b>回复:</b> «n» &lt;«a»&gt;<br><br></div></blockquote>"
        '<blockquote type="cite"><div dir="ltr">«b»</div></blockquote>',
        "转发：",
        is_html=True,
    ),
    "iphone, english": Form(
        "Sent from my iPhone\n\nBegin forwarded message:\n\n> From: «n» <«a»>\n> Date: November 8, 2026 at 6:30:05\u202fPM GMT+8\n"
        "> To: «m»\n> Subject: «s»\n> Reply-To: «n» <«a»>\n> \n> «b»",
        "Fwd: ",
    ),
    "iphone, english, stars": Form(
        "Begin forwarded message:\n\n*From:* «n» <«a»>\n*Date:* 8 November 2026 at 18:30:05 GMT+8\n*To:* «m»\n*Subject:* *«s»*",
        "Fwd: ",
    ),
    "iphone, taiwan": Form(
        "從我的 iPhone 傳送\n\n開始轉寄訊息：\n\n> 寄件人: «n» <«a»>\n> 日期: 2026年11月8日 GMT+8 晚上6:30:05\n> 收件人: «m»\n"
        "> 標題: «s»\n> 回覆: «n» <«a»>\n> \n> «b»",
        "轉寄：",
    ),
    "apple, hong kong": Form(
        "轉寄的郵件：\n\n由: «n» <«a»>\n標題: «s»\n日期: 2026年11月8日 GMT+8 下午6:30:05\n收件人: «m»\n", "轉寄："
    ),
    "ipad, three lines": Form(
        "开始转发的邮件：\n\n发件人: «n» <«a»>\n日期: 2026年11月8日 GMT+8 18:30:05\n主题: «s»", "Fwd: "
    ),
    # --- Gmail
    "gmail app": Form(
        '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>'
        '发件人： <strong class="gmail_sendername" dir="auto">«n»</strong> <span dir="auto">&lt;<a href="mailto:«a»">«a»</a>&gt;'
        "</span><br>Date: 2026年11月8日周日 18:30<br>Subject: «s»<br>To:  &lt;<a>«m»</a>&gt;<br></div><br><br>«b»</div>",
        "Fwd: ",
        is_html=True,
    ),
    "gmail app, stars": Form(
        "---------- Forwarded message ---------\n发件人： *«n»* <«a»>\nDate: 2026年11月8日周日 18:30\nSubject: «s»\nTo: <«m»>",
        "Fwd: ",
    ),
    "gmail, british": Form(
        "---------- Forwarded message ---------\nFrom: «n» <«a»>\nDate: Sun, 8 Nov 2026 at 18:30\nSubject: «s»\nTo: <«m»>",
        "Fwd: ",
    ),
    "gmail, comma": Form(
        "---------- Forwarded message ---------\nFrom: «n» <«a»>\nDate: Sun, Nov 8, 2026, 6:30 PM\nSubject: «s»\nTo: <«m»>",
        "Fwd: ",
    ),
    "gmail, narrow space": Form(
        "---------- Forwarded message ---------\nFrom: *«n»* <«a»>\nDate: Sun, Nov 8, 2026 at 6:30\u202fPM\nSubject: «s»\nTo: <«m»>",
        "Fwd: ",
    ),
    "gmail, afternoon": Form(
        "---------- 转发的邮件 ---------\n发件人： «n» <«a»>\n日期： 2026年11月8日周日 下午6:30\n主题： «s»\n收件人： <«m»>",
        "Fwd: ",
    ),
    "gmail, sender wraps": Form(
        "---------- Forwarded message ---------\nFrom: «n» <\n«a»>\nDate: Sun, Nov 8, 2026 at 6:30 PM\nSubject: «s»\nTo: <«m»>",
        "Fwd: ",
    ),
    "gmail, hong kong": Form(
        "---------- Forwarded message ---------\n由： «n» <«a»>\nDate: 2026年11月8日週日 下午6:30\nSubject: «s»\nTo: <«m»>",
        "Fwd: ",
    ),
    "gmail, taiwan": Form(
        "---------- Forwarded message ---------\n寄件者： «n» <«a»>\nDate: 2026年11月8日 週日 下午6:30\nSubject: «s»\nTo: <«m»>",
        "Fwd: ",
    ),
    "gmail, copies and reply": Form(
        "---------- 转发的邮件 ---------\n发件人：«n» <«a»>\n日期：2026年11月8日周日 18:30\n主题：«s»\n收件人：<«m»>\n抄送：a@b.cn, c@d.cn",
        "Fwd: ",
    ),
    # --- phones
    "huawei": Form(
        "发自我的华为手机\n\n-------- 原始邮件 --------\n发件人： «n» <«a»>\n日期： 2026年11月8日周日 18:30\n收件人： «m»\n主题： «s»",
        "转发：",
    ),
    "huawei, glued": Form(
        "-------- 原始邮件 --------发件人：«n» <«a»>日期：2026年11月8日周日 下午6:30收件人：«m»主题：«s»", "转发："
    ),
    "honor": Form(
        "-------- 原始邮件 --------\n主题：«s»\n发件人：«n» <«a»>\n收件人：«m»\n抄送：\n发送时间：2026年11月8日 18:30",
        "转发：",
    ),
    "xiaomi": Form(
        '发自我的小米手机\n---------- 转发的邮件 ----------\n发件人："«n»" <«a»>\n日期：2026年11月8日 下午6:30\n主题：«s»\n收件人：«m»',
        "转发：",
    ),
    "xiaomi, wrote": Form("在 «n» <«a»>，2026年11月8日 下午6:30写道：\n\n«b»", "转发："),
    "xiaomi, wrote, date first": Form("2026年11月8日 下午6:30，«n» <«a»>写道：\n\n«b»", "转发："),
    "oppo": Form(
        "-----------原始邮件-----------\n发件人：«n»<«a»>\n发送时间：2026-11-08 18:30\n收件人：«m»\n主题：«s»", "转发："
    ),
    "vivo": Form(
        "======== 原始邮件 ========\n发件人 : «n» <«a»>\n时间 : 2026/11/08 18:30\n收件人 : «m»\n主题 : «s»", "转发："
    ),
    "samsung": Form(
        "-------- 原始邮件 --------\n发件人： «n» <«a»> \n日期： 2026/11/8 18:30 (GMT+08:00) \n收件人： «m» \n主题： «s» ",
        "转发：",
    ),
    "samsung, english": Form(
        "-------- Original message --------\nFrom: «n» <«a»> \nDate: 08/11/2026  18:30  (GMT+08:00) \nTo: «m» \nSubject: «s» ",
        "Fwd: ",
    ),
    "samsung, american": Form(
        "-------- Original message --------\nFrom: «n» <«a»> \nDate: 11/8/26  6:30 PM  (GMT+08:00) \nTo: «m» \nSubject: «s» ",
        "Fwd: ",
    ),
    "k-9": Form(
        "-------- 原始邮件 --------\n发件人：«n» <«a»>\n发送时间：2026年11月8日 GMT+08:00 18:30:05\n收件人：«m»\n主题：«s»",
        "Fwd: ",
    ),
    "k-9, english": Form(
        "-------- Original Message --------\nFrom: «n» <«a»>\nSent: November 8, 2026 6:30:05 PM GMT+08:00\nTo: «m»\nSubject: «s»",
        "Fwd: ",
    ),
    "blue mail": Form("On 8 Nov 2026, at 18:30, «n» <«a»> wrote:\n\n«b»", "Fwd: "),
    "aqua mail": Form(
        "--- Forwarded message ---\nFrom: «n» <«a»>\nDate: November 8, 2026 6:30:05 PM\nSubject: «s»\nTo: «m»", "Fwd: "
    ),
    # --- others
    "yahoo": Form(
        '<div class="yahoo_quoted"><div>----- Forwarded Message -----</div><div><b>From:</b> «n» &lt;«a»&gt;</div>'
        "<div><b>To:</b> Li Lei &lt;«m»&gt;</div><div><b>Sent:</b> Sunday, November 8, 2026 at 06:30:05 PM GMT+8</div>"
        "<div><b>Subject:</b> «s»</div><br>«b»</div>",
        "Fw: ",
        is_html=True,
    ),
    "yahoo, glued": Form(
        "   ----- Forwarded Message ----- From: «n» <«a»>To: «m»Sent: Sunday, November 8, 2026 at 06:30:05 PM GMT+8Subject: «s»",
        "Fw: ",
    ),
    "yahoo, chinese": Form(
        "----- 转发的邮件 -----\n发件人： «n» <«a»>\n收件人： «m» <«m»>\n发送时间： 2026年11月8日 星期日 GMT+8 18:30:05\n主题： «s»",
        "转发： ",
    ),
    "yahoo, taiwan": Form(
        "----- 轉寄的郵件 -----\n寄件者： «n» <«a»>\n收件者： «m»\n已傳送： 2026年11月8日 星期日 下午06:30:05 [GMT+8]\n標題： «s»",
        "轉寄： ",
    ),
    "proton": Form(
        "------- Forwarded Message -------\nFrom: «n» <«a»>\nDate: On Sunday, November 8th, 2026 at 18:30\nSubject: «s»\nTo: «m» <«m»>",
        "Fw: ",
    ),
    "proton, chinese": Form(
        "------- 转发的邮件 -------\n发件人：«n» <«a»>\n日期：于 2026年11月8日星期日 18:30\n主题：«s»\n收件人：«m» <«m»>",
        "Fw: ",
    ),
    "spark": Form(
        "---------- Forwarded message ----------\nFrom: «n» <«a»>\nDate: 8 Nov 2026 at 18:30 +0800\nTo: Li Lei <«m»>\nSubject: «s»",
        "Fwd: ",
    ),
    "spark, chinese": Form(
        "---------- 转发邮件 ----------\n自: «n» <«a»>\n日期: 2026年11月8日 +0800 18:30\n至: 李雷 <«m»>\n主题: «s»",
        "Fwd: ",
    ),
    "thunderbird": Form(
        '<div class="moz-forward-container"><br><br>-------- 转发的消息 --------<table class="moz-email-headers-table">'
        + "".join(
            f'<tr><th valign="BASELINE" align="RIGHT" nowrap="nowrap">{label}: </th><td>{value}</td></tr>'
            for label, value in (
                ("主题", "«s»"),
                ("日期", "Sun, 8 Nov 2026 18:30:05 +0800"),
                ("发件人", '«n» <a href="mailto:«a»">&lt;«a»&gt;</a>'),
                ("回复到", "«a»"),
                ("收件人", "«m»"),
            )
        )
        + "</table><br><br>«b»</div>",
        "Fwd: ",
        is_html=True,
    ),
    "thunderbird, text": Form(
        "-------- 转发的消息 --------\n主题: \t«s»\n日期: \tSun, 8 Nov 2026 18:30:05 +0800\n发件人: \t«n» <«a»>\n"
        "回复到: \t«a»\n收件人: \t«m»",
        "Fwd: ",
    ),
    "evolution": Form(
        "-------- 转发的信件 --------\n发件人: «n» <«a»>\n收件人: «m»\n主题: «s»\n日期: Sun, 08 Nov 2026 18:30:05 +0800",
        "转发: ",
    ),
    "kmail": Form(
        "----------  转发的信件  ----------\n\n主题：«s»\n日期：2026年11月8日 18:30:05\n发件人：«n» <«a»>\n收件人：«m»",
        "Fwd: ",
    ),
    "mutt": Form(
        "----- Forwarded message from «n» <«a»> -----\n\nDate: Sun, 8 Nov 2026 18:30:05 +0800\nFrom: «n» <«a»>\nTo: «m»\n"
        "Subject: «s»\n\n«b»\n\n----- End forwarded message -----",
        "Fwd: ",
    ),
    "gnus": Form(
        "-------------------- Start of forwarded message --------------------\nFrom: «n» <«a»>\nTo: «m»\nSubject: «s»\n"
        "Date: Sun, 08 Nov 2026 18:30:05 +0800\n\n«b»\n-------------------- End of forwarded message --------------------",
        "Fwd: ",
    ),
    "squirrelmail": Form(
        '---------------------------- Original Message ----------------------------\nSubject: «s»\nFrom:    "«n»" <«a»>\n'
        "Date:    Sun, November 8, 2026 6:30 pm\nTo:      «m»\n"
        "--------------------------------------------------------------------------\n\n«b»",
        "Fwd: ",
    ),
    "the bat": Form(
        "This is a forwarded message\nFrom: «n» <«a»>\nTo: «m»\nDate: Sunday, November 8, 2026, 6:30:05 PM\nSubject: «s»\n\n"
        "===8<==============Original message text===============\n«b»\n===8<===========End of original message text===========",
        "Fwd: ",
    ),
    "zoho": Form(
        "============ Forwarded message ============\nFrom: «n» <«a»>\nTo: <«m»>\nDate: Sun, 08 Nov 2026 18:30:05 +0800\n"
        "Subject: «s»\n============ Forwarded message ============\n\n«b»",
        "Fwd: ",
    ),
    "fastmail": Form(
        "----- Original message -----\nFrom: «n» <«a»>\nTo: «m»\nSubject: «s»\nDate: Sunday, November 08, 2026 6:30 PM",
        "Fwd: ",
    ),
    "lotus notes": Form(
        "----- Forwarded by Li Lei/CN on 11/09/2026 07:50 AM -----\n\nFrom:\t«n» <«a»>\nTo:\t«m»\nDate:\t11/08/2026 06:30 PM\nSubject:\t«s»",
        "Fw: ",
    ),
    "lotus notes, chinese": Form(
        "----- 转发人 李雷/CN 时间 2026-11-09 07:50 -----\n\n发件人: \t«n» <«a»>\n收件人: \t«m»\n日期: \t2026-11-08 18:30\n主题: \t«s»",
        "转发: ",
    ),
    "em client": Form(
        '------ 转发邮件 ------\n发件人 "«n»" <«a»>\n收件人 "李雷" <«m»>\n日期 2026/11/8 18:30:05\n主题 «s»', "Fwd: "
    ),
    "em client, english": Form(
        '------ Forwarded Message ------\nFrom "«n»" <«a»>\nTo "Li Lei" <«m»>\nDate 11/8/2026 6:30:05 PM\nSubject «s»',
        "Fwd: ",
    ),
    "roundcube": Form(
        "-------- 原始邮件 --------\n主题: «s»\n日期: 2026-11-08 18:30\n发件人: «n» <«a»>\n收件人: «m»", "Fwd: "
    ),
    "roundcube, html": Form(
        '<p>-------- 原始邮件 --------</p><table border="0" cellspacing="0"><tbody>'
        + "".join(
            f'<tr><th align="right">{label}:</th><td>{value}</td></tr>'
            for label, value in (
                ("主题", "«s»"),
                ("日期", "2026-11-08 18:30"),
                ("发件人", "«n» &lt;«a»&gt;"),
                ("收件人", "«m»"),
            )
        )
        + '</tbody></table><div id="forwardbody1">«b»</div>',
        "Fwd: ",
        is_html=True,
    ),
    "kylin": Form(
        "----\n\n*主　题：* «s»\n*日　期：* 2026-11-08 18:30\n*发件人：* «n» <«a»>\n*收件人：* «m»", "转发: "
    ),
    "nextcloud": Form('"«n»" <«a»> – 2026年11月8日 18:30\n\n«b»', "Fwd: "),
    # --- habits
    "copied by hand": Form("发件人：«n» «a»\n时间：2026年11月8日 18:30\n标题：«s»\n\n«b»", "转"),
    "copied, label and value apart": Form(
        "发件人\n«n» <«a»>\n时间\n2026-11-08 18:30\n收件人\n我 <«m»>\n主题\n«s»\n\n«b»", "转发："
    ),
    "no separator, subject first": Form("主题：«s»\n发件人：«n» <«a»>\n时间：2026-11-08 18:30\n\n«b»", "转发："),
    "no date at all": Form("---- 转发的邮件 ----\n发件人：«n» <«a»>\n主题：«s»", "转发：", has="name address"),
    "day without a year": Form(
        "------------------ 原始邮件 ------------------\n发件人：«n» <«a»>\n时间：11月8日 18:30\n收件人：«m»\n主题：«s»",
        "转发：",
    ),
    "yesterday": Form(
        "-------- 原始邮件 --------\n发件人：«n» <«a»>\n日期：昨天 18:30\n收件人：«m»\n主题：«s»", "转发："
    ),
    "quoted twice": Form(
        ">> -----原始邮件-----\n>> 发件人: «n» <«a»>\n>> 发送时间: 2026-11-08 18:30:05 (星期日)\n>> 收件人: «m»\n>> 主题: «s»\n>>\n«b»",
        "Fw: ",
    ),
    "full-width dashes": Form(
        "－－－－－－原始邮件－－－－－－\n发件人：«n»＜«a»＞\n发送时间：２０２６年１１月８日　１８：３０\n收件人：«m»\n主题：«s»",
        "转发：",
    ),
    "labels in brackets": Form(
        "-------原始邮件-------\n【发件人】«n» <«a»>\n【发送时间】2026-11-08 18:30\n【收件人】«m»\n【主题】«s»",
        "转发：",
    ),
    "definition list": Form(
        "<p>---- 转发的邮件 ----</p><dl><dt>发件人</dt><dd>«n» &lt;«a»&gt;</dd><dt>日期</dt><dd>2026-11-08 18:30</dd>"
        "<dt>主题</dt><dd>«s»</dd></dl>«b»",
        "转发：",
        is_html=True,
    ),
    "labels in spans of their own": Form(
        "<div>-----原始邮件-----</div><div><span>发件人</span><span>：</span><span>«n»</span> <span>&lt;«a»&gt;</span></div>"
        "<div><span>发送时间</span><span>：</span><span>2026-11-08 18:30</span></div><div><span>主题</span><span>：</span>"
        "<span>«s»</span></div><br>«b»",
        "转发：",
        is_html=True,
    ),
    "one paragraph with breaks": Form(
        "<p><b>From:</b> «n» &lt;«a»&gt;<br /><b>Sent:</b> 2026-11-08 18:30<br /><b>To:</b> «m»<br /><b>Subject:</b> «s»</p>«b»",
        "FW: ",
        is_html=True,
    ),
    "cells of one row": Form(
        "<div>---- 转发的邮件 ----</div><table><tr><td>发件人：</td><td>«n» &lt;«a»&gt;</td><td>日期：</td><td>2026-11-08 18:30</td></tr>"
        "<tr><td>收件人：</td><td>«m»</td><td>主题：</td><td>«s»</td></tr></table>«b»",
        "转发：",
        is_html=True,
    ),
}


# --- the same forward with one thing written otherwise ---------------------------------------------------------


def _block(
    who: str = "«n» <«a»>",
    date: str = "2026-11-08 18:30",
    separator: str = "-------- 原始邮件 --------",
    labels: tuple[str, str, str, str] = ("发件人", "日期", "收件人", "主题"),
    colon: str = "：",
) -> str:
    values = (who, date, "«m»", "«s»")
    rows = [f"{label}{colon}{value}" for label, value in zip(labels, values, strict=True)]
    return "\n".join([separator, *rows])


DATES = (
    "2026年11月8日 (周日) 18:30",
    "2026年11月8日，周日 18:30",
    "2026-11-08 18:30:05 +0800 (CST)",
    "周日, 08 11月 2026 18:30:05 +0800",
    "2026/11/08 (日) 18:30",
    "11月8日周日 18:30",
    "Nov 8, 2026, at 6:30 PM",
    "8/11/26 18:30",
    "08.11.2026 18:30",
    "8. November 2026 um 18:30",
    "2026. 11. 8. 오후 6:30",
    "2026年11月8日(日) 18:30",
    "08 nov. 2026 18:30",
    "2026-11-08T18:30:05+08:00",
    "2026-11-08T10:30:05Z",
    "Sun Nov 08 18:30:05 CST 2026",
    "2026年11月08日 18时30分05秒",
    "2026年11月8日 下午06:30",
    "星期日 2026/11/8 下午 06:30",
    "18:30 2026-11-08",
    "2026-11-08 06:30 PM",
    "8 Nov 2026 6:30 PM",
    "Sun 11/8/2026 6:30 PM",
    "周日 2026/11/8 18:30",
    "周日 11/8/2026 18:30",
    "Sunday, 8 November 2026 18:30",
    "Sunday, November 8th, 2026 6:30 PM",
    "2026年11月8日 星期日 18:30:05 GMT+08:00",
    "2026年11月8日 18：30",
    "二〇二六年十一月八日 18:30",
    "2026年11月8日 18:30 (UTC+8)",
    "Sun, 08 Nov 2026 18:30:05 +0800",
    "Sun, 8 Nov 2026 10:30:05 GMT",
    "2026-11-8 18:30:5",
    "2026.11.08 18:30",
    "Nov 8 2026 18:30:05",
    "昨晚6:30",
    "昨天下午6点30分",
    "11-08 18:30",
)
SENDERS = (
    '"«n»" «a»',
    "«n» («a»)",
    "«n»（«a»）",
    "«n»<«a»>(由 bounce@x.cn 代发)",
    '"«n»" <«a»>（由 bounce@x.cn 代发）',
    "«n» <«a»<mailto:«a»>>",
    "«n» [«a»]",
    "«n» <mailto:«a»>",
    "<«a»> «n»",
    "«n»　<«a»>",
    "*«n»* <«a»>",
    "'«n»' <«a»>",
    "“«n»” <«a»>",
    "«n»[«a»]",
    "«n» 《«a»》",
    "«n» &lt;«a»&gt;",
    "«n»<«a»>;",
    "«n» <«a»>,",
)
SEPARATORS = (
    "转发邮件",
    "------原邮件------",
    "-----转发邮件-----",
    "***** 原始邮件 *****",
    "## 转发的邮件",
    "【转发邮件】",
    "<<< 原始邮件 >>>",
    "----以下为原邮件内容----",
    "原邮件如下：",
    "以下是原邮件：",
    "~~~~原始邮件~~~~",
    "—————转发的邮件—————",
    "………… 原始邮件 …………",
    "---------- 轉寄訊息 ----------",
    "---------- Forwarded by 李雷 ----------",
    "------ 邮件转发 ------",
    "—— 转发自我的邮箱 ——",
    "++++++ 原始邮件 ++++++",
)
LABELS = (
    ("发件人", "时间", "收件人", "标题"),
    ("寄信人", "寄信时间", "收信人", "标题"),
    ("From", "Date", "To", "Subject"),
    ("FROM", "DATE", "TO", "SUBJECT"),
    ("寄件者", "日期", "收件者", "標題"),
    ("發件人", "發送時間", "收件人", "主題"),
    ("发 件 人", "时　　间", "收 件 人", "主　　题"),
    ("邮件发送人", "发送时间", "接收人", "邮件主题"),
    ("发件邮箱", "发送时间", "收件邮箱", "主题"),
    ("差出人", "日時", "宛先", "件名"),
    ("보낸 사람", "날짜", "받는 사람", "제목"),
    ("Von", "Gesendet", "An", "Betreff"),
    ("De", "Envoyé", "À", "Objet"),
    ("От", "Дата", "Кому", "Тема"),
    ("Sender", "Time", "Recipient", "Title"),
    ("发件者", "发件日期", "收件者", "主题"),
    ("Från", "Skickat", "Till", "Ämne"),
)
LAYOUTS: dict[str, Form] = {
    "note below": Form(
        "-------- 原始邮件 --------\n发件人：«n» <«a»>\n日期：2026-11-08 18:30\n收件人：«m»\n主题：«s»\n\n«b»", "转发："
    ),
    "no note": Form(
        "-------- 原始邮件 --------\n发件人：«n» <«a»>\n日期：2026-11-08 18:30\n收件人：«m»\n主题：«s»",
        "转发：",
        note="",
    ),
    "reply prefix no words": Form(
        "-------- 原始邮件 --------\n发件人：«n» <«a»>\n日期：2026-11-08 18:30\n收件人：«m»\n主题：«s»",
        "回复：",
        note="",
    ),
    "prefix mix": Form(
        "-------- 原始邮件 --------\n发件人：«n» <«a»>\n日期：2026-11-08 18:30\n收件人：«m»\n主题：«s»",
        "转发: Fw: FWD：答复: 转发：",
    ),
    "prefix square": Form(
        "-------- 原始邮件 --------\n发件人：«n» <«a»>\n日期：2026-11-08 18:30\n收件人：«m»\n主题：«s»", "转发[2]："
    ),
    "html blockquote nested": Form(
        "<blockquote><blockquote><div><div>发件人：«n» &lt;«a»&gt;</div><div>日期：2026-11-08 18:30</div><div>主题：«s»</div></div><br>«b»</blockquote></blockquote>",
        "转发：",
        is_html=True,
    ),
    "html ul": Form(
        "<ul><li>发件人：«n» &lt;«a»&gt;</li><li>日期：2026-11-08 18:30</li><li>主题：«s»</li></ul>«b»",
        "转发：",
        is_html=True,
    ),
    "html p each": Form(
        "<p>-----Original Message-----</p><p><b>From:</b> «n» &lt;«a»&gt;</p><p><b>Sent:</b> Sunday, November 8, 2026 6:30 PM</p><p><b>To:</b> «m»</p><p><b>Subject:</b> «s»</p>«b»",
        "FW: ",
        is_html=True,
    ),
    "html td colon own cell": Form(
        "<table><tr><td>发件人</td><td>：</td><td>«n» &lt;«a»&gt;</td></tr><tr><td>日期</td><td>：</td><td>2026-11-08 18:30</td></tr><tr><td>主题</td><td>：</td><td>«s»</td></tr></table>«b»",
        "转发：",
        is_html=True,
    ),
    "html th scope": Form(
        "<table><tr><th>发件人</th><td>«n» &lt;«a»&gt;</td></tr><tr><th>发送时间</th><td>2026-11-08 18:30</td></tr><tr><th>收件人</th><td>«m»</td></tr><tr><th>主题</th><td>«s»</td></tr></table>«b»",
        "转发：",
        is_html=True,
    ),
    "html flex": Form(
        '<div style="display:flex"><div>发件人</div><div>«n» &lt;«a»&gt;</div></div><div style="display:flex"><div>发送时间</div><div>2026-11-08 18:30</div></div><div style="display:flex"><div>收件人</div><div>«m»</div></div><div style="display:flex"><div>主题</div><div>«s»</div></div>«b»',
        "转发：",
        is_html=True,
    ),
    "html span block": Form(
        '<span style="display:block">发件人：«n» &lt;«a»&gt;</span><span style="display:block">发送时间：2026-11-08 18:30</span><span style="display:block">收件人：«m»</span><span style="display:block">主题：«s»</span><br>«b»',
        "转发：",
        is_html=True,
    ),
    "html pre": Form(
        "<pre>-------- 原始邮件 --------\n发件人：«n» &lt;«a»&gt;\n日期：2026-11-08 18:30\n收件人：«m»\n主题：«s»</pre>«b»",
        "转发：",
        is_html=True,
    ),
    "html mailto only": Form(
        '<div>发件人：<a href="mailto:«a»">«n»</a></div><div>发送时间：2026-11-08 18:30</div><div>收件人：<a href="mailto:«m»">李雷</a></div><div>主题：«s»</div><br>«b»',
        "转发：",
        is_html=True,
    ),
    "one line spaces": Form("发件人: «n» <«a»>  发送时间: 2026-11-08 18:30  收件人: «m»  主题: «s»", "转发："),
    "one line pipes": Form("发件人：«n» <«a»> | 日期：2026-11-08 18:30 | 收件人：«m» | 主题：«s»", "转发："),
    "one line semicolons": Form("发件人：«n» <«a»>；日期：2026-11-08 18:30；收件人：«m»；主题：«s»", "转发："),
    "two lines": Form("发件人：«n» <«a»>    日期：2026-11-08 18:30\n收件人：«m»    主题：«s»", "转发："),
    "long recipients": Form(
        "-----原始邮件-----\n发件人: «n» <«a»>\n发送时间: 2026-11-08 18:30\n收件人: a <a@b.cn>;\n b <b@b.cn>;\n c <c@b.cn>\n抄送: d <d@b.cn>; e <e@b.cn>\n主题: «s»",
        "转发：",
    ),
    "blank between all": Form(
        "-----原始邮件-----\n\n发件人: «n» <«a»>\n\n发送时间: 2026-11-08 18:30\n\n收件人: «m»\n\n主题: «s»", "转发："
    ),
    "indented": Form(
        "    -------- 原始邮件 --------\n    发件人：«n» <«a»>\n    日期：2026-11-08 18:30\n    收件人：«m»\n    主题：«s»",
        "转发：",
    ),
    "bullets": Form(
        "-------- 原始邮件 --------\n- 发件人：«n» <«a»>\n- 日期：2026-11-08 18:30\n- 收件人：«m»\n- 主题：«s»",
        "转发：",
    ),
    "numbered": Form(
        "-------- 原始邮件 --------\n• 发件人：«n» <«a»>\n• 日期：2026-11-08 18:30\n• 主题：«s»", "转发："
    ),
    "pipes quoted": Form(
        "| -------- 原始邮件 --------\n| 发件人：«n» <«a»>\n| 日期：2026-11-08 18:30\n| 收件人：«m»\n| 主题：«s»",
        "转发：",
    ),
    "fullwidth gt": Form(
        "＞ -------- 原始邮件 --------\n＞ 发件人：«n» <«a»>\n＞ 日期：2026-11-08 18:30\n＞ 收件人：«m»\n＞ 主题：«s»",
        "转发：",
    ),
    "emoji label": Form(
        "-------- 原始邮件 --------\n📧 发件人：«n» <«a»>\n📅 日期：2026-11-08 18:30\n📌 主题：«s»", "转发："
    ),
}

VARIANTS: dict[str, Form] = {
    **{f"date {date}": Form(_block(date=date)) for date in DATES},
    **{f"sender {who}": Form(_block(who=who)) for who in SENDERS},
    **{f"separator {separator}": Form(_block(separator=separator)) for separator in SEPARATORS},
    **{
        f"labels {labels[0]}{colon!r}": Form(_block(labels=labels, colon=colon))
        for labels in LABELS
        for colon in ("：", ": ", " : ", "\t")
    },
    **LAYOUTS,
}
