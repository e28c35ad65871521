"""What a volunteer may not read: names, phones, addresses, mail addresses and long numbers, each partly hidden.

A mask is as long as what it hides, sign for sign, so that a place in the text is the same place in the masked
text: the words that the machine's reading rests on can still be marked. Hiding too much costs a volunteer a
guess, hiding too little costs a shopper their privacy: in doubt it is hidden. No Django here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

STAR = "*"
GAP = "\u200b"  # stands for every sign that cannot be seen
TAIL = 4  # digits of a number that stay: enough to tell two orders apart


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Who may be named in full: the platform, the payers, the authorities, and providers that everybody has.
KNOWN_DOMAINS = words_of(
    "taobao.com tmall.com alibaba.com alibaba-inc.com aliyun.com alipay.com 1688.com cainiao.com 12315.cn "
    "qq.com foxmail.com 163.com 126.com yeah.net sina.com sohu.com 139.com 189.cn gmail.com outlook.com "
    "hotmail.com icloud.com"
)
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧司诸上"
    "張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭許呂蘇盧蔣賈葉閻餘鐘范陸顧龍萬錢湯賴龔歐"
)
# What stands where a name could and is none.
NOBODY = words_of(
    "用户 客户 会员 买家 卖家 商家 顾客 消费者 亲 朋友 各位 先生 女士 小姐 平台 客服 本人 "
    "用戶 客戶 會員 買家 顧客 消費者 customer user member buyer sir madam friend"
)

HAN = r"\u3400-\u9fff"
SEP = rf"[ \-.·{GAP}]?"  # one sign between groups of digits
COLON = rf"[ {GAP}]*[:：][ {GAP}]*"
TOKEN = r"[^\s,，。.;；:：!！?？|/()（）\[\]【】<>《》、\"“”'*]"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is found, which group of it is hidden, and how much stays: signs at the beginning, digits at the end."""

    name: str
    pattern: re.Pattern[str]
    group: int = 0
    first: int = 0
    last_digits: int = 0


def rule(name: str, pattern: str, group: int = 0, *, first: int = 0, last_digits: int = 0) -> Rule:
    return Rule(name, re.compile(pattern, re.IGNORECASE), group, first, last_digits)


RULES = (
    # -- codes and passwords: nothing stays
    rule(
        "code",
        r"(?:验证码|校验码|动态码|取件码|提货码|取货码|密码|口令|驗證碼|密碼|\b(?:code|passcode|otp|password|pin)\b)"
        rf"[^\dA-Za-z\n]{{0,8}}(?:is |为|是)?[ {GAP}]*"
        rf"(?=[0-9A-Za-z\- ]{{0,11}}\d)([0-9A-Za-z](?:[\- {GAP}]?[0-9A-Za-z]){{3,11}})",
        1,
    ),
    rule("identity card", r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}X(?!\d)"),
    rule("identity card", rf"(?:身份证|身份證|证件号|ID card)[^\d\n]{{0,8}}((?:\d{SEP}){{14,17}}[\dX])", 1),
    # -- phones
    rule("mobile", rf"(?<!\d)(?:(?:\+|00)?86{SEP})?1{GAP}?[3-9]\d{SEP}\d{{4}}{SEP}\d{{4}}(?!\d)", last_digits=TAIL),
    rule("mobile", rf"(?<!\d)1[3-9]\d{{2}}{SEP}\d{{3}}{SEP}\d{{4}}(?!\d)", last_digits=TAIL),
    rule("mobile", rf"(?<!\d)1[3-9]\d{SEP}\d{{3}}{SEP}\d{{5}}(?!\d)", last_digits=TAIL),
    rule("mobile", rf"(?<!\d)1(?:[ {GAP}]\d){{10}}(?!\d)", last_digits=TAIL),
    rule("abroad", rf"\+\d{{1,3}}(?:{SEP}\(?\d\)?){{6,14}}(?!\d)", last_digits=TAIL),
    rule("landline", rf"(?<!\d)[(（]?0\d{{2,3}}[)）]?{SEP}\d{{3,4}}{SEP}\d{{4}}(?!\d)", last_digits=TAIL),
    rule("landline", rf"(?<!\d)(?:400|800){SEP}\d{{3,4}}{SEP}\d{{3,4}}(?!\d)", last_digits=TAIL),
    rule("spoken number", r"[零〇○一二三四五六七八九幺两]{7,}", last_digits=TAIL),
    # -- long numbers: orders, complaints, parcels, cards
    rule("number", rf"\d(?:{GAP}?\d){{6,}}", last_digits=TAIL),
    rule("number in groups", r"(?<!\d)\d{4}(?:[ \-]\d{4}){2,}(?:[ \-]?\d{1,4})?(?!\d)", last_digits=TAIL),
    # -- accounts
    rule(
        "account",
        rf"(?:QQ|微信|wechat|weixin|vx|wx|旺旺|支付宝|支付寶|淘宝|淘寶|微博|抖音)(?:账号|帐号|帳號|号|號|ID|名|昵称)"
        rf"(?:{COLON}|是| )[ {GAP}]*({TOKEN}{{3,40}})",
        1,
        first=1,
    ),
    rule("account", rf"(?:QQ|微信|wechat|weixin|vx|wx|旺旺){COLON}({TOKEN}{{3,40}})", 1, first=1),
    rule("account", r"(?:微信|vx|wx|QQ)[ 加]?([A-Z][A-Z0-9_\-]{5,19}|\d{5,11})", 1, first=1),
    rule(
        "account",
        rf"(?:会员名|会员昵称|用户名|昵称|账号|帐号|帳號|會員名|買家昵称|user ?name|nickname|account){COLON}"
        rf"({TOKEN}{{2,40}})",
        1,
        first=1,
    ),
    # -- names
    rule(
        "name",
        rf"(?:收货人|收件人|联系人|寄件人|发件人姓名|姓名|户名|开户名|机主|签收人|持卡人|投诉人|申请人|举报人"
        rf"|收貨人|聯絡人|聯繫人|戶名|簽收人|投訴人|申請人"
        rf"|recipient|consignee|ship to|\b(?<!shop )(?<!store )(?<!item )(?<!product )name)"
        rf"{COLON}({TOKEN}{{2,20}}(?: [A-Z][A-Za-z]{{1,20}}){{0,2}})",
        1,
        first=1,
    ),
    rule(
        "salutation",
        rf"(?:尊敬的|亲爱的|親愛的)(?:淘宝|天猫|淘寶|天貓)?(?:会员|用户|客户|买家|顾客|會員|用戶|客戶|買家)?[ {GAP}]*"
        rf"({TOKEN}{{1,20}}?)(?=先生|女士|小姐|[,，:：!！。\n]|您好|你好|$)",
        1,
        first=1,
    ),
    rule(
        "salutation",
        r"\bDear (?:Mr\.? |Ms\.? |Mrs\.? )?([A-Z][A-Z.\-']{0,30}(?: [A-Z][A-Z.\-']{0,30}){0,2})(?=[ ]*[,，:!\n]|$)",
        1,
        first=1,
    ),
    rule(
        "name",
        rf"(?:我是|我叫|本人(?:姓名)?是?|名字是|名叫)[ {GAP}]*([{SURNAMES}][{HAN}]{{1,2}})(?![{HAN}])",
        1,
        first=1,
    ),
    rule("title", rf"([{SURNAMES}][{HAN}]{{0,2}}?)(?=先生|女士|小姐|太太)", 1, first=1),
    # -- places
    rule(
        "address",
        rf"(?:收货地址|收件地址|退货地址|寄件地址|寄回地址|送货地址|联系地址|详细地址|住址|地址|寄往|寄到|发往|送至"
        rf"|收貨地址|退貨地址|聯繫地址|\baddress|deliver to){COLON}([^\n。；;]{{2,120}})",
        1,
    ),
    rule(
        "address",
        rf"[{HAN}]{{2,6}}(?<![超上门城])(?:市|州)[{HAN}]{{1,6}}(?:区|县|市|旗|區|縣)"
        r"(?!市场监|人民法院|消费者|工商|人民政府|公安)"
        rf"(?=[{HAN} ]{{0,30}}(?:[路街道巷弄号號村镇鎮乡鄉栋幢]|小区|\d))([{HAN}A-Z0-9\-# ]{{2,60}})",
        1,
    ),
    rule(
        "address",
        rf"[{HAN}]{{1,8}}(?<![线網网思电套])(?:路|街|大道|巷|弄|胡同|公路)[ ]?\d[\d\-]{{0,8}}[ ]?(?:号|弄|號)"
        rf"[{HAN}A-Z0-9\-# ]{{0,40}}",
    ),
    rule(
        "address",
        rf"[{HAN}]{{2,8}}(?:小区|花园|公寓|大厦|家园|宿舍|新村|苑|社区)[ ]?[0-9A-Z][{HAN}A-Z0-9\-# ]{{0,30}}",
    ),
    rule(
        "address",
        r"(?<!\d)\d{1,4}[ ]?(?:栋|幢|号楼|號樓|座|单元|單元)[ ]?\d{0,4}[ ]?(?:单元|單元)?"
        r"[ ]?\d{0,5}(?:室|层|樓|楼|户)?",
    ),
    rule("address", r"(?<!\d)\d{3,5}室"),
)
NAMING = frozenset({"name", "salutation"})  # rules that find what somebody is called
MOST_NAMES = 8  # of one text; a mail names few people, a hostile one would name thousands
SECRETS = frozenset({"code", "identity card"})  # rules that hold even for who may read without masks

MAIL = re.compile(
    rf"([A-Z0-9._%+\-{GAP}]{{1,64}})[ ]?(?:@|\[at\]|\(at\)|#at#)[ ]?"
    rf"([A-Z0-9\-{GAP}]{{1,63}}(?:\.[A-Z0-9\-{GAP}]{{1,63}}){{1,8}})",
    re.IGNORECASE,
)
LINK = re.compile(r"(?:https?|ftp)://[^\s/?#，。；]{1,255}([/?#][^\s，。；<>]{0,4000})?", re.IGNORECASE)


def folded(text: str) -> str:
    """`text` sign for sign as rules read it: full-width signs narrow, blanks one kind, hidden signs GAP."""
    return "".join(fold(sign) for sign in text)


def fold(sign: str) -> str:
    if sign in "\n\r":
        return "\n"
    kind = unicodedata.category(sign)
    if kind == "Cf" or sign == "\u00ad":
        return GAP
    if kind == "Zs" or sign == "\t":
        return " "
    if kind == "Pd":
        return "-"
    narrow = unicodedata.normalize("NFKC", sign)
    if sign in "，。；：！？（）":  # these end a name in Chinese; narrowed they would be read as others
        return sign
    if kind == "Nd":
        return str(unicodedata.digit(sign))
    return narrow if len(narrow) == 1 else sign


def hidden(text: str, known: Iterable[str] = (), *, open_to_reader: bool = False) -> list[bool]:
    """For every sign of `text`, whether it is hidden; `known` words are hidden wherever they stand.

    open_to_reader  only codes, identity cards and where links lead stay hidden
    """
    plain = folded(text)
    hide = [False] * len(text)
    for start, end in secrets(plain) if open_to_reader else places(plain, known):
        for place in range(start, end):
            if not plain[place].isspace() and plain[place] not in ",，、":
                hide[place] = True
    return hide


def secrets(plain: str) -> Iterator[tuple[int, int]]:
    """What nobody needs to read who looks after a case."""
    yield from found_by((one for one in RULES if one.name in SECRETS), plain)
    yield from beyond_hosts(plain)


def beyond_hosts(plain: str) -> Iterator[tuple[int, int]]:
    """Where links lead, beyond the host: that may be a key to somebody's account."""
    for match in LINK.finditer(plain):
        if match.group(1) and len(match.group(1)) > 1:
            yield match.start(1) + 1, match.end(1)


def found_by(rules: Iterable[Rule], plain: str) -> Iterator[tuple[int, int]]:
    for one in rules:
        for match in one.pattern.finditer(plain):
            start, end = match.span(one.group)
            words = match.group(one.group)
            if start < 0 or words.strip(GAP).lower() in NOBODY:
                continue
            kept = one.first if end - start > one.first + 1 else 0
            yield start + kept, end - tail(words, one.last_digits)


def names_in(text: str) -> tuple[str, ...]:
    """The names of people that `text` itself gives as such: once it says who somebody is, it is known everywhere."""
    plain, found = folded(text), dict[str, None]()
    for one in RULES:
        for match in one.pattern.finditer(plain) if one.name in NAMING else ():
            name = match.group(one.group).replace(GAP, "").strip()
            if len(name) > 1 and name.lower() not in NOBODY:
                found[name] = None
                if len(found) == MOST_NAMES:
                    return tuple(found)
    return tuple(found)


def places(plain: str, known: Iterable[str]) -> Iterator[tuple[int, int]]:
    yield from found_by(RULES, plain)
    for match in MAIL.finditer(plain):
        local, domain = match.span(1), match.span(2)
        yield local[0] + (1 if local[1] - local[0] > 1 else 0), local[1]
        if not is_known(match.group(2)):
            yield domain[0] + 1, domain[1] - len(match.group(2).rpartition(".")[2]) - 1
    yield from beyond_hosts(plain)
    lower = plain.lower()
    for word, kept in [*((word, 0) for word in known), *((name, 1) for name in names_in(plain))]:
        wanted = folded(word).lower()
        at = lower.find(wanted) if len(wanted) > 1 else -1
        while at >= 0:
            yield at + kept, at + len(wanted)
            at = lower.find(wanted, at + 1)


def tail(words: str, digits: int) -> int:
    """How many signs at the end of `words` hold its last `digits` digits."""
    if not digits:
        return 0
    seen = 0
    for length, sign in enumerate(reversed(words), start=1):
        seen += sign != GAP and sign not in " -.·()（）"
        if seen == digits:
            return length
    return len(words)


def is_known(domain: str) -> bool:
    return any(domain.lower() == one or domain.lower().endswith(f".{one}") for one in KNOWN_DOMAINS)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of masked text: whether the machine's reading rests on it, and whether it is hidden."""

    text: str
    is_because: bool
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Eyes:
    """How somebody who is not the owner reads what is the owner's."""

    known: tuple[str, ...] = ()  # words that are hidden wherever they stand
    open_to_reader: bool = False  # they gave a reason and the owner can see it

    def mask(self, text: str) -> str:
        """`text` with everything hidden that they may not read; exactly as long as before."""
        hide = hidden(text, self.known, open_to_reader=self.open_to_reader)
        return "".join(STAR if here else sign for sign, here in zip(text, hide, strict=True))

    def number(self, number: str) -> str:
        """A number of an order or a complaint: its last four signs, the others hidden."""
        return number if self.open_to_reader else mask_number(number)

    def marked(self, text: str, words: Iterable[str]) -> list[Piece]:
        """`text` masked, cut where the `words` begin and end that the reading rests on, and where masks do."""
        hide = hidden(text, self.known, open_to_reader=self.open_to_reader)
        rests = [False] * len(text)
        for word in words:
            at = text.find(word) if word else -1
            while at >= 0:
                rests[at : at + len(word)] = [True] * len(word)
                at = text.find(word, at + len(word))
        shown = (STAR if hidden_here else sign for sign, hidden_here in zip(text, hide, strict=True))
        runs = groupby(zip(shown, rests, hide, strict=True), key=lambda sign: sign[1:])
        return [Piece("".join(sign for sign, *_rest in run), *key) for key, run in runs]


def mask(text: str, known: Iterable[str] = ()) -> str:
    """`text` with everything hidden that a volunteer may not read; exactly as long as before."""
    return Eyes(tuple(known)).mask(text)


def mask_number(number: str) -> str:
    """A number of an order or a complaint: its last four signs, the others hidden."""
    return STAR * max(0, len(number) - TAIL) + number[-TAIL:] if len(number) > TAIL else STAR * len(number)
