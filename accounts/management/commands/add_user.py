"""`add_user EMAIL`: open an account for somebody, and print how they get in and where their mail goes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts import people
from accounts.adapter import refuse_inbox_domain
from accounts.links import login_url
from accounts.models import Role


class Command(BaseCommand):
    help = (
        "Open an account; its e-mail counts as confirmed. Prints two lines: 'login: URL', a link that logs "
        "the person in (embedded: for 7 days; production: once, within the hour), and 'inbox: ADDRESS', "
        "where they forward their mail to. The same again changes nothing. Exit status 1: the e-mail is no "
        "e-mail, belongs to the inbox domain, or is already here in another role."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="the e-mail of the person")
        parser.add_argument(
            "--role", choices=Role.values, default=Role.SHOPPER.value, help="what they are (default: shopper)"
        )

    def handle(self, *args: Any, email: str, role: str, **options: Any) -> None:
        email = email.strip().lower()
        try:
            validate_email(email)
            refuse_inbox_domain(email)
            user, inbox = people.add_user(email, role)
        except ValidationError as error:
            raise CommandError(f"{email}: {' '.join(error.messages)}") from None
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"login: {login_url(user)}")
        self.stdout.write(f"inbox: {inbox.address}")
