"""How a customer is billed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.inventory import BILLING_DETAILS
from customers.models import Customer
from register.inventory import personal, plain
from register.roles import Access

DEFAULT_PAYMENT_DAYS = 14


class DueBasis(models.TextChoices):
    """What the due date rests on: it decides when late interest starts (Korkolaki 633/1982, 5–7 §)."""

    CONTRACT = "contract", _("agreed in advance")
    STATUTE = "statute", _("set by law")
    INVOICE = "invoice_only", _("printed on the invoice only")


class Debtor(models.TextChoices):
    """Whom collection law sees: a consumer, or a company, association or other (Laki saatavien perinnästä)."""

    CONSUMER = "consumer", _("Consumer")
    BUSINESS = "business", _("Business")


class BillingDetails(models.Model):
    """One customer's billing details; kept by the owner and the billing person alike."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PAPER = "paper", _("Letter")
        E_INVOICE = "e_invoice", _("E-invoice")

    about = "customer"
    access = Access(
        owner="read add change delete", billing="read add change", worker="read add change delete"
    )

    customer = plain(
        models.OneToOneField(
            Customer, models.CASCADE, related_name="billing_details", verbose_name=_("customer")
        )
    )
    channel = plain(
        models.CharField(_("invoices go by"), max_length=10, choices=Channel.choices, default=Channel.PAPER)
    )
    email = personal(
        BILLING_DETAILS,
        models.CharField(_("e-mail for invoices"), max_length=320, blank=True),
        given_by_person=True,
        identifies=True,
    )
    attention = personal(
        BILLING_DETAILS,
        models.CharField(_("for the attention of"), max_length=200, blank=True),
        given_by_person=True,
    )
    street = personal(
        BILLING_DETAILS,
        models.CharField(_("street address"), max_length=200, blank=True),
        given_by_person=True,
        identifies=True,
    )
    postal_code = personal(
        BILLING_DETAILS, models.CharField(_("postal code"), max_length=12, blank=True), given_by_person=True
    )
    city = personal(
        BILLING_DETAILS, models.CharField(_("town"), max_length=100, blank=True), given_by_person=True
    )
    country = personal(
        BILLING_DETAILS, models.CharField(_("country"), max_length=60, default="FI"), given_by_person=True
    )
    einvoice_address = personal(
        BILLING_DETAILS,
        models.CharField(_("e-invoice address"), max_length=35, blank=True),
        given_by_person=True,
    )
    einvoice_operator = personal(
        BILLING_DETAILS,
        models.CharField(_("e-invoice operator"), max_length=35, blank=True),
        given_by_person=True,
    )
    vat_id = personal(
        BILLING_DETAILS, models.CharField(_("VAT number"), max_length=20, blank=True), given_by_person=True
    )
    buyer_reference = personal(
        BILLING_DETAILS,
        models.CharField(_("customer's reference"), max_length=100, blank=True),
        given_by_person=True,
    )
    payment_days = plain(
        models.PositiveSmallIntegerField(_("payment time, days"), default=DEFAULT_PAYMENT_DAYS)
    )
    due_basis = plain(
        models.CharField(
            _("the due date is"), max_length=12, choices=DueBasis.choices, default=DueBasis.INVOICE
        )
    )
    debtor = plain(
        models.CharField(_("treated as"), max_length=10, choices=Debtor.choices, blank=True, editable=False)
    )
    """What somebody decided; empty: a private customer is a consumer, everybody else a business."""

    class Meta:
        verbose_name = _("billing details")
        verbose_name_plural = _("billing details")
        constraints = [
            models.CheckConstraint(
                condition=Q(payment_days__gte=0, payment_days__lte=180), name="payment_days_sensible"
            )
        ]

    def __str__(self) -> str:
        return f"K{self.customer_id}"

    @property
    def town(self) -> str:
        """Postal code and town as on an envelope."""
        return f"{self.postal_code} {self.city}".strip()

    @property
    def address(self) -> tuple[str, ...]:
        """The lines below the name; the country only when it is not Finland."""
        country = "" if self.country in ("", "FI") else self.country
        return tuple(line for line in (self.street, self.town, country) if line)
