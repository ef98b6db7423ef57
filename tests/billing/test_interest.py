"""Late interest: the exact figures of the rules, when it starts, what stops it, and what always holds."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import agreed_rates, bankdays, interest
from billing.interest import Movement
from billing.models import AgreedRate, Debtor, DueBasis, Receivable, Rule, Sending
from billing.rules import RuleMissing, Rules
from register import access, export
from register.models import Registrar, User
from tests.billing import bills, money, owed


def reckoned(receivable: Receivable, until: date, *, since: date | None = None) -> interest.Reckoning:
    with access.acting("billing"):
        return interest.reckon(receivable, until=until, since=since)


def figures(reckoning: interest.Reckoning) -> list[tuple[int, Decimal, Decimal, Decimal]]:
    """Days, principal, rate and amount to four decimals of each segment."""
    return [(part.days, part.base, part.rate, part.shown) for part in reckoning.segments]


def euros(text: str) -> Decimal:
    return Decimal(text)


# --- the exact scenarios -------------------------------------------------------------------------------


def test_17_a_consumer_pays_over_the_turn_of_a_half_year(
    registrar: Registrar, owner: User, biller: User
) -> None:
    claim = owed.owed(biller, owed.consumer(owner), "1000.00", due=date(2023, 6, 15))
    found = reckoned(claim, date(2023, 7, 31))
    assert figures(found) == [
        (15, 1000, euros("9.5"), euros("3.9041")),
        (31, 1000, euros("11"), euros("9.3425")),
    ]
    assert (found.amount, found.final()) == (euros("13.25"), euros("13.25"))
    july = found.segments[1]
    assert (july.reference.value, july.margin.value) == (4, 7)  # type: ignore[union-attr]
    assert july.sections == ("Korkolaki 633/1982, 12 §", "Korkolaki 633/1982, 4 §")
    assert (found.start.first, found.start.statute) == (date(2023, 6, 16), "Korkolaki 633/1982, 5 §")


@pytest.mark.parametrize(("shift", "year", "amount"), [(1, 1, "24.62"), (0, 1, "25.48"), (0, 2, "25.51")])
def test_18_holidays_and_leap_years_are_settings(
    registrar: Registrar, owner: User, biller: User, shift: int, year: int, amount: str
) -> None:
    claim = owed.owed(biller, bills.company(owner), "2500.00", due=date(2024, 12, 15))
    set_rule(owner, Rule.Code.HOLIDAY_SHIFT, shift)
    set_rule(owner, Rule.Code.DAY_COUNT, year)
    found = reckoned(claim, date(2025, 1, 15))
    assert found.amount == euros(amount)
    if (shift, year) == (0, 1):
        assert figures(found) == [
            (16, 2500, euros("12.5"), euros("13.6612")),
            (15, 2500, euros("11.5"), euros("11.8151")),
        ]


def test_21_payments_in_between_make_segments(registrar: Registrar, owner: User, biller: User) -> None:
    claim = owed.owed(biller, owed.consumer(owner), "500.00", due=date(2026, 1, 15))
    money.paid(biller, claim.invoice, "200.00", on=date(2026, 2, 15))
    money.paid(biller, claim.invoice, "300.00", on=date(2026, 3, 31))
    found = reckoned(money.receivable(claim.invoice), date(2026, 9, 1))
    assert figures(found) == [
        (31, 500, euros("9.5"), euros("4.0342")),
        (44, 300, euros("9.5"), euros("3.4356")),
    ]
    assert (found.final(), found.receivable.open) == (
        euros("7.47"),
        0,
    )  # nothing is asked of a half-year after it


@pytest.mark.parametrize(("paid", "amount"), [(date(2026, 5, 4), "0.00"), (date(2026, 5, 5), "1.15")])
def test_23_a_holiday_moves_the_due_date(
    registrar: Registrar, owner: User, biller: User, paid: date, amount: str
) -> None:
    claim = owed.owed(biller, bills.company(owner), "4000.00", due=date(2026, 5, 1))
    found = reckoned(claim, paid)
    assert (found.amount, found.start.due_on) == (euros(amount), date(2026, 5, 4))


def test_25_without_a_reference_rate_it_stops_and_says_so(
    registrar: Registrar, owner: User, biller: User
) -> None:
    claim = owed.owed(biller, owed.consumer(owner), "1000.00", due=date(2026, 6, 15))
    found = reckoned(claim, date(2026, 8, 31))
    assert not found.is_final
    assert (found.amount, found.reaches) == (euros("3.90"), date(2026, 6, 30))
    with pytest.raises(RuleMissing, match=r"reference rate is missing for 2026-H2"):
        found.final()
    assert reckoned(claim, date(2026, 6, 30)).final() == euros("3.90")


# --- when it starts ------------------------------------------------------------------------------------


def test_a_due_date_only_printed_waits_thirty_days_from_sending(
    registrar: Registrar, owner: User, biller: User
) -> None:
    claim = owed.owed(
        biller,
        bills.company(owner),
        "100.00",
        due=date(2026, 2, 16),
        issued=date(2026, 2, 2),
        sent=date(2026, 2, 3),
        due_basis=DueBasis.INVOICE,
    )
    found = reckoned(claim, date(2026, 3, 31)).start
    assert (found.first, found.sent_on) == (
        date(2026, 3, 6),
        date(2026, 2, 3),
    )  # 30 days end on Thursday 5.3.
    assert found.statute == "Korkolaki 633/1982, 6 §"


def test_without_proof_of_sending_no_interest_runs(registrar: Registrar, owner: User, biller: User) -> None:
    claim = owed.owed(biller, bills.company(owner), "100.00", due=date(2026, 2, 16))
    with access.acting("billing"):
        Sending.objects.filter(invoice=claim.pk).update(state=Sending.State.BOUNCED)
    found = reckoned(claim, date(2026, 3, 31))
    assert (found.amount, found.start.first) == (0, None)
    assert "Nothing shows" in str(found.start.why)
    owed.send(biller, claim.invoice, on=date(2026, 3, 1), hour=1)  # 28.2. by UTC
    assert reckoned(claim, date(2026, 3, 31)).start.first == date(2026, 3, 2)


# --- the rate ------------------------------------------------------------------------------------------


def test_a_rate_agreed_with_a_business_takes_the_place_of_the_laws(
    registrar: Registrar, owner: User, biller: User
) -> None:
    company, ada = bills.company(owner), owed.consumer(owner)
    claim = owed.owed(biller, company, "1000.00", due=date(2026, 3, 2))
    row = {"rate": euros("16"), "valid_from": date(2026, 1, 1), "agreement": "Puitesopimus 7 §"}
    assert reckoned(claim, date(2026, 4, 1)).amount == euros("8.63")
    with access.acting("billing"):
        AgreedRate.objects.create(customer=company, **row)
    found = reckoned(claim, date(2026, 4, 1))
    assert figures(found) == [(30, 1000, 16, euros("13.1507"))]
    later = owed.owed(biller, company, "1000.00", due=date(2026, 3, 2))
    with access.acting("billing"):
        AgreedRate.objects.create(customer=company, receivable=later, **row | {"rate": euros("20")})
    assert [reckoned(one, date(2026, 4, 1)).segments[0].rate for one in (claim, later)] == [16, 20]
    with pytest.raises(IntegrityError, match="consumer"), access.acting("billing"):
        AgreedRate.objects.create(customer=ada, **row)


def test_what_was_agreed_with_a_company_reaches_its_copy_and_no_other_role(
    registrar: Registrar, owner: User, biller: User
) -> None:
    company = bills.company(owner)
    with access.acting("billing", user_id=biller.pk):
        agreed_rates.agree(
            company, rate=euros("16"), valid_from=date(2026, 1, 1), agreement="Puitesopimus 7 §", by=biller
        )
    with access.acting("owner", user_id=owner.pk):
        assert "Puitesopimus 7 §" in export.copy_of(company, by=owner, at=bills.NOW).json()
    with pytest.raises(DatabaseError, match="permission denied"), access.acting("link"):
        AgreedRate.objects.count()


# --- what always holds ---------------------------------------------------------------------------------

FIRST = date(2023, 1, 1)
DAYS = st.integers(0, 1200).map(lambda n: FIRST + timedelta(days=n))
MOVES = st.lists(st.builds(Movement, DAYS, st.decimals(-5000, 5000, places=2)), max_size=6)


@pytest.fixture
def known(database: None) -> Rules:
    with access.acting("billing"):
        return Rules(interest.CODES)


def total(moves: list[Movement], first: date, until: date, known: Rules, debtor: str) -> Decimal:
    segments, missing = interest.run(moves, first, until, debtor=debtor, known=known)
    assert missing is None
    return sum((part.amount for part in segments), Decimal(0))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES, days=st.tuples(DAYS, DAYS, DAYS).map(sorted), debtor=st.sampled_from(Debtor.values))
def test_interest_adds_up_over_any_split_and_never_passes_the_maximum(
    known: Rules, moves: list[Movement], days: list[date], debtor: str
) -> None:
    first, middle, last = days
    moves = [Movement(FIRST, Decimal("3000.00")), *moves]
    whole = total(moves, first, last, known, debtor)
    until_middle = total(moves, first, middle, known, debtor)
    rest = total(moves, middle + timedelta(days=1), last, known, debtor)
    assert abs(whole - until_middle - rest) < Decimal("1e-20")
    assert 0 <= until_middle <= whole
    segments, _missing = interest.run(moves, first, last, debtor=debtor, known=known)
    assert whole <= sum(part.base * part.rate * part.days / 36500 for part in segments) + Decimal("1e-20")
    assert sum(part.days for part in segments) <= (last - first).days + 1
    more = [Movement(FIRST, Decimal("100.00")), *moves]
    assert total(more, first, last, known, debtor) >= whole


@pytest.mark.parametrize(
    ("day", "paid_by"),
    [
        (date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday to the Tuesday after Easter
        (date(2026, 6, 19), date(2026, 6, 22)),  # Midsummer Eve
        (date(2026, 12, 24), date(2026, 12, 28)),  # Christmas Eve
        (date(2027, 12, 6), date(2027, 12, 7)),  # Independence Day
        (date(2026, 5, 14), date(2026, 5, 15)),  # Ascension Day
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_bank_days(day: date, paid_by: date) -> None:
    assert bankdays.next_bank_day(day) == paid_by


def test_bank_days_are_counted_over_holidays() -> None:
    assert bankdays.after(date(2026, 4, 1), 4) == date(2026, 4, 9)
    assert all(bankdays.days_off(year) >= {date(year, 5, 1), date(year, 12, 6)} for year in range(2013, 2040))


def set_rule(owner: User, code: str, value: int) -> None:
    """Another value of a setting from its first day on."""
    with access.acting("migrate"):
        Rule.objects.filter(code=code).update(value=value)
