"""Each login reads what the inventory says and nothing else; each role's login sees its own kinds alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.db.utils import ProgrammingError

from register import access, grants, inventory
from register.models import User
from register.roles import Login, Role
from tests import canary


def tables() -> dict[str, set[Login]]:
    """Every table of the inventory with the logins that may read it."""
    found = {entry.table: entry.access.readers() for entry in inventory.entries()}
    return found | {
        table.name: {login for login in Login if table.access.may(login, "read")}
        for table in inventory.tables()
    }


def reads(login: str, table: str) -> bool:
    """Whether a login may read whole rows of a table."""
    try:
        with access.acting(login), connections[login].cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 1')
    except ProgrammingError as error:
        if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise
        return False
    return True


def test_every_table_of_the_database_is_in_the_inventory(database: None) -> None:
    with connections["migrate"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') "
            "AND relnamespace = 'public'::regnamespace"
        )
        there = {row[0] for row in cursor.fetchall()}
    assert len(there) > 30
    assert there - tables().keys() == set()


@pytest.mark.parametrize("login", [login.value for login in Login])
def test_a_login_reads_the_tables_that_the_inventory_gives_it_and_no_other(
    database: None, login: str
) -> None:
    expected = {table for table, readers in tables().items() if login in readers}
    assert {table for table in tables() if reads(login, table)} == expected


@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_the_canaries_of_its_own_kinds_and_no_other(owner: User, role: Role) -> None:
    who = canary.plant()
    seen = "\n".join(texts_seen_by(role.value))
    found = {one.name for one in who.canaries if one.value in seen}
    allowed = {
        f"{entry.label}.{name}"
        for entry in canary.entries_about_people()
        for name, kind in entry.personal().items()
        if role in kind.seen_by
    } - canary.OUT_OF_REACH
    assert len(found) > 3
    assert found == allowed


def texts_seen_by(login: str) -> Iterator[str]:
    for table in tables():
        if reads(login, table):
            with access.acting(login), connections[login].cursor() as cursor:
                cursor.execute(f'SELECT "{table}"::text FROM "{table}"')
                yield from (row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("role", list(Role))
def test_the_derived_fieldset_of_a_role_holds_no_field_of_another(role: Role) -> None:
    for entry in inventory.entries():
        shown = inventory.fields_for(entry.model, role)
        assert bool(shown) == (entry.access.may(role.value, "read") and bool(entry.fields))
        for name in shown:
            kind = entry.fields[name].kind
            assert kind is None or role in kind.seen_by


def test_a_fieldset_for_changing_holds_only_the_columns_that_may_be_changed() -> None:
    narrowed = [(e, r) for e in inventory.entries() for r in Role if e.access.columns.get(r.value)]
    assert narrowed
    for entry, role in narrowed:
        assert set(inventory.fields_for(entry.model, role, "change")) <= set(entry.access.columns[role.value])


def test_the_committed_grants_and_privileges_follow_from_the_inventory() -> None:
    docs = Path(settings.BASE_DIR) / "docs"
    assert (docs / "grants.sql").read_text() == grants.sql()
    assert (docs / "privileges.txt").read_text() == grants.matrix()
