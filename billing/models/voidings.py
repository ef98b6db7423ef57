"""Numbers that were taken and given up: an invoice credited in full before it was sent to anybody."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.inventory import BOOKED, INVOICE
from billing.models.invoices import Invoice
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class Voiding(models.Model):
    """The record of a voided number, for whoever audits the series."""

    about = "invoice__customer"
    kept_from = "invoice__issued_on"
    shell = BOOKED
    access = Access(
        owner="read change delete",
        billing="read add",
        worker="read change delete",
        columns={"owner": ("reason",), "worker": ("reason",)},
    )

    invoice = plain(models.OneToOneField(Invoice, models.CASCADE, primary_key=True, related_name="voiding"))
    note = plain(models.OneToOneField(Invoice, models.CASCADE, related_name="voids"))
    reason = personal(INVOICE, models.CharField(_("reason"), max_length=500))
    voided_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    voided_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("voided number")
        verbose_name_plural = _("voided numbers")

    def __str__(self) -> str:
        return f"D{self.invoice_id}"
