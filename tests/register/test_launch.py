"""The launcher: what children may know, which database is ours, what makes a start prepare again."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import pytest

from register import keys, launch, logins, preparation
from register.embedded import Cluster


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation's home of its own, with nothing in it."""
    monkeypatch.setenv("REGISTER_HOME", str(tmp_path / "var"))
    monkeypatch.delenv("REGISTER_ROLE_PREFIX", raising=False)
    for name in (*keys.KEYS, *(f"database_{alias}" for alias in keys.ALIASES)):
        monkeypatch.delenv(keys.variable(name), raising=False)
    return tmp_path / "var"


def test_a_child_knows_only_the_logins_it_needs() -> None:
    caller = {
        "PATH": "/bin",
        "REGISTER_HOME": "/srv/register",
        "EMAIL_URL": "smtp://mail",
        "PGPASSWORD": "p",
        "AWS_SECRET_ACCESS_KEY": "a",
        "DATABASE_URL": "migrator",
        "DATABASE_URL_OWNER": "o",
        "DATABASE_URL_LINK": "l",
        "DATABASE_URL_WORKER": "w",
    }
    web = launch.environment(launch.WEB, caller)
    assert web == {
        "PATH": "/bin",
        "REGISTER_HOME": "/srv/register",
        "EMAIL_URL": "smtp://mail",
        "DATABASE_URL_OWNER": "o",
        "DATABASE_URL_LINK": "l",
        "REGISTER_AUDIENCES": "default,owner,billing,link,audit",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    worker = launch.environment(launch.WORKER, caller)
    assert worker["DATABASE_URL_WORKER"] == "w"
    assert worker["REGISTER_AUDIENCES"] == "worker,audit,default"
    assert not {"DATABASE_URL", "DATABASE_URL_OWNER", "PGPASSWORD"} & set(worker)


def test_a_busy_port_is_passed_over() -> None:
    with launch.listen(18000) as first:
        taken = first.getsockname()[1]
        with launch.listen(taken) as second:
            assert second.getsockname()[1] > taken
            assert second.getsockname()[0] == "127.0.0.1"


def test_the_embedded_server_is_used_until_a_url_names_another(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Cluster(home)
    assert logins.is_embedded(cluster)
    keys.write("database_migrate", f"postgresql://m:p@/register?host={cluster.socket_directory}")
    assert logins.is_embedded(cluster)
    monkeypatch.setenv("DATABASE_URL", "postgresql://m:p@db.example.fi/register")
    assert not logins.is_embedded(cluster)


def test_an_external_database_needs_a_url_for_every_login(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://m:p@db.example.fi/register")
    with pytest.raises(launch.LaunchError, match="DATABASE_URL_OWNER"), launch.database(lambda line: None):
        pass
    for alias in keys.ALIASES:
        monkeypatch.setenv(keys.variable(f"database_{alias}"), "postgresql://m:p@db.example.fi/register")
    with launch.database(lambda line: None) as cluster:
        assert cluster is None
    assert not (home / "postgres").exists()


def test_the_demo_shares_neither_home_nor_database_with_the_real_register(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://m:p@db.example.fi/register")
    monkeypatch.setenv("REGISTER_DEMO", "0")
    launch.choose_demo()
    assert keys.home() == home / "demo"
    assert keys.read("database_migrate") is None
    assert os.environ["REGISTER_DEMO"] == "1"
    assert keys.is_made_up()


def test_printed_sql_needs_no_server_and_leaves_the_urls(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "postgresql://dba@db.example.fi:5433/postgres?sslmode=verify-full"
    assert launch.main(["provision", "--admin-url", address, "--print-sql", "--database", "crm"]) == 0
    script = capsys.readouterr().out
    assert 'CREATE ROLE "register_migrator" LOGIN NOSUPERUSER' in script
    stored = keys.read("database_billing")
    assert stored is not None
    assert re.fullmatch(
        r"postgresql://register_billing:[\w-]{43}@db\.example\.fi:5433/crm\?sslmode=verify-full", stored
    )
    password = stored.split(":")[2].split("@")[0]
    assert password not in script
    launch.main(["provision", "--admin-url", address, "--print-sql", "--database", "crm"])
    assert keys.read("database_billing") == stored
    launch.main(["provision", "--admin-url", address, "--print-sql", "--database", "crm", "--fix-roles"])
    assert keys.read("database_billing") != stored


def test_a_server_that_does_not_answer_is_said_plainly(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        url = f"postgresql://dba:hidden-word@127.0.0.1:{port}/postgres"
        assert launch.main(["provision", "--admin-url", url]) == 1
    said = capsys.readouterr().err
    assert "refused" in said
    assert "hidden-word" not in said


def test_a_start_is_prepared_again_after_any_change(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrated = [b"(79, 79)"]
    monkeypatch.setattr(preparation, "_migrated", lambda: migrated[0])
    keys.create_missing()
    assert not preparation.is_done()
    preparation.mark_done()
    assert preparation.is_done()
    for change in (
        lambda: keys.write("context_key", "another"),
        lambda: monkeypatch.setenv("REGISTER_HOSTS", "another.example.fi"),
        lambda: migrated.__setitem__(0, b"(80, 80)"),
        lambda: monkeypatch.setattr(preparation, "PROGRAM", ("*.txt",)),
    ):
        change()
        assert not preparation.is_done()
        preparation.mark_done()
        assert preparation.is_done()
