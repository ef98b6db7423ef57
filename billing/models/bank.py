"""Bank files and what became of every transaction in them; payments about which a person must decide."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.inventory import BANK_MESSAGE
from billing.models.ledger import Payment
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class BankFile(models.Model):
    """One file of the bank: which account and days it tells of, its sums, who imported it and when.

    The file itself is deleted once it is imported or refused.
    """

    class Format(models.TextChoices):
        STATEMENT = "camt.053", _("Account statement (camt.053)")
        NOTIFICATION = "camt.054", _("Incoming payments (camt.054)")
        LIST = "ktl", _("Reference payments (KTL)")
        ANSWER = "pain.002", _("Answer to refunds (pain.002)")

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being imported")
        DONE = "done", _("imported")
        REFUSED = "refused", _("refused")

    about = None
    access = Access(owner="read", billing="read add change", worker="read change")

    format = plain(models.CharField(_("format"), max_length=10, choices=Format.choices))
    file_name = plain(models.CharField(_("file"), max_length=200))
    sha256 = plain(models.CharField(_("fingerprint of the file"), max_length=64))
    path = plain(models.CharField(max_length=80, blank=True, editable=False))
    status = plain(
        models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.QUEUED)
    )
    problem = plain(models.CharField(_("problem"), max_length=300, blank=True))
    account = plain(models.CharField(_("account"), max_length=34, blank=True))
    first_on = plain(models.DateField(_("from"), null=True))
    last_on = plain(models.DateField(_("until"), null=True))
    total = plain(models.PositiveIntegerField(_("transactions"), default=0))
    handled = plain(models.PositiveSmallIntegerField(_("handled, per cent"), default=0))
    counts = plain(models.JSONField(default=dict, blank=True))
    uploaded_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    uploaded_at = plain(models.DateTimeField(_("uploaded")))
    done_at = plain(models.DateTimeField(_("done"), null=True))

    class Meta:
        verbose_name = _("bank file")
        verbose_name_plural = _("bank files")
        ordering = ["-id"]
        indexes = [models.Index(fields=["sha256"], name="bankfile_sha256")]

    def __str__(self) -> str:
        return f"P{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)


class StatementLineQuerySet(models.QuerySet["StatementLine"]):
    def waiting(self) -> StatementLineQuerySet:
        """Those whose specification has not come and about which nobody has decided."""
        return self.filter(specified_by__isnull=True, settled_at__isnull=True)


class StatementLine(models.Model):
    """A line of the account and whether its transactions have come: booked once, whichever file was first.

    Kept for lines whose transactions bear other identifiers than the line: a statement (053) tells such a line
    bare, its specification is in the notification (054).
    """

    about = None
    access = Access(
        owner="read change",
        billing="read add change",
        worker="read add change",
        columns={
            "owner": ("booked_as",),
            "billing": ("specified_by", "booked_as", "settled_at", "settled_by"),
            "worker": ("specified_by", "booked_as"),
        },
    )
    audited = False

    account = plain(models.CharField(_("account"), max_length=34))
    archive_id = plain(models.CharField(_("archive identifier"), max_length=80))
    booked_on = plain(models.DateField(_("booked")))
    amount = plain(models.DecimalField(_("amount"), max_digits=14, decimal_places=2))
    count = plain(models.PositiveIntegerField(_("transactions"), null=True))
    told_by = plain(models.ForeignKey(BankFile, models.PROTECT, related_name="+"))
    specified_by = plain(models.ForeignKey(BankFile, models.PROTECT, null=True, related_name="+"))
    booked_as = plain(
        models.OneToOneField(Payment, models.SET_NULL, null=True, related_name="statement_line")
    )
    settled_at = plain(models.DateTimeField(null=True))
    settled_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))

    objects = StatementLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the account")
        verbose_name_plural = _("lines of the account")
        indexes = [
            models.Index(
                fields=["-id"],
                condition=Q(specified_by__isnull=True, settled_at__isnull=True),
                name="statementline_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "archive_id", "booked_on", "amount"], name="statement_line_once"
            )
        ]

    def __str__(self) -> str:
        return f"R{self.pk}"


class BankRow(models.Model):
    """What became of one transaction of a file."""

    class Result(models.TextChoices):
        MATCHED = "matched", _("Matched")
        QUEUED = "queued", _("To be looked at")
        DUPLICATE = "duplicate", _("Known already")
        WAITING = "waiting", _("Waits for its specification")
        REFUSED = "refused", _("Not booked")

    about = "payment__customer"
    kept_from = "booked_on"
    access = Access(owner="read delete", billing="read add", worker="read add delete")
    audited = False

    file = plain(models.ForeignKey(BankFile, models.PROTECT, db_index=False, related_name="rows"))
    position = plain(models.PositiveIntegerField(_("row")))
    line = plain(models.PositiveIntegerField(_("line of the file")))
    archive_id = plain(models.CharField(_("archive identifier"), max_length=80, blank=True))
    amount = plain(models.DecimalField(_("amount"), max_digits=14, decimal_places=2))
    booked_on = plain(models.DateField(_("booked")))
    result = plain(models.CharField(_("result"), max_length=10, choices=Result.choices))
    reason = plain(models.CharField(_("reason"), max_length=20, blank=True))
    payment = plain(models.ForeignKey(Payment, models.CASCADE, null=True, related_name="rows"))

    class Meta:
        verbose_name = _("transaction of a bank file")
        verbose_name_plural = _("transactions of bank files")
        indexes = [models.Index(fields=["file", "result", "position"], name="bankrow_by_result")]
        constraints = [models.UniqueConstraint(fields=["file", "position"], name="bankrow_once")]

    def __str__(self) -> str:
        return f"P{self.file_id}-{self.position}"


class PaymentQuestionQuerySet(models.QuerySet["PaymentQuestion"]):
    def unsettled(self) -> PaymentQuestionQuerySet:
        return self.filter(settled_at__isnull=True)


class PaymentQuestion(models.Model):
    """A payment at which a person must look, why, and what he decided.

    The payer's message is kept only as long as nobody has decided. `original` is the payment that this one takes
    back.
    """

    class Reason(models.TextChoices):
        NO_REFERENCE = "no_reference", _("No reference number")
        WRONG_REFERENCE = "wrong_reference", _("Reference with a wrong check digit")
        UNKNOWN_REFERENCE = "unknown_reference", _("Unknown reference number")
        SEVERAL = "several", _("For several invoices")
        DOUBLE = "double", _("Paid twice")
        CREDITED = "credited", _("The invoice was credited")
        OVER = "over", _("Paid too much")
        UNDER = "under", _("Paid too little")
        AFTER_REMINDER = "after_reminder", _("Paid after a reminder, costs are open")
        PAYER_DIFFERS = "payer_differs", _("Somebody else has paid")
        RETURNED = "returned", _("Payment taken back by the bank")
        TAKEN_BACK = "taken_back", _("Allocation taken back")

    class Outcome(models.TextChoices):
        MATCHED = "matched", _("Allocated")
        SEEN = "seen", _("Looked at")
        CREDIT = "credit", _("Left to the customer's credit")
        NOT_OURS = "not_ours", _("Not for us")

    TOLD = (Reason.UNDER, Reason.AFTER_REMINDER, Reason.PAYER_DIFFERS)
    """Reasons at which all the money has met its invoice: for information."""

    about = "payment__customer"
    kept_from = "raised_at"
    access = Access(
        owner="read change delete",
        billing="read add change",
        worker="read add change delete",
        columns={
            "owner": ("message", "original"),
            "billing": ("reason", "message", "settled_at", "settled_by", "outcome", "original"),
            "worker": ("reason", "message", "settled_at", "outcome", "original"),
        },
    )
    audited = False

    payment = plain(models.OneToOneField(Payment, models.CASCADE, primary_key=True, related_name="question"))
    reason = plain(models.CharField(_("reason"), max_length=20, choices=Reason.choices))
    message = personal(BANK_MESSAGE, models.CharField(_("message"), max_length=420, blank=True))
    parts = plain(models.JSONField(default=list, blank=True))
    code = plain(models.CharField(_("the bank's reason"), max_length=10, blank=True))
    original = plain(models.ForeignKey(Payment, models.SET_NULL, null=True, related_name="corrections"))
    raised_at = plain(models.DateTimeField(_("raised")))
    settled_at = plain(models.DateTimeField(_("settled"), null=True))
    settled_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    outcome = plain(models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True))

    objects = PaymentQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a payment")
        verbose_name_plural = _("questions about payments")
        indexes = [
            models.Index(fields=["-payment"], condition=Q(settled_at__isnull=True), name="question_open"),
            models.Index(
                fields=["reason", "-payment"],
                condition=Q(settled_at__isnull=True),
                name="question_open_by_reason",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, outcome="")
                | Q(~Q(outcome=""), settled_at__isnull=False, message=""),
                name="question_settled_drops_message",
            )
        ]

    def __str__(self) -> str:
        return f"M{self.payment_id}"
