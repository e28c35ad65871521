"""The mailboxes that a guide stands for: whose they are, who confirms for them, and the steps to take, with drawings.

A correction needs no programming: a step is a row, its words stand in the drawing too. How well each menu is known
stands in docs/sources.md#mailboxes; what is not known for certain the page calls usual.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise

# What a rule should pass on, beside our own test mail, which has SUJI in its subject in every language. More than
# complaints comes from these names; what is none is put aside after reading.
SENDERS = ("taobao.com", "tmall.com", "alipay.com")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and the drawing beside it: its kind, and the words that stand in it, the marked one last."""

    text: Text
    drawing: str = ""  # compose attach gear list field code rule send
    words: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Provider:
    key: str  # in the address of its guide
    name: Text
    domains: tuple[str, ...]  # of its mailboxes
    confirms_from: tuple[str, ...]  # domains that send its confirmations; links of a confirmation lead there too
    is_checked: bool  # whether its menus were read in the provider's own help
    where: Text  # where to set a rule up
    rule: tuple[Step, ...]
    attach: tuple[Step, ...]
    after: Text = ""  # whether and how it confirms
    filter_text: str = ""  # to copy into its field


OPEN = Step(_("打开那封投诉通知。"), "list", (_("收件箱"), _("处理结果通知")))
FORWARD = Step(_("点“转发”。按钮常在信的上方或下方，手机上在“…”里。"), "send", (_("回复"), _("转发")))
TO_US = Step(
    _("收件人填你的收件地址，其他什么都不用改，点“发送”。"),
    "compose",
    (_("收件人"), _("你的收件地址"), _("发送")),
)
BY_HAND = (OPEN, FORWARD, TO_US)


def attached(text: Text, *words: Text) -> tuple[Step, ...]:
    """The steps of forwarding as an attachment: where it is, then as always."""
    found = Step(text, "send", words)
    sent = Step(
        _("收件人填你的收件地址，确认附件里有那封信，点“发送”。"),
        "attach",
        (_("收件人"), _("你的收件地址"), _("原信.eml")),
    )
    return (found, sent)


AS_ATTACHMENT = _("作为附件转发")
RULE = Step(
    _("条件填：发件人包含下面几个名字之一，或主题包含SUJI（测试信）。动作选“转发”，填你的收件地址，保存。"),
    "rule",
    (_("如果"), _("发件人包含 taobao.com"), _("就转发到"), _("你的收件地址")),
)
CODE = Step(
    _("邮箱要验证码的话，验证码会寄到你的收件地址。在下面打开“接确认信”，它来了就显示，抄到邮箱的页面上。"),
    "code",
    (_("验证码"), "******", _("验证")),
)

QQ = Provider(
    key="qq",
    name=_("QQ邮箱"),
    domains=("qq.com", "vip.qq.com", "foxmail.com"),
    confirms_from=("qq.com", "tencent.com", "foxmail.com"),
    is_checked=False,
    where=_("用电脑打开mail.qq.com的网页版；手机App里没有这一项。"),
    rule=(
        Step(_("登录网页版，点上方的“设置”。"), "gear", (_("QQ邮箱"), _("设置"))),
        Step(_("点“收信规则”，再点“创建收信规则”。"), "list", (_("常规"), _("账号"), _("收信规则"))),
        RULE,
        CODE,
    ),
    attach=attached(
        _("用网页版：在列表里勾选那封信，点“转发”旁的小箭头，选“作为附件转发”。"), _("转发"), AS_ATTACHMENT
    ),
    after=_("QQ邮箱有时会先要求验证收件地址。"),
)
NETEASE = Provider(
    key="163",
    name=_("网易163、126邮箱"),
    domains=("163.com", "126.com", "yeah.net", "vip.163.com", "188.com"),
    confirms_from=("163.com", "126.com", "yeah.net", "netease.com", "188.com"),
    is_checked=False,
    where=_("用电脑打开网页版；网易邮箱大师里没有这一项。"),
    rule=(
        Step(_("登录网页版，点上方的“设置”，选“邮箱设置”。"), "gear", (_("网易邮箱"), _("设置"))),
        Step(_("在左边选“来信分类”，新建一条规则。"), "list", (_("基本设置"), _("自动转发"), _("来信分类"))),
        RULE,
        CODE,
    ),
    attach=attached(_("用网页版：打开那封信，点“转发”旁的小箭头，选“作为附件转发”。"), _("转发"), AS_ATTACHMENT),
    after=_("网易邮箱有时会往收件地址寄验证码。“自动转发”会转走所有来信，“来信分类”只转你挑的，更稳妥。"),
)
GMAIL = Provider(
    key="gmail",
    name="Gmail",
    domains=("gmail.com", "googlemail.com"),
    confirms_from=("google.com",),
    is_checked=True,
    where=_("用电脑打开mail.google.com；手机App里没有这一项。"),
    rule=(
        Step(_("点右上角的齿轮，再点“查看所有设置”。"), "gear", ("Gmail", _("查看所有设置"))),
        Step(_("点“转发和POP/IMAP”，再点“添加转发地址”。"), "list", (_("常规"), _("过滤器"), _("转发和POP/IMAP"))),
        Step(
            _("填你的收件地址，点“下一步”，再点“继续”。Gmail这时会往收件地址寄一封确认信。"),
            "field",
            (_("添加转发地址"), _("你的收件地址"), pgettext_lazy("button", "下一步")),
        ),
        Step(
            _("在下面打开“接确认信”，把显示出来的确认码填进Gmail，点“验证”；或者点开那条链接确认。"),
            "code",
            (_("确认码"), "*********", _("验证")),
        ),
        Step(
            _("点搜索框右边的“显示搜索选项”，在“包含字词”里粘贴下面的过滤词，点“创建过滤器”，勾“转发到”并选收件地址。"),
            "rule",
            (_("如果"), _("发件人包含 taobao.com"), _("就转发到"), _("你的收件地址")),
        ),
    ),
    attach=attached(_("用网页版：在列表里勾选那封信，点上方的“⋮”，选“作为附件转发”。"), "⋮", AS_ATTACHMENT),
    after=_("没有确认，Gmail不会转发。"),
    filter_text="{from:taobao.com from:tmall.com from:alipay.com subject:SUJI}",
)
OUTLOOK = Provider(
    key="outlook",
    name="Outlook",
    domains=("outlook.com", "hotmail.com", "live.com", "live.cn", "msn.com", "outlook.cn"),
    confirms_from=("microsoft.com", "outlook.com", "hotmail.com", "live.com"),
    is_checked=False,
    where=_("用电脑打开outlook.com的网页版。单位的邮箱常常不许往外自动转发，那就用手转发。"),
    rule=(
        Step(_("点右上角的齿轮，选“邮件”，再选“规则”。"), "gear", ("Outlook", _("规则"))),
        Step(_("点“添加新规则”，起个名字。"), "list", (_("布局"), _("撰写和答复"), _("规则"))),
        Step(
            _(
                "条件选“发件人地址包含”，填下面几个名字；动作选“重定向到”，填你的收件地址，保存。重定向比转发好：原信一个字都不动。"
            ),
            "rule",
            (_("如果"), _("发件人包含 taobao.com"), _("重定向到"), _("你的收件地址")),
        ),
        CODE,
    ),
    attach=attached(_("打开那封信，点“…”，选“其他答复操作”里的“作为附件转发”。"), _("其他答复操作"), AS_ATTACHMENT),
    after=_("有的账号要先用手机验证身份，才能建转发规则。"),
)
ICLOUD = Provider(
    key="icloud",
    name=_("iCloud邮箱"),
    domains=("icloud.com", "me.com", "mac.com"),
    confirms_from=("apple.com", "icloud.com"),
    is_checked=True,
    where=_("用浏览器打开icloud.com/mail；iPhone的“邮件”App里没有这一项。"),
    rule=(
        Step(_("点邮箱列表上方的齿轮，选“设置”，再选“规则”。"), "gear", (_("iCloud邮箱"), _("规则"))),
        Step(
            _(
                "点“添加规则”：发件人填taobao.com，动作选“转发到”，填你的收件地址，点“完成”。一条规则只能填一个名字，其余几个再各建一条。"
            ),
            "rule",
            (_("如果"), _("发件人包含 taobao.com"), _("就转发到"), _("你的收件地址")),
        ),
    ),
    attach=attached(
        _("用Mac的“邮件”：选中那封信，在菜单“邮件”里选“作为附件转发”。网页版和iPhone没有这一项。"),
        _("邮件"),
        AS_ATTACHMENT,
    ),
    after=_("iCloud不寄确认信，规则保存后就生效。"),
)
MAIL_139 = Provider(
    key="139",
    name=_("139邮箱"),
    domains=("139.com",),
    confirms_from=("139.com", "10086.cn"),
    is_checked=False,
    where=_("用电脑打开mail.10086.cn的网页版。"),
    rule=(
        Step(_("登录网页版，点“设置”。"), "gear", (_("139邮箱"), _("设置"))),
        Step(_("找“收信规则”或“自动转发”。"), "list", (_("账户"), _("自动转发"), _("收信规则"))),
        RULE,
        CODE,
    ),
    attach=attached(_("打开那封信，在“转发”旁找“作为附件转发”；没有就用普通转发。"), _("转发"), AS_ATTACHMENT),
)
OTHER = Provider(
    key="other",
    name=_("其他邮箱"),
    domains=(),
    confirms_from=(),
    is_checked=False,
    where=_("用电脑打开邮箱的网页版，自动转发一般要在网页版里设。"),
    rule=(
        Step(_("打开邮箱的设置。"), "gear", (_("邮箱"), _("设置"))),
        Step(_("找名字里有“规则”“过滤”或“转发”的一项。"), "list", (_("账户"), _("签名"), _("规则"))),
        RULE,
        CODE,
    ),
    attach=attached(
        _("在“转发”旁的小箭头或“更多”里找“作为附件转发”；没有的话，把信另存为.eml文件再上传。"),
        _("更多"),
        AS_ATTACHMENT,
    ),
)

PROVIDERS = {provider.key: provider for provider in (QQ, NETEASE, GMAIL, OUTLOOK, ICLOUD, MAIL_139, OTHER)}


def provider_of(mailbox: str) -> Provider:
    """Whose mailbox that is, by its domain; OTHER for one that is nobody's here."""
    domain = mailbox.rpartition("@")[2].lower()
    return next((provider for provider in PROVIDERS.values() if domain in provider.domains), OTHER)


def same_mailbox(one: str, other: str) -> bool:
    """Whether two spellings name one mailbox: case never counts, at Gmail neither do dots and what follows a plus."""
    return plain(one) == plain(other)


def plain(mailbox: str) -> str:
    local, _at, domain = mailbox.strip().lower().rpartition("@")
    if domain in GMAIL.domains:
        return f"{local.partition('+')[0].replace('.', '')}@gmail.com"
    return f"{local}@{domain}"
