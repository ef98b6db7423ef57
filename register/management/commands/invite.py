"""`manage.py invite ada@example.fi --role owner`: for operators without a browser, or when no owner can sign in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from register.accounts import mails
from register.roles import Role
from register.staff import invitations


class Command(BaseCommand):
    help = "Invite somebody and print the link by which the account is made, once, within a week."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--role", choices=Role.values, default=Role.OWNER)
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="fi")

    def handle(self, *args: Any, **options: Any) -> None:
        details = {key: options[key] for key in ("email", "name", "role", "language")}
        try:
            validate_email(details["email"])
            token = invitations.invite(**details, by=None, at=timezone.now())
        except ValidationError:
            raise CommandError("This is not an e-mail address.") from None
        except invitations.AlreadyUser:
            raise CommandError("There is an account with this e-mail already.") from None
        self.stdout.write(mails.invitation_link(token))
