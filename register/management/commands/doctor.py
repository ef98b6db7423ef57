"""`manage.py doctor`: look at everything that must be right; exit status 1 when something is not."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from register import doctor
from register.doctor import screen


class Command(BaseCommand):
    help = "Look at logins, privileges, schema, secrets, disk, mail and backups; say what to do."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = doctor.examine()
        colour = self.stdout.isatty() and self.style.SUCCESS("x") != "x"
        self.stdout.write(screen.shown(findings, as_json=options["json"], colour=colour), ending="")
        if not doctor.healthy(findings):
            sys.exit(1)
