"""Closing the books: months that are locked, the accounts of the journal, and what the accountant was given."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from register.inventory import plain
from register.models import User
from register.roles import Access


class PeriodLockQuerySet(models.QuerySet["PeriodLock"]):
    def standing(self) -> PeriodLockQuerySet:
        """Those that nobody has taken off, the latest day first."""
        return self.filter(unlocking__isnull=True).order_by("-until", "-pk")


class PeriodLock(models.Model):
    """Nothing is issued, booked or credited on or before `until` (Kirjanpitolaki 1336/1997 2:7)."""

    about = None
    access = Access(owner="read", billing="read add", worker="read")

    until = plain(models.DateField(_("locked until")))
    locked_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    locked_at = plain(models.DateTimeField(_("locked"), auto_now_add=True))

    objects = PeriodLockQuerySet.as_manager()

    class Meta:
        verbose_name = _("locked period")
        verbose_name_plural = _("locked periods")

    def __str__(self) -> str:
        return f"{self.until}"


class PeriodUnlock(models.Model):
    """The owner takes a lock off, and says why. Only the owner's login may add a row."""

    about = None
    access = Access(owner="read add", billing="read", worker="read")

    lock = plain(models.OneToOneField(PeriodLock, models.PROTECT, related_name="unlocking"))
    reason = plain(models.CharField(_("reason"), max_length=300))
    unlocked_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    unlocked_at = plain(models.DateTimeField(_("unlocked"), auto_now_add=True))

    class Meta:
        verbose_name = _("unlocked period")
        verbose_name_plural = _("unlocked periods")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="period_unlocked_for_a_reason")]

    def __str__(self) -> str:
        return f"{self.lock_id}"


class JournalAccount(models.Model):
    """Which account of the company's chart the journal uses for what.

    `vat` narrows sales to one rate or VAT category (`25.5`, `AE`); empty is for all others.
    """

    class Use(models.TextChoices):
        RECEIVABLES = "receivables", _("Trade receivables")
        BANK = "bank", _("Bank account")
        UNALLOCATED = "unallocated", _("Payments not allocated")
        SALES = "sales", _("Sales")
        VAT = "vat", _("VAT payable")
        LOSS = "loss", _("Credit losses")
        DIFFERENCE = "difference", _("Small differences")
        INTEREST = "interest", _("Interest income")
        FEES = "fees", _("Reminder and collection fees")
        AGENCY = "agency", _("Collection agencies' settlements")
        AGENCY_FEES = "agency_fees", _("Collection agencies' fees")

    about = None
    access = Access(owner="read", billing="read add change delete", worker="read")

    use = plain(models.CharField(_("for"), max_length=12, choices=Use.choices))
    vat = plain(models.CharField(_("VAT rate or category"), max_length=5, blank=True))
    number = plain(models.CharField(_("account"), max_length=10))

    class Meta:
        verbose_name = _("account of the journal")
        verbose_name_plural = _("accounts of the journal")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["use", "vat"], name="journal_account_once"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9]{3,10}$"), name="journal_account_is_number"
            ),
            models.CheckConstraint(condition=Q(vat="") | Q(use="sales"), name="journal_rates_are_of_sales"),
        ]

    def __str__(self) -> str:
        return self.number


class JournalExport(models.Model):
    """A journal that was handed to the accountant: the days, how much, and the file's fingerprint."""

    about = None
    access = Access(owner="read", billing="read add", worker="read")

    first = plain(models.DateField(_("from")))
    last = plain(models.DateField(_("until")))
    postings = plain(models.PositiveIntegerField(_("postings")))
    debit = plain(models.DecimalField(_("debit"), max_digits=16, decimal_places=2))
    sha256 = plain(models.CharField(_("fingerprint"), max_length=64))
    made_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    made_at = plain(models.DateTimeField(_("exported"), auto_now_add=True))

    class Meta:
        verbose_name = _("journal export")
        verbose_name_plural = _("journal exports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="journal_days_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"
