"""Who was erased stays erased: nothing is added to him again, by pages, use cases, imports or SQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.test import Client
from django.utils import timezone

from billing import details, drafting, releasing
from customers import (
    assignments,
    attachments,
    communication,
    contacts,
    doubles,
    intake,
    representing,
    worklist,
)
from customers.importing import lookups
from customers.models import Assignment, Customer, EmailAddress, Person
from customers.provenance import TOLD
from privacy import links
from register import access, erasure
from register.models import Erasure, User
from register.subjects import Erased
from tests import cast
from tests.billing import bills

NOW = timezone.now()


@pytest.fixture
def as_owner(as_owner: Client) -> Client:
    as_owner.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return as_owner


def erased_private(owner: User) -> tuple[Customer, Person, Assignment]:
    """A private customer with work behind him, erased in both guises."""
    with access.acting("owner", user_id=owner.pk):
        customer = cast.private_customer("Aino", "Unohdettu", emails=["aino@unohdettu.fi"])
        work = cast.assignment(customer, status=Assignment.Status.DONE)
        assert customer.person is not None
        _erase(customer.person, owner)
    with access.acting("owner"):
        person = Person.objects.get(pk=customer.person_id)
        return Customer.objects.get(pk=customer.pk), person, Assignment.objects.get(pk=work.pk)


def erased_company(owner: User) -> Customer:
    with access.acting("owner", user_id=owner.pk):
        customer = cast.company("Unohdettu Oy", business_id="0112038-9", emails=["info@unohdettu.fi"])
        _erase(customer, owner)
    with access.acting("owner"):
        return Customer.objects.get(pk=customer.pk)


def _erase(subject: Person | Customer, owner: User) -> None:
    erasure.erase(subject, by=owner, at=NOW, reason=Erasure.Reason.ASKED)


def attempts(
    owner: User, customer: Customer, person: Person, work: Assignment
) -> dict[str, Callable[[], Any]]:
    """Every use case that would put something about him into the register again."""
    firm = cast.company("Toinen Oy")
    by, on = owner, cast.today()
    corrected = {"given_name": "Aino", "family_name": "Palannut", "language": "fi", "shown": None}
    rest = {"status": "active", "since": None, "ended_on": None, "tags": ()}
    return {
        "a name": lambda: intake.correct_person(person, **corrected, provenance=TOLD, by=by),
        "a customer's facts": lambda: intake.correct_customer(customer, language="sv", by=by),
        "a relationship": lambda: intake.correct_relationship(
            customer.relationship, **rest, provenance=TOLD, by=by
        ),
        "an address": lambda: contacts.add_email(whose=person, address="aino@palannut.fi", by=by),
        "a phone": lambda: contacts.add_phone(whose=customer, number="040 123 4567", by=by),
        "a street": lambda: contacts.add_postal(whose=person, street="Katu 1", by=by),
        "a company": lambda: representing.represent(person=person, customer=firm, by=by),
        "an entry": lambda: cast.entry(people=[person]),
        "work": lambda: assignments.offer(customer=customer, title="Uutta", by=by, on=on),
        "a work's title": lambda: assignments.correct(
            work, title="Uutta", description="", contact=None, kind="", due_on=None, by=by
        ),
        "a work's line": lambda: assignments.set_lines(work, cast.LINES, by=by),
        "a task": lambda: worklist.add(title="Soita", person=person, by=by),
        "a file": lambda: attachments.store([], of=work, by=by),
        "work to bill": lambda: releasing.release(assignment=work, by=by, at=NOW),
        "billing details": lambda: details.record(customer, **bills.DETAILS, by=by),
        "a draft": lambda: drafting.draft_by_hand(customer, by=by, on=on),
        "a link": lambda: links.make(person, by=by, at=NOW),
    }


def test_no_use_case_puts_anything_about_an_erased_person_into_the_register(owner: User) -> None:
    customer, person, work = erased_private(owner)
    allowed = []
    with access.acting("owner", user_id=owner.pk):
        for name, attempt in attempts(owner, customer, person, work).items():
            try:
                attempt()
            except Erased:
                continue
            allowed.append(name)
    assert allowed == []


def test_the_database_refuses_what_no_use_case_asks(owner: User) -> None:
    customer, person, _work = erased_private(owner)
    company = erased_company(owner)
    statements = [
        ("UPDATE customers_person SET given_name = 'Aino' WHERE id = %s", person.pk),
        ("UPDATE customers_person SET erased_on = NULL WHERE id = %s", person.pk),
        ("UPDATE customers_customer SET name = 'Unohdettu Oy' WHERE id = %s", company.pk),
        ("UPDATE customers_customer SET business_id = '0112038-9' WHERE id = %s", company.pk),
        (
            "INSERT INTO customers_representation (person_id, customer_id, title, billing_contact, "
            '"primary", source, source_detail, entered_at) '
            "SELECT id, (SELECT min(id) FROM customers_customer), '', false, false, 'told', '', now() "
            "FROM customers_person WHERE id = %s",
            person.pk,
        ),
        (
            "INSERT INTO customers_completion (person_id, field, source_detail, at, import_run_id) "
            "SELECT id, 'given', '', now(), 1 FROM customers_person WHERE id = %s",
            person.pk,
        ),
        (
            "INSERT INTO customers_task (title, text, customer_id, entered_by_id, created_at) "
            f"SELECT 'Soita', '', id, {owner.pk}, now() FROM customers_customer WHERE id = %s",
            customer.pk,
        ),
    ]
    for statement, pk in statements:
        with access.acting("migrate"), transaction.atomic(using="migrate"):
            with (
                pytest.raises(DatabaseError, match="was erased") as refused,
                connections["migrate"].cursor() as cursor,
            ):
                cursor.execute(statement, [pk])
            assert refused.value.__cause__.sqlstate == "RE001", statement  # type: ignore[union-attr]
            transaction.set_rollback(True, using="migrate")


def test_erasing_again_is_no_mistake(owner: User) -> None:
    _customer, person, _work = erased_private(owner)
    with access.acting("owner", user_id=owner.pk):
        _erase(person, owner)
    with access.acting("owner"):
        assert Person.objects.get(pk=person.pk).erased_on is not None


CONTROLS = (
    r'href="[^"]*(?:/edit/|/add/|/choose/|/details/|/release/)[^"]*"'
    r'|<form[^>]*action="[^"]*(?:tasks/add|step|files|link)/"'
)


def controls(client: Client, url: str) -> list[str]:
    answer = client.get(url)
    assert answer.status_code == 200
    return re.findall(CONTROLS, answer.content.decode().partition("<main")[2])


def test_the_pages_of_the_erased_offer_nothing_to_add_or_change(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        present = cast.private_customer("Elli", "Elossa", emails=["elli@elossa.fi"])
        work = cast.assignment(present, status=Assignment.Status.DONE)
    pages = (
        "/register/people/H{0.person_id}/",
        "/register/customers/K{0.pk}/",
        "/billing/customers/K{0.pk}/",
    )
    for page in pages:
        assert len(controls(as_owner, page.format(present))) > 0, page
    assert len(controls(as_owner, f"/register/assignments/T{work.pk}/")) > 3
    customer, _person, work = erased_private(owner)
    company = erased_company(owner)
    for page in pages:
        assert controls(as_owner, page.format(customer)) == [], page
    for page in pages[1:]:
        assert controls(as_owner, page.format(company)) == [], page
    assert controls(as_owner, f"/register/assignments/T{work.pk}/") == []
    shown = as_owner.get(pages[0].format(customer)).content.decode()
    assert "Somebody who comes back is entered anew" in shown
    assert 'data-load="#compose"' not in shown


def test_a_form_that_was_still_open_says_why_nothing_was_saved(as_owner: Client, owner: User) -> None:
    customer, person, work = erased_private(owner)
    forms = {
        f"/register/people/H{person.pk}/edit/": {"given_name": "Aino", "family_name": "Palannut"},
        f"/register/people/H{person.pk}/details/email/add/": {"address": "aino@palannut.fi", "kind": "work"},
        f"/register/people/H{person.pk}/customers/choose/": {"chosen": "1"},
        f"/register/people/H{person.pk}/timeline/add/": {"kind": "note", "text": "Soitti"},
        f"/register/customers/K{customer.pk}/edit/": {"language": "fi"},
        f"/register/customers/K{customer.pk}/assignments/add/": {"title": "Uutta"},
        f"/register/customers/K{customer.pk}/tasks/add/": {"title": "Soita"},
        f"/register/assignments/T{work.pk}/edit/": {"title": "Uutta"},
        f"/register/privacy/people/H{person.pk}/link/": {"address": "show"},
        f"/billing/customers/K{customer.pk}/details/": bills.DETAILS,
    }
    for url, sent in forms.items():
        answer = as_owner.post(url, sent)
        assert answer.status_code == 422, url
        assert "Somebody who comes back is entered anew." in answer.content.decode(), url
    with access.acting("owner"):
        assert EmailAddress.objects.count() == 0
        assert Person.objects.get(pk=person.pk).full_name == person.full_name


def test_who_comes_back_is_somebody_new_for_forms_and_imports(owner: User) -> None:
    customer, person, _work = erased_private(owner)
    company = erased_company(owner)
    names = [{"person": {"given": "—", "family": "—", "key": person.sort_key}}]
    firms = [{"company": {"name": "—", "key": company.sort_key, "business_id": "0112038-9"}}]
    with access.acting("owner", user_id=owner.pk):
        assert Person.objects.filter(
            sort_key=person.sort_key
        ).exists()  # a search by name alone would find him
        assert lookups.find(names).people == {}
        assert lookups.find(firms).companies == {}
        assert doubles.of_person(given_name="—", family_name="—") == []
        assert doubles.of_company(name="—") == []
        again = cast.private_customer("Aino", "Unohdettu", emails=["aino@unohdettu.fi"])
        assert again.pk != customer.pk
        assert again.person_id != person.pk
        assert communication.with_customer(again).entries == []
        assert cast.company("Unohdettu Oy", business_id="0112038-9").pk != company.pk
