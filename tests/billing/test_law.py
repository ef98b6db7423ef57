"""What the database itself refuses, whoever asks: changes of what was issued, gaps, numbers made by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction
from django.db.utils import ProgrammingError

from billing.models import Invoice, InvoiceLine, InvoicePdf, Series, VatRate
from register import access
from register.models import Registrar, User
from register.roles import Login
from tests.billing import bills, money, nights
from tests.cluster import admin_url

CHANGES = (
    "UPDATE billing_invoice SET total = 1 WHERE number <> ''",
    "UPDATE billing_invoice SET number = '' WHERE number <> ''",
    "UPDATE billing_invoice SET snapshot = '{}' WHERE number <> ''",
    "UPDATE billing_invoice SET kept_until = '2000-01-01' WHERE number <> ''",
    "UPDATE billing_invoice SET subject = 'x'",
    "DELETE FROM billing_invoice WHERE number <> ''",
    "TRUNCATE billing_invoice CASCADE",
    "UPDATE billing_invoiceline SET net = 1",
    "DELETE FROM billing_invoiceline",
    "TRUNCATE billing_invoiceline",
    """INSERT INTO billing_invoiceline (invoice_id, position, description, quantity, unit, unit_price,
                                        discount_percent, vat_code, vat_rate, vat_category, net, vat)
       SELECT id, 99, 'x', 1, '', 1, 0, 'zero', 0, 'Z', 1, 0 FROM billing_invoice WHERE number <> ''""",
    "UPDATE billing_invoicepdf SET content = '\\x00', sha256 = repeat('0', 64)",
    "DELETE FROM billing_invoicepdf",
    "TRUNCATE billing_invoicepdf",
    "UPDATE billing_series SET last = 0",
    "UPDATE billing_series SET last = last - 1",
    "DELETE FROM billing_series",
    "TRUNCATE billing_series CASCADE",
)
REFUSED = "permission denied|cannot be changed|cannot be emptied|cannot be removed|only grows"


def fingerprint(invoice: Invoice) -> str:
    """Everything that was issued, as one hash, read by the tables' owner."""
    digest = hashlib.sha256()
    with connections["migrate"].cursor() as cursor:
        for table, key in (
            ("billing_invoice", "id"),
            ("billing_invoiceline", "invoice_id"),
            ("billing_invoicepdf", "invoice_id"),
        ):
            cursor.execute(f"SELECT t::text FROM {table} t WHERE {key} = %s ORDER BY 1", [invoice.pk])
            rows = cursor.fetchall()
            assert rows, table
            digest.update(repr(rows).encode())
        cursor.execute("SELECT * FROM billing_series ORDER BY id")
        digest.update(repr(cursor.fetchall()).encode())
    return digest.hexdigest()


@pytest.fixture
def issued(owner: User, biller: User, registrar: Registrar) -> Invoice:
    return bills.issued(biller, bills.company(owner))


@pytest.mark.parametrize("statement", CHANGES)
def test_no_login_and_not_the_tables_owner_changes_what_was_issued(issued: Invoice, statement: str) -> None:
    before = fingerprint(issued)
    for login in Login:
        with pytest.raises(DatabaseError, match=REFUSED), access.acting(login.value):
            connections[login.value].cursor().execute(statement)
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(using="migrate"):
        connections["migrate"].cursor().execute(statement)
    superuser = psycopg.connect(admin_url(connections["migrate"].settings_dict["NAME"]))
    with pytest.raises(psycopg.Error, match=REFUSED):
        superuser.execute(statement)
    superuser.close()
    assert fingerprint(issued) == before


def by_save(invoice: Invoice) -> None:
    invoice.total = 1
    invoice.save()


def by_update_fields(invoice: Invoice) -> None:
    invoice.subject = "x"
    invoice.save(update_fields=["subject"])


def by_queryset(invoice: Invoice) -> None:
    Invoice.objects.filter(pk=invoice.pk).update(net=0)


def by_bulk(invoice: Invoice) -> None:
    lines = list(invoice.lines.all())
    for line in lines:
        line.description = "x"
    InvoiceLine.objects.bulk_update(lines, ["description"])


def by_line(invoice: Invoice) -> None:
    invoice.lines.first().delete()


def by_delete(invoice: Invoice) -> None:
    Invoice.objects.filter(pk=invoice.pk)._raw_delete("billing")


def by_replacing_the_paper(invoice: Invoice) -> None:
    InvoicePdf.objects.filter(pk=invoice.pk).update(content=b"x", sha256="0" * 64)


@pytest.mark.parametrize(
    "change",
    [by_save, by_update_fields, by_queryset, by_bulk, by_line, by_delete, by_replacing_the_paper],
)
def test_the_orm_is_refused_too(issued: Invoice, change: Callable[[Invoice], None]) -> None:
    before = fingerprint(issued)
    with pytest.raises(DatabaseError, match=REFUSED), access.acting("billing"):
        change(Invoice.objects.get(pk=issued.pk))
    assert fingerprint(issued) == before


def test_a_draft_can_be_changed_by_the_same_statements(
    owner: User, biller: User, registrar: Registrar
) -> None:
    draft = bills.draft(biller, bills.company(owner))
    with access.acting("billing"), connections["billing"].cursor() as cursor:
        cursor.execute("UPDATE billing_invoice SET subject = 'x'")
        cursor.execute("UPDATE billing_invoiceline SET net = 1")
        cursor.execute("DELETE FROM billing_invoiceline")
        assert cursor.rowcount == 2
        cursor.execute("DELETE FROM billing_invoice WHERE id = %s", [draft.pk])
        assert cursor.rowcount == 1


def test_a_line_cannot_slip_in_while_another_transaction_issues(
    owner: User, biller: User, registrar: Registrar
) -> None:
    draft = bills.draft(biller, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        held = Invoice.objects.select_for_update().get(pk=draft.pk)
        assert held.is_draft
        with psycopg.connect(admin_url(connections["migrate"].settings_dict["NAME"])) as other:
            other.execute("SET LOCAL lock_timeout = '200ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("UPDATE billing_invoiceline SET description = 'x'")


SET = "UPDATE billing_invoice SET number = %(number)s, series_id = %(series)s, sequence = %(sequence)s, "
REST = (
    "reference = '13', issued_on = %(on)s, due_on = %(on)s, issued_by_id = drafted_by_id, "
    "client_key = gen_random_uuid(), snapshot = '{}', sha256 = repeat('0', 64), kept_until = %(kept)s "
    "WHERE id = %(id)s"
)


def by_hand(draft: Invoice, *, take: bool = False, **changed: Any) -> None:
    """Issue with SQL, as somebody would who has stolen the billing login; `take` takes the number first."""
    with connections["billing"].cursor() as cursor:
        if take:
            cursor.execute("UPDATE billing_series SET last = last + 1")
        cursor.execute("SELECT id, last FROM billing_series WHERE kind = 'invoice'")
        series, last = cursor.fetchone()
        values = {
            "id": draft.pk,
            "number": "X1",
            "series": series,
            "sequence": last + 1,
            "on": date(2026, 9, 1),
            "kept": date(2032, 12, 31),
        }
        cursor.execute(SET + REST, values | changed)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, "not the next number"),
        ({"sequence": 1}, "invoice_number_once_in_series"),
        ({"sequence": None}, "not the next number|invoice_draft_or_issued"),
        ({"sequence": 17}, "not the next number"),
        ({"series": None}, "not the next number|invoice_draft_or_issued"),
        ({"on": date(2025, 9, 1)}, "not the next number"),
        ({"on": None}, "not the next number|invoice_draft_or_issued"),
        ({"number": "20260001"}, "not the next number|invoice_number_once"),
    ],
)
def test_numbers_made_by_hand_are_refused(
    issued: Invoice, biller: User, changed: dict[str, Any], why: str
) -> None:
    draft = bills.draft(biller, issued.customer)
    with pytest.raises(DatabaseError, match=why), access.acting("billing"):
        by_hand(draft, **changed)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"kept": date(2032, 12, 30)}, "issued_is_kept_by_law"),
        ({"kept": date(2026, 9, 2)}, "issued_is_kept_by_law"),
        ({"number": "20260001"}, "invoice_number_once"),
        ({}, "has its PDF"),
    ],
)
def test_a_number_taken_by_hand_still_needs_all_that_the_law_asks_for(
    issued: Invoice, biller: User, changed: dict[str, Any], why: str
) -> None:
    draft = bills.draft(biller, issued.customer)
    with pytest.raises(DatabaseError, match=why), access.acting("billing"):
        by_hand(draft, take=True, **{"sequence": 2} | changed)
    assert bills.issue(biller, draft).number == "20260002"


def test_a_number_taken_for_nothing_is_given_back(issued: Invoice, biller: User) -> None:
    with pytest.raises(IntegrityError, match="is on a document"), access.acting("billing"):
        connections["billing"].cursor().execute("UPDATE billing_series SET last = last + 1")
    with pytest.raises(IntegrityError, match="is on a document"), access.acting("billing"):
        Series.objects.create(kind="invoice", year=2030, last=7)
    assert bills.issued(biller, issued.customer).number == "20260002"


def test_a_row_is_never_born_issued(issued: Invoice) -> None:
    with pytest.raises(IntegrityError, match="begins as a draft"), access.acting("billing"):
        Invoice.objects.create(
            customer=issued.customer, drafted_by_id=issued.drafted_by_id, number="20260002"
        )


def test_foreign_paper_is_not_taken_for_an_issued_invoice(issued: Invoice, biller: User) -> None:
    draft = bills.draft(biller, issued.customer)
    paper = hashlib.sha256(b"x").hexdigest()
    with pytest.raises(IntegrityError, match="not the PDF"), access.acting("billing"):
        InvoicePdf.objects.create(invoice=draft, content=b"x", sha256=paper)


def test_after_the_day_of_the_law_and_not_before_a_document_may_go(
    owner: User, biller: User, registrar: Registrar
) -> None:
    old = bills.issued(biller, bills.company(owner), on=date(2016, 3, 1))
    young = bills.issued(biller, old.customer, on=date(2026, 3, 1))
    money.paid(biller, old, str(old.total), on=date(2016, 3, 14))
    assert old.kept_until == date(2022, 12, 31)
    last = date(2026, 12, 31)
    for table in ("billing_entry", "billing_receivable", "billing_invoiceline", "billing_invoice"):
        with nights.on(last), pytest.raises(DatabaseError), access.acting("migrate"):
            connections["migrate"].cursor().execute(f"DELETE FROM {table}")
    with (
        nights.on(last + timedelta(days=1)),
        transaction.atomic(using="migrate"),
        connections["migrate"].cursor() as cursor,
    ):
        for table, key in (
            ("billing_entry", "receivable_id"),
            ("billing_paymentreference", "receivable_id"),
            ("billing_receivable", "invoice_id"),
            ("billing_invoicepdf", "invoice_id"),
            ("billing_invoiceline", "invoice_id"),
            ("billing_invoice", "id"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {key} = %s", [old.pk])
            assert cursor.rowcount >= 1
    with access.acting("billing"):
        assert list(Invoice.objects.all()) == [young]


def test_two_rates_of_a_group_are_never_in_force_on_one_day(owner: User) -> None:
    with pytest.raises(IntegrityError, match="two rates"), access.acting("owner", user_id=owner.pk):
        VatRate.objects.create(
            code="standard", rate=26, valid_from=date(2030, 1, 1), statute="x", source="x", entered_by=owner
        )


@pytest.mark.parametrize("login", ["billing", "worker", "link", "default", "audit"])
def test_only_the_owner_adds_rates(owner: User, login: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), access.acting(login):
        connections[login].cursor().execute("DELETE FROM billing_vatrate")
    with pytest.raises(ProgrammingError, match="permission denied"), access.acting("owner"):
        connections["owner"].cursor().execute("UPDATE billing_vatrate SET rate = 1")
