"""Many drafts that somebody had issued in one go. The worker issues what stands here and nothing else (0045)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import Invoice
from register.inventory import plain
from register.models import User
from register.roles import Access


class IssuingRun(models.Model):
    """One such act; its results say what became of each draft."""

    about = None
    access = Access(
        owner="read", billing="read add", worker="read change", columns={"worker": ("finished_at",)}
    )

    client_key = plain(models.UUIDField(unique=True, editable=False))
    send = plain(models.BooleanField(_("sent when issued"), default=False))
    count = plain(models.PositiveIntegerField(_("drafts")))
    asked_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    asked_at = plain(models.DateTimeField(_("asked for")))
    finished_at = plain(models.DateTimeField(_("finished"), null=True, editable=False))

    class Meta:
        verbose_name = _("issuing of many")
        verbose_name_plural = _("issuings of many")
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="issuing_unfinished")
        ]

    def __str__(self) -> str:
        return f"DM{self.pk}"


class IssuingResultQuerySet(models.QuerySet["IssuingResult"]):
    def waiting(self) -> IssuingResultQuerySet:
        """Neither issued nor refused yet."""
        return self.filter(problem="", invoice__number="")

    def issued(self) -> IssuingResultQuerySet:
        return self.filter(problem="").exclude(invoice__number="")

    def refused(self) -> IssuingResultQuerySet:
        return self.exclude(problem="")


class IssuingResult(models.Model):
    """One draft: issued when it has its number, or why it was not. `total` is the sum to which was said yes."""

    about = "invoice__customer"
    access = Access(
        owner="read delete",
        billing="read add delete",
        worker="read change delete",
        columns={"worker": ("problem",)},
    )
    audited = False

    run = plain(models.ForeignKey(IssuingRun, models.CASCADE, related_name="results"))
    invoice = plain(models.ForeignKey(Invoice, models.CASCADE, related_name="issuings"))
    client_key = plain(models.UUIDField(unique=True, editable=False, default=uuid.uuid4))
    total = plain(models.DecimalField(_("total"), max_digits=14, decimal_places=2))
    problem = plain(models.CharField(_("problem"), max_length=500, blank=True))

    objects = IssuingResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of issuing many")
        verbose_name_plural = _("results of issuing many")
        constraints = [models.UniqueConstraint(fields=["run", "invoice"], name="issuing_draft_once")]

    def __str__(self) -> str:
        return f"DM{self.run_id}.D{self.invoice_id}"
