"""Staging: a file is received, read and compared with the register; nothing of it is written there yet.

Large files are read by the worker, small ones while their sender waits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connections

from customers import attachments
from customers.importing import facts as fact
from customers.importing import limits, lookups, matching, objections, reading, statements, uploads
from customers.importing.choosing import NotStaged, locked
from customers.importing.columns import Mapping
from customers.importing.facts import Facts
from customers.importing.lookups import Found
from customers.importing.matching import Choice, Earlier, Match, Verdict
from customers.importing.objections import Objection
from customers.importing.problems import SAID, Problem, Severity
from customers.importing.records import ContactRecord, ReadResult
from customers.models import ColumnMapping, ImportRun, Relationship
from register import access
from register.finnish import clean_line
from register.models import User

SMALL = 256 * 1024
"""Bytes that are read while their sender waits."""

AT_A_TIME = 2000
"""Records that are compared with the register by one set of queries."""

STAGE = """
COPY customers_importrow (run_id, position, name, data, verdict, reason, problems, choice, repeats, company_row,
                          refuses, stopped, person_id, customer_id, result) FROM STDIN
"""


_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Unfit(ValueError):
    """The file cannot be imported; the text says why and what to do."""


# --- receiving --------------------------------------------------------------------------------------------


def receive(
    data: bytes,
    *,
    file_name: str,
    source_words: str,
    by: User,
    relation: str = Relationship.Status.ACTIVE,
) -> ImportRun:
    """Keep an uploaded file as a new import, still to be read by `stage`. Raises Unfit."""
    if len(data) > limits.MAX_BYTES:
        raise Unfit(SAID["file_too_big"][1])
    if not data:
        raise Unfit(SAID["empty_file"][1])
    return ImportRun.objects.create(
        file_name=attachments.file_name(file_name),
        file_sha256=hashlib.sha256(data).hexdigest(),
        path=uploads.keep(data),
        source_words=clean_line(source_words, limit=200),
        relation=relation,
        started_by_id=by.pk,
    )


def is_small(data: bytes) -> bool:
    """Whether the file is read at once."""
    return len(data) <= SMALL


# --- reading ----------------------------------------------------------------------------------------------


def stage(run: ImportRun, *, at: datetime) -> None:
    """Read the run's file and stage its rows, replacing earlier ones. Raises Unfit, uploads.FileGone.

    The columns are read as the run's own mapping says, else as this layout was read last time, else as guessed.
    """
    data = uploads.read(run)
    result, records = reading.stream(data, run.file_name, mapping=_own_mapping(run))
    remembered = _remembered(run, result)
    if remembered is not None:
        result, records = reading.stream(data, run.file_name, mapping=remembered)
    with access.atomic():
        run.rows.all().delete()
        run.total = _stage_rows(run, result, records)
        if not run.total:
            raise Unfit(_said(result))
        _describe(run, result, at=at)
        _analyze()


def _analyze() -> None:
    """Fresh statistics of what was staged; the statements that write it are planned by them."""
    with connections[access.alias()].cursor() as cursor:
        cursor.execute(statements.ANALYZE)


def _own_mapping(run: ImportRun) -> Mapping | None:
    return Mapping.from_json(run.mapping) if run.mapping else None


def _remembered(run: ImportRun, result: ReadResult) -> Mapping | None:
    """The mapping a person gave this layout before, unless the run has one of its own."""
    if run.mapping or not result.fingerprint:
        return None
    stored = ColumnMapping.objects.filter(fingerprint=result.fingerprint).first()
    return Mapping.from_json(stored.mapping) if stored else None


def _said(result: ReadResult) -> str:
    errors = [found for found in result.problems if found.severity is Severity.ERROR] or result.problems
    return str(errors[0].message if errors else SAID["no_records"][1])


def _describe(run: ImportRun, result: ReadResult, *, at: datetime) -> None:
    run.format, run.layout, run.encoding = result.format, result.layout, result.encoding[:40]
    run.header, run.fingerprint = result.header, result.fingerprint
    run.mapping = result.mapping.as_json() if result.mapping else {}
    run.problems = [_stored(found) for found in result.problems]
    run.status, run.staged_at, run.problem = ImportRun.Status.STAGED, at, ""
    run.save(
        update_fields=[
            *("format", "layout", "encoding", "header", "fingerprint", "mapping", "problems", "problem"),
            *("status", "staged_at", "total"),
        ]
    )


def _stored(found: Problem) -> list[str]:
    return [found.code, found.where]


def _stage_rows(run: ImportRun, result: ReadResult, records: Iterator[ContactRecord]) -> int:
    earlier = Earlier()
    count = 0
    with connections[access.alias()].cursor() as cursor:
        while some := list(islice(records, AT_A_TIME)):
            rows = list(_rows(run, some, earlier, result.samples if count == 0 else []))
            with cursor.copy(STAGE) as copy:
                for row in rows:
                    copy.write_row(row)
            count += len(rows)
    return count


def _rows(
    run: ImportRun, records: list[ContactRecord], earlier: Earlier, samples: list[list[str]]
) -> Iterator[tuple[Any, ...]]:
    """The rows to stage, in the order of STAGE's columns."""
    staged = [(record, fact.of(record)) for record in records]
    readable = [said for record, said in staged if _is_fit(record, said)]
    found = lookups.find(readable)
    against = objections.of({item["canonical"] for said in readable for item in said.get("emails", ())})
    for record, said in staged:
        objection = _objection(said, against)
        if objection is Objection.ERASED:
            record.report("erased")
        if _is_fit(record, said):
            match = matching.match(said, found, earlier, record.position)
            _put_differences(said, match, found)
            company_row = matching.company_row(said, match, earlier, record.position)
        else:
            match, company_row = Match(Verdict.UNREADABLE, choice=Choice.SKIP), None
        if samples:
            said["samples"], samples = samples, []
        yield _row(run, record, said, match, company_row, stopped=objection is Objection.STOPPED)


def _is_fit(record: ContactRecord, said: Facts) -> bool:
    return record.is_readable and ("person" in said or "company" in said)


def _objection(said: Facts, against: dict[str, Objection]) -> Objection | None:
    found = {against[item["canonical"]] for item in said.get("emails", ()) if item["canonical"] in against}
    return max(found, key=lambda one: one is Objection.ERASED, default=None)


def _put_differences(said: Facts, match: Match, found: Found) -> None:
    """What the match would change; values that differ make it a conflict, in which the register's stay."""
    if match.candidates:
        said["candidates"] = match.candidates
    person = found.people.get(match.person or 0)
    company = found.companies.get(match.customer or 0)
    if match.verdict == Verdict.NEW or not (person or company):
        return
    changes = matching.compare(said, person, company)
    if changes:
        said["changes"] = changes
    if match.verdict == Verdict.MATCH and any(one["act"] == "differ" for one in changes):
        match.verdict = Verdict.CONFLICT


def _row(
    run: ImportRun,
    record: ContactRecord,
    said: Facts,
    match: Match,
    company_row: int | None,
    *,
    stopped: bool,
) -> tuple[Any, ...]:
    problems = json.dumps([_stored(one) for one in record.problems]) if record.problems else "[]"
    return (
        run.pk,
        record.position,
        fact.name_of(said)[:200],
        _as_json(said),
        match.verdict,
        match.reason,
        problems,
        match.choice,
        match.repeats,
        company_row,
        fact.refuses(record),
        stopped,
        match.person,
        match.customer,
        "",
    )


def refuse(run_id: int, problem: str) -> None:
    """Say that a file could not be read; it is not kept."""
    run = ImportRun.objects.get(pk=run_id)
    uploads.forget_after_commit(run.path)
    run.status, run.problem, run.path = ImportRun.Status.FAILED, problem[:300], ""
    run.save(update_fields=["status", "problem", "path"])


# --- reading again, giving up --------------------------------------------------------------------------


def remap(run: ImportRun, mapping: Mapping, *, by: User) -> None:
    """Read the columns as a person says from now on, and remember it for this layout; `stage` does the reading.

    Raises NotStaged.
    """
    with access.atomic():
        run = locked(run)
        ColumnMapping.objects.update_or_create(
            fingerprint=run.fingerprint, defaults={"mapping": mapping.as_json()}
        )
        run.mapping = mapping.as_json()
        run.save(update_fields=["mapping"])


def read_again(run: ImportRun) -> None:
    """The run waits to be read by the worker."""
    ImportRun.objects.filter(pk=run.pk).update(status=ImportRun.Status.READING)


def cancel(run: ImportRun, *, by: User) -> None:
    """Give the import up: its rows and its file are deleted. Raises NotStaged."""
    with access.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.status not in CANCELLABLE:
            raise NotStaged
        run.rows.all().delete()
        uploads.forget_after_commit(run.path)
        run.status, run.path = ImportRun.Status.CANCELLED, ""
        run.save(update_fields=["status", "path"])


CANCELLABLE = (ImportRun.Status.READING, ImportRun.Status.STAGED, ImportRun.Status.FAILED)
