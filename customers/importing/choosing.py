"""Choosing, row by row or for all of a kind, what an import does; possible while it is staged."""

from __future__ import annotations

from django.db import connections
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from customers.importing import lookups, matching, statements
from customers.importing.matching import Choice, Verdict
from customers.models import ImportRow, ImportRun
from register import access
from register.models import User


class NotStaged(ValueError):
    """The import is already running, done or cancelled: its rows cannot be changed any more."""

    def __init__(self) -> None:
        super().__init__(_("This import can no longer be changed."))


def locked(run: ImportRun) -> ImportRun:
    """The run, locked while its rows are changed. Raises NotStaged."""
    current = ImportRun.objects.select_for_update().get(pk=run.pk)
    if current.status != ImportRun.Status.STAGED:
        raise NotStaged
    return current


def choose(run: ImportRun, *, rows: dict[int, Choices], by: User) -> None:
    """Apply what a person chose for single rows, by their positions. Raises NotStaged."""
    with access.atomic():
        run = locked(run)
        for row in run.rows.filter(position__in=rows).exclude(verdict=Verdict.UNREADABLE):
            _apply(row, rows[row.position])


class Choices:
    """What a person chose for one row: the act, whom it means, and whose values are taken."""

    def __init__(self, choice: str, whose: str = "", take: frozenset[str] = frozenset()) -> None:
        self.choice, self.whose, self.take = choice, whose, take


def _apply(row: ImportRow, chosen: Choices) -> None:
    if chosen.choice in choices_of(row):
        row.choice = chosen.choice
    if chosen.whose in row.data.get("candidates", ()):
        _mean(row, chosen.whose)
    for change in row.data.get("changes", ()):
        if change["act"] == "differ":
            change["take"] = change["field"] in chosen.take
    row.save(update_fields=["choice", "person", "customer", "data"])


def choices_of(row: ImportRow) -> list[str]:
    """What may be chosen for a row."""
    if row.verdict == Verdict.UNREADABLE:
        return [Choice.SKIP]
    is_company = "person" not in row.data
    found = [] if is_company and row.reason == ImportRow.Reason.BUSINESS_ID else [Choice.ADD]
    has_target = row.repeats or (row.customer_id if is_company else row.person_id)
    return [*found, *([Choice.UPDATE] if has_target else []), Choice.SKIP]


def _mean(row: ImportRow, number: str) -> None:
    """The row means this one of its candidates: compared with him anew."""
    pk = int(number[1:])
    if number.startswith("H"):
        row.person_id = pk
    else:
        row.customer_id = pk
    person = lookups.people_of([row.person_id]).get(row.person_id) if row.person_id else None
    company = lookups.companies_known([row.customer_id]).get(row.customer_id) if row.customer_id else None
    row.data["changes"] = matching.compare(row.data, person, company)


def choose_all(run: ImportRun, *, verdict: str, choice: str, by: User) -> int:
    """One choice for all rows of a verdict that allow it; returns how many they are. Raises NotStaged."""
    with access.atomic():
        run = locked(run)
        rows = run.rows.filter(verdict=verdict).exclude(verdict=Verdict.UNREADABLE)
        is_person = Q(data__has_key="person")
        if choice == Choice.UPDATE:
            rows = rows.filter(
                Q(repeats__isnull=False)
                | (is_person & Q(person__isnull=False))
                | (~is_person & Q(customer__isnull=False))
            )
        elif choice == Choice.ADD:
            rows = rows.exclude(~is_person & Q(reason=ImportRow.Reason.BUSINESS_ID))
        return rows.update(choice=choice)


def differing(run: ImportRun) -> QuerySet[ImportRow]:
    """The rows of somebody known for sure in which a value of the file differs from the register's."""
    rows = run.rows.filter(verdict=Verdict.CONFLICT, data__contains={"changes": [{"act": "differ"}]})
    return rows.exclude(data__has_key="candidates")


def take_all(run: ImportRun, *, take: bool, by: User) -> int:
    """The file's value, or else the register's, wherever the two differ; returns in how many rows. Raises NotStaged.

    Where somebody must still say who is meant, nothing is decided.
    """
    with access.atomic(), connections[access.alias()].cursor() as cursor:
        run = locked(run)
        cursor.execute(statements.TAKEN, {"run": run.pk, "take": take})
        return int(cursor.rowcount)
