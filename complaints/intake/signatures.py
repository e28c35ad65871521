"""DKIM signatures as far as the bytes tell them (RFC 6376, RFC 8463): what was signed, and whether that still stands.

Everything that is hostile is done here, in the reader: tags, canonical forms, hashes. What leaves is a `Seal` of a
few short values; whoever has the key in the DNS needs no byte of the mail to check it, now or later. All of it is
linear in the mail. Keys, alignment and grades: provenance.py.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from functools import partial
from typing import NamedTuple

from complaints.intake.shapes import Seal

MOST_SEALS = 10  # of one mail, from the top
MOST_HEADERS = 1_000
LONGEST_TAGS = 16_384  # bytes of one DKIM-Signature header
LONGEST_SIGNATURE = 1_024  # bytes: RSA with 8,192 bits

ALGORITHMS = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
# Without these under the signature, a true mail may be sent on with another sender, day, subject or reader.
NEEDED = ("from", "subject", "date", "to", "message-id")
# What a mail has once. A second one is shown instead of the signed one, by some readers, or changes how the body reads.
ONCE = frozenset({*NEEDED, "cc", "sender", "reply-to", "mime-version", "content-type", "content-transfer-encoding"})

_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,20}:")
_LABELS = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$)(?:{_LABELS}\.){{1,20}}[a-z0-9-]{{2,63}}")
_SELECTOR = re.compile(rf"(?=.{{1,253}}$){_LABELS}(?:\.{_LABELS}){{0,20}}")
_SPACE = re.compile(rb"[ \t\r\n]+")
_BLANKS = re.compile(rb"[ \t]+")


class _Malformed(Exception):
    """A signature, or a header block, that no careful sender writes."""


class _Header(NamedTuple):
    name: str  # lower-case
    raw: bytes  # as written, folded, with its last CRLF


def seals_of(raw: bytes) -> tuple[Seal, ...]:
    """The DKIM signatures of the mail that `raw` is, from the top. Never raises.

    A signature that cannot count says why in `flaw`: `malformed`, `algorithm` (no SHA-256), `length` (an `l=` leaves
    room for text that nobody signed), `headers_unsigned` (one of NEEDED), `header_doubled`, `line_ends` (bare CR or
    LF between CRLF: a mail that two programs split differently), `body_changed`.
    """
    if b"dkim-signature" not in raw[:262_144].lower():
        return ()
    is_mixed = _has_mixed_line_ends(raw)
    if b"\r" not in raw:
        raw = raw.replace(b"\n", b"\r\n")
    head, _blank, body = raw.partition(b"\r\n\r\n")
    try:
        headers = _headers(head)
    except _Malformed:
        return (Seal(domain="", selector="", flaw="malformed"),)
    names = [header.name for header in headers]
    is_doubled = any(names.count(name) > 1 for name in ONCE)
    body_hash = partial(_body_hash, {}, body)
    seals: list[Seal] = []
    for header in headers:
        if header.name == "dkim-signature" and len(seals) < MOST_SEALS:
            seal = _seal(header, headers, body_hash)
            outside = "header_doubled" if is_doubled else "line_ends" if is_mixed else ""
            seals.append(seal if seal.flaw or not outside else seal.with_flaw(outside))
    return tuple(seals)


def _has_mixed_line_ends(raw: bytes) -> bool:
    """Whether CRLF stands beside bare CR or LF. A mail with LF alone was saved so, and every line end is CRLF again."""
    pairs = raw.count(b"\r\n")
    return raw.count(b"\r") != pairs or (pairs > 0 and raw.count(b"\n") != pairs)


def _headers(head: bytes) -> list[_Header]:
    """The header fields of `head`, in order. Raises _Malformed where other programs may see other fields."""
    found: list[_Header] = []
    for line in head.split(b"\r\n"):
        if line[:1] in (b" ", b"\t"):
            if not found or not line.strip():
                raise _Malformed
            found.append(_Header("", line))
            continue
        name = _NAME.match(line)
        if name is None or len(found) > 20 * MOST_HEADERS:
            raise _Malformed
        found.append(_Header(name[1].decode("ascii").lower(), line))
    whole: list[tuple[str, list[bytes]]] = []
    for header in found:
        if header.name:
            whole.append((header.name, [header.raw]))
        else:
            whole[-1][1].append(header.raw)
    if len(whole) > MOST_HEADERS:
        raise _Malformed
    return [_Header(name, b"\r\n".join(lines) + b"\r\n") for name, lines in whole]


def _seal(header: _Header, headers: list[_Header], body_hash: partial[bytes]) -> Seal:
    """What the signature in `header` claims, and the hash of what it signs."""
    try:
        tags = _tags(header.raw)
        domain, selector = tags.get("d", "").lower().rstrip("."), tags.get("s", "").lower()
        if not _DOMAIN.fullmatch(domain) or not _SELECTOR.fullmatch(selector):
            raise _Malformed
    except _Malformed:
        return Seal(domain="", selector="", flaw="malformed")
    seal = Seal(domain=domain, selector=selector, algorithm=tags.get("a", "").lower()[:40])
    try:
        return _examined(seal, tags, header, headers, body_hash)
    except _Malformed:
        return seal.with_flaw("malformed")


def _examined(
    seal: Seal, tags: dict[str, str], header: _Header, headers: list[_Header], body_hash: partial[bytes]
) -> Seal:
    signed = tuple(name.strip().lower() for name in tags.get("h", "").split(":"))
    how_head, _slash, how_body = tags.get("c", "simple/simple").lower().partition("/")
    how_body = how_body or "simple"
    is_known = {how_head, how_body} <= {"simple", "relaxed"} and "dns/txt" in tags.get("q", "dns/txt").lower()
    if tags.get("v") != "1" or not is_known or "from" not in signed or len(signed) > MOST_HEADERS:
        raise _Malformed
    at, until = _seconds(tags.get("t")), _seconds(tags.get("x"))
    if at is not None and until is not None and until < at:
        raise _Malformed
    signature, said_hash = _base64(tags.get("b", "")), _base64(tags.get("bh", ""))
    if not 0 < len(signature) <= LONGEST_SIGNATURE:
        raise _Malformed
    seal = Seal(
        domain=seal.domain,
        selector=seal.selector,
        algorithm=seal.algorithm,
        digest=_digest(header, headers, signed, how_head),
        signature=base64.b64encode(signature).decode("ascii"),
        signed=tuple(dict.fromkeys(name[:100] for name in signed))[:100],
        at=at,
        until=until,
    )
    if seal.algorithm not in ALGORITHMS:
        return seal.with_flaw("algorithm")
    if "l" in tags:
        return seal.with_flaw("length")
    if not set(NEEDED) <= set(signed):
        return seal.with_flaw("headers_unsigned")
    return seal if body_hash(how_body) == said_hash else seal.with_flaw("body_changed")


# -- tags ------------------------------------------------------------------------------------------------------


def _tags(raw: bytes) -> dict[str, str]:
    """`v=1; a=…` as a dict; blanks inside values are gone, as each of ours allows."""
    value = raw.partition(b":")[2]
    if len(value) > LONGEST_TAGS:
        raise _Malformed
    tags: dict[str, str] = {}
    for piece in value.split(b";"):
        name, equals, said = (_SPACE.sub(b"", part) for part in piece.partition(b"="))
        if not name and not equals:
            continue
        try:
            key, text = name.decode("ascii"), said.decode("ascii")
        except UnicodeDecodeError:
            raise _Malformed from None
        if not equals or not key.isidentifier() or key in tags:
            raise _Malformed
        tags[key] = text
    return tags


def _seconds(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        raise _Malformed
    return int(text)


def _base64(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        raise _Malformed from None


# -- canonical forms -----------------------------------------------------------------------------------------


def _digest(header: _Header, headers: list[_Header], signed: tuple[str, ...], how: str) -> str:
    """SHA-256 of the signed headers and of the signature's own with an empty `b=`, as hex digits.

    A name that is listed several times takes the fields of that name from the bottom up; one too many takes nothing.
    """
    left: dict[str, list[_Header]] = {}
    for each in headers:
        left.setdefault(each.name, []).append(each)
    chosen = [left[name].pop() for name in signed if left.get(name)]
    hashed = hashlib.sha256()
    for each in chosen:
        hashed.update(_canonical(each.raw, how))
    hashed.update(_canonical(_without_signature(header.raw), how).removesuffix(b"\r\n"))
    return hashed.hexdigest()


def _canonical(raw: bytes, how: str) -> bytes:
    if how == "simple":
        return raw
    name, _colon, value = raw.partition(b":")
    value = _BLANKS.sub(b" ", value.replace(b"\r\n", b""))
    return name.strip(b" \t").lower() + b":" + value.strip(b" ") + b"\r\n"


def _without_signature(raw: bytes) -> bytes:
    """The header with the value of its `b=` taken out, all else as it stands."""
    name, _colon, value = raw.partition(b":")
    pieces = value.split(b";")
    for place, piece in enumerate(pieces):
        key, equals, _said = piece.partition(b"=")
        if equals and _SPACE.sub(b"", key) == b"b":
            pieces[place] = key + equals
    emptied = name + b":" + b";".join(pieces)
    return emptied if emptied.endswith(b"\r\n") else emptied + b"\r\n"


def _body_hash(known: dict[str, bytes], body: bytes, how: str) -> bytes:
    """SHA-256 of `body` in its canonical form; worked out once for each."""
    if how not in known:
        known[how] = hashlib.sha256(_canonical_body(body, how)).digest()
    return known[how]


def _canonical_body(body: bytes, how: str) -> bytes:
    if body and not body.endswith(b"\r\n"):
        body += b"\r\n"
    if how == "relaxed":
        body = _BLANKS.sub(b" ", body).replace(b" \r\n", b"\r\n")
    end = len(body)
    while body.endswith(b"\r\n", 0, end):
        end -= 2
    if not end:
        return b"" if how == "relaxed" else b"\r\n"
    return body[:end] + b"\r\n"
