"""The timeline: what is written, corrected and removed, and reading it page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from customers import communication
from customers.models import Customer, Interaction, InteractionPerson
from register import access, finnish
from register.models import AuditEntry
from register.oversight.reading import Search
from tests import cast

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_an_entry_stands_on_the_timelines_of_the_customer_and_of_those_who_took_part(
    owner_acts: access.Acting,
) -> None:
    koivu = cast.company()
    ada = cast.person(represents=koivu)
    entry = cast.entry(customer=koivu, people=[ada], kind="call", direction="in", at=NOON)
    assert communication.with_customer(koivu).entries == [entry]
    assert communication.with_person(ada).entries == [entry]
    assert InteractionPerson.objects.get().at == NOON


def test_an_entry_of_a_private_customer_is_one_of_his_person_and_the_other_way_round(
    owner_acts: access.Acting,
) -> None:
    aino = cast.private_customer()
    assert aino.person is not None
    first = cast.entry(customer=aino, at=NOON)
    second = cast.entry(people=[aino.person], at=NOON + timedelta(hours=1))
    assert communication.with_customer(aino).entries == [second, first]
    assert communication.with_person(aino.person).entries == [second, first]


def test_an_entry_says_something_and_is_with_somebody(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    with pytest.raises(communication.SaysNothing):
        cast.entry(customer=koivu, subject="  ", text="\n \n")
    with pytest.raises(communication.WithNobody):
        cast.entry()


def test_meetings_and_notes_have_no_direction(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    assert cast.entry(customer=koivu, kind="meeting", direction="in").direction == ""
    assert cast.entry(customer=koivu, kind="email", direction="in").direction == "in"


def test_correcting_an_entry_moves_it_on_every_timeline(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    ada, eino = cast.person("Ada", represents=koivu), cast.person("Eino", represents=koivu)
    entry = cast.entry(customer=koivu, people=[ada], at=NOON)
    later = NOON + timedelta(days=1)
    communication.correct(
        entry,
        kind="call",
        direction="out",
        at=later,
        subject="",
        text="Soitettiin",
        people=[eino],
        by=cast.actor(),
    )
    assert communication.with_person(ada).entries == []
    assert [one.text for one in communication.with_person(eino).entries] == ["Soitettiin"]
    assert InteractionPerson.objects.get().at == later


def test_who_comes_to_an_entry_and_who_leaves_it_is_audited_by_number(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    ada, eino, liisa = (cast.person(name, represents=koivu) for name in ("Ada", "Eino", "Liisa"))
    entry = cast.entry(customer=koivu, people=[ada, eino], at=NOON)
    number = str(entry)
    changed = {"kind": "call", "direction": "out", "subject": "", "text": "Soitettiin", "by": cast.actor()}
    communication.correct(entry, at=NOON, people=[eino, liisa], **changed)
    communication.correct(entry, at=NOON, people=[liisa, eino], **changed)
    communication.remove(entry, by=cast.actor())
    recorded = AuditEntry.objects.filter(object_repr=number, changes__has_key="people").order_by("pk")
    assert [
        (row.action, row.changes["people"]["operation"], sorted(row.changes["people"]["objects"]))
        for row in recorded
    ] == [
        (AuditEntry.Action.UPDATE, "add", sorted(map(str, (ada, eino)))),
        (AuditEntry.Action.UPDATE, "delete", [str(ada)]),
        (AuditEntry.Action.UPDATE, "add", [str(liisa)]),
        (AuditEntry.Action.UPDATE, "delete", sorted(map(str, (eino, liisa)))),
    ]
    found = Search(number=str(liisa)).entries().filter(object_repr=number)
    assert [row.pk for row in found] == [recorded[3].pk, recorded[2].pk]
    assert all(str(koivu) in row.numbers for row in recorded)


def test_a_removed_entry_is_gone_from_all_timelines(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    ada = cast.person(represents=koivu)
    entry = cast.entry(customer=koivu, people=[ada])
    assert communication.with_person(ada).entries == [entry]
    communication.remove(entry, by=cast.actor())
    assert communication.with_person(ada).entries == []
    assert not Interaction.objects.exists()


def test_the_timeline_is_filtered_by_kind(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    ada = cast.person(represents=koivu)
    call = cast.entry(customer=koivu, people=[ada], kind="call")
    cast.entry(customer=koivu, people=[ada], kind="note")
    assert communication.with_customer(koivu, only=communication.Narrowed(kind="call")).entries == [call]
    assert communication.with_person(ada, only=communication.Narrowed(kind="call")).entries == [call]


def _thousands(koivu: Customer, count: int) -> None:
    """Entries, several in the same moment, so that the order by number decides too."""
    Interaction.objects.bulk_create(
        Interaction(customer=koivu, at=NOON - timedelta(minutes=number // 3), subject=f"{number}")
        for number in range(count)
    )


def test_every_entry_comes_exactly_once_page_by_page_newest_first(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    ada = cast.person(represents=koivu)
    _thousands(koivu, 100)
    InteractionPerson.objects.bulk_create(
        InteractionPerson(interaction=one, person=ada, at=one.at)
        for one in Interaction.objects.order_by("pk")
    )
    for read in (communication.with_customer, communication.with_person):
        seen, place = [], None
        while True:
            page = read(ada if read is communication.with_person else koivu, before=place, most=7)
            seen += page.entries
            if page.next is None:
                break
            place = communication.Place.read(str(page.next))
            assert place == page.next
        assert len(seen) == 100
        assert seen == sorted(seen, key=lambda one: (one.at, one.pk), reverse=True)


@pytest.mark.parametrize("deep", [False, True])
def test_a_page_of_a_long_timeline_is_one_query_on_an_index(owner_acts: access.Acting, deep: bool) -> None:
    koivu = cast.company()
    _thousands(koivu, 5000)
    place = communication.Place(NOON - timedelta(minutes=1500), 0) if deep else None
    with CaptureQueriesContext(connections["owner"]) as queries:
        page = communication.with_customer(koivu, before=place)
    assert len(page.entries) == communication.PAGE
    assert len(queries) == 1
    with connections["owner"].cursor() as cursor:
        # The rows are not committed, so no ANALYZE can count them: a sort is made dear, not guessed to be.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "interaction_of_customer" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("text", ["", "x", "20261122T120000.000000-", "1-2-3", "\0-1", "9" * 400])
def test_a_place_that_is_none_is_ignored(text: str) -> None:
    assert communication.Place.read(text) is None


@pytest.mark.parametrize(
    "text", ["🏗️👨‍👩‍👧 emoji", "שלום עולם مرحبا", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L", "ﬁ ½ №", "<script>alert(1)</script>"]
)
def test_strange_text_is_kept(owner_acts: access.Acting, text: str) -> None:
    entry = cast.entry(customer=cast.company(), text=text, subject="")
    entry.refresh_from_db()
    assert entry.text == finnish.clean_text(text)
    assert len(entry.text) > 0


def test_a_text_too_long_is_refused_whole(owner_acts: access.Acting) -> None:
    koivu = cast.company()
    kept = cast.entry(customer=koivu, text="a" * communication.TEXT_LIMIT)
    assert len(kept.text) == communication.TEXT_LIMIT
    with pytest.raises(finnish.TextTooLong):
        cast.entry(customer=koivu, text="a" * (communication.TEXT_LIMIT + 1))
