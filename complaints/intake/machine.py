"""Mail that a mail system wrote by itself: bounces, absence notes, codes of other services.

Automatic sending alone says nothing: every platform notice is automatic mail. It takes the form of a
bounce or of an answer, in headers and words together.
"""

from __future__ import annotations

import re

from complaints.intake.clauses import Passage
from complaints.intake.shapes import Because, Notice, Where

_BOUNCE_SUBJECT = re.compile(
    r"^\s*(?:系统)?退信|退信通知|邮件(?:无法|未能|投递)?(?:投递|发送)?(?:失败|退回)|投递失败|undeliver(?:ed|able)|delivery (?:status|failure|has failed)"
    r"|returned mail|mail delivery (?:failed|subsystem)|failure notice|delivery notification"
)
_BOUNCE_SENDER = re.compile(r"mailer-daemon|postmaster|mail delivery", re.IGNORECASE)
_BOUNCE_BODY = re.compile(
    r"(?:无法|未能|不能)(?:成功)?(?:投递|送达|发送)|收件人[^。\n]{0,20}(?:不存在|地址)|退信原因|退回原因|did not reach|could not be delivered"
    r"|user unknown|mailbox (?:full|unavailable|not found)|permanent (?:error|failure)|final-recipient|\b5\d\d[ -]5\.\d\.\d"
)
_REPLY_SUBJECT = re.compile(
    r"^\s*[【\[(]?(?:自动回复|自动答复|自動回覆|自动应答|外出|休假|不在办公室|auto(?:matic|mated)?[ -]?(?:reply|response)|out of (?:the )?office|vacation)"
)
_REPLY_BODY = re.compile(
    r"(?:这是|此(?:邮件)?为|本邮件(?:为|是))(?:一封)?(?:系统)?(?:的)?自动(?:回复|答复|应答)|我(?:已|已经)?收到(?:了)?(?:您|你)的(?:邮件|来信)|(?:您|你)的(?:邮件|来信)(?:我)?(?:已|已经)(?:收到|收悉)"
    r"|正在(?:休假|出差|外出)|i am (?:currently )?(?:out of|away|on vacation|on leave)|this is an automat(?:ic|ed) (?:reply|response)|thank you for your (?:e-?mail|message)"
)
_CODE_WORD = (
    r"(?:验证码|校验码|驗證碼|动态码|动态密码|动态口令|确认码|验证代码|安全码|安全代码|安全驗證碼|核验码|提取码|登录码|注册码|激活码|一次性密码|口令码|短信码"
    r"|verification code|security code|confirmation code|login code|sign-?in code|one[- ]time (?:pass(?:word|code)|code|pin)|passcode|\botp\b|access code|authentication code|2fa code"
    r"|认証コード|确认コード|인증\s?번호|인증\s?코드|code de (?:vérification|verification|sécurité)|bestätigungscode|sicherheitscode|código de (?:verificación|seguridad)|codice di verifica|код подтверждения)"
)
_CODE_AFTER = re.compile(
    _CODE_WORD + r"(?:[^0-9a-z\n。!;]{0,16}\n{0,3}|[^0-9\n。!;.]{0,20}?)[^0-9a-z\n。]{0,8}(?!(?:19|20)\d\d[-/年])"
    r"(?<![a-z0-9])(?=[a-z0-9 -]{0,7}\d)([a-z0-9](?:[ -]?[a-z0-9]){3,9})(?![a-z0-9])"
)
_CODE_BEFORE = re.compile(r"(?<![\d.,-])(\d{4,8}|\d{3}[ -]\d{3})(?![\d.,年月元])[^0-9\n]{0,24}" + _CODE_WORD)
# Only called a code: then it is one if it is for signing in or confirming, and no number of a case or a parcel.
_ANY_CODE = re.compile(
    r"(?:(?P<of>[a-z]{1,20}) )?\bcode\b[^\n.!;:]{0,60}:\s{0,6}(?=[a-z0-9 -]{0,7}\d)[a-z0-9](?:[ -]?[a-z0-9]){3,9}(?![a-z0-9])"
    r"|(?<![\d.,-])\d{4,8} is your [^\n.!;]{1,40}\bcode\b"
    r"|(?:此|以下|下列|该|下面的?)代码[^\n。!;:]{0,16}:\s{0,6}[a-z0-9](?:[ -]?[a-z0-9]){3,9}(?![a-z0-9])"
)
_NO_SECRET = frozenset(
    [
        "tracking",
        "complaint",
        "case",
        "order",
        "refund",
        "return",
        "coupon",
        "promo",
        "promotion",
        "product",
        "postal",
        "zip",
        "area",
        "qr",
        "error",
        "reference",
        "discount",
        "barcode",
        "country",
        "currency",
        "status",
        "reason",
        "pickup",
    ]
)
_SIGNS_IN = re.compile(
    r"sign(?:ing)?[ -]?in|log(?:ging)?[ -]?in|verif|confirm your|new device|enter (?:it|this|the)|expires? in|will expire|登录|登入|验证|帐户|账户安全"
)
_CODE_LINE = re.compile(r"^\s{0,8}(?:[a-z]{1,3}-)?\d(?:[ -]?\d){3,7}\s{0,8}$", re.MULTILINE)
_RESET = re.compile(
    r"(?:重置|重设|找回|修改)(?:您的|你的)?(?:登录|账户|账号|帐号)?密码|(?:验证|激活|确认)(?:您的|你的)?(?:邮箱|电子邮件|邮件地址|账号|账户)(?:地址)?|登录链接|魔法链接"
    r"|(?:reset|change|recover) your password|password reset|(?:verify|confirm|activate) your (?:e-?mail|account)|magic link|sign[- ]in link|log ?in link"
    r"|réinitialis|passwort zurücksetzen|restablecer|パスワード(?:の)?(?:再設定|リセット)|비밀번호 재설정"
)
_LINK = re.compile(r"https?://|href\s*=", re.IGNORECASE)


def find_bounce(notice: Notice, subject: Passage, body: Passage) -> Because | None:
    """The words that show `notice` to be a mail system's report of a mail that did not arrive."""
    kind_of_mail = _header(notice, "content-type").lower()
    found = _BOUNCE_SUBJECT.search(subject.text)
    from_system = bool(_BOUNCE_SENDER.search(notice.from_address + " " + notice.from_name))
    said = _BOUNCE_BODY.search(body.text)
    if "multipart/report" in kind_of_mail and "delivery-status" in kind_of_mail and (from_system or found or said):
        return _first(subject, found, body, said) or Because("kind", _header(notice, "content-type"), Where.HEADER)
    if from_system and (found or said):
        return _first(subject, found, body, said)
    if found and said:
        return _first(subject, found, body, said)
    return None


def find_auto_reply(notice: Notice, subject: Passage, body: Passage) -> Because | None:
    """The words that show `notice` to be an absence note or another automatic answer."""
    found, said = _REPLY_SUBJECT.search(subject.text), _REPLY_BODY.search(body.text[:600])
    answers = _header(notice, "auto-submitted").lower().startswith("auto-replied") or bool(
        _header(notice, "x-autoreply") or _header(notice, "x-autorespond")
    )
    if found or (said and answers and len(body.text) < 1500):
        return _first(subject, found, body, said)
    return None


def find_code(notice: Notice, subject: Passage, body: Passage) -> Because | None:
    """The words that show `notice` to carry a code or a log-in link of some service; never the code itself."""
    for passage in (subject, body):
        text = passage.text
        for pattern in (_CODE_AFTER, _CODE_BEFORE):
            if found := pattern.search(text):
                return _word_only(passage, found.start(), found.end())
        if (found := re.search(_CODE_WORD, text)) and _CODE_LINE.search(body.text):
            return _word_only(passage, found.start(), found.end())
    if _SIGNS_IN.search(subject.text) or _SIGNS_IN.search(body.text):
        for passage in (subject, body):
            for found in _ANY_CODE.finditer(passage.text):
                if found["of"] not in _NO_SECRET:
                    return _called_a_code(passage, found)
    for passage in (subject, body):
        found = _RESET.search(passage.text)
        if (
            found
            and (passage.where is Where.SUBJECT or found.start() < 300)
            and _LINK.search(notice.html or notice.body)
        ):
            return Because("kind", passage.folded.verbatim(found.start(), found.end()), passage.where)
    return None


def _called_a_code(passage: Passage, found: re.Match[str]) -> Because:
    word = re.compile(r"code|代码").search(passage.text, *found.span())
    start, end = word.span() if word else (found.start(), found.start())
    return Because("kind", passage.folded.verbatim(start, end), passage.where)


def _word_only(passage: Passage, start: int, end: int) -> Because | None:
    found = re.compile(_CODE_WORD).search(passage.text, start, end)
    return Because("kind", passage.folded.verbatim(*found.span()), passage.where) if found else None


def _first(subject: Passage, found: re.Match[str] | None, body: Passage, said: re.Match[str] | None) -> Because | None:
    if found:
        return Because("kind", subject.folded.verbatim(*found.span()), Where.SUBJECT)
    if said:
        return Because("kind", body.folded.verbatim(*said.span()), Where.BODY)
    return None


def _header(notice: Notice, name: str) -> str:
    return next((value for key, value in notice.headers if key.lower() == name), "")
