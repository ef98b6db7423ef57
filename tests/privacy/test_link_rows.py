"""What a person's own link opens in the database, by row-level security, and what nobody gets through it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.db.utils import DatabaseError, ProgrammingError
from django.utils import timezone

from customers.models import Customer, EmailAddress, Person, PhoneNumber, PostalAddress
from privacy import codes, links, requests
from privacy.models import Case, MyDataLink, OutlineLine
from register import access
from register.models import User
from tests import cast
from tests.privacy import people


@pytest.fixture
def eino(owner: User) -> Person:
    """Somebody else in the register."""
    with access.acting("owner", user_id=owner.pk):
        other = cast.company("Toisen Yritys Oy", emails=("toimisto@toinen.fi",))
        return cast.person(
            "Eino", "Toinen", emails=("eino@toinen.fi",), phones=("050 765 4321",), represents=other
        )


def set_link(sha256: str) -> None:
    connections["link"].cursor().execute("SELECT set_config('register.link', %s, true)", [sha256])


def through_link(token: str, act: Callable[[], Any]) -> None:
    """Do something as the public pages do it behind a link."""
    with access.acting("link"):
        links.enter(token)
        act()


def run(*statements: str) -> None:
    with connections["link"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def receive(person: Person, code_id: int | None = None) -> Case:
    return requests.receive(
        kind="erasure", how="link", language="fi", at=timezone.now(), person=person, code_id=code_id
    )


def seen_through_link() -> dict[str, int]:
    tables = (Person, Customer, EmailAddress, PhoneNumber, PostalAddress, OutlineLine)
    return {model.__name__: model.objects.count() for model in tables}


NOTHING = dict.fromkeys(
    ["Person", "Customer", "EmailAddress", "PhoneNumber", "PostalAddress", "OutlineLine"], 0
)


def test_a_link_opens_the_rows_of_its_person_and_no_others(ada: Person, eino: Person) -> None:
    token = people.link_of(ada)
    with access.acting("link"):
        assert links.enter(token) == ada
        assert [customer.name for customer in Customer.objects.all()] == ["Koivukylän Kone Oy"]
        assert [email.address for email in EmailAddress.objects.all()] == ["ada@example.fi"]
        assert PhoneNumber.objects.count() == 1
        assert OutlineLine.objects.filter(table="customers.Interaction").get().count == 1


def test_a_private_customer_sees_what_is_held_under_his_customership(owner: User) -> None:
    from customers import contacts

    with access.acting("owner", user_id=owner.pk):
        private = cast.private_customer("Aino", "Yksityinen", emails=("aino@example.fi",))
        contacts.add_email(whose=private, address="laskut@example.fi", by=owner)
    token = people.link_of(private.person)
    with access.acting("link"):
        links.enter(token)
        assert {email.address for email in EmailAddress.objects.all()} == {
            "aino@example.fi",
            "laskut@example.fi",
        }
        assert Customer.objects.get() == private


def test_without_a_link_the_public_login_sees_nobody(ada: Person) -> None:
    people.link_of(ada)
    with access.acting("link"):
        assert seen_through_link() == NOTHING


@pytest.mark.parametrize("forged", ["", "1", "0" * 64, "' OR true --", "null", "5eed" * 16, "ä" * 64])
def test_a_forged_setting_opens_nothing(ada: Person, forged: str) -> None:
    people.link_of(ada)
    with access.acting("link"):
        set_link(forged)
        assert seen_through_link() == NOTHING


def test_the_persons_id_or_the_raw_token_as_setting_opens_nothing(ada: Person) -> None:
    token = people.link_of(ada)
    for forged in (str(ada.pk), ada.number, token, str(ada.public_id)):
        with access.acting("link"):
            set_link(forged)
            assert seen_through_link() == NOTHING


def test_an_expired_and_a_revoked_link_open_nothing(ada: Person, owner: User) -> None:
    expired = people.link_of(ada, at=timezone.now() - links.LIFETIME - people.minutes(1))
    revoked = people.link_of(ada)
    with access.acting("link"):
        assert links.enter(revoked) == ada
    with access.acting("owner", user_id=owner.pk):
        assert links.revoke_all(ada, at=timezone.now()) == 1
    for token in (expired, revoked):
        with access.acting("link"):
            assert links.enter(token) is None
            assert seen_through_link() == NOTHING


def test_a_link_works_until_the_last_minute_of_its_seventh_day(ada: Person) -> None:
    token = people.link_of(ada, at=timezone.now() - links.LIFETIME + people.minutes(1))
    with access.acting("link"):
        assert links.enter(token) == ada


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customers_person SET given_name = 'x'",
        "DELETE FROM customers_person",
        "INSERT INTO customers_emailaddress (address) VALUES ('x')",
        "DELETE FROM customers_emailaddress",
        "DELETE FROM privacy_outlineline",
        "SELECT * FROM customers_representation",
        "SELECT * FROM customers_interaction",
        "SELECT * FROM mailing_suppression",
        "ALTER TABLE customers_person DISABLE ROW LEVEL SECURITY",
        "DROP POLICY by_link ON customers_person",
        "SET row_security = off",
    ],
)
def test_a_link_holder_changes_nothing_and_reads_no_further(ada: Person, statement: str) -> None:
    token = people.link_of(ada)
    refused = "permission denied|must be owner|would be affected by row-level security"
    with pytest.raises(DatabaseError, match=refused):
        through_link(token, lambda: run(statement, "SELECT * FROM customers_person"))


@pytest.mark.parametrize("login", ["owner", "worker"])
def test_the_other_logins_see_everybody_at_no_cost(ada: Person, eino: Person, login: str) -> None:
    with access.acting(login):
        assert Person.objects.count() == 2
        with connections[login].cursor() as cursor:
            cursor.execute("EXPLAIN SELECT * FROM customers_person")
            plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Filter" not in plan
    assert "privacy_link" not in plan


def test_the_billing_login_still_sees_customers(ada: Person) -> None:
    with access.acting("billing"):
        assert Customer.objects.count() == 1


def test_a_links_token_is_kept_nowhere(ada: Person) -> None:
    token = people.link_of(ada)
    assert len(token) == 43
    with access.acting("worker"):
        assert MyDataLink.objects.get().token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    with connections["migrate"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM privacy_mydatalink l WHERE l::text LIKE %s", [f"%{token}%"])
        assert cursor.fetchone() == (0,)


def test_a_case_for_somebody_else_is_refused_by_the_database(ada: Person, eino: Person) -> None:
    token = people.link_of(ada)
    with pytest.raises(ProgrammingError, match="not that person"):
        through_link(token, lambda: receive(eino))


def test_a_case_with_a_code_that_was_not_given_is_refused_by_the_database(ada: Person) -> None:
    token = people.link_of(ada)
    with pytest.raises(ProgrammingError, match="this code was not given"):
        through_link(token, lambda: receive(ada, code_id=codes.ask(kind="erasure")))
