"""The dated table of grounds for charging no VAT: what is printed, which section, what the buyer must have given."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.amounts import VatCategory
from customers.models import VatCode
from register.inventory import plain
from register.models import Language, User
from register.roles import Access


class VatGroundQuerySet(models.QuerySet["VatGround"]):
    def on(self, day: date) -> VatGroundQuerySet:
        """Those in force on a day."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class VatGround(models.Model):
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
    valid_from = plain(models.DateField(_("from")))
    valid_to = plain(models.DateField(_("until"), null=True, blank=True))
    statute = plain(models.CharField(_("section of the law"), max_length=200))
    source = plain(models.CharField(_("where it was read"), max_length=300))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    created_at = plain(models.DateTimeField(auto_now_add=True))

    objects = VatGroundQuerySet.as_manager()

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

    @property
    def is_shipped(self) -> bool:
        """Whether the row came with the program."""
        return self.entered_by_id is None

    def wording(self, language: str) -> str:
        """What is printed on an invoice in a language."""
        told = {
            Language.FINNISH: self.wording_fi,
            Language.SWEDISH: self.wording_sv,
            Language.ENGLISH: self.wording_en,
        }
        return told[Language(language)]
