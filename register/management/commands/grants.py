"""Show, write, apply or check the database privileges that follow from the inventory."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from register import grants
from register.management.commands.migrate import secure

SQL_FILE = Path("docs/grants.sql")
MATRIX_FILE = Path("docs/privileges.txt")


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ["inventory"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--check", action="store_true", help="compare files (and the database) with the inventory"
        )
        how.add_argument("--write", action="store_true", help=f"write {SQL_FILE} and {MATRIX_FILE}")
        how.add_argument("--apply", action="store_true", help="apply to the database")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            for path, text in generated().items():
                (settings.BASE_DIR / path).write_text(text)
        elif options["apply"]:
            secure()
        elif options["check"]:
            self._check()
        else:
            self.stdout.write(grants.sql())

    def _check(self) -> None:
        found = [
            f"{path} is not what the inventory says: run manage.py grants --write"
            for path, text in generated().items()
            if not (settings.BASE_DIR / path).exists() or (settings.BASE_DIR / path).read_text() != text
        ]
        if "migrate" in connections.databases:
            with connections["migrate"].cursor() as cursor:
                found += grants.differences(cursor)
        else:
            self.stdout.write("No database here: only the files were compared.")
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("Privileges equal the inventory.")


def generated() -> dict[Path, str]:
    return {SQL_FILE: grants.sql(), MATRIX_FILE: grants.matrix()}
