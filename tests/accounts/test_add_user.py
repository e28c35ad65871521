"""`add_user`: two lines, the same again changes nothing, and what it refuses."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ConfirmedMailbox, InboxAddress, Role, User

pytestmark = pytest.mark.django_db


def add_user(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("add_user", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_it_prints_a_login_and_an_inbox_and_nothing_else() -> None:
    login, inbox = add_user("Mei@Example.com")
    assert re.fullmatch(r"login: http://127\.0\.0\.1:8000/enter/\S+/", login)
    assert inbox == f"inbox: {InboxAddress.objects.get().address}"
    user = User.objects.get(email="mei@example.com")
    assert (user.role, user.has_usable_password()) == (Role.SHOPPER, False)
    assert user.confirmed_mailboxes.get().how == ConfirmedMailbox.How.HOST


def test_the_printed_link_logs_in(client: Client) -> None:
    login, _inbox = add_user("mei@example.com")
    client.get(login.removeprefix("login: http://127.0.0.1:8000"))
    assert client.get("/start/").status_code == 200


def test_the_same_again_changes_nothing() -> None:
    first = add_user("mei@example.com")
    before = User.objects.values().get()
    again = add_user("MEI@example.com ")
    assert again[1] == first[1]
    assert User.objects.values().get() == before
    models = (User, InboxAddress, ConfirmedMailbox, EmailAddress)
    assert [model.objects.count() for model in models] == [1, 1, 1, 1]


@pytest.mark.parametrize("role", ["shopper", "volunteer", "staff"])
def test_each_role_may_be_added(role: str) -> None:
    assert len(add_user("mei@example.com", "--role", role)) == 2
    assert User.objects.get().role == role


def test_another_role_is_refused_with_exit_status_1() -> None:
    add_user("mei@example.com")
    with pytest.raises(CommandError, match="already here as shopper") as refused:
        add_user("mei@example.com", "--role", "volunteer")
    assert refused.value.returncode == 1
    assert User.objects.get().role == "shopper"


@pytest.mark.parametrize("email", ["not-an-email", "a@b@c", "u@in.suji.localhost"])
def test_what_is_no_email_of_a_person_is_refused(email: str) -> None:
    with pytest.raises(CommandError):
        add_user(email)
    assert not User.objects.exists()
