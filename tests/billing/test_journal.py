"""The journal: every voucher balances, and its accounts say what the ledger and the VAT report say."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from billing import journal, ledger
from billing.models import Entry, JournalAccount, JournalExport, Payment
from billing.reports import open_items, payments, vat
from billing.reports.periods import Period
from billing.reports.tables import Asked
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import books, money

Balances = dict[str, Decimal]


def balances(first: date, last: date) -> Balances:
    """The movement of each account, each voucher having been found in balance."""
    accounts: Balances = defaultdict(Decimal)
    vouchers: Balances = defaultdict(Decimal)
    with access.acting("billing"):
        for one in journal.postings(first, last):
            accounts[one.account] += one.amount
            vouchers[one.type + one.voucher] += one.amount
    assert vouchers
    assert set(vouchers.values()) == {Decimal(0)}
    return accounts


def test_vouchers_balance_and_the_accounts_say_what_the_ledger_says(
    registrar: Registrar, owner: User, biller: User
) -> None:
    kept = books.keep(owner, biller)
    for first, last in (books.JULY, (books.JULY[0], books.AUGUST[1])):
        moved = balances(first, last)
        with access.acting("billing"):
            assert moved["1700"] == open_items.proof(last).balance == open_items.proof(last).items != 0
            assert moved["2850"] == -payments.unallocated(last)
            totals = vat.make(Asked(Period(first, last))).totals
        assert moved["2939"] == -totals[-1]
    assert moved["3000"] == -(Decimal("1100.00") + Decimal("867.22"))
    assert moved["3700"] == -12
    assert moved["8570"] == Decimal("0.25")
    assert moved["8560"] == Decimal("684.00") - Decimal("127.45") - Decimal("6.75")
    assert moved["1910"] == Decimal("684.25") + Decimal("1100.00") - Decimal("11.64")
    assert money.receivable(kept.two_rates).outstanding == moved["1700"] == 12


def test_what_is_taken_back_is_posted_back(registrar: Registrar, owner: User, biller: User) -> None:
    kept = books.keep(owner, biller)
    before = balances(*books.AUGUST)
    september = (date(2026, 9, 1), date(2026, 9, 30))
    with access.acting("billing", user_id=biller.pk):
        for kind in (Entry.Kind.WRITE_OFF, Entry.Kind.REFUND):
            ledger.take_back(Entry.objects.get(kind=kind), on=september[0], by=biller)
    after = balances(*september)
    assert after["8560"] == -before["8560"]
    assert after["2939"] == Decimal("-134.20")
    assert after["1910"] == Decimal("11.64")
    with access.acting("billing"):
        assert (
            payments.unallocated(september[1])
            == Decimal("11.64")
            == kept.overpayment.amount - Decimal("1088.36")
        )


def test_every_kind_of_entry_has_its_account(registrar: Registrar) -> None:
    by_documents = {Entry.Kind.INVOICE, Entry.Kind.CREDIT, Entry.Kind.REVERSAL}
    assert set(journal.COUNTER) | by_documents == set(Entry.Kind)


def test_sales_go_to_the_account_of_their_rate(registrar: Registrar, owner: User, biller: User) -> None:
    books.keep(owner, biller)
    with access.acting("billing"):
        JournalAccount.objects.create(use="sales", vat="13.5", number="3010")
    moved = balances(*books.JULY)
    assert (moved["3010"], moved["3000"]) == (Decimal("-100.00"), -1000 - 2 * Decimal("867.22"))


def test_an_export_is_remembered_and_says_when_it_is_outdated(
    registrar: Registrar, owner: User, biller: User
) -> None:
    kept = books.keep(owner, biller)
    period = Period(*books.JULY)
    with access.acting("billing", user_id=biller.pk):
        made, text = journal.export(period, by=biller)
        _named, with_names = journal.export(period, by=biller, with_names=True)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert tuple(rows[0]) == journal.HEADINGS
    debit, credit = (
        sum(Decimal(row[place].replace(",", ".")) for row in rows[1:] if row[place]) for place in (4, 5)
    )
    assert debit == credit == made.debit > 0
    assert rows[2][:8] == ["06.07.2026", "ML", "20260001", "3000", "", "1000,00", "S", "25,50"]
    assert rows[2][8:] == [f"K{kept.customer.pk}", "Lasku 20260001"]
    assert "Höyläämö" not in text
    assert "Lasku 20260001 Kuusamon Höyläämö Oy" in with_names
    with access.acting("owner", user_id=owner.pk):
        recorded = AuditEntry.objects.filter(page="billing journal export")
        assert [entry.numbers for entry in recorded] == [[str(kept.customer)]] * 2
    with access.acting("billing", user_id=biller.pk):
        assert [row.outdated for row in journal.exports()] == [False, False]
        Payment.objects.create(source="manual", amount=1, paid_on=books.JULY[1], booked_on=books.JULY[1])
        assert [row.outdated for row in journal.exports()] == [True, True]
        assert JournalExport.objects.count() == 2


def test_a_missing_account_is_named(registrar: Registrar, owner: User, biller: User) -> None:
    books.keep(owner, biller)
    with access.acting("billing"):
        JournalAccount.objects.filter(use="vat").delete()
        with pytest.raises(journal.AccountMissing, match="VAT payable"):
            list(journal.postings(*books.JULY))
        with pytest.raises(journal.TooLong):
            journal.export(Period(date(2020, 1, 1), date(2026, 1, 1)), by=biller)
