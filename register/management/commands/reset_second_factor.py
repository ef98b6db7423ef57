"""`manage.py reset_second_factor ada@example.fi`: when the only owner lost phone and recovery codes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from register.models import User
from register.staff import rights


class Command(BaseCommand):
    help = "Take away somebody's second factors; a new one is added at the next sign-in. It is audited and mailed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("There is no account with this e-mail.")
        rights.reset_second_factor(user=user, by=None)
        self.stdout.write(f"{user} adds a new second factor at the next sign-in.")
