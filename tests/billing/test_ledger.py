"""The ledger: what issuing, paying, crediting and taking back make of what is owed, and what nobody can change."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connections
from django.db.models import Sum

from billing import ledger, rules
from billing.models import Entry, Payment, PaymentReference, Receivable, Rule
from register import access
from register.models import Registrar, User
from tests.billing import bills, money

TOTAL = Decimal("1088.36")


def test_an_issued_invoice_is_owed_under_its_reference(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = bills.issued(biller, bills.company(owner))
    owed = money.receivable(invoice)
    assert (owed.open, owed.costs, owed.amount, owed.debtor) == (TOTAL, 0, TOTAL, "business")
    assert (owed.due_on, owed.due_basis, owed.settled_on) == (invoice.due_on, "invoice_only", None)
    with access.acting("billing"):
        assert PaymentReference.objects.get(key=invoice.reference).receivable_id == invoice.pk
        assert list(Receivable.objects.overdue(on=invoice.due_on)) == []
        assert list(Receivable.objects.overdue(on=invoice.due_on + timedelta(days=1))) == [owed]
    assert owed.days_late(on=invoice.due_on + timedelta(days=9)) == 9


def test_payments_close_it_and_what_is_too_much_stays_with_the_payment(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = bills.issued(biller, bills.company(owner))
    money.paid(biller, invoice, "1000.00")
    assert (money.receivable(invoice).open, money.receivable(invoice).settled_on) == (Decimal("88.36"), None)
    second = money.payment(biller, "100.00", on=bills.TODAY + timedelta(days=3))
    with access.acting("billing", user_id=biller.pk):
        with pytest.raises(ledger.NotSoMuch):
            ledger.allocate(second, money.receivable(invoice), Decimal("88.37"), on=bills.TODAY, by=biller)
        ledger.allocate(second, money.receivable(invoice), Decimal("88.36"), on=second.paid_on, by=biller)
        second.refresh_from_db()
    assert money.receivable(invoice).open == 0
    assert money.receivable(invoice).settled_on == second.paid_on
    assert (second.unallocated, second.customer_id) == (Decimal("11.64"), invoice.customer_id)


def test_an_entry_is_taken_back_once_and_both_stay(registrar: Registrar, owner: User, biller: User) -> None:
    invoice = bills.issued(biller, bills.company(owner))
    entry = money.paid(biller, invoice, "88.36")
    with access.acting("billing", user_id=biller.pk):
        ledger.take_back(entry, on=bills.TODAY, by=biller, reason="Väärä lasku")
        with pytest.raises(ledger.AlreadyTakenBack):
            ledger.take_back(entry, on=bills.TODAY, by=biller)
        assert Payment.objects.get(pk=entry.payment_id).unallocated == Decimal("88.36")
        assert Entry.objects.filter(receivable=invoice.pk).count() == 3
    assert money.receivable(invoice).open == TOTAL


@pytest.mark.parametrize(("paid", "left"), [("0.01", "0.01"), ("500.00", "500.00"), ("1088.36", "1088.36")])
def test_crediting_what_was_paid_leaves_the_money_as_the_customers_credit(
    registrar: Registrar, owner: User, biller: User, paid: str, left: str
) -> None:
    invoice = bills.issued(biller, bills.company(owner))
    entry = money.paid(biller, invoice, paid)
    bills.credit(biller, invoice)
    assert money.receivable(invoice).open == 0
    with access.acting("billing"):
        assert Payment.objects.get(pk=entry.payment_id).unallocated == Decimal(left)
        entries = Entry.objects.filter(receivable=invoice.pk)
        assert entries.aggregate(sum=Sum("amount"))["sum"] == 0


def test_costs_are_a_part_of_their_own(registrar: Registrar, owner: User, biller: User) -> None:
    invoice = bills.issued(biller, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        ledger.post_cost(money.receivable(invoice), Decimal(12), on=bills.TODAY, by=biller)
    money.paid(biller, invoice, "1088.36")
    owed = money.receivable(invoice)
    assert (owed.open, owed.costs, owed.settled_on) == (0, 12, None)
    with access.acting("billing", user_id=biller.pk):
        assert list(Receivable.objects.unpaid()) == [owed]
        ledger.write_off(
            owed, Decimal(12), on=bills.TODAY, by=biller, kind=Entry.Kind.WAIVER, part=Entry.Part.COSTS
        )
    assert money.receivable(invoice).settled_on == bills.TODAY


LOGINS = ("billing", "owner", "worker")
BY_NOBODY = ("UPDATE billing_receivable SET open = 0", "UPDATE billing_payment SET unallocated = 0")
NOT_EVEN_BY_THE_TABLES_OWNER = (
    "UPDATE billing_receivable SET amount = 1",
    "UPDATE billing_payment SET amount = 1",
    "UPDATE billing_entry SET amount = -1",
    "DELETE FROM billing_entry",
    "DELETE FROM billing_paymentreference; DELETE FROM billing_receivable",
    "DELETE FROM billing_payment",
    "TRUNCATE billing_entry",
)


@pytest.mark.parametrize(
    ("login", "attempt"),
    [(login, attempt) for login in LOGINS for attempt in (*BY_NOBODY, *NOT_EVEN_BY_THE_TABLES_OWNER)]
    + [("migrate", attempt) for attempt in NOT_EVEN_BY_THE_TABLES_OWNER],
)
def test_no_login_changes_what_the_ledger_says(
    registrar: Registrar, owner: User, biller: User, login: str, attempt: str
) -> None:
    invoice = bills.issued(biller, bills.company(owner))
    money.paid(biller, invoice, "88.36")
    before = money.receivable(invoice).open
    with pytest.raises(DatabaseError), access.acting(login), connections[login].cursor() as cursor:
        for statement in attempt.split(";"):
            cursor.execute(statement)
    assert money.receivable(invoice).open == before == Decimal("1000.00")
    with access.acting("billing"):
        assert Entry.objects.count() == 2


def test_sums_cannot_be_inserted(registrar: Registrar, owner: User, biller: User) -> None:
    made = money.payment(biller, "5.00", unallocated=Decimal(1))
    assert made.unallocated == 5
    with pytest.raises(IntegrityError), access.acting("billing"):
        Entry.objects.create(kind="refund", payment=made, amount=Decimal("-5.01"), on=bills.TODAY)


def test_the_figures_of_a_day_and_tier_are_found_or_named(database: None) -> None:
    with access.acting("billing"):
        cap = Rule.Code.COST_CAP_CONSUMER
        found = [
            rules.row(cap, date(2026, 1, 1), principal=Decimal(p)).value for p in ("100", "100.01", "1000.01")
        ]
        assert found == [60, 120, 210]
        assert rules.row(Rule.Code.REFERENCE_RATE, date(2023, 6, 30)).value == Decimal("2.5")
        assert rules.row(Rule.Code.REFERENCE_RATE, date(2023, 7, 1)).value == 4
        with pytest.raises(rules.RuleMissing, match="2026-H2"):
            rules.row(Rule.Code.REFERENCE_RATE, date(2026, 7, 1))
        stretches = rules.Rules([Rule.Code.REFERENCE_RATE]).segments(
            Rule.Code.REFERENCE_RATE, date(2024, 12, 17), date(2025, 1, 15)
        )
        assert [(first, last, row.value) for first, last, row in stretches] == [
            (date(2024, 12, 17), date(2024, 12, 31), Decimal("4.5")),
            (date(2025, 1, 1), date(2025, 1, 15), Decimal("3.5")),
        ]
    with pytest.raises(IntegrityError, match="two rows"), access.acting("owner"):
        Rule.objects.create(
            code=Rule.Code.LIMITATION, value=2, valid_from=date(2026, 1, 1), statute="§", source="?"
        )
