"""Reports: right as of any day, recorded when read or exported, and cheap."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from billing import locking
from billing.models import Entry, JournalExport, PeriodLock
from billing.reports import KINDS, ageing, losses, open_items, payments, periods, sales, vat
from billing.reports.periods import Period
from billing.reports.tables import Asked, Report
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import bills, books, money
from tests.billing.pages import as_biller  # noqa: F401  (a fixture)

HOYLAAMO = "Kuusamon Höyläämö Oy"


@pytest.fixture(autouse=True)
def finnish() -> Iterator[None]:
    with translation.override("fi"):
        yield


@pytest.fixture
def kept(registrar: Registrar, owner: User, biller: User) -> books.Books:
    return books.keep(owner, biller)


def made(kind: Any, first: date, last: date | None = None) -> Report:
    with access.acting("billing"):
        report: Report = kind.make(Asked(Period(first, last or first)))
    return report


def figures(report: Report) -> list[tuple[Any, ...]]:
    return [row.values for row in report.rows]


def test_open_items_are_those_of_the_day_and_equal_the_ledger(kept: books.Books) -> None:
    """Whatever the day: before anything, between payment and credit note, after the loss."""
    expected = {
        date(2026, 7, 5): {},
        date(2026, 7, 6): {"20260001": "1368.50"},
        date(2026, 7, 30): {"20260001": "684.25", "20260002": "1088.36", "20260003": "1088.36"},
        date(2026, 8, 2): {"20260001": "684.25", "20260003": "1088.36"},
        date(2026, 8, 3): {"20260001": "684.25"},
        date(2026, 8, 20): {"20260001": "0.00"},
    }
    for day, items in expected.items():
        report = made(open_items.KIND, day)
        assert {row[0]: row[7] for row in figures(report)} == {n: Decimal(a) for n, a in items.items()}
        assert report.proof is not None
        assert report.proof.difference == 0
        assert report.proof.items == sum((row[7] + row[8] for row in figures(report)), Decimal(0))


def test_receivables_fall_into_their_age(registrar: Registrar, owner: User, biller: User) -> None:
    customer = bills.company(owner)
    invoice = bills.issued(biller, customer, on=date(2026, 1, 2))
    due = invoice.due_on
    assert due is not None
    for days, place in (
        (0, 0),
        (1, 1),
        (14, 1),
        (15, 2),
        (30, 2),
        (31, 3),
        (60, 3),
        (61, 4),
        (90, 4),
        (91, 5),
    ):
        report = made(ageing.KIND, due + timedelta(days=days))
        assert figures(report) == [
            (
                str(customer),
                HOYLAAMO,
                *[invoice.total if n == place else 0 for n in range(6)],
                0,
                invoice.total,
            )
        ]
        assert report.totals[2:] == figures(report)[0][2:]


def test_vat_per_rate_with_the_credit_note_and_the_loss_in_their_own_month(kept: books.Books) -> None:
    july, august = made(vat.KIND, *books.JULY), made(vat.KIND, *books.AUGUST)
    assert [row[1:] for row in figures(july)] == [
        ("25,5 %", 3, Decimal("2734.44"), Decimal("697.28")),
        ("13,5 %", 1, Decimal("100.00"), Decimal("13.50")),
    ]
    assert july.totals[-1] == Decimal("710.78")
    assert [row[1:] for row in figures(august)] == [
        ("25,5 %", 1, Decimal("-867.22"), Decimal("-221.14")),
        ("25,5 %", 1, Decimal("-499.82"), Decimal("-127.45")),
        ("13,5 %", 1, Decimal("-49.98"), Decimal("-6.75")),
    ]
    lost = made(losses.KIND, *books.AUGUST)
    assert [row[4:] for row in figures(lost)] == [(Decimal("684.00"), Decimal("134.20"))]


def test_sales_and_payments_of_a_period(kept: books.Books) -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert figures(made(sales.BY_MONTH, *year)) == [
        ("7/2026", 3, Decimal("2834.44"), 0, Decimal("2834.44")),
        ("8/2026", 0, 0, Decimal("-867.22"), Decimal("-867.22")),
    ]
    by_customer = made(sales.BY_CUSTOMER, *year)
    assert figures(by_customer)[0][2:] == by_customer.totals[2:] == made(sales.BY_MONTH, *year).totals[1:]
    assert [row[-1] for row in figures(made(sales.BY_GROUP, *year))][-1] == Decimal("100.00")
    money_in = made(payments.KIND, *year)
    assert figures(money_in) == [
        ("7/2026", 2, Decimal("1784.25"), 0, Decimal("1772.61"), 0, 0),
        ("8/2026", 0, 0, 0, 0, Decimal("-11.64"), 0),
    ]
    with access.acting("billing"):
        assert payments.unallocated(books.JULY[1]) == Decimal("11.64")
        assert payments.unallocated(books.AUGUST[1]) == 0


def test_files_hold_every_row_inert_and_are_recorded(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    customer = bills.company(owner, "=HYPERLINK(1)")
    bills.issued(biller, customer, on=date(2026, 7, 6))
    answer = as_biller.get("/billing/reports/ageing.csv?day=2026-07-31")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    row = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))[1]
    assert row == [str(customer), "'=HYPERLINK(1)", "0", "1088,36", "0", "0", "0", "0", "0,00", "1088,36"]
    book = openpyxl.load_workbook(
        io.BytesIO(as_biller.get("/billing/reports/open-items.xlsx?day=2026-07-31").content)
    )
    cells = [cell.value for cell in list(book.active)[1]]
    assert cells[:3] == ["20260001", str(customer), "'=HYPERLINK(1)"]
    assert cells[6:8] == [1088.36, 1088.36]
    with access.acting("owner", user_id=owner.pk):
        recorded = AuditEntry.objects.filter(page="billing report export")
        assert [entry.numbers for entry in recorded] == [[str(customer)]] * 2


def test_every_page_answers_full_and_empty_and_reads_are_recorded(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    for code in KINDS:
        assert "Nothing in these days" in as_biller.get(f"/billing/reports/{code}/").content.decode()
    kept = books.keep(owner, biller)
    for code, kind in KINDS.items():
        days = "day=2026-08-02" if kind.as_of else "period=free&first=2026-07-01&last=2026-08-31"
        with CaptureQueriesContext(connections["billing"]) as queries:
            page = as_biller.get(f"/billing/reports/{code}/?{days}").content.decode()
        assert len(queries) <= 12, [query["sql"][:80] for query in queries]
        assert "<rect" in page
        assert "Amounts in euros" in page
    with access.acting("owner", user_id=owner.pk):
        entry = AuditEntry.objects.get(page="billing report ageing")
        assert entry.numbers == [str(kept.customer)]
    assert as_biller.get("/billing/reports/unknown/").status_code == 404
    wrong = as_biller.get("/billing/reports/vat/?period=free&first=2026-07-02&last=2026-07-01")
    assert wrong.status_code == 422
    assert "in this order" in wrong.content.decode()


def test_the_month_is_checked_locked_and_handed_over(
    as_biller: Client, as_owner: Client, owner: User, kept: books.Books
) -> None:
    as_owner.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    address = "/billing/month-end/?month=2026-07"
    assert "Lock until" in as_biller.get(address).content.decode()
    assert as_biller.post("/billing/month-end/lock/", {"month": "2026-07"})["Location"] == address
    with access.acting("billing"):
        assert locking.locked_until() == date(2026, 7, 31)
    page = as_biller.get(address).content.decode()
    assert "Only the register owner takes a lock off" in page
    assert "not exported" in page
    sent = as_biller.post("/billing/journal/", {"first": "2026-07-01", "last": "2026-07-31"})
    assert sent["Content-Disposition"] == 'attachment; filename="journal-2026-07-01-2026-07-31.csv"'
    assert "not exported" not in as_biller.get(address).content.decode()
    assert "booked into since" not in as_biller.get("/billing/journal/").content.decode()
    with access.acting("billing"):
        assert JournalExport.objects.count() == 1
    refused = as_owner.post("/register/billing/locked-periods/", {"reason": " "})
    assert refused.status_code == 422
    as_owner.post("/register/billing/locked-periods/", {"reason": "Virhe kirjauksissa"})
    assert "Virhe kirjauksissa" in as_owner.get("/register/billing/locked-periods/").content.decode()
    with access.acting("billing"):
        assert locking.locked_until() is None


def test_a_locked_day_is_refused_on_the_page_and_nothing_is_kept(
    as_biller: Client, biller: User, kept: books.Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = bills.draft(biller, kept.customer)
    with access.acting("billing", user_id=biller.pk):
        PeriodLock.objects.create(until=date(2099, 12, 31), locked_by_id=biller.pk)
    told = as_biller.get(f"/billing/invoices/D{draft.pk}/issue/").content.decode()
    assert "locked until" in told
    monkeypatch.setattr(locking, "require_open", lambda day: None)
    key = "6a0e2a0e-5c3c-4f7e-9d38-1f2d0a4f3b11"
    answer = as_biller.post(f"/billing/invoices/D{draft.pk}/issue/", {"key": key})
    assert answer.status_code == 422
    assert "nothing was saved" in answer.content.decode()
    with access.acting("billing"):
        assert Entry.objects.filter(document=draft.pk).count() == 0
    assert money.receivable(kept.two_rates).costs == 12


def test_accounts_are_changed_added_and_taken_away(as_biller: Client, registrar: Registrar) -> None:
    page = as_biller.get("/billing/journal/accounts/")
    fields = {name: field.initial for name, field in page.context["form"].fields.items() if field.initial}
    bank = next(name for name, number in fields.items() if number == "1910")
    wrong = as_biller.post("/billing/journal/accounts/", fields | {"vat": "25,5", "number": "3x"})
    assert wrong.status_code == 422
    as_biller.post("/billing/journal/accounts/", fields | {bank: "1911", "vat": "25,50", "number": "3001"})
    page = as_biller.get("/billing/journal/accounts/")
    fields = {name: field.initial for name, field in page.context["form"].fields.items() if field.initial}
    assert {"1911", "3001"} <= set(fields.values())
    own = next(name for name, number in fields.items() if number == "3001")
    as_biller.post("/billing/journal/accounts/", fields | {own: ""})
    page = as_biller.get("/billing/journal/accounts/")
    assert "3001" not in page.content.decode()


@given(
    day=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    ends=st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda end: (end.month, end.day)),
)
def test_offered_periods_follow_each_other_without_gap_and_are_found_by_their_token(
    day: date, ends: tuple[int, int]
) -> None:
    for found in periods.offered(day, ends).values():
        assert found[0].first <= day <= found[0].last
        for later, earlier in itertools.pairwise(found):
            assert later.first - earlier.last == timedelta(days=1)
        assert [periods.of_token(one.token, ends) for one in found] == found
