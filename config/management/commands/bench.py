"""`manage.py bench`: begun by manage.py itself, before there are settings; here for `manage.py help`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand

from config import bench


class Command(BaseCommand):
    help = "Measure the pages on made-up customers, against two controls."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        bench.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        bench.run(Namespace(**options))
