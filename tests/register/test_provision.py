"""Provisioning on real servers: the embedded one and the system's PostgreSQL, as superuser and as less."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from register import keys, provision, roles
from register.embedded import Cluster, bundled
from register.keys import ALIASES
from register.provision import ProvisioningError, login_url, role_name
from tests.cluster import ROOT, system_programs

FAST = {"fsync": "off"}


@pytest.fixture(scope="module", params=["embedded", "system"])
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Each test here runs on both servers."""
    programs = bundled() if request.param == "embedded" else system_programs()
    cluster = Cluster(tmp_path_factory.mktemp("provision") / "var", binaries=programs, settings=FAST)
    cluster.start()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def own(cluster: Cluster) -> dict[str, str]:
    """URLs on our own server, everything closed."""
    return provision.provision(cluster.admin_url(), "register", own_cluster=True, for_tests=True)


@pytest.fixture(scope="module")
def boss(cluster: Cluster, own: dict[str, str]) -> str:
    """An administrator as managed servers have them: no superuser, but may create roles and databases."""
    with psycopg.connect(cluster.admin_url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE boss LOGIN NOSUPERUSER CREATEROLE CREATEDB PASSWORD 'boss'")
        connection.execute("GRANT CONNECT ON DATABASE postgres TO boss")
    return login_url(cluster.admin_url(), "postgres", "boss", "boss")


@pytest.fixture(scope="module")
def managed(boss: str) -> dict[str, str]:
    """URLs of a register provisioned by that administrator."""
    return provision.provision(boss, "managed", "managed")


Registers = list[tuple[str, dict[str, str]]]


@pytest.fixture(scope="module")
def registers(own: dict[str, str], managed: dict[str, str]) -> Registers:
    """Both with the prefix of their logins: made by a superuser, and made by less."""
    return [("register", own), ("managed", managed)]


def rows(url: str, query: str, *parameters: object) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query, parameters).fetchall()  # type: ignore[arg-type]


def test_role_names_are_those_the_grants_use() -> None:
    assert {alias: role_name(alias, "register") for alias in ALIASES} == {
        alias: "register_" + name for alias, name in roles.ROLE_NAMES.items()
    }


def test_every_alias_has_a_login_of_its_own_without_powers(registers: Registers) -> None:
    for prefix, urls in registers:
        query = """SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolreplication,
                          rolcreatedb FROM pg_roles WHERE rolname = session_user"""
        assert list(urls) == list(ALIASES)
        for alias, url in urls.items():
            may_create_databases = prefix == "register" and alias == "migrate"
            expected = (role_name(alias, prefix), True, False, False, False, False, may_create_databases)
            assert rows(url, query) == [expected]


def test_no_login_is_a_member_of_anything(registers: Registers) -> None:
    for prefix, urls in registers:
        names = [role_name(alias, prefix) for alias in ALIASES]
        query = "SELECT member::regrole::text FROM pg_auth_members WHERE member::regrole::text = ANY(%s)"
        assert rows(urls["owner"], query, names) == []
        with psycopg.connect(urls["billing"]) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(f"SET ROLE {role_name('owner', prefix)}")  # type: ignore[arg-type]


def test_the_administrator_keeps_no_way_of_acting_as_the_migrator(boss: str, managed: dict[str, str]) -> None:
    with psycopg.connect(boss) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("SET ROLE managed_migrator")


def test_public_has_nothing_on_database_and_schema(registers: Registers) -> None:
    for _prefix, urls in registers:
        query = """SELECT has_database_privilege('public', current_database(), what)
                     FROM unnest(ARRAY['CONNECT', 'TEMP', 'CREATE']) what
                   UNION ALL SELECT has_schema_privilege('public', 'public', what)
                 FROM unnest(ARRAY['USAGE', 'CREATE']) what"""
        assert rows(urls["migrate"], query) == [(False,)] * 5


def test_a_login_of_another_register_does_not_get_in(own: dict[str, str], managed: dict[str, str]) -> None:
    assert rows(managed["owner"], "SELECT current_database()") == [("managed",)]
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(managed["owner"], dbname="register")


def test_only_the_migrator_owns_and_creates(registers: Registers) -> None:
    for _prefix, urls in registers:
        owner = "SELECT pg_get_userbyid(datdba) = user FROM pg_database WHERE datname = current_database()"
        assert rows(urls["migrate"], owner) == [(True,)]
        with psycopg.connect(urls["migrate"]) as connection:
            connection.execute("CREATE TABLE probe (id int)")
            connection.rollback()
        for alias in ALIASES[:-1]:
            for statement in (
                "CREATE TABLE probe (id int)",
                "CREATE TEMP TABLE probe (id int)",
                "CREATE SCHEMA probe",
            ):
                with psycopg.connect(urls[alias]) as connection, pytest.raises(errors.InsufficientPrivilege):
                    connection.execute(statement)  # type: ignore[arg-type]


def test_everybody_can_use_the_extensions_and_nothing_the_migrator_just_made(registers: Registers) -> None:
    for _prefix, urls in registers:
        found = rows(
            urls["link"], "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname"
        )
        assert found == [("btree_gin",), ("pg_trgm",), ("unaccent",)]
        assert rows(urls["link"], "SELECT unaccent('ä'), similarity('abc', 'abc')") == [("a", 1.0)]
        with psycopg.connect(urls["migrate"]) as connection:
            connection.execute("CREATE TABLE made (id int)")
            connection.execute("CREATE FUNCTION made() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        try:
            assert rows(urls["migrate"], "SELECT made()") == [(1,)]
            for statement in ("SELECT * FROM made", "SELECT made()"):
                with pytest.raises(errors.InsufficientPrivilege):
                    rows(urls["owner"], statement)
        finally:
            with psycopg.connect(urls["migrate"]) as connection:
                connection.execute("DROP TABLE made")
                connection.execute("DROP FUNCTION made()")


def test_limits_and_search_path_come_with_the_login(own: dict[str, str]) -> None:
    query = """SELECT current_setting('search_path'), current_setting('statement_timeout'),
                      current_setting('idle_in_transaction_session_timeout')"""
    assert rows(own["default"], query) == [("public, pg_temp", "10s", "1min")]
    assert rows(own["owner"], query) == [("public, pg_temp", "1min", "1min")]
    for alias in ("worker", "migrate"):
        assert rows(own[alias], query) == [("public, pg_temp", "0", "0")]


DANGEROUS_CALLS = (
    "SELECT pg_sleep(0)",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT query_to_xml('select 1', true, true, '')",
    "SELECT ts_stat('select to_tsvector(''simple'', ''x'')')",
)


def test_our_own_server_takes_dangerous_functions_away(own: dict[str, str]) -> None:
    for call in DANGEROUS_CALLS:
        with pytest.raises(errors.InsufficientPrivilege):
            rows(own["owner"], call)
    assert rows(own["owner"], "SELECT pg_notify('x', 'y')")  # the job queue needs it
    with pytest.raises(errors.InsufficientPrivilege):
        rows(own["audit"], "SELECT pg_notify('x', 'y')")
    for database in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(own["owner"], dbname=database)


def test_the_migrator_makes_test_databases_that_can_be_closed_alike(own: dict[str, str]) -> None:
    with psycopg.connect(own["migrate"], dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE test_register")
        try:
            url = own["migrate"].replace("/register?", "/test_register?")
            provision.secure_test_database(url)
            assert rows(own["owner"].replace("/register?", "/test_register?"), "SELECT unaccent('ö')") == [
                ("o",)
            ]
            query = "SELECT has_database_privilege('public', 'test_register', 'CONNECT')"
            assert rows(url, query) == [(False,)]
            with pytest.raises(errors.InsufficientPrivilege):
                rows(own["owner"].replace("/register?", "/test_register?"), "SELECT pg_sleep(0)")
        finally:
            connection.execute("DROP DATABASE test_register")


def test_provisioning_again_keeps_given_passwords_and_changes_the_others(
    boss: str, managed: dict[str, str]
) -> None:
    first = provision.provision(boss, "twice", "twice")
    known = {alias: psycopg.conninfo.conninfo_to_dict(url)["password"] for alias, url in first.items()}
    assert provision.provision(boss, "twice", "twice", known) == first  # type: ignore[arg-type]
    assert rows(first["link"], "SELECT 1") == [(1,)]
    second = provision.provision(boss, "twice", "twice")
    assert not set(second.values()) & set(first.values())
    assert rows(second["link"], "SELECT 1") == [(1,)]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(first["link"])


def test_an_administrator_who_owns_the_database_but_may_create_none_is_enough(
    cluster: Cluster, boss: str
) -> None:
    with psycopg.connect(cluster.admin_url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE small LOGIN NOSUPERUSER CREATEROLE NOCREATEDB PASSWORD 'small'")
        connection.execute("CREATE DATABASE given OWNER small")
    admin = login_url(cluster.admin_url(), "given", "small", "small")
    urls = provision.provision(admin, "given", "given")
    assert rows(urls["billing"], "SELECT session_user::text, similarity('a', 'a')") == [
        ("given_billing", 1.0)
    ]
    with psycopg.connect(urls["migrate"]) as connection:
        connection.execute("CREATE TABLE probe (id int)")


@pytest.mark.parametrize("cluster", ["system"], indirect=True)
def test_privileges_are_compared_and_mended_where_no_superuser_helps(
    cluster: Cluster, tmp_path: Path
) -> None:
    """The oldest server, an administrator who only owns the database: schema and PUBLIC differ most there."""
    with psycopg.connect(cluster.admin_url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE owning LOGIN NOSUPERUSER CREATEROLE NOCREATEDB PASSWORD 'owning'")
        connection.execute("CREATE DATABASE compared OWNER owning")
    admin = login_url(cluster.admin_url(), "compared", "owning", "owning")
    urls = provision.provision(admin, "compared", "compared")
    manage = command_line(urls, "compared", tmp_path)
    assert manage("migrate").returncode == 0
    with psycopg.connect(admin) as connection:
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
    with psycopg.connect(urls["migrate"]) as connection:
        connection.execute("GRANT EXECUTE ON FUNCTION register_hmac(text) TO PUBLIC")
    assert manage("grants", "--check").stderr.splitlines() == [
        "CommandError: not in the inventory: EXECUTE on register_hmac(text) to PUBLIC",
        "not in the inventory: USAGE on schema public to PUBLIC",
    ]
    passwords = {
        alias: str(psycopg.conninfo.conninfo_to_dict(url)["password"]) for alias, url in urls.items()
    }
    assert provision.provision(admin, "compared", "compared", passwords) == urls
    assert manage("grants", "--apply").returncode == 0
    assert manage("grants", "--check").stdout == "Privileges equal the inventory.\n"


def command_line(
    urls: dict[str, str], prefix: str, home: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`manage.py` of an installation on that database."""
    known = {keys.variable(f"database_{alias}"): url for alias, url in urls.items()}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    secret = {keys.variable(name): secrets.token_urlsafe(48) for name in keys.KEYS}
    environment = kept | known | secret | {"REGISTER_HOME": str(home), "REGISTER_ROLE_PREFIX": prefix}

    def manage(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return manage


def test_a_login_with_powers_is_refused_and_named(cluster: Cluster, boss: str) -> None:
    with psycopg.connect(cluster.admin_url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE strong_owner LOGIN BYPASSRLS")
        connection.execute("CREATE ROLE bystander")
        connection.execute("CREATE ROLE strong_link LOGIN IN ROLE bystander")
    with pytest.raises(ProvisioningError) as caught:
        provision.provision(cluster.admin_url(), "strong", "strong")
    assert "strong_owner bypasses row security" in str(caught.value)
    assert "strong_link is a member of bystander" in str(caught.value)


def test_a_login_without_the_right_to_create_roles_gets_a_clear_refusal(managed: dict[str, str]) -> None:
    with pytest.raises(ProvisioningError, match="The database server refused: permission denied"):
        provision.provision(managed["owner"], "managed", "intruder")


def test_the_printed_sql_does_the_same_and_holds_no_password(
    cluster: Cluster, boss: str, tmp_path: Path
) -> None:
    passwords = {alias: f"password-of-{alias}" for alias in ALIASES}
    script = tmp_path / "provision.sql"
    script.write_text(provision.provisioning_sql("printed", "printed", passwords))
    assert "SCRAM-SHA-256$4096:" in script.read_text()
    assert "password-of" not in script.read_text()
    for _twice in range(2):
        command = [cluster.binaries / "psql", boss, "-X", "-q", "-f", script]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
    urls = provision.urls(boss, "printed", "printed", passwords)
    for alias in ALIASES:
        assert rows(urls[alias], "SELECT session_user::text") == [(role_name(alias, "printed"),)]
    with psycopg.connect(urls["audit"]) as connection:
        assert list(provision.problems(connection, "printed", "printed")) == []


def test_no_name_smuggles_sql() -> None:
    for name in ('x"; DROP DATABASE postgres; --', "X", "1x", "", "a b", "a" * 42):
        with pytest.raises(ProvisioningError, match="small letters"):
            provision.provisioning_sql("register", name)
        with pytest.raises(ProvisioningError, match="small letters"):
            provision.provisioning_sql(name, "register")


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("postgresql://a:b@db.example.fi/x", "postgresql://r:p%2F%3A@db.example.fi/d"),
        (
            "postgres://a@[::1]:5433/x?sslmode=verify-full",
            "postgresql://r:p%2F%3A@[::1]:5433/d?sslmode=verify-full",
        ),
        ("host=/run/pg port=5433 user=a", "postgresql://r:p%2F%3A@:5433/d?host=/run/pg"),
        ("postgresql://a:b@/x?host=/a%20b/c", "postgresql://r:p%2F%3A@/d?host=/a%20b/c"),
    ],
)
def test_a_logins_url_keeps_the_servers_address_and_options(server: str, expected: str) -> None:
    assert login_url(server, "d", "r", "p/:") == expected
    parts = psycopg.conninfo.conninfo_to_dict(expected)
    assert (parts["user"], parts["password"], parts["dbname"]) == ("r", "p/:", "d")
