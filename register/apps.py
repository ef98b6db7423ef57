"""The core app: loads the inventory's declarations, the checks and the audit's registrations."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class RegisterConfig(AppConfig):
    name = "register"
    verbose_name = "Register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from register import audit, checks, safety  # noqa: F401  (the checks register themselves)

        for config in apps.get_app_configs():
            if config.name != self.name and find_spec(f"{config.name}.inventory"):
                import_module(f"{config.name}.inventory")
        audit.register_models()
