"""Why an invoice charges no VAT: the dated table's grounds, asked by what its lines need.

There is no fallback: a ground that is missing stops the issuing with a text that names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing import dated
from billing.amounts import VatCategory
from billing.models import VatGround
from customers.models import VatCode
from register.finnish import clean_line
from register.models import User

GROUPS = {
    VatCategory.REVERSE_CHARGE: VatCode.REVERSE,
    VatCategory.EXEMPT: VatCode.EXEMPT,
    VatCategory.INTRA_COMMUNITY: VatCode.ZERO,
    VatCategory.EXPORT: VatCode.ZERO,
    VatCategory.OUT_OF_SCOPE: "",
}
"""The VAT group of the lines to which grounds of a category apply; none: the whole invoice of a seller not liable."""


class GroundMissing(LookupError):
    """The table has no ground of a category for a day."""

    def __init__(self, category: str, on: date) -> None:
        self.category, self.on = category, on
        super().__init__(
            _(
                "The VAT ground is missing: %(category)s on %(day)s. "
                "The register owner adds it on the page “VAT grounds”; nothing was calculated."
            )
            % {"category": VatCategory(category).label, "day": date_format(on, "SHORT_DATE_FORMAT")}
        )


class GroundsOverlap(ValueError):
    """Another ground of the same name is in force on some of the days."""

    def __init__(self) -> None:
        super().__init__(
            _("Another ground of this name is in force on some of these days. Choose a later first day.")
        )


class GroundIncomplete(ValueError):
    """A ground without its wordings, its law or its source cannot be printed or explained."""

    def __init__(self) -> None:
        super().__init__(
            _("Write the wording in each language, the section of the law and where you read it.")
        )


class ShippedGround(ValueError):
    """Grounds that came with the program are not removed."""

    def __init__(self) -> None:
        super().__init__(_("This ground came with the program. Add a new one from the day of the change."))


def choices(*, on: date) -> list[VatGround]:
    """Those that a draft may name."""
    return list(VatGround.objects.on(on).exclude(category=VatCategory.OUT_OF_SCOPE))


def not_liable(*, on: date) -> VatGround:
    """The ground of a seller outside the VAT register. Raises GroundMissing."""
    found = VatGround.objects.on(on).filter(category=VatCategory.OUT_OF_SCOPE).first()
    if found is None:
        raise GroundMissing(VatCategory.OUT_OF_SCOPE, on)
    return found


def proposed(codes: Iterable[str], *, buyer_vat_id: str, on: date) -> VatGround | None:
    """The ground proposed for lines under reverse charge, by where the buyer is; a person checks the draft.

    Why something is exempt nobody can guess.
    """
    if VatCode.REVERSE not in set(codes) or not buyer_vat_id:
        return None
    at_home = buyer_vat_id.startswith("FI")
    buyer = VatGround.Buyer.VAT_ID if at_home else VatGround.Buyer.OTHER_STATE
    found = VatGround.objects.on(on).filter(vat_code=VatCode.REVERSE, buyer=buyer)
    return found.order_by("pk").first()


def history() -> models.QuerySet[VatGround]:
    """Every row, newest first within a name."""
    return VatGround.objects.order_by("category", "name", "-valid_from")


def add(*, by: User, valid_to: date | None = None, **facts: Any) -> VatGround:
    """Add a ground; the one of the same name that was in force without an end ends on the day before.

    `facts` are name, category, buyer, wording_fi, wording_sv, wording_en, valid_from, statute, source.
    Raises GroundsOverlap, GroundIncomplete.
    """
    limits = {field.name: field.max_length or 0 for field in VatGround._meta.local_fields}
    clean = {
        name: clean_line(value, limit=limits[name]) if isinstance(value, str) else value
        for name, value in facts.items()
    }
    if not all(clean.values()):
        raise GroundIncomplete
    row = VatGround(
        **clean, vat_code=GROUPS[VatCategory(clean["category"])], valid_to=valid_to, entered_by_id=by.pk
    )
    try:
        return dated.store(row, category=row.category, name=row.name)
    except dated.RowsOverlap:
        raise GroundsOverlap from None


def remove(ground: VatGround, *, by: User) -> None:
    """Take back a ground that was added by mistake. Raises ShippedGround; ProtectedError where drafts name it."""
    if ground.is_shipped:
        raise ShippedGround
    dated.remove(ground, category=ground.category, name=ground.name)
