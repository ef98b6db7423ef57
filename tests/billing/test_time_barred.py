"""What is time-barred stays so: no more time, plan, fee or interest invoice makes it due again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing import agreements, limitation
from billing.models import Extension, Plan
from billing.reminding import Stop
from register import access
from register.models import Registrar, User
from tests.billing import bills, late, money, owed
from tests.billing.late import DUE
from tests.billing.pages import as_biller, english  # noqa: F401

BARRED = date(2029, 6, 1)
"""DUE is 16.3.2026: three years are over."""


def extended(biller: User, invoice: Any, *, on: date, days: int, **facts: Any) -> Extension:
    usual: dict[str, Any] = {
        "due_on": on + timedelta(days=days),
        "interest_runs": True,
        "on": on,
        "by": biller,
    }
    with access.acting("billing", user_id=biller.pk):
        return agreements.extend(money.receivable(invoice), **(usual | facts))


def test_neither_more_time_nor_a_plan_revives_a_time_barred_debt(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, late.consumer(owner))
    assert late.stands(invoice, BARRED).step.stops == (Stop.BARRED,)
    with pytest.raises(limitation.TimeBarred, match=r"17\.3\.2029"):
        extended(biller, invoice, on=BARRED, days=14, fee=Decimal(5))
    with (
        pytest.raises(limitation.TimeBarred),
        access.acting("billing", user_id=biller.pk),
    ):
        agreements.plan(
            money.receivable(invoice),
            days=agreements.monthly(BARRED + timedelta(days=30), 3),
            on=BARRED,
            by=biller,
        )
    owed_still = money.receivable(invoice)
    assert (owed_still.due_on, owed_still.costs) == (DUE, 0)
    with access.acting("billing"):
        assert not Extension.objects.exists()
        assert not Plan.objects.exists()
    assert late.stands(invoice, BARRED + timedelta(days=30)).step.stops == (Stop.BARRED,)


def test_more_time_in_time_acknowledges_the_debt_and_counts_from_the_agreement_not_from_the_new_day(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    agreed = date(2027, 1, 4)
    extended(biller, invoice, on=agreed, days=361)
    claim = money.receivable(invoice)
    assert claim.due_on == date(2027, 12, 31)
    with access.acting("billing"):
        limit = limitation.of(claim, on=agreed)
        assert [(event.on, event.until, event.counts) for event in limit.events] == [
            (DUE, date(2029, 3, 16), True),
            (agreed, date(2030, 1, 4), True),
        ]
        assert [one.receivable for one in limitation.near(on=date(2029, 12, 6)).rows] == [claim]
        assert limitation.waiting(on=date(2029, 12, 6)) == 1
        assert limitation.near(on=date(2029, 10, 5)).rows == []
    assert late.stands(invoice, date(2030, 1, 4)).step.stops == ()
    assert late.stands(invoice, date(2030, 1, 5)).step.stops == (Stop.BARRED,)


def test_the_page_says_so_and_offers_no_agreement(
    registrar: Registrar,
    owner: User,
    biller: User,
    as_biller: Client,
) -> None:
    company = bills.company(owner)
    claim = owed.owed(biller, company, "1000.00", due=date(2021, 2, 15))
    fresh = owed.owed(biller, company, "1000.00", due=date.today() - timedelta(days=1))
    links = [f"/billing/invoices/D{fresh.pk}/late/{what}/" for what in ("extend", "plan")]
    open_page = as_biller.get(f"/billing/invoices/D{fresh.pk}/late/").content.decode()
    assert all(link in open_page for link in links)
    page = as_biller.get(f"/billing/invoices/D{claim.pk}/late/").content.decode()
    assert "No more time and no instalment plan can be agreed." in page
    assert f"/billing/invoices/D{claim.pk}/late/extend/" not in page
    answer = as_biller.post(
        f"/billing/invoices/D{claim.pk}/late/extend/", {"due_on": "1.12.2099", "note": "Puhelimessa"}
    )
    assert answer.status_code == 422
    assert "time-barred since 16.2.2024" in answer.content.decode()
    assert "Puhelimessa" in answer.content.decode()
