"""What the billing person can never reach: the owner's pages, and the register's tables behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from customers import contacts
from customers.models import Customer, Interaction, Task
from register import access, inventory
from register.models import Registrar, SecurityEvent, User
from register.roles import Login
from tests import cast
from tests.billing import bills

SECRETS = {
    "note": "salainen-muistiinpano",
    "task": "salainen-tehtava",
    "email": "salainen@example.fi",
    "phone": "+358401112223",
    "assignment": "salainen-kuvaus",
    "person": "Salainensukunimi",
}
METHODS = ("get", "post", "head", "options", "put", "patch", "delete", "trace")
SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12}


@pytest.fixture
def customer(owner: User, registrar: Registrar) -> Customer:
    """A customer about whom the owner knows much that is not billing's."""
    customer = bills.company(owner)
    with access.acting("owner", user_id=owner.pk):
        person = cast.person("Sanna", SECRETS["person"], represents=customer, emails=[SECRETS["email"]])
        contacts.add_phone(whose=person, number=SECRETS["phone"], by=owner)
        Interaction.objects.create(customer=customer, at=timezone.now(), text=SECRETS["note"])
        Task.objects.create(customer=customer, title=SECRETS["task"])
    work = bills.released(owner, customer)
    with access.acting("owner", user_id=owner.pk):
        work.assignment.description = SECRETS["assignment"]
        work.assignment.save(update_fields=["description"])
    return customer


def owner_addresses() -> list[str]:
    """Every address under /register/, with made-up arguments, from the URL resolver itself."""
    found = [address for address in addresses(get_resolver().url_patterns) if address.startswith("register/")]
    return ["/" + address for address in dict.fromkeys(found)]


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, text)
        else:
            text = re.sub(r"<(?:(\w+):)?\w+>", lambda part: SAMPLES.get(part[1] or "str", "x"), text)
            text = re.sub(r"\(\?P<\w+>[^)]*\)", "x", text)
            yield re.sub(r"[\^$\\]|\(\?:.*?\)", "", text)


def test_every_page_of_the_owner_is_an_unknown_page_for_the_billing_person(
    as_biller: Client, customer: Customer
) -> None:
    pages = owner_addresses()
    assert len(pages) > 40
    assert any("vat-rates" in page for page in pages)
    unknown = as_biller.get("/register/there-is-no-such-page/")
    assert unknown.status_code == 404
    for page in pages:
        for method in METHODS:
            answer = getattr(as_biller, method)(page)
            assert answer.status_code in (404, 405), (method, page)
            if answer.status_code == 404 and method != "head":
                assert answer.content == unknown.content, (method, page)


def test_a_wrong_door_changes_nothing_and_is_an_event(
    as_biller: Client, owner: User, customer: Customer
) -> None:
    work = bills.released(owner, customer, title="Toinen")
    address = f"/register/billing/assignments/T{work.assignment_id}/withdraw/"
    assert as_biller.post(address).status_code == 404
    with access.acting("billing"):
        assert type(work).objects.waiting().count() == 2
    with access.acting("owner"):
        assert SecurityEvent.objects.filter(what=SecurityEvent.What.WRONG_DOOR).count() == 1


def test_no_billing_page_shows_what_is_not_billings(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    draft, issued = bills.draft(biller, customer), bills.issued(biller, customer)
    number = f"/billing/customers/K{customer.pk}/"
    pages = ["/billing/", "/billing/released/", "/billing/customers/", number, number + "details/"]
    pages += ["/billing/invoices/", f"/billing/invoices/D{draft.pk}/", f"/billing/invoices/D{issued.pk}/"]
    for secret in SECRETS.values():
        pages.append(f"/billing/customers/?q={secret}")
        pages.append(f"/billing/invoices/?q={secret}&notes__startswith=s&fields=notes,email&o=notes")
    for page in pages:
        shown = as_biller.get(page).content.decode().replace("/billing/customers/?q=", "")
        for name, secret in SECRETS.items():
            asked = page.partition("q=")[2].startswith(secret)
            assert asked or secret not in shown, (page, name)


def test_the_menu_of_the_billing_person_leads_to_billing_only(as_biller: Client, customer: Customer) -> None:
    page = as_biller.get("/billing/").content.decode()
    links = re.findall(r'(?:href|action)="(/[^"]*)"', page)
    assert "/billing/invoices/" in links
    wrong = [link for link in links if not link.startswith(("/billing/", "/static/", "/accounts/"))]
    assert wrong == []


def test_asking_for_more_answers_the_same_bytes(as_biller: Client, customer: Customer) -> None:
    plain = comparable(as_biller, "/billing/customers/")
    for more in ("notes__startswith=s", "o=notes", "sort=-email", "person__family_name=x", "fields=email"):
        assert comparable(as_biller, f"/billing/customers/?{more}") == plain, more


def comparable(client: Client, address: str) -> str:
    """The page without the token that is new in every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", client.get(address).content.decode())


def closed_to_billing() -> list[str]:
    """Tables of the register that the billing login may not read."""
    return [entry.table for entry in inventory.entries() if not entry.access.may(Login.BILLING, "read")]


def test_the_billing_login_reads_no_other_table_even_by_sql(customer: Customer) -> None:
    tables = closed_to_billing()
    for table in (
        "customers_person",
        "customers_interaction",
        "customers_assignment",
        "customers_assignmentline",
        "customers_emailaddress",
        "customers_phonenumber",
        "customers_postaladdress",
        "customers_task",
        "customers_relationship",
        "customers_searchdocument",
        "register_user",
        "register_auditentry",
    ):
        assert table in tables
    writable = [entry.table for entry in inventory.entries() if entry.access.may(Login.BILLING, "add")]
    for table in tables:
        statements = [f"SELECT * FROM {table} LIMIT 1"]
        # Where a login may add it sees the new row's key, and so how many there are.
        statements += [f"SELECT count(*) FROM {table}"] if table not in writable else []
        for statement in statements:
            with pytest.raises(ProgrammingError, match="permission denied"), access.acting("billing"):
                connections["billing"].cursor().execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT most_common_vals::text FROM pg_stats WHERE tablename = 'customers_person'",
        "SELECT histogram_bounds::text FROM pg_stats WHERE tablename = 'customers_interaction'",
    ],
)
def test_planner_statistics_tell_the_billing_login_nothing(customer: Customer, statement: str) -> None:
    with connections["migrate"].cursor() as cursor:
        cursor.execute("ANALYZE customers_person")
        cursor.execute("ANALYZE customers_interaction")
    with access.acting("billing"), connections["billing"].cursor() as cursor:
        cursor.execute(statement)
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customers_customer SET name = 'x'",
        "DELETE FROM customers_customer",
        "UPDATE customers_assignment SET status = 'invoiced'",
        "INSERT INTO billing_releasedassignment DEFAULT VALUES",
        "UPDATE billing_releasedassignment SET net = 0",
        "DELETE FROM billing_releasedassignment",
        "UPDATE billing_releasedline SET unit_price = 0",
        "INSERT INTO billing_vatrate DEFAULT VALUES",
        "UPDATE register_registrar SET iban = 'FI0000000000000000'",
    ],
)
def test_the_billing_login_writes_nothing_that_is_the_owners(customer: Customer, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), access.acting("billing"):
        connections["billing"].cursor().execute(statement)


def test_a_released_copy_stays_as_it_was_when_the_assignment_changes(owner: User, customer: Customer) -> None:
    with access.acting("owner", user_id=owner.pk):
        work = customer.released.get()
        for line in work.assignment.lines.all():
            line.description = SECRETS["assignment"]
            line.save(update_fields=["description"])
    with access.acting("billing"):
        lines = list(customer.released.get().lines.values_list("description", flat=True))
    assert lines == ["Suunnittelu", "Matkat"]
