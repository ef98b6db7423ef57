"""What late interest and limitation need besides the ledger: agreed rates, invoiced periods, what moved a limit."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.inventory import COLLECTION
from billing.models.invoices import Invoice
from billing.models.ledger import Receivable
from customers.models import Customer
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class AgreedRate(models.Model):
    """Late interest agreed with a business: for one receivable, or for what is invoiced from one day to another.

    Never with a consumer (Korkolaki 633/1982, 2 § 2): the database refuses it, and the calculation looks at none.
    """

    about = "customer"
    kept_from = "valid_from"
    access = Access(
        owner="read delete",
        billing="read add change delete",
        worker="read delete",
        columns={"billing": ("valid_to",)},
    )

    customer = plain(models.ForeignKey(Customer, models.PROTECT, related_name="agreed_rates"))
    receivable = plain(
        models.ForeignKey(Receivable, models.CASCADE, null=True, blank=True, related_name="agreed_rates")
    )
    rate = plain(models.DecimalField(_("rate, % a year"), max_digits=5, decimal_places=2))
    valid_from = plain(models.DateField(_("from")))
    valid_to = plain(models.DateField(_("until"), null=True, blank=True))
    agreement = personal(COLLECTION, models.CharField(_("where it was agreed"), max_length=200))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("agreed late interest")
        verbose_name_plural = _("agreed late interests")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lt=100), name="agreed_rate_is_percent"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="agreed_rate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"K{self.customer_id} {self.valid_from}"


class InterestPeriod(models.Model):
    """Late interest of one receivable from one day to another that stands on an interest invoice.

    The database lets no two periods of one receivable meet unless the earlier invoice was credited in full.
    """

    about = "receivable__customer"
    kept_from = "first"
    access = Access(owner="read delete", billing="read add", worker="read delete")

    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="interest_periods"))
    invoice = plain(models.ForeignKey(Invoice, models.CASCADE, related_name="interest_periods"))
    first = plain(models.DateField(_("from")))
    last = plain(models.DateField(_("until")))
    amount = plain(models.DecimalField(_("amount"), max_digits=14, decimal_places=2))

    class Meta:
        verbose_name = _("invoiced interest")
        verbose_name_plural = _("invoiced interest")
        ordering = ["receivable", "first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first"), amount__gte=0), name="interest_period_sensible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receivable_id} {self.first}"


class LimitationEvent(models.Model):
    """What interrupted limitation besides reminders and payments (Laki velan vanhentumisesta 728/2003, 10–11 §)."""

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", _("The debtor acknowledged the debt")
        COURT = "court", _("Claim filed with a court")
        ENFORCEMENT = "enforcement", _("Enforcement applied for")
        JUDGMENT = "judgment", _("Judgment")

    about = "receivable__customer"
    kept_from = "on"
    access = Access(owner="read delete", billing="read add delete", worker="read delete")

    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="limitation_events"))
    kind = plain(models.CharField(_("what happened"), max_length=16, choices=Kind.choices))
    on = plain(models.DateField(_("date")))
    evidence = personal(COLLECTION, models.CharField(_("how it can be shown"), max_length=200))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("interruption of limitation")
        verbose_name_plural = _("interruptions of limitation")
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.receivable_id} {self.on}"
