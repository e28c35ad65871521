"""Random names: what stands in addresses instead of row numbers."""

from __future__ import annotations

import secrets

# 32 signs, none of which is read as another: no 0 and o, no 1 and l.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_SIGNS = (ALPHABET * 8).encode()  # for each of the 256 values of a byte, each sign eight times


def random_id(length: int = 16) -> str:
    """`length` signs of 5 random bits each, lower case; 16 of them are 80 bits: no guess will find one."""
    return secrets.token_bytes(length).translate(_SIGNS).decode()
