"""The inventory: every field of every model says what it is.

Fields are wrapped where they are defined: ``personal(KIND, models.CharField(…))`` or
``plain(models.DateField(…))``. A model says whom its rows are about (`about`) and which database
logins may do what with it (`access`). What is not a field of ours — third-party tables, files,
mail, backups — is declared with `declare`. The privacy statement, the record of processing, the copy of
a person's data, erasure, database grants, the audit's masks and the derived tests all read this
module; `register.checks` refuses to start when something is missing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from register.categories import (
    BLANK,
    BOOKKEEPING,
    BOOKS,
    ROW,
    After,
    Basis,
    Erase,
    Event,
    Kind,
    Shell,
    Statute,
    Text,
    Until,
    keep_by_law,
    replace,
)
from register.roles import Access, Login, Role

__all__ = [
    "BLANK", "BOOKKEEPING", "BOOKS", "PLAIN", "ROW", "SELF", "After", "Basis", "Declared", "Entry", "Erase", "Event",
    "Kind", "Place", "Routine", "Shell", "Statute", "StoredFile", "Table", "Text", "ThirdParty", "Until", "declare",
    "entries", "entries_about", "entries_of", "entry_for", "fields_for", "is_about_staff", "keep_by_law", "kinds",
    "personal", "places", "plain", "replace", "routines", "stored_file_of", "subjects", "subjects_of", "tables",
    "target", "undeclared",
]  # fmt: skip


@dataclass(frozen=True)
class Declared:
    """What a field is; kind None means not personal."""

    kind: Kind | None
    given_by_person: bool = False
    identifies: bool = False


PLAIN = Declared(None)


F = TypeVar("F", bound=models.Field)


def personal(kind: Kind, field: F, *, given_by_person: bool = False, identifies: bool = False) -> F:
    """Declare a field that holds personal data of a kind.

    `given_by_person` marks what the person gave himself: it belongs to the portable copy (Art. 20).
    `identifies` marks values by which the person is recognised in other people's texts.
    """
    field.declared = Declared(kind, given_by_person, identifies)  # type: ignore[attr-defined]
    return field


def plain(field: F) -> F:
    """Say aloud that a field holds nothing personal."""
    field.declared = PLAIN  # type: ignore[attr-defined]
    return field


@dataclass(frozen=True, eq=False)
class Entry:
    """One table in the inventory: whom it is about, who may do what, what each field is."""

    model: type[models.Model]
    about: tuple[str, ...]
    access: Access
    fields: Mapping[str, Declared]
    audited: bool = False
    shell: Shell | None = None

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def label(self) -> str:
        return self.model._meta.label

    def personal(self) -> dict[str, Kind]:
        return {name: declared.kind for name, declared in self.fields.items() if declared.kind}

    def kinds(self) -> list[Kind]:
        """Each kind once, in field order."""
        return list(dict.fromkeys(self.personal().values()))

    def path_to(self, subject: type[models.Model]) -> list[str]:
        """The lookup paths that lead from this row to a subject of the given model."""
        return [path for path in self.about if target(self.model, path) is subject]


SELF = "self"
"""The value of `about` for a model whose rows are themselves people or customers."""


@dataclass(frozen=True)
class ThirdParty:
    """A table that a library brought: declared here instead of on its fields."""

    model: str
    access: Access
    about: tuple[str, ...] = ()
    fields: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A table without a model (cache, migrations)."""

    name: str
    access: Access


@dataclass(frozen=True)
class Routine:
    """A database function that logins may call: ``name(argument types)`` as regprocedure prints it."""

    signature: str
    logins: frozenset[Login]


@dataclass(frozen=True)
class Place:
    """Data that is in no table: files, mail on its way, exports, backups. `kind` None: data of every kind."""

    name: str
    kind: Kind | None
    where: Text
    erased_by: Text
    title: Text = ""

    @property
    def label(self) -> Text:
        return self.title or (self.kind.label if self.kind else self.name)


@dataclass(frozen=True)
class StoredFile:
    """Each row of a model owns a file: `path_field` holds its path below MEDIA_ROOT."""

    model: str
    path_field: str


_stored_files: dict[str, StoredFile] = {}
_third_party: dict[str, ThirdParty] = {}
_tables: dict[str, Table] = {}
_routines: dict[str, Routine] = {}
_places: dict[str, Place] = {}


def declare(*things: ThirdParty | Table | Routine | Place | StoredFile) -> None:
    """Put what is not a field of ours into the inventory; called in the apps' inventory.py."""
    for thing in things:
        if isinstance(thing, ThirdParty):
            _third_party[thing.model.lower()] = thing
        elif isinstance(thing, Table):
            _tables[thing.name] = thing
        elif isinstance(thing, Routine):
            _routines[thing.signature] = thing
        elif isinstance(thing, StoredFile):
            _stored_files[thing.model.lower()] = thing
        else:
            _places[thing.name] = thing


def tables() -> list[Table]:
    return [_tables[name] for name in sorted(_tables)]


def routines() -> list[Routine]:
    return [_routines[signature] for signature in sorted(_routines)]


def places() -> list[Place]:
    return [_places[name] for name in sorted(_places)]


def stored_file_of(model: type[models.Model]) -> StoredFile | None:
    """The declaration of the file that each row of the model owns, if it owns one."""
    return _stored_files.get(model._meta.label_lower)


def undeclared() -> list[type[models.Model]]:
    """Models that say nothing: the checks report them."""
    return [model for model in _all_models() if _entry(model) is None]


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Every table of the register, by label."""
    found = [entry for model in _all_models() if (entry := _entry(model))]
    return tuple(sorted(found, key=lambda entry: entry.label))


@functools.cache
def entry_for(model: type[models.Model]) -> Entry:
    """The inventory entry of a model; LookupError when it was never declared."""
    concrete = model._meta.concrete_model or model
    for entry in entries():
        if entry.model is concrete:
            return entry
    raise LookupError(f"{model._meta.label} is not in the inventory")


def subjects() -> list[type[models.Model]]:
    """The models whose rows are people or customers."""
    return [entry.model for entry in entries() if SELF in entry.about]


def entries_about(subject: type[models.Model]) -> list[tuple[Entry, list[str]]]:
    """Tables that hold something about subjects of a model, with the paths that lead there."""
    found = [(entry, entry.path_to(subject)) for entry in entries()]
    return [(entry, paths) for entry, paths in found if paths]


def fields_for(model: type[models.Model], role: Role, word: str = "read") -> list[str]:
    """The fields of a model that a role may read (or ``change``, or ``add``), in their order.

    The fieldsets of the staff's forms follow from it (register.admin): empty where the role's login may not do it.
    """
    entry = entry_for(model)
    if not entry.access.may(role.value, word):
        return []
    narrowed = set(entry.access.columns.get(role.value, ())) if word == "change" else set()
    return [
        name
        for name, declared in entry.fields.items()
        if (declared.kind is None or role in declared.kind.seen_by)
        and (not narrowed or name in narrowed)
        and (word == "read" or model._meta.get_field(name).editable)
    ]


def kinds() -> list[Kind]:
    """Every kind that some field, shell or place uses, each once, in the order of their definition."""
    used = {kind for entry in entries() for kind in entry.kinds()}
    used |= {place.kind for place in places() if place.kind}
    used |= {entry.shell.kind for entry in entries() if entry.shell}
    return sorted(used, key=lambda kind: kind.order)


def entries_of(kind: Kind) -> list[Entry]:
    """The tables with a field of the kind, or whose rows are left as such."""
    return [
        entry for entry in entries() if kind in entry.kinds() or (entry.shell and entry.shell.kind is kind)
    ]


def subjects_of(kind: Kind) -> list[type[models.Model]]:
    """Whom data of the kind is about: the models to which its tables lead."""
    found = {target(entry.model, path) for entry in entries_of(kind) for path in entry.about}
    return sorted((model for model in found if model), key=lambda model: model._meta.label)


def is_about_staff(kind: Kind) -> bool:
    """Whether the kind is about users of the register only, whom the auth login alone knows."""
    about = subjects_of(kind)
    return bool(about) and all(entry_for(model).access.is_only_for(Login.AUTH) for model in about)


def target(model: type[models.Model], path: str) -> type[models.Model] | None:
    """The model to which a lookup path leads; None when the path leads nowhere."""
    if path == SELF:
        return model
    current = model
    for step in path.split("__"):
        try:
            related = current._meta.get_field(step).related_model
        except FieldDoesNotExist:
            return None
        if not isinstance(related, type):
            return None
        current = related
    return current


def _all_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy and not model._meta.abstract:
            yield model


def _entry(model: type[models.Model]) -> Entry | None:
    declared = _third_party.get(model._meta.label_lower)
    if declared:
        return _third_party_entry(model, declared)
    if model._meta.auto_created:
        return _link_table_entry(model)
    access = getattr(model, "access", None)
    if not isinstance(access, Access) or not hasattr(model, "about"):
        return None
    fields = {f.name: f.declared for f in model._meta.local_fields if hasattr(f, "declared")}
    return Entry(
        model,
        _paths(model.about),
        access,
        fields,
        audited=getattr(model, "audited", True),
        shell=getattr(model, "shell", None),
    )


def _paths(about: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if about is None:
        return ()
    return (about,) if isinstance(about, str) else tuple(about)


def _third_party_entry(model: type[models.Model], declared: ThirdParty) -> Entry:
    fields = {
        f.name: Declared(declared.fields[f.name]) if f.name in declared.fields else PLAIN
        for f in model._meta.local_fields
    }
    return Entry(model, declared.about, declared.access, fields)


def _link_table_entry(model: type[models.Model]) -> Entry | None:
    """A many-to-many table follows the model that declares the field: changing is adding and deleting."""
    parent = model._meta.auto_created
    owner = _entry(parent) if isinstance(parent, type) else None
    if owner is None:
        return None
    words = {
        login: " ".join(
            ["read"] * owner.access.may(login, "read")
            + ["add", "delete"] * (owner.access.may(login, "change") or owner.access.may(login, "add"))
        )
        for login in Login
    }
    fields = {f.name: PLAIN for f in model._meta.local_fields}
    own = parent._meta.model_name
    about = tuple(own if path == SELF else f"{own}__{path}" for path in owner.about)
    return Entry(model, about, Access(**words), fields)
