"""`manage.py prepare`: bring the database up to date before the web server starts, quickly when it is.

The launcher runs it, with every login, whenever the program or its settings changed (register.preparation).
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from register import preparation
from register.management.commands.migrate import secure


class Command(BaseCommand):
    help = "Migrate, apply the grants, and make the demo company or the setup link where they are due."

    def handle(self, *args: Any, **options: Any) -> None:
        self.migrate()
        if settings.REGISTER_DEMO:
            self.show_demo()
        elif not self.has_accounts() and find_spec("register.setup"):
            self.say("Nobody has an account yet. Open this link once to set the register up:")
            self.stdout.write(f"\n    {import_module('register.setup').setup_link()}\n\n")
        if self.has_accounts():
            preparation.mark_done()

    def has_accounts(self) -> bool:
        return get_user_model()._default_manager.using("migrate").exists()

    def migrate(self) -> None:
        executor = MigrationExecutor(connections["migrate"])
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            self.say(f"Bringing the database up to date ({len(pending)} steps)")
            call_command("migrate", interactive=False, verbosity=0)
        else:
            secure(verbosity=0)  # grants and the key for signed actors may have changed without a migration

    def show_demo(self) -> None:
        """Make the company once; show its logins and links at every start."""
        if not self.has_accounts():
            self.say("Making the demo company")
        call_command("make_demo", stdout=self.stdout)

    def say(self, line: str) -> None:
        self.stdout.write(f"· {line}")
        self.stdout.flush()
