"""What of reminding is lawful when: the acceptance scenarios, and never an early or excessive fee."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing import reasons, reminding
from billing.models import Debtor, Rule
from billing.reminding import Facts, Stop
from billing.rules import Rules
from register import access

LAW = date(2022, 5, 1)


@pytest.fixture(scope="module")
def rules(cleaner: Any, django_db_blocker: Any) -> Iterator[Rules]:
    """The shipped table, read once."""
    with django_db_blocker.unblock(), access.acting("billing"):
        yield Rules(reminding.CODES)


def debt(debtor: str = Debtor.CONSUMER, principal: str = "500", **facts: Any) -> Facts:
    usual: dict[str, Any] = {
        "debtor": debtor,
        "due_on": date(2026, 3, 16),
        "sent_on": date(2026, 3, 2),
        "principal": Decimal(principal),
        "undisputed": Decimal(principal),
    }
    return Facts(**(usual | facts))


def test_scenario_26_a_consumers_fees_wait_fourteen_days(rules: Rules) -> None:
    first = reminding.step(debt(), on=date(2026, 3, 17), rules=rules)
    assert (first.remind_from, first.fee_from, first.most) == (date(2026, 3, 17), date(2026, 3, 30), 5)
    assert first.fee_on(date(2026, 3, 29)) == 0
    second = reminding.step(
        debt(reminded_on=date(2026, 3, 30), reminders=1, costs=Decimal(5)), on=date(2026, 3, 31), rules=rules
    )
    assert (second.fee_from, second.most) == (date(2026, 4, 13), 5)
    late = reminding.step(debt(sent_on=date(2026, 3, 3)), on=date(2026, 5, 1), rules=rules)
    assert (late.remind_from, late.fee_from, late.most, late.level) == (
        date(2026, 3, 17),
        None,
        0,
        "friendly",
    )
    assert "13" not in late.reasons[1].text
    assert "14 days before" in late.reasons[1].text


def test_scenario_27_a_business_pays_from_the_first_day(rules: Rules) -> None:
    first = reminding.step(debt(Debtor.BUSINESS), on=date(2026, 3, 17), rules=rules)
    assert (first.remind_from, first.fee_from, first.most) == (date(2026, 3, 17), date(2026, 3, 17), 12)
    second = reminding.step(
        debt(Debtor.BUSINESS, reminded_on=date(2026, 3, 17), reminders=1), on=date(2026, 3, 18), rules=rules
    )
    assert (second.fee_from, second.most) == (date(2026, 3, 27), 12)
    assert "cap_unknown" in {reason.kind for reason in second.reasons}


def test_scenario_28_costs_count_only_above_the_compensation(rules: Rules) -> None:
    on = date(2026, 4, 30)
    reminded = debt(Debtor.BUSINESS, "5000", costs=Decimal(24), reminders=2, reminded_on=date(2026, 4, 2))
    row, adds = reminding.compensation(reminded, on=on, rules=rules)
    assert (row.value, adds) == (40, 16)
    claimed = replace(reminded, compensation=Decimal(40))
    assert claimed.costs + adds == 40
    demand, adds = reminding.agency_demand(claimed, on=on, rules=rules)
    assert (demand.value, claimed.compensation + adds) == (90, 114)
    with pytest.raises(reminding.NotAllowed, match="once"):
        reminding.compensation(claimed, on=on, rules=rules)
    with pytest.raises(reminding.NotAllowed, match="business"):
        reminding.compensation(debt(), on=on, rules=rules)


@pytest.mark.parametrize(
    ("principal", "consumer", "business"),
    [("100", 14, 50), ("100.01", 24, 50), ("1000.01", 50, 70), ("10000.01", 50, 110)],
)
def test_an_agencys_demand_follows_the_principal(
    rules: Rules, principal: str, consumer: int, business: int
) -> None:
    on = date(2026, 4, 30)
    for debtor, most in ((Debtor.CONSUMER, consumer), (Debtor.BUSINESS, business)):
        row, adds = reminding.agency_demand(debt(debtor, principal), on=on, rules=rules)
        assert (row.value, adds) == (most, most)
    # Fees that were charged already leave less room below the cap of all costs.
    row, adds = reminding.agency_demand(debt(principal="100", costs=Decimal(50)), on=on, rules=rules)
    cap = reminding.cap_of(debt(principal="100"), on=on, rules=rules)
    assert cap is not None
    assert adds == max(min(row.value, cap.value - 50), Decimal(0)) < row.value


def test_scenario_30_a_disputed_claim_is_left_alone_and_an_undisputed_part_goes_on(rules: Rules) -> None:
    on = date(2026, 4, 1)
    whole = reminding.step(debt(undisputed=Decimal(0)), on=on, rules=rules)
    assert (whole.stops, whole.remind_from, whole.fee_from) == ((Stop.DISPUTED,), None, None)
    with pytest.raises(reminding.Stopped, match="Disputed"):
        reminding.check(debt(undisputed=Decimal(0)), fee=Decimal(0), on=on, rules=rules)
    part = reminding.step(debt(undisputed=Decimal(200)), on=on, rules=rules)
    assert (part.stops, part.fee_on(on)) == ((), 5)


@pytest.mark.parametrize("stop", list(Stop))
def test_whatever_stops_it_stops_reminder_and_fee(rules: Rules, stop: Stop) -> None:
    for fee in (Decimal(0), Decimal(5)):
        with pytest.raises(reminding.Stopped):
            reminding.check(debt(stops=(stop,)), fee=fee, on=date(2026, 9, 1), rules=rules)


def test_early_and_excessive_fees_are_refused_with_the_lawful_ones(rules: Rules) -> None:
    with pytest.raises(reminding.TooEarly, match="3"):
        reminding.check(debt(), fee=Decimal(0), on=date(2026, 3, 16), rules=rules)
    with pytest.raises(reminding.TooEarly):
        reminding.check(debt(), fee=Decimal(5), on=date(2026, 3, 29), rules=rules)
    with pytest.raises(reminding.TooMuch, match=r"5\.00"):
        reminding.check(debt(), fee=Decimal("5.01"), on=date(2026, 3, 30), rules=rules)
    with pytest.raises(reminding.TooEarly, match="without"):
        reminding.check(debt(sent_on=None), fee=Decimal(1), on=date(2026, 6, 1), rules=rules)
    assert reminding.check(debt(sent_on=None), fee=Decimal(0), on=date(2026, 6, 1), rules=rules)


@pytest.mark.parametrize(
    ("principal", "charged", "most"),
    [
        ("100", "58", "2"),
        ("100", "60", "0"),
        ("100.01", "60", "5"),
        ("1000", "119", "1"),
        ("1000.01", "209", "1"),
    ],
)
def test_all_costs_of_a_consumer_stay_under_the_cap(
    rules: Rules, principal: str, charged: str, most: str
) -> None:
    found = reminding.step(
        debt(principal=principal, costs=Decimal(charged)), on=date(2026, 6, 1), rules=rules
    )
    assert found.fee_on(date(2026, 6, 1)) == Decimal(most)


def test_a_payment_on_its_way_is_given_bank_days() -> None:
    assert reminding.settled_by(date(2026, 3, 16), 4) == date(2026, 3, 20)
    assert reminding.settled_by(date(2026, 4, 1), 4) == date(2026, 4, 9)  # Easter


def test_a_reckoning_reads_the_same_when_it_is_read_again(rules: Rules) -> None:
    given = reminding.step(debt(costs=Decimal(5)), on=date(2026, 4, 1), rules=rules).reasons
    again = reasons.reasons_of([reason.as_json() for reason in given])
    assert [reason.text for reason in again] == [reason.text for reason in given]
    assert any("10 a §" in reason.statute for reason in again)


@settings(max_examples=60, deadline=None)
@given(
    debtor=st.sampled_from(list(Debtor)),
    principal=st.decimals("0.01", "5000", places=2),
    sent=st.integers(-40, 60) | st.none(),
    gaps=st.lists(st.integers(0, 20), min_size=1, max_size=25),
    greed=st.decimals("0", "130", places=2),
)
def test_no_series_of_reminders_has_an_early_or_excessive_fee(
    rules: Rules, debtor: str, principal: Decimal, sent: int | None, gaps: list[int], greed: Decimal
) -> None:
    due = date(2026, 3, 16)
    facts = debt(debtor, str(principal), sent_on=None if sent is None else due - timedelta(days=sent))
    day, fees = due, list[tuple[date, Decimal]]()
    sent_days: list[date] = []
    for gap in gaps:
        day += timedelta(days=gap)
        fee = min(greed, reminding.step(facts, on=day, rules=rules).fee_on(day))
        try:
            reminding.check(facts, fee=fee, on=day, rules=rules)
        except reminding.NotAllowed:
            assert day <= due
            continue
        if fee:
            fees.append((day, fee))
            _judge(debtor, facts, day, fee, sent_days)
        sent_days.append(day)
        facts = replace(facts, reminded_on=day, reminders=facts.reminders + 1, costs=facts.costs + fee)
    if debtor == Debtor.CONSUMER:
        assert sum(fee for _day, fee in fees) <= (
            60 if principal <= 100 else 120 if principal <= 1000 else 210
        )


def _judge(debtor: str, facts: Facts, day: date, fee: Decimal, sent_days: list[date]) -> None:
    """The law again, written out apart from the program."""
    assert facts.sent_on is not None
    late = (day - facts.due_on).days
    if debtor == Debtor.CONSUMER:
        assert late >= 14
        assert (facts.due_on - facts.sent_on).days >= 14
        assert fee <= 5
        assert all((day - before).days >= 14 for before in sent_days)
    else:
        assert late >= 1
        assert fee <= 12
        assert all((day - before).days >= 10 for before in sent_days)


def test_the_figures_come_from_the_table(rules: Rules) -> None:
    assert {Rule.Code.REMINDER_GRACE, Rule.Code.REMINDER_TIME} <= set(reminding.CODES)
    assert rules.value(Rule.Code.REMINDER_GRACE, LAW) == 4
