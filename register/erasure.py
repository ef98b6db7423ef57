"""Erasure of a person's data (GDPR Art. 17) by what the inventory says of every field.

`plan` looks at every table with a path to the person or his private customer and decides, row by row: delete
it, empty or replace its personal fields, keep what a law orders to be kept (register.keeping), or, where the row
concerns somebody else too, cut this person's tie to it and take his names and addresses out of its texts.
`erase` does that in one transaction and answers what went, what stays, why and until when. What stays is erased by
register.retention when its time is up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.timezone import localdate

from register import access, audit, inventory, keeping, subjects, wiping
from register.inventory import SELF, Entry, Kind
from register.keeping import Keeping, Last, Law
from register.models import AuditEntry, Erasure, User
from register.subjects import Claim
from register.wiping import ACTS, Act, Step, depth, leads_on, rules_of


class UnknownReason(ValueError):
    """The reason is not one of Erasure.Reason: choose one, so that no names are typed into it."""


@dataclass(frozen=True)
class Gone:
    """Data of one kind, what became of it, in how many rows; for people to read."""

    what: str
    act: Act
    rows: int


@dataclass(frozen=True)
class Held:
    """Data of one kind that a law keeps, in how many rows of one table, until when."""

    kind: Kind
    last: Last
    rows: int


@dataclass(frozen=True)
class Kept:
    """What a law keeps: the data, the law and its rule, the last day, how many rows; `open`: longer if need be."""

    what: str
    law: str
    until: date | None
    rows: int
    open: bool = False


@dataclass(frozen=True)
class Outcome:
    """The answer to an erasure, planned or done; it holds no personal data."""

    number: str
    gone: tuple[Gone, ...]
    kept: tuple[Kept, ...]
    files: int
    pk: int | None = None

    def as_dict(self) -> dict[str, Any]:
        kept = [asdict(one) | {"until": one.until.isoformat() if one.until else None} for one in self.kept]
        return {"gone": [asdict(one) for one in self.gone], "kept": kept, "files": self.files}


@dataclass(frozen=True)
class Plan:
    """What erasing a person would do now."""

    guises: tuple[models.Model, ...]
    steps: tuple[Step, ...]
    held: tuple[Held, ...]
    paths: Mapping[Entry, tuple[str, ...]]
    on: date
    next_on: date | None

    @property
    def rows(self) -> int:
        return sum(len(step.pks) for step in self.steps)

    def beginning(self, most: int) -> Plan:
        """What of the plan is done first, in so many rows: nothing in it waits for what is not in it."""
        taken, left = [], most
        for step in self.steps:
            taken.append(Step(step.entry, step.act, step.pks[:left]))
            left -= len(taken[-1].pks)
        next_on = self.next_on if self.rows <= most else self.on
        return Plan(
            self.guises,
            tuple(step for step in taken if step.pks),
            self.held,
            self.paths,
            self.on,
            next_on,
        )

    def outcome(self, *, files: int | None = None) -> Outcome:
        """The answer, in the language of now."""
        counts: dict[tuple[str, Act], int] = defaultdict(int)
        for step in self.steps:
            if not subjects.is_link_table(step.entry):
                counts[_what(step.entry), "empty" if step.act == "strip" else step.act] += len(step.pks)
        gone = tuple(Gone(what, act, rows) for (what, act), rows in counts.items())
        count = sum(map(len, self.paths.values())) if files is None else files
        return Outcome(str(self.guises[0]), gone, tuple(_in_words(self.held, self.on)), count)


Follow = Callable[[Plan, Erasure, User], None]
_followers: dict[str, Follow] = {}


def follow(act: Follow) -> None:
    """Have something done after every erasure, in its transaction; apps say so in their AppConfig.ready."""
    _followers[f"{act.__module__}.{act.__qualname__}"] = act


def plan(person: models.Model, *, on: date) -> Plan:
    """What `erase` would do to a person or customer on a day, without doing it."""
    guises = tuple(subjects.guises(person))
    return _plan(guises, _entries(guises), on, _steps)


def plan_of_kept(person: models.Model, *, on: date) -> Plan:
    """What may go now of that which laws kept when the person or customer was erased."""
    guises = tuple(subjects.guises(person))
    kept = (entry for entry in _entries(guises) if "law" in rules_of(entry) or entry.shell)
    return _plan(guises, kept, on, _overdue)


Decide = Callable[[Entry, Sequence[Any], Sequence[models.Model], Law], list[Step]]


def _plan(guises: tuple[models.Model, ...], entries: Iterable[Entry], on: date, decide: Decide) -> Plan:
    steps: list[Step] = []
    kept: list[Held] = []
    files: dict[Entry, tuple[str, ...]] = {}
    days: list[date] = []
    laws = Keeping(guises, on=on)
    for entry in entries:
        pks = list(subjects.rows(entry, guises).values_list("pk", flat=True))
        if pks:
            law = laws.of(entry, pks)
            steps += [step for step in decide(entry, pks, guises, law) if step.pks]
            kept += _kept(entry, law)
            days += [day] if (day := law.next_day(on)) else []
            files[entry] = tuple(_file_paths(entry, pks))
    steps.sort(key=lambda step: (ACTS.index(step.act), -depth(step)))
    return Plan(guises, tuple(steps), tuple(kept), files, on, min(days, default=None))


def erase(person: models.Model, *, by: User, at: datetime, reason: str) -> Outcome:
    """Erase a person's data, or a customer's, in one transaction; files leave the disk when it is committed.

    `reason` is one of Erasure.Reason. Raises UnknownReason.
    """
    if reason not in Erasure.Reason.for_people():
        raise UnknownReason(f"Choose one of {', '.join(Erasure.Reason.for_people())}.")
    with access.atomic():
        lock(person)
        planned = plan(person, on=localdate(at))
        outcome, row = carry_out(planned, by=by, at=at, reason=reason)
        _mark(planned)
        for act in _followers.values():
            act(planned, row, by)
    return outcome


def lock(person: models.Model) -> None:
    """Let nobody else erase the person or customer until the transaction ends."""
    for guise in subjects.guises(person):
        type(guise)._default_manager.select_for_update().get(pk=guise.pk)


def carry_out(planned: Plan, *, by: User | None, at: datetime, reason: str) -> tuple[Outcome, Erasure]:
    """Do what was planned, in the caller's transaction, and write down that it was done."""
    audit.because(str(Erasure.Reason(reason).label))
    wiping.carry_out(planned.steps, planned.guises)
    files = _remove_files(planned)
    outcome = planned.outcome(files=files)
    row = Erasure.objects.create(
        number=outcome.number,
        at=at,
        by_id=by.pk if by else None,
        reason=reason,
        answer=outcome.as_dict(),
        due_on=planned.next_on,
    )
    audit.record(
        AuditEntry.Action.DELETE,
        type(planned.guises[0]),
        numbers=[str(guise) for guise in planned.guises],
        page="erasure",
        details={"erasure": row.pk, "files": files, "rows": sum(one.rows for one in outcome.gone)},
    )
    return Outcome(outcome.number, outcome.gone, outcome.kept, files, row.pk), row


def answer(row: Erasure) -> Outcome:
    """The outcome of a past erasure."""
    told = row.answer
    kept = (
        Kept(**one | {"until": date.fromisoformat(one["until"]) if one["until"] else None})
        for one in told["kept"]
    )
    return Outcome(row.number, tuple(Gone(**one) for one in told["gone"]), tuple(kept), told["files"], row.pk)


# --- deciding ----------------------------------------------------------------------------------------


def _entries(guises: Sequence[models.Model]) -> Iterator[Entry]:
    """The tables in which erasure has something to do; subjects first, so that copies follow them."""
    about = [
        entry
        for entry in inventory.entries()
        if any(entry.path_to(type(guise)) for guise in guises)
        and (entry.personal() or entry.shell or subjects.is_link_table(entry))
    ]
    yield from sorted(about, key=lambda entry: SELF not in entry.about)


def _steps(entry: Entry, pks: Sequence[Any], guises: Sequence[models.Model], law: Law) -> list[Step]:
    """Each row's act, grouped; rows of which a law keeps everything have none."""
    if subjects.is_link_table(entry):
        return [Step(entry, "delete", list(pks))]
    if "law" in rules_of(entry) or entry.shell:
        mixed = [pk for pk in pks if pk in law.held] if rules_of(entry) != {"law"} else []
        return [Step(entry, "empty", mixed), *_overdue(entry, pks, guises, law)]
    claimed = subjects.claims(entry, pks)
    others = subjects.others(claimed, guises)
    found: dict[Act, list[Any]] = defaultdict(list)
    for pk in pks:
        own = [claim for claim in claimed[pk] if _is_own(claim, guises)]
        found[_act(entry, own, others.get(pk, []))].append(pk)
    return [Step(entry, act, found[act]) for act in found]


def _overdue(entry: Entry, pks: Sequence[Any], guises: Sequence[models.Model], law: Law) -> list[Step]:
    """Rows that no law keeps go; those of which one keeps the figures lose what else there is."""
    free = [pk for pk in pks if pk not in law.held]
    full = [
        row.pk
        for some in keeping.chunks([pk for pk in free if pk in law.shells])
        for row in entry.model._default_manager.filter(pk__in=some).order_by("pk")
        if keeping.is_full(entry, row)
    ]
    gone = _leaves_first(entry, [pk for pk in free if pk not in law.shells])
    return [Step(entry, "strip", full), Step(entry, "delete", gone)]


def _leaves_first(entry: Entry, pks: Sequence[Any]) -> list[Any]:
    """Rows that lead to others of their table before those to which they lead."""
    leaves = {
        pk
        for some in keeping.chunks(pks)
        for pk in entry.model._default_manager.filter(leads_on(entry), pk__in=some).values_list(
            "pk", flat=True
        )
    }
    return sorted(pks, key=lambda pk: pk not in leaves)


def _act(entry: Entry, own: Sequence[Claim], others: Sequence[models.Model]) -> Act:
    rules = rules_of(entry)
    if SELF in entry.about:
        return "empty"
    # A company has no right to another's letters: it holds back only what lives on without the person.
    shared = [other for other in others if subjects.is_human(other) or "row" not in rules]
    if shared and all(_can_untie(entry, claim) for claim in own):
        return "untie"
    return "delete" if "row" in rules else "empty"


def _can_untie(entry: Entry, claim: Claim) -> bool:
    """Whether the row can lose the person: by an optional key, a link table, or a row it hangs on."""
    if "__" in claim.path:
        return True
    tie = entry.model._meta.get_field(claim.path)
    return bool(tie.many_to_many or tie.null)


def _is_own(claim: Claim, guises: Sequence[models.Model]) -> bool:
    return any(claim.model is type(guise) and claim.pk == guise.pk for guise in guises)


def _kept(entry: Entry, law: Law) -> list[Held]:
    """What a law keeps in these rows, by kind."""
    told = [(kind, law.held) for kind in entry.kinds() if kind.on_erasure.statute]
    if entry.shell:
        told.append((entry.shell.kind, law.shells))
    return [Held(kind, reduce(or_, rows.values()), len(rows)) for kind, rows in told if rows]


def _in_words(held: Sequence[Held], on: date) -> Iterator[Kept]:
    """One line for data of one kind, in however many tables."""
    lines: dict[Kind, list[Held]] = defaultdict(list)
    for one in held:
        lines[one.kind].append(one)
    for kind, ones in lines.items():
        statute = kind.on_erasure.statute
        if statute is not None:
            last = reduce(or_, (one.last for one in ones))
            until = last.day if last.day >= on else None
            rows = sum(one.rows for one in ones)
            yield Kept(str(kind.label), statute.sentence(), until, rows, last.open)


def _what(entry: Entry) -> str:
    """The kind that most fields of the table are of: words which the person understands."""
    kinds = list(entry.personal().values())
    if not kinds and entry.shell:
        return str(entry.shell.kind.label)
    return str(max(entry.kinds(), key=kinds.count).label)


# --- marks and files -------------------------------------------------------------------------------------------


def _mark(planned: Plan) -> None:
    """Let subjects whose rows live on without their data say so, as those shown in lists do."""
    for guise in planned.guises:
        row = type(guise)._default_manager.filter(pk=guise.pk).first()
        if row is not None and hasattr(row, "mark_erased"):
            row.mark_erased(on=planned.on)


def _file_paths(entry: Entry, pks: Sequence[Any]) -> Iterator[str]:
    """Paths of the files of those rows that are to be deleted."""
    stored = inventory.stored_file_of(entry.model)
    if stored is not None:
        for some in keeping.chunks(pks):
            rows = entry.model._default_manager.filter(pk__in=some)
            yield from rows.values_list(stored.path_field, flat=True)


def _remove_files(planned: Plan) -> int:
    """Files whose rows are gone leave the disk after the commit; returns how many."""
    removed = 0
    for entry, paths in planned.paths.items():
        stored = inventory.stored_file_of(entry.model)
        if stored is None:
            continue
        left = {
            path
            for some in keeping.chunks(paths)
            for path in entry.model._default_manager.filter(**{f"{stored.path_field}__in": some}).values_list(
                stored.path_field, flat=True
            )
        }
        for path in set(paths) - left:
            _unlink_after_commit(path)
            removed += 1
    return removed


def _unlink_after_commit(path: str) -> None:
    file = Path(settings.MEDIA_ROOT) / path
    access.on_commit(lambda: file.unlink(missing_ok=True))
