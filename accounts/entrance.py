"""The forms at the door: allauth's own, in our words, with what browsers and password keepers need to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

EMAIL = {"type": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code", "spellcheck": "false"}
HOW_LONG = _("至少10个字符，不要用常见的密码")


def dress(
    form: forms.BaseForm, name: str, label: str | _StrPromise, help_text: str | _StrPromise = "", **attrs: str
) -> None:
    """Give the field `name` our words and `attrs`; a placeholder is no label, so it goes."""
    field = form.fields[name]
    field.label, field.help_text = label, help_text
    field.error_messages["required"] = _("请填这一项。")
    if isinstance(field, forms.EmailField):
        field.error_messages["invalid"] = _("邮箱的写法不对，应像name@example.com。")
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class LogIn(allauth.LoginForm):  # type: ignore[misc]  # allauth has no types, here and below
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "login", _("邮箱"), **EMAIL, autocomplete="username")
        dress(self, "password", _("密码"))


class SignUp(allauth.SignupForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = _("验证码会寄到这里；从这个邮箱转发来的通知会算数")
        dress(self, "email", _("邮箱"), help_text, **EMAIL, autocomplete="username")
        dress(self, "password1", _("密码"), _("可以不设，以后每次用邮件验证码登录。要设的话至少10个字符"))

    def try_save(self, request: HttpRequest) -> Any:
        """As allauth has it; where there is an account already, it takes as long as opening one."""
        if self.account_already_exists and (password := self.cleaned_data.get("password1")):
            make_password(password)
        return super().try_save(request)


class RequestLoginCode(allauth.RequestLoginCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "email", _("邮箱"), **EMAIL, autocomplete="username")


class ResetPassword(allauth.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "email", _("邮箱"), **EMAIL, autocomplete="username")


class AddEmail(allauth.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "email", _("另一个邮箱"), _("我们会寄一个验证码过去"), **EMAIL, autocomplete="email")


class ConfirmCode:
    """Mixed into the three forms that ask for a code out of a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "code", _("验证码"), **CODE)  # type: ignore[arg-type]  # mixed into a form


class ConfirmEmail(ConfirmCode, allauth.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    pass


class ConfirmLogin(ConfirmCode, allauth.ConfirmLoginCodeForm):  # type: ignore[misc]
    pass


class ConfirmReset(ConfirmCode, allauth.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    pass


class Reauthenticate(allauth.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "password", _("密码"))


class SetPassword(allauth.SetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "password1", _("密码"), HOW_LONG)
        dress(self, "password2", _("再输一次"))


class ChangePassword(allauth.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "oldpassword", _("现在的密码"))
        dress(self, "password1", _("新密码"), HOW_LONG)
        dress(self, "password2", _("再输一次新密码"))


class ResetPasswordKey(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "password1", _("新密码"), HOW_LONG)
        dress(self, "password2", _("再输一次新密码"))
