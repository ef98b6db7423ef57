"""The dated table of VAT rates. Rows are added and ended, never rewritten."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models import VatCode
from register.inventory import plain
from register.models import User
from register.roles import Access


class VatRateQuerySet(models.QuerySet["VatRate"]):
    def on(self, day: date) -> VatRateQuerySet:
        """Those in force on a day; the database lets no two of one group be."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class VatRate(models.Model):
    """The rate of a VAT group from one day to another, with the section and where it was read."""

    about = None
    access = Access(
        owner="read add change delete", billing="read", worker="read", columns={"owner": ("valid_to",)}
    )

    code = plain(models.CharField(_("VAT group"), max_length=10, choices=VatCode.choices))
    rate = plain(models.DecimalField(_("rate, %"), max_digits=5, decimal_places=2))
    valid_from = plain(models.DateField(_("from")))
    valid_to = plain(models.DateField(_("until"), null=True, blank=True))
    statute = plain(models.CharField(_("section of the law"), max_length=200))
    source = plain(models.CharField(_("where it was read"), max_length=300))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    created_at = plain(models.DateTimeField(auto_now_add=True))

    objects = VatRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        ordering = ["code", "-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(code__in=VatCode.values), name="vat_rate_group_known"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=100), name="vat_rate_is_percent"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="vat_rate_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(code__in=["standard", "reduced", "press"], rate__gt=0)
                | Q(code__in=["zero", "exempt", "reverse"], rate=0),
                name="vat_rate_fits_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"

    @property
    def is_shipped(self) -> bool:
        """Whether the row came with the program."""
        return self.entered_by_id is None
