"""Limitation: the date, what moves it, what revives nothing, and the list of what is near."""

from __future__ import annotations

from datetime import date

import pytest

from billing import history, limitation
from billing.models import LimitationEvent, Receivable
from register import access
from register.models import Registrar, User
from tests.billing import bills, late, money, owed

Kind = LimitationEvent.Kind
ON = date(2026, 9, 1)


@pytest.fixture
def reminded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, date, str]]:
    """Reminders that went; how they are read is test_a_reminder_that_went_moves_the_limit's business."""
    sent: list[tuple[int, date, str]] = []
    monkeypatch.setattr(history, "interruptions", lambda keys: [one for one in sent if one[0] in keys])
    return sent


def test_a_reminder_that_went_moves_the_limit_and_one_that_came_back_does_not(
    registrar: Registrar, owner: User, biller: User
) -> None:
    claim = late.invoice(biller, bills.company(owner))
    receivable = money.receivable(claim)
    assert limit(receivable).on == date(2029, 3, 16)
    [letter] = late.reminded(biller, date(2026, 3, 30))
    found = limit(receivable)
    assert (found.on, found.moved_by.what) == (date(2029, 3, 30), "Reminder")
    late.gone(letter, date(2026, 4, 2), state="bounced")
    assert limit(receivable).on == date(2029, 3, 16)


def limit(receivable: Receivable, on: date = ON) -> limitation.Limit:
    with access.acting("billing"):
        return limitation.of(receivable, on=on)


def happened(
    biller: User, receivable: Receivable, kind: str, on: date, evidence: str = "Kirje"
) -> LimitationEvent:
    with access.acting("billing", user_id=biller.pk):
        return limitation.interrupt(receivable, kind=kind, on=on, evidence=evidence, by=biller, today=ON)


def test_three_years_run_anew_from_each_interruption(
    registrar: Registrar, owner: User, biller: User, reminded: list[tuple[int, date, str]]
) -> None:
    claim = owed.owed(biller, bills.company(owner), "1000.00", due=date(2021, 2, 28), issued=date(2021, 2, 1))
    assert limit(claim).on == date(2024, 2, 28)
    reminded.append((claim.pk, date(2023, 5, 2), "Maksumuistutus"))
    assert (limit(claim).on, limit(claim).moved_by.what) == (date(2026, 5, 2), "Maksumuistutus")
    money.paid(biller, claim.invoice, "10.00", on=date(2024, 2, 29))
    assert limit(claim).on == date(2027, 2, 28)  # 29.2. plus three years
    acknowledged = happened(biller, claim, Kind.ACKNOWLEDGEMENT, date(2026, 8, 1))
    assert limit(claim).on == date(2029, 8, 1)
    happened(biller, claim, Kind.JUDGMENT, ON)
    assert limit(claim).on == date(2031, 9, 1)
    assert limit(claim).final_on is None
    with access.acting("billing", user_id=biller.pk):
        limitation.take_back(acknowledged, by=biller)
    assert [event.on.year for event in limit(claim).events] == [2021, 2023, 2024, 2026]


def test_what_comes_too_late_revives_nothing_and_twenty_years_end_all(
    registrar: Registrar, owner: User, biller: User, reminded: list[tuple[int, date, str]]
) -> None:
    claim = owed.owed(biller, owed.consumer(owner), "1000.00", due=date(2020, 1, 15))
    reminded.append((claim.pk, date(2023, 1, 16), "Maksumuistutus"))
    found = limit(claim)
    assert (found.on, found.events[-1].counts, found.state(ON)) == (date(2023, 1, 15), False, "barred")
    reminded[:] = [(claim.pk, date(2020 + year, 1, 15), "Maksumuistutus") for year in range(2, 20, 2)]
    found = limit(claim)
    assert (found.on, found.final_on) == (date(2040, 1, 15), date(2040, 1, 15))
    with access.acting("billing"):
        assert not limitation.time_barred(claim, on=date(2040, 1, 15))
        assert limitation.time_barred(claim, on=date(2040, 1, 16))


def test_an_interruption_has_happened_and_can_be_shown(
    registrar: Registrar, owner: User, biller: User
) -> None:
    claim = owed.owed(biller, bills.company(owner), "1000.00", due=date(2026, 1, 15))
    with pytest.raises(limitation.InTheFuture):
        happened(biller, claim, Kind.COURT, date(2026, 9, 2))
    with pytest.raises(limitation.EvidenceMissing):
        happened(biller, claim, Kind.COURT, ON, " ")


def test_the_list_holds_what_is_near_or_past_and_open(
    registrar: Registrar, owner: User, biller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = bills.company(owner)
    dues = [(2023, 8, 31), (2023, 9, 15), (2023, 11, 29), (2023, 12, 2)]
    claims = [owed.owed(biller, company, "100.00", due=date(*due)) for due in dues]
    moved = owed.owed(biller, company, "100.00", due=date(2023, 9, 1))
    paid = owed.owed(biller, company, "100.00", due=date(2023, 9, 1))
    happened(biller, moved, Kind.ACKNOWLEDGEMENT, date(2026, 1, 1))
    money.paid(biller, paid.invoice, "100.00", on=ON)
    with access.acting("billing"):
        page = limitation.near(on=ON)
        assert [(one.receivable.pk, one.state(ON)) for one in page.rows] == [
            (claims[0].pk, "barred"),
            (claims[1].pk, "alarm"),
            (claims[2].pk, "warning"),
        ]
        assert [one.days_left(ON) for one in page.rows] == [-1, 14, 89]
        assert limitation.waiting(on=ON) == 3
        monkeypatch.setattr(limitation, "PAGE", 1)
        monkeypatch.setattr(limitation, "CHUNK", 1)
        first = limitation.near(on=ON)
        second = limitation.near(on=ON, after=Receivable.objects.get(pk=first.following))
        assert [one.receivable.pk for one in (*first.rows, *second.rows)] == [claims[0].pk, claims[1].pk]
