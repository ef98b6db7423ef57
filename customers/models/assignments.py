"""Assignments (*toimeksianto*): from offer to invoice."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from customers.inventory import ASSIGNMENT
from customers.models.parties import Customer, Person
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class VatCode(models.TextChoices):
    """Value-added tax groups; the rate of each on a day is billing's dated table."""

    STANDARD = "standard", _("general rate")
    REDUCED = "reduced", _("reduced rate")
    PRESS = "press", _("newspapers and periodicals")
    ZERO = "zero", _("zero rate")
    EXEMPT = "exempt", _("exempt")
    REVERSE = "reverse", _("reverse charge")


class AssignmentKind(models.Model):
    """A word by which the owner tells work apart, and by which its sales are added up.

    One that was merged lives on as another name of the kind it became: papers that are kept name it for ever.
    """

    about = None
    access = Access(owner="read add change delete", billing="read", worker="read")

    name = plain(models.CharField(_("name"), max_length=50))
    merged_into = plain(
        models.ForeignKey(
            "self", models.CASCADE, null=True, blank=True, editable=False, related_name="merged"
        )
    )

    class Meta:
        verbose_name = _("kind of assignment")
        verbose_name_plural = _("kinds of assignments")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="assignment_kind_once"),
            models.CheckConstraint(condition=~Q(name=""), name="assignment_kind_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> AssignmentKind:
        """The kind that counts: this one, or the one it was merged into."""
        return self.merged_into or self

    @property
    def current_id(self) -> int:
        """The key of the kind that counts."""
        return self.merged_into_id or self.pk


class Assignment(models.Model):
    """Work ordered by a customer."""

    class Status(models.TextChoices):
        OFFER = "offer", _("Offer")
        AGREED = "agreed", _("Agreed")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done")
        INVOICED = "invoiced", _("Invoiced")
        CLOSED = "closed", _("Closed")

    about = ("customer", "contact")
    access = Access(owner="read add change delete", worker="read change", columns={"worker": ("status",)})

    customer = plain(
        models.ForeignKey(Customer, models.PROTECT, related_name="assignments", verbose_name=_("customer"))
    )
    contact = plain(
        models.ForeignKey(
            Person,
            models.SET_NULL,
            null=True,
            blank=True,
            related_name="assignments",
            verbose_name=_("contact person"),
        )
    )
    title = personal(ASSIGNMENT, models.CharField(_("assignment"), max_length=200))
    kind = plain(
        models.ForeignKey(
            AssignmentKind,
            models.PROTECT,
            null=True,
            blank=True,
            related_name="assignments",
            verbose_name=_("kind"),
        )
    )
    description = personal(ASSIGNMENT, models.TextField(_("description"), blank=True))
    status = plain(models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OFFER))
    offered_on = plain(models.DateField(_("offered"), null=True, blank=True))
    agreed_on = plain(models.DateField(_("agreed"), null=True, blank=True))
    started_on = plain(models.DateField(_("started"), null=True, blank=True))
    due_on = plain(models.DateField(_("to be ready"), null=True, blank=True))
    done_on = plain(models.DateField(_("done"), null=True, blank=True))
    closed_on = plain(models.DateField(_("closed"), null=True, blank=True))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    created_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes = [
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="assignment_title"),
            models.Index(fields=["customer", "-id"], name="assignment_of_customer"),
            models.Index(fields=["status", "-id"], name="assignment_status"),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(status__in=["agreed", "in_progress"]),
                name="assignment_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"T{self.pk}"

    @property
    def number(self) -> str:
        return f"T{self.pk}"


class AssignmentLine(models.Model):
    """What is done for which price; prices without VAT."""

    about = "assignment__customer"
    access = Access(owner="read add change delete", worker="read")

    assignment = plain(models.ForeignKey(Assignment, models.CASCADE, related_name="lines"))
    position = plain(models.PositiveSmallIntegerField(_("order"), default=0))
    description = personal(ASSIGNMENT, models.CharField(_("description"), max_length=300))
    quantity = plain(models.DecimalField(_("quantity"), max_digits=12, decimal_places=3, default=Decimal(1)))
    unit = plain(models.CharField(_("unit"), max_length=20, default="h"))
    unit_price = plain(
        models.DecimalField(
            _("unit price"),
            max_digits=12,
            decimal_places=2,
            validators=[MinValueValidator(Decimal("-999999"))],
        )
    )
    vat_code = plain(
        models.CharField(_("VAT"), max_length=10, choices=VatCode.choices, default=VatCode.STANDARD)
    )
    delivered_on = plain(models.DateField(_("delivered"), null=True, blank=True))

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="assignment_line_has_quantity")]

    def __str__(self) -> str:
        return f"T{self.assignment_id}.{self.position}"

    @property
    def total(self) -> Decimal:
        """Euros without VAT, unrounded."""
        return self.quantity * self.unit_price
