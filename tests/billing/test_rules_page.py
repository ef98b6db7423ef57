"""The rules page: what the owner sees and adds, what the billing person reads, and what warns both."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from billing import dated, figures, retention, rules
from billing.models import Rule
from billing.templatetags.billing import figure
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import bills

Code = Rule.Code
RATE = {
    "value": "2,5",
    "valid_from": "2026-07-01",
    "statute": "Korkolaki 12 §",
    "source": "Suomen Pankki 30.6.2026",
}


def rows(code: str) -> list[tuple[Decimal, date, date | None]]:
    with access.acting("owner"):
        found = Rule.objects.filter(code=code).order_by("valid_from", "above")
        return [(row.value, row.valid_from, row.valid_to) for row in found]


def add(owner: User, code: str, value: str, day: date, **facts: Any) -> Rule:
    with access.acting("owner", user_id=owner.pk):
        usual = {"statute": "§", "source": "?"} | facts
        return figures.add(code=code, value=Decimal(value), valid_from=day, by=owner, **usual)


def test_the_owner_adds_the_rate_of_a_half_year_which_ends_with_it(as_owner: Client, owner: User) -> None:
    page = as_owner.get("/register/billing/rules/reference_rate/")
    assert "2026" in page.content.decode()
    answer = as_owner.post("/register/billing/rules/reference_rate/", RATE)
    assert answer.status_code == 302
    assert rows(Code.REFERENCE_RATE)[-1] == (Decimal("2.5"), date(2026, 7, 1), date(2026, 12, 31))
    with access.acting("billing"):
        assert rules.row(Code.REFERENCE_RATE, date(2026, 12, 31)).value == Decimal("2.5")
        with pytest.raises(rules.RuleMissing, match="2027-H1"):
            rules.row(Code.REFERENCE_RATE, date(2027, 1, 1))
    with access.acting("owner"):
        assert AuditEntry.objects.filter(object_repr="reference_rate 2026-07-01").exists()
        added = Rule.objects.get(code=Code.REFERENCE_RATE, valid_from=date(2026, 7, 1))
    as_owner.post(f"/register/billing/rules/{added.pk}/remove/")
    assert rows(Code.REFERENCE_RATE)[-1] == (Decimal("2.5"), date(2026, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_from": "2026-07-02"},
        {"valid_from": "2026-01-01"},  # there is one already
        {"statute": " "},
        {"source": ""},
        {"value": "100"},
        {"value": "-1"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_lost(as_owner: Client, wrong: dict[str, str]) -> None:
    answer = as_owner.post("/register/billing/rules/reference_rate/", RATE | wrong)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert RATE["source"] in answer.content.decode() or "source" in wrong


def test_a_new_row_ends_the_open_one_of_its_tier_and_removing_it_reopens(owner: User) -> None:
    cap, day = Code.COST_CAP_CONSUMER, date(2027, 1, 1)
    made = add(owner, cap, "130", day, above=Decimal(100))
    with access.acting("owner", user_id=owner.pk):
        assert [row.value for row in figures.figure(cap, on=day).in_force] == [60, 130, 210]
        assert rules.row(cap, day - timedelta(days=1), principal=Decimal(500)).value == 120
        figures.remove(Rule.objects.get(pk=made.pk), by=owner)
        assert [row.value for row in figures.figure(cap, on=day).in_force] == [60, 120, 210]
        with pytest.raises(dated.ShippedRow):
            figures.remove(Rule.objects.get(code=cap, above=0), by=owner)
    with pytest.raises(figures.FigureDoesNotFit):
        add(owner, Code.LIMITATION, "3", day, above=Decimal(100))
    with pytest.raises(figures.FigureDoesNotFit):
        add(owner, Code.LIMITATION, "2.5", day)
    with pytest.raises(figures.FigureDoesNotFit):
        add(owner, Code.DAY_COUNT, "7", day)
    assert rows(cap)[0] == (60, date(2022, 5, 1), None)


def test_no_reference_rate_runs_on_into_the_next_half_year_whoever_writes_it(database: None) -> None:
    for valid_to in (None, date(2027, 1, 31)):
        with pytest.raises(IntegrityError, match="half_year"), access.acting("owner"):
            Rule.objects.create(
                code=Code.REFERENCE_RATE, value=2, valid_from=date(2026, 7, 1), valid_to=valid_to, statute="§"
            )


def test_what_is_missing_or_ends_soon_is_said(owner: User) -> None:
    with access.acting("owner"):
        assert figures.warnings(on=date(2026, 5, 1)) == []
        (soon,) = figures.warnings(on=date(2026, 6, 5))
        (missing,) = figures.warnings(on=date(2026, 7, 1))
    assert "ends on" in soon
    assert "2026-H2" in missing
    add(owner, Code.REFERENCE_RATE, "2.5", date(2026, 7, 1))
    with access.acting("owner"):
        assert figures.warnings(on=date(2026, 6, 5)) == figures.warnings(on=date(2026, 7, 1)) == []


def test_the_pages_warn_and_the_billing_person_reads_but_does_not_change(
    as_owner: Client, as_biller: Client
) -> None:
    today = as_owner.get("/register/").content.decode()
    assert "Reference rate of the Bank of Finland" in today
    assert "Reference rate of the Bank of Finland" in as_biller.get("/billing/").content.decode()
    page = as_biller.get("/billing/rules/").content.decode()
    assert "missing for" in page
    assert "VAT rates" in page
    assert "Add a row" in as_owner.get("/register/billing/rules/limitation/").content.decode()
    assert "Add a row" not in as_biller.get("/billing/rules/limitation/").content.decode()
    assert as_biller.post("/billing/rules/reference_rate/", RATE).status_code == 404
    assert as_biller.get("/billing/rules/nothing/").status_code == 404
    assert as_biller.get("/register/billing/rules/").status_code == 404


def test_every_figure_is_shown_in_its_unit() -> None:
    known = figures.PERCENT | figures.YEARS | figures.DAYS | set(figures.CHOICES)
    for code in Code:
        assert (code in known) != str(code.label).endswith(", €"), code


def test_days_and_choices_are_not_shown_as_euros(as_biller: Client, registrar: Registrar) -> None:
    with access.acting("billing"):
        for code, words in (
            (Code.REMINDER_GRACE, "4 days"),
            (Code.REMINDER_TIME, "14 days"),
            (Code.EXTENSION_FEE_DAYS, "14 days"),
            (Code.ALLOCATION_CONSUMER, "first the principal, then the costs; interest is claimed on its own"),
        ):
            assert figure(rules.row(code, bills.TODAY)) == words
            assert words in as_biller.get(f"/billing/rules/{code}/").content.decode()


def test_the_laws_floor_beats_a_wrong_setting(registrar: Registrar, owner: User, biller: User) -> None:
    day = bills.TODAY
    with access.acting("billing"):
        assert retention.kept_until(day, rules.Rules([Code.KEEP_VOUCHERS]), registrar) == date(2032, 12, 31)
    add(owner, Code.KEEP_VOUCHERS, "0", day)
    invoice = bills.issued(biller, bills.company(owner), on=day)
    assert invoice.kept_until == date(2032, 12, 31)
    add(owner, Code.KEEP_VOUCHERS, "10", day + timedelta(days=1))
    with access.acting("billing"):
        registrar.financial_year_end_month, registrar.financial_year_end_day = 3, 31
        later = retention.kept_until(day + timedelta(days=1), rules.Rules([Code.KEEP_VOUCHERS]), registrar)
    assert later == date(2037, 12, 31)
