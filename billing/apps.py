"""The billing app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from billing import afterwards, cards, debt, latepayment, limitation
        from customers import panels

        panels.ASSIGNMENT.add(cards.release)
        panels.CUSTOMER.add(cards.customer)
        panels.TODAY.add(cards.waiting)
        panels.TODAY.add(cards.rules)
        limitation.REMINDERS.append(afterwards.interruptions)
        debt.COST_RULES.append(latepayment.sections)
        debt.REMARKS.append(latepayment.remarks)
