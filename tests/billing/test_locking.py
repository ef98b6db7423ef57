"""The lock on a period: the database keeps it against every login, and only the owner takes it off."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connections

from billing import debt, interest, invoicing, ledger, limitation, locking
from billing.bank import settling
from billing.models import Entry, Invoice, Payment, PeriodLock, PeriodUnlock
from register import access
from register.models import Registrar, User
from tests.billing import bankfiles, bills, late, money

LAST = bills.TODAY - timedelta(days=1)


def lock(biller: User, until: date = LAST, *, on: date = bills.TODAY) -> PeriodLock:
    with access.acting("billing", user_id=biller.pk):
        return locking.lock(until=until, by=biller, on=on)


def book(biller: User, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        Payment.objects.create(source="manual", amount=1, paid_on=LAST, booked_on=LAST)


def charge(biller: User, invoice: Invoice) -> None:
    with access.acting("billing", user_id=biller.pk):
        ledger.post_cost(money.receivable(invoice), Decimal(5), on=LAST, by=biller)


def write(biller: User, invoice: Invoice) -> None:
    made = money.payment(biller, "5.00")
    with access.acting("billing", user_id=biller.pk):
        Entry.objects.create(kind="payment", receivable_id=invoice.pk, payment=made, amount=-5, on=LAST)


@pytest.mark.parametrize("act", [book, charge, write])
def test_the_database_refuses_to_book_into_a_locked_period(
    registrar: Registrar, owner: User, biller: User, act: Callable[[User, Invoice], None]
) -> None:
    invoice = bills.issued(biller, bills.company(owner), on=LAST)
    lock(biller)
    before = money.receivable(invoice)
    with pytest.raises(IntegrityError, match="locked") as refused:
        act(biller, invoice)
    assert locking.is_refusal(refused.value)
    assert money.receivable(invoice).outstanding == before.outstanding
    with access.acting("billing"):
        assert Entry.objects.count() == 1
        assert not Payment.objects.filter(booked_on=LAST).exists()


def test_issuing_and_crediting_into_it_is_refused_in_words_and_by_the_database(
    registrar: Registrar, owner: User, biller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = bills.company(owner)
    earlier, draft = bills.issued(biller, company, on=LAST), bills.draft(biller, company)
    lock(biller)
    with access.acting("billing"):
        assert "31" in invoicing.lacking(draft, on=LAST)[0]
        assert invoicing.lacking(draft, on=bills.TODAY) == ()
    with pytest.raises(invoicing.Incomplete, match="locked until"):
        bills.issue(biller, draft, on=LAST)
    with pytest.raises(invoicing.Incomplete, match="locked until"):
        bills.credit(biller, earlier, on=LAST)
    monkeypatch.setattr(locking, "require_open", lambda day: None)
    with pytest.raises(IntegrityError, match="locked"):
        bills.issue(biller, draft, on=LAST)
    assert bills.issue(biller, draft).number == "20260002"
    assert bills.credit(biller, earlier).issued_on == bills.TODAY


def test_a_payment_that_came_before_the_lock_is_booked_after_it_and_counts_from_its_own_day(
    registrar: Registrar, owner: User, biller: User
) -> None:
    """The books stay as they were closed; neither the debtor nor the owner has to do anything for it."""
    invoice = late.invoice(biller, late.consumer(owner), due_basis="contract")
    paid_on, locked = late.DUE + timedelta(days=20), late.DUE + timedelta(days=30)
    waiting = money.payment(biller, "88.36", on=paid_on)
    lock(biller, locked)
    with access.acting("billing", user_id=biller.pk):
        owed = money.receivable(invoice)
        before = interest.reckon(owed, until=paid_on).unrounded
        shares = {owed.pk: Decimal("88.36")}
        settling.allocate(waiting, shares, by=biller, at=bills.NOW, on=bills.TODAY)
        entry = Entry.objects.get(payment=waiting)
        assert (entry.on, entry.value_on) == (locked + timedelta(days=1), paid_on)
        reckoned = interest.reckon(money.receivable(invoice), until=paid_on + timedelta(days=1))
        assert [part.base for part in reckoned.segments] == [Decimal("1088.36"), Decimal(1000)]
        assert reckoned.segments[0].amount == before
        told = debt.explain(owed.customer, on=bills.TODAY).claims[0].lines
        assert [line.on for line in told] == [late.SENT, paid_on]
        assert [event.on for event in limitation.of(owed, on=bills.TODAY).events] == [late.DUE, paid_on]


def test_a_bank_file_of_open_days_is_taken_though_a_payer_paid_in_a_locked_month(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = bills.issued(biller, bills.company(owner), on=bills.TODAY - timedelta(days=20))
    lock(biller)
    paid = bankfiles.details("88.36", reference=invoice.reference, accepted=LAST.isoformat())
    file = bankfiles.imported(
        biller, bankfiles.camt(bankfiles.entry("88.36", paid, day=bills.TODAY.isoformat()))
    )
    assert (file.status, file.problem) == ("done", "")
    with access.acting("billing"):
        entry = Entry.objects.get(kind="payment")
        assert (entry.on, entry.value_on) == (bills.TODAY, LAST)
        assert entry.payment is not None
        assert (entry.payment.paid_on, entry.payment.booked_on) == (LAST, bills.TODAY)
    assert money.receivable(invoice).open == 1000


def test_only_the_owner_takes_the_latest_lock_off_and_says_why(
    registrar: Registrar, owner: User, biller: User
) -> None:
    july, august = lock(biller, date(2026, 7, 31)), lock(biller)
    with pytest.raises(DatabaseError, match="permission denied"), access.acting("billing", user_id=biller.pk):
        locking.unlock(august, by=biller, reason="Hups")
    with access.acting("owner", user_id=owner.pk):
        with pytest.raises(locking.ReasonMissing):
            locking.unlock(august, by=owner, reason="  ")
        with pytest.raises(locking.TakenOff):
            locking.unlock(july, by=owner, reason="Tilintarkastaja pyysi")
        locking.unlock(august, by=owner, reason="Tilintarkastaja pyysi")
        assert locking.locked_until() == july.until
        assert PeriodUnlock.objects.get().reason == "Tilintarkastaja pyysi"
    bills.issued(biller, bills.company(owner), on=LAST)


@pytest.mark.parametrize("login", ["billing", "owner", "worker", "migrate"])
def test_no_login_moves_a_lock(biller: User, login: str) -> None:
    lock(biller)
    for attempt in ("UPDATE billing_periodlock SET until = '2000-01-01'", "DELETE FROM billing_periodlock"):
        with pytest.raises(DatabaseError), access.acting(login), connections[login].cursor() as cursor:
            cursor.execute(attempt)
    with access.acting("billing"):
        assert locking.locked_until() == LAST


def test_days_to_come_and_days_locked_already_are_not_locked(biller: User) -> None:
    lock(biller)
    with pytest.raises(locking.NotOver):
        lock(biller, bills.TODAY)
    with pytest.raises(locking.LockedAlready):
        lock(biller, LAST - timedelta(days=5))


def test_locking_waits_for_whoever_is_booking(biller: User) -> None:
    """Otherwise his entry would come into the period after its figures were counted."""

    def hasty() -> None:
        try:
            with access.acting("billing", user_id=biller.pk):
                connections["billing"].cursor().execute("SET LOCAL lock_timeout = '200ms'")
                locking.lock(until=LAST, by=biller, on=bills.TODAY)
        finally:
            connections.close_all()

    with access.acting("billing", user_id=biller.pk), ThreadPoolExecutor(1) as pool:
        Payment.objects.create(source="manual", amount=1, paid_on=LAST, booked_on=LAST)
        with pytest.raises(OperationalError, match="lock timeout"):
            pool.submit(hasty).result()
    assert lock(biller).until == LAST
