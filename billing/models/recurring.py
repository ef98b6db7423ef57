"""Invoices that come back: a template, its lines, and the drafts that were made of it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.amounts import ZERO
from billing.inventory import RECURRING
from billing.models.details import DEFAULT_PAYMENT_DAYS, DueBasis
from billing.models.grounds import VatGround
from billing.models.invoices import Invoice
from customers.models import AssignmentKind, Customer, VatCode
from register.inventory import personal, plain
from register.models import Language, User
from register.roles import Access


class RecurringQuerySet(models.QuerySet["Recurring"]):
    def due(self, *, on: date) -> RecurringQuerySet:
        """Those whose next day has come."""
        return self.filter(next_on__lte=on)


class Recurring(models.Model):
    """What a customer is billed again and again. It makes drafts and never issues; `next_on` empty: it has ended.

    Days are counted from `first_on`, so that a template of the 31st comes at the end of every month.
    """

    class Interval(models.IntegerChoices):
        MONTHLY = 1, _("every month")
        QUARTERLY = 3, _("every three months")
        YEARLY = 12, _("every year")

    about = "customer"
    access = Access(
        owner="read delete",
        billing="read add change delete",
        worker="read change delete",
        columns={"worker": ("next_on",)},
    )

    customer = plain(
        models.ForeignKey(Customer, models.CASCADE, related_name="recurring", verbose_name=_("customer"))
    )
    interval = plain(
        models.PositiveSmallIntegerField(_("comes"), choices=Interval.choices, default=Interval.MONTHLY)
    )
    first_on = plain(models.DateField(_("first day")))
    next_on = plain(models.DateField(_("next day"), null=True, editable=False))
    ends_on = plain(models.DateField(_("last day"), null=True, blank=True))
    language = plain(
        models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FINNISH)
    )
    subject = personal(RECURRING, models.CharField(_("subject"), max_length=200, blank=True))
    buyer_reference = personal(
        RECURRING, models.CharField(_("customer's reference"), max_length=100, blank=True)
    )
    order_number = personal(RECURRING, models.CharField(_("order number"), max_length=100, blank=True))
    note = personal(RECURRING, models.TextField(_("text on the invoice"), blank=True))
    payment_days = plain(
        models.PositiveSmallIntegerField(_("payment time, days"), default=DEFAULT_PAYMENT_DAYS)
    )
    due_basis = plain(
        models.CharField(
            _("the due date is"), max_length=12, choices=DueBasis.choices, default=DueBasis.INVOICE
        )
    )
    prices_include_vat = plain(models.BooleanField(_("prices include VAT"), default=False))
    vat_ground = plain(models.ForeignKey(VatGround, models.PROTECT, null=True, blank=True, related_name="+"))
    vat_reason = personal(RECURRING, models.CharField(_("why no VAT is charged"), max_length=200, blank=True))
    discount_percent = plain(
        models.DecimalField(_("discount on the total, %"), max_digits=5, decimal_places=2, default=ZERO)
    )
    discount_amount = plain(
        models.DecimalField(_("discount on the total, €"), max_digits=14, decimal_places=2, default=ZERO)
    )
    discount_reason = personal(
        RECURRING, models.CharField(_("what the discount is for"), max_length=100, blank=True)
    )
    entered_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    objects = RecurringQuerySet.as_manager()

    class Meta:
        verbose_name = _("recurring invoice")
        verbose_name_plural = _("recurring invoices")
        indexes = [
            models.Index(fields=["next_on", "id"], condition=Q(next_on__isnull=False), name="recurring_due"),
            models.Index(fields=["customer", "-id"], name="recurring_of_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("first_on")),
                name="recurring_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gte=F("first_on")),
                name="recurring_next_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"S{self.pk}"


class RecurringLine(models.Model):
    """One line of a template; its rate is that of the day on which it comes."""

    about = "recurring__customer"
    access = Access(owner="read delete", billing="read add delete", worker="read delete")
    audited = False

    recurring = plain(models.ForeignKey(Recurring, models.CASCADE, related_name="lines"))
    position = plain(models.PositiveSmallIntegerField(_("order")))
    description = personal(RECURRING, models.CharField(_("description"), max_length=300))
    neutral = personal(RECURRING, models.CharField(_("printed instead"), max_length=300, blank=True))
    quantity = plain(models.DecimalField(_("quantity"), max_digits=12, decimal_places=3))
    unit = plain(models.CharField(_("unit"), max_length=20, blank=True))
    unit_price = plain(models.DecimalField(_("unit price"), max_digits=14, decimal_places=4))
    discount_percent = plain(
        models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2, default=ZERO)
    )
    vat_code = plain(models.CharField(_("VAT"), max_length=10, choices=VatCode.choices))
    kind = plain(
        models.ForeignKey(
            AssignmentKind,
            models.PROTECT,
            null=True,
            blank=True,
            related_name="+",
            verbose_name=_("kind"),
        )
    )

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"S{self.recurring_id}.{self.position}"


class Occurrence(models.Model):
    """One day on which a template made a draft; it makes one a day, however often it is asked."""

    about = "recurring__customer"
    access = Access(
        owner="read change delete",
        billing="read add change",
        worker="read add change delete",
        columns={"owner": ("invoice",), "billing": ("invoice",), "worker": ("invoice",)},
    )
    audited = False

    recurring = plain(models.ForeignKey(Recurring, models.CASCADE, related_name="occurrences"))
    on = plain(models.DateField(_("date")))
    invoice = plain(models.OneToOneField(Invoice, models.SET_NULL, null=True, related_name="occurrence"))

    class Meta:
        verbose_name = _("occurrence of a recurring invoice")
        verbose_name_plural = _("occurrences of recurring invoices")
        constraints = [models.UniqueConstraint(fields=["recurring", "on"], name="occurrence_once_a_day")]

    def __str__(self) -> str:
        return f"S{self.recurring_id} {self.on}"
