"""Work that the owner released for billing: a copy of the lines, which is billing's."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.inventory import RELEASED
from billing.models.invoices import Invoice
from customers.models import Assignment, AssignmentKind, Customer, VatCode
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class ReleasedQuerySet(models.QuerySet["ReleasedAssignment"]):
    def waiting(self) -> ReleasedQuerySet:
        """Those on no draft and no invoice yet."""
        return self.filter(invoice__isnull=True)


class ReleasedAssignment(models.Model):
    """One released assignment; `invoice` is the draft or invoice that took it."""

    about = "customer"
    access = Access(
        owner="read add change delete",
        billing="read change",
        worker="read change delete",
        columns={"owner": ("note", "invoice"), "billing": ("invoice",), "worker": ("invoice",)},
    )

    assignment = plain(models.OneToOneField(Assignment, models.CASCADE, related_name="released"))
    customer = plain(models.ForeignKey(Customer, models.CASCADE, related_name="released"))
    title = personal(RELEASED, models.CharField(_("assignment"), max_length=200))
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
    note = personal(RELEASED, models.TextField(_("note for billing"), blank=True))
    done_on = plain(models.DateField(_("done"), null=True))
    net = plain(models.DecimalField(_("without VAT"), max_digits=14, decimal_places=2))
    invoice = plain(
        models.ForeignKey(Invoice, models.SET_NULL, null=True, editable=False, related_name="released")
    )
    released_by = plain(models.ForeignKey(User, models.PROTECT, editable=False, related_name="+"))
    released_at = plain(models.DateTimeField(_("released")))

    objects = ReleasedQuerySet.as_manager()

    class Meta:
        verbose_name = _("work to be billed")
        verbose_name_plural = _("work to be billed")
        indexes = [
            models.Index(
                fields=["customer", "id"], condition=Q(invoice__isnull=True), name="released_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"T{self.assignment_id}"

    @property
    def number(self) -> str:
        return f"T{self.assignment_id}"


class ReleasedLine(models.Model):
    """One copied line; prices without VAT."""

    about = "release__customer"
    access = Access(owner="read add delete", billing="read", worker="read delete")
    audited = False

    release = plain(models.ForeignKey(ReleasedAssignment, models.CASCADE, related_name="lines"))
    position = plain(models.PositiveSmallIntegerField(_("order")))
    description = personal(RELEASED, models.CharField(_("description"), max_length=300))
    quantity = plain(models.DecimalField(_("quantity"), max_digits=12, decimal_places=3))
    unit = plain(models.CharField(_("unit"), max_length=20, blank=True))
    unit_price = plain(models.DecimalField(_("unit price"), max_digits=14, decimal_places=4))
    vat_code = plain(models.CharField(_("VAT"), max_length=10, choices=VatCode.choices))
    delivered_on = plain(models.DateField(_("delivered"), null=True))

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"R{self.release_id}.{self.position}"

    @property
    def price(self) -> Decimal:
        """Euros without VAT, unrounded."""
        return self.quantity * self.unit_price
