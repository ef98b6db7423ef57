"""`manage.py worker`: does the background jobs, after the same look at safety as the web processes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from register import safety


class Command(BaseCommand):
    help = "Do the background jobs until told to stop; several of them on any number of hosts share the work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=1, help="jobs done at the same time")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            safety.refuse()
        except safety.Unsafe as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(
                "The database does not answer; start the worker again when it does."
            ) from error
        call_command("procrastinate", "worker", concurrency=options["concurrency"])
