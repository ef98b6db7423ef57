"""Recurring invoices and collective drafts: drafts that are made by themselves or many at once, and issue nothing."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from billing import collective, drafting, months, recurring, tasks, worklists
from billing.drafting import Line
from billing.models import CollectiveResult, CollectiveRun, Invoice, Recurring, ReleasedAssignment
from billing.recurring import Schedule
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.bills import NOW, TODAY
from tests.billing.pages import english, fields, key  # noqa: F401  (a fixture)

UPKEEP = Line(description="Ylläpito", neutral="Palvelu", quantity=Decimal(1), unit_price=Decimal("95.00"))


def planned(biller: User, customer: Customer, first: date = TODAY, **schedule: Any) -> Recurring:
    with access.acting("billing", user_id=biller.pk):
        facts = drafting.usual_facts(customer)
        return recurring.plan(
            customer,
            facts=facts,
            lines=[UPKEEP],
            schedule=Schedule(**{"interval": 1, "first_on": first} | schedule),
            by=biller,
        )


def fresh(template: Recurring) -> Recurring:
    with access.acting("billing"):
        return Recurring.objects.get(pk=template.pk)


def drafts() -> list[Invoice]:
    with access.acting("billing"):
        return list(Invoice.objects.drafts().order_by("pk"))


# --- recurring -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "interval", "days"),
    [
        (date(2026, 1, 31), 1, [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]),
        (date(2026, 11, 30), 3, [date(2026, 11, 30), date(2027, 2, 28), date(2027, 5, 30)]),
        (date(2024, 2, 29), 12, [date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28)]),
    ],
)
def test_days_are_counted_from_the_first_and_never_drift(
    first: date, interval: int, days: list[date]
) -> None:
    assert [months.after(first, interval * count) for count in range(3)] == days


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from([1, 3, 12]), st.integers(0, 200))
def test_each_day_is_later_than_the_one_before(first: date, interval: int, count: int) -> None:
    assert months.after(first, interval * count) < months.after(first, interval * (count + 1))


def test_the_nightly_job_makes_each_due_draft_once_and_issues_none(
    owner: User, biller: User, registrar: Registrar, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = planned(biller, bills.company(owner), date(2026, 7, 1))
    monkeypatch.setattr(tasks.timezone, "localdate", lambda *_: TODAY)
    for _ in range(2):
        tasks.make_recurring(0)
    made = drafts()
    assert [one.total for one in made] == [Decimal("119.23")] * 3
    with access.acting("billing"):
        lines = [one.lines.get() for one in made]
        assert [one.delivered_on for one in lines] == [date(2026, month, 1) for month in (7, 8, 9)]
        assert {(one.description, one.neutral) for one in lines} == {("Ylläpito", "Palvelu")}
        assert not Invoice.objects.issued().exists()
    assert {one.drafted_by_id for one in made} == {biller.pk}
    assert fresh(template).next_on == date(2026, 10, 1)
    with pytest.raises(DatabaseError, match="nobody asked"), access.acting("worker"):
        connections["worker"].cursor().execute("UPDATE billing_invoice SET number = 'X'")


def test_one_template_that_cannot_be_counted_stops_no_other(
    owner: User, biller: User, registrar: Registrar, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = bills.company(owner)
    broken = planned(biller, customer, date(2012, 12, 31))
    planned(biller, customer)
    monkeypatch.setattr(tasks.timezone, "localdate", lambda *_: TODAY)
    tasks.make_recurring(0)
    assert len(drafts()) == 1
    assert fresh(broken).next_on == date(2012, 12, 31)


def test_a_template_ends_on_its_last_day_or_when_stopped_and_a_later_one_revives_it(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    template = planned(biller, customer, ends_on=date(2026, 10, 15))
    with access.acting("billing", user_id=biller.pk):
        recurring.make_next(template, on=TODAY)
        recurring.make_next(template, on=TODAY)
        with pytest.raises(recurring.HasEnded):
            recurring.make_next(template, on=TODAY)
        schedule = Schedule(interval=1, first_on=TODAY, ends_on=date(2026, 12, 31))
        recurring.replan(
            template, facts=drafting.usual_facts(customer), lines=[UPKEEP], schedule=schedule, by=biller
        )
        assert template.next_on == date(2026, 11, 1)
        recurring.stop(template, on=date(2026, 10, 20), by=biller)
        assert list(worklists.recurring().rows) == []
        assert list(worklists.recurring(ended=True).rows) == [template]
        with pytest.raises(recurring.NoLines):
            recurring.replan(
                template, facts=drafting.usual_facts(customer), lines=[], schedule=schedule, by=biller
            )
        with pytest.raises(recurring.EndsBeforeStart):
            recurring.plan(
                customer, facts=drafting.usual_facts(customer), lines=[UPKEEP], by=biller,
                schedule=Schedule(interval=1, first_on=TODAY, ends_on=date(2026, 8, 31)),
            )  # fmt: skip


def test_a_discarded_draft_is_not_made_again(owner: User, biller: User, registrar: Registrar) -> None:
    template = planned(biller, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        drafting.discard(recurring.make_next(template, on=TODAY), by=biller)
        assert recurring.make_due(template.pk, on=TODAY) == 0
        assert template.occurrences.get().invoice_id is None


def test_a_recurring_invoice_is_written_on_the_page_and_makes_a_draft_on_demand(
    as_biller: Client, owner: User, biller: User, registrar: Registrar
) -> None:
    as_biller.cookies["django_language"] = "en"
    customer = bills.company(owner)
    page = f"/billing/customers/K{customer.pk}/recurring/"
    assert as_biller.get(page).status_code == 200
    wrong = as_biller.post(page, fields(interval="1", first_on="1.9.2026", ends_on="1.8.2026"))
    assert wrong.status_code == 422
    assert "not before the first day" in wrong.content.decode()
    assert as_biller.post(page, fields(interval="1", first_on="9999-12-31", ends_on="")).status_code == 422
    made = as_biller.post(page, fields(interval="3", first_on="1.9.2026", ends_on="", subject="Ylläpito"))
    assert made.status_code == 302
    listed = as_biller.get("/billing/recurring/").content.decode()
    assert "Ylläpito" in listed
    assert "every three months" in listed
    draft = as_biller.post(made["Location"] + "draft/")
    assert "/billing/invoices/D" in draft["Location"]
    assert "D" in as_biller.get(made["Location"]).content.decode()
    as_biller.post(made["Location"] + "stop/")
    assert "Ylläpito" not in as_biller.get("/billing/recurring/").content.decode()
    assert "Ylläpito" in as_biller.get("/billing/recurring/?ended").content.decode()


# --- collective ------------------------------------------------------------------------------------------


def begun(biller: User, customers: list[Customer], until: date = TODAY, **options: Any) -> CollectiveRun:
    with access.acting("billing", user_id=biller.pk):
        return collective.start(
            [one.pk for one in customers],
            until=until,
            by=biller,
            at=NOW,
            client_key=options.get("client_key", uuid.uuid4()),
        )


def test_one_draft_a_customer_from_all_work_until_a_day(
    owner: User, biller: User, registrar: Registrar
) -> None:
    first, second = bills.company(owner), bills.company(owner, "Toinen Oy", business_id="2345678-0")
    for customer in (first, first, second):
        bills.released(owner, customer, done_on=date(2026, 8, 20))
    later = bills.released(owner, first, done_on=date(2026, 9, 1))
    same = uuid.uuid4()
    run = begun(biller, [first, second], date(2026, 8, 31), client_key=same)
    assert begun(biller, [first, second], date(2026, 8, 31), client_key=same) == run
    assert run.finished_at == NOW
    made = drafts()
    assert sorted((one.customer_id, one.subject) for one in made) == [
        (first.pk, "Koontilasku, työt 31.8.2026 asti"),
        (second.pk, "Hallin suunnittelu"),
    ]
    with access.acting("billing"):
        assert list(ReleasedAssignment.objects.waiting()) == [later]
        assert {one.lines.count() for one in made} == {4, 2}
    with pytest.raises(collective.NobodyChosen):
        begun(biller, [first, second], date(2026, 8, 31))


def test_many_are_drawn_up_by_the_worker_and_what_stops_one_is_told(
    owner: User, biller: User, registrar: Registrar, monkeypatch: pytest.MonkeyPatch
) -> None:
    deferred: list[dict[str, Any]] = []
    monkeypatch.setattr(collective, "AT_ONCE", 1)
    monkeypatch.setattr(collective.jobs, "defer", lambda _task, **ids: deferred.append(ids))
    good, bad = bills.company(owner), bills.company(owner, "Toinen Oy", business_id="2345678-0")
    bills.released(owner, good)
    bills.released(owner, bad, done_on=date(2012, 12, 30))
    run = begun(biller, [good, bad])
    assert (run.finished_at, drafts()) == (None, [])
    for _ in range(2):
        tasks.draw_up_collective(**deferred[0])
    assert [one.customer_id for one in drafts()] == [good.pk]
    with access.acting("billing"):
        run = CollectiveRun.objects.get(pk=run.pk)
        result = CollectiveResult.objects.get(customer=bad)
    assert run.finished_at is not None
    assert "30.12.2012" in result.problem
    assert result.invoice_id is None


def test_the_page_says_what_it_will_do_does_it_and_lists_the_results(
    as_biller: Client, owner: User, biller: User, registrar: Registrar
) -> None:
    as_biller.cookies["django_language"] = "en"
    customer = bills.company(owner)
    bills.released(owner, customer)
    address = "/billing/collective/"
    page = as_biller.get(address, {"until": "30.9.2026"}).content.decode()
    assert "1 customer" in page
    assert "1,016.00" in page or "1 016,00" in page.replace("\u00a0", " ")
    form = {"key": key(), "until": "2026-09-30"}
    assert as_biller.post(address, form).status_code == 422
    answers = {as_biller.post(address, form | {"customer": [customer.pk]})["Location"] for _ in range(2)}
    assert len(answers) == 1
    shown = as_biller.get(answers.pop()).content.decode()
    assert "1 draft was drawn up" in shown
    assert len(drafts()) == 1
