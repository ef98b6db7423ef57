"""The seven database logins and the empty, closed database they work in.

Works for a superuser and for an administrator with CREATEROLE and CREATEDB (or CREATEROLE and ownership of
the database), on PostgreSQL 15 and newer, so on managed servers too. Running it again changes nothing but
passwords.
What each login may do with tables is decided later, from the inventory (`register/grants.py`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from .keys import ALIASES

MIGRATE = "migrate"
SUFFIXES = {"default": "auth", MIGRATE: "migrator"}
"""Role names say what the login does where the alias does not."""

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")

STATEMENT_TIMEOUTS = {"default": "10s", "link": "10s", "audit": "5s", "billing": "30s", "owner": "60s"}
IDLE_IN_TRANSACTION = "60s"
"""The migrator and the worker do long work and have neither limit."""

DANGEROUS = r"^(lo_\w+|loread|lowrite|pg_notify|pg_sleep\w*|ts_stat|\w+_to_xml\w*)$"
"""Built-in functions through which injected SQL writes blobs, signals, stalls or runs text as a query."""

MAY_NOTIFY = ("default", "owner", "billing", "link", "worker", MIGRATE)
"""Logins that put jobs into the queue, whose trigger wakes the worker by pg_notify."""


class ProvisioningError(Exception):
    """The server is not as the register needs it; the text says what is wrong and what to do."""


def role_name(alias: str, prefix: str = "register") -> str:
    """The login of a database alias: `register_auth` for `default`, `register_migrator` for `migrate`."""
    return f"{prefix}_{SUFFIXES.get(alias, alias)}"


def provision(
    admin_url: str,
    database: str,
    prefix: str = "register",
    passwords: Mapping[str, str] | None = None,
    *,
    for_tests: bool = False,
    own_cluster: bool = False,
) -> dict[str, str]:
    """Make logins and database; returns the URL of each alias.

    `passwords` by alias: those missing are made anew and set. `for_tests` lets the migrator create databases.
    `own_cluster` also closes what is the whole server's (needs a superuser; the embedded server only).
    Raises ProvisioningError.
    """
    known = dict(passwords or {})
    chosen = {alias: known.get(alias) or new_password() for alias in ALIASES}
    try:
        with psycopg.connect(admin_url, autocommit=True) as connection:
            _run(connection, role_statements(prefix, chosen, for_tests=for_tests))
            _make_database(connection, database, prefix)
            if own_cluster:
                _run(connection, cluster_statements(prefix, for_tests=for_tests))
        with psycopg.connect(admin_url, dbname=database, autocommit=True) as connection:
            _run(connection, [grant_membership(prefix)])
            _run(connection, connect_statements(database, prefix))
            _run(connection, schema_statements(prefix))
            _run(connection, [_text("SET ROLE {}", _id(role_name(MIGRATE, prefix)))])
            _run(connection, migrator_statements())
            _run(connection, [_text("RESET ROLE"), revoke_membership(prefix)])
            if own_cluster:
                _run(connection, catalogue_statements(prefix))
            _verify(connection, database, prefix)
        if own_cluster:
            with psycopg.connect(admin_url, dbname="template1", autocommit=True) as connection:
                _run(connection, catalogue_statements(prefix))
    except psycopg.Error as error:
        raise ProvisioningError(
            f"The database server refused: {error.diag.message_primary or error}"
        ) from error
    return urls(admin_url, database, prefix, chosen)


def urls(server: str, database: str, prefix: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """The URL of each alias on `server` (a URL or connection string, of which only the address counts)."""
    return {
        alias: login_url(server, database, role_name(alias, prefix), passwords[alias]) for alias in ALIASES
    }


def new_password() -> str:
    """256 random bits, in letters that need no quoting anywhere."""
    return secrets.token_urlsafe(32)


def provisioning_sql(
    database: str,
    prefix: str = "register",
    passwords: Mapping[str, str] | None = None,
    *,
    for_tests: bool = False,
) -> str:
    """The same as a script for `psql`, holding no password but only their SCRAM verifiers (by alias)."""
    _check_name(database)
    owner = role_name(MIGRATE, prefix)
    create = _text(
        "CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0", _id(database), _id(owner)
    )
    exists = _text("NOT EXISTS (SELECT FROM pg_database WHERE datname = {})", sql.Literal(database))
    parts: list[sql.Composed] = [
        *role_statements(prefix, dict(passwords or {}), for_tests=for_tests),
        _text("SELECT {} WHERE {} \\gexec", sql.Literal(create.as_string()), exists),
        _text("\\connect {}", _id(database)),
        grant_membership(prefix),
        *connect_statements(database, prefix),
        *schema_statements(prefix),
        _text("SET ROLE {}", _id(owner)),
        *migrator_statements(),
        _text("RESET ROLE"),
        revoke_membership(prefix),
    ]
    lines = [part.as_string() for part in parts]
    return "\\set ON_ERROR_STOP on\n" + "".join(x + ("\n" if "\\" in x else ";\n") for x in lines)


def secure_test_database(url: str, prefix: str = "register") -> None:
    """Close a database the migrator has just created (as Django's test runner does) like the real one.

    `url` is the migrator's URL of that database.
    """
    database = str(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(url, autocommit=True) as connection:
        _run(
            connection,
            [*connect_statements(database, prefix), *schema_statements(prefix), *migrator_statements()],
        )


def login_url(server: str, database: str, role: str, password: str) -> str:
    """`server`'s URL or connection string, for another login and database."""
    parts = {key: str(value) for key, value in conninfo_to_dict(server).items() if value is not None}
    for name in ("user", "password", "dbname", "passfile"):
        parts.pop(name, None)
    host, port = parts.pop("host", ""), parts.pop("port", "")
    if "/" in host or "," in host:
        parts = {"host": host} | parts
        host = ""
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    query = urlencode(parts, quote_via=quote, safe="/,")
    return f"postgresql://{role}:{quote(password, safe='')}@{place}/{database}" + (
        f"?{query}" if query else ""
    )


# Statements


def role_statements(prefix: str, passwords: Mapping[str, str], *, for_tests: bool) -> list[sql.Composed]:
    """Make the logins that are missing; set attributes, passwords and limits of all."""
    _check_name(prefix)
    statements: list[sql.Composed] = []
    for alias in ALIASES:
        role = role_name(alias, prefix)
        statements.append(_text(CREATE_ROLE, name=sql.Literal(role), role=_id(role)))
        statements.append(_text("ALTER ROLE {} LOGIN INHERIT NOCREATEROLE", _id(role)))
        if alias in passwords:
            verifier = sql.Literal(scram_verifier(passwords[alias]))
            statements.append(_text("ALTER ROLE {} PASSWORD {}", _id(role), verifier))
        statements.append(_text("ALTER ROLE {} SET search_path = public, pg_temp", _id(role)))
        if limit := STATEMENT_TIMEOUTS.get(alias):
            statements.append(
                _text("ALTER ROLE {} SET statement_timeout = {}", _id(role), sql.Literal(limit))
            )
            idle = "ALTER ROLE {} SET idle_in_transaction_session_timeout = {}"
            statements.append(_text(idle, _id(role), sql.Literal(IDLE_IN_TRANSACTION)))
    migrator = role_name(MIGRATE, prefix)
    wanted = sql.SQL("CREATEDB" if for_tests else "NOCREATEDB")
    statements.append(_text(CREATEDB, name=sql.Literal(migrator), role=_id(migrator), wanted=wanted))
    statements.append(grant_membership(prefix))
    return statements


CREATE_ROLE = """DO $do$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) THEN
    CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION INHERIT;
  END IF;
END $do$"""

CREATEDB = """DO $do$ BEGIN
  IF (SELECT CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END FROM pg_roles WHERE rolname = {name})
     <> upper('{wanted}') THEN
    ALTER ROLE {role} {wanted};
  END IF;
END $do$"""


def grant_membership(prefix: str) -> sql.Composed:
    """Let the administrator act as the migrator (PostgreSQL 16+ asks for it even of the role's creator)."""
    return _text("GRANT {} TO CURRENT_USER", _id(role_name(MIGRATE, prefix)))


def revoke_membership(prefix: str) -> sql.Composed:
    return _text("REVOKE {} FROM CURRENT_USER", _id(role_name(MIGRATE, prefix)))


def connect_statements(database: str, prefix: str) -> list[sql.Composed]:
    """Only our logins may enter the database; none but its owner makes temporary tables in it."""
    roles = sql.SQL(", ").join(_id(role_name(alias, prefix)) for alias in ALIASES)
    return [
        _text("REVOKE ALL ON DATABASE {} FROM PUBLIC", _id(database)),
        _text("GRANT CONNECT ON DATABASE {} TO {}", _id(database), roles),
        _text("GRANT CREATE ON DATABASE {} TO {}", _id(database), _id(role_name(MIGRATE, prefix))),
    ]


def schema_statements(prefix: str) -> list[sql.Composed]:
    """As the database's owner: a schema that our logins may look into, and only the migrator create in."""
    others = sql.SQL(", ").join(_id(role_name(alias, prefix)) for alias in ALIASES if alias != MIGRATE)
    return [
        _text("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
        _text("GRANT CREATE, USAGE ON SCHEMA public TO {}", _id(role_name(MIGRATE, prefix))),
        _text("GRANT USAGE ON SCHEMA public TO {}", others),
    ]


def migrator_statements() -> list[sql.Composed]:
    """As the migrator: extensions (trusted ones, which need no superuser), and no function for everybody."""
    return [
        *(_text("CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA public", _id(name)) for name in EXTENSIONS),
        _text("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"),
    ]


def cluster_statements(prefix: str, *, for_tests: bool) -> list[sql.Composed]:
    """On our own server: only a migrator who makes test databases enters the maintenance databases."""
    statements: list[sql.Composed] = [_text("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")]
    if for_tests:
        statements.append(_text("GRANT CONNECT ON DATABASE postgres TO {}", _id(role_name(MIGRATE, prefix))))
    return statements


def catalogue_statements(prefix: str) -> list[sql.Composed]:
    """On our own server, per database: take built-in functions away that only an attacker would miss."""
    roles = sql.SQL(", ").join(_id(role_name(alias, prefix)) for alias in MAY_NOTIFY)
    return [
        _text(REVOKE_DANGEROUS, pattern=sql.Literal(DANGEROUS)),
        _text("GRANT EXECUTE ON FUNCTION pg_catalog.pg_notify(text, text) TO {}", roles),
    ]


REVOKE_DANGEROUS = """DO $do$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT oid FROM pg_proc
            WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ {pattern} LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
  END LOOP;
END $do$"""


# Doing and checking


def _run(connection: psycopg.Connection, statements: list[sql.Composed]) -> None:
    for statement in statements:
        connection.execute(statement)


def _make_database(connection: psycopg.Connection, database: str, prefix: str) -> None:
    """Create it owned by the migrator, or hand an existing one over where the administrator is allowed to."""
    _check_name(database)
    owner = role_name(MIGRATE, prefix)
    found = connection.execute(DATABASE_OWNER, [database]).fetchone()
    if found is None:
        text = "CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0"
        connection.execute(_text(text, _id(database), _id(owner)))
    elif found[0] != owner and found[1]:
        connection.execute(_text("ALTER DATABASE {} OWNER TO {}", _id(database), _id(owner)))


DATABASE_OWNER = """SELECT pg_get_userbyid(d.datdba), r.rolsuper OR r.rolcreatedb
  FROM pg_database d, pg_roles r WHERE d.datname = %s AND r.rolname = current_user"""


def _verify(connection: psycopg.Connection, database: str, prefix: str) -> None:
    if wrong := list(problems(connection, database, prefix)):
        raise ProvisioningError("The database separation is not complete: " + "; ".join(wrong))


def problems(connection: psycopg.Connection, database: str, prefix: str = "register") -> Iterator[str]:
    """What is wrong with logins and database, seen from inside `database`; nothing when all is well."""
    roles = {role_name(alias, prefix) for alias in ALIASES}
    found = connection.execute(ROLE_ATTRIBUTES, [list(roles)]).fetchall()
    for missing in roles - {row[0] for row in found}:
        yield f"login {missing} does not exist"
    for name, attribute in ((row[0], text) for row in found for text in row[1:] if text):
        yield f"{name} {attribute}"
    for member, role in connection.execute(MEMBERSHIPS, [list(roles)]).fetchall():
        yield f"{member} is a member of {role}"
    for what in connection.execute(OPEN_TO_PUBLIC, [database]).fetchone() or ():
        if what:
            yield what


ROLE_ATTRIBUTES = """SELECT rolname, CASE WHEN rolsuper THEN 'is a superuser' END,
  CASE WHEN rolbypassrls THEN 'bypasses row security' END,
  CASE WHEN rolcreaterole THEN 'may create roles' END,
  CASE WHEN rolreplication THEN 'may replicate' END, CASE WHEN NOT rolcanlogin THEN 'may not log in' END
  FROM pg_roles WHERE rolname = ANY(%s)"""

MEMBERSHIPS = """SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members
  WHERE member::regrole::text = ANY(%s)"""

OPEN_TO_PUBLIC = """SELECT
  (SELECT 'everybody may use the database' FROM pg_database d,
   aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
   WHERE d.datname = %s AND a.grantee = 0 LIMIT 1),
  (SELECT 'everybody may use the schema public' FROM pg_namespace n,
   aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
   WHERE n.nspname = 'public' AND a.grantee = 0 LIMIT 1)"""


def scram_verifier(password: str) -> str:
    """What the server stores (RFC 5803), made here so that the password itself reaches no server log."""
    salt, rounds = secrets.token_bytes(16), 4096
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    text = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${rounds}:{text[0]}${text[1]}:{text[2]}"


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", name):
        raise ProvisioningError(
            "A name of a database or prefix has small letters a-z, digits and _, at most 41."
        )


def _id(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _text(template: str, *parts: sql.Composable, **named: sql.Composable) -> sql.Composed:
    return sql.SQL(template).format(*parts, **named)  # type: ignore[arg-type]
