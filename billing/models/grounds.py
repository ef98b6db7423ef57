"""The dated table of grounds for charging no VAT: what is printed, which section, what the buyer must have given."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.amounts import VatCategory
from billing.models.dated import Dated, DatedQuerySet
from customers.models import VatCode
from register.inventory import plain
from register.models import Language
from register.roles import Access


class VatGround(Dated):
    """One ground with its wording in the three languages. Rows are added and ended, never rewritten."""

    class Buyer(models.TextChoices):
        """What an invoice needs to know of its buyer (AVL 209 e §)."""

        ANY = "any", _("nothing more")
        VAT_ID = "vat_id", _("VAT number")
        OTHER_STATE = "other_state", _("VAT number of another EU country")

    about = None
    access = Access(
        owner="read add change delete", billing="read", worker="read", columns={"owner": ("valid_to",)}
    )

    name = plain(models.CharField(_("ground"), max_length=80))
    category = plain(
        models.CharField(
            _("VAT category"), max_length=2, choices=[c for c in VatCategory.choices if c[0] != "S"]
        )
    )
    vat_code = plain(models.CharField(_("VAT group"), max_length=10, choices=VatCode.choices, blank=True))
    buyer = plain(models.CharField(_("the buyer's"), max_length=12, choices=Buyer.choices, default=Buyer.ANY))
    wording_fi = plain(models.CharField(_("printed in Finnish"), max_length=200))
    wording_sv = plain(models.CharField(_("printed in Swedish"), max_length=200))
    wording_en = plain(models.CharField(_("printed in English"), max_length=200))

    objects = DatedQuerySet["VatGround"].as_manager()

    class Meta:
        verbose_name = _("VAT ground")
        verbose_name_plural = _("VAT grounds")
        ordering = ["category", "name", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="vat_ground_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(category="AE", vat_code="reverse")
                | Q(category="E", vat_code="exempt")
                | Q(category__in=["K", "G"], vat_code="zero")
                | Q(category="O", vat_code=""),
                name="vat_ground_fits_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.valid_from}"

    def wording(self, language: str) -> str:
        """What is printed on an invoice in a language."""
        told = {
            Language.FINNISH: self.wording_fi,
            Language.SWEDISH: self.wording_sv,
            Language.ENGLISH: self.wording_en,
        }
        return told[Language(language)]
