"""Narrowing a timeline: by kind, direction, days, words and files, on every page of it and at a steady price."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import communication
from customers.communication import Narrowed
from customers.models import Customer, Person
from register import access
from register.models import User
from tests import cast

HELSINKI = ZoneInfo("Europe/Helsinki")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=HELSINKI)

Read = Callable[[Narrowed], list[str]]


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def readers(koivu: Customer, ada: Person) -> list[Read]:
    """The customer's timeline and the person's: what stands on the one stands on the other."""
    return [
        lambda only: [one.subject for one in communication.with_customer(koivu, only=only).entries],
        lambda only: [one.subject for one in communication.with_person(ada, only=only).entries],
    ]


def test_a_timeline_is_narrowed_by_each_sort_of_thing_and_by_all_together(owner_acts: access.Acting) -> None:
    koivu, other = cast.company(), cast.company("Leppä Oy")
    ada, eino = cast.person(represents=koivu), cast.person("Eino", represents=other)
    pdf = [SimpleUploadedFile("tarjous.pdf", b"%PDF-1.4\n%%EOF")]

    def entry(subject: str, days: int, **facts: Any) -> None:
        cast.entry(customer=koivu, people=[ada], subject=subject, at=NOON - timedelta(days=days), **facts)

    entry("Hinta", 0, kind="email", direction="in", text="Paljonko maksaa 100 % käsitelty ÖLJY_SÄILIÖ?")
    entry("Tarjous", 1, kind="email", direction="out", text="Liitteenä.", files=pdf)
    entry("Soitto", 2, kind="call", direction="out", text="Tarjouksesta: käsitelty öljysäiliö.")
    entry("Muistio", 3, kind="note")
    cast.entry(customer=other, people=[eino], subject="Muiden tarjous", at=NOON)
    for read in readers(koivu, ada):
        assert read(Narrowed()) == ["Hinta", "Tarjous", "Soitto", "Muistio"]
        assert read(Narrowed(kind="email")) == ["Hinta", "Tarjous"]
        assert read(Narrowed(direction="out")) == ["Tarjous", "Soitto"]
        assert read(Narrowed(since=date(2026, 11, 19))) == ["Hinta", "Tarjous"]
        assert read(Narrowed(until=date(2026, 11, 18))) == ["Soitto", "Muistio"]
        assert read(Narrowed(since=date(2026, 11, 18), until=date(2026, 11, 18))) == ["Soitto"]
        assert read(Narrowed(since=date(2026, 11, 19), until=date(2026, 11, 18))) == []
        assert read(Narrowed(text="tarjou")) == ["Tarjous", "Soitto"]
        assert read(Narrowed(text="KÄSITELTY öljy")) == ["Hinta", "Soitto"]
        assert read(Narrowed(text="hinta öljy")) == ["Hinta"]
        assert read(Narrowed(text="0 %")) == ["Hinta"]
        assert read(Narrowed(text="y_s")) == ["Hinta"]
        assert read(Narrowed(text="\\")) == []
        assert read(Narrowed(with_files=True)) == ["Tarjous"]
        month = {"kind": "email", "since": date(2026, 11, 1), "until": date(2026, 11, 30), "text": "liitt"}
        assert read(Narrowed(**month, direction="out", with_files=True)) == ["Tarjous"]
        assert read(Narrowed(**month, direction="in", with_files=True)) == []


def test_a_day_is_the_day_where_the_company_is(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    cast.entry(customer=koivu, subject="Aamu", at=datetime(2026, 11, 20, 0, 0, tzinfo=HELSINKI))
    cast.entry(customer=koivu, subject="Ilta", at=datetime(2026, 11, 20, 23, 59, tzinfo=HELSINKI))
    cast.entry(customer=koivu, subject="Yö", at=datetime(2026, 11, 21, 0, 0, tzinfo=HELSINKI))
    day = Narrowed(since=date(2026, 11, 20), until=date(2026, 11, 20))
    assert [one.subject for one in communication.with_customer(koivu, only=day).entries] == ["Ilta", "Aamu"]


THOUSANDS = """
WITH entry AS (
    INSERT INTO customers_interaction (kind, direction, at, subject, text, customer_id, entered_at)
    SELECT (ARRAY['email', 'call', 'letter'])[n %% 3 + 1], (ARRAY['in', 'out'])[n %% 2 + 1],
           %(newest)s::timestamptz - n * interval '1 hour', 'Asia ' || n || '.',
           repeat('Tavallinen teksti. ', 20) || CASE WHEN n %% 500 = 7 THEN 'Harvinainen sana' ELSE '' END,
           %(customer)s, now()
      FROM generate_series(0, 4999) n
    RETURNING id, at),
met AS (
    INSERT INTO customers_interactionperson (interaction_id, person_id, at)
    SELECT id, %(person)s, at FROM entry)
INSERT INTO customers_attachment (interaction_id, name, content_type, size, sha256, path, entered_at)
SELECT id, 'a.txt', 'text/plain', 1, '', 'x/' || id, now() FROM entry WHERE id %% 100 = 0
"""


@pytest.fixture
def thousands(owner: User) -> tuple[Customer, Person]:
    """A customer and a person with 5000 entries, one an hour; a few of them with a rare word or a file."""
    with access.acting("owner", user_id=owner.pk):
        koivu = cast.company()
        ada = cast.person(represents=koivu)
        with connections["owner"].cursor() as cursor:
            cursor.execute(THOUSANDS, {"newest": NOON, "customer": koivu.pk, "person": ada.pk})
            cursor.execute("SELECT customers_analyze()")
    return koivu, ada


def test_a_narrowed_page_of_thousands_is_one_question_to_the_timelines_own_index(
    thousands: tuple[Customer, Person], owner: User
) -> None:
    koivu, ada = thousands
    for only, found in (
        (Narrowed(kind="call", direction="out"), communication.PAGE),
        (Narrowed(since=date(2026, 8, 1), until=date(2026, 8, 1)), 24),
        (Narrowed(text="harvinainen"), 10),
        (Narrowed(text="olematon"), 0),
        (Narrowed(with_files=True), communication.PAGE),
    ):
        with access.acting("owner", user_id=owner.pk):
            one_question(
                "interaction_of_customer", partial(communication.with_customer, koivu, only=only), found
            )
            one_question("interaction_of_person", partial(communication.with_person, ada, only=only), found)


def one_question(index: str, read: Callable[[], communication.Page], found: int) -> None:
    """Reading finds so many entries by one statement, which can walk the index without a sort."""
    with CaptureQueriesContext(connections["owner"]) as queries:
        assert len(read().entries) == found
    assert len(queries) == 1
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert index in plan
    assert "Sort" not in plan


def links(page: str) -> dict[str, str]:
    """The addresses of the page's links by their words."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {re.sub("<[^>]*>", "", said).strip(): unescape(url) for url, said in found}


def test_the_older_entries_and_the_other_kinds_stay_narrowed(
    as_owner: Client, thousands: tuple[Customer, Person]
) -> None:
    koivu, ada = thousands
    asked = {"direction": "in", "since": "2026-11-01", "until": "2026-11-19", "text": "tavallinen asia"}
    narrowed = [n for n in range(13, 12 + 19 * 24 + 1) if n % 3 == 2 and n % 2 == 0]
    assert len(narrowed) > 10 + 2 * communication.PAGE
    for address in (f"/register/customers/K{koivu.pk}/", f"/register/people/H{ada.pk}/"):
        page = as_owner.get(address, asked | {"kind": "letter"}).content.decode()
        calls = links(page)["Call"].removesuffix("#timeline")
        shown = numbers(page)
        assert shown == narrowed[:10]
        while older := links(page).get("Older entries"):
            page = as_owner.get(older, headers={"X-Fragment": "1"}).content.decode()
            shown += numbers(page)
        assert shown == narrowed
        assert numbers(as_owner.get(calls).content.decode())[:2] == [16, 22]


def numbers(page: str) -> list[int]:
    """The thousands' numbers that a page shows, in order."""
    return [int(n) for n in re.findall(r"Asia (\d+)\.<", page)]


def test_nothing_found_says_so_and_leads_to_everything(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        koivu = cast.company()
        cast.entry(customer=koivu, kind="note", subject="Muistio")
    for address in (f"/register/customers/K{koivu.pk}/", f"/register/customers/K{koivu.pk}/timeline/"):
        page = as_owner.get(address, {"text": "<olematon>", "with_files": "1"}).content.decode()
        assert "No entry matches." in page
        assert "Muistio" not in page
        assert 'value="&lt;olematon&gt;"' in page
        assert 'name="with_files" value="1" checked' in page
        assert '<details class="narrow" open>' in page
        whole = links(page)["Show the whole timeline"].partition("#")[0]
        shown = as_owner.get(whole).content.decode()
        assert "Muistio" in shown
        assert '<details class="narrow">' in shown


def test_what_cannot_be_read_narrows_nothing_and_is_said(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        koivu = cast.company()
        cast.entry(customer=koivu, subject="Muistio")
    for query, said in (
        ("since=31.2.2026", "From: Enter a valid date."),
        ("until=0026-01-01", "Until: Check the year."),
        ("text=" + "x" * 201, "Text:"),
        ("text=%00", "Text:"),
        ("direction=up", "Direction:"),
    ):
        page = as_owner.get(f"/register/customers/K{koivu.pk}/?{query}").content.decode()
        assert "Muistio" in page, query
        assert said in page, query
