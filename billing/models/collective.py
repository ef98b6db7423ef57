"""Collective drafts (*koontilaskut*): one act that draws up a draft a customer from all that was released."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.inventory import RELEASED
from billing.models.invoices import Invoice
from customers.models import Customer
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class CollectiveRun(models.Model):
    """One such act; its results say what became of each customer."""

    about = None
    access = Access(
        owner="read",
        billing="read add change",
        worker="read change",
        columns={"billing": ("finished_at",), "worker": ("finished_at",)},
    )

    until = plain(models.DateField(_("work done until")))
    asked_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    asked_at = plain(models.DateTimeField(_("asked for"), auto_now_add=True))
    finished_at = plain(models.DateTimeField(_("finished"), null=True, editable=False))
    client_key = plain(models.UUIDField(unique=True, editable=False))

    class Meta:
        verbose_name = _("collective drafts")
        verbose_name_plural = _("collective drafts")

    def __str__(self) -> str:
        return f"N{self.pk}"


class CollectiveResult(models.Model):
    """What became of one customer: a draft, or why there is none; neither yet: waits its turn."""

    about = "customer"
    access = Access(
        owner="read change delete",
        billing="read add change",
        worker="read change delete",
        columns={"owner": ("invoice",), "billing": ("invoice", "problem"), "worker": ("invoice", "problem")},
    )
    audited = False

    run = plain(models.ForeignKey(CollectiveRun, models.CASCADE, related_name="results"))
    customer = plain(models.ForeignKey(Customer, models.CASCADE, related_name="collective_results"))
    invoice = plain(models.ForeignKey(Invoice, models.SET_NULL, null=True, related_name="+"))
    problem = personal(RELEASED, models.CharField(_("problem"), max_length=300, blank=True))

    class Meta:
        verbose_name = _("result of collective drafts")
        verbose_name_plural = _("results of collective drafts")
        indexes = [
            models.Index(fields=["invoice"], name="collective_draft", condition=Q(invoice__isnull=False))
        ]
        constraints = [models.UniqueConstraint(fields=["run", "customer"], name="collective_customer_once")]

    def __str__(self) -> str:
        return f"N{self.run_id}.K{self.customer_id}"
