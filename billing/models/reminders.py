"""Reminders and what they cost: approved by somebody, made by the worker, then evidence (migration 0041)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.inventory import COLLECTION
from billing.models.ledger import Entry, Receivable
from billing.models.rules import Rule
from customers.models import Customer
from register.inventory import personal, plain
from register.models import Language, User
from register.roles import Access


class Charge(models.Model):
    """One collection cost and the row of the law's table that allows it.

    `amount` is what the rule allows and was asked; `posted` what of it came to the ledger: where the standard
    compensation was claimed, other costs count only above it (Laki saatavien perinnästä 10 e §).
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder", _("Reminder fee")
        COMPENSATION = "compensation", _("Standard compensation")
        EXTENSION = "extension", _("Fee for more time")
        PLAN = "plan", _("Fee for an instalment plan")

    about = "receivable__customer"
    kept_from = "on"
    access = Access(owner="read delete", billing="read add", worker="read add delete")

    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="charges"))
    kind = plain(models.CharField(_("kind"), max_length=12, choices=Kind.choices))
    rule = plain(models.ForeignKey(Rule, models.PROTECT, related_name="+"))
    amount = plain(models.DecimalField(_("amount"), max_digits=10, decimal_places=2))
    posted = plain(models.DecimalField(_("posted"), max_digits=10, decimal_places=2))
    entry = plain(models.OneToOneField(Entry, models.CASCADE, null=True, related_name="charge"))
    on = plain(models.DateField(_("date")))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("collection cost")
        verbose_name_plural = _("collection costs")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, posted__gte=0, posted__lte=F("amount")), name="charge_posted_within"
            ),
            models.CheckConstraint(
                condition=Q(posted=0, entry__isnull=True) | Q(posted__gt=0, entry__isnull=False),
                name="charge_posted_has_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"C{self.pk}"

    @property
    def section(self) -> str:
        """The section of the law; its sign never stands alone at the beginning of a line."""
        return self.rule.statute.replace(" §", "\u00a0§")


class Waiver(models.Model):
    """A cost that is not asked after all, and why."""

    class Reason(models.TextChoices):
        PAID_BEFORE = "paid_before", _("Paid before the reminder left")
        NOT_SENT = "not_sent", _("The reminder did not reach the debtor")
        DISPUTE = "dispute", _("The dispute was justified")
        GOODWILL = "goodwill", _("Goodwill")
        ERROR = "error", _("Charged by mistake")
        CREDITED = "credited", _("The invoice was credited")
        UNLAWFUL = "unlawful", _("Above what may be asked of a consumer")

    BY_ITSELF = (Reason.CREDITED, Reason.UNLAWFUL)
    """Reasons that follow from another decision; nobody chooses them."""

    about = "charge__receivable__customer"
    kept_from = "on"
    access = Access(owner="read delete", billing="read add", worker="read add delete")

    charge = plain(models.OneToOneField(Charge, models.CASCADE, primary_key=True, related_name="waiver"))
    entry = plain(models.OneToOneField(Entry, models.CASCADE, null=True, related_name="waiver"))
    reason = plain(models.CharField(_("reason"), max_length=12, choices=Reason.choices))
    on = plain(models.DateField(_("date")))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("waived cost")
        verbose_name_plural = _("waived costs")

    def __str__(self) -> str:
        return f"C{self.pk}"


class Level(models.TextChoices):
    """How sharply it is said."""

    FRIENDLY = "friendly", _("Friendly reminder")
    REMINDER = "reminder", _("Reminder")
    DEMAND = "demand", _("Payment demand")


class ReminderRun(models.Model):
    """What somebody approved in one go; the worker makes its letters one by one."""

    about = None
    access = Access(owner="read", billing="read add", worker="read change", columns={"worker": ("done_at",)})

    on = plain(models.DateField(_("date")))
    client_key = plain(models.UUIDField(unique=True, editable=False))
    letters = plain(models.PositiveIntegerField(_("letters")))
    approved_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    approved_at = plain(models.DateTimeField(_("approved")))
    done_at = plain(models.DateTimeField(_("done"), null=True))

    class Meta:
        verbose_name = _("reminder run")
        verbose_name_plural = _("reminder runs")

    def __str__(self) -> str:
        return f"MA{self.pk}"


class Reminder(models.Model):
    """One letter to one debtor about one or several debts.

    `document` is what the letter says, frozen; the PDF is made from it, and the sending carries the PDF.
    """

    class State(models.TextChoices):
        APPROVED = "approved", _("Waiting")
        MADE = "made", _("Letter made")
        DROPPED = "dropped", _("Not made")

    about = "customer"
    kept_from = "on"
    access = Access(
        owner="read delete",
        billing="read add",
        worker="read change delete",
        columns={"worker": ("state", "problem", "document", "sha256", "pay_by", "made_at")},
    )

    run = plain(models.ForeignKey(ReminderRun, models.PROTECT, related_name="reminders"))
    customer = plain(models.ForeignKey(Customer, models.PROTECT, related_name="reminders"))
    level = plain(models.CharField(_("level"), max_length=10, choices=Level.choices))
    language = plain(models.CharField(_("language"), max_length=2, choices=Language.choices))
    on = plain(models.DateField(_("date")))
    pay_by = plain(models.DateField(_("to be paid by")))
    state = plain(models.CharField(_("state"), max_length=10, choices=State.choices, default=State.APPROVED))
    problem = plain(models.CharField(_("why not"), max_length=300, blank=True))
    document = personal(COLLECTION, models.JSONField(null=True, editable=False))
    sha256 = plain(models.CharField(_("fingerprint of the PDF"), max_length=64, blank=True))
    made_at = plain(models.DateTimeField(_("made"), null=True))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes = [
            models.Index(fields=["run", "id"], name="reminder_of_run"),
            models.Index(fields=["customer", "-id"], name="reminder_of_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="made")
                | Q(document__isnull=False, made_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$"),
                name="reminder_made_is_frozen",
            ),
            models.CheckConstraint(condition=Q(pay_by__gte=F("on")), name="reminder_gives_time"),
        ]

    def __str__(self) -> str:
        return f"MU{self.pk}"


class ReminderItem(models.Model):
    """One debt of a reminder: what was open and disputed, the fee, and the reckoning that made it lawful.

    `why` holds the rule rows, days and figures used, as they were. `charge` is the fee in the ledger.
    """

    about = "reminder__customer"
    kept_from = "reminder__on"
    access = Access(
        owner="read delete",
        billing="read add",
        worker="read change delete",
        columns={"worker": ("principal", "costs", "interest", "fee", "fee_rule", "charge", "why", "dropped")},
    )
    audited = False

    reminder = plain(models.ForeignKey(Reminder, models.CASCADE, related_name="items"))
    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="reminded"))
    principal = plain(models.DecimalField(_("principal"), max_digits=14, decimal_places=2))
    costs = plain(models.DecimalField(_("earlier costs"), max_digits=14, decimal_places=2))
    interest = plain(models.DecimalField(_("late interest"), max_digits=14, decimal_places=2, null=True))
    fee = plain(models.DecimalField(_("fee"), max_digits=10, decimal_places=2))
    fee_rule = plain(models.ForeignKey(Rule, models.PROTECT, null=True, related_name="+"))
    charge = plain(models.OneToOneField(Charge, models.CASCADE, null=True, related_name="item"))
    why = plain(models.JSONField(default=dict))
    dropped = plain(models.CharField(_("left out because"), max_length=300, blank=True))

    class Meta:
        verbose_name = _("debt of a reminder")
        verbose_name_plural = _("debts of reminders")
        indexes = [models.Index(fields=["receivable", "reminder"], name="reminder_item_of_debt")]
        constraints = [
            models.UniqueConstraint(fields=["reminder", "receivable"], name="debt_once_in_reminder"),
            models.CheckConstraint(
                condition=Q(fee=0) | Q(fee__gt=0, fee_rule__isnull=False), name="fee_has_its_rule"
            ),
        ]

    def __str__(self) -> str:
        return f"MU{self.reminder_id}"


class ReminderPdf(models.Model):
    """The letter as it was made, byte for byte."""

    about = "reminder__customer"
    kept_from = "reminder__on"
    access = Access(owner="read delete", billing="read", worker="read add delete")
    audited = False

    reminder = plain(models.OneToOneField(Reminder, models.CASCADE, primary_key=True, related_name="pdf"))
    content = personal(COLLECTION, models.BinaryField())
    sha256 = plain(models.CharField(max_length=64))

    class Meta:
        verbose_name = _("reminder as PDF")
        verbose_name_plural = _("reminders as PDF")

    def __str__(self) -> str:
        return f"MU{self.reminder_id}"
