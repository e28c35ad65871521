"""Opening an account: the one place that gives a person an inbox address and confirms a mailbox."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts.models import ConfirmedMailbox, InboxAddress, Role, User
from accounts.revoking import MAILBOX, revoked


@transaction.atomic
def settle_in(user: User, how: str = ConfirmedMailbox.How.SIGN_UP) -> InboxAddress:
    """Give `user`, whose e-mail is proven, a confirmed mailbox and an inbox address; again changes nothing."""
    ConfirmedMailbox.objects.get_or_create(owner=user, email=user.email, defaults={"how": how})
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    inbox = user.inbox_addresses.filter(state=InboxAddress.State.ACTIVE).order_by("pk").first()
    return inbox or InboxAddress.objects.create(owner=user)


@transaction.atomic
def add_user(email: str, role: str = Role.SHOPPER, how: str = ConfirmedMailbox.How.HOST) -> tuple[User, InboxAddress]:
    """The user with that e-mail, made if there is none, and their first inbox address. Again changes nothing.

    email   counts as proven
    raises  ValueError when the e-mail belongs to somebody with another role
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, role=role)
    if user.role != role:
        raise ValueError(f"{email} is already here as {user.role}")
    return user, settle_in(user, how)


@transaction.atomic
def prove(user: User, email: str, *, is_same_session: bool) -> None:
    """`user` typed the code that was mailed to `email`: what is forwarded from there may move their cases.

    Somebody may have signed up with an e-mail that is not theirs, and a password. When its owner comes later,
    by a log-in code or a password reset, that password must not open the account: it goes.
    """
    if not is_same_session and user.has_usable_password() and not user.confirmed_mailboxes.exists():
        user.set_unusable_password()
        user.save(update_fields=["password"])
    if email == user.email:
        settle_in(user)
    else:
        confirm_mailbox(user, email, ConfirmedMailbox.How.CODE)


def confirm_mailbox(user: User, email: str, how: str) -> None:
    """`email` is proven to be `user`'s: what is forwarded from there may move their cases. Again changes nothing."""
    ConfirmedMailbox.objects.get_or_create(owner=user, email=email.lower(), defaults={"how": how})


@transaction.atomic
def forget_mailbox(user: User, email: str) -> None:
    """`user` took `email` off their account."""
    for mailbox in user.confirmed_mailboxes.filter(email=email):
        mailbox.delete()
        if mailbox.public_id:
            revoked.send(ConfirmedMailbox, what=MAILBOX, ref=mailbox.public_id, at=timezone.now())
