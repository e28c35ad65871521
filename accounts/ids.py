"""Random names: what stands in addresses instead of row numbers."""

from __future__ import annotations

import secrets

# 32 signs, none of which is read as another: no 0 and o, no 1 and l.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def random_id(length: int = 16) -> str:
    """`length` signs of 5 random bits each, lower case; 16 of them are 80 bits: no guess will find one."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
