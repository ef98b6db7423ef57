"""Writing a staged import into the register: confirmed by a person, done by the worker, all or nothing.

While the transaction works, its progress is told through a second connection. A run whose worker died holds
no lock any more, so it is seen to be interrupted and can be started again; nothing of it was written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, connections
from django.db.models import Q
from django.utils.translation import gettext as _

from customers.importing import lookups, matching, objections, statements, uploads
from customers.importing.deciding import LOCK
from customers.importing.matching import Choice, Earlier, Verdict
from customers.importing.staging import AT_A_TIME
from customers.models import Customer, ImportRow, ImportRun, Person
from register import access, audit
from register.finnish import sort_key
from register.models import AuditEntry, User

log = logging.getLogger("register.importing")

Status, Result = ImportRun.Status, ImportRow.Result

AUDITED_AT_A_TIME = 5000


# --- writing ----------------------------------------------------------------------------------------------


def write(run_id: int, *, at: datetime, on: date) -> bool:
    """Write a confirmed import, in the acting transaction; False when there is nothing (more) to do.

    Raises whatever the database raises; then the caller says so by `fail`.
    """
    if not _take_lock(run_id):
        return False
    with _teller(run_id) as tell:
        if not tell.begin():
            return False
        run = ImportRun.objects.get(pk=run_id)
        _write(_Writing(run, at, on, tell.percent))
    return True


def fail(run_id: int, problem: str) -> None:
    """Say that a run could not be written; nothing of it was."""
    ImportRun.objects.filter(pk=run_id, status__in=(Status.RUNNING, Status.QUEUED)).update(
        status=Status.FAILED, problem=problem[:300], handled=0
    )


def said_of(error: Exception) -> str:
    """What staff are told of an error; a database's own words may hold personal data and are kept back."""
    log.error("an import failed: %s", type(error).__name__)
    if isinstance(error, DatabaseError):
        return _(
            "The register changed in a way that does not fit the file. Nothing was imported. "
            "Check the rows and try again."
        )
    return _("Something went wrong, and nothing was imported. Try again.")


def _take_lock(run_id: int) -> bool:
    """This run is nobody else's, and no other import writes at the same time."""
    with connections[access.alias()].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, run_id])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
    return True


class _Teller:
    """Tells how far the run is, each time at once, through a connection of its own."""

    def __init__(self, run_id: int, cursor: Any) -> None:
        self.run_id, self.cursor = run_id, cursor

    def begin(self) -> bool:
        """The run is being written from now on; False if it does not wait for that."""
        self.cursor.execute(
            "UPDATE customers_importrun SET status = 'running', handled = 0 "
            "WHERE id = %s AND status IN ('queued', 'running')",
            [self.run_id],
        )
        return bool(self.cursor.rowcount)

    def percent(self, handled: int) -> None:
        self.cursor.execute(
            "UPDATE customers_importrun SET handled = %s WHERE id = %s AND status = 'running'",
            [handled, self.run_id],
        )


@contextmanager
def _teller(run_id: int) -> Iterator[_Teller]:
    connection = connections[access.alias()].copy()
    try:
        with connection.cursor() as cursor:
            yield _Teller(run_id, cursor)
    finally:
        connection.close()


class _Writing:
    """One run on its way into the register."""

    def __init__(self, run: ImportRun, at: datetime, on: date, tell: Callable[[int], None]) -> None:
        self.run, self.at, self.on, self.tell = run, at, on, tell
        self.parameters = {
            "run": run.pk,
            "by": run.confirmed_by_id,
            "at": at,
            "today": on,
            "source": run.source,
            "subject": _("From the file %(name)s") % {"name": run.file_name[:150]},
        }

    def do(self, statement: str, **more: Any) -> int:
        with connections[access.alias()].cursor() as cursor:
            cursor.execute(statement, self.parameters | more)
            return int(cursor.rowcount)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        return access.ask(statement, self.parameters)


STEPS: tuple[tuple[str, int], ...] = (
    (statements.COMPANIES, 10),
    (statements.PEOPLE, 20),
    (statements.PRIVATE, 28),
    (statements.ANALYZE, 29),
    (statements.REPRESENTATIONS, 36),
    (statements.TAGS, 37),
    (statements.COMPLETED, 42),
    (statements.EMAILS, 52),
    (statements.PHONES, 60),
    (statements.ADDRESSES, 68),
    (statements.NOTES, 70),
)
"""What is done in order, and how many per cent of the work are then behind us."""


def _write(writing: _Writing) -> None:
    _search_later()
    _skip_latecomers(writing)
    while writing.do(statements.ORPHANS):
        pass
    for statement, percent in STEPS:
        writing.do(statement)
        if statement is statements.PEOPLE:
            while writing.do(statements.REPEATED):
                pass
        writing.tell(percent)
    _rename(writing)
    writing.do("SELECT customers_settle_search()")
    writing.tell(95)
    access.send_context(access.current())
    _honour_refusals(writing)
    _finish(writing)


def _search_later() -> None:
    """Search documents are written once, at the end of the transaction."""
    with connections[access.alias()].cursor() as cursor:
        cursor.execute("SELECT set_config('register.search', 'later', true)")


def _skip_latecomers(writing: _Writing) -> None:
    """Rows to be added whose people came to the register after the preview are left out, and said to be."""
    since = writing.run.staged_at
    if not (
        Person.objects.filter(entered_at__gt=since).exists()
        or Customer.objects.filter(created_at__gt=since).exists()
    ):
        return
    rows = writing.run.rows.filter(choice=Choice.ADD, verdict=Verdict.NEW).order_by("position")
    position = 0
    while some := list(rows.filter(position__gt=position)[:AT_A_TIME]):
        position = some[-1].position
        found = lookups.find([row.data for row in some])
        late = [row.pk for row in some if _is_late(row, found)]
        ImportRow.objects.filter(pk__in=late).update(
            choice=Choice.SKIP, reason=ImportRow.Reason.MEANWHILE, result=Result.SKIPPED
        )
        _tie_to_new_companies(some, found)


def _is_late(row: ImportRow, found: lookups.Found) -> bool:
    return matching.match(row.data, found, Earlier(), row.position).verdict != Verdict.NEW


def _tie_to_new_companies(rows: list[ImportRow], found: lookups.Found) -> None:
    """The company came to the register meanwhile: the row's person represents that one."""
    for row in rows:
        companies = lookups.companies_of(found, row.data.get("company", {}))
        if companies and row.customer_id is None:
            ImportRow.objects.filter(pk=row.pk).update(customer=companies[0])


def _rename(writing: _Writing) -> None:
    """Names taken from the file, each only if it still is what it was when the file was compared."""
    taken = [found for found in writing.ask(statements.NAMES_TAKEN) if _is_renamed(*found)]
    owners = [
        (None, customer) if field == "company" else (person, None) for person, customer, field, *_ in taken
    ]
    writing.do(
        statements.NAMED,
        people=[person for person, _customer in owners],
        customers=[customer for _person, customer in owners],
        fields=[field for _person, _customer, field, *_names in taken],
    )


def _is_renamed(person: int, customer: int, field: str, file: str, register: str) -> bool:
    """Whether the name was still what it was, and is the file's now."""
    if field == "company":
        known = Customer.objects.filter(pk=customer, name=register)
        return bool(known.update(name=file, sort_key=sort_key(file)))
    name = {"given": "given_name", "family": "family_name"}[field]
    if not Person.objects.filter(pk=person, **{name: register}).update(**{name: file}):
        return False
    one = Person.objects.get(pk=person)
    one.rename(given_name=one.given_name, family_name=one.family_name)
    one.save(update_fields=["sort_key"])
    for private in Customer.objects.filter(person=person):
        private.save(update_fields=private.named_after(one))
    return True


def _honour_refusals(writing: _Writing) -> None:
    refused = [canonical for (canonical,) in writing.ask(statements.REFUSALS)]
    if refused:
        by = User(pk=writing.run.confirmed_by_id)
        objections.pass_on(refused, by=by, at=writing.at)


def _finish(writing: _Writing) -> None:
    """Results, the audit of the bulk act, and of the staged data only what the report needs."""
    run = writing.run
    writing.do(statements.FINISHED)
    counts = dict(writing.ask(statements.COUNTS))
    _record(writing, counts)
    uploads.forget_after_commit(run.path)
    ImportRun.objects.filter(pk=run.pk).update(
        status=Status.DONE, done_at=writing.at, counts=counts, handled=100, path="", problem=""
    )


ACTIONS = {Result.ADDED: AuditEntry.Action.CREATE, Result.UPDATED: AuditEntry.Action.UPDATE}


def _record(writing: _Writing, counts: dict[str, int]) -> None:
    """One bulk act, in as many entries as its numbers need."""
    details = {"import": str(writing.run), "counts": counts}
    numbers = dict(writing.ask(statements.NUMBERS))
    for result, action in ACTIONS.items():
        found = numbers.get(result, [])
        for start in range(0, len(found), AUDITED_AT_A_TIME):
            audit.record(
                action,
                ImportRun,
                numbers=found[start : start + AUDITED_AT_A_TIME],
                page="import",
                details=details,
            )


def analyze() -> None:
    """Fresh statistics after a bulk act, so that searches are planned for what is there now."""
    with connections[access.alias()].cursor() as cursor:
        cursor.execute("SELECT customers_analyze()")


# --- forgetting -------------------------------------------------------------------------------------------


def forget_old(*, before: datetime) -> int:
    """Delete the staged rows and files of imports that began before a moment; returns how many imports."""
    old = ImportRun.objects.filter(created_at__lt=before).exclude(status=Status.RUNNING)
    with_rows = list(old.filter(Q(rows__isnull=False) | ~Q(path="")).distinct())
    for run in with_rows:
        run.rows.all().delete()
        uploads.forget_after_commit(run.path)
        open_still = run.status not in (Status.DONE, Status.CANCELLED)
        run.status, run.path = (Status.CANCELLED if open_still else run.status), ""
        run.save(update_fields=["status", "path"])
    uploads.sweep(before=before)
    return len(with_rows)
