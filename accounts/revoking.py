"""What a person took back: a mailbox that no longer speaks for them, an address that was replaced.

Who keeps backups listens (complaints/tombstones.py), so that none of them brings it back.
"""

from __future__ import annotations

from django.dispatch import Signal

MAILBOX, ADDRESS = "mailbox", "address"

revoked = Signal()  # what: MAILBOX or ADDRESS; ref: the random name of its row; at: when. Sent in its transaction.
