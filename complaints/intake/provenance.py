"""Where a notice came from, as far as that can be checked: keys, signatures, who may speak for whom, grades A to E.

Pure: what the DNS answered (keyring.py) and the time come in as values. A grade says what was checked, never that
the words are true.
"""

from __future__ import annotations

import base64
import binascii
import functools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from publicsuffixlist import PublicSuffixList

from complaints.intake.shapes import How, Outer, Read, Reading, Seal, Trust
from complaints.intake.signatures import ALGORITHMS
from complaints.stages import Party

LEAST_BITS = 1_024  # of an RSA key
LARGEST_BITS = 8_192  # no mail may buy more arithmetic than that
EARLY = timedelta(hours=24)  # so far may a signer's clock be ahead of ours

SIGNATURE_NOT_CHECKED = "signature_not_checked"
SIGNATURE_FAILS = "signature_fails"


# -- one signature -----------------------------------------------------------------------------------------------


class Answer(StrEnum):
    """What came of asking the DNS for a key."""

    FOUND = "found"
    NONE = "none"  # the domain says that there is none
    SILENT = "silent"  # nobody answered: ask again later
    NOT_ASKED = "not_asked"  # this installation asks no DNS


@dataclass(frozen=True, slots=True)
class Key:
    """The TXT record under `name`, as it was answered."""

    name: str
    answer: Answer
    record: bytes = b""


class Result(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    PENDING = "pending"  # the DNS did not answer: to be asked again
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one seal. `why` names a flaw of the seal, or one of the words below."""

    result: Result
    why: str = ""  # not_aligned, expired, from_future, no_key, bad_key, revoked, testing, weak_key, wrong


Keys = Mapping[str, Key]


def key_name(seal: Seal) -> str:
    """Where the key of `seal` stands in the DNS."""
    return f"{seal.selector}._domainkey.{seal.domain}"


def is_worth_asking(seal: Seal, from_address: str) -> bool:
    """Whether the key could decide anything: the seal stands up so far, and its domain answers for the sender's."""
    return not seal.flaw and is_aligned(seal.domain, from_address)


def check(seal: Seal, from_address: str, keys: Keys, at: datetime) -> Verdict:
    """Whether `seal` shows that the domain of `from_address` sent those words; judged as of `at`, when they came."""
    if seal.flaw:
        return Verdict(Result.FAILED, seal.flaw)
    if not is_aligned(seal.domain, from_address):
        return Verdict(Result.FAILED, "not_aligned")
    if seal.until is not None and seal.until < at.timestamp():
        return Verdict(Result.FAILED, "expired")
    if seal.at is not None and seal.at > (at + EARLY).timestamp():
        return Verdict(Result.FAILED, "from_future")
    key = keys.get(key_name(seal))
    if key is None or key.answer is Answer.NOT_ASKED:
        return Verdict(Result.UNCHECKED)
    if key.answer is Answer.SILENT:
        return Verdict(Result.PENDING)
    if key.answer is Answer.NONE:
        return Verdict(Result.FAILED, "no_key")
    why = _why_not(seal, key.record)
    return Verdict(Result.FAILED if why else Result.PASSED, why)


def _why_not(seal: Seal, record: bytes) -> str:
    """Why the key in `record` does not vouch for `seal`; "" when it does."""
    tags = _record_tags(record)
    kind = ALGORITHMS[seal.algorithm]
    hashes, services = tags.get("h", "sha256"), tags.get("s", "*")
    is_for_mail = bool({"*", "email"} & set(services.split(":"))) and "sha256" in hashes.split(":")
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags or tags.get("k", "rsa") != kind or not is_for_mail:
        return "bad_key"
    if not tags["p"]:
        return "revoked"
    if "y" in tags.get("t", "").split(":"):
        return "testing"
    try:
        key = _public_key(kind, base64.b64decode(tags["p"], validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return "bad_key"
    signature, digest = base64.b64decode(seal.signature), bytes.fromhex(seal.digest)
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, digest)
        elif key.key_size < LEAST_BITS:
            return "weak_key"
        else:
            key.verify(signature, digest, PKCS1v15(), Prehashed(SHA256()))
    except InvalidSignature:
        return "wrong"
    return ""


def _record_tags(record: bytes) -> dict[str, str]:
    """The tags of a key record without blanks; {} for what is none (RFC 6376 3.6.1)."""
    tags: dict[str, str] = {}
    for piece in record.decode("ascii", "replace").split(";"):
        name, equals, said = ("".join(part.split()) for part in piece.partition("="))
        if not name and not equals:
            continue
        if not equals or name in tags:
            return {}
        tags[name] = said
    return tags


def _public_key(kind: str, data: bytes) -> RSAPublicKey | Ed25519PublicKey:
    """Raises ValueError for what is no key of that kind, or one beyond reason."""
    if kind == "ed25519":
        return Ed25519PublicKey.from_public_bytes(data)
    if len(data) > 2 * LARGEST_BITS // 8:
        raise ValueError
    key = load_der_public_key(data)
    if not isinstance(key, RSAPublicKey) or key.key_size > LARGEST_BITS:
        raise ValueError
    numbers: RSAPublicNumbers = key.public_numbers()
    if numbers.e.bit_length() > 32:
        raise ValueError
    return key


# -- domains -------------------------------------------------------------------------------------------------------


@functools.cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def organisation(domain: str) -> str:
    """The domain that its owner registered (mail.taobao.com: taobao.com); a public suffix itself is nobody's: ""."""
    return _suffixes().privatesuffix(domain) or ""


def domain_of(address: str) -> str:
    """The domain of an address as the DNS knows it, "" when it has none."""
    domain = address.rpartition("@")[2].strip().rstrip(".").lower()
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def is_aligned(signer: str, from_address: str) -> bool:
    """Whether `signer` and the sender's domain belong to one organisation (RFC 7489 3.1.1, relaxed)."""
    sender = domain_of(from_address)
    if not sender or not signer:
        return False
    return signer == sender or (organisation(sender) != "" and organisation(signer) == organisation(sender))


# -- who may speak for whom ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose acts a domain may tell of."""

    domains: tuple[str, ...]
    parties: frozenset[Party]


# Whoever writes from below these is the platform, or the payer. Mailboxes that anybody can have (aliyun.com) and
# clouds that anybody can send from are not among them. docs/sources.md#senders
VOICES = (
    Voice(
        ("taobao.com", "tmall.com", "alibaba.com", "alibaba-inc.com"),
        frozenset({Party.BUYER, Party.MERCHANT, Party.PLATFORM, Party.JURY, Party.PAYER}),
    ),
    Voice(("alipay.com",), frozenset({Party.PAYER})),
)
SHOP_VOICE = frozenset({Party.MERCHANT})  # a domain that the owner confirmed for one shop


def may_tell(from_address: str, party: Party | None) -> bool:
    """Whether the sender is one whose word on an act of `party` counts."""
    domain = domain_of(from_address)
    return any(
        party in voice.parties and any(domain == one or domain.endswith(f".{one}") for one in voice.domains)
        for voice in VOICES
    )


# -- our own MTA's word --------------------------------------------------------------------------------------------

_RECEIVED_BY = re.compile(r"\bby\s+([^\s;()]{1,255})", re.IGNORECASE)
_ASIDE = re.compile(
    r"\([^()]{0,500}\)|\"[^\"]{0,500}\""
)  # comments and quoted words: what a client said may stand there
_METHOD = re.compile(r"\s*(dkim|spf|dmarc)\s*=\s*pass\b(.*)", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"\b((?:header|smtp)\.[a-z]{1,20})\s*=\s*([^\s;]{1,320})", re.IGNORECASE)


def mta_vouches(outer: Outer, mta: str) -> bool:
    """Whether our own MTA, called `mta`, wrote that the mail comes from the domain of its one sender.

    Only its topmost Authentication-Results counts, and only above every line that another server wrote: what stands
    lower came with the mail. SPF counts where the envelope's sender is the From itself.
    """
    said = _own_results(outer.trace, mta.lower()) if mta else None
    if said is None or not outer.from_address:
        return False
    for method in said.split(";"):
        found = _METHOD.match(method)
        if found is None:
            continue
        about = {name.lower(): value.lower() for name, value in _PROPERTY.findall(found[2])}
        match found[1].lower():
            case "dkim":
                is_so = is_aligned(domain_of(about.get("header.d", about.get("header.i", ""))), outer.from_address)
            case "dmarc":
                is_so = domain_of(about.get("header.from", "")) == domain_of(outer.from_address)
            case _:
                is_so = about.get("smtp.mailfrom", "") == outer.from_address
        if is_so:
            return True
    return False


def _own_results(trace: Sequence[tuple[str, str]], mta: str) -> str | None:
    """What follows the name in the topmost Authentication-Results of `mta`; None if there is none to be believed."""
    received = 0
    for name, value in trace:
        if name == "received":
            by = _RECEIVED_BY.search(value)
            received += 1
            if received > 1 or by is None or by[1].lower() != mta:
                return None
            continue
        identity, _semicolon, said = _ASIDE.sub(" ", _ASIDE.sub(" ", value)).partition(";")
        if identity.split()[:1] and identity.split()[0].lower() == mta:
            return said if not set('()"') & set(said) else None
    return None


# -- grades --------------------------------------------------------------------------------------------------------

WHOLE = frozenset({How.DIRECT, How.AUTO, How.ATTACHED})  # the original itself is here, not somebody's telling of it


def contradicts(read: Read, outer: Outer) -> bool:
    """Whether the headers name several senders, or the sender only looks like somebody."""
    return outer.from_count > 1 or read.notice.from_count > 1 or read.classified.trust is Trust.PHISHING


def grade(read: Read, outer: Outer, verdicts: Collection[Verdict], *, by_verified_route: bool = False) -> str:
    """The provenance of a notice, A to E, by the verdicts on the seals of its original (words.PROVENANCE)."""
    if contradicts(read, outer):
        return "E"
    if read.notice.how not in WHOLE:
        return "D"
    if any(verdict.result is Result.PASSED for verdict in verdicts):
        return "B" if read.notice.how is How.ATTACHED else "A"
    return "C" if by_verified_route and not read.notice.seals else "D"


def names_to_ask(reading: Reading) -> list[str]:
    """The names of the keys that could decide anything about `reading`, each once."""
    pairs = [(seal, reading.outer.from_address) for seal in reading.outer.seals]
    pairs += [(seal, read.notice.from_address) for read in reading.notices for seal in read.notice.seals]
    return list(dict.fromkeys(key_name(seal) for seal, sender in pairs if is_worth_asking(seal, sender)))


def verdicts_on(read: Read, keys: Keys, at: datetime) -> tuple[Verdict, ...]:
    """What became of each seal of the original that `read` is."""
    return tuple(check(seal, read.notice.from_address, keys, at) for seal in read.notice.seals)


def graded(reading: Reading, keys: Keys | None, at: datetime) -> tuple[list[str], list[str]]:
    """The grade of each notice by its signatures alone, and the warnings that are left; no route is known.

    keys  None: nothing is checked, not even what needs no key
    """
    unchecked = [(Verdict(Result.UNCHECKED),) * len(read.notice.seals) for read in reading.notices]
    verdicts = [verdicts_on(read, keys, at) for read in reading.notices] if keys is not None else unchecked
    grades = [grade(read, reading.outer, said) for read, said in zip(reading.notices, verdicts, strict=True)]
    return grades, warnings_of(verdicts)


def warnings_of(verdicts: Sequence[Sequence[Verdict]]) -> list[str]:
    """`signature_not_checked` where an original might be signed and nobody could tell, `signature_fails` where not one holds."""
    found: list[str] = []
    for said in verdicts:
        results = {verdict.result for verdict in said}
        if not said or Result.PASSED in results:
            continue
        open_yet = results & {Result.PENDING, Result.UNCHECKED}
        found.append(SIGNATURE_NOT_CHECKED if open_yet else SIGNATURE_FAILS)
    return list(dict.fromkeys(found))
