"""What erasure does to rows, step by step: empty them, cut a tie, leave their shell, delete them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, Literal

from django.db import models

from register import keeping, redaction, subjects
from register.inventory import Entry, Erase

Act = Literal["delete", "empty", "untie", "strip"]
ACTS: tuple[Act, ...] = ("empty", "untie", "strip", "delete")
"""In the order in which they are done; `strip` leaves a row's shell."""


@dataclass
class Step:
    """What happens to rows of one table."""

    entry: Entry
    act: Act
    pks: list[Any] = field(default_factory=list)


def rules_of(entry: Entry) -> set[str]:
    """What erasure does to the personal fields of a table."""
    return {kind.on_erasure.how for kind in entry.personal().values()}


def leads_on(entry: Entry) -> models.Q:
    """Rows with a key to another row of the same table."""
    own = [f.name for f in entry.model._meta.local_fields if f.related_model is entry.model]
    return reduce(or_, (models.Q(**{f"{name}__isnull": False}) for name in own), models.Q(pk__in=[]))


def depth(step: Step) -> int:
    """How many keys lead on from the table: what hangs on others is deleted before them."""
    return _key_depth(step.entry.model, frozenset())


def _key_depth(model: type[models.Model], seen: frozenset[type[models.Model]]) -> int:
    targets = {
        f.related_model
        for f in model._meta.local_fields
        if f.is_relation and isinstance(f.related_model, type) and f.related_model not in seen | {model}
    }
    return 1 + max((_key_depth(target, seen | {model}) for target in targets), default=0)


def carry_out(steps: Sequence[Step], guises: Sequence[models.Model]) -> None:
    """Do the steps in their order; `guises` is the human being or company about whom they are."""
    own = redaction.identifying_values(guises)
    for step in steps:
        {"empty": _empty, "untie": _untie, "strip": _strip, "delete": _delete}[step.act](step, guises, own)
    # Copies such as search documents are rebuilt by triggers while their originals change.
    for entry in {step.entry for step in steps if "row" in rules_of(step.entry)}:
        again = subjects.rows(entry, guises).exclude(
            pk__in=[pk for step in steps if step.entry is entry and step.act != "delete" for pk in step.pks]
        )
        again.delete()


def _empty(step: Step, guises: Sequence[models.Model], own: set[str]) -> None:
    for some in keeping.chunks(step.pks):
        for row in step.entry.model._default_manager.filter(pk__in=some):
            changed = [
                name
                for name, kind in step.entry.personal().items()
                if _apply(row, step.entry.model._meta.get_field(name), kind.on_erasure)
            ]
            if changed:
                row.save(update_fields=changed)


def _strip(step: Step, guises: Sequence[models.Model], own: set[str]) -> None:
    for some in keeping.chunks(step.pks):
        for row in step.entry.model._default_manager.filter(pk__in=some):
            if changed := keeping.strip(step.entry, row):
                row.save(update_fields=changed)


def _apply(row: models.Model, column: Any, rule: Erase) -> bool:
    """Change one value by its rule; True when it changed."""
    if rule.how == "law" or getattr(row, column.attname) in (None, "", [], {}):
        return False
    value = rule.value if rule.how == "replace" else keeping.blank(column)
    changed = getattr(row, column.attname) != value
    setattr(row, column.attname, value)
    return bool(changed)


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
    for some in keeping.chunks(step.pks):
        rows = step.entry.model._default_manager.filter(pk__in=some)
        rows.filter(leads_on(step.entry)).delete()
        rows.delete()
