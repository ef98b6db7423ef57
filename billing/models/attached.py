"""Files that go out with an invoice; frozen with it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.inventory import INVOICE
from billing.models.invoices import Invoice
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class InvoiceAttachment(models.Model):
    """One stored file; `path` is relative to the installation's private files.

    `pages` is how many the print queue prints after the invoice; None: it cannot, so a person encloses the file.
    """

    about = "invoice__customer"
    kept_from = "invoice__issued_on"
    access = Access(owner="read delete", billing="read add delete", worker="read delete")

    invoice = plain(models.ForeignKey(Invoice, models.CASCADE, related_name="attachments"))
    name = personal(INVOICE, models.CharField(_("file name"), max_length=200))
    content_type = plain(models.CharField(max_length=100))
    size = plain(models.PositiveIntegerField(_("size, bytes")))
    sha256 = personal(INVOICE, models.CharField(max_length=64))
    pages = plain(models.PositiveSmallIntegerField(_("printed pages"), null=True, editable=False))
    path = plain(models.CharField(max_length=100, unique=True))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("file of an invoice")
        verbose_name_plural = _("files of invoices")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"D{self.invoice_id}.F{self.pk}"
