"""What a password must be, said in our words where Django's catalogue has none."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext


class LongEnough(MinimumLengthValidator):
    """Django's rule of the shortest length; its sentence is missing from Django's Chinese."""

    def get_error_message(self) -> str:
        return gettext("密码太短：至少%(least)d个字符。") % {"least": self.min_length}
