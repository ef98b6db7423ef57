"""The mailing app."""

from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "mailing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from customers.importing import objections
        from mailing import imported

        objections.ask_also(imported.stopped)
        objections.tell_also(imported.refuse)
