"""Reminders from the due list to the letter: proposed, approved, made once, frozen; fees that come off again."""

from __future__ import annotations

import io
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pypdf
import pytest
from django.db import DatabaseError, connections

from billing import afterwards, charging, disputes, overdue, proposals, reasons, reminders
from billing.models import (
    Charge,
    Dispute,
    Entry,
    Reminder,
    ReminderItem,
    ReminderPdf,
    Resolution,
    Rule,
    Sending,
    Waiver,
)
from billing.reminding import Stop
from register import access
from register.models import Registrar, User
from tests.billing import bills, late, money
from tests.billing.late import DUE, SENT

FIRST = date(2026, 3, 30)
"""When a consumer's first fee is lawful (scenario 26)."""


def text(reminder: Reminder) -> str:
    with access.acting("billing"):
        content = bytes(ReminderPdf.objects.get(reminder=reminder).content)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_consumers_reminder_from_proposal_to_letter(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, late.consumer(owner))
    with pytest.raises(proposals.NothingToSend):
        late.approved(biller, FIRST - timedelta(days=1))
    run = late.approved(biller, FIRST)
    assert late.stands(invoice, FIRST).step.stops == (Stop.UNDERWAY,)
    with pytest.raises(proposals.NothingToSend):
        late.approved(biller, FIRST)
    [letter] = late.made(biller, run, FIRST)
    assert (letter.state, letter.level, letter.pay_by) == ("made", "reminder", FIRST + timedelta(days=14))
    owed = money.receivable(invoice)
    assert (owed.open, owed.costs) == (Decimal("1088.36"), 5)
    printed = text(letter)
    for words in ("Maksumuistutus", "Aino Yksityinen", "Lasku 20260001, 2.3.2026", "1 093,36 €", "10 a §",
                  "Riitautettua osaa", "421123456000007850010933600000000000000202600017260413"):  # fmt: skip
        assert words in printed, words
    assert "Koulutuspäivä" not in printed
    with access.acting("billing"):
        sending = Sending.objects.get(reminder=letter)
        assert (sending.state, sending.channel, sending.address) == ("queued", "email", "aino@posti.example")
        item = letter.items.get()
        assert item.fee_rule is not None
        assert (item.fee, item.fee_rule.code, item.interest) == (5, "reminder_fee_consumer", 0)
        kept = [reason.text for reason in reasons.reasons_of(item.why["reasons"])]
    assert any("03/30/2026" in line or "30.3.2026" in line for line in kept)
    late.gone(letter, FIRST)
    assert late.stands(invoice, FIRST).step.fee_from == date(2026, 4, 13)


def test_levels_rise_to_the_demand_and_then_the_debt_is_to_be_handed_over(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    day, levels = DUE, []
    for _round in range(3):
        debt = late.stands(invoice, day)
        day = max(debt.step.ready_from or day, debt.own_from)
        levels += [letter.level for letter in late.reminded(biller, day)]
        day += timedelta(days=1)
    assert levels == ["reminder", "reminder", "demand"]
    assert late.stands(invoice, day).step.handover
    with pytest.raises(proposals.NothingToSend):
        late.approved(biller, day + timedelta(days=30))
    assert money.receivable(invoice).costs == 36


def test_one_letter_collects_a_customers_debts_each_with_its_lawful_fee(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = late.consumer(owner)
    late.invoice(biller, customer)
    late.invoice(biller, customer, sent=date(2026, 3, 3))
    late.invoice(biller, customer, on=date(2026, 3, 20), sent=date(2026, 3, 20))
    [letter] = late.reminded(biller, FIRST)
    with access.acting("billing"):
        assert list(letter.items.order_by("receivable").values_list("fee", flat=True)) == [5, 0]
    assert letter.level == "friendly"
    assert text(letter).count("202600") >= 2


def test_a_friendly_reminder_costs_nothing_and_waits_only_for_payments_on_their_way(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, late.consumer(owner))
    with pytest.raises(proposals.NothingToSend):
        late.approved(biller, date(2026, 3, 19), friendly=True)
    [letter] = late.reminded(biller, date(2026, 3, 20), friendly=True)
    assert (letter.level, money.receivable(invoice).costs) == ("friendly", 0)
    assert late.stands(invoice, FIRST).step.fee_from == date(2026, 4, 3)


def test_what_changed_between_approval_and_making_is_seen(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = bills.company(owner)
    paid, disputed, left = (late.invoice(biller, customer) for _n in range(3))
    run = late.approved(biller, FIRST)
    money.paid(biller, paid, "1088.36", on=FIRST)
    with access.acting("billing", user_id=biller.pk):
        disputes.enter(
            money.receivable(disputed),
            amount=None,
            since=FIRST,
            ground=Dispute.Ground.QUALITY,
            on=FIRST,
            by=biller,
        )
    [letter] = late.made(biller, run, FIRST)
    with access.acting("billing"):
        dropped = dict(letter.items.values_list("receivable", "dropped"))
    assert dropped[left.pk] == ""
    assert "Disputed" in dropped[disputed.pk]
    assert "Nothing is open" in dropped[paid.pk]
    assert money.receivable(disputed).costs == 0


def test_a_payment_from_before_the_letter_takes_the_fee_off(
    registrar: Registrar, owner: User, biller: User
) -> None:
    before, after = (late.invoice(biller, late.consumer(owner)) for _n in range(2))
    late.reminded(biller, FIRST)
    money.paid(biller, before, "1088.36", on=FIRST - timedelta(days=1))
    money.paid(biller, after, "1088.36", on=FIRST)
    with access.acting("worker"):
        assert [afterwards.settle(on=FIRST), afterwards.settle(on=FIRST)] == [1, 0]
    assert (money.receivable(before).costs, money.receivable(after).costs) == (0, 5)
    with access.acting("billing"):
        assert Waiver.objects.get().reason == "paid_before"


@pytest.mark.parametrize("state", ["failed", "bounced"])
def test_a_letter_that_did_not_arrive_costs_nothing_and_stops_no_clock(
    registrar: Registrar, owner: User, biller: User, state: str
) -> None:
    invoice = late.invoice(biller, late.consumer(owner))
    [letter] = late.made(biller, late.approved(biller, FIRST), FIRST)
    late.gone(letter, FIRST, state)
    with access.acting("worker"):
        assert afterwards.settle(on=FIRST) == 1
    assert money.receivable(invoice).costs == 0
    assert late.stands(invoice, FIRST).step.fee_from == FIRST


def test_a_letter_that_waits_is_called_back_when_its_debts_are_paid(
    registrar: Registrar, owner: User, biller: User
) -> None:
    paid, unpaid = late.invoice(biller, late.consumer(owner)), late.invoice(biller, bills.company(owner))
    late.made(biller, late.approved(biller, FIRST), FIRST)
    money.paid(biller, paid, "1088.36", on=FIRST)
    with access.acting("worker"):
        assert afterwards.call_back(at=late.noon(FIRST)) == 1
        assert afterwards.settle(on=FIRST) == 0
    assert (money.receivable(paid).costs, money.receivable(unpaid).costs) == (0, 12)
    with access.acting("billing"):
        states = dict(Sending.objects.filter(reminder__isnull=False).values_list("customer", "state"))
    assert states == {paid.customer_id: "cancelled", unpaid.customer_id: "queued"}


def test_what_a_stopped_worker_left_is_found_and_made_once(
    registrar: Registrar, owner: User, biller: User
) -> None:
    late.invoice(biller, bills.company(owner))
    run = late.approved(biller, FIRST)
    with access.acting("worker", user_id=biller.pk):
        assert reminders.left_behind(at=late.noon(FIRST)) == []
        left = reminders.left_behind(at=late.noon(FIRST) + timedelta(hours=2))
        for pk, _user in left * 2:
            reminders.make(pk, at=late.noon(FIRST), by=biller)
        assert [letter.state for letter in run.reminders.all()] == ["made"]
        reminders.close(at=late.noon(FIRST))
        run.refresh_from_db()
        assert run.done_at is not None
        assert Sending.objects.filter(reminder__isnull=False).count() == 1


def test_costs_of_a_justified_dispute_come_off_and_paid_ones_are_the_customers_credit(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    late.reminded(biller, FIRST)
    money.paid(biller, invoice, "12.00", on=FIRST, part="costs")
    with access.acting("billing", user_id=biller.pk):
        dispute = disputes.enter(
            money.receivable(invoice), amount=Decimal(100), since=SENT, ground="amount", on=FIRST, by=biller
        )
        with pytest.raises(disputes.NotDisputable):
            disputes.enter(
                money.receivable(invoice),
                amount=Decimal("988.37"),
                since=SENT,
                ground="other",
                on=FIRST,
                by=biller,
            )
        disputes.resolve(dispute, outcome=Resolution.Outcome.UPHELD, on=FIRST, by=biller)
        with pytest.raises(disputes.AlreadyResolved):
            disputes.resolve(dispute, outcome=Resolution.Outcome.REJECTED, on=FIRST, by=biller)
        assert invoice.customer.payments.get().unallocated == 12
    assert money.receivable(invoice).costs == 0
    assert late.stands(invoice, FIRST).step.stops == (Stop.MONEY,)


def test_scenario_28_in_the_ledger(registrar: Registrar, owner: User, biller: User) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    late.reminded(biller, FIRST)
    second = FIRST + timedelta(days=18)
    late.reminded(biller, second)
    with access.acting("billing", user_id=biller.pk):
        on = second + timedelta(days=10)
        made = charging.claim_compensation(money.receivable(invoice), on=on, by=biller)
        assert (made.amount, made.posted) == (40, 16)
    assert money.receivable(invoice).costs == 40


def test_scenario_34_what_is_paid_in_full_is_not_reminded_of(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    money.paid(biller, invoice, "1000.00", on=DUE)
    assert late.stands(invoice, FIRST).facts.undisputed == Decimal("88.36")
    money.paid(biller, invoice, "88.36", on=DUE)
    with access.acting("billing"):
        assert list(proposals.for_day(on=FIRST)) == []
        assert overdue.page(on=FIRST).rows == []


def test_the_same_form_approves_once(registrar: Registrar, owner: User, biller: User) -> None:
    late.invoice(biller, bills.company(owner))
    key = uuid.uuid4()
    runs = {late.approved(biller, FIRST, client_key=key).pk for _n in range(2)}
    assert len(runs) == 1
    with access.acting("billing"):
        assert Reminder.objects.count() == 1


def test_without_an_address_the_letter_says_what_is_missing(
    registrar: Registrar, owner: User, biller: User
) -> None:
    customer = bills.company(owner)
    late.invoice(biller, customer)
    with access.acting("billing"):
        type(customer.billing_details).objects.update(
            street="", postal_code="", city="", email="", channel="paper"
        )
    [letter] = late.made(biller, late.approved(biller, FIRST), FIRST)
    assert letter.state == "dropped"
    assert "postal address" in letter.problem


BY_HAND = (
    "UPDATE billing_reminder SET level = 'demand'",
    "UPDATE billing_reminder SET state = 'approved'",
    "UPDATE billing_reminderitem SET fee = 0",
    "UPDATE billing_reminderpdf SET content = 'x'",
    "DELETE FROM billing_reminderpdf",
    "DELETE FROM billing_reminderitem",
    "UPDATE billing_charge SET amount = 1",
    "DELETE FROM billing_waiver; DELETE FROM billing_charge",
    "TRUNCATE billing_reminder CASCADE",
)


@pytest.mark.parametrize("login", ["billing", "owner", "worker", "migrate"])
def test_no_login_rewrites_a_reminder_that_was_made(
    registrar: Registrar, owner: User, biller: User, login: str
) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    late.reminded(biller, FIRST)
    for attempt in BY_HAND:
        with pytest.raises(DatabaseError), access.acting(login):
            with connections[login].cursor() as cursor:
                for statement in attempt.split("; "):
                    cursor.execute(statement)
    assert money.receivable(invoice).costs == 12


@pytest.mark.parametrize(
    ("code", "amount"), [("reminder_fee_business", "12.01"), ("reminder_fee_consumer", "5")]
)
def test_the_database_refuses_a_cost_that_no_rule_allows(
    registrar: Registrar, owner: User, biller: User, code: str, amount: str
) -> None:
    owed = money.receivable(late.invoice(biller, bills.company(owner)))
    with pytest.raises(DatabaseError, match="no rule allows"), access.acting("billing", user_id=biller.pk):
        entry = Entry.objects.create(
            kind=Entry.Kind.FEE,
            part="costs",
            receivable=owed,
            amount=Decimal(amount),
            on=FIRST,
            entered_by_id=biller.pk,
        )
        Charge.objects.create(
            receivable=owed, kind="reminder", rule=Rule.objects.get(code=code), amount=Decimal(amount),
            posted=Decimal(amount), entry=entry, on=FIRST, entered_by_id=biller.pk,
        )  # fmt: skip


def test_the_due_list_sums_and_filters(registrar: Registrar, owner: User, biller: User) -> None:
    consumer, company = late.consumer(owner), bills.company(owner)
    mine, theirs = late.invoice(biller, consumer), late.invoice(biller, company)
    unsent = late.invoice(biller, company, sent=None)
    on = DUE + timedelta(days=5)
    with access.acting("billing"):
        sums = overdue.sums(on=on)
        assert sums is not None
        assert (sums.count, sums.total) == (3, Decimal("3265.08"))
        shown = {
            name: [debt.receivable.pk for debt in overdue.page(on=on, shown=name).rows]
            for name, _l in overdue.SHOWN
        }
        assert overdue.sums(on=on, debtor="consumer") == overdue.Sums(1, Decimal("1088.36"), Decimal(0))
        assert overdue.waiting(on=on) == 2
        everything = overdue.page(on=on).rows
    assert shown == {
        "": [mine.pk, theirs.pk, unsent.pk], "ready": [theirs.pk, unsent.pk], "waiting": [mine.pk],
        "disputed": [], "held": [], "planned": [], "costs": [],
    }  # fmt: skip
    assert [(debt.days_late, debt.fee) for debt in everything] == [(5, 0), (5, 12), (5, 0)]


def test_reminder_items_name_a_rule_for_every_fee(registrar: Registrar, owner: User, biller: User) -> None:
    late.invoice(biller, bills.company(owner))
    late.approved(biller, FIRST)
    with pytest.raises(DatabaseError, match="fee_has_its_rule"), access.acting("migrate"):
        ReminderItem.objects.update(fee_rule=None)
