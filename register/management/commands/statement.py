"""Show, write or check the privacy statement in docs/, made from the inventory for a made-up company."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from register import documents, statement
from register.models import Language


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ["inventory"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--check", action="store_true", help="compare docs/ with the inventory")
        how.add_argument("--write", action="store_true", help="write docs/privacy-statement.*.md")
        how.add_argument("--language", choices=Language.values, default="fi", help="the language to show")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            documents.write(documents.statements())
        elif options["check"]:
            outdated = documents.outdated(documents.statements())
            if outdated:
                raise CommandError(
                    f"{', '.join(outdated)} is not what the inventory says: run manage.py statement --write"
                )
            self.stdout.write("The privacy statement equals the inventory.")
        else:
            self.stdout.write(statement.draw_up(statement.EXAMPLE, options["language"]).markdown())
