"""Whom rows are about: a human being in all his guises, and who else has a claim on a row.

A *subject* is a row of a model whose `about` is SELF: a person or a customer. One human may be two of
them, a person and his private customer, tied one to one. A subject with a `public_name` is a company, whose
name may be told to others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register import access, inventory
from register.inventory import SELF, Entry

ERASED = "RE001"
"""The database's word (SQLSTATE) when something is added to a subject that was erased."""


class Erased(ValueError):
    """The subject was erased: who comes back is entered anew, and the history is not tied to him again."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This person or customer was erased from the register, so nothing can be added or changed here. "
                "Somebody who comes back is entered anew."
            )
        )


def must_be_present(*those: models.Model | None) -> None:
    """Nothing, when none of them has been erased. Raises Erased."""
    if any(getattr(one, "erased_on", None) is not None for one in those):
        raise Erased


def is_of_erased(exception: BaseException | None) -> bool:
    """Whether something was refused because its subject was erased, by a use case or by the database."""
    if isinstance(exception, DatabaseError):
        return getattr(exception.__cause__, "sqlstate", None) == ERASED
    return isinstance(exception, Erased)


@dataclass(frozen=True)
class Claim:
    """A row is about this subject, by this path."""

    path: str
    model: type[models.Model]
    pk: int


def guises(subject: models.Model) -> list[models.Model]:
    """The subject and every other subject tied to it one to one: the same human being."""
    found = [subject]
    for model in inventory.subjects():
        for field in model._meta.local_fields:
            if not isinstance(field, models.OneToOneField):
                continue
            if field.related_model is type(subject):
                found += list(_rows_of(model).filter(**{field.name: subject.pk}))
            elif model is type(subject) and field.related_model in inventory.subjects():
                found += [other] if (other := getattr(subject, field.name)) is not None else []
    return found


def by_number(number: str) -> models.Model | None:
    """The subject with a number such as H12; None when there is none that the acting login may read."""
    if not number[1:].isdecimal() or len(number) > 18:
        return None
    for model in inventory.subjects():
        readable = inventory.entry_for(model).access.may(access.alias(), "read")
        if readable and str(model(pk=int(number[1:]))) == number:
            return _rows_of(model).filter(pk=int(number[1:])).first()
    return None


def is_human(subject: models.Model) -> bool:
    """Whether the subject is a human being; a company has a public name."""
    return not public_name(subject)


def public_name(subject: models.Model) -> str:
    """What may be told to others about a subject: a company's name, of a human nothing."""
    return str(getattr(subject, "public_name", ""))


def rows(entry: Entry, of: Sequence[models.Model]) -> models.QuerySet[Any]:
    """The rows of a table that are about any of these subjects, each once."""
    wanted = Q(pk__in=[])
    for subject in of:
        for path in entry.path_to(type(subject)):
            wanted |= Q(pk=subject.pk) if path == SELF else Q(**{path: subject.pk})
    manager = _rows_of(entry.model)
    return manager.filter(pk__in=manager.filter(wanted).values("pk")).order_by("pk")


def claims(entry: Entry, pks: Iterable[Any]) -> dict[Any, set[Claim]]:
    """For each row, every subject it is about; a query a path."""
    found: dict[Any, set[Claim]] = defaultdict(set)
    pks = list(pks)
    for path in entry.about:
        model = inventory.target(entry.model, path)
        if model is None:
            continue
        lookup = "pk" if path == SELF else path
        pairs = _rows_of(entry.model).filter(pk__in=pks).values_list("pk", lookup)
        for pk, subject_pk in pairs:
            if subject_pk is not None:
                found[pk].add(Claim(path, model, subject_pk))
    return found


def others(claimed: dict[Any, set[Claim]], of: Sequence[models.Model]) -> dict[Any, list[models.Model]]:
    """For each row, the subjects it is about besides these; a query a model."""
    own = {(type(subject), subject.pk) for subject in of}
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for claim in set().union(*claimed.values()) if claimed else set():
        if (claim.model, claim.pk) not in own:
            wanted[claim.model].add(claim.pk)
    fetched = {model: _rows_of(model).in_bulk(pks) for model, pks in wanted.items()}
    return {
        pk: [
            fetched[model][subject_pk]
            for model, subject_pk in sorted(
                {(claim.model, claim.pk) for claim in row_claims} - own,
                key=lambda pair: (pair[0].__name__, pair[1]),
            )
            if subject_pk in fetched[model]
        ]
        for pk, row_claims in claimed.items()
    }


def is_link_table(entry: Entry) -> bool:
    """Whether the table only ties rows together (the middle of a many-to-many field)."""
    if entry.model._meta.auto_created:
        return True
    return not entry.personal() and any(
        field.remote_field.through is entry.model
        for other in inventory.entries()
        for field in other.model._meta.local_many_to_many
    )


def _rows_of(model: type[models.Model]) -> models.Manager[Any]:
    return model._default_manager
