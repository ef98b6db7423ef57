"""`manage.py run`: begun by manage.py itself, before there are settings; here for `manage.py help`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from register import launch


class Command(BaseCommand):
    help = "Run this register on localhost."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        launch.add_run_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        launch.serve(demo=False, port=options["port"])
