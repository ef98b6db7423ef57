"""Acceptance scenarios whose figures no other test of billing tells whole: rates by day of supply, vouchers' years."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing.models import InvoiceLine
from register import access, erasure
from register.models import Erasure, Registrar, User
from tests.billing import bills, late, money


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


@pytest.mark.parametrize(
    ("year_end", "issued", "kept_until"),
    [
        ((12, 31), date(2024, 12, 30), date(2030, 12, 31)),
        ((3, 31), date(2026, 3, 30), date(2032, 12, 31)),
    ],
)
def test_an_erasure_keeps_a_paid_invoice_until_the_vouchers_years_are_over(
    registrar: Registrar, owner: User, biller: User, year_end: tuple[int, int], issued: date, kept_until: date
) -> None:
    """Scenario 37, the vouchers: asked on 1.6.2026, restricted to the statute's day."""
    with access.acting("owner", user_id=owner.pk):
        registrar.financial_year_end_month, registrar.financial_year_end_day = year_end
        registrar.save(update_fields=["financial_year_end_month", "financial_year_end_day"])
    customer = late.consumer(owner)
    invoice = bills.issued(biller, customer, on=issued)
    money.paid(biller, invoice, str(invoice.total), on=issued)
    with access.acting("owner", user_id=owner.pk):
        outcome = erasure.erase(
            customer, by=owner, at=late.noon(date(2026, 6, 1)), reason=Erasure.Reason.ASKED
        )
    assert {one.until for one in outcome.kept} == {kept_until}
    assert all("1336/1997" in one.law for one in outcome.kept)
