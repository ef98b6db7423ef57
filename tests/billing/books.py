"""A company's two months, made through the use cases: what reports and the journal are checked with.

July: two invoices (one at two rates), one part paid, one overpaid. August: a credit note, a fee, a credit loss and a
small difference; a refund of what was too much.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing import ledger
from billing.drafting import Line
from billing.models import Entry, Invoice, Payment
from customers.models import Customer, VatCode
from register import access
from register.models import User
from tests.billing import bills, money

JULY, AUGUST = (date(2026, 7, 1), date(2026, 7, 31)), (date(2026, 8, 1), date(2026, 8, 31))
TWO_RATES = (
    Line(description="Työ", quantity=Decimal(10), unit="h", unit_price=Decimal("100.00")),
    Line(
        description="Kirja",
        quantity=Decimal(2),
        unit="kpl",
        unit_price=Decimal("50.00"),
        vat_code=VatCode.REDUCED,
    ),
)
"""1 000,00 at 25,5 % and 100,00 at 13,5 %: 255,00 + 13,50 of VAT, 1 368,50 in all."""


@dataclass(frozen=True)
class Books:
    customer: Customer
    two_rates: Invoice
    overpaid: Invoice
    credited: Invoice
    note: Invoice
    overpayment: Payment


def keep(owner: User, biller: User) -> Books:
    customer = bills.company(owner)
    two_rates = bills.issued(biller, customer, TWO_RATES, on=date(2026, 7, 6))
    overpaid = bills.issued(biller, customer, on=date(2026, 7, 10))
    credited = bills.issued(biller, customer, on=date(2026, 7, 20))
    money.paid(biller, two_rates, "684.25", on=date(2026, 7, 30))
    extra = money.payment(biller, "1100.00", on=date(2026, 7, 31))
    with access.acting("billing", user_id=biller.pk):
        held = money.Receivable.objects.get(pk=overpaid.pk)
        ledger.allocate(extra, held, held.open, on=date(2026, 7, 31), by=biller)
    note = bills.credit(biller, credited, on=date(2026, 8, 3))
    with access.acting("billing", user_id=biller.pk):
        held = money.Receivable.objects.get(pk=two_rates.pk)
        ledger.post_cost(held, Decimal("12.00"), on=date(2026, 8, 10), by=biller)
        ledger.write_off(held, Decimal("684.00"), on=date(2026, 8, 20), by=biller, reason="Konkurssi")
        ledger.write_off(held, Decimal("0.25"), on=date(2026, 8, 20), by=biller, kind=Entry.Kind.DIFFERENCE)
        Entry.objects.create(
            kind=Entry.Kind.REFUND, payment=extra, amount=Decimal("-11.64"), on=date(2026, 8, 21)
        )
    return Books(customer, two_rates, overpaid, credited, note, extra)
