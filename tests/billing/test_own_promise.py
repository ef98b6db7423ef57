"""Our letter's own deadline: the law may allow the next step earlier, we take it when the time we gave has run out."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from billing import obstacles, proposals
from billing.models import Receivable
from billing.standing import Debt
from billing.views import doors
from register import access
from register.models import Registrar, User
from tests.billing import bills, late
from tests.billing.pages import as_biller, english  # noqa: F401  (fixtures)

FIRST, PAY_BY, OWN = date(2026, 3, 30), date(2026, 4, 13), date(2026, 4, 17)
"""The letter, the day it gives, and four bank days after that."""


def proposed(on: date) -> list[Debt]:
    with access.acting("billing"):
        return [debt for letter in proposals.for_day(on=on) for debt in letter.debts]


def obstacles_of(key: int, on: date) -> str:
    with access.acting("billing"):
        return " ".join(obstacles.to_agency(Receivable.objects.get(pk=key), on=on))


@pytest.mark.parametrize(
    ("consumer", "lawful", "fee"), [(True, date(2026, 4, 13), 5), (False, date(2026, 4, 9), 12)]
)
def test_the_second_fee_waits_for_the_first_letters_own_day_and_the_lawful_day_is_told_apart(
    registrar: Registrar, owner: User, biller: User, consumer: bool, lawful: date, fee: int
) -> None:
    invoice = late.invoice(biller, late.consumer(owner) if consumer else bills.company(owner))
    [letter] = late.reminded(biller, FIRST)
    assert letter.pay_by == PAY_BY
    early = late.stands(invoice, lawful)
    assert (early.step.fee_from, early.fee, early.is_ready) == (lawful, fee, False)  # scenarios 26 and 27
    told = {reason.kind: reason.on for reason in early.step.reasons}
    assert (told["interval"], told["promised"], told["promise"]) == (lawful, PAY_BY, OWN)
    assert proposed(date(2026, 4, 16)) == []
    [ready] = proposed(OWN)
    assert (ready.is_ready, ready.fee) == (True, fee)


@pytest.mark.parametrize("consumer", [True, False])
def test_nothing_goes_to_an_agency_before_the_letters_own_day(
    registrar: Registrar, owner: User, biller: User, consumer: bool
) -> None:
    invoice = late.invoice(biller, late.consumer(owner) if consumer else bills.company(owner))
    late.reminded(biller, FIRST)
    for day in (date(2026, 3, 31), PAY_BY, date(2026, 4, 16)):
        assert "13.4.2026" in obstacles_of(invoice.pk, day), day
    assert obstacles_of(invoice.pk, OWN) == ""


def test_a_letter_that_came_back_promises_nothing(registrar: Registrar, owner: User, biller: User) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    [letter] = late.reminded(biller, FIRST)
    assert not late.stands(invoice, PAY_BY).settled
    late.gone(letter, FIRST, "bounced")
    assert late.stands(invoice, PAY_BY).settled


def test_a_friendly_letter_gives_its_time_too(registrar: Registrar, owner: User, biller: User) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    late.reminded(biller, date(2026, 3, 20), friendly=True)
    assert late.stands(invoice, date(2026, 4, 8)).fee == 12
    assert not late.stands(invoice, date(2026, 4, 9)).is_ready
    assert late.stands(invoice, date(2026, 4, 10)).is_ready  # 3.4., Easter, four bank days


def test_the_page_shows_the_law_and_the_promise_apart(
    registrar: Registrar, owner: User, biller: User, as_biller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    late.reminded(biller, FIRST)
    monkeypatch.setattr(doors, "today", lambda: date(2026, 4, 9))
    page = as_biller.get(f"/billing/invoices/D{invoice.pk}/late/").content.decode()
    for said in (
        "by our letter not before",
        "Our own promise, apart from the law",
        "the previous reminder and 10 d",
    ):
        assert said in page, said
