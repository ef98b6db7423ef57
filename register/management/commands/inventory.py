"""Show, write or check docs/inventory.md: every field, what it is, who sees it, how long it is kept."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from register import documents, record


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ["inventory"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--check", action="store_true", help="compare docs/ with the inventory")
        how.add_argument("--write", action="store_true", help="write docs/inventory.md")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            documents.write(documents.inventories())
        elif options["check"]:
            outdated = documents.outdated(documents.inventories())
            if outdated:
                raise CommandError(f"{', '.join(outdated)} is out of date: run manage.py inventory --write")
            self.stdout.write("docs/inventory.md equals the inventory.")
        else:
            self.stdout.write(record.inventory_table())
