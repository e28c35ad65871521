"""The two parts of the corpus. The wordings of `ASIDE` are read by nobody who tunes rules (README.md)."""

from tests.mails.aside import PART as ASIDE

__all__ = ["ASIDE"]
