"""Whether a notice asks to be believed wrongly: look-alike senders and links, requests no platform makes.

Nothing here proves a notice true. It only finds what contradicts it (docs/sources.md#phishing).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from complaints.intake.clauses import Passage
from complaints.intake.shapes import Because, How, Notice, Trust, Where

# Domains of the platform and its payer. A host belongs to one if it is it, or ends in a dot and it.
PLATFORM_DOMAINS = (
    *("taobao.com", "tmall.com", "alipay.com", "alibaba.com", "alibaba-inc.com", "tmall.hk", "1688.com"),
    *("aliyun.com", "alicdn.com", "tb.cn", "taobao.net", "tmall.net", "fliggy.com", "etao.com", "alibabagroup.com"),
)
FREE_MAIL = frozenset(
    [
        "qq.com",
        "foxmail.com",
        "vip.qq.com",
        "163.com",
        "126.com",
        "yeah.net",
        "vip.163.com",
        "188.com",
        "sina.com",
        "sina.cn",
        "sohu.com",
        "139.com",
        "189.cn",
        "wo.cn",
        "tom.com",
        "21cn.com",
        "aliyun.com",
        "gmail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "yahoo.com.cn",
        "yahoo.com.tw",
        "icloud.com",
        "me.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "mail.com",
        "yandex.com",
    ]
)
_BRANDS = ("taobao", "tmall", "alipay", "alibaba")
_RESERVED = frozenset({"example", "test", "invalid", "localhost"})  # RFC 2606: nobody can own these, samples use them
_LOOKS_LIKE = str.maketrans(
    {"0": "o", "1": "l", "5": "s", "3": "e", "4": "a", "|": "l", "а": "a", "о": "o", "е": "e", "і": "i", "ӏ": "l"}
)
# A display name that is the platform itself, not a shop that stands on it.
_CLAIMS_PLATFORM = re.compile(
    r"^[【\[\"' ]*(?:淘宝|天猫|支付宝|阿里巴巴|taobao|tmall|alipay|alibaba)"
    r"(?:网|官方|平台|商城|客服|消费者|服务|通知|提醒|小二|维权|投诉|售后|中心|团队|会员|纠纷|处理|仲裁|安全|举报|热线|专员|部|处|组"
    r"|\W|service|support|team|customer|notice|notification|official|\d)*[】\]\"' ]*$",
    re.IGNORECASE,
)

# What no honest notice asks for.
_HARD = (
    r"(?:提供|回复|告知|填写|输入|发送|告诉|报给|报一下|上报|发给)[^。!?;\n]{0,20}(?:验证码|校验码|动态码|动态密码|短信码|支付密码|登录密码|银行卡密码|取款密码|cvv)",
    r"(?:验证码|校验码|动态码|支付密码|登录密码|银行卡密码)[^。!?;\n]{0,12}(?:提供|告知|发送|发给|告诉|回复|报给|填写|输入)",
    r"(?:填写|提供|输入|绑定|登记|告知|验证|核对|更新|补充|录入)[^。!?;\n]{0,20}(?:银行卡|卡号|信用卡|储蓄卡|网银)",
    r"(?:转账|汇款|打款|缴纳|充值|转入|支付|存入)[^。!?;\n]{0,20}(?:解冻|验证金|安全账户|认证金|流水|激活费|指定账户|个人账户|保证金账户|手续费|解冻金)",
    r"(?:手续费|解冻金|验证金|认证金|激活费|税费)[^。!?;\n]{0,14}(?:转到|转至|转入|打到|打至|打入|汇到|汇至|汇入|存到|存入)[^。!?;\n您你]{0,10}(?:账户|账号|帐号|卡|微信)",
    r"屏幕共享|共享屏幕|远程协助|远程控制|teamviewer|todesk|anydesk",
    r"备用金|理赔通道|刷流水|安全账户",
    r"(?:provide|enter|reply with|send|confirm|verify|give)[^.!?\n]{0,30}(?:verification code|one-time|password|card number|bank (?:account|card)|cvv|\bpin\b)",
    r"screen shar|share your screen|remote assistance|gift card",
)
_SOFT = (
    r"(?:添加|加一?下?|扫码|扫描|联系|加入)[^。!?;\n,]{0,12}(?:微信|qq|telegram|whatsapp|vx|薇信|企业微信|钉钉群)",
    r"(?:微信|薇信|vx|telegram|whatsapp)号?[ :]{0,2}[a-z\d_-]{5,}",
    r"(?:点击|访问|打开|登录|进入)[^。!?;\n]{0,16}(?:链接|网址|网站|连接)[^。!?;\n]{0,24}(?:验证|领取|激活|解冻|登录|核实|认证|办理|理赔|填写|退款)",
    r"(?:账户|账号|帐户|帐号|订单|退款|投诉)[^。!?;\n,]{0,6}(?:异常|被?冻结|被锁定)",
    r"(?:尽快|立即|马上|务必|及时|请)[^。!?;\n]{0,10}(?:验证身份|身份验证|实名认证|认证身份|解冻)",
    r"(?:click|visit|follow)[^.!?\n]{0,20}(?:link|below)[^.!?\n]{0,30}(?:verify|confirm|claim|unlock|update)",
    r"(?:account|order|refund)[^.!?\n]{0,12}(?:suspended|locked|frozen|abnormal|limited)",
)
_LEAVES = re.compile(_SOFT[0])
_HARD_ANY = re.compile("|".join(_HARD))
_SOFT_EACH = tuple(re.compile(words) for words in _SOFT)
_WARNS = re.compile(
    r"谨防|警惕|防范|诈骗|骗|切勿|请勿|不要|不会|绝不|从不|决不|不得|勿|索要|索取|举报|以防|避免|若有人|如有人|凡"
    r"|never|do not|don't|will not|won't|beware|scam|fraud"
)
_URL = re.compile(r"https?://[^\s<>\"'，。；、（）()【】]{4,400}")
_HOST_IN_TEXT = re.compile(r"(?<![\w.@-])(?:https?://)?((?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,18})(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judgement:
    trust: Trust
    because: tuple[Because, ...] = ()


def belongs_to(host: str, domains: tuple[str, ...]) -> bool:
    """Whether `host` is one of `domains` or lies below one, by whole labels."""
    host = host.lower().rstrip(".")
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower().strip()


def is_sample_of_platform(host: str) -> bool:
    """Whether `host` is a brand's own name under a reserved top-level domain (mail.tmall.example): samples, not lies."""
    labels = host.lower().rstrip(".").split(".")
    return labels[-1] in _RESERVED and len(labels) > 1 and labels[-2] in _BRANDS


def looks_like_platform(host: str) -> bool:
    """Whether `host` is made to be read as the platform's, and is not (taoba0, tmal1, tmall.com.xxx.cn)."""
    host = host.lower().rstrip(".")
    if not host or belongs_to(host, PLATFORM_DOMAINS) or is_sample_of_platform(host):
        return False
    if "xn--" in host:
        try:
            host = host.encode("ascii").decode("idna")
        except UnicodeError:
            return True  # a name that no browser would show
    for label in host.split("."):
        read_as = label.translate(_LOOKS_LIKE).replace("rn", "m").replace("vv", "w").replace("-", "")
        if any(brand in read_as for brand in _BRANDS):
            return True
        if any(_one_edit(part, brand) for part in label.split("-") for brand in ("taobao", "alibaba")):
            return True
    return False


def _one_edit(word: str, brand: str) -> bool:
    """Whether one letter left out, put in, changed or swapped makes `word` of `brand`."""
    if word == brand or abs(len(word) - len(brand)) > 1 or len(word) < 5:
        return False
    if len(word) == len(brand):
        wrong = [place for place, (a, b) in enumerate(zip(word, brand, strict=True)) if a != b]
        swapped = (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and word[wrong[0]] == brand[wrong[1]]
            and word[wrong[1]] == brand[wrong[0]]
        )
        return len(wrong) == 1 or swapped
    short, long = sorted((word, brand), key=len)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def _links(notice: Notice) -> Iterator[tuple[str, str]]:
    """The host of each link, with the words it is shown as."""
    if notice.html and "<a" in notice.html.lower():
        try:
            tree = LexborHTMLParser(notice.html[:262_144])
        except (SelectolaxError, ValueError):
            return
        for place, link in enumerate(tree.css("a[href]")):
            if place >= 200:
                break
            yield _host(link.attributes.get("href") or ""), link.text(deep=True)[:300].strip()
    for found in _URL.finditer(notice.body[:65_536]):
        yield _host(found.group()), found.group()


def _host(url: str) -> str:
    try:
        return (urlsplit(url.strip()).hostname or "").lower()
    except ValueError:
        return ""


def _wrong_link(notice: Notice) -> Because | None:
    """A link to a look-alike, or one shown as the platform's that leads elsewhere."""
    for host, shown in _links(notice):
        if not host:
            continue
        where = Where.BODY
        if looks_like_platform(host):
            return Because("trust", shown if shown and shown in notice.body else host, where)
        for seen in _HOST_IN_TEXT.finditer(shown):
            if belongs_to(seen.group(1), PLATFORM_DOMAINS) and not belongs_to(host, PLATFORM_DOMAINS):
                return Because("trust", seen.group(), where)
    return None


def _asks(passage: Passage, pattern: re.Pattern[str]) -> Because | None:
    """The first words of `pattern` whose sentence does not warn against just that."""
    for found in pattern.finditer(passage.text):
        start, end = passage.sentence_at(found.start())
        if not _WARNS.search(passage.text, max(start, found.start() - 40), min(end, found.end() + 30)):
            return Because("trust", passage.folded.verbatim(found.start(), found.end()), passage.where)
    return None


def _wrong_sender(notice: Notice) -> tuple[Trust, Because] | None:
    domain = domain_of(notice.from_address)
    if not domain or belongs_to(domain, PLATFORM_DOMAINS) or is_sample_of_platform(domain):
        return None
    if looks_like_platform(domain):
        return Trust.PHISHING, Because("trust", notice.from_address, Where.HEADER)
    claims = _CLAIMS_PLATFORM.match(notice.from_name[:80])
    if claims and (notice.how is not How.DIRECT or domain in FREE_MAIL or notice.from_name):
        return Trust.SUSPICIOUS, Because("trust", notice.from_name, Where.HEADER)
    return None


def judge_trust(notice: Notice, subject: Passage, body: Passage) -> Judgement:
    """What speaks against believing `notice`, with the words that do."""
    because: list[Because] = []
    trust = Trust.OK
    if sender := _wrong_sender(notice):
        trust = sender[0]
        because.append(sender[1])
    if link := _wrong_link(notice):
        trust = Trust.PHISHING
        because.append(link)
    hard = [asked for passage in (subject, body) if (asked := _asks(passage, _HARD_ANY))]
    soft = [asked for pattern in _SOFT_EACH for passage in (subject, body) if (asked := _asks(passage, pattern))]
    from_platform = belongs_to(domain_of(notice.from_address), PLATFORM_DOMAINS)
    because += hard + soft if hard or len(soft) > 1 or (soft and _LEAVES.search(soft[0].words.lower())) else []
    if hard and (trust is not Trust.OK or soft or len(hard) > 1) and not from_platform:
        trust = Trust.PHISHING
    elif (hard or len(soft) > 1 or any(_LEAVES.search(s.words.lower()) for s in soft)) and trust is Trust.OK:
        trust = Trust.SUSPICIOUS
    return Judgement(trust, tuple(because))
