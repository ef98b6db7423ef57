"""What every request of the staff asks the databases for: little, and nothing that is not needed."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql import base
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from customers.models import Customer, Person
from register import access, at_once
from register.models import AuditEntry, Registrar, User
from register.sessions import SessionStore
from tests import cast
from tests.conftest import signed_in

LOGINS = ("default", "owner", "audit")


def asked(client: Client, address: str) -> dict[str, int]:
    """How many queries each login was asked for a page, BEGIN, the signed actor and COMMIT among the owner's."""
    client.get(address)
    with ExitStack() as stack:
        counted = {login: stack.enter_context(CaptureQueriesContext(connections[login])) for login in LOGINS}
        assert client.get(address).status_code == 200
        return {login: len(queries) for login, queries in counted.items()}


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/register/customers/", {"default": 1, "owner": 8, "audit": 1}),
        ("/register/search/?q=esimerkki", {"default": 1, "owner": 5, "audit": 1}),
        ("/register/people/H{person}/", {"default": 1, "owner": 7, "audit": 1}),
    ],
)
def test_the_pages_that_are_open_all_day_ask_a_handful(
    as_owner: Client, owner: User, registrar: Registrar, page: str, most: dict[str, int]
) -> None:
    with access.acting("owner", user_id=owner.pk):
        company = cast.company("Esimerkki Oy")
        person = cast.person(represents=company, emails=["ada@esimerkki.example"], phones=["040 123 4567"])
        for _ in range(3):
            cast.entry(customer=company, people=[person])
    assert asked(as_owner, page.format(person=person.pk)) == most


def test_who_has_signed_in_comes_whole_with_his_session(owner: User) -> None:
    client = signed_in(owner)
    session = SessionStore(client.cookies["session"].value)
    session.load()
    user = session.take_user()
    assert user is not None
    assert user.get_deferred_fields() == set()
    stored = User.objects.get(pk=owner.pk)
    assert {f.attname: getattr(user, f.attname) for f in User._meta.concrete_fields} == {
        f.attname: getattr(stored, f.attname) for f in User._meta.concrete_fields
    }
    assert session.take_user() is None


def test_a_row_that_came_as_json_is_the_row_of_its_table(owner_acts: access.Acting) -> None:
    person = cast.person(given_name="Åke", family_name="Öst")
    [(row,)] = access.ask("SELECT to_json(h) FROM customers_person h WHERE id = %(pk)s", {"pk": person.pk})
    found, stored = at_once.one(Person, row), Person.objects.get(pk=person.pk)
    assert found.get_deferred_fields() == set()
    for field in Person._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(stored, field.attname), field.name


def test_a_recorded_read_is_one_statement_and_is_kept_when_the_page_fails(owner: User) -> None:
    from register import audit

    with pytest.raises(RuntimeError), access.acting("owner", user_id=owner.pk):
        customer = Customer.objects.get(pk=cast.company("Esimerkki Oy").pk)
        with CaptureQueriesContext(connections["audit"]) as queries:
            audit.record_reads([customer, customer], page="test")
        assert len(queries) == 1
        assert not connections["audit"].in_atomic_block
        raise RuntimeError
    with access.acting("owner", user_id=owner.pk):
        entry = AuditEntry.objects.get(action=AuditEntry.Action.ACCESS)
    assert (entry.actor_id, entry.numbers, entry.object_id) == (owner.pk, [str(customer)] * 2, None)


# --- connections -------------------------------------------------------------------------------------


def test_a_connection_that_the_server_ended_is_not_used_again(database: None) -> None:
    connection: Any = connections["owner"]
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    connection.close_if_unusable_or_obsolete()
    assert connection.is_usable()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    deadline = time.monotonic() + 5
    while connection.is_usable() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (pid,)


@pytest.mark.parametrize(("unused", "asks"), [(1, False), (120, True)])
def test_a_connection_is_asked_whether_it_lives_when_it_was_long_unused(
    database: None, monkeypatch: pytest.MonkeyPatch, unused: int, asks: bool
) -> None:
    connection: Any = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close_if_unusable_or_obsolete()
    connection.used_at -= unused
    asked_server = []
    monkeypatch.setattr(
        base.DatabaseWrapper, "is_usable", lambda wrapper: asked_server.append(wrapper.alias) or True
    )
    assert connection.is_usable()
    assert asked_server == (["owner"] if asks else [])


# --- words -------------------------------------------------------------------------------------------


def test_plain_words_are_said_in_the_language_of_each_page() -> None:
    template = engines["django"].from_string(
        '{% load i18n %}{% trans "Monday" %}|{% trans "Monday" as it %}{{ it }}'
    )
    said = {}
    for language in ("fi", "sv", "fi", "en"):
        with translation.override(language):
            first, second = template.render({}).split("|")
        assert first == second
        said[language] = first
    assert said == {"fi": "maanantai", "sv": "måndag", "en": "Monday"}
