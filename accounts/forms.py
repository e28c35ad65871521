"""How forms are drawn, and what everybody who signs up agrees to. Imported by allauth: imports nothing of it."""

from __future__ import annotations

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.consent import agree
from accounts.models import User


class SujiRenderer(TemplatesSetting):
    """Forms as docs/looks.md draws them: a summary of what is wrong on top, then each field in a box of its own."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"


def consent_words() -> SafeString:
    """The sentence beside the box, with the way to the text it speaks of."""
    words = gettext('我读过并同意<a href="{}" target="_blank">隐私与承诺</a>，同意保存我交来的投诉邮件和证据。')
    return format_html("<span>{}</span>", format_html(words, reverse("privacy")))  # one piece: labels are flex boxes


class ConsentForm(forms.Form):
    """The part of the sign-up form that is ours: consent, and a trap for machines that fill in everything."""

    field_order = ["email", "password1", "consent", "website"]

    consent = forms.BooleanField(
        label=lazy(consent_words, SafeString)(),
        required=True,
        error_messages={"required": _("要勾选同意才能注册。")},
    )
    website = forms.CharField(
        label=_("网站（请留空）"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        """Nobody sees this field; what is in it was written by a machine."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("请把“网站”一栏留空。"), code="trap")
        return ""

    def signup(self, request: HttpRequest, user: User) -> None:
        """Asked by allauth once the account is made: keep when they agreed, and to which text."""
        agree(user, timezone.now())
