"""The proof-of-sending ledger: what went to whom by which channel, and what came of it.

Late interest, reminders and limitation rest on it: what bounced was not sent.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.inventory import SENDING
from billing.models.details import BillingDetails
from billing.models.invoices import Invoice
from billing.models.reminders import Reminder
from customers.models import Customer
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class Sending(models.Model):
    """One document on its way by one channel to one address; `sha256` is the document's fingerprint."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        BOUNCED = "bounced", _("Returned")
        CANCELLED = "cancelled", _("Cancelled")

    Channel = BillingDetails.Channel

    about = "customer"
    kept_from = "queued_at"
    access = Access(
        owner="read delete",
        billing="read add change",
        worker="read add change delete",
        columns={"billing": ("state", "sent_at", "settled_at", "result"),
                 "worker": ("state", "sent_at", "settled_at", "result")},
    )  # fmt: skip

    customer = plain(models.ForeignKey(Customer, models.PROTECT, related_name="sendings"))
    invoice = plain(models.ForeignKey(Invoice, models.CASCADE, null=True, related_name="sendings"))
    reminder = plain(models.ForeignKey(Reminder, models.CASCADE, null=True, related_name="sendings"))
    channel = plain(models.CharField(_("channel"), max_length=10, choices=BillingDetails.Channel.choices))
    address = personal(SENDING, models.TextField(_("address")))
    sha256 = plain(models.CharField(_("fingerprint of the document"), max_length=64))
    state = plain(models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED))
    result = plain(models.CharField(_("result"), max_length=200, blank=True))
    queued_at = plain(models.DateTimeField(_("asked for")))
    sent_at = plain(models.DateTimeField(_("sent"), null=True))
    settled_at = plain(models.DateTimeField(_("result known"), null=True))
    asked_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        indexes = [
            models.Index(fields=["channel", "id"], condition=Q(state="queued"), name="sending_queued"),
            models.Index(
                fields=["-id"], condition=Q(state__in=["failed", "bounced"]), name="sending_went_wrong"
            ),
            models.Index(fields=["invoice", "-id"], name="sending_of_invoice"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "failed", "cancelled"]) | Q(sent_at__isnull=False),
                name="sending_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"L{self.pk}"
