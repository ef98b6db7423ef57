"""A natural person's debt ends for good: by its age, and by the age of the enforcement title. Sole traders too."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError
from django.test import Client

from billing import limitation
from billing.models import LimitationEvent, Receivable, Rule
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests.billing import bills, money, owed
from tests.billing.pages import as_biller, english  # noqa: F401  (two fixtures)

Kind = LimitationEvent.Kind
ON = date(2026, 9, 1)
TITLE = "Ulosottokaari 705/2007, 2:24 ja 2:27 §"
FINAL = "Laki velan vanhentumisesta 728/2003, 13 a §"


def happened(biller: User, claim: Receivable, *events: tuple[str, date]) -> None:
    with access.acting("billing", user_id=biller.pk):
        for kind, on in events:
            limitation.interrupt(
                claim, kind=kind, on=on, evidence="L 26/1", by=biller, today=date(2060, 1, 1)
            )


def limit(claim: Receivable, on: date = ON) -> limitation.Limit:
    with access.acting("billing"):
        return limitation.of(Receivable.objects.get(pk=claim.pk), on=on)


def natural(biller: User, claim: Receivable, *, so: bool = True) -> int:
    with access.acting("billing", user_id=biller.pk):
        return limitation.set_natural(claim, natural=so, by=biller)


def test_an_enforcement_title_against_a_consumer_ends_after_fifteen_years(
    registrar: Registrar, owner: User, biller: User
) -> None:
    claim = owed.owed(biller, owed.consumer(owner), "1000.00", due=date(2020, 1, 15))
    assert (limit(claim).final_on, limit(claim).final_statute) == (date(2040, 1, 15), FINAL)
    judgments = [(Kind.JUDGMENT, date(year, 3, 1)) for year in (2021, 2025, 2029, 2033)]
    happened(biller, claim, *judgments)
    found = limit(claim)
    assert (found.on, found.final_on, found.final_statute) == (date(2036, 3, 1), date(2036, 3, 1), TITLE)
    assert (found.state(date(2036, 3, 1)), found.state(date(2036, 3, 2))) == ("alarm", "barred")


def test_the_earlier_end_counts_and_a_title_that_came_too_late_ends_nothing(
    registrar: Registrar, owner: User, biller: User
) -> None:
    consumer = owed.consumer(owner)
    late_title, too_late = (owed.owed(biller, consumer, "1000.00", due=date(2020, 1, 15)) for _n in range(2))
    happened(biller, late_title, *[(Kind.ACKNOWLEDGEMENT, date(year, 1, 10)) for year in (2022, 2024)])
    happened(biller, late_title, (Kind.ENFORCEMENT, date(2026, 8, 1)))
    assert (limit(late_title).on, limit(late_title).final_on) == (date(2031, 8, 1), date(2040, 1, 15))
    happened(biller, too_late, (Kind.JUDGMENT, date(2023, 1, 16)))
    assert (limit(too_late).on, limit(too_late).final_on) == (date(2023, 1, 15), date(2040, 1, 15))


def test_a_sole_traders_debt_ends_like_a_consumers_and_a_companys_does_not(
    registrar: Registrar, owner: User, biller: User
) -> None:
    trader = bills.company(owner)
    claim = owed.owed(biller, trader, "1000.00", due=date(2020, 1, 15))
    happened(biller, claim, *[(Kind.ACKNOWLEDGEMENT, date(year, 1, 10)) for year in range(2022, 2040, 2)])
    assert (limit(claim).on, limit(claim).final_on) == (date(2041, 1, 10), None)
    assert natural(biller, claim) == 1
    assert (limit(claim).on, limit(claim).final_on) == (date(2040, 1, 15), date(2040, 1, 15))
    later = owed.owed(biller, trader, "10.00", due=date(2026, 1, 15))
    assert limit(later).final_on == date(2046, 1, 15)
    assert natural(biller, later, so=False) == 2
    assert limit(claim).final_on is None


def test_the_title_needs_its_figure_only_where_there_is_one(
    registrar: Registrar, owner: User, biller: User
) -> None:
    claim = owed.owed(biller, owed.consumer(owner), "1000.00", due=date(2020, 1, 15))
    with access.acting("owner", user_id=owner.pk):
        row = Rule.objects.get(code=Rule.Code.LIMITATION_TITLE)
        assert (row.value, row.statute) == (15, TITLE)
        assert "muistinvaraisia" in row.source
    assert limit(claim).final_on == date(2040, 1, 15)
    with pytest.raises(DatabaseError, match="permission denied"), access.acting("worker"):
        Receivable.objects.filter(pk=claim.pk).update(natural_person=True)


def test_the_claims_page_tells_the_end_and_lets_a_company_be_a_sole_trader(
    registrar: Registrar,
    owner: User,
    biller: User,
    as_biller: Client,
) -> None:
    trader: Customer = bills.company(owner)
    claim = owed.owed(biller, trader, "1000.00", due=date(2026, 1, 15))
    address = f"/billing/invoices/D{claim.pk}/"
    page = as_biller.get(f"{address}interest/").content.decode()
    assert "Is a sole trader" in page
    assert "Ends for good" not in page
    answer = as_biller.post(f"{address}sole-trader/", {"natural": "1"}, follow=True).content.decode()
    assert "Ends for good on 15.1.2046." in answer
    assert "13 a §" in answer
    assert money.receivable(claim.invoice).natural_person
    back = as_biller.post(f"{address}sole-trader/", {"natural": "0"}, follow=True).content.decode()
    assert "Ends for good" not in back
    private = owed.owed(biller, owed.consumer(owner), "1000.00", due=date(2026, 1, 15))
    assert "sole trader" not in as_biller.get(f"/billing/invoices/D{private.pk}/interest/").content.decode()
