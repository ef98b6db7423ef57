"""Erasure of a person's data (GDPR Art. 17) by what the inventory says of every field.

`plan` looks at every table with a path to the person or his private customer and decides, row by row: delete
it, empty or replace its personal fields, keep what a law orders to be kept, or, where the row concerns
somebody else too, cut this person's tie to it and take his names and addresses out of its texts.
`erase` does that in one transaction and answers what went, what stays, why and until when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.db import models
from django.utils.timezone import localdate

from register import access, audit, inventory, redaction, subjects
from register.inventory import SELF, Entry, Erase, Kind
from register.models import AuditEntry, Erasure, Registrar, User
from register.subjects import Claim

Act = Literal["delete", "empty", "untie"]


class UnknownReason(ValueError):
    """The reason is not one of Erasure.Reason: choose one, so that no names are typed into it."""


@dataclass
class Step:
    """What happens to rows of one table."""

    entry: Entry
    act: Act
    pks: list[Any] = field(default_factory=list)


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
    until: date
    rows: int


@dataclass(frozen=True)
class Kept:
    """What a law keeps: the data, the law and its rule, the last day, how many rows."""

    what: str
    law: str
    until: date | None
    rows: int


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

    def outcome(self, *, files: int | None = None) -> Outcome:
        """The answer, in the language of now."""
        counts: dict[tuple[str, Act], int] = defaultdict(int)
        for step in self.steps:
            if not subjects.is_link_table(step.entry):
                counts[_what(step.entry), step.act] += len(step.pks)
        gone = tuple(Gone(what, act, rows) for (what, act), rows in counts.items())
        count = sum(map(len, self.paths.values())) if files is None else files
        return Outcome(str(self.guises[0]), gone, tuple(_in_words(self.held)), count)


Follow = Callable[[Plan, Erasure, User], None]
_followers: dict[str, Follow] = {}


def follow(act: Follow) -> None:
    """Have something done after every erasure, in its transaction; apps say so in their AppConfig.ready."""
    _followers[f"{act.__module__}.{act.__qualname__}"] = act


def plan(person: models.Model, *, on: date) -> Plan:
    """What `erase` would do to a person or customer on a day, without doing it."""
    guises = tuple(subjects.guises(person))
    steps: list[Step] = []
    kept: list[Held] = []
    files: dict[Entry, tuple[str, ...]] = {}
    for entry in _entries(guises):
        pks = list(subjects.rows(entry, guises).values_list("pk", flat=True))
        if pks:
            held = _held(entry, pks, on)
            steps += _steps(entry, pks, guises, held)
            kept += _kept(entry, held)
            files[entry] = tuple(_file_paths(entry, pks))
    return Plan(guises, tuple(steps), tuple(kept), files)


def erase(person: models.Model, *, by: User, at: datetime, reason: str) -> Outcome:
    """Erase a person's data, or a customer's, in one transaction; files leave the disk when it is committed.

    `reason` is one of Erasure.Reason. Raises UnknownReason.
    """
    if reason not in Erasure.Reason.values:
        raise UnknownReason(f"Choose one of {', '.join(Erasure.Reason.values)}.")
    with access.atomic():
        audit.because(str(Erasure.Reason(reason).label))
        for guise in subjects.guises(person):
            type(guise)._default_manager.select_for_update().get(pk=guise.pk)
        planned = plan(person, on=localdate(at))
        _carry_out(planned)
        _mark(planned, on=localdate(at))
        files = _remove_files(planned)
        outcome = planned.outcome(files=files)
        row = Erasure.objects.create(
            number=outcome.number, at=at, by_id=by.pk, reason=reason, answer=outcome.as_dict()
        )
        audit.record(
            AuditEntry.Action.DELETE,
            type(person),
            numbers=[str(guise) for guise in planned.guises],
            page="erasure",
            details={"erasure": row.pk, "files": files, "rows": sum(one.rows for one in outcome.gone)},
        )
        for act in _followers.values():
            act(planned, row, by)
    return Outcome(outcome.number, outcome.gone, outcome.kept, files, row.pk)


def answer(row: Erasure) -> Outcome:
    """The outcome of a past erasure."""
    told = row.answer
    kept = (
        Kept(one["what"], one["law"], date.fromisoformat(one["until"]) if one["until"] else None, one["rows"])
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
        and (entry.personal() or subjects.is_link_table(entry))
    ]
    yield from sorted(about, key=lambda entry: SELF not in entry.about)


def _steps(
    entry: Entry, pks: Sequence[Any], guises: Sequence[models.Model], held: Mapping[Any, date]
) -> list[Step]:
    """Each row's act, grouped; rows of which a law keeps everything have none."""
    if subjects.is_link_table(entry):
        return [Step(entry, "delete", list(pks))]
    claimed = subjects.claims(entry, pks)
    others = subjects.others(claimed, guises)
    found: dict[Act, list[Any]] = defaultdict(list)
    for pk in pks:
        if "law" in _rules(entry):
            if pk not in held:
                found["delete"].append(pk)
            elif _rules(entry) != {"law"}:
                found["empty"].append(pk)
            continue
        own = [claim for claim in claimed[pk] if _is_own(claim, guises)]
        found[_act(entry, own, others.get(pk, []))].append(pk)
    return [Step(entry, act, found[act]) for act in found]


def _act(entry: Entry, own: Sequence[Claim], others: Sequence[models.Model]) -> Act:
    rules = _rules(entry)
    if SELF in entry.about:
        return "empty"
    # A company has no right to another's letters: it holds back only what lives on without the person.
    shared = [other for other in others if subjects.is_human(other) or "row" not in rules]
    if shared and all(_can_untie(entry, claim) for claim in own):
        return "untie"
    return "delete" if "row" in rules else "empty"


def _rules(entry: Entry) -> set[str]:
    return {kind.on_erasure.how for kind in entry.personal().values()}


def _can_untie(entry: Entry, claim: Claim) -> bool:
    """Whether the row can lose the person: by an optional key, a link table, or a row it hangs on."""
    if "__" in claim.path:
        return True
    tie = entry.model._meta.get_field(claim.path)
    return bool(tie.many_to_many or tie.null)


def _is_own(claim: Claim, guises: Sequence[models.Model]) -> bool:
    return any(claim.model is type(guise) and claim.pk == guise.pk for guise in guises)


def _held(entry: Entry, pks: Sequence[Any], on: date) -> dict[Any, date]:
    """The rows that a law still keeps on a day, with the last day of each.

    A draft has no day from which the time could run, and what has served its time is kept no longer.
    """
    statutes = [kind.on_erasure.statute for kind in entry.kinds() if kind.on_erasure.statute]
    if not statutes:
        return {}
    pairs = entry.model._default_manager.filter(pk__in=pks).values_list("pk", entry.model.kept_from)  # type: ignore[attr-defined]
    days = {pk: localdate(day) if isinstance(day, datetime) else day for pk, day in pairs if day is not None}
    last = {pk: max(_due(statute, day) for statute in statutes) for pk, day in days.items()}
    return {pk: day for pk, day in last.items() if day >= on}


def _due(statute: inventory.Statute, day: date) -> date:
    """Bookkeeping's years run from the financial year, other statutes' from the calendar year."""
    year_end = _year_end() if statute is inventory.BOOKKEEPING else (12, 31)
    return statute.due(day, financial_year_end=year_end)


def _kept(entry: Entry, held: Mapping[Any, date]) -> list[Held]:
    """What a law keeps in these rows, by kind."""
    return [
        Held(kind, max(held.values()), len(held))
        for kind in entry.kinds()
        if held and kind.on_erasure.statute
    ]


def _in_words(held: Sequence[Held]) -> Iterator[Kept]:
    """One line for data of one kind, in however many tables."""
    lines: dict[Kind, list[Held]] = defaultdict(list)
    for one in held:
        lines[one.kind].append(one)
    for kind, ones in lines.items():
        statute = kind.on_erasure.statute
        if statute is not None:
            until = max(one.until for one in ones)
            yield Kept(str(kind.label), statute.sentence(), until, sum(one.rows for one in ones))


def _year_end() -> tuple[int, int]:
    registrar = Registrar.objects.first()
    if registrar is None:
        return (12, 31)
    return (registrar.financial_year_end_month, registrar.financial_year_end_day)


def _what(entry: Entry) -> str:
    """The kind that most fields of the table are of: words which the person understands."""
    kinds = list(entry.personal().values())
    return str(max(entry.kinds(), key=kinds.count).label)


# --- doing -------------------------------------------------------------------------------------------


def _carry_out(planned: Plan) -> None:
    own = redaction.identifying_values(planned.guises)
    for act, do in (("empty", _empty), ("untie", _untie), ("delete", _delete)):
        for step in sorted(planned.steps, key=_depth, reverse=True):
            if step.act == act:
                do(step, planned.guises, own)
    # Copies such as search documents are rebuilt by triggers while their originals change.
    for entry in {step.entry for step in planned.steps if "row" in _rules(step.entry)}:
        again = subjects.rows(entry, planned.guises).exclude(
            pk__in=[
                pk
                for step in planned.steps
                if step.entry is entry and step.act != "delete"
                for pk in step.pks
            ]
        )
        again.delete()


def _mark(planned: Plan, *, on: date) -> None:
    """Let subjects whose rows live on without their data say so, as those shown in lists do."""
    for guise in planned.guises:
        row = type(guise)._default_manager.filter(pk=guise.pk).first()
        if row is not None and hasattr(row, "mark_erased"):
            row.mark_erased(on=on)


def _depth(step: Step) -> int:
    """How many keys lead on from the table: what hangs on others is deleted before them."""
    return _key_depth(step.entry.model, frozenset())


def _key_depth(model: type[models.Model], seen: frozenset[type[models.Model]]) -> int:
    targets = {
        f.related_model
        for f in model._meta.local_fields
        if f.is_relation and isinstance(f.related_model, type) and f.related_model not in seen | {model}
    }
    return 1 + max((_key_depth(target, seen | {model}) for target in targets), default=0)


def _empty(step: Step, guises: Sequence[models.Model], own: set[str]) -> None:
    for row in step.entry.model._default_manager.filter(pk__in=step.pks):
        changed = [
            name
            for name, kind in step.entry.personal().items()
            if _apply(row, step.entry.model._meta.get_field(name), kind.on_erasure)
        ]
        if changed:
            row.save(update_fields=changed)


def _apply(row: models.Model, column: Any, rule: Erase) -> bool:
    """Change one value by its rule; True when it changed."""
    if rule.how == "law" or getattr(row, column.attname) in (None, "", [], {}):
        return False
    value = rule.value if rule.how == "replace" else blank(column)
    changed = getattr(row, column.attname) != value
    setattr(row, column.attname, value)
    return bool(changed)


def blank(column: Any) -> Any:
    """The empty value of a field: null where it may be, else its default or an empty text."""
    if column.null:
        return None
    return column.get_default() if column.has_default() else ""


def _untie(step: Step, guises: Sequence[models.Model], own: set[str]) -> None:
    """Cut the person's optional keys and take him out of the texts; link tables have steps of their own."""
    others = subjects.others(subjects.claims(step.entry, step.pks), guises)
    texts = [name for name in step.entry.personal() if not step.entry.model._meta.get_field(name).is_relation]
    for row in step.entry.model._default_manager.filter(pk__in=step.pks):
        theirs = redaction.identifying_values(others.get(row.pk, []))
        hidden = redaction.pattern(own - theirs)
        changed = _cut(row, step.entry, guises)
        for name in texts:
            before = getattr(row, name)
            after = redaction.without(before, hidden)
            if after != before:
                setattr(row, name, after)
                changed.append(name)
        if changed:
            row.save(update_fields=changed)


def _cut(row: models.Model, entry: Entry, guises: Sequence[models.Model]) -> list[str]:
    changed = []
    for path in entry.about:
        tie: Any = entry.model._meta.get_field(path) if "__" not in path else None
        if tie is None or tie.many_to_many:
            continue
        if any(type(g) is tie.related_model and getattr(row, tie.attname) == g.pk for g in guises):
            setattr(row, tie.attname, None)
            changed.append(path)
    return changed


def _delete(step: Step, guises: Sequence[models.Model], own: set[str]) -> None:
    step.entry.model._default_manager.filter(pk__in=step.pks).delete()


def _file_paths(entry: Entry, pks: Sequence[Any]) -> Iterator[str]:
    """Paths of the files of those rows that are to be deleted."""
    stored = inventory.stored_file_of(entry.model)
    if stored is not None:
        yield from entry.model._default_manager.filter(pk__in=pks).values_list(stored.path_field, flat=True)


def _remove_files(planned: Plan) -> int:
    """Files whose rows are gone leave the disk after the commit; returns how many."""
    removed = 0
    for entry, paths in planned.paths.items():
        stored = inventory.stored_file_of(entry.model)
        if stored is None:
            continue
        lookup = {f"{stored.path_field}__in": paths}
        left = set(entry.model._default_manager.filter(**lookup).values_list(stored.path_field, flat=True))
        for path in set(paths) - left:
            _unlink_after_commit(path)
            removed += 1
    return removed


def _unlink_after_commit(path: str) -> None:
    file = Path(settings.MEDIA_ROOT) / path
    access.on_commit(lambda: file.unlink(missing_ok=True))
