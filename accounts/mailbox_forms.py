"""The small forms about mailboxes and inbox addresses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.adapter import refuse_inbox_domain
from accounts.entrance import EMAIL, dress
from accounts.models import InboxAddress, User


class MailboxForm(forms.Form):
    """Which mailbox, and where it forwards to; with one address there is nothing to choose."""

    mailbox = forms.EmailField(max_length=254)
    inbox = forms.ModelChoiceField(label=_("转发到"), queryset=InboxAddress.objects.none(), empty_label=None)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "mailbox", _("哪个邮箱"), _("邮箱设置里显示的完整地址"), **EMAIL, autocomplete="email")
        active = InboxAddress.objects.filter(owner=owner, state=InboxAddress.State.ACTIVE).order_by("pk")
        choice = self.fields["inbox"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = active
        choice.to_field_name = "local"
        choice.error_messages["required"] = _("现在没有能收信的地址，请先恢复或新建一个。")
        first = list(active[:2])
        if len(first) == 1:
            choice.widget = forms.HiddenInput()
        if first:
            choice.initial = first[0].local

    def clean_mailbox(self) -> str:
        mailbox = str(self.cleaned_data["mailbox"]).lower()
        refuse_inbox_domain(mailbox)
        return mailbox


class LabelForm(forms.Form):
    """What an inbox address is for, in its owner's words."""

    label = forms.CharField(
        label=_("备注"),
        help_text=_("只给自己看，例如“家里的QQ邮箱”"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
