"""Deciding that an import is done: what it would do, the confirmation, and starting an interrupted one again."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from customers.importing.choosing import NotStaged
from customers.importing.matching import Choice
from customers.models import ImportRun
from register import access
from register.models import User

Status = ImportRun.Status

LOCK = 7312
"""First key of the advisory locks; the second is the run's number, or 0 for "some import writes"."""

LOCKED = """
SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
                WHERE l.locktype = 'advisory' AND l.classid = %s AND l.objid = %s AND l.granted)
"""


class AlreadyConfirmed(ValueError):
    """Somebody has confirmed this import already."""

    def __init__(self) -> None:
        super().__init__(_("This import has already been confirmed."))


@dataclass(frozen=True)
class Plan:
    """How many rows would be added, completed and skipped."""

    add: int = 0
    update: int = 0
    skip: int = 0

    @property
    def total(self) -> int:
        return self.add + self.update + self.skip


def plan(run: ImportRun) -> Plan:
    """What confirming the run now would do."""
    skipped = run.rows.filter(choice=Choice.SKIP).values("position")
    orphans = Q(choice=Choice.UPDATE, repeats__in=skipped)
    chosen = run.rows.exclude(orphans).order_by().values_list("choice")
    counts = dict(chosen.annotate(rows=Count("pk")))
    counts[Choice.SKIP] = counts.get(Choice.SKIP, 0) + run.rows.filter(orphans).count()
    return Plan(*(counts.get(choice, 0) for choice in (Choice.ADD, Choice.UPDATE, Choice.SKIP)))


def confirm(run: ImportRun, *, by: User) -> None:
    """A person decides that the import is done; the caller queues the job. Raises AlreadyConfirmed, NotStaged."""
    with access.atomic():
        current = ImportRun.objects.select_for_update().get(pk=run.pk)
        if current.status in (Status.QUEUED, Status.RUNNING, Status.DONE):
            raise AlreadyConfirmed
        if current.status != Status.STAGED:
            raise NotStaged
        current.status, current.confirmed_by_id, current.handled = Status.QUEUED, by.pk, 0
        current.save(update_fields=["status", "confirmed_by", "handled"])


def restart(run: ImportRun) -> None:
    """Let an interrupted run wait for the worker again. Raises NotStaged when it is not interrupted."""
    if not is_interrupted(run):
        raise NotStaged
    ImportRun.objects.filter(pk=run.pk, status=Status.RUNNING).update(status=Status.QUEUED, handled=0)


def retry(run: ImportRun) -> None:
    """Take a failed import back to its preview, where rows can be chosen anew. Raises NotStaged."""
    changed = ImportRun.objects.filter(pk=run.pk, status=Status.FAILED, staged_at__isnull=False).update(
        status=Status.STAGED, problem=""
    )
    if not changed:
        raise NotStaged


def is_interrupted(run: ImportRun) -> bool:
    """Whether the run says that it is being written, but no worker does so."""
    return run.status == Status.RUNNING and not _is_locked(run.pk)


def _is_locked(key: int) -> bool:
    with connections[access.alias()].cursor() as cursor:
        cursor.execute(LOCKED, [LOCK, key])
        return bool(cursor.fetchone()[0])
