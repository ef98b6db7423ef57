"""The proof-of-sending ledger: what went to whom by which channel, and what came of it.

Late interest, reminders and limitation rest on it: what bounced was not sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.inventory import SENDING
from billing.models.invoices import Invoice
from billing.models.reminders import Reminder
from customers.models import Customer
from register.inventory import personal, plain
from register.models import User
from register.roles import Access

IN_DOUBT_AFTER = timedelta(minutes=15)
"""How long a mail server may take to answer; whoever has not heard by then will not hear any more."""


class SendingRun(models.Model):
    """Many invoices that somebody sent in one go."""

    about = None
    access = Access(owner="read", billing="read add", worker="read")

    client_key = plain(models.UUIDField(unique=True, editable=False))
    count = plain(models.PositiveIntegerField(_("invoices")))
    asked_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    asked_at = plain(models.DateTimeField(_("asked for")))

    class Meta:
        verbose_name = _("sending of many")
        verbose_name_plural = _("sendings of many")

    def __str__(self) -> str:
        return f"LM{self.pk}"


class SendingQuerySet(models.QuerySet["Sending"]):
    def waiting(self) -> SendingQuerySet:
        return self.filter(state=Sending.State.QUEUED)

    def gone(self) -> SendingQuerySet:
        """Went out and did not come back."""
        return self.filter(state=Sending.State.SENT)

    def live(self) -> SendingQuerySet:
        """On their way, or gone."""
        return self.filter(state__in=[Sending.State.QUEUED, Sending.State.HANDING, Sending.State.SENT])

    def in_doubt(self, *, at: datetime) -> SendingQuerySet:
        """In the air, and nobody will hear any more what became of it."""
        unheard = Q(handed_at__lte=at - IN_DOUBT_AFTER) | ~Q(result="")
        return self.filter(unheard, state=Sending.State.HANDING)


class Sending(models.Model):
    """One document on its way by one channel to one address; `sha256` is the document's fingerprint.

    A mail is `handing` from just before the server is given its text until the server's answer is known: what
    stays so was in the air when the worker died, and nobody but a person sends it again.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        HANDING = "handing", _("Being handed over")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        BOUNCED = "bounced", _("Returned")
        CANCELLED = "cancelled", _("Cancelled")

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PAPER = "paper", _("Letter")
        E_INVOICE = "e_invoice", _("E-invoice")
        HAND = "hand", _("Otherwise")

    about = "customer"
    kept_from = "queued_at"
    access = Access(
        owner="read delete",
        billing="read add change",
        worker="read add change delete",
        columns={"billing": ("state", "sent_at", "settled_at", "result"),
                 "worker": ("state", "sent_at", "settled_at", "result", "attempts", "try_at", "handed_at")},
    )  # fmt: skip

    customer = plain(models.ForeignKey(Customer, models.PROTECT, related_name="sendings"))
    invoice = plain(models.ForeignKey(Invoice, models.CASCADE, null=True, related_name="sendings"))
    reminder = plain(models.ForeignKey(Reminder, models.CASCADE, null=True, related_name="sendings"))
    run = plain(models.ForeignKey(SendingRun, models.PROTECT, null=True, related_name="sendings"))
    channel = plain(models.CharField(_("channel"), max_length=10, choices=Channel.choices))
    address = personal(SENDING, models.TextField(_("address"), blank=True))
    sha256 = plain(models.CharField(_("fingerprint of the document"), max_length=64))
    state = plain(models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED))
    result = plain(models.CharField(_("result"), max_length=200, blank=True))
    attempts = plain(models.PositiveSmallIntegerField(_("attempts"), default=0))
    queued_at = plain(models.DateTimeField(_("asked for")))
    try_at = plain(models.DateTimeField(_("tried again"), null=True))
    handed_at = plain(models.DateTimeField(_("handed over"), null=True))
    sent_at = plain(models.DateTimeField(_("sent"), null=True))
    settled_at = plain(models.DateTimeField(_("result known"), null=True))
    asked_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))

    objects = SendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        indexes = [
            models.Index(fields=["channel", "id"], condition=Q(state="queued"), name="sending_queued"),
            models.Index(
                fields=["-id"], condition=Q(state__in=["failed", "bounced"]), name="sending_went_wrong"
            ),
            models.Index(fields=["state", "-id"], name="sending_by_state"),
            models.Index(fields=["channel", "-id"], name="sending_by_channel"),
            models.Index(
                fields=["queued_at"],
                include=["invoice"],
                condition=Q(state__in=["queued", "handing", "sent"]),
                name="sending_live",
            ),
            models.Index(fields=["run", "id"], condition=Q(run__isnull=False), name="sending_of_run"),
            models.Index(fields=["invoice", "-id"], name="sending_of_invoice"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "handing", "failed", "cancelled"])
                | Q(sent_at__isnull=False),
                name="sending_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="handing") | Q(channel="email", handed_at__isnull=False),
                name="sending_handing_is_mail",
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(state__in=["queued", "handing"], invoice__isnull=False),
                name="invoice_sent_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["reminder"],
                condition=Q(state__in=["queued", "handing"], reminder__isnull=False),
                name="reminder_sent_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"L{self.pk}"

    @property
    def document_number(self) -> str:
        return str(self.invoice or self.reminder or "")

    @property
    def is_on_its_way(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.HANDING)

    def is_in_doubt(self, *, at: datetime) -> bool:
        """Whether nobody will hear any more what became of it."""
        if self.state != self.State.HANDING or self.handed_at is None:
            return False
        return bool(self.result) or self.handed_at <= at - IN_DOUBT_AFTER
