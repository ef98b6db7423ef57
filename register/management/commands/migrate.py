"""Django's migrate, by the migrator's login, followed by the grants and the context key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections, transaction

from register import access, grants
from register.models import ContextKey


class Command(DjangoMigrate):
    help = "Update the database to this version of the register, then apply the inventory's grants."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="migrate")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        targeted = options["app_label"] or options["plan"] or options["check_unapplied"]
        if options["database"] == "migrate" and not targeted:
            secure(verbosity=options["verbosity"])


def secure(*, verbosity: int = 1) -> None:
    """Apply the grants and give the database the key by which it verifies who acts."""
    inner, outer = access.padded_keys(settings.REGISTER_CONTEXT_KEY)
    with transaction.atomic(using="migrate"), connections["migrate"].cursor() as cursor:
        grants.apply(cursor)
        ContextKey.objects.using("migrate").update_or_create(
            only=True, defaults={"inner": inner, "outer": outer}
        )
    if verbosity:
        print("Database privileges equal the inventory.")
