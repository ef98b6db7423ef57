"""What stands between a late debt and its reminder: disputes, more time, instalment plans, holds.

Each is a row with its author and day, and so is its end; the invoice is never rewritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import models
from django.db.models import F, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from billing.amounts import ZERO
from billing.inventory import COLLECTION
from billing.models.ledger import Entry, PaymentReference, Receivable
from customers.models import Customer
from register.inventory import personal, plain
from register.models import User
from register.roles import Access

NOTE = 500
"""The longest note on an agreement or dispute."""

ADDED = Access(owner="read delete", billing="read add", worker="read delete")
"""Rows that are added and stay; the end of a state is a row of its own."""


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def standing(self) -> DisputeQuerySet:
        return self.filter(resolution__isnull=True)


class Dispute(models.Model):
    """What the debtor contests, whole or in part (Laki saatavien perinnästä 4 b §)."""

    class Ground(models.TextChoices):
        AMOUNT = "amount", _("The amount is wrong")
        QUALITY = "quality", _("Fault in the work or goods")
        NOT_DELIVERED = "not_delivered", _("Not delivered")
        NOT_ORDERED = "not_ordered", _("Not ordered")
        PAID = "paid", _("Says that it is paid")
        OTHER = "other", _("Something else")

    about = "receivable__customer"
    kept_from = "since"
    access = ADDED

    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="disputes"))
    amount = plain(models.DecimalField(_("disputed"), max_digits=14, decimal_places=2))
    since = plain(models.DateField(_("since")))
    ground = plain(models.CharField(_("what for"), max_length=15, choices=Ground.choices))
    note = personal(COLLECTION, models.CharField(_("note"), max_length=NOTE, blank=True))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_of_something")]

    def __str__(self) -> str:
        return f"R{self.pk}"


class Resolution(models.Model):
    """How a dispute ended."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("The debtor was right")
        SETTLED = "settled", _("Settled")
        REJECTED = "rejected", _("The objection was groundless")
        WITHDRAWN = "withdrawn", _("The debtor withdrew it")

    about = "dispute__receivable__customer"
    kept_from = "on"
    access = ADDED

    dispute = plain(
        models.OneToOneField(Dispute, models.CASCADE, primary_key=True, related_name="resolution")
    )
    outcome = plain(models.CharField(_("outcome"), max_length=10, choices=Outcome.choices))
    on = plain(models.DateField(_("date")))
    note = personal(COLLECTION, models.CharField(_("note"), max_length=NOTE, blank=True))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("end of a dispute")
        verbose_name_plural = _("ends of disputes")

    def __str__(self) -> str:
        return f"R{self.pk}"


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def first_due(self, keys: Sequence[int]) -> dict[int, date]:
        """The due dates that receivables had before any more time was given, of those that were given some."""
        rows = self.filter(receivable__in=keys).order_by().values_list("receivable")
        return dict(rows.annotate(day=Min("was_due_on")))


class Extension(models.Model):
    """More time that was agreed: the receivable's day moves, the invoice and this row tell from where.

    `interest_runs`: late interest runs on meanwhile; otherwise the days from the agreement to the new day bear none.
    """

    about = "receivable__customer"
    kept_from = "agreed_on"
    access = ADDED

    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="extensions"))
    was_due_on = plain(models.DateField(_("earlier due date")))
    due_on = plain(models.DateField(_("new due date")))
    agreed_on = plain(models.DateField(_("agreed")))
    interest_runs = plain(models.BooleanField(_("late interest runs on"), default=True))
    note = personal(COLLECTION, models.CharField(_("note"), max_length=NOTE, blank=True))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gt=F("was_due_on")), name="extension_gives_time"),
        ]

    def __str__(self) -> str:
        return f"X{self.pk}"


class PlanQuerySet(models.QuerySet["Plan"]):
    def standing(self) -> PlanQuerySet:
        return self.filter(ending__isnull=True)

    def with_met(self) -> PlanQuerySet:
        """With `met`: what payments, credits and waivers have met of each since it was agreed."""
        since = Q(receivable__entries__pk__gt=F("after_entry")) & ~Q(receivable__entries__kind=Entry.Kind.FEE)
        return self.annotate(met=Coalesce(-Sum("receivable__entries__amount", filter=since), ZERO))


class Plan(models.Model):
    """An instalment plan for one receivable. `after_entry`: what the ledger has behind it meets the instalments.

    `whole_falls_due`: a missed instalment may make everything that is left due at once.
    Without `interest_runs` no interest runs while it is kept (`interest_free`).
    """

    about = "receivable__customer"
    kept_from = "agreed_on"
    access = ADDED

    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="plans"))
    amount = plain(models.DecimalField(_("amount"), max_digits=14, decimal_places=2))
    after_entry = plain(models.BigIntegerField(editable=False))
    agreed_on = plain(models.DateField(_("agreed")))
    interest_runs = plain(models.BooleanField(_("late interest runs on"), default=True))
    whole_falls_due = plain(models.BooleanField(_("a missed instalment makes the whole due"), default=True))
    note = personal(COLLECTION, models.CharField(_("note"), max_length=NOTE, blank=True))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment plan")
        verbose_name_plural = _("instalment plans")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="plan_of_something")]

    def __str__(self) -> str:
        return f"S{self.pk}"


class Instalment(models.Model):
    """One payment of a plan, with a reference number of its own that leads to the receivable."""

    about = "plan__receivable__customer"
    kept_from = "due_on"
    access = ADDED
    audited = False

    plan = plain(models.ForeignKey(Plan, models.CASCADE, related_name="instalments"))
    number = plain(models.PositiveSmallIntegerField(_("number")))
    due_on = plain(models.DateField(_("due")))
    amount = plain(models.DecimalField(_("amount"), max_digits=14, decimal_places=2))
    reference = plain(models.OneToOneField(PaymentReference, models.CASCADE, related_name="instalment"))

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="instalment_once_in_plan"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_of_something"),
        ]

    def __str__(self) -> str:
        return f"S{self.plan_id}.{self.number}"


class PlanEnd(models.Model):
    """Why a plan is no longer in force."""

    class Reason(models.TextChoices):
        PAID = "paid", _("Paid")
        DEFAULT = "default", _("An instalment was missed: the whole fell due")
        CANCELLED = "cancelled", _("Cancelled by agreement")
        CREDITED = "credited", _("The invoice was credited")

    about = "plan__receivable__customer"
    kept_from = "on"
    access = ADDED

    plan = plain(models.OneToOneField(Plan, models.CASCADE, primary_key=True, related_name="ending"))
    reason = plain(models.CharField(_("reason"), max_length=10, choices=Reason.choices))
    on = plain(models.DateField(_("date")))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("end of an instalment plan")
        verbose_name_plural = _("ends of instalment plans")

    def __str__(self) -> str:
        return f"S{self.pk}"


class HoldQuerySet(models.QuerySet["Hold"]):
    def standing(self, *, on: date) -> HoldQuerySet:
        return self.filter(lifting__isnull=True, since__lte=on).filter(
            Q(until__isnull=True) | Q(until__gte=on)
        )


class Hold(models.Model):
    """No reminder goes, for one receivable or, without one, for everything of the customer."""

    class Kind(models.TextChoices):
        QUIET = "quiet", _("Do not remind")
        FREE = "free", _("Payment-free days")
        COURT = "court", _("The consumer wants it decided in court (4 c §)")
        AGENCY = "agency", _("With the collection agency")

    about = "customer"
    kept_from = "since"
    access = ADDED

    customer = plain(models.ForeignKey(Customer, models.PROTECT, related_name="holds"))
    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, null=True, related_name="holds"))
    kind = plain(models.CharField(_("kind"), max_length=10, choices=Kind.choices))
    since = plain(models.DateField(_("from")))
    until = plain(models.DateField(_("until"), null=True, blank=True))
    note = personal(COLLECTION, models.CharField(_("reason"), max_length=NOTE, blank=True))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="hold_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(kind="free") | Q(until__isnull=False), name="payment_free_days_end"
            ),
        ]

    def __str__(self) -> str:
        return f"P{self.pk}"


class Lifting(models.Model):
    """A hold was lifted before its day."""

    about = "hold__customer"
    kept_from = "on"
    access = ADDED

    hold = plain(models.OneToOneField(Hold, models.CASCADE, primary_key=True, related_name="lifting"))
    on = plain(models.DateField(_("date")))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("lifting of a hold")
        verbose_name_plural = _("liftings of holds")

    def __str__(self) -> str:
        return f"P{self.pk}"
