"""Money going back to customers: proposed, approved, exported to the bank, answered by the bank."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.inventory import PAYMENT, REFUND_ACCOUNT
from billing.models.ledger import Entry, Payment
from customers.models import Customer
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class RefundFile(models.Model):
    """One payment order (pain.001) that a second person releases in the bank."""

    about = None
    access = Access(
        owner="read",
        billing="read add change",
        worker="read",
        columns={"billing": ("sha256", "answer", "answered_at")},
    )

    message_id = plain(models.CharField(_("message identifier"), max_length=35, unique=True))
    version = plain(models.CharField(_("version"), max_length=2, default="03"))
    execute_on = plain(models.DateField(_("to be paid on")))
    count = plain(models.PositiveIntegerField(_("refunds")))
    sum = plain(models.DecimalField(_("sum"), max_digits=14, decimal_places=2))
    sha256 = plain(models.CharField(_("fingerprint of the file"), max_length=64, blank=True))
    answer = plain(models.CharField(_("the bank's answer"), max_length=10, blank=True))
    answered_at = plain(models.DateTimeField(null=True))
    exported_at = plain(models.DateTimeField(_("exported")))
    exported_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))

    class Meta:
        verbose_name = _("refund file")
        verbose_name_plural = _("refund files")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.message_id


class Refund(models.Model):
    """What one customer gets back of one payment. The account is kept until the bank has answered."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        EXPORTED = "exported", _("In a file for the bank")
        ACCEPTED = "accepted", _("Paid")
        REJECTED = "rejected", _("Rejected by the bank")
        CANCELLED = "cancelled", _("Cancelled")

    about = "customer"
    kept_from = "proposed_at"
    access = Access(
        owner="read change delete",
        billing="read add change",
        worker="read change delete",
        columns={
            "owner": ("iban",),
            "billing": (
                "state",
                "iban",
                "payee_name",
                "approved_at",
                "approved_by",
                "file",
                "entry",
                "code",
                "settled_at",
            ),
            "worker": ("iban",),
        },
    )

    customer = plain(models.ForeignKey(Customer, models.PROTECT, related_name="refunds"))
    payment = plain(models.ForeignKey(Payment, models.CASCADE, related_name="refunds"))
    amount = plain(models.DecimalField(_("amount"), max_digits=14, decimal_places=2))
    state = plain(models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED))
    payee_name = personal(PAYMENT, models.CharField(_("account holder"), max_length=70))
    iban = personal(REFUND_ACCOUNT, models.CharField(_("account"), max_length=34, blank=True))
    message = plain(models.CharField(_("message to the receiver"), max_length=140))
    code = plain(models.CharField(_("the bank's reason"), max_length=10, blank=True))
    proposed_at = plain(models.DateTimeField(_("proposed")))
    proposed_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    approved_at = plain(models.DateTimeField(_("approved"), null=True))
    approved_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    file = plain(models.ForeignKey(RefundFile, models.PROTECT, null=True, related_name="refunds"))
    entry = plain(models.OneToOneField(Entry, models.CASCADE, null=True, related_name="refund"))
    settled_at = plain(models.DateTimeField(null=True))

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        indexes = [
            models.Index(
                fields=["-id"],
                condition=Q(state__in=["proposed", "approved", "exported"]),
                name="refund_on_its_way",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_money"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "cancelled"]) | Q(approved_by__isnull=False),
                name="refund_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "approved", "cancelled"])
                | Q(file__isnull=False, entry__isnull=False),
                name="refund_exported_is_booked",
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(state__in=["proposed", "approved"]),
                name="refund_of_payment_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"PAL{self.pk}"

    @property
    def end_to_end_id(self) -> str:
        """What the bank's answer names."""
        return f"PALAUTUS-{self.pk}"
