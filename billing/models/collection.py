"""Collection (*perintä*): a case per debtor, what was handed to an agency, what was given up.

A case's stage follows from its steps, each with its author and day. What was handed over is kept as it was, since it
is also the record of the disclosure (GDPR Art. 15 and 30).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.inventory import AGENCY_CASE, BOOKED
from billing.models.ledger import Entry, Receivable
from customers.models import Customer
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class Agency(models.Model):
    """A collection agency (*perintätoimisto*): a registered company, so nothing here is about a person."""

    about = None
    access = Access(owner="read add change", billing="read add change", worker="read")

    name = plain(models.CharField(_("name"), max_length=200, unique=True))
    business_id = plain(models.CharField(_("business ID"), max_length=9))
    contact = plain(models.CharField(_("where packages are sent"), max_length=200, blank=True))
    ended_on = plain(models.DateField(_("not used since"), null=True, blank=True))

    class Meta:
        verbose_name = _("collection agency")
        verbose_name_plural = _("collection agencies")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"A{self.pk}"


class CollectionCase(models.Model):
    """One debtor's debts that are being collected; at most one case is open for a customer."""

    class Stage(models.TextChoices):
        OWN = "own", _("Own collection")
        AGENCY = "agency", _("With the agency")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        PAID = "paid", _("Paid")
        LOSS = "loss", _("Credit loss")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    about = "customer"
    kept_from = "opened_on"
    shell = BOOKED
    access = Access(
        owner="read delete",
        billing="read add change",
        worker="read delete",
        columns={"billing": ("stage", "agency", "outcome", "closed_on")},
    )

    customer = plain(models.ForeignKey(Customer, models.PROTECT, related_name="collection_cases"))
    stage = plain(models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.OWN))
    agency = plain(models.ForeignKey(Agency, models.PROTECT, null=True, related_name="cases"))
    opened_on = plain(models.DateField(_("opened")))
    closed_on = plain(models.DateField(_("closed"), null=True))
    outcome = plain(models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True))

    class Meta:
        verbose_name = _("collection case")
        verbose_name_plural = _("collection cases")
        indexes = [models.Index(fields=["stage", "-id"], name="case_by_stage")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(closed_on__isnull=True), name="one_open_case_a_customer"
            ),
            models.CheckConstraint(
                condition=Q(stage="closed", closed_on__isnull=False) & ~Q(outcome="")
                | Q(~Q(stage="closed"), closed_on__isnull=True, outcome=""),
                name="case_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(stage="agency") | Q(agency__isnull=False), name="case_with_agency_names_it"
            ),
        ]

    def __str__(self) -> str:
        return f"P{self.pk}"


class CaseItem(models.Model):
    """A receivable in a case; it is in one open case at a time.

    `handover` is the one by which an agency has it now: a debt that came later is ours until it is handed over too.
    """

    about = "case__customer"
    kept_from = "case__opened_on"
    access = Access(
        owner="read delete",
        billing="read add change",
        worker="read delete",
        columns={"billing": ("left_on", "handover")},
    )
    audited = False

    case = plain(models.ForeignKey(CollectionCase, models.CASCADE, related_name="items"))
    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="case_items"))
    handover = plain(models.ForeignKey("Handover", models.CASCADE, null=True, related_name="items"))
    added_on = plain(models.DateField(_("added")))
    left_on = plain(models.DateField(_("left"), null=True))

    class Meta:
        verbose_name = _("debt in collection")
        verbose_name_plural = _("debts in collection")
        constraints = [
            models.UniqueConstraint(
                fields=["receivable"], condition=Q(left_on__isnull=True), name="debt_in_one_case"
            )
        ]

    def __str__(self) -> str:
        return f"P{self.case_id}.{self.receivable_id}"


class CaseStep(models.Model):
    """What was done in a case, by whom and when; steps are added, never changed."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        ADDED = "added", _("Debt added")
        HANDED_OVER = "handed_over", _("Handed to the agency")
        REPORTED = "reported", _("Payment reported by the agency")
        PAID_HERE = "paid_here", _("Payment here, to be told to the agency")
        TOLD = "told", _("Told to the agency")
        RECALLED = "recalled", _("Recalled from the agency")
        LOSS = "loss", _("Credit loss")
        LOSS_BACK = "loss_back", _("Credit loss taken back")
        CLOSED = "closed", _("Closed")

    about = "case__customer"
    kept_from = "on"
    access = Access(owner="read delete", billing="read add", worker="read add delete")
    audited = False

    case = plain(models.ForeignKey(CollectionCase, models.CASCADE, related_name="steps"))
    kind = plain(models.CharField(_("step"), max_length=12, choices=Kind.choices))
    on = plain(models.DateField(_("date")))
    amount = plain(models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True))
    reason = personal(AGENCY_CASE, models.CharField(_("reason"), max_length=200, blank=True))
    by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of a case")
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"P{self.case_id} {self.kind}"


class Handover(models.Model):
    """What an agency was given: the package byte for byte, its sums, and why it might be given (the disclosure)."""

    class Ground(models.TextChoices):
        CONTRACT = "contract", _("collecting what is owed by contract (GDPR Art. 6(1)(b) and (f))")

    about = "case__customer"
    kept_from = "on"
    access = Access(owner="read delete", billing="read add change", worker="read delete",
                    columns={"billing": ("recalled_on",)})  # fmt: skip
    audited = False

    case = plain(models.ForeignKey(CollectionCase, models.CASCADE, related_name="handovers"))
    agency = plain(models.ForeignKey(Agency, models.PROTECT, related_name="handovers"))
    on = plain(models.DateField(_("date")))
    ground = plain(
        models.CharField(_("ground"), max_length=10, choices=Ground.choices, default=Ground.CONTRACT)
    )
    principal = plain(models.DecimalField(_("principal"), max_digits=14, decimal_places=2))
    costs = plain(models.DecimalField(_("costs"), max_digits=14, decimal_places=2))
    interest = plain(models.DecimalField(_("interest"), max_digits=14, decimal_places=2))
    package = personal(AGENCY_CASE, models.BinaryField())
    sha256 = plain(models.CharField(_("fingerprint of the package"), max_length=64))
    recalled_on = plain(models.DateField(_("recalled"), null=True))
    by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")

    def __str__(self) -> str:
        return f"P{self.case_id} {self.on}"


class CreditLoss(models.Model):
    """A debt given up in the books (*luottotappio*); the claim itself may live on.

    `vat` is the part of the loss that was VAT: the seller may take it off his own (AVL 1501/1993 78 §).
    """

    class Reason(models.TextChoices):
        INSOLVENT = "insolvent", _("The debtor has no means (enforcement or bankruptcy)")
        SMALL = "small", _("Too small to be collected")
        UNTRACEABLE = "untraceable", _("The debtor cannot be found")
        TIME_BARRED = "time_barred", _("Time-barred")
        SETTLEMENT = "settlement", _("Settlement or debt adjustment")

    about = "receivable__customer"
    kept_from = "on"
    access = Access(owner="read delete", billing="read add", worker="read delete")
    audited = False

    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="losses"))
    entry = plain(models.OneToOneField(Entry, models.CASCADE, related_name="loss"))
    reason = plain(models.CharField(_("reason"), max_length=12, choices=Reason.choices))
    amount = plain(models.DecimalField(_("amount"), max_digits=14, decimal_places=2))
    vat = plain(models.DecimalField(_("of it VAT"), max_digits=14, decimal_places=2))
    per_rate = plain(models.JSONField(_("per VAT rate"), default=list))
    claim_lives = plain(models.BooleanField(_("the claim lives on"), default=True))
    on = plain(models.DateField(_("date")))
    by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("credit loss")
        verbose_name_plural = _("credit losses")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0, vat__gte=0), name="loss_is_positive")]
        indexes = [models.Index(fields=["on", "id"], name="loss_by_day")]

    def __str__(self) -> str:
        return f"{self.receivable_id} {self.on}"
