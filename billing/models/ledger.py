"""The ledger (*myyntireskontra*): what is owed, what was paid, and every entry that made it so.

Entries are only ever added. What is open of a receivable and unallocated of a payment is summed by the database
(migration 0006); no login may write those columns. When the vouchers' years are over, texts are emptied; keys
cascade, so that what has served its time goes with its invoice. Before that the database's triggers refuse both
(migration 0024).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.inventory import BOOKED, PAYMENT, REASON
from billing.models.details import Debtor, DueBasis
from billing.models.invoices import Invoice
from customers.models import Customer
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class ReceivableQuerySet(models.QuerySet["Receivable"]):
    def unpaid(self) -> ReceivableQuerySet:
        """Those of which principal or costs are open."""
        return self.filter(Q(open__gt=0) | Q(costs__gt=0))

    def overdue(self, *, on: date) -> ReceivableQuerySet:
        """Principal is open although its day has passed."""
        return self.filter(open__gt=0, due_on__lt=on)

    def costs_alone(self) -> ReceivableQuerySet:
        """Collection costs are open although nothing else is."""
        return self.filter(open=0, costs__gt=0)

    def behind(self, last: Receivable) -> ReceivableQuerySet:
        """Those after a receivable, the oldest due first; the day alone lets an index begin there."""
        later = Q(due_on__gt=last.due_on) | Q(due_on=last.due_on, pk__gt=last.pk)
        return self.filter(later, due_on__gte=last.due_on)


class Receivable(models.Model):
    """What one issued invoice has its customer owe. `due_on` moves when more time is agreed; the invoice stays.

    `natural_person`: a business debtor who is a sole trader (*toiminimi*); a consumer is one anyway. What he owes later
    has it by the database (migration 0030).
    """

    about = "customer"
    kept_from = "issued_on"
    access = Access(
        owner="read delete",
        billing="read add change",
        worker="read add change delete",
        columns={"billing": ("due_on", "due_basis", "debtor", "natural_person"), "worker": ("due_on",)},
    )

    invoice = plain(
        models.OneToOneField(Invoice, models.CASCADE, primary_key=True, related_name="receivable")
    )
    customer = plain(models.ForeignKey(Customer, models.PROTECT, related_name="receivables"))
    debtor = plain(models.CharField(_("debtor"), max_length=10, choices=Debtor.choices))
    natural_person = plain(models.BooleanField(_("sole trader"), default=False, db_default=False))
    number = plain(models.CharField(_("number"), max_length=20))
    issued_on = plain(models.DateField(_("date")))
    due_on = plain(models.DateField(_("due")))
    due_basis = plain(
        models.CharField(
            _("the due date is"), max_length=12, choices=DueBasis.choices, default=DueBasis.INVOICE
        )
    )
    amount = plain(models.DecimalField(_("total"), max_digits=14, decimal_places=2))
    open = plain(models.DecimalField(_("open"), max_digits=14, decimal_places=2, default=0, editable=False))
    costs = plain(
        models.DecimalField(_("open costs"), max_digits=14, decimal_places=2, default=0, editable=False)
    )
    settled_on = plain(models.DateField(_("settled"), null=True, editable=False))

    objects = ReceivableQuerySet.as_manager()

    class Meta:
        verbose_name = _("receivable")
        verbose_name_plural = _("receivables")
        indexes = [
            models.Index(
                fields=["due_on", "invoice"],
                include=["open", "costs", "debtor"],
                condition=Q(open__gt=0),
                name="receivable_due",
            ),
            models.Index(
                fields=["customer", "due_on"],
                condition=Q(open__gt=0) | Q(costs__gt=0),
                name="receivable_of_customer",
            ),
            models.Index(fields=["open"], condition=Q(open__gt=0), name="receivable_open_amount"),
            models.Index(
                fields=["customer"], condition=Q(natural_person=True), name="receivable_of_sole_trader"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(open__gte=0, costs__gte=0), name="receivable_not_negative"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("issued_on")), name="receivable_due_after_issue"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def outstanding(self) -> Decimal:
        """Principal and costs in euros."""
        return self.open + self.costs

    @property
    def is_of_natural_person(self) -> bool:
        """Whether a human being answers for the debt, so that it ends for good one day."""
        return self.natural_person or self.debtor == Debtor.CONSUMER

    def days_late(self, *, on: date) -> int:
        """Whole days past the due date; 0 when nothing of the principal is open."""
        return max((on - self.due_on).days, 0) if self.open else 0


class PaymentReference(models.Model):
    """A reference number by which money finds its receivable, as `references.matching_key` gives it."""

    about = "receivable__customer"
    kept_from = "receivable__issued_on"
    access = Access(owner="read delete", billing="read add", worker="read add delete")
    audited = False

    key = plain(models.CharField(_("reference number"), max_length=25, unique=True))
    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="references"))

    class Meta:
        verbose_name = _("reference number")
        verbose_name_plural = _("reference numbers")

    def __str__(self) -> str:
        return f"{self.receivable_id}"


class Payment(models.Model):
    """Money that came (or, negative, was taken back). `unallocated` is what no receivable has had of it."""

    class Source(models.TextChoices):
        BANK = "bank", _("Bank file")
        MANUAL = "manual", _("Entered by hand")
        AGENCY = "agency", _("Reported by the agency")

    about = "customer"
    kept_from = "booked_on"
    shell = BOOKED
    access = Access(
        owner="read change delete",
        billing="read add change",
        worker="read add change delete",
        columns={
            "owner": ("payer_name",),
            "billing": ("customer", "payer_name"),
            "worker": ("customer", "payer_name"),
        },
    )

    customer = plain(
        models.ForeignKey(Customer, models.PROTECT, null=True, db_index=False, related_name="payments")
    )
    source = plain(models.CharField(_("source"), max_length=10, choices=Source.choices))
    amount = plain(models.DecimalField(_("amount"), max_digits=14, decimal_places=2))
    unallocated = plain(
        models.DecimalField(_("not allocated"), max_digits=14, decimal_places=2, default=0, editable=False)
    )
    paid_on = plain(models.DateField(_("paid")))
    booked_on = plain(models.DateField(_("booked")))
    reference = plain(models.CharField(_("reference number"), max_length=35, blank=True))
    payer_name = personal(PAYMENT, models.CharField(_("payer"), max_length=140, blank=True))
    account = plain(models.CharField(_("our account"), max_length=34, blank=True))
    archive_id = plain(models.CharField(_("archive identifier"), max_length=80, blank=True))
    client_key = plain(models.UUIDField(null=True, editable=False))
    entered_by = plain(
        models.ForeignKey(User, models.PROTECT, null=True, editable=False, db_index=False, related_name="+")
    )
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        indexes = [
            models.Index(fields=["-id"], condition=~Q(unallocated=0), name="payment_unallocated"),
            models.Index(fields=["customer", "-paid_on"], name="payment_of_customer"),
            models.Index(fields=["booked_on", "id"], name="payment_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="payment_is_money"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, unallocated__gte=0, unallocated__lte=F("amount"))
                | Q(amount__lt=0, unallocated__lte=0, unallocated__gte=F("amount")),
                name="payment_allocated_within",
            ),
            models.UniqueConstraint(
                fields=["account", "archive_id"], condition=~Q(archive_id=""), name="payment_booked_once"
            ),
            models.UniqueConstraint(
                fields=["client_key"], condition=Q(client_key__isnull=False), name="payment_entered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"M{self.pk}"


class Entry(models.Model):
    """One line of the ledger; a positive amount adds to what is owed, a negative one takes from it.

    An entry with a payment takes from (negative) or gives back to (positive) what is unallocated of it; one without a
    receivable moves money of the payment only: a refund, interest that an agency got, what an agency passes on, or the
    meeting of a payment with its return.

    `on` is the day in the books. Where that had to be a later one, because the books were locked, `value_on` is the day
    from which the money counts towards the debtor.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        FEE = "fee", _("Collection cost")
        PAYMENT = "payment", _("Payment")
        CREDIT = "credit", _("Credit note")
        REVERSAL = "reversal", _("Payment taken back")
        REFUND = "refund", _("Refund")
        WRITE_OFF = "write_off", _("Credit loss")
        DIFFERENCE = "difference", _("Small difference")
        WAIVER = "waiver", _("Cost waived")
        INTEREST = "interest", _("Interest that an agency got")
        SETTLEMENT = "settlement", _("Agency's settlement")

    class Part(models.TextChoices):
        PRINCIPAL = "principal", _("Principal")
        COSTS = "costs", _("Costs")

    about = ("receivable__customer", "payment__customer")
    kept_from = "on"
    shell = BOOKED
    access = Access(
        owner="read change delete",
        billing="read add",
        worker="read add change delete",
        columns={"owner": ("reason",), "worker": ("reason",)},
    )
    audited = False

    kind = plain(models.CharField(_("entry"), max_length=10, choices=Kind.choices))
    part = plain(models.CharField(max_length=10, choices=Part.choices, default=Part.PRINCIPAL))
    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, null=True, related_name="entries"))
    payment = plain(models.ForeignKey(Payment, models.CASCADE, null=True, related_name="entries"))
    document = plain(
        models.ForeignKey(Invoice, models.CASCADE, null=True, db_index=False, related_name="entries")
    )
    reverses = plain(models.OneToOneField("self", models.CASCADE, null=True, related_name="reversed_by"))
    amount = plain(models.DecimalField(_("amount"), max_digits=14, decimal_places=2))
    on = plain(models.DateField(_("date")))
    value_on = plain(models.DateField(_("value date"), null=True, editable=False))
    reason = personal(REASON, models.CharField(_("reason"), max_length=200, blank=True))
    entered_by = plain(
        models.ForeignKey(User, models.PROTECT, null=True, editable=False, db_index=False, related_name="+")
    )
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["on", "id"]
        indexes = [
            models.Index(fields=["on", "kind"], include=["amount"], name="entry_by_day"),
            models.Index(fields=["document"], condition=Q(document__isnull=False), name="entry_of_document"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="entry_moves_something"),
            models.CheckConstraint(
                condition=Q(receivable__isnull=False) | Q(payment__isnull=False),
                name="entry_belongs_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(value_on__isnull=True) | Q(value_on__lt=F("on")),
                name="entry_valued_before_booked",
            ),
        ]

    def __str__(self) -> str:
        return f"E{self.pk}"

    @property
    def counts_on(self) -> date:
        """The day from which the entry counts for the debtor: interest, limitation, what he is told."""
        return self.value_on or self.on
