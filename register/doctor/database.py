"""The doctor's look at the server: version, logins, privileges, row security, triggers, schema, indexes, jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.core.checks import run_checks
from django.db import Error, connections, migrations
from django.db.migrations.loader import MigrationLoader
from django.utils import translation
from django.utils.timezone import localdate

from register import grants, inventory, keys, provision, safety
from register.checks import OUR_APPS
from register.doctor import Finding, good, note, wrong
from register.models import Erasure, SecurityEvent
from register.roles import Login

ASLEEP_SECONDS = 60
"""A worker says every ten seconds that it is alive."""
EVENT_DAYS = 7
LATE = timedelta(days=2)
"""The night run has had its turn by then."""


def connections_work() -> Iterator[Finding]:
    """Each login gets in, as the role it should be."""
    failed = []
    for alias in keys.ALIASES:
        if alias not in safety.real_aliases():
            failed.append(alias)
            yield wrong(
                "Logins",
                f"“{alias}” has no address",
                f"{keys.variable('database_' + alias)} is missing: run doctor with all secrets.",
            )
        elif problem := _cannot_enter(alias):
            failed.append(alias)
            yield wrong("Logins", f"“{alias}” {problem[0]}", problem[1])
            if problem[0] == NOT_THERE:
                return
    if not failed:
        yield good("Logins", f"{len(keys.ALIASES)} logins get in")


NOT_THERE = "finds no server"


def _cannot_enter(alias: str) -> tuple[str, str] | None:
    try:
        connections[alias].ensure_connection()
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT session_user")
            name = cursor.fetchone()[0]
    except Error as error:
        cause = error.__cause__ or error
        if isinstance(cause, psycopg.OperationalError) and "authentication failed" in str(cause):
            return "is refused: wrong password", "Set new ones: manage.py provision --fix-roles"
        if "permission denied" in str(cause):
            return "may not enter the database", "Run manage.py provision again."
        place = safety.host_elsewhere(alias) or "this machine"
        return NOT_THERE, f"Start the database on {place} (the embedded one: make run), then look again."
    expected = provision.role_name(alias, settings.REGISTER_ROLE_PREFIX)
    if name != expected:
        return f"enters as {name}, not as {expected}", "Run manage.py provision, or set REGISTER_ROLE_PREFIX."
    return None


def version() -> Iterator[Finding]:
    """Server version."""
    with connections["migrate"].cursor() as cursor:
        cursor.execute("SHOW server_version")
        text = f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
    problems = list(safety.version_problems(safety.server_version("migrate")))
    if problems:
        yield wrong("Server", f"{text} is too old", problems[0])
    else:
        yield good("Server", text)


def separation() -> Iterator[Finding]:
    """Logins are separated."""
    connections["migrate"].ensure_connection()
    raw = connections["migrate"].connection
    name = str(settings.DATABASES["migrate"]["NAME"])
    found = list(provision.problems(raw, name, settings.REGISTER_ROLE_PREFIX))
    for alias in keys.ALIASES:
        if alias != "migrate":
            with connections[alias].cursor() as cursor:
                found += safety.login_problems(cursor, alias)
        if safety.lets_anybody_in(alias):
            found.append(f"“{alias}” gets in with a wrong password: set scram-sha-256 in pg_hba.conf")
    yield from _all(found, "Separation", "no login may more than its own", "manage.py provision --fix-roles")


def privileges() -> Iterator[Finding]:
    """Privileges equal the inventory."""
    with connections["migrate"].cursor() as cursor:
        found = grants.differences(cursor)
    yield from _all(found, "Privileges", "equal to the inventory", "manage.py grants --apply")


def row_security() -> Iterator[Finding]:
    """Row security."""
    expected = {
        entry.table for entry in inventory.entries() if entry.about and entry.access.may(Login.LINK, "read")
    }
    with connections["migrate"].cursor() as cursor:
        cursor.execute(ROW_SECURITY)
        state = {table: (secured, policies) for table, secured, policies in cursor.fetchall()}
    found = [
        f"{table} shows the public login more than a link opens"
        for table in sorted(expected)
        if state.get(table) is None or not state[table][0] or not state[table][1]
    ]
    found += [
        f"{table} has policies that are switched off"
        for table, (secured, policies) in sorted(state.items())
        if policies and not secured and table not in expected
    ]
    count = sum(secured for secured, _ in state.values())
    advice = "Restore the schema from the migrations (manage.py migrate privacy), or from a backup."
    yield from _all(found, "Row security", f"on for {count} tables", advice)


ROW_SECURITY = """
SELECT c.relname, c.relrowsecurity, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""


def triggers() -> Iterator[Finding]:
    """Triggers that hold the law."""
    expected = expected_triggers()
    with connections["migrate"].cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
        )
        state = {(name, table): enabled for name, table, enabled in cursor.fetchall()}
    missing = [f"{name} on {table} is gone" for name, table in sorted(expected - state.keys())]
    asleep = [
        f"{name} on {table} is switched off"
        for (name, table), how in sorted(state.items())
        if how in ("D", "R")
    ]
    advice = "Restore the schema: the database no longer keeps what it promised."
    yield from _all(missing + asleep, "Triggers", f"{len(expected)} in their places", advice)


CREATED = re.compile(
    r"CREATE\s+(?:OR REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER\s+(\w+)\s.*?\sON\s+(?:public\.)?(\w+)", re.DOTALL
)
DROPPED = re.compile(r"DROP\s+TRIGGER\s+(?:IF EXISTS\s+)?(\w+)\s+ON\s+(?:public\.)?(\w+)", re.DOTALL)


def expected_triggers() -> set[tuple[str, str]]:
    """(trigger, table) as the SQL of our migrations makes and removes them, in their order."""
    loader = MigrationLoader(None)
    expected: set[tuple[str, str]] = set()
    for label, name in _in_order(loader):
        for operation in loader.graph.nodes[label, name].operations:
            if isinstance(operation, migrations.RunSQL) and isinstance(operation.sql, str):
                expected -= set(DROPPED.findall(operation.sql))
                expected |= set(CREATED.findall(operation.sql))
    return expected


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    plan: list[tuple[str, str]] = []
    for target in sorted(loader.graph.leaf_nodes()):
        plan += [step for step in loader.graph.forwards_plan(target) if step not in plan]
    return [step for step in plan if step[0] in OUR_APPS]


def schema() -> Iterator[Finding]:
    """Schema and program belong together."""
    with connections["migrate"].cursor() as cursor:
        problems = list(safety.schema_problems(cursor))
        cursor.execute("SELECT app, name FROM django_migrations")
        ours = {step for step in cursor.fetchall() if step[0] in OUR_APPS}
    if problems:
        yield wrong("Schema", problems[0], "manage.py migrate")
        return
    newer = sorted(ours - safety.migration_names())
    if newer:
        yield wrong(
            "Schema",
            f"the database is newer than this program ({'.'.join(newer[-1])})",
            "Install the newer program, or restore the backup from before the upgrade.",
        )
        return
    yield good("Schema", "all migrations applied")


def indexes() -> Iterator[Finding]:
    """Indexes."""
    with connections["migrate"].cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE c.relnamespace = 'public'::regnamespace AND NOT (i.indisvalid AND i.indisready) ORDER BY 1"
        )
        broken = [name for (name,) in cursor.fetchall()]
    commands = "; ".join(f"REINDEX INDEX CONCURRENTLY {name}" for name in broken)
    found = [f"{name} was built only half" for name in broken]
    yield from _all(found, "Indexes", "all whole", f"As the migrator: {commands}")


def declared() -> Iterator[Finding]:
    """Inventory."""
    found = [str(message.msg) for message in run_checks(tags=["inventory"])]
    count = sum(len(entry.fields) for entry in inventory.entries())
    yield from _all(found, "Inventory", f"{count} fields say what they are", "manage.py check says more.")


def clock() -> Iterator[Finding]:
    """Clock."""
    import time

    before = time.time()
    with connections["migrate"].cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        there = cursor.fetchone()[0]
    apart = abs(there - (before + time.time()) / 2)
    if apart > 30:
        yield wrong("Clock", f"program and database are {apart:.0f} s apart", "Let NTP set both clocks.")
    elif apart > 2:
        yield note("Clock", f"program and database are {apart:.0f} s apart", "Let NTP set both clocks.")
    else:
        yield good("Clock", "program and database agree")


def worker() -> Iterator[Finding]:
    """Worker."""
    with connections["worker"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s)) "
            "FROM procrastinate_workers",
            [ASLEEP_SECONDS],
        )
        alive = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()), "
            "count(*) FILTER (WHERE status = 'failed') FROM procrastinate_jobs"
        )
        waiting, failed = cursor.fetchone()
    if alive:
        yield good("Worker", f"{alive} at work, {waiting} jobs waiting")
    else:
        text = f"none at work, {waiting} jobs waiting"
        yield wrong("Worker", text, "Start one: manage.py worker (make run does it).")
    if failed:
        yield note("Worker", f"{failed} jobs failed for good", "The worker's log says why.")


def security() -> Iterator[Finding]:
    """Security events."""
    with connections["migrate"].cursor() as cursor:
        cursor.execute(
            "SELECT what, count(*) FROM register_securityevent WHERE at > now() - make_interval(days => %s) "
            "GROUP BY what ORDER BY what",
            [EVENT_DAYS],
        )
        counts = cursor.fetchall()
    if not counts:
        yield good("Security", f"nothing was refused in {EVENT_DAYS} days")
        return
    with translation.override("en"):
        labels = {str(what): str(label) for what, label in SecurityEvent.What.choices}
    told = ", ".join(f"{labels.get(what, what)} ({count})" for what, count in counts)
    advice = "The owner reads what each means under “Security events” (/register/security/)."
    yield note("Security", f"events of {EVENT_DAYS} days: {told}", advice)


def retention() -> Iterator[Finding]:
    """What the law kept of people erased, and keeps no longer."""
    due = Erasure.objects.using("migrate").due(on=localdate() - LATE)
    if count := due.count():
        text = f"{count} erased long ago should be gone by now, the first since {due[0].due_on}"
        yield wrong("Retention", text, "The worker's log says each night why not (register.retention).")
    else:
        yield good("Retention", "nothing is kept longer than the law does")


def _all(problems: list[str], subject: str, fine: str, advice: str) -> Iterator[Finding]:
    """One line when all is well; else one a problem, not more than a screen holds, the advice at the last."""
    if not problems:
        yield good(subject, fine)
        return
    shown = problems[:6]
    for problem in shown[:-1]:
        yield wrong(subject, problem, "")
    more = f" (and {len(problems) - len(shown)} more)" if len(problems) > len(shown) else ""
    yield wrong(subject, shown[-1] + more, advice)


LOOKS: tuple[Any, ...] = (
    version, separation, privileges, row_security, triggers, declared, schema, indexes, clock, worker, security,
    retention,
)  # fmt: skip
