"""The bytes of a mail made text: headers, the best body, attachments.

The parts are found by offset in the raw bytes and never re-serialised, so that an attached original can
still prove its signature. All limits are checked before anything is decoded; a mail over a limit is read
as far as its top headers go and says so in `warnings`. Nothing raises on odd input.
"""

from __future__ import annotations

import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from complaints.intake.charsets import codec_of, to_text
from complaints.intake.dates import read_date
from complaints.intake.shapes import Attachment, Mail
from complaints.intake.signatures import seals_of
from complaints.intake.visible import as_seen, is_cut, visible_text

LARGEST_MAIL = 25 * 1024 * 1024
LARGEST_HEADERS = 256 * 1024
MOST_HEADERS = 1_000
DEEPEST = 20
MOST_PARTS = 500
LONGEST_TEXT = 2_000_000  # bytes of one body that are read
LONGEST_HEADER = 10_000  # characters of one header that are read for structure
MOST_ADDRESSES = 200
LONGEST_NAME = 200

_HEADER = re.compile(rb"([!-9;-~]{1,100})[ \t]{0,20}:")
# One of these, two of those, or a subject make a mail; a text that begins `From: …` makes none.
_TELLING = frozenset(
    {
        *(b"received", b"return-path", b"delivered-to", b"message-id", b"mime-version", b"dkim-signature"),
        *(b"content-type", b"x-mailer", b"resent-from"),
    }
)
_COMMON = frozenset({b"from", b"to", b"cc", b"subject", b"date", b"reply-to", b"sender"})
_PASTED = frozenset({b"from", b"sent", b"to", b"cc", b"subject", b"date"})  # a copied header block, in English
_ZONE = re.compile(r"[+-]\d{4}|GMT|UT|Z")  # that every mail's own Date names, and no copied one
_BLANK_LINE = re.compile(rb"\r?\n[ \t]{0,80}\r?\n")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"[ \t\r\n]*+")
_UNFOLD = re.compile(rb"\r?\n(?=[ \t])")
_UNSAFE_IN_NAME = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_ADDRESS = re.compile(r"[^\s<>@\"(),;:\[\]（）《》【】“”、]{1,120}@[^\s<>@\"(),;:\[\]（）《》【】“”、]{1,200}")
_EMPTY_BRACKETS = re.compile(r"[(\[（《【<]\s{0,4}(?:mailto:)?\s{0,4}[)\]）》】>]")
_BOUNDARY = re.compile(rb"boundary\*?0?\*?[ \t]{0,20}=[ \t]{0,20}(?:\"([^\"\r\n]{1,200})\"|([^\s\";]{1,200}))", re.I)


# --- limits ----------------------------------------------------------------------------------------------


def _header_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block that begins at `start` ends, and where the body begins."""
    if raw.startswith((b"\r\n", b"\n"), start):  # a part without headers
        return start, start + (2 if raw.startswith(b"\r\n", start) else 1)
    found = _BLANK_LINE.search(raw, start, end)
    return (found.start(), found.end()) if found else (end, end)


def _over_a_limit(raw: bytes, start: int) -> str | None:
    """The warning that names the first limit `raw` is over, read without parsing it."""
    if len(raw) > LARGEST_MAIL:
        return "too_large"
    head_end, _body = _header_end(raw, start, len(raw))
    if head_end - start > LARGEST_HEADERS or raw.count(b"\n", start, head_end) > 20 * MOST_HEADERS:
        return "headers_too_large"
    if sum(1 for _line in header_lines(raw, start, head_end)) > MOST_HEADERS:
        return "too_many_headers"
    return _shape_warning(raw)


def _shape_warning(raw: bytes) -> str | None:
    """Counts delimiter lines of declared boundaries: parts, and how deep they are nested."""
    boundaries = {found[1] or found[2] for found in _BOUNDARY.finditer(raw)}
    stack: list[bytes] = []
    mails: list[int] = [0]  # message/rfc822 headers seen since each delimiter of the stack
    parts = 0
    for found in re.finditer(rb"^(?:--([^\r\n]{1,210})|content-type:[ \t]{0,20}message/)", raw, re.I | re.M):
        line = found[1]
        if line is None:
            mails[-1] += 1
        else:
            line = line.rstrip()
            is_last = line not in boundaries and line.endswith(b"--") and line[:-2] in boundaries
            name = line[:-2] if is_last else line
            if name not in boundaries:
                continue
            parts += not is_last
            while name in stack:
                mails.pop()
                if stack.pop() == name:
                    break
            if not is_last:
                stack.append(name)
                mails.append(0)
        if parts > MOST_PARTS:
            return "too_many_parts"
        if len(stack) + sum(mails) > DEEPEST:
            return "too_deep"
    return None


# --- headers ---------------------------------------------------------------------------------------------


def header_lines(raw: bytes, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """(name, value) of each header as written, folded lines still folded."""
    name, first, place = b"", start, start
    while place < end:
        stop = raw.find(b"\n", place, end)
        stop = end if stop < 0 else stop + 1
        if raw[place : place + 1] not in (b" ", b"\t") or not name:
            if name:
                yield name, raw[first:place]
            found = _HEADER.match(raw, place, stop)
            name, first = (found[1], found.end()) if found else (b"", stop)
        place = stop
    if name:
        yield name, raw[first:end]


def unfolded(value: bytes) -> str:
    """A header's value as text, its encoded words still encoded."""
    return to_text(_UNFOLD.sub(b"", value).strip(), None).text.replace("\r", "").replace("\n", " ")


def _word_bytes(encoding: str, payload: str) -> bytes:
    if encoding in "bB":
        return _from_base64(payload.encode("ascii", "ignore"))
    return binascii.a2b_qp(payload.encode("utf-8", "replace").replace(b"_", b" "))


def decode_words(value: str) -> str:
    """RFC 2047 words in `value` made text, linear.

    Neighbouring words of one charset are joined as bytes first: QQ and Coremail cut inside a character.
    """
    if "=?" not in value:
        return value
    said: list[str] = []
    waiting, charset, place = b"", "", 0
    for found in _WORD.finditer(value):
        between = value[place : found.start()]
        label = found[1].partition("*")[0]
        follows = bool(charset) and _BETWEEN.fullmatch(between) is not None
        if not (follows and codec_of(label) == codec_of(charset)):
            said.append(to_text(waiting, charset).text)
            waiting = b""
            said.append("" if follows else between)
        waiting += _word_bytes(found[2], found[3])
        charset, place = label, found.end()
    said += [to_text(waiting, charset).text, value[place:]]
    return "".join(said)


class _Parameters(NamedTuple):
    value: str  # the part before the first semicolon, lower-case
    named: dict[str, str]


def _parameters(value: str) -> _Parameters:
    """`text/plain; charset="x"; name*0*=utf-8''…` taken apart, RFC 2231 and 2047 both read."""
    pieces = _outside_quotes(value[:LONGEST_HEADER], ";")
    plain: dict[str, str] = {}
    parts: dict[str, dict[int, str]] = {}
    for piece in pieces[1:200]:
        name, _equals, said = piece.partition("=")
        name, said = name.strip().lower(), said.strip()
        if said.startswith('"'):
            said = said[1:].partition('"')[0] if "\\" not in said else _unquoted(said)
        base, star, rest = name.partition("*")
        if star:
            number = rest.rstrip("*")
            parts.setdefault(base, {})[int(number) if number.isdecimal() and len(number) < 4 else 0] = said
        else:
            plain.setdefault(name, said)
    for base, numbered in parts.items():
        plain[base] = _extended("".join(numbered[number] for number in sorted(numbered)))
    return _Parameters(pieces[0].strip().lower(), {name: decode_words(said) for name, said in plain.items()})


def _extended(value: str) -> str:
    """An RFC 2231 value: charset'language'percent-encoded."""
    if value.count("'") < 2:
        return to_text(unquote_to_bytes(value), None).text
    charset, _language, quoted = value.split("'", 2)
    return to_text(unquote_to_bytes(quoted), charset).text


def _unquoted(value: str) -> str:
    said: list[str] = []
    characters = iter(value[1:])
    for character in characters:
        if character == '"':
            break
        said.append(next(characters, "") if character == "\\" else character)
    return "".join(said)


def _outside_quotes(value: str, separators: str) -> list[str]:
    """`value` split at `separators` that stand in no quotes, angle brackets or comments."""
    pieces: list[str] = []
    start, depth, is_quoted, is_angle, escaped = 0, 0, False, False, False
    for at, character in enumerate(value):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif character == "<":
            is_angle = True
        elif character == ">":
            is_angle = False
        elif character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif character in separators and not is_angle and not depth:
            pieces.append(value[start:at])
            start = at + 1
    pieces.append(value[start:])
    return pieces


class Person(NamedTuple):
    name: str
    address: str  # lower-case, "" where only a name stands


def read_people(value: str) -> tuple[Person, ...]:
    """The people whom an address header or a forwarded label line names, at most 200.

    Reads `名 <a@b>`, `"名"<a@b>;`, `名 [mailto:a@b]`, `a@b (名)`, bare addresses and bare names. The
    structure is read before encoded words are decoded, so no name can smuggle in an address.
    """
    people: list[Person] = []
    cleaned = value[:LONGEST_HEADER].replace("，", ",").replace("；", ";").replace("＜", "<").replace("＞", ">")
    for piece in _outside_quotes(cleaned, ",;")[:MOST_ADDRESSES]:
        person = _person(piece.strip())
        if person.name or person.address:
            people.append(person)
    return tuple(people)


def count_senders(headers: tuple[tuple[str, str], ...]) -> int:
    """How many senders the From headers name; a header that names nobody's address counts as one."""
    said = [value for name, value in headers if name.lower() == "from"]
    return sum(max(1, sum(bool(person.address) for person in read_people(value))) for value in said)


def read_sender(value: str) -> Person:
    """The one person whom a From header or label names: the first, and a comma in a bare name is no border."""
    people = read_people(value)
    if len(people) > 1 and not people[0].address and "<" in value:
        return _person(value[:LONGEST_HEADER].partition(">")[0].strip())  # Tmall, Inc. <a@b>
    return people[0] if people else Person("", "")


def _person(piece: str) -> Person:
    opening = piece.rfind("<")
    if opening < 0 and "[mailto:" in piece:
        opening = piece.rfind("[mailto:")
    if opening >= 0:
        inside = piece[opening + 1 :].strip(" <>[]").removeprefix("mailto:")
        found = _ADDRESS.search(inside)
        before = piece[:opening]
        if found and (twice := before.lower().find(f"<{found[0].lower()}")) >= 0:
            before = before[:twice]  # 名 <a@b<mailto:a@b>>
        if found and not before.strip():
            before = piece.partition(">")[2]  # <a@b> 名
        return Person(_name(before), found[0].lower() if found else "")
    found = _ADDRESS.search(piece.replace("mailto:", ""))
    if found:
        rest = piece.replace("mailto:", "").replace(found[0], "", 1)
        return Person(_name(_without_brackets(_EMPTY_BRACKETS.sub("", rest).strip(" :<>"))), found[0].lower())
    return Person("" if piece.endswith(":") else _name(piece), "")


def _without_brackets(text: str) -> str:
    """`(名)`, `[]`: what stood beside an address, without the brackets that are all around it."""
    for opening, closing in (("(", ")"), ("[", "]"), ("（", "）")):
        if text.startswith(opening) and text.endswith(closing):
            return text[1:-1].strip()
    return text


def _name(text: str) -> str:
    said = decode_words(text.strip()).replace("\\", "")
    return " ".join(_UNSAFE_IN_NAME.sub("", " ".join(said.split())).split()).strip("\"'“”* ").strip()[:LONGEST_NAME]


def _who(people: tuple[Person, ...]) -> tuple[str, ...]:
    return tuple(person.address or person.name for person in people)


# --- parts -----------------------------------------------------------------------------------------------


def _from_base64(data: bytes) -> bytes:
    """Base64 as it comes: foreign characters, missing padding and a cut end are forgiven."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        letters = data.translate(None, bytes(set(range(256)) - set(_BASE64)))
        usable = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(usable + b"=" * (-len(usable) % 4))


_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(slots=True)
class _Leaf:
    """A part that holds no parts, by its place in the raw bytes."""

    kind: str
    named: dict[str, str]
    encoding: str
    disposition: str
    name: str
    start: int
    end: int
    path: tuple[tuple[int, str], ...]  # (number of the multipart, its kind), outermost first

    def content(self, raw: bytes) -> bytes:
        data = raw[self.start : self.end]
        if self.encoding == "base64":
            return _from_base64(data)
        if self.encoding == "quoted-printable":
            return binascii.a2b_qp(data)
        return data

    @property
    def is_mail(self) -> bool:
        return self.kind in ("message/rfc822", "message/global") or self.name.lower().endswith(".eml")

    @property
    def is_body(self) -> bool:
        if self.kind not in ("text/plain", "text/html") or self.disposition == "attachment":
            return False
        return not self.name or (self.disposition in ("", "inline") and "." not in self.name)


@dataclass(slots=True)
class _Parts:
    leaves: list[_Leaf] = field(default_factory=list)
    multiparts: int = 0


def safe_file_name(text: str) -> str:
    """`text` as a name that can be shown: no folder, no control or direction characters, not endless."""
    last = text.replace("\\", "/").rpartition("/")[2]
    return _UNSAFE_IN_NAME.sub("", last).strip()[:LONGEST_NAME]


def _leaves(raw: bytes, start: int) -> list[_Leaf]:
    """All leaves of the mail that begins at `start`, in order. Depth and number were limited before."""
    parts = _Parts()
    _descend(raw, start, len(raw), (), "text/plain", parts)
    return parts.leaves


def _descend(raw: bytes, start: int, end: int, path: tuple[tuple[int, str], ...], default: str, parts: _Parts) -> None:
    head_end, body = _header_end(raw, start, end)
    headers: dict[bytes, bytes] = {}
    for key, value in header_lines(raw, start, head_end):
        headers.setdefault(key.lower(), value)
    about = _parameters(unfolded(headers.get(b"content-type", b"")))
    kind = about.value if "/" in about.value else default
    boundary = about.named.get("boundary", "")
    if kind.startswith("multipart/") and boundary and len(path) <= DEEPEST:
        slices = _slices(raw, body, end, boundary)
        if slices:
            parts.multiparts += 1
            here = (*path, (parts.multiparts, kind))
            inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
            for first, last in slices:
                if len(parts.leaves) < MOST_PARTS:
                    _descend(raw, first, last, here, inner, parts)
            return
        kind = default
    shown = _parameters(unfolded(headers.get(b"content-disposition", b"")))
    name = safe_file_name(shown.named.get("filename") or about.named.get("name") or "")
    encoding = unfolded(headers.get(b"content-transfer-encoding", b"")).split(";")[0].strip().lower()
    parts.leaves.append(_Leaf(kind, about.named, encoding, shown.value, name, body, end, path))


def _slices(raw: bytes, start: int, end: int, boundary: str) -> list[tuple[int, int]]:
    """Where each part between the delimiters of `boundary` begins and ends."""
    mark = re.escape(boundary.encode("utf-8", "replace"))
    slices: list[tuple[int, int]] = []
    first = None
    delimiter = re.compile(rb"^--" + mark + rb"(--)?[ \t]{0,80}(?:\r?\n|\Z)", re.M)
    for found in delimiter.finditer(raw, start, end):
        place = found.start()
        if first is not None:
            last = place - 1 if raw[place - 1 : place] == b"\n" else place
            last -= raw[last - 1 : last] == b"\r"
            slices.append((first, max(first, last)))
        first = found.end()
        if found[1]:
            return slices
    if first is not None:
        slices.append((first, end))  # cut short: the last delimiter never came
    return slices


# --- bodies ----------------------------------------------------------------------------------------------


def _shown(leaves: list[_Leaf]) -> list[_Leaf]:
    """The leaves that make the body: of each multipart/alternative its HTML if there is any."""
    bodies = [leaf for leaf in leaves if leaf.is_body]
    rich = {
        number
        for leaf in bodies
        if leaf.kind == "text/html"
        for number, kind in leaf.path
        if kind == "multipart/alternative"
    }
    return [
        leaf
        for leaf in bodies
        if leaf.kind == "text/html"
        or not any(number in rich for number, kind in leaf.path if kind == "multipart/alternative")
    ]


def _unflowed(text: str, delete_space: bool) -> str:
    """format=flowed (RFC 3676): a line that ends in a blank goes on in the next."""
    said: list[str] = []
    goes_on = False
    for number, line in enumerate(text.split("\n")):
        quoted = line.startswith(">")
        body = line[1:] if line.startswith(" ") else line
        if number and not (goes_on and not quoted):
            said.append("\n")
        goes_on = body.endswith(" ") and body != "-- " and not quoted
        said.append(body[:-1] if goes_on and delete_space else body)
    return "".join(said)


def _plain(text: str, named: dict[str, str]) -> str:
    text = as_seen(text.replace("\r\n", "\n").replace("\r", "\n"))
    if named.get("format", "").lower() == "flowed":
        text = _unflowed(text, named.get("delsp", "").lower() == "yes")
    if "&nbsp;" in text or "&gt;;" in text:  # QQ writes its HTML entities into the plain part too
        text = html.unescape(text)
    return text


@dataclass(slots=True)
class Body:
    """The body that was found so far, and what there is to warn of."""

    text: str = ""
    html: str = ""
    warnings: list[str] = field(default_factory=list)

    def take(self, data: bytes, label: str | None) -> str:
        """The text of `data`, with what there is to warn of. A body without end is cut at a line."""
        if len(data) > LONGEST_TEXT:
            self.warnings.append("text_cut")
            whole_lines = data[:LONGEST_TEXT].rpartition(b"\n")[0].removesuffix(b"\r")
            data = whole_lines or data[:LONGEST_TEXT]
        text, rung = to_text(data, label)
        if rung.is_guess:
            self.warnings.append("charset_guessed")
        if "\ufffd" in text:
            self.warnings.append("damaged_text")
        return text

    def show(self, html: str) -> None:
        """`html` is the body: it is shown, and its visible text is read."""
        self.html = html
        self.text = visible_text(html)
        if is_cut(html):
            self.warnings.append("html_cut")


def _in_html(text: str) -> str:
    return f"<pre>{html.escape(text, quote=False)}</pre>"


def meta_charset(data: bytes) -> str | None:
    """The charset that an HTML page names itself, for a part without a label."""
    found = re.search(rb"charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_\-]{2,40})", data[:2000], re.I)
    return found[1].decode("ascii") if found else None


def _body(raw: bytes, leaves: list[_Leaf]) -> Body:
    body = Body()
    pieces: list[tuple[str, str]] = []  # (kind, text)
    for leaf in _shown(leaves):
        data = leaf.content(raw)
        label = leaf.named.get("charset")
        if leaf.kind == "text/html" and codec_of(label) is None:
            label = meta_charset(data) or label
        text = body.take(data, label)
        if leaf.kind == "text/html":
            pieces.append((leaf.kind, text))
        else:
            pieces.append((leaf.kind, _plain(text, leaf.named)))
    if any(kind == "text/html" for kind, _text in pieces):
        body.show("\n".join(text if kind == "text/html" else _in_html(text) for kind, text in pieces))
    if not body.text.strip():
        body.text = "\n".join(text for kind, text in pieces if kind == "text/plain")
    if not body.text.strip():
        body.text = _plain_twin(raw, leaves, body)
    return body


def _plain_twin(raw: bytes, leaves: list[_Leaf], body: Body) -> str:
    """The plain text beside an HTML that shows no text: a mere picture, or cut to nothing."""
    for leaf in leaves:
        if leaf.is_body and leaf.kind == "text/plain":
            text = body.take(leaf.content(raw), leaf.named.get("charset"))
            if text.strip():
                return _plain(text, leaf.named)
    return ""


def _attachments(raw: bytes, leaves: list[_Leaf]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=leaf.name,
            content_type=leaf.kind[:200],
            raw=leaf.content(raw),
            is_mail=leaf.is_mail,
            offset=(leaf.start, leaf.end)
            if leaf.kind == "message/rfc822" and leaf.encoding not in ("base64", "quoted-printable")
            else None,
        )
        for leaf in leaves
        if not leaf.is_body
    )


# --- the mail --------------------------------------------------------------------------------------------


def _first_header(raw: bytes) -> int | None:
    """Where the header block begins, None if `raw` is no mail."""
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while raw[start : start + 1] in (b"\r", b"\n"):
        start += 1
    if raw.startswith((b"From ", b">From "), start):  # mbox
        start = raw.find(b"\n", start, start + 1000) + 1
        if not start:
            return None
    if not _HEADER.match(raw, start, start + 200):
        return None
    head_end, _body = _header_end(raw, start, min(len(raw), start + LARGEST_HEADERS))
    headers = {name.lower(): value for name, value in islice(header_lines(raw, start, head_end), 60)}
    names = set(headers)
    if names & _TELLING:
        return start
    date = headers.get(b"date", b"")[:100].decode("utf-8", "replace")
    is_copied = b"sent" in names or (read_date(date) is not None and not _ZONE.search(date))
    if (len(names & _COMMON) < 2 and b"subject" not in names) or (is_copied and names <= _PASTED):
        return None
    return start


def looks_like_mail(raw: bytes) -> bool:
    """Whether `raw` begins with the header block of a mail."""
    return _first_header(raw) is not None


def _pasted(raw: bytes) -> Mail:
    """What is no mail: a text that somebody copied, or bytes that are no text at all."""
    is_wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in raw[:4096] and not is_wide:
        return mail_of((), Body(warnings=["not_text"]), (), is_text=True)
    body = Body()
    body.text = _plain(body.take(raw, None), {}).strip("\n")
    if len(raw) > LARGEST_MAIL:
        body.warnings.append("too_large")
    return mail_of((), body, (), is_text=True)


def mail_of(
    headers: tuple[tuple[str, str], ...], body: Body, attachments: tuple[Attachment, ...], *, is_text: bool = False
) -> Mail:
    """The shape, with what the first header of each name says."""
    said: dict[str, str] = {}
    for name, value in headers:
        said.setdefault(name.lower(), value)
    sender = read_sender(said.get("from", ""))
    return Mail(
        headers=tuple((name, decode_words(value)) for name, value in headers),
        from_name=sender.name,
        from_address=sender.address,
        to=_who(read_people(said.get("to", ""))),
        cc=_who(read_people(said.get("cc", ""))),
        subject=" ".join(decode_words(said.get("subject", "")[: LONGEST_HEADER * 2]).split()),
        date=read_date(said.get("date", "")),
        message_id=said.get("message-id", "").strip()[:1000],
        text=body.text,
        html=body.html,
        attachments=attachments,
        is_text=is_text,
        warnings=tuple(dict.fromkeys(body.warnings)),
    )


def decode(raw: bytes) -> Mail:
    """`raw` as a mail, or as a pasted text if it has no header block. Never raises.

    Over a limit (25 MB, 256 KB or 1,000 headers, depth 20, 500 parts) only the top headers are read, with
    the warning `too_large`, `headers_too_large`, `too_many_headers`, `too_deep` or `too_many_parts`. Other
    warnings: `charset_guessed`, `damaged_text`, `text_cut`, `html_cut`, `not_text`.
    """
    start = _first_header(raw)
    if start is None:
        return _pasted(raw)
    limit = _over_a_limit(raw, start)
    end = len(raw) if limit is None else min(len(raw), start + LARGEST_HEADERS)
    head_end, _body_start = _header_end(raw, start, end)
    lines = islice(header_lines(raw, start, head_end), MOST_HEADERS)
    headers = tuple((name.decode("ascii"), unfolded(value)) for name, value in lines)
    if limit is not None:
        return mail_of(headers, Body(warnings=[limit]), ())
    leaves = _leaves(raw, start)
    body = _body(raw, leaves)
    if any("\ufffd" in value for _name, value in headers):
        body.warnings.append("damaged_text")
    return replace(mail_of(headers, body, _attachments(raw, leaves)), seals=seals_of(raw[start:] if start else raw))
