"""The billing app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from billing import cards, together
        from customers import panels
        from register import keeping

        panels.ASSIGNMENT.add(cards.release)
        panels.CUSTOMER.add(cards.customer)
        panels.TODAY.add(cards.waiting)
        panels.TODAY.add(cards.rules)
        keeping.together(together.Together)
