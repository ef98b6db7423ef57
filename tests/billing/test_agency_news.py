"""What an agency must hear of: each thing that happened here since it has the debt, once, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing import agency_news, agreements, charging, collecting, disputes, ledger, losses
from billing.models import CaseStep, Charge, CollectionCase, Dispute, Invoice, Plan
from register import access
from register.models import Registrar, User
from tests.billing import agencies, bills, late, money
from tests.billing.agencies import TODAY

Act = Callable[[User, Invoice], object]


def news(case: CollectionCase) -> list[agency_news.News]:
    with access.acting("billing"):
        return agency_news.untold(CollectionCase.objects.get(pk=case.pk))


def said(case: CollectionCase) -> list[str]:
    return [one.words for one in news(case)]


def told(biller: User, case: CollectionCase, *ids: str) -> int:
    with access.acting("billing", user_id=biller.pk):
        return agency_news.tell(case, ids, by=biller, on=TODAY)


def disputed(biller: User, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        disputes.enter(
            money.receivable(invoice), amount=None, since=TODAY, ground="quality", on=TODAY, by=biller
        )


def resolved(biller: User, invoice: Invoice) -> None:
    disputed(biller, invoice)
    with access.acting("billing", user_id=biller.pk):
        disputes.resolve(Dispute.objects.get(), outcome="rejected", on=TODAY, by=biller)


def waived(biller: User, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        charging.waive(Charge.objects.get(), reason="goodwill", on=TODAY, by=biller)


def extended(biller: User, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        held = money.receivable(invoice)
        agreements.extend(held, due_on=date(2026, 6, 1), interest_runs=True, on=TODAY, by=biller)


def planned(biller: User, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        days = agreements.monthly(date(2026, 5, 4), 3)
        agreements.plan(money.receivable(invoice), days=days, on=TODAY, by=biller)
        agreements.cancel(Plan.objects.get(), on=TODAY, by=biller)


HAPPENS: dict[str, tuple[Act, list[str]]] = {
    "paid here": (lambda by, one: money.paid(by, one, "100.00", on=TODAY), ["Payment"]),
    "credited": (lambda by, one: bills.credit(by, one, on=TODAY), ["Credit note", "Cost waived"]),
    "disputed": (disputed, ["Disputed 1088,36 €"]),
    "resolved": (resolved, ["Disputed 1088,36 €", "Dispute ended: The objection was groundless"]),
    "waived": (waived, ["Cost waived: Goodwill"]),
    "given more time": (extended, ["More time: due"]),
    "planned and ended": (planned, ["Instalment plan agreed", "Instalment plan ended"]),
}


@pytest.mark.parametrize("what", HAPPENS)
def test_what_happens_here_is_told_once(registrar: Registrar, owner: User, biller: User, what: str) -> None:
    invoice, case = agencies.with_agency(owner, biller)
    assert news(case) == []
    act, words = HAPPENS[what]
    act(biller, invoice)
    assert [one[: len(word)] for one, word in zip(said(case), words, strict=True)] == words
    first, *others = [one.id for one in news(case)]
    assert told(biller, case, first) == 1
    assert [one.id for one in news(case)] == others
    with pytest.raises(agency_news.NothingToTell):
        told(biller, case, first)


def test_what_the_agency_reported_and_our_own_losses_are_no_news(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, case = agencies.with_agency(owner, biller)
    agencies.reported(biller, case, invoice, principal="100.00", interest="1.00")
    with access.acting("billing", user_id=biller.pk):
        loss = losses.write_off(money.receivable(invoice), reason="insolvent", by=biller, on=TODAY)
        losses.take_back(loss, by=biller, on=TODAY)
    assert news(case) == []


def test_what_was_undone_untold_is_no_news_and_what_was_told_is_told_back(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, case = agencies.with_agency(owner, biller)
    wrong = money.paid(biller, invoice, "100.00", on=TODAY)
    assert [one.amount for one in news(case)] == [100]
    with access.acting("billing", user_id=biller.pk):
        ledger.take_back(wrong, on=TODAY, by=biller)
    assert news(case) == []
    known = money.paid(biller, invoice, "50.00", on=TODAY)
    told(biller, case, *(one.id for one in news(case)))
    with access.acting("billing", user_id=biller.pk):
        assert CaseStep.objects.get(kind="told").amount == 50
        ledger.take_back(known, on=TODAY, by=biller)
    assert [(one.words, one.amount) for one in news(case)] == [("Taken back: Payment", Decimal(-50))]


def test_a_debt_that_is_still_ours_and_a_recalled_case_have_no_news(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, case = agencies.with_agency(owner, biller)
    later = late.invoice(biller, invoice.customer, on=date(2026, 3, 20), sent=date(2026, 3, 20))
    agencies.case_of(biller, later, on=date(2026, 4, 20))
    money.paid(biller, later, "10.00", on=TODAY)
    assert news(case) == []
    money.paid(biller, invoice, "10.00", on=TODAY)
    assert len(news(case)) == 1
    with access.acting("billing", user_id=biller.pk):
        collecting.recall(case, reason="Sovittu", by=biller, on=TODAY)
    assert news(case) == []


def test_the_page_lists_the_news_and_the_dispute_beside_its_debt(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, case = agencies.with_agency(owner, biller)
    url = f"/billing/collection/P{case.pk}/"
    assert "Tell the agency" not in as_biller.get(url).content.decode()
    disputed(biller, invoice)
    money.paid(biller, invoice, "100.00", on=TODAY)
    shown = as_biller.get(url).content.decode()
    assert "the agency may not collect it" in shown
    ids = re.findall(r'name="news" value="([^"]+)"', shown)
    assert len(ids) == 2
    assert "2 to tell the agency" in as_biller.get("/billing/collection/").content.decode()
    assert "Tick what the agency" in as_biller.post(f"{url}tell/", follow=True).content.decode()
    assert len(news(case)) == 2
    as_biller.post(f"{url}tell/", {"news": ids})
    shown = as_biller.get(url).content.decode()
    assert "Tell the agency" not in shown
    assert "the agency may not collect it" in shown
    assert "Told to the agency" in shown


def test_the_list_asks_no_more_for_many_cases(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connections["billing"]) as queries:
            assert "to tell the agency" in as_biller.get("/billing/collection/").content.decode()
        return len([one for one in queries if "billing_" in one["sql"]])

    invoice, _case = agencies.with_agency(owner, biller)
    money.paid(biller, invoice, "10.00", on=TODAY)
    few = asked()
    other = late.invoice(biller, bills.company(owner, "Toinen Oy", business_id=""))
    late.reminded(biller, agencies.REMINDED)
    agencies.given(biller, agencies.case_of(biller, other))
    money.paid(biller, other, "10.00", on=TODAY)
    assert asked() == few
