"""The lists of customers and people: order, pages, filters, what is done to many at once."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import bulk, listing, search
from customers.models import Customer, Person, Relationship, Tag
from register import access, finnish
from register.models import AuditEntry, User
from tests import cast

CUSTOMERS = "/register/customers/"
PEOPLE = "/register/people/"
MANY = "/register/customers/many/"

MANY_CUSTOMERS = """
WITH made AS (
    INSERT INTO customers_customer (public_id, kind, name, sort_key, business_id, language, created_at)
    SELECT gen_random_uuid(), 'company', %(name)s, %(key)s, '', 'fi', now() FROM generate_series(1, %(count)s)
    RETURNING id)
INSERT INTO customers_relationship (customer_id, status, source, source_detail, since)
SELECT id, 'active', 'told', '', CASE WHEN id %% 3 > 0 THEN date '2020-01-01' + (id %% 5)::integer END FROM made
"""


@pytest.fixture(autouse=True)
def _in_english_without_memories(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    listing.PLACES.clear()


def namesakes(count: int, name: str = "Virtanen") -> None:
    """Many customers of the same name."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(MANY_CUSTOMERS, {"name": name, "key": finnish.sort_key(name), "count": count})


def names(page: listing.Page) -> list[str]:
    return [row.name for row in page.rows]


def walk(asked: str) -> list[int]:
    """The numbers of all rows, page by page by the links to the next page."""
    found: list[int] = []
    page = listing.CUSTOMERS.page(state(asked))
    found += [row.pk for row in page.rows]
    while page.has_next:
        page = listing.CUSTOMERS.page(state(page.next_url))
        found += [row.pk for row in page.rows]
    return found


def state(query: str) -> listing.State:
    return listing.CUSTOMERS.state(dict(pair.split("=") for pair in query.split("&") if pair))


# --- order and pages ---------------------------------------------------------------------------------


def test_the_order_is_the_finnish_one(owner_acts: access.Acting) -> None:
    for name in ("Öljy", "Wirtanen", "Äiti", "Virtanen", "Åke", "zorro", "Virta", "aalto"):
        cast.company(name)
    page = listing.CUSTOMERS.page(state(""))
    assert names(page) == ["aalto", "Virta", "Virtanen", "Wirtanen", "zorro", "Åke", "Äiti", "Öljy"]
    page = listing.CUSTOMERS.page(state("sort=-name"))
    assert names(page) == ["Öljy", "Äiti", "Åke", "zorro", "Wirtanen", "Virtanen", "Virta", "aalto"]


@pytest.mark.parametrize("sort", ["", "-name", "number", "-number", "since", "-since"])
def test_every_customer_stands_on_exactly_one_page_though_all_have_one_name(
    owner_acts: access.Acting, sort: str
) -> None:
    namesakes(130)
    everyone = walk(f"sort={sort}")
    assert len(everyone) == 130
    assert set(everyone) == set(Customer.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("sort", ["", "-since"])
def test_the_pages_back_are_the_pages_forth(owner_acts: access.Acting, sort: str) -> None:
    namesakes(170)
    first = listing.CUSTOMERS.page(state(f"sort={sort}"))
    second = listing.CUSTOMERS.page(state(first.next_url))
    third = listing.CUSTOMERS.page(state(second.next_url))
    last = listing.CUSTOMERS.page(state(third.next_url))
    assert [len(page.rows) for page in (first, second, third, last)] == [50, 50, 50, 20]
    assert (last.has_next, last.number, last.first_row, last.last_row) == (False, 4, 151, 170)
    assert listing.CUSTOMERS.page(state(first.last_url)).rows == last.rows
    assert listing.CUSTOMERS.page(state(last.previous_url)).rows == third.rows
    assert listing.CUSTOMERS.page(state(third.previous_url)).rows == second.rows
    assert listing.CUSTOMERS.page(state(second.previous_url)).rows == first.rows
    by_number = f"page=3&sort={sort}" if sort else "page=3"
    assert listing.CUSTOMERS.page(state(by_number)).rows == third.rows


def test_a_page_that_is_not_there_any_more_leads_to_the_first(owner_acts: access.Acting) -> None:
    namesakes(60)
    for query in ("page=7", "page=2&after=999999999", "page=0", "page=x", "after=-1"):
        page = listing.CUSTOMERS.page(state(query))
        assert (page.number, len(page.rows)) == (1, 50)


def test_a_page_far_behind_asks_the_index_and_counts_nothing(owner_acts: access.Acting) -> None:
    namesakes(300)
    for n in range(3):
        namesakes(100, f"Aalto {n}")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT customers_analyze()")
    deep = Customer.objects.order_by("sort_key", "id")[400]
    with CaptureQueriesContext(connections["owner"]) as queries:
        page = listing.CUSTOMERS.page(state(f"page=9&after={deep.pk}"))
    assert len(page.rows) == 50
    assert not any("OFFSET" in query["sql"] for query in queries)
    [listed] = [query["sql"] for query in queries if "LIMIT 51" in query["sql"]]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + listed)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "customer_order" in plan
    assert "sort_key >=" in plan.split("Index Cond")[1].splitlines()[0]


def test_few_are_counted_and_many_are_estimated(owner_acts: access.Acting, monkeypatch: Any) -> None:
    namesakes(120)
    assert listing.CUSTOMERS.page(state("")).total == listing.Total(120)
    monkeypatch.setattr(listing, "COUNTED", 50)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT customers_analyze()")
    assert listing.CUSTOMERS.page(state("")).total == listing.Total(120, about=True)


# --- filters -----------------------------------------------------------------------------------------


def test_filters_leave_what_matches_and_stay_in_the_links(owner_acts: access.Acting) -> None:
    cast.company("Koivu Oy", status="active", language="sv", tags=["Tukku"])
    cast.company("Leppä Oy", status="former")
    cast.private_customer(given_name="Ada", family_name="Kivi")
    tag = Tag.objects.get()
    for query, expected in {
        "status=former": ["Leppä Oy"],
        "kind=private": ["Ada Kivi"],
        "language=sv": ["Koivu Oy"],
        f"tag={tag.pk}": ["Koivu Oy"],
        "q=kiv": ["Ada Kivi"],
        "q=oy&status=active": [],
        "q=koi&status=active": ["Koivu Oy"],
        "status=nonsense": ["Ada Kivi", "Koivu Oy", "Leppä Oy"],
    }.items():
        page = listing.CUSTOMERS.page(state(query))
        assert sorted(names(page)) == expected, query
        assert page.total.rows == len(expected)
    assert state("status=former&sort=-name&page=3").first_page() == "status=former&sort=-name"


def test_people_are_filtered_by_whom_they_represent(owner_acts: access.Acting) -> None:
    cast.person(given_name="Ada", family_name="Kivi", represents=cast.company("Koivu Oy"))
    cast.private_customer(given_name="Bo", family_name="Kivi")
    cast.person(given_name="Cid", family_name="Kivi")
    for kind, expected in {"contact": ["Ada"], "customer": ["Bo"], "neither": ["Cid"]}.items():
        page = listing.PEOPLE.page(listing.PEOPLE.state({"kind": kind, "q": "kivi"}))
        assert [row.given_name for row in page.rows] == expected
    assert Person.objects.count() == 3


# --- pages -------------------------------------------------------------------------------------------


def test_the_lists_record_whom_they_show_in_one_entry(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        company = cast.company("Koivu Oy", emails=["info@koivu.fi"], tags=["Tukku"])
        ada = cast.person(given_name="Ada", family_name="Kivi", represents=company, phones=["040 123 4567"])
    text = as_owner.get(CUSTOMERS).content.decode()
    assert all(word in text for word in ("Koivu Oy", "info@koivu.fi", "Tukku", f"K{company.pk}"))
    text = as_owner.get(PEOPLE).content.decode()
    assert all(word in text for word in ("Kivi Ada", "Koivu Oy", "040 123 4567"))
    with access.acting("owner"):
        reads = AuditEntry.objects.filter(action=AuditEntry.Action.ACCESS)
        assert reads.get(page="list of customers").numbers == [f"K{company.pk}"]
        assert reads.get(page="list of people").numbers == [f"H{ada.pk}"]


@pytest.mark.parametrize(("address", "queries"), [(CUSTOMERS, 5), (PEOPLE, 4)])
def test_a_full_page_asks_a_handful_of_questions(
    as_owner: Client, owner: User, address: str, queries: int
) -> None:
    with access.acting("owner", user_id=owner.pk):
        for n in range(3):
            cast.person(
                given_name=str(n),
                family_name="Kivi",
                represents=cast.company(f"Koivu {n}", tags=["A", str(n)]),
            )
    as_owner.get(address)
    with CaptureQueriesContext(connections["owner"]) as few:
        as_owner.get(address)
    with access.acting("owner", user_id=owner.pk):
        for n in range(3, 12):
            cast.person(
                given_name=str(n),
                family_name="Kivi",
                represents=cast.company(f"Koivu {n}", tags=["A", str(n)]),
            )
    with CaptureQueriesContext(connections["owner"]) as many:
        as_owner.get(address)
    asked = [query["sql"] for query in many if re.search("customers_|EXPLAIN", query["sql"])]
    assert len(asked) == queries, asked
    assert len(many) == len(few)


def test_an_empty_register_invites(as_owner: Client) -> None:
    assert "/register/customers/add/" in as_owner.get(CUSTOMERS).content.decode()
    assert "No customers yet" in as_owner.get(CUSTOMERS).content.decode()
    assert "No people yet" in as_owner.get(PEOPLE).content.decode()


# --- many at once ------------------------------------------------------------------------------------


def test_an_act_on_many_is_first_asked_and_then_done(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        koivu, leppa, __ = cast.company("Koivu Oy"), cast.company("Leppä Oy"), cast.company("Paju Oy")
    chosen = {"act": "add_tag", "chosen": [koivu.pk, leppa.pk], "query": "sort=-name"}
    asked = as_owner.post(MANY, chosen).content.decode()
    assert "This concerns 2 customers that you ticked." in asked
    with access.acting("owner"):
        assert Tag.objects.count() == 0
    done = as_owner.post(MANY, chosen | {"sure": "1", "name": "Tukku"})
    assert (done.status_code, done["Location"]) == (302, CUSTOMERS + "?sort=-name")
    with access.acting("owner"):
        tagged = Relationship.objects.filter(tags__name="Tukku").values_list("customer_id", flat=True)
        assert sorted(tagged) == [koivu.pk, leppa.pk]
        entry = AuditEntry.objects.get(page="bulk")
    assert entry.numbers == [f"K{koivu.pk}", f"K{leppa.pk}"]
    assert (entry.actor_id, entry.additional_data) == (owner.pk, {"rows": 2, "fields": ["tags"]})


def test_all_that_match_are_said_by_number_and_by_filter(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        namesakes(60)
        former = cast.company("Vanha Oy", status="former")
    asked = as_owner.post(MANY, {"act": "status", "all": "1", "query": "status=active"}).content.decode()
    assert "This concerns all 60 customers that match the filters of the list:" in asked
    assert "<strong>Customer</strong>" in asked
    as_owner.post(
        MANY, {"act": "status", "all": "1", "query": "status=active", "sure": "1", "status": "prospect"}
    )
    with access.acting("owner"):
        assert Relationship.objects.filter(status="prospect").count() == 60
        assert Relationship.objects.get(customer=former).status == "former"


def test_more_than_a_list_holds_is_not_changed_at_once(
    as_owner: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with access.acting("owner", user_id=owner.pk):
        namesakes(12)
    monkeypatch.setattr(search, "LIST_FENCE", 10)
    asked = {"act": "add_tag", "all": "1", "query": "q=virtanen", "sure": "1", "name": "Tukku"}
    assert as_owner.post(MANY, asked).status_code == 302
    assert "Narrow the search first" in as_owner.get(CUSTOMERS).content.decode()
    with access.acting("owner"):
        assert Tag.objects.count() == 0


def test_a_former_customers_relationship_ends_that_day(owner_acts: access.Acting, owner: User) -> None:
    company = cast.company("Koivu Oy", since=date(2020, 1, 1))
    assert company.relationship.ended_on is None
    changed = bulk.set_status(Customer.objects.all(), status="former", on=date(2026, 3, 1), by=owner)
    company.relationship.refresh_from_db()
    assert (changed, company.relationship.status) == (1, "former")
    assert company.relationship.ended_on == date(2026, 3, 1)
    assert bulk.set_status(Customer.objects.all(), status="former", on=date(2026, 4, 1), by=owner) == 0


def test_a_tag_is_taken_from_those_who_have_it(owner_acts: access.Acting, owner: User) -> None:
    cast.company("Koivu Oy", tags=["Tukku"])
    cast.company("Leppä Oy")
    tag = Tag.objects.get()
    assert bulk.remove_tag(Customer.objects.all(), tag=tag, by=owner) == 1
    assert Relationship.objects.filter(tags=tag).count() == 0
    assert Tag.objects.filter(pk=tag.pk).exists()


def test_an_export_needs_a_reason_and_is_recorded(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        company = cast.company("=HYPERLINK(1) Oy", emails=["info@koivu.fi"], phones=["+358 40 123 4567"])
    asked = {"act": "export", "all": "1", "query": "", "sure": "1"}
    refused = as_owner.post(MANY, asked | {"reason": "  "})
    assert refused["Content-Type"].startswith("text/html")
    with access.acting("owner"):
        assert not AuditEntry.objects.filter(page="export").exists()
    answer = as_owner.post(MANY, asked | {"reason": "Vuosikirje painoon"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["number"], row["name"], row["email"], row["phone"]) for row in rows] == [
        (f"K{company.pk}", "'=HYPERLINK(1) Oy", "info@koivu.fi", "'+358 40 123 4567")
    ]
    with access.acting("owner"):
        entry = AuditEntry.objects.get(page="export")
    assert (entry.reason, entry.numbers, entry.actor_id) == (
        "Vuosikirje painoon",
        [f"K{company.pk}"],
        owner.pk,
    )


@pytest.mark.parametrize(
    "sent", [{}, {"act": "delete"}, {"act": "add_tag", "chosen": "x"}, {"act": "add_tag"}]
)
def test_a_broken_act_changes_nothing(as_owner: Client, owner: User, sent: dict[str, str]) -> None:
    with access.acting("owner", user_id=owner.pk):
        cast.company("Koivu Oy")
    assert as_owner.post(MANY, sent | {"sure": "1", "name": "Tukku"}).status_code in (302, 404)
    with access.acting("owner"):
        assert Tag.objects.count() == 0


def test_the_billing_person_has_no_lists_of_the_owners(as_biller: Client) -> None:
    for address in (CUSTOMERS, PEOPLE):
        assert as_biller.get(address).status_code == 404
    assert as_biller.post(MANY, {"act": "export", "all": "1", "sure": "1", "reason": "x"}).status_code == 404
