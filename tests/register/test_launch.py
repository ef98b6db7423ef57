"""The launcher: what children may know, which database is ours, and a whole start and stop."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from register import keys, launch, preparation
from register.embedded import Cluster

ROOT = Path(__file__).resolve().parents[2]


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
    assert launch.is_embedded(cluster)
    keys.write("database_migrate", f"postgresql://m:p@/register?host={cluster.socket_directory}")
    assert launch.is_embedded(cluster)
    monkeypatch.setenv("DATABASE_URL", "postgresql://m:p@db.example.fi/register")
    assert not launch.is_embedded(cluster)


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


class Running:
    """`manage.py run` in a process of its own."""

    def __init__(self, home: Path) -> None:
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("REGISTER_", "DATABASE_", "PYTEST_"))
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--port", "18100"],
            cwd=ROOT,
            env=environment | {"REGISTER_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []

    def wait_for(self, words: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if words in line:
                return line
        raise AssertionError("It ended with: " + "".join(self.lines[-20:]))

    def end(self, how: signal.Signals) -> str:
        self.process.send_signal(how)
        return self.process.communicate(timeout=40)[0]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Running]]:
    """Whatever a test puts here is ended after it, also when the test fails."""
    running: list[Running] = []
    yield running
    for each in running:
        if each.process.poll() is None:
            each.end(signal.SIGTERM)
    Cluster(tmp_path / "var").remove()


def descendants(pid: int) -> set[int]:
    """Process ids of all children, theirs too."""
    found: set[int] = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found |= {child} | descendants(child)
    return found


def environment_of(pid: int) -> bytes:
    """What a process was started with; nothing when it has just ended (PostgreSQL's helpers come and go)."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def secret_of(home: Path, name: str) -> str:
    return (home / "secrets" / name).read_text().strip()


def alive(pids: set[int]) -> set[int]:
    """Those that still run (a zombie has ended; only its parent has not asked yet)."""
    found = set()
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if " Z " not in Path(f"/proc/{pid}/stat").read_text():
                found.add(pid)
    return found


def wait_until_gone(pids: set[int]) -> set[int]:
    deadline = time.monotonic() + 20
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    return alive(pids)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_a_register_starts_answers_and_leaves_nothing_behind(tmp_path: Path, started: list[Running]) -> None:
    used_home = tmp_path / "var"
    started.append(first := Running(used_home))
    line = first.wait_for("Ready after")
    url = re.search(r"http://localhost:\d+", line)
    assert url is not None
    assert any("Making the database logins" in text for text in first.lines)
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(url[0] + "/there-is-no-such-page")
    assert answer.value.code == 404
    children = descendants(first.process.pid)
    assert len(children) >= 5  # PostgreSQL and its helpers, gunicorn and its workers, the worker
    migrator = secret_of(used_home, "database_migrate")
    known = {child: environment_of(child) for child in children}
    assert any(b"REGISTER_AUDIENCES=default,owner,billing,link,audit" in text for text in known.values())
    assert any(b"REGISTER_AUDIENCES=worker,audit,default" in text for text in known.values())
    for secret in (
        secret_of(used_home, "postgres_superuser"),
        migrator,
        migrator.split(":")[2].split("@")[0],
    ):
        assert len(secret) > 40
        assert not any(secret.encode() in text for text in known.values())

    started.append(refused := Running(used_home))
    refused.wait_for("running already")
    assert refused.process.wait(20) == 1

    said = first.end(signal.SIGINT)
    assert first.process.returncode == 0
    assert said.rstrip().endswith("Stopped")
    assert wait_until_gone(children) == set()

    started.append(second := Running(used_home))
    seconds = re.search(r"Ready after ([\d.]+) s", second.wait_for("Ready after"))
    assert seconds is not None
    assert not any("Making" in text for text in second.lines)
    children = descendants(second.process.pid)
    second.end(signal.SIGKILL)
    assert wait_until_gone(children) == set()
