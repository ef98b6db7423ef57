"""What the law kept when somebody was erased goes in the night after its last day (scenario 37), and not before."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as settings_
from django.core.files.base import ContentFile
from django.db import DatabaseError, connections, transaction
from django.test import Client

from billing import attaching, journal, ledger
from billing.models import (
    Entry,
    Invoice,
    Payment,
    Receivable,
    Sending,
)
from customers.models import Customer
from register import access, erasure, retention
from register.models import AuditEntry, Erasure, Registrar, User
from tests import canary
from tests.billing import bills, late, money, nights
from tests.billing.nights import erased, settled, until

DAY = timedelta(days=1)
NAMES = ("Yksityinen", "aino@posti.example", "zqnote", "zqpayer", "zqreason", "zqline", "zqfile")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def books(first: date, last: date) -> list[journal.Posting]:
    with access.acting("billing"):
        return list(journal.postings(first, last))


# --- scenario 37 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year_end", "issued", "vouchers", "ledgers"),
    [
        ((12, 31), date(2024, 12, 30), date(2030, 12, 31), date(2034, 12, 31)),
        ((3, 31), date(2026, 3, 30), date(2032, 12, 31), date(2036, 3, 31)),
    ],
)
def test_vouchers_go_after_their_years_and_the_ledger_after_its_own(
    registrar: Registrar,
    owner: User,
    biller: User,
    year_end: tuple[int, int],
    issued: date,
    vouchers: date,
    ledgers: date,
) -> None:
    with access.acting("owner", user_id=owner.pk):
        registrar.financial_year_end_month, registrar.financial_year_end_day = year_end
        registrar.save(update_fields=["financial_year_end_month", "financial_year_end_day"])
    customer = late.consumer(owner)
    line = bills.Line(description="zqline", quantity=Decimal(1), unit_price=Decimal(100))
    draft = bills.draft(biller, customer, [line, *bills.CONSULTING], on=issued, note="zqnote")
    with access.acting("billing", user_id=biller.pk):
        attaching.attach(draft, [ContentFile(b"%PDF-1.7 zqfile", "zqfile.pdf")], by=biller)
    invoice = bills.issue(biller, draft, on=issued)
    with access.acting("billing", user_id=biller.pk):
        Sending.objects.create(
            customer=customer, invoice=invoice, channel="email", address="aino@posti.example", sha256=invoice.sha256,
            state="sent", queued_at=late.noon(issued), sent_at=late.noon(issued),
        )  # fmt: skip
    payment = money.payment(biller, str(invoice.total), on=issued, payer_name="zqpayer")
    with access.acting("billing", user_id=biller.pk):
        held = Receivable.objects.get(pk=invoice.pk)
        entry = ledger.allocate(payment, held, invoice.total, on=issued, by=biller, reason="zqreason")
    outcome = erased(owner, customer)
    assert until(outcome) == {vouchers, ledgers}
    assert all("1336/1997" in one.law for one in outcome.kept)

    before = books(issued, issued)
    assert canary.in_database(NAMES).keys() == set(NAMES)
    assert nights.run(vouchers) == 0
    assert canary.in_database(NAMES).keys() == set(NAMES)
    assert canary.in_files(["zqfile"]) != {}

    assert nights.run(vouchers + DAY) == 1
    assert canary.in_database(NAMES) == {}
    assert canary.in_files(["zqfile"]) == {}
    assert nights.left() == {"Invoice": 1, "InvoicePdf": 0, "Receivable": 1, "Entry": 2, "Payment": 1}
    assert books(issued, issued) == before != []
    with access.acting("owner"):
        shell = Invoice.objects.get(pk=invoice.pk)
        assert (shell.number, shell.total, shell.sha256) == (invoice.number, invoice.total, invoice.sha256)
        assert sum(one.amount for one in Entry.objects.filter(receivable=invoice.pk)) == 0
        assert Entry.objects.get(pk=entry.pk).amount == -invoice.total
        proof = Erasure.objects.get(reason=Erasure.Reason.TIME_UP)
        assert until(erasure.answer(proof)) == {ledgers}
        assert proof.due_on == ledgers + DAY
        told = AuditEntry.objects.filter(page="erasure", action=AuditEntry.Action.DELETE).latest("pk")
        assert told.actor_id is None
        assert told.reason == str(Erasure.Reason.TIME_UP.label)

    assert nights.run(vouchers + DAY) == nights.run(ledgers) == 0
    assert nights.left()["Invoice"] == 1
    assert nights.run(ledgers + DAY) == 1
    assert set(nights.left().values()) == {0}
    with access.acting("owner"):
        assert Erasure.objects.latest("pk").due_on is None
        assert Customer.objects.get(pk=customer.pk).name == "—"
    assert nights.run(ledgers + 400 * DAY) == 0


def test_the_night_run_logs_what_is_refused_and_goes_on(
    registrar: Registrar, owner: User, biller: User, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = late.consumer(owner), bills.company(owner)
    for customer in (first, second):
        settled(biller, customer, on=date(2024, 5, 2))
        erased(owner, customer)
    # The database's day is today: it refuses what the night run thinks it may do.
    with caplog.at_level(logging.ERROR, logger="register.retention"):
        assert retention.run(at=late.noon(date(2031, 1, 1))) == 2
    assert [record.args[0] for record in caplog.records] == [str(first), str(second)]  # type: ignore[index]
    assert nights.left()["InvoicePdf"] == 2
    with nights.on(date(2031, 1, 1)):
        assert retention.run(at=late.noon(date(2031, 1, 1))) == 2
    assert nights.left()["InvoicePdf"] == 0


def test_those_who_were_not_erased_keep_everything(registrar: Registrar, owner: User, biller: User) -> None:
    gone, present = late.consumer(owner), bills.company(owner)
    old, kept = (settled(biller, one, on=date(2024, 5, 2)) for one in (gone, present))
    erased(owner, gone)
    assert nights.whole() == {str(old), str(kept)}
    nights.run(date(2031, 1, 1))
    assert nights.whole() == {str(kept)}


def test_many_invoices_go_in_many_transactions(registrar: Registrar, owner: User, biller: User) -> None:
    customer = late.consumer(owner)
    for month in range(1, 7):
        settled(biller, customer, on=date(2024, month, 2))
    erased(owner, customer)
    assert nights.run(date(2031, 1, 1), most=10) == 3
    assert nights.whole() == set()
    assert nights.left() == {"Invoice": 6, "InvoicePdf": 0, "Receivable": 6, "Entry": 12, "Payment": 6}
    assert nights.run(date(2035, 1, 1), most=10) > 3
    assert set(nights.left().values()) == {0}


def test_somebody_erased_after_the_vouchers_years_leaves_the_ledger_at_once(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = late.consumer(owner)
    invoice = settled(biller, customer, on=date(2018, 5, 2))
    assert until(erased(owner, customer)) == {date(2028, 12, 31)}
    assert nights.whole() == set()
    assert canary.in_database(["Yksityinen"]) == {}
    assert nights.left()["Receivable"] == 1
    assert money.receivable(invoice).open == 0


# --- the pages ---------------------------------------------------------------------------------------


def test_the_page_of_what_is_left_shows_figures_and_nothing_can_be_done_with_it(
    registrar: Registrar, owner: User, biller: User, as_biller: Client, as_owner: Client
) -> None:
    as_biller.cookies[settings_.LANGUAGE_COOKIE_NAME] = as_owner.cookies[settings_.LANGUAGE_COOKIE_NAME] = (
        "en"
    )
    customer = late.consumer(owner)
    invoice = settled(biller, customer, on=date(2018, 5, 2))
    with access.acting("owner", user_id=owner.pk):
        planned = as_owner.get(f"/register/erase/{customer}/").content.decode()
    assert "ten years from the end of the financial year" in planned
    assert "six years" not in planned
    erased(owner, customer)
    page = as_biller.get(f"/billing/invoices/D{invoice.pk}/")
    assert page.status_code == 200
    shown = page.content.decode()
    assert invoice.number in shown
    assert "stay as long as the ledger" in shown
    assert "Yksityinen" not in shown
    for path in ("pdf/", "credit/"):
        assert as_biller.get(f"/billing/invoices/D{invoice.pk}/{path}").status_code == 404


# --- the database's own law ----------------------------------------------------------------------------

STATEMENTS = (
    "UPDATE billing_invoice SET note = ''",
    "UPDATE billing_invoice SET subject = 'x'",
    "UPDATE billing_invoice SET snapshot = '{}'",
    "UPDATE billing_invoiceline SET description = ''",
    "UPDATE billing_invoiceline SET description = 'x'",
    "UPDATE billing_entry SET reason = ''",
    "UPDATE billing_entry SET reason = 'x'",
    "DELETE FROM billing_invoicepdf",
    "DELETE FROM billing_sending",
    "DELETE FROM billing_entry",
    "DELETE FROM billing_payment",
    "DELETE FROM billing_receivable",
    "DELETE FROM billing_invoiceline",
    "DELETE FROM billing_invoice",
)
EMPTYING = {STATEMENTS[place] for place in (0, 3, 5, 7, 8)}


def test_no_login_deletes_or_empties_by_hand_before_the_day_and_rewrites_ever(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = late.consumer(owner)
    invoice = settled(biller, customer, on=date(2024, 5, 2))
    with access.acting("billing", user_id=biller.pk):
        ledger.take_back(Entry.objects.get(kind="payment"), on=date(2024, 6, 3), by=biller, reason="syy")
        ledger.allocate(
            Payment.objects.get(), Receivable.objects.get(), invoice.total, on=date(2024, 6, 3), by=biller
        )
    for day, allowed in ((date(2030, 12, 31), set()), (date(2031, 1, 1), EMPTYING)):
        with nights.on(day):
            for statement in STATEMENTS:
                for login in ("worker", "owner"):
                    assert _would_do(login, statement) == (statement in allowed), (login, statement)
    assert nights.whole() == {str(invoice)}


def _would_do(login: str, statement: str) -> bool:
    """Whether the database would do a statement typed by hand through a login; it is taken back."""
    try:
        with access.acting(login):
            connections[login].cursor().execute(statement)
            transaction.set_rollback(True, using=login)
    except DatabaseError:
        return False
    return True
