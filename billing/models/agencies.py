"""What passes between us and an agency: what it got for us and passed on, and what it was told of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.collection import Agency, CaseStep
from billing.models.ledger import Entry, Payment, Receivable
from register.inventory import plain
from register.roles import Access


class AgencySettlement(models.Model):
    """A transfer by which an agency passes on what it has reported, less the fee that it kept (*tilitys*).

    `entry` takes the transfer off what is not allocated; taken back, the settlement holds no longer.
    """

    about = "payment__customer"
    kept_from = "on"
    access = Access(owner="read delete", billing="read add", worker="read delete")
    audited = False

    agency = plain(models.ForeignKey(Agency, models.PROTECT, related_name="settlements"))
    payment = plain(models.ForeignKey(Payment, models.CASCADE, related_name="settlements"))
    entry = plain(models.OneToOneField(Entry, models.CASCADE, related_name="settlement"))
    fee = plain(models.DecimalField(_("fee that the agency kept"), max_digits=14, decimal_places=2))
    on = plain(models.DateField(_("date")))

    class Meta:
        verbose_name = _("agency's settlement")
        verbose_name_plural = _("agencies' settlements")
        constraints = [models.CheckConstraint(condition=Q(fee__gte=0), name="settlement_fee_not_negative")]

    def __str__(self) -> str:
        return f"T{self.pk}"


class AgencyReport(models.Model):
    """A payment that an agency says it has got, and the settlement by which the money reached us."""

    about = "payment__customer"
    kept_from = "payment__booked_on"
    access = Access(
        owner="read delete",
        billing="read add change",
        worker="read delete",
        columns={"billing": ("settlement",)},
    )
    audited = False

    payment = plain(models.OneToOneField(Payment, models.CASCADE, primary_key=True, related_name="report"))
    agency = plain(models.ForeignKey(Agency, models.PROTECT, related_name="reports"))
    settlement = plain(models.ForeignKey(AgencySettlement, models.CASCADE, null=True, related_name="reports"))

    class Meta:
        verbose_name = _("agency's report")
        verbose_name_plural = _("agencies' reports")
        indexes = [
            models.Index(fields=["agency"], condition=Q(settlement__isnull=True), name="report_not_settled")
        ]

    def __str__(self) -> str:
        return f"M{self.payment_id}"


class AgencyInterest(models.Model):
    """Late interest of a receivable that an agency has got: what ran until that day is not asked for again."""

    about = "receivable__customer"
    kept_from = "until"
    access = Access(owner="read delete", billing="read add", worker="read delete")
    audited = False

    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="agency_interest"))
    entry = plain(models.OneToOneField(Entry, models.CASCADE, related_name="agency_interest"))
    until = plain(models.DateField(_("until")))

    class Meta:
        verbose_name = _("interest that an agency got")
        verbose_name_plural = _("interest that agencies got")

    def __str__(self) -> str:
        return f"{self.receivable_id} {self.until}"


class AgencyTold(models.Model):
    """Something that happened to a debt while an agency had it, of which the agency has been told.

    `key` is that of the entry, cost, dispute or agreement; a waiver has its cost's, an end that of what it ended.
    """

    class What(models.TextChoices):
        ENTRY = "entry", _("Payment or credit note")
        CHARGE = "charge", _("Collection cost")
        WAIVER = "waiver", _("Cost waived")
        DISPUTE = "dispute", _("Dispute")
        RESOLUTION = "resolution", _("End of a dispute")
        EXTENSION = "extension", _("More time")
        PLAN = "plan", _("Instalment plan")
        PLAN_END = "plan_end", _("End of an instalment plan")

    about = "receivable__customer"
    kept_from = "on"
    access = Access(owner="read delete", billing="read add", worker="read delete")
    audited = False

    receivable = plain(models.ForeignKey(Receivable, models.CASCADE, related_name="told"))
    step = plain(models.ForeignKey(CaseStep, models.CASCADE, related_name="told"))
    what = plain(models.CharField(_("what happened"), max_length=10, choices=What.choices))
    key = plain(models.BigIntegerField())
    on = plain(models.DateField(_("date")))

    class Meta:
        verbose_name = _("news told to an agency")
        verbose_name_plural = _("news told to agencies")
        constraints = [models.UniqueConstraint(fields=["what", "key"], name="agency_told_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.key}"
