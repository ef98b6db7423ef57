"""Commands that a person runs before the register is set up say what is missing, and never with a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from register import keys
from tests.cluster import ROOT


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`manage.py …` in a home of its own, with nothing in the environment that would help it."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("REGISTER_", "DATABASE_URL"))
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment | {"REGISTER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def make_keys(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as own:
        own.setenv("REGISTER_HOME", str(home))
        keys.create_missing()


def test_the_doctor_without_keys_shows_what_is_missing_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir(mode=0o755)
    ended = run(tmp_path, "doctor")
    assert (ended.returncode, ended.stderr) == (1, "")
    assert f"none is set up here, home {tmp_path}" in ended.stdout
    assert "✗ Keys          missing: REGISTER_SECRET_KEY" in ended.stdout
    assert "no address of the database: DATABASE_URL_DEFAULT" in ended.stdout
    assert "make run" in ended.stdout
    assert f"chmod 700 {tmp_path}/secrets" in ended.stdout
    assert len(ended.stdout.splitlines()) < 24
    assert json.loads(run(tmp_path, "doctor", "--json").stdout)["healthy"] is False


def test_the_doctor_with_keys_but_no_database_names_every_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_keys(tmp_path, monkeypatch)
    ended = run(tmp_path, "doctor")
    assert (ended.returncode, ended.stderr) == (1, "")
    assert [alias for alias in keys.ALIASES if f"“{alias}” has no address" not in ended.stdout] == []
    assert "no backup known" in ended.stdout


@pytest.mark.parametrize("command", ["grants --check", "statement", "migrate"])
def test_other_commands_without_keys_say_so(command: str, tmp_path: Path) -> None:
    ended = run(tmp_path, *command.split())
    assert ended.returncode == 1
    assert ended.stderr.startswith("Keys: missing: REGISTER_SECRET_KEY")
    assert "make run" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "command", ["grants --apply", "migrate", "prepare", "invite ada@example.fi", "worker"]
)
def test_commands_without_their_logins_say_so(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_keys(tmp_path, monkeypatch)
    ended = run(tmp_path, *command.split())
    assert ended.returncode == 1
    assert ended.stderr.startswith("Logins: no address of the database: DATABASE_URL")
    assert "Traceback" not in ended.stderr


def test_a_database_that_does_not_answer_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_keys(tmp_path, monkeypatch)
    for alias in keys.ALIASES:
        with monkeypatch.context() as own:
            own.setenv("REGISTER_HOME", str(tmp_path))
            keys.write(f"database_{alias}", f"postgresql://{alias}:x@/register?host={tmp_path}")
    ended = run(tmp_path, "migrate")
    assert ended.returncode == 1
    assert ended.stderr.startswith("The database does not answer.")
    doctor = run(tmp_path, "doctor")
    assert (doctor.returncode, doctor.stderr) == (1, "")
    assert "“default” finds no server" in doctor.stdout
