"""The cast of collection: a debt that may go to an agency, its case, and the agency that has it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from billing import collecting
from billing.models import Agency, CollectionCase, Handover, Invoice, Payment, Receivable
from register import access
from register.models import User
from tests.billing import bills, late, money

REMINDED = date(2026, 3, 30)
TODAY = date(2026, 4, 17)
"""The letter of 30.3. gives time until 13.4.; payments made then have come on this day."""
GOT = date(2026, 4, 20)


def overdue(owner: User, biller: User, *, consumer: bool = False) -> Invoice:
    """An invoice due on 16.3.2026, of a company or a consumer."""
    return late.invoice(biller, late.consumer(owner) if consumer else bills.company(owner))


def case_of(biller: User, *invoices: Invoice, on: date = TODAY) -> CollectionCase:
    with access.acting("billing", user_id=biller.pk):
        debts = Receivable.objects.filter(pk__in=[one.pk for one in invoices])
        return collecting.open_case(debts, by=biller, on=on)


def agency(biller: User) -> Agency:
    with access.acting("billing", user_id=biller.pk):
        return collecting.enter_agency(name="Perintä Oy", number="1680235-8")


def given(biller: User, case: CollectionCase, *, on: date = TODAY) -> Handover:
    to = agency(biller)
    with access.acting("billing", user_id=biller.pk):
        return collecting.hand_over(case, agency=to, by=biller, on=on)


def with_agency(owner: User, biller: User) -> tuple[Invoice, CollectionCase]:
    """A company's debt of 1 088,36 € and 12 € of costs that an agency has."""
    invoice = overdue(owner, biller)
    late.reminded(biller, REMINDED)
    case = case_of(biller, invoice)
    given(biller, case)
    return invoice, case


def reported(biller: User, case: CollectionCase, invoice: Invoice, **sums: str) -> Payment:
    """What the agency says it has got, by part: principal, costs, interest."""
    parts = {part: Decimal(euros) for part, euros in sums.items()}
    with access.acting("billing", user_id=biller.pk):
        row = collecting.Reported(money.receivable(invoice), **parts)
        return collecting.report(case, [row], by=biller, on=GOT, paid_on=GOT, seen=collecting.last_step(case))
