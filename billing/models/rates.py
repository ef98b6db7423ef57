"""The dated table of VAT rates. Rows are added and ended, never rewritten."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.dated import Dated, DatedQuerySet
from customers.models import VatCode
from register.inventory import plain
from register.roles import Access


class VatRate(Dated):
    """The rate of a VAT group from one day to another, with the section and where it was read."""

    about = None
    access = Access(
        owner="read add change delete", billing="read", worker="read", columns={"owner": ("valid_to",)}
    )

    code = plain(models.CharField(_("VAT group"), max_length=10, choices=VatCode.choices))
    rate = plain(models.DecimalField(_("rate, %"), max_digits=5, decimal_places=2))

    objects = DatedQuerySet["VatRate"].as_manager()

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
