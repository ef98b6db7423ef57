"""Fills the bench database: facts by COPY into a staging table, everything else by SQL from there.

Indexes and foreign keys of the filled tables are taken away while rows go in and made again afterwards, which is
several times faster and checks the same. Search documents come from the search's own bulk function.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections, models
from psycopg import sql

from config.bench import controls, owing
from config.bench.bulk import insert, unguarded
from config.bench.names import Party, parties
from register import access, keys, launch, safety
from register.models import Registrar, User
from register.provision import secure_test_database
from register.roles import Role

EMAIL = "owner@bench.example"
PASSWORD = "bench marks are made of patience"  # noqa: S105 - of a throw-away database
MESSAGES = 3
"""Timeline entries, and invoices, of each customer."""

FIRST = 1001
"""The register's own first number of customers and people."""

MARK = "made up by manage.py bench"
"""Said of the customers' table: a database without it is never emptied."""

STAGING = """
CREATE UNLOGGED TABLE bench_customer (id bigint, company boolean, name text, sort_key text, business_id text,
    street text, postal_code text, city text, person bigint);
CREATE UNLOGGED TABLE bench_person (id bigint, customer bigint, company boolean, first boolean, given text,
    family text, sort_key text, email text, phone text, e164 text);
"""

PAPER = {
    "seller": {
        "name": "Mittaus Oy",
        "address": ["Mittarikatu 1", "40100 Jyväskylä"],
        "business_id": "2345678-0",
    },
    "buyer": {"name": "Ostaja", "address": ["Kauppakatu 1", "90100 Oulu"], "customer_number": "K1"},
    "note": "Kiitos tilauksesta. Huomautusaika kahdeksan päivää; viivästyskorko korkolain mukaan. " * 4,
    "lines": [
        {"description": "Asennustyö", "quantity": "1", "unit": "h", "vat_category": "S", "vat_rate": "25.5"}
    ],
}
"""What stands on a seeded invoice besides its figures: about as long as a real one."""

SNAPSHOT = """
({paper}::jsonb || jsonb_build_object('vat_lines', jsonb_build_array(jsonb_build_object(
    'vat_category', 'S', 'vat_rate', '25.5', 'net', {price}::text, 'vat', round({price} * 0.255, 2)::text,
    'reason', ''))))
"""


class NotOurs(Exception):
    """The database holds customers that the bench did not make."""


def seed(customers: int, *, on: date, progress: Callable[[str], None]) -> None:
    """Bring the schema up to date and fill it; a bench database that is filled already is made anew."""
    with connections["migrate"].cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass('customers_customer')) = %s", [MARK])
        made_here = (cursor.fetchone() or (None,))[0]
    if made_here:
        progress("Making the database anew")
        with connections["migrate"].cursor() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS stock CASCADE")
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        connections.close_all()
        secure_test_database(str(keys.read("database_migrate")), settings.REGISTER_ROLE_PREFIX)
    progress("Migrations")
    call_command("migrate", interactive=False, verbosity=0)
    fill(customers, on=on, progress=progress)
    progress("The controls")
    controls.make(progress=progress)


def ready(count: Callable[[], int]) -> int:
    """Bring the schema up to date; how many there are of what will be measured. Raises LaunchError if nothing is."""
    with connections["migrate"].cursor() as cursor:
        outdated = list(safety.schema_problems(cursor))
    if outdated:
        launch.say("Migrations")
        call_command("migrate", interactive=False, verbosity=0)
    if not (found := count()):
        raise launch.LaunchError("The bench database is empty: manage.py bench seed --customers 100000")
    return found


def fill(customers: int, *, on: date, progress: Callable[[str], None]) -> None:
    """Make `customers` customers with all that belongs to them, through the migrator's login."""
    filled = _models()
    with access.acting("migrate"), connections["migrate"].cursor() as cursor:
        if _count(cursor, "customers_customer"):
            raise NotOurs("There are customers in this database already: it is not the bench's.")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(sql.SQL("COMMENT ON TABLE customers_customer IS {}").format(sql.Literal(MARK)))
        progress("Thinking up people and companies")
        cursor.execute(STAGING)
        stage(cursor, customers)
        cursor.execute("ANALYZE bench_customer, bench_person")
        with unguarded(cursor, [model._meta.db_table for model in filled]):
            progress("Customers, people, contact details")
            _fill_parties(cursor, on)
            progress("Timelines")
            _fill_timelines(cursor, on)
            progress("Invoices")
            _fill_invoices(cursor, on)
            progress("The ledger")
            owing.fill(cursor, on)
            progress("Indexes and keys")
        for model in filled:
            _continue_numbers(cursor, model)
        cursor.execute("DROP TABLE bench_customer, bench_person, bench_debt")
    progress("Search documents")
    write_search()
    progress("Statistics")
    with connections["migrate"].cursor() as cursor:
        cursor.execute(
            "VACUUM (ANALYZE)"
        )  # as autovacuum does to a register some minutes after such a change


def make_company() -> User:
    """The registrar, and the owner who signs in."""
    Registrar.objects.using("migrate").get_or_create(
        only=True,
        defaults={
            "name": "Mittaus Oy", "business_id": "2345678-0", "street": "Mittarikatu 1", "postal_code": "40100",
            "city": "Jyväskylä", "contact_person": "Olga Omistaja", "contact_email": EMAIL,
            "register_name_fi": "Asiakasrekisteri", "register_name_sv": "Kundregister",
            "register_name_en": "Customer register", "iban": owing.ACCOUNT, "bic": "NDEAFIHH",
        },
    )  # fmt: skip
    user = User.objects.using("migrate").filter(email=EMAIL).first()
    if user is None:
        user = User(email=EMAIL, name="Olga Omistaja", role=Role.OWNER)
        user.set_password(PASSWORD)
        user.save(using="migrate")
    return user


def _models() -> list[type[models.Model]]:
    names = (
        "Customer", "Person", "Relationship", "Representation", "EmailAddress", "PhoneNumber", "PostalAddress",
        "Interaction", "InteractionPerson", "SearchDocument",
    )  # fmt: skip
    found = [apps.get_model("customers", name) for name in names]
    billing = ("Series", "Invoice", "InvoiceLine", *owing.MODELS)
    return found + [apps.get_model("billing", name) for name in billing]


# --- staging -------------------------------------------------------------------------------------


def stage(cursor: Any, customers: int) -> None:
    """COPY what only Python can make up."""
    raw = cursor.connection.cursor() if hasattr(cursor.connection, "cursor") else cursor
    people: list[str] = []
    with raw.copy("COPY bench_customer FROM STDIN") as copy:
        lines: list[str] = []
        for number, party in enumerate(parties(customers), start=FIRST):
            lines.append(_customer_line(number, party, FIRST + len(people)))
            people += _person_lines(number, party, FIRST + len(people))
            if len(lines) == 5000:
                copy.write("".join(lines))
                lines.clear()
        copy.write("".join(lines))
    with raw.copy("COPY bench_person FROM STDIN") as copy:
        for start in range(0, len(people), 5000):
            copy.write("".join(people[start : start + 5000]))


def _customer_line(number: int, party: Party, person: int) -> str:
    who = r"\N" if party.company else str(person)
    company = "t" if party.company else "f"
    return (
        f"{number}\t{company}\t{party.name}\t{party.key}\t{party.business_id}\t{party.street}\t"
        f"{party.postal_code}\t{party.city}\t{who}\n"
    )


def _person_lines(number: int, party: Party, first: int) -> Iterator[str]:
    company = "t" if party.company else "f"
    for place, one in enumerate(party.people):
        leads = "f" if place else "t"
        yield (
            f"{first + place}\t{number}\t{company}\t{leads}\t{one.given}\t{one.family}\t{one.key}\t{one.email}\t"
            f"{one.phone}\t{one.e164}\n"
        )


# --- from staging to the tables ------------------------------------------------------------------


def _fill_parties(cursor: Any, on: date) -> None:
    day = sql.Literal(on)
    insert(cursor, "customers.Person", "FROM bench_person s", {
        "id": "s.id", "public_id": "gen_random_uuid()", "given_name": "s.given", "family_name": "s.family",
        "sort_key": "s.sort_key", "entered_at": "now()", "source_on": _ago(day, "s.id % 2000"),
    })  # fmt: skip
    insert(cursor, "customers.Customer", "FROM bench_customer s", {
        "id": "s.id", "public_id": "gen_random_uuid()", "name": "s.name", "sort_key": "s.sort_key",
        "kind": "CASE WHEN s.company THEN 'company' ELSE 'private' END", "business_id": "s.business_id",
        "person_id": "s.person", "created_at": "now()",
    })  # fmt: skip
    insert(cursor, "customers.Relationship", "FROM bench_customer s", {
        "customer_id": "s.id", "since": _ago(day, "s.id % 3000"),
        "status": "CASE s.id % 10 WHEN 0 THEN 'prospect' WHEN 1 THEN 'former' ELSE 'active' END",
        "ended_on": sql.SQL("CASE WHEN s.id % 10 = 1 THEN {}::date END").format(day),
    })  # fmt: skip
    insert(cursor, "customers.Representation", "FROM bench_person s WHERE s.company", {
        "person_id": "s.id", "customer_id": "s.customer", "primary": "s.first", "billing_contact": "NOT s.first",
        "title": "CASE WHEN s.first THEN 'toimitusjohtaja' ELSE 'talouspäällikkö' END",
        "since": _ago(day, "s.id % 1500"), "entered_at": "now()",
    })  # fmt: skip
    mine = {"person_id": "s.id", "primary": "true", "entered_at": "now()"}
    insert(cursor, "customers.EmailAddress", "FROM bench_person s", mine | {
        "address": "s.email", "canonical": "s.email", "kind": "CASE WHEN s.company THEN 'work' ELSE 'home' END",
    })  # fmt: skip
    insert(
        cursor, "customers.PhoneNumber", "FROM bench_person s", mine | {"number": "s.phone", "e164": "s.e164"}
    )
    insert(cursor, "customers.PostalAddress", "FROM bench_customer s", {
        "customer_id": "CASE WHEN s.company THEN s.id END", "person_id": "s.person", "primary": "true",
        "entered_at": "now()", "street": "s.street", "postal_code": "s.postal_code", "city": "s.city",
    })  # fmt: skip


def _fill_timelines(cursor: Any, on: date) -> None:
    at = sql.SQL("{}::date - interval '1 hour' * ((s.id * 7 + n * 311) % 17000)").format(sql.Literal(on))
    source = f"FROM bench_customer s, generate_series(0, {MESSAGES - 1}) n"
    entry = sql.SQL("(s.id - 1) * {} + n + 1").format(MESSAGES)
    insert(cursor, "customers.Interaction", source, {
        "id": entry, "customer_id": "s.id", "at": at, "entered_at": "now()",
        "kind": "(ARRAY['email', 'call', 'meeting'])[(s.id + n) % 3 + 1]",
        "direction": "CASE WHEN n % 2 = 0 THEN 'in' ELSE 'out' END",
        "subject": "(ARRAY['Tarjouspyyntö', 'Puhelu toimituksesta', 'Laskun maksupäivä', 'Vuosipalaveri', "
                   "'Kiitos viestistä'])[(s.id + n * 2) % 5 + 1]",
        "text": "'Sovittiin, että palataan asiaan viikolla ' || (s.id + n) % 52 + 1 || '. Toimitus ' || s.id || '.'",
    })  # fmt: skip
    insert(cursor, "customers.InteractionPerson", f"{source} WHERE s.person IS NOT NULL", {
        "interaction_id": entry, "person_id": "s.person", "at": at,
    })  # fmt: skip


def _fill_invoices(cursor: Any, on: date) -> None:
    """Issued invoices as far as lists and pages read them; their papers are not made."""
    user = make_company().pk
    count = sql.SQL("(SELECT max(id) * {} FROM bench_customer)").format(MESSAGES)
    years = sql.SQL("FROM generate_series({}, {}) y").format(on.year - 3, on.year)
    insert(cursor, "billing.Series", years, {"kind": "'invoice'", "year": "y", "last": count})
    number = sql.SQL("((s.id - 1) * {} + n + 1)").format(MESSAGES)
    issued = sql.SQL("({}::date - ((s.id * 13 + n * 401) % 1000)::int)").format(sql.Literal(on))
    text = sql.SQL("(to_char({}, 'YYYY') || '-' || {})").format(issued, number)
    price = sql.SQL("(50 + (s.id * 17 + n * 29) % 2500)")
    snapshot = sql.SQL(SNAPSHOT).format(price=price, paper=sql.Literal(json.dumps(PAPER)))
    source = f"FROM bench_customer s, generate_series(0, {MESSAGES - 1}) n"
    series = sql.SQL("(SELECT b.id FROM billing_series b WHERE b.year = extract(year FROM {})::int)").format(
        issued
    )
    insert(cursor, "billing.Invoice", source, {
        "id": number, "customer_id": "s.id", "kind": "'invoice'", "subject": "'Työt ja tarvikkeet'",
        "net": price, "vat": sql.SQL("round({} * 0.255, 2)").format(price),
        "total": sql.SQL("round({} * 1.255, 2)").format(price), "draft_key": "gen_random_uuid()",
        "drafted_by_id": str(user), "drafted_at": "now()", "number": text, "series_id": series, "sequence": number,
        "reference": owing.reference(number), "issued_on": issued,
        "due_on": sql.SQL("{} + 14").format(issued), "issued_at": sql.SQL("{}::timestamptz").format(issued),
        "issued_by_id": str(user), "client_key": "gen_random_uuid()",
        "snapshot": snapshot,
        "sha256": "repeat('0', 64)",
        "kept_until": sql.SQL("make_date(extract(year FROM {})::int + 6, 12, 31)").format(issued),
    })  # fmt: skip
    insert(cursor, "billing.InvoiceLine", source, {
        "invoice_id": number, "position": "1", "description": "'Asennustyö'", "quantity": "1", "unit": "'h'",
        "unit_price": price, "vat_code": "'standard'", "vat_rate": "25.5", "vat_category": "'S'", "net": price,
        "vat": sql.SQL("round({} * 0.255, 2)").format(price),
    })  # fmt: skip
    cursor.execute(LAST_NUMBERS)


LAST_NUMBERS = """
UPDATE billing_series s SET last = coalesce(
    (SELECT max(i.sequence) FROM billing_invoice i WHERE i.series_id = s.id), 0)
"""
"""New invoices follow the last of their year, as the database wants it."""


def _ago(day: sql.Composable, days: str) -> sql.Composable:
    return sql.SQL("({}::date - ({})::int)").format(day, sql.SQL(days))  # type: ignore[arg-type]


# --- around the filling --------------------------------------------------------------------------


SEARCH = (
    "SELECT customers_refresh_search(ARRAY(SELECT id FROM customers_customer), NULL)",
    "SELECT customers_refresh_search(NULL, ARRAY(SELECT id FROM customers_person))",
)


def write_search() -> None:
    """All documents by the search's own function, customers and people side by side; then their index."""
    address = str(keys.read("database_migrate"))
    with psycopg.connect(address, dbname=str(connections["migrate"].settings_dict["NAME"])) as connection:
        row = connection.execute("SELECT pg_get_indexdef('search_trigrams'::regclass)").fetchone()
        assert row is not None
        connection.execute("ANALYZE")
        connection.execute("DROP INDEX search_trigrams")
        connection.commit()
        with ThreadPoolExecutor(len(SEARCH)) as pool:
            list(pool.map(_alone, SEARCH))
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute(row[0])


def _alone(statement: str) -> None:
    """A statement on a connection of its own."""
    address = str(keys.read("database_migrate"))
    with psycopg.connect(address, dbname=str(connections["migrate"].settings_dict["NAME"])) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _continue_numbers(cursor: Any, model: type[models.Model]) -> None:
    """New rows get numbers after those that were given."""
    table, key = model._meta.db_table, str(model._meta.pk.column)
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key])
    if (found := cursor.fetchone()) and found[0]:
        highest = sql.SQL("SELECT setval({}::regclass, greatest(max({}), 1)) FROM {}")
        cursor.execute(highest.format(sql.Literal(found[0]), sql.Identifier(key), sql.Identifier(table)))


def _count(cursor: Any, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    return int(cursor.fetchone()[0])
