"""Database privileges, derived from the inventory, applied after migrate, compared with the catalogue.

A privilege is (table, sequence, function or schema, login, SQL word, column or ""). `docs/grants.sql` is `sql()`;
a difference between file, inventory and database fails the checks. Who may enter the database is
`register/provision.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from psycopg import sql as pg

from register import inventory
from register.inventory import Entry
from register.roles import ROLE_NAMES, WORDS, Login


class Grant(NamedTuple):
    """One privilege of one login; column "" means the whole table (or sequence, function, schema)."""

    table: str
    login: str
    privilege: str
    column: str = ""


def role_name(login: str) -> str:
    """The PostgreSQL role behind an alias."""
    return f"{settings.REGISTER_ROLE_PREFIX}_{ROLE_NAMES[login]}"


def wanted() -> set[Grant]:
    """What the inventory says each login may do."""
    grants: set[Grant] = set()
    for entry in inventory.entries():
        grants.update(_of_entry(entry))
    for table in inventory.tables():
        for login in Login:
            grants.update(Grant(table.name, login, WORDS[word]) for word in table.access.words(login))
    return grants


def _of_entry(entry: Entry) -> Iterator[Grant]:
    for login in Login:
        words = entry.access.words(login)
        narrowed = entry.access.columns.get(login, ())
        for word in words:
            if word == "change" and narrowed:
                for name in narrowed:
                    yield Grant(entry.table, login, "UPDATE", _column(entry.model, name))
            else:
                yield Grant(entry.table, login, WORDS[word])
        if "add" in words and "read" not in words and entry.model._meta.pk is not None:
            yield Grant(entry.table, login, "SELECT", str(entry.model._meta.pk.column))


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


def functions() -> list[tuple[str, str]]:
    """(function signature, login) pairs."""
    pairs = [(routine.signature, login.value) for routine in inventory.routines() for login in routine.logins]
    return sorted(pairs)


def wanted_on_functions() -> set[Grant]:
    """Which logins may call which of our functions; nobody else may, PUBLIC least of all."""
    return {Grant(signature, login, "EXECUTE") for signature, login in functions()}


def wanted_on_sequences(cursor: Any) -> set[Grant]:
    """Who may add to a table may draw the numbers of its serial columns, which the catalogue knows."""
    cursor.execute(SERIALS)
    serials = cursor.fetchall()
    return {
        Grant(sequence, grant.login, "USAGE")
        for grant in wanted()
        if grant.privilege == "INSERT"
        for table, sequence in serials
        if table == grant.table
    }


def wanted_on_schema() -> set[Grant]:
    """Each login finds its tables there; none creates anything, and PUBLIC (which may enter by default) is out."""
    return {Grant(SCHEMA, login, "USAGE") for login in Login}


def sql() -> str:
    """The grants as readable SQL, roles by their aliases' default names."""
    lines = ["-- Derived from the inventory by `manage.py grants --write`; applied after every migrate."]
    table = ""
    for grant in _ordered(wanted()):
        if grant.table != table:
            lines.append("")
            table = grant.table
        column = f" ({grant.column})" if grant.column else ""
        lines.append(
            f"GRANT {grant.privilege}{column} ON {grant.table} TO register_{ROLE_NAMES[grant.login]};"
        )
    lines.append("")
    lines.append("-- Who may INSERT into a table also has USAGE on the sequences of its serial columns.")
    lines.append("")
    for signature, login in functions():
        lines.append(f"GRANT EXECUTE ON FUNCTION {signature} TO register_{ROLE_NAMES[login]};")
    return "\n".join(lines) + "\n"


def apply(cursor: Any) -> None:
    """Make the database's privileges equal the inventory's; run as the tables' owner, in a transaction."""
    logins = pg.SQL(", ").join(pg.Identifier(role_name(login)) for login in Login)
    cursor.execute(pg.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC, {}").format(logins))
    cursor.execute(pg.SQL("GRANT USAGE ON SCHEMA public TO {}").format(logins))
    for what in ("TABLES", "SEQUENCES"):
        cursor.execute(
            pg.SQL("REVOKE ALL ON ALL {} IN SCHEMA public FROM PUBLIC, {}").format(pg.SQL(what), logins)
        )
    cursor.execute(OWN_FUNCTIONS)
    for (signature,) in cursor.fetchall():
        cursor.execute(pg.SQL("REVOKE ALL ON ROUTINE {} FROM PUBLIC, {}").format(pg.SQL(signature), logins))
    for grant in _ordered(wanted()):
        columns = pg.SQL(" ({})").format(pg.Identifier(grant.column)) if grant.column else pg.SQL("")
        cursor.execute(
            pg.SQL("GRANT {}{} ON {} TO {}").format(
                pg.SQL(grant.privilege),
                columns,
                pg.Identifier(grant.table),
                pg.Identifier(role_name(grant.login)),
            )
        )
    for grant in _ordered(wanted_on_sequences(cursor)):
        cursor.execute(
            pg.SQL("GRANT USAGE ON SEQUENCE {} TO {}").format(
                pg.Identifier(grant.table), pg.Identifier(role_name(grant.login))
            )
        )
    for signature, login in functions():
        cursor.execute(
            pg.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(
                pg.SQL(signature), pg.Identifier(role_name(login))
            )
        )


OWN_FUNCTIONS = """
SELECT oid::regprocedure::text FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
"""
"""Those of extensions belong to the server's administrator and stay as they came."""

SERIALS = """
SELECT t.relname, s.relname
  FROM pg_depend d
  JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
  JOIN pg_class t ON t.oid = d.refobjid AND t.relnamespace = 'public'::regnamespace
 WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
"""
"""Tables with `serial` columns (libraries' own) and their sequences; identity columns need no grant."""


SCHEMA = "schema public"
GRANTABLE = " WITH GRANT OPTION"

LIVE = """
SELECT held.object, coalesce(r.rolname, 'PUBLIC'), acl.privilege_type, held.part, acl.is_grantable
  FROM (
    SELECT c.relname::text AS object, '' AS part, c.relacl AS acl
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT c.relname::text, a.attname::text, a.attacl
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT p.oid::regprocedure::text, '', coalesce(p.proacl, acldefault('f', p.proowner))
      FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT %(schema)s, '', coalesce(n.nspacl, acldefault('n', n.nspowner))
      FROM pg_namespace n
     WHERE n.nspname = 'public'
  ) held
 CROSS JOIN LATERAL aclexplode(held.acl) acl
  LEFT JOIN pg_roles r ON r.oid = acl.grantee
 WHERE acl.grantee = 0 OR r.rolname = ANY(%(roles)s)
"""
"""A function without an ACL is everybody's; those of extensions stay as they came. Roles that are not ours are their
administrator's: none of our logins is a member of one (`register/provision.py` looks after that)."""


def live(cursor: Any) -> set[Grant]:
    """What the catalogue says of tables, columns, sequences, functions and the schema.

    What everybody may appears with login "PUBLIC", a right to pass a privilege on as a privilege of its own.
    """
    logins = {role_name(login): login.value for login in Login}
    cursor.execute(LIVE, {"roles": list(logins), "schema": SCHEMA})
    found: set[Grant] = set()
    for name, role, privilege, column, grantable in cursor.fetchall():
        grant = Grant(name, logins.get(role, role), privilege, column)
        found.add(grant)
        if grantable:
            found.add(grant._replace(privilege=privilege + GRANTABLE))
    return found


def differences(cursor: Any) -> list[str]:
    """Sentences for every privilege that is missing or too many; empty when equal."""
    want = wanted() | wanted_on_functions() | wanted_on_sequences(cursor) | wanted_on_schema()
    have = live(cursor)
    return [
        *(f"missing: {_words(grant)}" for grant in _ordered(want - have)),
        *(f"not in the inventory: {_words(grant)}" for grant in _ordered(have - want)),
    ]


def _words(grant: Grant) -> str:
    column = f" ({grant.column})" if grant.column else ""
    return f"{grant.privilege}{column} on {grant.table} to {grant.login}"


def _ordered(grants: Iterable[Grant]) -> list[Grant]:
    return sorted(grants)


def matrix() -> str:
    """The privilege matrix as text: a line a table, a column a login, letters r a c d (lower case: some columns)."""
    logins = list(Login)
    rows: dict[str, dict[str, str]] = {}
    for grant in wanted():
        letter = {"SELECT": "R", "INSERT": "A", "UPDATE": "C", "DELETE": "D"}[grant.privilege]
        cell = rows.setdefault(grant.table, {}).setdefault(grant.login, "")
        rows[grant.table][grant.login] = cell + (letter.lower() if grant.column else letter)
    for entry in inventory.entries():
        rows.setdefault(entry.table, {})
    width = max(map(len, rows), default=0)
    lines = [f"{'table':<{width}}  " + "  ".join(f"{login:<8}" for login in logins)]
    for table in sorted(rows):
        cells = ["".join(sorted(set(rows[table].get(login, "-")))) for login in logins]
        lines.append(f"{table:<{width}}  " + "  ".join(f"{cell:<8}" for cell in cells).rstrip())
    return "\n".join(line.rstrip() for line in lines) + "\n"
