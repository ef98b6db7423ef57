"""Which interest is not invoiced: barred, disputed, held back, with the agency, or of what was credited."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from billing import (
    collecting,
    crediting,
    disputes,
    holds,
    interest,
    interest_invoicing,
    interest_waits,
)
from billing.models import Invoice, Receivable
from billing.reminding import Stop
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests.billing import bills, late, money, owed
from tests.billing.pages import as_biller, english  # noqa: F401  (two fixtures)

ON = date(2026, 6, 1)
DUE = date(2026, 1, 15)


@pytest.fixture
def company(registrar: Registrar, owner: User) -> Customer:
    return bills.company(owner)


def claimed(customer: Customer, *, on: date = ON) -> list[tuple[int, Stop | None]]:
    with access.acting("billing"):
        return [
            (claim.receivable.pk, claim.stop)
            for claim in interest_invoicing.claims(customer, until=on, on=on)
        ]


def invoiced(biller: User, customer: Customer, claims: Iterable[Receivable], *, on: date = ON) -> Invoice:
    with access.acting("billing", user_id=biller.pk):
        return interest_invoicing.issue(
            customer, [one.pk for one in claims], until=on, by=biller, on=on, client_key=uuid.uuid4()
        )


def refused(biller: User, customer: Customer, claim: Receivable, words: str, *, on: date = ON) -> None:
    with pytest.raises(interest_waits.Waiting, match=f"{claim.number}: {words}"):
        invoiced(biller, customer, [claim], on=on)


def dispute(biller: User, claim: Receivable, amount: Decimal | None = None) -> Any:
    with access.acting("billing", user_id=biller.pk):
        return disputes.enter(
            Receivable.objects.get(pk=claim.pk), amount=amount, since=ON, ground="quality", on=ON, by=biller
        )


def test_time_barred_interest_gets_no_new_limit(company: Customer, biller: User) -> None:
    claim = owed.owed(biller, company, "10000.00", due=date(2021, 2, 15))
    assert claimed(company, on=date(2024, 2, 15)) == [(claim.pk, None)]
    assert claimed(company) == [(claim.pk, Stop.BARRED)]
    refused(biller, company, claim, "Time-barred")


def test_disputed_interest_waits_for_the_end_of_the_dispute(company: Customer, biller: User) -> None:
    claim, other = (owed.owed(biller, company, "10000.00", due=DUE) for _number in range(2))
    assert claimed(company) == [(claim.pk, None), (other.pk, None)]
    found = dispute(biller, claim, Decimal(1000))
    assert claimed(company) == [(claim.pk, Stop.DISPUTED), (other.pk, None)]
    refused(biller, company, claim, "Disputed")
    with pytest.raises(interest_waits.Waiting) as waiting:
        invoiced(biller, company, [claim, other])
    assert other.number not in str(waiting.value)
    with access.acting("billing", user_id=biller.pk):
        disputes.resolve(found, outcome="rejected", note="", on=ON, by=biller)
    assert invoiced(biller, company, [claim]).total > 0


def test_interest_of_a_disputed_debt_that_was_paid_waits_too(company: Customer, biller: User) -> None:
    claim = owed.owed(biller, company, "10000.00", due=DUE)
    dispute(biller, claim)
    money.paid(biller, claim.invoice, "10000.00", on=date(2026, 3, 1))
    assert claimed(company) == [(claim.pk, Stop.DISPUTED)]


@pytest.mark.parametrize("whole", [True, False])
def test_interest_of_what_is_held_back_waits(company: Customer, biller: User, *, whole: bool) -> None:
    claim, other = (owed.owed(biller, company, "10000.00", due=DUE) for _number in range(2))
    with access.acting("billing", user_id=biller.pk):
        hold = holds.place(
            company,
            kind="quiet",
            until=None,
            note="Sovittu",
            on=ON,
            by=biller,
            receivable=None if whole else claim,
        )
    assert claimed(company) == [(claim.pk, Stop.QUIET), (other.pk, Stop.QUIET if whole else None)]
    refused(biller, company, claim, "Do not remind")
    with access.acting("billing", user_id=biller.pk):
        holds.lift(hold, on=ON, by=biller)
    assert claimed(company) == [(claim.pk, None), (other.pk, None)]


def test_what_the_agency_asks_for_is_not_invoiced_besides(company: Customer, biller: User) -> None:
    claim = owed.owed(biller, company, "10000.00", due=DUE)
    late.reminded(biller, date(2026, 5, 1))
    with access.acting("billing", user_id=biller.pk):
        case = collecting.open_case(Receivable.objects.filter(pk=claim.pk), by=biller, on=ON)
        assert interest_waits.stops([claim], on=ON) == {}
        agency = collecting.enter_agency(name="Perintä Oy", number="1680235-8")
        package = collecting.hand_over(case, agency=agency, by=biller, on=ON)
        assert package.interest > 0
        holds.lift(claim.holds.get(), on=ON, by=biller)
    assert claimed(company) == [(claim.pk, Stop.AGENCY)]
    refused(biller, company, claim, "With the collection agency")


# --- credited ------------------------------------------------------------------------------------------


def test_what_was_credited_was_never_owed(company: Customer, biller: User) -> None:
    claim = owed.owed(biller, company, "5000.00", due=DUE)
    assert claimed(company) == [(claim.pk, None)]
    bills.credit(biller, claim.invoice, on=date(2026, 5, 15), because="Laskutettu väärää yritystä")
    assert claimed(company) == []
    with pytest.raises(interest_invoicing.NothingDue):
        invoiced(biller, company, [claim])
    with access.acting("billing"):
        reckoned = interest.reckon(money.receivable(claim.invoice), until=ON)
    assert (reckoned.amount, reckoned.credited) == (0, 5000)


def test_a_credit_of_a_part_or_after_payment_leaves_interest_on_what_was_owed(
    company: Customer, biller: User
) -> None:
    lines = [
        bills.Line(description=what, quantity=Decimal(1), unit_price=Decimal(500))
        for what in ("Työ", "Matka")
    ]
    invoice = bills.issued(biller, company, lines, on=date(2026, 1, 1), payment_days=14, due_basis="contract")
    owed.send(biller, invoice, on=date(2026, 1, 1))
    money.paid(biller, invoice, "900.00", on=date(2026, 1, 25))

    def bases() -> list[Decimal]:
        with access.acting("billing"):
            return [part.base for part in interest.reckon(money.receivable(invoice), until=ON).segments]

    assert bases() == [Decimal(1255), Decimal(355)]
    with access.acting("billing", user_id=biller.pk):
        crediting.credit_part(
            invoice,
            quantities={1: Decimal(1)},
            reductions={},
            by=biller,
            on=date(2026, 5, 15),
            because="Ei tehty",
        )
    assert bases() == [Decimal("627.50")]


# --- the page ------------------------------------------------------------------------------------------


def test_the_page_shows_what_waits_and_why_and_refuses_it(
    company: Customer, biller: User, as_biller: Client
) -> None:
    claim, other = (owed.owed(biller, company, "10000.00", due=DUE) for _number in range(2))
    address = f"/billing/customers/K{company.pk}/interest/"
    box = '<input type="checkbox" name="receivable" value="{}" {} aria-label="{}">'
    page = as_biller.get(f"{address}?until=2026-06-01")
    for one in (claim, other):
        assertContains(page, box.format(one.pk, "checked", one.number), html=True)
    dispute(biller, claim)
    page = as_biller.get(f"{address}?until=2026-06-01")
    assertContains(page, box.format(claim.pk, "disabled", claim.number), html=True)
    assertContains(page, box.format(other.pk, "checked", other.number), html=True)
    assertContains(page, "Together, without what waits")
    sent = {"key": str(uuid.uuid4()), "until": "2026-06-01", "receivable": [claim.pk, other.pk]}
    answer = as_biller.post(f"{address}invoice/", sent)
    assertContains(answer, f"{claim.number}: Disputed", status_code=422)
    dispute(biller, other)
    assertNotContains(as_biller.get(f"{address}?until=2026-06-01"), "Issue the interest invoice")
