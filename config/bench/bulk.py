"""Many rows at once: tables without their indexes, keys and triggers meanwhile, and INSERT … SELECT by model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.fields import NOT_PROVIDED
from psycopg import sql


@contextmanager
def unguarded(cursor: Any, tables: Sequence[str]) -> Iterator[None]:
    """Without triggers, indexes and keys but the primary ones; all are there again, and checked, afterwards."""
    cursor.execute(KEYS, [list(tables)])
    constraints = cursor.fetchall()
    cursor.execute(INDEXES, [list(tables)])
    indexes = cursor.fetchall()
    for table, name, _definition in constraints:
        cursor.execute(sql.SQL(f"ALTER TABLE {table} DROP CONSTRAINT {{}}").format(sql.Identifier(name)))
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in constraints:
        again = sql.SQL(f"ALTER TABLE {table} ADD CONSTRAINT {{}} {definition}")
        cursor.execute(again.format(sql.Identifier(name)))
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


# Names and definitions come quoted from the catalogue, unique keys before the foreign ones.
KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE contype IN ('f', 'u') AND conrelid = ANY (%s::regclass[]) ORDER BY contype DESC, conname
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
 WHERE i.indrelid = ANY (%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


def insert(
    cursor: Any, label: str, source: str | sql.Composable, given: Mapping[str, str | sql.Composable]
) -> None:
    """INSERT … SELECT; columns that are not named get their field's default."""
    model = apps.get_model(label)
    fields = model._meta.local_concrete_fields
    assert given.keys() <= {field.column for field in fields}, (
        f"{label} has other columns than {sorted(given)}"
    )
    names, expressions = [], []
    for field in fields:
        value = given.get(field.column) or _default(field)
        if value is not None:
            names.append(sql.Identifier(field.column))
            expressions.append(sql.SQL(value) if isinstance(value, str) else value)  # type: ignore[arg-type]
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {} ").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(names), sql.SQL(", ").join(expressions)
    )
    cursor.execute(statement + (sql.SQL(source) if isinstance(source, str) else source))  # type: ignore[arg-type]


def _default(field: models.Field) -> sql.Composable | None:
    """What a column holds that nothing was said about; None: the database's own."""
    if field.primary_key or field.null:
        return None
    if field.default is not NOT_PROVIDED and not callable(field.default):
        value = field.default
        return sql.Literal(value if isinstance(value, (bool, int, str)) else str(value))
    return sql.Literal("")
