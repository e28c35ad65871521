"""Signing mails in tests with keys made for them: RSA by dkimpy, which is not our own code, Ed25519 by hand."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Iterable

import dkim
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests import make

NEEDED = (b"from", b"to", b"subject", b"date", b"message-id")


@functools.cache
def rsa_key(bits: int = 1024, name: str = "") -> rsa.RSAPrivateKey:
    """A key of that many bits, one for each name."""
    return rsa.generate_private_key(65_537, bits)


def record_of(key: rsa.RSAPrivateKey | rsa.RSAPublicKey | Ed25519PrivateKey, **tags: str) -> bytes:
    """The TXT record of that key, with further tags, or other values of them."""
    public = key if isinstance(key, rsa.RSAPublicKey) else key.public_key()
    if isinstance(key, Ed25519PrivateKey):
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        said = {"v": "DKIM1", "k": "ed25519", "p": base64.b64encode(raw).decode()}
    else:
        der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        said = {"v": "DKIM1", "k": "rsa", "p": base64.b64encode(der).decode()}
    return "; ".join(f"{name}={value}" for name, value in (said | tags).items()).encode()


def sealed(
    raw: bytes,
    domain: str,
    selector: str = "s1",
    *,
    key: rsa.RSAPrivateKey | None = None,
    how: tuple[str, str] = ("relaxed", "relaxed"),
    headers: Iterable[bytes] = NEEDED,
    length: bool = False,
) -> bytes:
    """`raw` with a signature of `domain` on top."""
    pem = (key or rsa_key()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    policy = tuple(one.encode() for one in how)
    with time_machine.travel(make.NOW, tick=False):
        signature = dkim.sign(
            raw,
            selector.encode(),
            domain.encode(),
            pem,
            canonicalize=policy,
            include_headers=list(headers),
            length=length,
        )
    return bytes(signature) + raw


def sealed_ed25519(raw: bytes, domain: str, key: Ed25519PrivateKey, selector: str = "e1") -> bytes:
    """`raw` (CRLF, no odd blanks in its body) with an Ed25519 signature of `domain` on top, relaxed/simple."""
    head, _blank, body = raw.partition(b"\r\n\r\n")
    fields = {}
    for line in re.split(rb"\r\n(?![ \t])", head):
        name, _colon, value = line.partition(b":")
        fields[name.lower()] = name.lower() + b":" + b" ".join(value.split()) + b"\r\n"
    body_hash = base64.b64encode(hashlib.sha256(body.rstrip(b"\r\n") + b"\r\n").digest()).decode()
    tags = (
        f"v=1; a=ed25519-sha256; c=relaxed/simple; d={domain}; s={selector}; "
        f"h={':'.join(name.decode() for name in NEEDED)}; bh={body_hash}; b="
    )
    signed = b"".join(fields[name] for name in NEEDED) + f"dkim-signature:{tags}".encode()
    signature = base64.b64encode(key.sign(hashlib.sha256(signed).digest())).decode()
    return f"DKIM-Signature: {tags}{signature}\r\n".encode() + raw
