"""Canaries: recognisable values planted in every personal field, and looked for everywhere afterwards.

`plant` makes, for every table of the inventory that leads to a person, a row about him with a canary in
every personal field. `in_database` looks through every text, JSON and binary column of every table as the
superuser, `in_files` through the register's files, `in_outbox` through the mail.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core import mail
from django.db import models
from psycopg import sql

from customers.models import Customer, Person
from register import access, inventory, subjects
from register.finnish import sort_key
from register.inventory import SELF, Entry
from tests import factories
from tests.cluster import admin_url

_counter = itertools.count(1)

ISSUED_ONLY = {
    "billing.Handover.package",
    "billing.Invoice.snapshot",
    "billing.InvoicePdf.content",
    "billing.ReminderPdf.content",
    "billing.Voiding.reason",
}
"""Fields that only issuing an invoice or making a reminder fills; tests/billing/test_kept_papers.py plants them."""
OF_COMPANIES_ONLY = {"billing.AgreedRate.agreement"}
"""Fields of rows that the database refuses for a private customer; tests/billing/test_interest.py plants them."""
OUT_OF_REACH = ISSUED_ONLY | OF_COMPANIES_ONLY
"""What is not planted about the private customer."""
WITH_THEIR_WHOLE = {"billing.Instalment"}
"""Tables whose rows come with another's (factories.PARTS)."""


@dataclass(frozen=True)
class Canary:
    """One planted value: the table's label, the field, the row, the value as text."""

    label: str
    field: str
    pk: Any
    value: str

    @property
    def name(self) -> str:
        return f"{self.label}.{self.field}"


@dataclass(frozen=True)
class Planted:
    """A person and his private customer, with canaries about him in every table."""

    person: Person
    customer: Customer
    canaries: tuple[Canary, ...]

    def guises(self) -> list[models.Model]:
        return [self.person, self.customer]


def plant(mark: str = "zqa") -> Planted:
    """Somebody about whom every table holds something, planted as the tables' owner whom no rights hinder."""
    with access.acting("migrate"):
        person = _subject(Person, mark)
        customer = _subject(Customer, mark, person=person)
        for entry in entries_about_people():
            if entry.label in WITH_THEIR_WHOLE:
                continue
            for path in entry.about:
                if entry.personal() and not _planted_fields(entry):
                    continue
                if path != SELF and not _is_reached(entry, path, person, customer):
                    _plant_row(entry.model, path, person, customer, mark)
        _write_files([person, customer])
    # What the rows say is read after the commit, at which triggers have written their copies.
    with access.acting("migrate"):
        return Planted(person, customer, tuple(_read_canaries([person, customer])))


def entries_about_people() -> list[Entry]:
    """The tables that lead to a person or customer, without those that only tie rows together."""
    about = [
        entry
        for entry in inventory.entries()
        if entry.path_to(Person) + entry.path_to(Customer) and not entry.model._meta.auto_created
    ]
    return sorted(about, key=lambda entry: (subjects.is_link_table(entry), entry.label))


def in_database(values: Iterable[str]) -> dict[str, list[str]]:
    """Where each value is found: value → "table.column", over every column that can hold text."""
    found: dict[str, list[str]] = {}
    database = os.environ["REGISTER_TEST_DATABASE"]
    with psycopg.connect(admin_url(database)) as connection:
        for table, column, binary in _columns(connection):
            expression = "encode({0}, 'escape')" if binary else "({0})::text"
            text = sql.SQL(expression).format(sql.Identifier(column))
            query = sql.SQL("SELECT {} FROM {} WHERE {} IS NOT NULL").format(
                text, sql.Identifier(table), sql.Identifier(column)
            )
            content = "\n".join(row[0].lower() for row in connection.execute(query).fetchall())
            for value in values:
                if value.lower() in content:
                    found.setdefault(value, []).append(f"{table}.{column}")
    return found


def in_files(values: Iterable[str]) -> dict[str, list[str]]:
    """Files whose name or content holds a value."""
    found: dict[str, list[str]] = {}
    for file in Path(settings.MEDIA_ROOT).rglob("*"):
        if file.is_file():
            content = (str(file) + file.read_bytes().decode("utf-8", "replace")).lower()
            for value in values:
                if value.lower() in content:
                    found.setdefault(value, []).append(str(file))
    return found


def in_outbox(values: Iterable[str]) -> list[str]:
    """Values that stand in a mail that was sent."""
    texts = [message.message().as_string() for message in getattr(mail, "outbox", [])]
    return [value for value in values if any(value.lower() in text.lower() for text in texts)]


def text_of(mark: str) -> factories.Text:
    """A maker of canaries that begin with a mark."""

    def text(field: models.Field) -> str:
        if not getattr(getattr(field, "declared", None), "kind", None):
            return factories.harmless(field)
        return f"{mark}{next(_counter):05d}"

    return text


def _subject(model: type[Any], mark: str, **given: Any) -> Any:
    row = factories.build(model, text_of(mark), **given)
    # The database and the forms keep the sort key next to the name: a canary of its own, folded.
    row.sort_key = sort_key(f"{mark}{next(_counter):05d}")
    row.save(update_fields=["sort_key"])
    return row


def _plant_row(
    model: type[models.Model], path: str, person: Person, customer: Customer, mark: str
) -> models.Model:
    """A row whose path leads to the person; its other required keys to subjects lead to him too."""
    head, _dots, rest = path.partition("__")
    field = model._meta.get_field(head)
    given = {
        f.name: {Person: person, Customer: customer}[f.related_model]
        for f in model._meta.local_fields
        if f.related_model in (Person, Customer) and not f.null
    }
    if rest:
        given[head] = _plant_row(field.related_model, rest, person, customer, mark)
        return factories.build(model, text_of(mark), **given)
    target = person if field.related_model is Person else customer
    if not field.many_to_many:
        return factories.build(model, text_of(mark), **given | {head: target})
    row = factories.build(model, text_of(mark), **given)
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    factories.build(field.remote_field.through, text_of(mark), **{own: row, other: target})
    return row


def _write_files(guises: Sequence[models.Model]) -> None:
    """A file for each row that owns one, with its first canary in it."""
    for entry in entries_about_people():
        stored = inventory.stored_file_of(entry.model)
        for row in subjects.rows(entry, guises) if stored else ():
            file = Path(settings.MEDIA_ROOT) / getattr(row, stored.path_field)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(str(getattr(row, next(iter(entry.personal())))), encoding="utf-8")


def _is_reached(entry: Entry, path: str, person: Person, customer: Customer) -> bool:
    target = person if inventory.target(entry.model, path) is Person else customer
    rows = entry.model._default_manager.filter(**{path: target.pk})
    return any(_is_full(entry, row) for row in rows)


def _is_full(entry: Entry, row: models.Model) -> bool:
    return all(getattr(row, entry.model._meta.get_field(name).attname) for name in _planted_fields(entry))


def _planted_fields(entry: Entry) -> list[str]:
    return [name for name in entry.personal() if f"{entry.label}.{name}" not in OUT_OF_REACH]


def _read_canaries(guises: Sequence[models.Model]) -> Iterator[Canary]:
    """What is really in the rows: triggers and saves may have made of it what they will."""
    for entry in entries_about_people():
        for row in subjects.rows(entry, guises):
            for name in _planted_fields(entry):
                yield Canary(entry.label, name, row.pk, _as_text(getattr(row, name)))


def _as_text(value: Any) -> str:
    """The canary within a value."""
    if isinstance(value, dict):
        return str(next(iter(value.values())))
    if isinstance(value, list):
        return str(value[0])
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode()
    return str(value)


def _columns(connection: psycopg.Connection[Any]) -> list[tuple[str, str, bool]]:
    """(table, column, whether binary) of every column that can hold text, in every table of the register."""
    return [
        (table, column, kind == "bytea")
        for table, column, kind in connection.execute(
            """
            SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
              FROM pg_class c
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE c.relkind IN ('r', 'p', 'm') AND c.relnamespace = 'public'::regnamespace
               AND format_type(a.atttypid, NULL) IN
                   ('text', 'character varying', 'character', 'jsonb', 'json', 'bytea', 'name', 'xml',
                    'text[]', 'character varying[]', 'tsvector', 'citext', 'inet')
             ORDER BY 1, 2
            """
        ).fetchall()
    ]
