"""The doctor finds what is wrong, says what to do, and is quiet about what is right."""

from __future__ import annotations

import io
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.checks import Error
from django.core.management import call_command
from django.db import connections
from django.utils.timezone import localdate

from register import doctor, keys, safety
from register.doctor import Finding, Level, database, surroundings
from tests.cluster import PREFIX, admin_url


@pytest.fixture
def boss(database: None) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who can break things, in a connection of his own."""
    with psycopg.connect(admin_url(os.environ["REGISTER_TEST_DATABASE"]), autocommit=True) as connection:
        yield connection


def found(look: Any) -> list[Finding]:
    return list(look())


def levels(look: Any) -> list[Level]:
    return [finding.level for finding in found(look)]


def texts(look: Any) -> str:
    return " | ".join(finding.text for finding in found(look))


LOOKS = (
    database.connections_work, database.version, database.separation, database.privileges, database.row_security,
    database.triggers, database.declared, database.schema, database.indexes, database.clock,
    database.security, database.retention,
)  # fmt: skip


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.__name__)
def test_a_sound_database_gets_one_good_line_from_each_look(look: Any, boss: Any) -> None:
    findings = found(look)
    assert [finding.level for finding in findings] == [Level.GOOD], findings
    assert findings[0].advice == ""


def test_a_privilege_too_many_and_one_missing_are_both_named(boss: Any) -> None:
    boss.execute(f"GRANT SELECT ON customers_interaction TO {PREFIX}_billing")
    boss.execute(f"REVOKE INSERT ON customers_person FROM {PREFIX}_owner")
    try:
        assert levels(database.privileges) == [Level.WRONG, Level.WRONG]
        said = texts(database.privileges)
        assert "not in the inventory: SELECT on customers_interaction to billing" in said
        assert "missing: INSERT on customers_person to owner" in said
        assert found(database.privileges)[-1].advice == "manage.py grants --apply"
    finally:
        call_command("grants", "--apply")
    assert levels(database.privileges) == [Level.GOOD]


def test_a_trigger_that_was_dropped_or_switched_off_is_named(boss: Any) -> None:
    assert ("audit_stamped", "register_auditentry") in database.expected_triggers()
    boss.execute("ALTER TABLE register_auditentry DISABLE TRIGGER audit_append_only")
    boss.execute("ALTER TRIGGER audit_stamped ON register_auditentry RENAME TO something_else")
    try:
        said = texts(database.triggers)
        assert "audit_append_only on register_auditentry is switched off" in said
        assert "audit_stamped on register_auditentry is gone" in said
    finally:
        boss.execute("ALTER TABLE register_auditentry ENABLE TRIGGER audit_append_only")
        boss.execute("ALTER TRIGGER something_else ON register_auditentry RENAME TO audit_stamped")


def test_row_security_switched_off_is_named(boss: Any) -> None:
    boss.execute("ALTER TABLE customers_person DISABLE ROW LEVEL SECURITY")
    try:
        assert "customers_person shows the public login more than a link opens" in texts(
            database.row_security
        )
    finally:
        boss.execute("ALTER TABLE customers_person ENABLE ROW LEVEL SECURITY")


def test_an_index_that_was_built_only_half_is_named_with_its_cure(boss: Any) -> None:
    index = "UPDATE pg_index SET indisvalid = %s WHERE indexrelid = 'customer_order'::regclass"
    boss.execute(index, [False])
    try:
        (finding,) = found(database.indexes)
        assert (finding.level, finding.text) == (Level.WRONG, "customer_order was built only half")
        assert "REINDEX INDEX CONCURRENTLY customer_order" in finding.advice
    finally:
        boss.execute(index, [True])


def test_a_schema_newer_than_the_program_is_named(boss: Any) -> None:
    boss.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('billing', '9999_later', now())")
    try:
        assert texts(database.schema) == "the database is newer than this program (billing.9999_later)"
    finally:
        boss.execute("DELETE FROM django_migrations WHERE name = '9999_later'")


def test_a_login_with_too_much_power_is_named(boss: Any) -> None:
    boss.execute(f"GRANT {PREFIX}_owner TO {PREFIX}_link")
    try:
        said = texts(database.separation)
        assert f"{PREFIX}_link is a member of {PREFIX}_owner" in said
    finally:
        boss.execute(f"REVOKE {PREFIX}_owner FROM {PREFIX}_link")
    assert levels(database.separation) == [Level.GOOD]


def test_what_was_refused_lately_is_counted_by_kind_without_names(boss: Any) -> None:
    event = (
        "INSERT INTO register_securityevent (what, at, login, view, details) "
        "VALUES (%s, now() - %s::interval, '', '', '')"
    )
    for what, age in (
        ("sign_in", "1 day"),
        ("sign_in", "6 days"),
        ("forged", "1 hour"),
        ("denied", "8 days"),
    ):
        boss.execute(event, [what, age])
    (finding,) = found(database.security)
    assert finding.level == Level.NOTE
    assert finding.text == "events of 7 days: a forged or expired signature (1), sign-in failed (2)"
    assert "/register/security/" in finding.advice


def test_an_erasure_that_the_night_run_could_not_finish_is_named(boss: Any) -> None:
    erasure = (
        "INSERT INTO register_erasure (number, at, reason, answer, due_on) "
        "VALUES (%s, now(), 'asked', '{}', %s)"
    )
    for number, days in (("H1", 10), ("H2", 1), ("H3", -30)):
        boss.execute(erasure, [number, localdate() - timedelta(days=days)])
    (finding,) = found(database.retention)
    assert finding.level == Level.WRONG
    assert finding.text.startswith("1 erased long ago should be gone by now")
    assert "register.retention" in finding.advice


def test_an_old_server_is_named(monkeypatch: pytest.MonkeyPatch, boss: Any) -> None:
    monkeypatch.setattr(safety, "server_version", lambda alias: 140_012)
    (finding,) = found(database.version)
    assert finding.level == Level.WRONG
    assert "update the server" in finding.advice


def test_a_field_that_does_not_say_what_it_is_is_named(monkeypatch: pytest.MonkeyPatch, boss: Any) -> None:
    undeclared = Error("Person.shoe_size says nothing", id="inventory.E002")
    monkeypatch.setattr(database, "run_checks", lambda tags: [undeclared])
    assert levels(database.declared) == [Level.WRONG]
    assert texts(database.declared) == "Person.shoe_size says nothing"


def test_a_migration_that_was_not_applied_is_named(boss: Any) -> None:
    gone = "DELETE FROM django_migrations WHERE app = 'billing' AND name = '0002_law' RETURNING applied"
    (applied,) = boss.execute(gone).fetchone()
    try:
        (finding,) = found(database.schema)
        assert (finding.level, finding.advice) == (Level.WRONG, "manage.py migrate")
        assert "1 migrations are not applied (billing.0002_law" in finding.text
    finally:
        again = "INSERT INTO django_migrations (app, name, applied) VALUES ('billing', '0002_law', %s)"
        boss.execute(again, [applied])


@pytest.mark.parametrize(("seconds", "level"), [(1, Level.GOOD), (10, Level.NOTE), (90, Level.WRONG)])
def test_clocks_that_differ_are_named(
    seconds: int, level: Level, monkeypatch: pytest.MonkeyPatch, boss: Any
) -> None:
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + seconds)
    assert levels(database.clock) == [level]


def test_a_wrong_password_is_told_apart_from_a_missing_server(boss: Any) -> None:
    link = connections["link"]
    link.close()
    right = dict(link.settings_dict)
    try:
        link.settings_dict["PASSWORD"] = "wrong"
        (finding,) = found(database.connections_work)
        assert finding.text == "“link” is refused: wrong password"
        assert "--fix-roles" in finding.advice
        link.settings_dict |= right
        link.settings_dict["HOST"] = "/nowhere"
        (finding,) = found(database.connections_work)
        assert finding.text == "“link” finds no server"
    finally:
        link.settings_dict |= right


def test_a_worker_that_sleeps_is_missed(boss: Any) -> None:
    assert levels(database.worker) == [Level.WRONG]
    boss.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert levels(database.worker) == [Level.GOOD]
    boss.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")
    assert levels(database.worker) == [Level.WRONG]


# --- surroundings


@contextmanager
def relay() -> Iterator[tuple[int, list[bytes]]]:
    """A mail relay that greets and remembers what it was told."""
    told: list[bytes] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)

        def serve() -> None:
            with suppress(OSError):
                client, _address = listener.accept()
                with client, client.makefile("rb") as lines:
                    client.sendall(b"220 relay\r\n")
                    for line in lines:
                        told.append(line.strip())
                        client.sendall(
                            b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 relay\r\n"
                        )

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], told
        thread.join(2)


def use_relay(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False


def test_a_mail_relay_is_greeted_and_sent_nothing(settings: Any) -> None:
    with relay() as (port, told):
        use_relay(settings, port)
        assert levels(surroundings.mail) == [Level.GOOD]
    assert [line.split()[0] for line in told] == [b"ehlo", b"QUIT"]


def test_a_missing_mail_relay_is_named(settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    use_relay(settings, port)
    settings.REGISTER_DEMO = False
    (finding,) = found(surroundings.mail)
    assert finding.level == Level.WRONG
    assert finding.text == f"127.0.0.1:{port} does not answer (ConnectionRefusedError)"


def test_mail_that_goes_nowhere_is_said(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert texts(surroundings.mail) == "goes nowhere (locmem)"


def test_keys_that_can_be_guessed_and_files_that_others_can_read_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [one.level for one in found(surroundings.installation) if one.subject == "Settings"][:1] == [
        Level.GOOD
    ]
    monkeypatch.setenv("REGISTER_HOME", str(tmp_path))
    monkeypatch.setenv("REGISTER_LINK_KEY", "changeme")
    keys.create_missing()
    (tmp_path / "secrets" / "secret_key").chmod(0o644)
    told = [one for one in found(surroundings.installation) if one.level == Level.WRONG]
    assert [one.text.partition(" is ")[0] for one in told] == [
        "The secret “link_key”",
        f"Others can read {tmp_path}/secrets/secret_key",
    ]
    assert all(one.advice for one in told)


def test_a_backup_is_missed_when_old_when_absent_and_when_not_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.REGISTER_DEMO = False
    monkeypatch.delenv("REGISTER_BACKUP_DIR", raising=False)
    assert levels(surroundings.backup) == [Level.NOTE]
    assert texts(surroundings.backup) == "no backup known"
    monkeypatch.setenv("REGISTER_BACKUP_DIR", str(tmp_path))
    assert levels(surroundings.backup) == [Level.WRONG]
    made = tmp_path / "register.dump"
    made.write_text("x")
    assert texts(surroundings.backup) == "the last one is 0 h old"
    assert levels(surroundings.backup) == [Level.GOOD]
    old = datetime.now().timestamp() - 4 * 24 * 3600
    os.utime(made, (old, old))
    assert texts(surroundings.backup) == "the last one is 4 days old"
    assert levels(surroundings.backup) == [Level.WRONG]


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    gib = 1024**3

    def usage(free: float) -> Any:
        return lambda path: type("Usage", (), {"free": free * gib, "total": 100 * gib})()

    for free, level in ((50, Level.GOOD), (1.5, Level.NOTE), (0.2, Level.WRONG)):
        monkeypatch.setattr(surroundings.shutil, "disk_usage", usage(free))
        assert levels(surroundings.disk) == [level]


# --- the command


def test_the_screen_and_the_exit_status_say_that_something_is_wrong(boss: Any) -> None:
    screen = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=screen)
    assert ended.value.code == 1  # no worker runs beside the tests
    assert "✗ Worker        none at work" in screen.getvalue()
    assert "✓ Privileges    equal to the inventory" in screen.getvalue()
    assert "to put right" in screen.getvalue()


def test_a_healthy_register_ends_with_status_zero_and_json_says_the_same(boss: Any) -> None:
    boss.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    told = io.StringIO()
    call_command("doctor", "--json", stdout=told)
    report = json.loads(told.getvalue())
    assert report["healthy"] is True
    assert {
        "level": "good",
        "subject": "Privileges",
        "text": "equal to the inventory",
        "advice": "",
    } in report["findings"]


def test_every_wrong_finding_says_what_to_do_at_its_end() -> None:
    problems = [f"problem {number}" for number in range(9)]
    shown = list(database._all(problems, "Subject", "fine", "the cure"))
    assert len(shown) == 6
    assert shown[-1].text == "problem 5 (and 3 more)"
    assert [finding.advice for finding in shown] == [""] * 5 + ["the cure"]
    assert not doctor.healthy(shown)
