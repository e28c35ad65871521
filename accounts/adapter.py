"""Where allauth asks us: who may sign up, how our mails go out, and what a proven e-mail is good for."""

from __future__ import annotations

import logging
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, email_removed
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import people
from accounts.models import Role, User

log = logging.getLogger(__name__)

# What the session keeps so that a page can say which mail is on its way. Written alike whether or not the
# account exists: a page must not tell who is here.
SENT_AT = "mail_sent_at"  # seconds since 1970
KEPT = "kept_mails"  # embedded mode: public ids of the mails that this session caused, newest first
KEPT_MANY = 10
# What we send is written by a machine, and no machine need answer it (RFC 3834).
BY_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
SAYS_SENT = frozenset({"account/messages/email_confirmation_sent.txt", "account/messages/login_code_sent.txt"})


class SujiAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's questions, answered in our words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("这个账号已停用。"),
        "cannot_remove_primary_email": _("主要邮箱不能移除，请先换一个主要邮箱。"),
        "duplicate_email": _("这个邮箱已经在你的账号里了。"),
        "email_password_mismatch": _("邮箱或密码不对。没设过密码的话，请用验证码登录。"),
        "enter_current_password": _("现在的密码不对。"),
        "incorrect_code": _("验证码不对，请再看一眼邮件。"),
        "incorrect_password": _("密码不对。"),
        "invalid_login": _("没能登录，请重试。"),
        "invalid_password_reset": _("这次重设已失效，请重新申请。"),
        "max_email_addresses": _("最多可以加%d个邮箱。"),
        "too_many_login_attempts": _("尝试次数太多，请过几分钟再试。"),
        "unverified_primary_email": _("主要邮箱必须先确认。"),
        "same_as_current": _("新的和现在的一样。"),
        "rate_limited": _("刚刚寄过一封，请稍等再重寄。"),
        "email_taken": _("这个邮箱不能用在这里。"),
    }

    # -- who may be here ---------------------------------------------------------------------------------

    def clean_email(self, email: str) -> str:
        refuse_inbox_domain(email)
        return email

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A new shopper, who reads the language that the sign-up page was in."""
        user.language = translation.get_language() or ""
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The code came back to the very session that signed up, logged in with the password, or added the e-mail."""
        request.is_same_session = True  # type: ignore[attr-defined]  # read by `proven` below
        return bool(super().confirm_email(request, email_address))

    # -- where people land -------------------------------------------------------------------------------

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("start")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return landing(request.user)  # type: ignore[arg-type]  # asked only after the log-in

    # -- mail --------------------------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> bool:
        """Write one mail in its reader's language. A mail server that is out of reach is said, not raised.

        returns  whether it is on its way
        """
        request = allauth_context.request
        with translation.override(language_of(email)):
            message = self.render_mail(
                template_prefix, email, {"email": email, "site_url": settings.SITE_URL} | context, headers=BY_MACHINE
            )
        message.code = context.get("code", "")
        try:
            message.send()
        except OSError as error:  # SMTPException is one
            log.error("mail not sent: %s", type(error).__name__)
            if request is not None:
                messages.error(request, gettext("邮件没能寄出，请过几分钟再试。"))
            return False
        if request is not None and (kept := getattr(message, "kept_as", "")):
            request.session[KEPT] = [kept, *request.session.get(KEPT, [])][:KEPT_MANY]
        return True

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """As allauth has it; but that a code was sent is said by the page itself, with the time."""
        if message_template in SAYS_SENT:
            request.session[SENT_AT] = int(time.time())
            return
        super().add_message(request, level, message_template, message_context, extra_tags, message)


def refuse_inbox_domain(email: str) -> None:
    """An inbox is a routing secret: nobody logs in with it. Raises ValidationError for addresses of ours."""
    domain = email.rpartition("@")[2].lower().rstrip(".")
    if domain == settings.INBOX_DOMAIN or domain.endswith(f".{settings.INBOX_DOMAIN}"):
        raise ValidationError(_("这是本站的收件地址，不能当作登录邮箱。请填你平时用的邮箱。"), code="inbox_domain")


def landing(user: User) -> str:
    """The page that `user` wants to see first."""
    return reverse("complaints:tray" if user.role == Role.VOLUNTEER else "complaints:case_list")


def language_of(email: str) -> str:
    """The language that the owner of `email` reads: the account's, else that of the page."""
    chosen = User.objects.filter(email=email.lower()).values_list("language", flat=True).first()
    return chosen or translation.get_language() or settings.LANGUAGE_CODE


@receiver(email_confirmed)
def proven(request: HttpRequest, email_address: EmailAddress, **_said: Any) -> None:
    """A person proved `email_address` to be theirs by a code."""
    people.prove(
        email_address.user,
        email_address.email,
        is_same_session=getattr(request, "is_same_session", False),
    )


@receiver(email_removed)
def removed(email_address: EmailAddress, **_said: Any) -> None:
    """What is forwarded from that mailbox no longer moves the cases of its shopper."""
    people.forget_mailbox(email_address.user, email_address.email)
