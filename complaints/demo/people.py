"""Who lives in the demo world: names that buttons, letters and tests use, with e-mail and role."""

from __future__ import annotations

from accounts.models import Role

PEOPLE: dict[str, tuple[str, str]] = {
    "shopper": ("lin@example.com", Role.SHOPPER),
    "shopper2": ("zhou@example.com", Role.SHOPPER),
    "volunteer": ("volunteer@example.com", Role.VOLUNTEER),
    "staff": ("host@example.com", Role.STAFF),
}
