"""`manage.py provision`: begun by manage.py itself, before there are settings; here for `manage.py help`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from register import launch, logins
from register.provision import ProvisioningError


class Command(BaseCommand):
    help = "Make the seven database logins on a server and store their URLs in this installation's secrets."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        logins.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            logins.provision_server(Namespace(**options), launch.say)
        except ProvisioningError as error:
            raise CommandError(str(error)) from error
