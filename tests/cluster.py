"""pytest plugin (`-p tests.cluster`): a PostgreSQL of the tests' own, ready before settings are read.

Each pytest process works in its own database, copied in a moment from a template that is migrated
once per version of the migrations and grants. With ``REGISTER_TEST_ADMIN_URL`` (a superuser's) the tests
use that server instead of the embedded one.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from register import keys
from register.binaries import Binaries, system_binaries
from register.embedded import Cluster
from register.provision import connect_statements, provision

ROOT = Path(__file__).resolve().parent.parent
HOME = keys.home() / "test"
PREFIX = "register_test"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}

os.environ["REGISTER_HOME"] = str(HOME)
os.environ["REGISTER_ROLE_PREFIX"] = PREFIX
os.environ["REGISTER_LANGUAGE"] = "en"  # tests name the texts as the code does, whatever the catalogs say
os.environ["REGISTER_URL"] = "http://localhost:8000"
os.environ["REGISTER_EMAIL_BACKEND"] = "django.core.mail.backends.locmem.EmailBackend"
for _variable in [name for name in os.environ if name.startswith("DATABASE_URL")]:
    del os.environ[_variable]

_cluster: Cluster | None = None


def admin_url(database: str = "postgres") -> str:
    """The test server's superuser; the tests' own cleaning needs it."""
    return os.environ["REGISTER_TEST_ADMIN_URL_" + "BASE"].replace("/postgres?", f"/{database}?")


def system_programs() -> Binaries:
    """The system's PostgreSQL; without one (15 or newer) the test that asks is skipped.

    The quick start promises the tests to machines that have Python and make alone. The register brings its own server,
    on which all tests run; that it works on others is shown where there is one.
    """
    found = system_binaries()
    if found is None:
        pytest.skip("NO SYSTEM POSTGRESQL 15+ HERE: install postgresql to test against it")
    return found


def _start() -> None:
    global _cluster
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        given = os.environ.get("REGISTER_TEST_ADMIN_URL")
        if given is None:
            _cluster = Cluster(HOME, settings=FAST, shared=True)
            _cluster.start()
            given = _cluster.admin_url()
        os.environ["REGISTER_TEST_ADMIN_URL_BASE"] = given
        keys.create_missing()
        if keys.read("database_migrate") is None:
            own = _cluster is not None
            for alias, url in provision(
                given, "register_test", PREFIX, for_tests=True, own_cluster=own
            ).items():
                keys.write(f"database_{alias}", url)


_start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _cluster is not None:
        _cluster.stop()


def _fingerprint() -> str:
    """Changes whenever a migration or a grant does."""
    from register import grants

    digest = hashlib.sha256(grants.sql().encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _point_at(database: str) -> None:
    from django.db import connections

    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = database
        connections.settings[alias]["NAME"] = database


def _template(admin: psycopg.Connection[Any]) -> str:
    from django.core.management import call_command

    name = f"register_template_{_fingerprint()}"
    admin.execute("SELECT pg_advisory_lock(7206)")
    try:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        for (old,) in admin.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'register_template_%'"
        ).fetchall():
            with contextlib.suppress(psycopg.Error):
                admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        building = f"register_building_{os.getpid()}"
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE register_test").format(
                sql.Identifier(building), sql.Identifier(f"{PREFIX}_migrator")
            )
        )
        _open_to_logins(admin, building)
        _point_at(building)
        call_command("migrate", verbosity=0)
        _point_at("register_test")
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name))
        )
        return name
    finally:
        admin.execute("SELECT pg_advisory_unlock(7206)")


def _open_to_logins(admin: psycopg.Connection[Any], database: str) -> None:
    for statement in connect_statements(database, PREFIX):
        admin.execute(statement)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """This process's own database; replaces pytest-django's fixture of the same name."""
    name = f"register_run_{os.getpid()}"
    with django_db_blocker.unblock(), psycopg.connect(admin_url(), autocommit=True) as admin:
        template = _template(admin)
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(f"{PREFIX}_migrator"), sql.Identifier(template)
            )
        )
        _open_to_logins(admin, name)
        _point_at(name)
        os.environ["REGISTER_TEST_DATABASE"] = name
        yield
        _point_at("register_test")
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def made_up_home(home: Path) -> dict[str, str]:
    """What a process knows whose home is a demo's, made here, on the database of this very test process."""
    shutil.copytree(HOME / "secrets", home / "secrets")
    for alias in keys.ALIASES:
        secret = home / "secrets" / f"database_{alias}"
        url = secret.read_text().replace("/register_test?", f"/{os.environ['REGISTER_TEST_DATABASE']}?")
        secret.write_text(url)
    (home / keys.MADE_UP).touch()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")}
    return kept | {"REGISTER_HOME": str(home), "REGISTER_DEMO": "1", "REGISTER_AUDIENCES": ",".join(keys.WEB)}


class Cleaner:
    """Puts the database back to its state after migration: committed rows of one test leave with it."""

    def __init__(self) -> None:
        self.connection = psycopg.connect(admin_url(os.environ["REGISTER_TEST_DATABASE"]), autocommit=True)
        self.connection.execute("SET session_replication_role = replica")
        rows = self.connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        tables = sorted(row[0] for row in rows)
        self.seeded = {table: self._rows(table) for table in self._filled(tables)}
        self.state = {table: self._state(table) for table in self.seeded}
        self.others = [table for table in tables if table not in self.seeded]

    def clean(self) -> None:
        for table in self._filled(self.others):
            self.connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table, state in self.state.items():
            if self._state(table) != state:
                self._restore(table)

    def close(self) -> None:
        self.connection.close()

    def _filled(self, tables: list[str]) -> list[str]:
        if not tables:
            return []
        parts = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(t), sql.Identifier(t))
            for t in tables
        ]
        return [row[0] for row in self.connection.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall()]

    def _state(self, table: str) -> Any:
        return self.connection.execute(
            sql.SQL("SELECT count(*), max(xmin::text::bigint) FROM {}").format(sql.Identifier(table))
        ).fetchone()

    def _rows(self, table: str) -> bytes:
        query = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
        with self.connection.cursor() as cursor, cursor.copy(query) as copy:
            return b"".join(bytes(part) for part in copy)

    def _restore(self, table: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(self.seeded[table])
        self.state[table] = self._state(table)
