"""The bench fills a database and measures every page it finds; how fast they are is not judged here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from billing import references
from config.bench import asked, billing, controls, names, pages, report, seeding, wire
from register import finnish, keys
from tests.cluster import made_up_home

CUSTOMERS = 200
ON = date(2026, 11, 22)


# --- made-up people


def test_the_same_people_are_thought_up_every_time() -> None:
    assert list(names.parties(50)) == list(names.parties(50))
    assert list(names.parties(50)) != list(names.parties(50, seed=1))


def test_a_third_are_companies_with_right_business_ids_that_nobody_else_has() -> None:
    made = list(names.parties(4000))
    companies = [party for party in made if party.company]
    assert 0.32 < len(companies) / len(made) < 0.38
    assert len({party.business_id for party in companies}) == len(companies)
    assert all(finnish.business_id(party.business_id) == party.business_id for party in companies)
    assert all(party.business_id == "" for party in made if not party.company)


def test_sort_keys_are_those_of_the_register_itself() -> None:
    for party in names.parties(3000):
        expected = party.name if party.company else f"{party.people[0].family} {party.people[0].given}"
        assert party.key == finnish.sort_key(expected)


def test_nobody_made_up_can_be_mailed() -> None:
    addresses = [human.email for party in names.parties(500) for human in party.people]
    assert addresses
    assert all(address.endswith(".example") and address.isascii() for address in addresses)


# --- seeding and measuring


@pytest.fixture
def environment(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """What the measured processes know: a home of their own, the logins of this test's own database."""
    known = made_up_home(tmp_path / "bench")
    for alias in keys.ALIASES:
        url = (tmp_path / "bench" / "secrets" / f"database_{alias}").read_text().strip()
        monkeypatch.setenv(keys.variable(f"database_{alias}"), url)
    yield known
    with connections["migrate"].cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS stock CASCADE")
        cursor.execute("COMMENT ON TABLE customers_customer IS NULL")


@pytest.fixture
def seeded(environment: dict[str, str]) -> dict[str, str]:
    seeding.fill(CUSTOMERS, on=ON, progress=lambda line: None)
    controls.make(progress=lambda line: None)
    return environment


def one(query: str) -> Any:
    with connections["migrate"].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def test_seeding_fills_everything_and_leaves_the_schema_as_it_was(environment: dict[str, str]) -> None:
    schema = (
        "SELECT md5(string_agg(line, '' ORDER BY line)) FROM ("
        "SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
        "SELECT conname || pg_get_constraintdef(oid) || convalidated::text FROM pg_constraint UNION ALL "
        "SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal) x"
    )
    before = one(schema)
    seeding.fill(CUSTOMERS, on=ON, progress=lambda line: None)
    assert one(schema) == before
    assert one("SELECT count(*) FROM customers_customer") == CUSTOMERS
    assert one("SELECT count(*) FROM customers_interaction") == 3 * CUSTOMERS
    assert one("SELECT count(*) FROM billing_invoice WHERE number <> ''") == 3 * CUSTOMERS
    assert one("SELECT count(*) FROM billing_receivable") == 3 * CUSTOMERS
    assert one(UNEQUAL) == 0
    assert one("SELECT count(*) FROM billing_payment WHERE unallocated > 0") > 0
    overdue = one(f"SELECT count(*) FROM billing_receivable WHERE open > 0 AND due_on < '{ON}'")
    assert 0.05 < overdue / (3 * CUSTOMERS) < 0.08
    reference, number = one("SELECT max(reference) FROM billing_invoice"), 10_000_000 + 3 * CUSTOMERS
    assert reference == references.make(number + 3 * (seeding.FIRST - 1))
    people = one("SELECT count(*) FROM customers_person")
    assert people > CUSTOMERS
    assert one("SELECT count(*) FROM customers_searchdocument WHERE person_id IS NOT NULL") == people
    companies = one("SELECT count(*) FROM customers_customer WHERE kind = 'company'")
    assert one("SELECT count(*) FROM customers_searchdocument WHERE customer_id IS NOT NULL") >= companies > 0
    assert one("SELECT to_regclass('bench_customer') IS NULL")
    assert (
        one("SELECT nextval(pg_get_serial_sequence('customers_customer', 'id'))") == seeding.FIRST + CUSTOMERS
    )


UNEQUAL = """
SELECT (SELECT count(*)
          FROM billing_receivable r JOIN (
               SELECT receivable_id, coalesce(sum(amount) FILTER (WHERE part = 'principal'), 0) AS open,
                      coalesce(sum(amount) FILTER (WHERE part = 'costs'), 0) AS costs,
                      CASE WHEN sum(amount) = 0 THEN max("on") END AS settled_on
                 FROM billing_entry GROUP BY receivable_id) s ON s.receivable_id = r.invoice_id
         WHERE (r.open, r.costs, r.settled_on) IS DISTINCT FROM (s.open, s.costs, s.settled_on))
     + (SELECT count(*)
          FROM billing_payment p LEFT JOIN (
               SELECT payment_id, sum(amount) AS moved FROM billing_entry GROUP BY payment_id) s ON s.payment_id = p.id
         WHERE p.unallocated <> p.amount + coalesce(s.moved, 0))
"""


def test_a_register_with_customers_of_its_own_is_never_filled(environment: dict[str, str]) -> None:
    seeding.fill(3, on=ON, progress=lambda line: None)
    with pytest.raises(seeding.NotOurs):
        seeding.fill(3, on=ON, progress=lambda line: None)
    assert one("SELECT count(*) FROM customers_customer") == 3


@pytest.mark.slow
def test_every_page_that_exists_is_measured_and_answers(
    seeded: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    result = pages.measure(seeded, customers=CUSTOMERS, rounds=2, seconds=0.3)
    assert {page.title: page.wrong for page in result.pages.values() if page.wrong} == {}
    assert {"floor", "bare", "person", "save", "stock_list", "stock_save"} <= result.pages.keys()
    assert result.pages["person"].queries
    assert all(len(page.times) == 2 for page in result.pages.values())
    assert one("SELECT count(*) FROM register_auditentry WHERE page = 'person'") > 0
    assert one(f"SELECT count(*) FROM customers_person WHERE given_name LIKE '{asked.SAVE_PREFIX}%'") > 0
    assert all(figures["failures"] == 0 for figures in result.together.values())
    assert result.memory_mib > 0
    assert result.cold_start_s > 0
    assert 0 < result.public_kib < 60
    told = "\n".join(report.lines(result, {}))
    assert "floor: bare page" in told
    assert {goal.number for goal in report.goals(result, {})} >= {1, 2, 4, 5, 6, 11, 12}
    assert result.as_dict()["pages"]["person"]["queries"] == result.pages["person"].queries


@pytest.mark.slow
def test_billing_is_measured_through_its_use_cases(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(billing, "CROWD", 5)
    seeding.fill(CUSTOMERS, on=date.today(), progress=lambda line: None)
    issued = one("SELECT count(*) FROM billing_invoice WHERE number <> ''")
    result = billing.measure(issued, rounds=2, progress=lambda line: None, bank=False)
    assert one("SELECT count(*) FROM billing_invoice WHERE number <> ''") == issued + 2 * 4 + 2 * 2 + 5
    assert all(value > 0 for value in result.figures.values())
    assert {f"report {code}, today, ms" for code in ("ageing", "open-items")} <= result.figures.keys()
    paid = one("SELECT count(*) FROM billing_receivable WHERE open = 0")
    with billing._all_open():
        assert one("SELECT count(*) FROM billing_receivable WHERE open = 0") == 0 < paid
    assert one("SELECT count(*) FROM billing_receivable WHERE open = 0") == paid
    assert one("SELECT bool_and(tgenabled = 'O') FROM pg_trigger WHERE tgname LIKE 'receivable_%'")
    told = "\n".join(billing.lines(result))
    assert "typst alone" in told
    assert {goal.number for goal in billing.goals(result)} == {0, 7, 13}
    assert result.as_dict()["goals"][0]["found"]


# --- the report


def measured(customers: int = 100_000, **medians: float) -> pages.Result:
    found = {}
    for key, median in medians.items():
        page = asked.Page(key, key, lambda turn: wire.Answer(200, [], b"", 0.0))
        page.times = [median] * 5
        found[key] = page
    together = {
        key: {"per_second": 300.0, "p95_ms": 50.0, "median_ms": 20.0, "failures": 0}
        for key in ("list", "floor")
    }
    return pages.Result(customers, found, [], together, 150.0, 0.7)


def verdicts(result: pages.Result, earlier: dict[str, Any] | None = None) -> dict[str, bool | None]:
    return {f"{goal.number} {goal.text}": goal.met for goal in report.goals(result, earlier or {})}


def test_goals_are_judged_by_ratios_to_the_floor() -> None:
    fast = verdicts(measured(floor=6, list=12, deep=14, person=15, save=25, search_name=12))
    assert fast["1 list ≤ 2 × floor"] is True
    assert fast["2 page 1000 ≤ 1.2 × page 1"] is True
    assert fast["4 person ≤ 2.5 × floor"] is True
    assert fast["5 save and next page ≤ 10 ms over the person page"] is True
    assert fast["6 overdue ≤ 2.5 × floor"] is None
    slow = verdicts(measured(floor=6, list=12.1, deep=15, person=15.1, save=26, search_name=12.1))
    assert slow["1 list ≤ 2 × floor"] is False
    assert slow["2 page 1000 ≤ 1.2 × page 1"] is False
    assert slow["4 person ≤ 2.5 × floor"] is False
    assert slow["5 save and next page ≤ 10 ms over the person page"] is False


def test_a_million_customers_are_compared_with_a_hundred_thousand_of_an_earlier_run() -> None:
    small = measured(floor=6, list=12, person=15).as_dict()
    large = measured(1_000_000, floor=9, list=18, person=40)
    grown = verdicts(large, {"pages-100000": small})
    assert grown["12 list: 1 M / 100 k ≤ 1.3"] is True
    assert grown["12 person: 1 M / 100 k ≤ 1.3"] is False


# --- the browser


def test_forms_are_sent_as_a_browser_would() -> None:
    page = b"""
      <form action="/elsewhere"><input name="q"></form>
      <form method="post"><input type="hidden" name="token" value="t"><input name="given" value="Ada">
        <select name="language"><option value="fi">fi</option><option value="sv" selected>sv</option></select>
        <textarea name="text">one &amp; two</textarea>
        <input type="checkbox" name="off"><input type="checkbox" name="on" checked value="1">
        <input type="submit" name="go"></form>"""
    first, second = wire.forms(wire.Answer(200, [], page, 0.0))
    assert (first.action, first.fields) == ("/elsewhere", [("q", "")])
    assert second.fields == [
        ("token", "t"), ("given", "Ada"), ("language", "sv"), ("text", "one & two"), ("on", "1"),
    ]  # fmt: skip


def test_the_bench_keeps_away_from_the_real_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from config import bench

    monkeypatch.setenv("REGISTER_HOME", str(tmp_path))
    for name in ("REGISTER_DEMO", "REGISTER_URL"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    monkeypatch.setenv("DATABASE_URL", "postgresql://real")
    monkeypatch.setenv("DATABASE_URL_OWNER", "postgresql://real")
    bench.choose_home()
    assert keys.home() == tmp_path / "bench"
    assert keys.is_made_up()
    assert not [name for name in os.environ if name.startswith("DATABASE_URL")]
