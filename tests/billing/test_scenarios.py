"""Acceptance scenarios whose figures no other test of billing tells whole: rates by day of supply."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing import details
from billing.models import InvoiceLine
from billing.pdf import InvoiceDocument
from register import access
from register.finnish import WrongBusinessId, business_id
from register.models import Registrar, User
from tests.billing import bills


@pytest.mark.parametrize(
    ("code", "done", "billed", "rate"),
    [
        ("reduced", date(2025, 12, 31), date(2026, 1, 10), "14"),
        ("reduced", date(2026, 1, 1), date(2026, 1, 10), "13.5"),
        ("standard", date(2024, 8, 31), date(2024, 9, 2), "24"),
        ("standard", date(2024, 9, 1), date(2024, 9, 2), "25.5"),
    ],
)
def test_the_rate_is_that_of_the_day_of_supply(
    registrar: Registrar, owner: User, biller: User, code: str, done: date, billed: date, rate: str
) -> None:
    """Scenario 14."""
    line = bills.Line(
        description="Työ", quantity=Decimal(1), unit_price=Decimal(100), vat_code=code, delivered_on=done
    )
    invoice = bills.issued(biller, bills.company(owner), [line], on=billed)
    with access.acting("billing"):
        assert InvoiceLine.objects.get(invoice=invoice).vat_rate == Decimal(rate)
    assert invoice.total == 100 + Decimal(rate)


def test_business_ids_are_held_to_their_check_digit_and_make_the_other_numbers(
    owner: User, biller: User, registrar: Registrar
) -> None:
    """Scenario 10: a remainder of one has no check digit at all."""
    assert business_id("2345678-0") == "2345678-0"
    for wrong in ("1234567-8", *(f"1000008-{digit}" for digit in range(10))):
        with pytest.raises(WrongBusinessId):
            business_id(wrong)
    buyer = bills.company(owner, business_id="2345678-0")
    assert details.usual_einvoice_address(buyer) == "003723456780"
    invoice = bills.issued(biller, buyer)
    assert InvoiceDocument.from_json(invoice.snapshot).seller.vat_id == "FI23456780"
