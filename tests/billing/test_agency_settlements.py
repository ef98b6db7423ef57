"""Money that an agency got: booked when it reports it, settled when its transfer comes, and the books even."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from billing import debt, interest_invoicing, ledger, remitting
from billing.bank import settling
from billing.models import AgencyInterest, AgencySettlement, Entry, Payment
from billing.reports import open_items, payments
from billing.reports.periods import Period
from billing.reports.tables import Asked
from register import access
from register.models import Registrar, User
from tests.billing import late, money
from tests.billing.agencies import GOT, reported, with_agency
from tests.billing.bankfiles import camt, details, entry, imported
from tests.billing.test_journal import balances

CAME = date(2026, 4, 21)
UNTIL = date(2026, 4, 30)


def transfer(biller: User, amount: str) -> Payment:
    """The agency's money in the bank's file, with no reference that anybody knows."""
    told = details(amount, payer="Perintä Oy", archive=f"AG{amount}", message="Tilitys P1")
    imported(biller, camt(entry(amount, told, day=f"{CAME}"), kind="053"))
    with access.acting("billing"):
        return Payment.objects.filter(source="bank").latest("pk")


def settled(biller: User, payment: Payment, *reports: Payment, fee: str = "0") -> AgencySettlement:
    with access.acting("billing", user_id=biller.pk):
        return remitting.settle(
            payment, [one.pk for one in reports], fee=Decimal(fee), by=biller, at=late.noon(CAME), on=CAME
        )


def test_the_bank_account_holds_what_came_and_the_agencys_account_is_even(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, case = with_agency(owner, biller)
    report = reported(biller, case, invoice, principal="100.00")
    before = balances(date(2026, 3, 1), UNTIL)
    assert (before["1780"], before["1910"]) == (100, 0)
    came = transfer(biller, "87.60")
    assert came.unallocated == Decimal("87.60")
    settled(biller, came, report, fee="12.40")
    moved = balances(date(2026, 3, 1), UNTIL)
    assert (moved["1910"], moved["1780"], moved["8550"]) == (Decimal("87.60"), 0, Decimal("12.40"))
    with access.acting("billing"):
        came.refresh_from_db()
        assert came.unallocated == 0
        assert came.question.outcome == "matched"
        assert moved["2850"] == -payments.unallocated(UNTIL) == 0
        assert moved["1700"] == open_items.proof(UNTIL).balance == open_items.proof(UNTIL).items
        totals = payments.make(Asked(Period(date(2026, 3, 1), UNTIL))).totals
        assert remitting.waiting() == []
    assert totals[2:] == (Decimal("187.60"), 0, 100, 0, Decimal("-87.60"))


def test_what_does_not_add_up_is_refused_and_says_the_sums(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, case = with_agency(owner, biller)
    report = reported(biller, case, invoice, principal="100.00")
    came = transfer(biller, "120.00")
    with pytest.raises(remitting.DoesNotAddUp, match="not reported yet"):
        settled(biller, came, report)
    less = transfer(biller, "90.00")
    with pytest.raises(remitting.DoesNotAddUp, match="less the fee"):
        settled(biller, less, report, fee="9.99")
    settled(biller, less, report, fee="10.00")
    with pytest.raises(remitting.NoReports):
        settled(biller, came, report, fee="0")
    with pytest.raises(settling.NothingLeft):
        settled(biller, less, report)


def test_a_settlement_is_taken_back_with_its_fee(registrar: Registrar, owner: User, biller: User) -> None:
    invoice, case = with_agency(owner, biller)
    report = reported(biller, case, invoice, principal="100.00")
    came = transfer(biller, "90.00")
    made = settled(biller, came, report, fee="10.00")
    with access.acting("billing", user_id=biller.pk):
        with pytest.raises(remitting.AlreadySettled):
            remitting.withdraw(report, reason="x", by=biller, at=late.noon(CAME), on=CAME)
        remitting.take_back(made.entry, reason="Toisen rahaa", by=biller, at=late.noon(CAME), on=CAME)
        assert [one.sum for one in remitting.waiting()] == [100]
    moved = balances(date(2026, 3, 1), UNTIL)
    assert (moved["1910"], moved["1780"], moved["8550"], moved["2850"]) == (90, 100, 0, -90)
    settled(biller, came, report, fee="10.00")
    assert balances(date(2026, 3, 1), UNTIL)["1780"] == 0


def test_what_was_reported_by_mistake_is_withdrawn(registrar: Registrar, owner: User, biller: User) -> None:
    invoice, case = with_agency(owner, biller)
    report = reported(biller, case, invoice, principal="100.00")
    with access.acting("billing", user_id=biller.pk):
        settling.take_back(report.entries.get(), reason="Virhe", by=biller, at=late.noon(CAME), on=CAME)
        remitting.withdraw(report, reason="Virhe", by=biller, at=late.noon(CAME), on=CAME)
        assert remitting.waiting() == []
    moved = balances(date(2026, 3, 1), UNTIL)
    assert (moved["1780"], moved["2850"], moved["1910"]) == (0, 0, 0)
    assert money.receivable(invoice).open == invoice.total


def test_interest_that_the_agency_got_is_income_and_is_not_asked_for_again(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, case = with_agency(owner, biller)
    with access.acting("billing"):
        held = money.receivable(invoice)
        owed = interest_invoicing.uninvoiced([held], until=GOT)[invoice.pk].amount
        assert owed > 1
        [claim] = debt.explain(invoice.customer, on=GOT).claims
        assert claim.interest == owed
    report = reported(biller, case, invoice, interest=f"{owed}", principal="100.00")
    with access.acting("billing"):
        report.refresh_from_db()
        assert report.unallocated == 0
        assert interest_invoicing.uninvoiced([held], until=GOT)[invoice.pk].amount == 0
        assert interest_invoicing.uninvoiced([held], until=UNTIL)[invoice.pk].amount > 0
        [claim] = debt.explain(invoice.customer, on=GOT).claims
        assert claim.interest == 0
    moved = balances(date(2026, 3, 1), UNTIL)
    assert (moved["9150"], moved["1780"], moved["2850"]) == (-owed, 100 + owed, 0)
    with access.acting("billing", user_id=biller.pk):
        got = AgencyInterest.objects.get().entry
        settling.take_back(got, reason="Virhe", by=biller, at=late.noon(CAME), on=CAME)
        assert interest_invoicing.uninvoiced([held], until=GOT)[invoice.pk].amount > 0
    assert balances(date(2026, 3, 1), UNTIL)["9150"] == 0


def test_a_transfer_is_settled_in_the_browser(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, case = with_agency(owner, biller)
    report = reported(biller, case, invoice, principal="100.00", interest="2.50")
    came = transfer(biller, "92.50")
    url = f"/billing/bank/payments/M{came.pk}/"
    shown = as_biller.get(url).content.decode()
    assert "settlement of Perintä Oy" in shown
    assert 'value="10,00"' in shown
    assert "Kuusamon Höyläämö" in shown
    wrong = as_biller.post(url, {"act": "settlement", "report": [report.pk], "fee": "9,00"})
    assert wrong.status_code == 422
    assert 'value="9,00"' in wrong.content.decode()
    assert as_biller.post(url, {"act": "settlement", "report": [report.pk], "fee": "x"}).status_code == 422
    as_biller.post(url, {"act": "settlement", "report": [report.pk], "fee": "10,00"})
    with access.acting("billing"):
        came.refresh_from_db()
        assert came.unallocated == 0
        [entry] = Entry.objects.filter(payment=came)
        assert f"{report}" in entry.reason
        assert "fee 10" in entry.reason
    assert "settlement of Perintä Oy" not in as_biller.get(url).content.decode()
    as_biller.post(url, {"act": "take_back", "entry": entry.pk, "reason": "Väärä"})
    with access.acting("billing"):
        came.refresh_from_db()
        assert came.unallocated == Decimal("92.50")
    report_url = f"/billing/bank/payments/M{report.pk}/"
    assert "settlement of" not in as_biller.get(report_url).content.decode()
    with pytest.raises(ledger.AlreadyTakenBack), access.acting("billing", user_id=biller.pk):
        remitting.take_back(entry, reason="Väärä", by=biller, at=late.noon(CAME), on=CAME)
