"""Unsafe installations do not start, and a database that goes away comes back without a restart."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError

from register import keys, launch, outage, provision, safety
from register.embedded import Cluster
from tests.cluster import PREFIX, admin_url, made_up_home

ROOT = Path(__file__).resolve().parents[2]
GOOD_KEY = "kS7w-2fQm9xZbT4vLpR8cYd1HnJ6gEaU3oWi"


# --- judged without a database


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "shorter"),
        ("x", "shorter"),
        ("a" * 64, "pattern"),
        ("django-insecure-k$7w2fqm9xzbt4vlpr8cyd1hnj6geau3owi", "default"),
        ("changeme-changeme-changeme-changeme-1234", "default"),
    ],
)
def test_a_key_that_can_be_guessed_is_named(key: str, reason: str) -> None:
    assert reason in safety.key_problem(key)


def test_a_random_key_is_good() -> None:
    assert safety.key_problem(GOOD_KEY) == ""


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """The home of a demo, as `make demo` leaves it."""
    monkeypatch.setenv("REGISTER_HOME", str(tmp_path))
    monkeypatch.setenv("REGISTER_DEMO", "0")
    launch.choose_demo()
    keys.create_missing()
    settings.REGISTER_DEMO = True
    return keys.home()


def test_the_demo_is_safe_on_this_machine(demo: Path) -> None:
    assert list(safety.settings_problems()) == []


@pytest.mark.parametrize(
    "address", ["https://register.example.fi", "https://192.0.2.7", "http://localhost.fi"]
)
def test_the_demo_is_refused_where_others_reach_it(demo: Path, settings: Any, address: str) -> None:
    settings.SITE_URL = address
    problem, *_ = safety.settings_problems()
    assert problem.startswith(f"REGISTER_DEMO is on and REGISTER_URL is {address}: ")
    assert "Unset REGISTER_DEMO" in problem


def test_the_demo_is_refused_in_the_home_of_a_real_register(demo: Path) -> None:
    (demo / keys.MADE_UP).unlink()
    (problem,) = safety.settings_problems()
    assert problem.startswith(f"REGISTER_DEMO is on, but {demo} or its database is no demo: ")
    assert "Unset REGISTER_DEMO; `make demo`" in problem


@pytest.mark.parametrize("alias", ["owner", "migrate"])
def test_the_demo_is_refused_on_a_database_from_elsewhere(
    demo: Path, monkeypatch: pytest.MonkeyPatch, alias: str
) -> None:
    monkeypatch.setenv(keys.variable(f"database_{alias}"), "postgresql://real@db.example.fi/register")
    (problem,) = safety.settings_problems()
    assert "or its database is no demo" in problem


@pytest.mark.parametrize("version", [150014, 150020, 160010, 170006, 180000, 180006, 190000])
def test_a_server_without_known_leaks_is_accepted(version: int) -> None:
    assert list(safety.version_problems(version)) == []


@pytest.mark.parametrize("version", [90624, 140020, 150013, 160009, 170005])
def test_an_old_server_is_refused_with_what_to_do(version: int) -> None:
    (problem,) = safety.version_problems(version)
    assert "update the server to one of 15.14, 16.10, 17.6, 18.0" in problem


def test_debug_is_refused(settings: Any) -> None:
    settings.DEBUG = True
    assert any(problem.startswith("DEBUG is on") for problem in safety.settings_problems())


def test_a_debug_switch_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "1")
    assert any("DEBUG is set in the environment" in problem for problem in safety.settings_problems())


def test_the_tests_own_settings_are_safe() -> None:
    assert list(safety.settings_problems()) == []


def test_secrets_that_others_can_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTER_HOME", str(tmp_path))
    keys.write("link_key", GOOD_KEY)
    assert list(safety.file_problems()) == []
    (tmp_path / "secrets" / "link_key").chmod(0o644)
    (tmp_path / "secrets").chmod(0o755)
    folder, file = safety.file_problems()
    assert "chmod 700" in folder
    assert "chmod 600" in file
    assert file.endswith("make that secret anew.")


def test_an_address_without_tls_is_refused_except_on_this_machine(settings: Any) -> None:
    settings.SITE_URL = "http://register.example.fi"
    assert any("unencrypted" in problem for problem in safety.settings_problems())
    settings.SITE_URL = "http://localhost:8000"
    assert not any("unencrypted" in problem for problem in safety.settings_problems())


def test_any_host_is_refused(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert any("REGISTER_HOSTS allows any host" in problem for problem in safety.settings_problems())


@pytest.mark.parametrize(
    ("host", "options", "named"),
    [
        ("db.example.fi", {}, "db.example.fi"),
        ("db.example.fi", {"sslmode": "prefer"}, "db.example.fi"),
        ("db.example.fi", {"sslmode": "verify-full"}, ""),
        ("127.0.0.1", {}, ""),
        ("/run/postgresql", {}, ""),
    ],
)
def test_a_database_elsewhere_needs_tls(
    host: str, options: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    databases = {"link": {"ENGINE": "register.db", "HOST": host, "OPTIONS": options}}
    monkeypatch.setattr(safety, "settings", SimpleNamespace(DATABASES=databases))
    assert safety.unencrypted_host("link") == named


def test_only_a_failing_database_counts_as_an_outage() -> None:
    assert outage.is_outage(OperationalError())
    assert outage.is_outage(InterfaceError())
    caused = RuntimeError()
    caused.__cause__ = OperationalError()
    assert outage.is_outage(caused)
    assert not outage.is_outage(RuntimeError())
    assert not outage.is_outage(None)


# --- processes that must not start


@pytest.fixture
def environment(database: None) -> dict[str, str]:
    """What a web process of this very test database knows."""
    name = os.environ["REGISTER_TEST_DATABASE"]
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG") or k.startswith("REGISTER_")}
    for alias in keys.WEB:
        url = keys.read(f"database_{alias}")
        assert url is not None
        kept[keys.variable(f"database_{alias}")] = url.replace("/register_test?", f"/{name}?")
    return kept | {"REGISTER_AUDIENCES": ",".join(keys.WEB)}


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import config.wsgi; print('started')"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refused(environment: dict[str, str]) -> str:
    """What a start says that is refused."""
    ended = start(environment)
    assert ended.returncode != 0, ended.stdout
    assert "started" not in ended.stdout
    assert "The register refuses to start" in ended.stderr
    return ended.stderr


def test_a_safe_installation_starts(environment: dict[str, str]) -> None:
    ended = start(environment)
    assert (ended.returncode, ended.stdout) == (0, "started\n"), ended.stderr


def test_a_process_with_debug_and_a_default_key_does_not_start(environment: dict[str, str]) -> None:
    said = refused(environment | {"DEBUG": "1", "REGISTER_SECRET_KEY": "django-insecure-" + "x" * 40})
    assert "DEBUG is set in the environment" in said
    assert "“secret_key” is a default or a pattern" in said


def test_a_real_register_with_the_demos_switch_does_not_start(environment: dict[str, str]) -> None:
    said = refused(environment | {"REGISTER_DEMO": "1", "REGISTER_URL": "https://register.example.fi"})
    assert "anybody could sign in with the passwords of the demo" in said
    assert "people would be seen without a second factor" in said


def test_the_demo_starts_in_a_home_of_its_own(database: None, tmp_path: Path) -> None:
    ended = start(made_up_home(tmp_path / "demo"))
    assert (ended.returncode, ended.stdout) == (0, "started\n"), ended.stderr


def test_a_superuser_behind_a_page_does_not_start(environment: dict[str, str]) -> None:
    superuser = admin_url(os.environ["REGISTER_TEST_DATABASE"])
    said = refused(environment | {"DATABASE_URL_OWNER": superuser})
    assert "The login “owner” is a superuser" in said
    assert "The login “owner” bypasses row security" in said
    assert "DATABASE_URL_OWNER" in said


def test_the_tables_owner_behind_a_page_does_not_start(environment: dict[str, str]) -> None:
    url = keys.read("database_migrate")
    assert url is not None
    name = os.environ["REGISTER_TEST_DATABASE"]
    said = refused(environment | {"DATABASE_URL_BILLING": url.replace("/register_test?", f"/{name}?")})
    assert "The login “billing” owns tables or the database" in said


def test_a_half_migrated_schema_is_not_served(environment: dict[str, str]) -> None:
    with psycopg.connect(admin_url(os.environ["REGISTER_TEST_DATABASE"]), autocommit=True) as connection:
        gone = connection.execute(
            "DELETE FROM django_migrations WHERE app = 'customers' AND name = '0001_initial' RETURNING id, applied"
        ).fetchone()
        assert gone is not None
        try:
            said = refused(environment)
        finally:
            connection.execute(
                "INSERT INTO django_migrations (id, app, name, applied) OVERRIDING SYSTEM VALUE "
                "VALUES (%s, 'customers', '0001_initial', %s)",
                gone,
            )
    assert "1 migrations are not applied (customers.0001_initial" in said
    assert "manage.py migrate" in said


# --- a server of its own: trust authentication, and going away


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A throw-away server with the register's logins, their passwords, and a copy of the schema."""
    cluster = Cluster(tmp_path_factory.mktemp("safety") / "var", settings={"fsync": "off"})
    cluster.start()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def urls(server: Cluster) -> dict[str, str]:
    return provision.provision(server.admin_url(), "register", PREFIX, own_cluster=True)


@pytest.fixture
def away(environment: dict[str, str], server: Cluster, urls: dict[str, str]) -> dict[str, str]:
    """A web process of that server, whose schema is copied from the test database the first time."""
    with psycopg.connect(server.admin_url("register")) as connection:
        empty = connection.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone()
    if empty == (True,):
        copy_schema(environment, server)
    return environment | {keys.variable(f"database_{alias}"): urls[alias] for alias in keys.WEB}


def copy_schema(environment: dict[str, str], server: Cluster) -> None:
    programs = server.binaries
    source = admin_url(os.environ["REGISTER_TEST_DATABASE"])
    dump = subprocess.run([programs / "pg_dump", "-Fc", "-d", source], capture_output=True, check=True).stdout
    subprocess.run(
        [programs / "pg_restore", "--clean", "--if-exists", "-d", server.admin_url("register")],
        input=dump,
        capture_output=True,
        check=False,
    )


def test_a_server_that_trusts_everybody_is_refused(
    environment: dict[str, str], server: Cluster, urls: dict[str, str]
) -> None:
    rules = server.place.data / "pg_hba.conf"
    strict = rules.read_text()
    trusting = environment | {"DATABASE_URL_LINK": urls["link"]}
    try:
        rules.write_text("local all all trust\n")
        reload_rules(server)
        said = refused(trusting)
    finally:
        rules.write_text(strict)
        reload_rules(server)
    assert "lets the login “link” in with a wrong password" in said
    assert start(trusting).returncode == 0


def reload_rules(server: Cluster) -> None:
    with psycopg.connect(server.admin_url(), autocommit=True) as connection:
        connection.execute("SELECT pg_reload_conf()")
    time.sleep(0.3)


class Web:
    """gunicorn on a free port, as in production."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}",
                "--worker-class", "gthread", "--threads", "2", "--log-level", "error", "--no-control-socket",
            ],
            cwd=ROOT, env=environment, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def get(self, path: str = "/accounts/login/") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers={"Host": "localhost"})
        response = connection.getresponse()
        self.body = response.read().decode()
        connection.close()
        return response

    def until(self, status: int) -> http.client.HTTPResponse:
        deadline = time.monotonic() + 30
        seen: Any = None
        while time.monotonic() < deadline:
            try:
                response = self.get()
            except OSError as error:
                seen = error
            else:
                if response.status == status:
                    return response
                seen = response.status
            time.sleep(0.1)
        raise AssertionError(f"waited for {status}, last saw {seen}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(15)


def test_a_database_that_goes_away_is_503_and_then_all_is_normal_without_a_restart(
    away: dict[str, str], server: Cluster
) -> None:
    web = Web(away)
    try:
        web.until(200)
        process = web.process.pid
        server.stop()
        gone = web.get()
        assert (gone.status, gone.headers["Retry-After"]) == (503, "10")
        assert "<h1>" in web.body
        assert not re.search("Traceback|OperationalError|psycopg", web.body)
        assert web.get().status == 503
        server.start()
        web.until(200)
        assert [web.get().status for _ in range(6)] == [200] * 6
        assert web.process.poll() is None
        assert web.process.pid == process
    finally:
        server.start()
        web.stop()


def test_a_process_that_starts_before_its_database_waits_for_it(
    away: dict[str, str], server: Cluster
) -> None:
    server.stop()
    web = Web(away)
    try:
        early = web.until(503)
        assert early.headers["Retry-After"] == "10"
        server.start()
        web.until(200)
    finally:
        server.start()
        web.stop()
