"""The copy of a person's data (GDPR Art. 15), and what he may take elsewhere (Art. 20), from the inventory.

Every table with a path to the person or to his private customer; every field with its label; of each kind
why, how long, from where and who sees it. What concerns other people is left out: their rows, their
numbers, and their names and addresses in texts that the person shares with them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import translation
from django.utils.timezone import localtime

from register import access, audit, grants, inventory, redaction, subjects
from register.inventory import Entry, Kind
from register.models import AuditEntry, Registrar, User
from register.roles import Role

FORMAT = "register-copy-1"


@dataclass(frozen=True)
class Copy:
    """The copy of one person's data, as plain values; `content` is what `json` writes."""

    number: str
    content: dict[str, Any]

    def json(self) -> str:
        return json.dumps(self.content, ensure_ascii=False, indent=2) + "\n"

    def tables(self) -> list[dict[str, Any]]:
        return list(self.content["tables"])

    def kinds(self) -> list[dict[str, str]]:
        return list(self.content["kinds"])


def copy_of(person: models.Model, *, by: User, at: datetime) -> Copy:
    """Everything the register holds about a person or customer; the making of it is recorded (Art. 15)."""
    return _copy(person, at=at, page="copy", only_given=False)


def portable_copy_of(person: models.Model, *, by: User, at: datetime) -> Copy:
    """What the person gave himself, machine-readable (Art. 20); the making of it is recorded."""
    return _copy(person, at=at, page="portable copy", only_given=True)


def _copy(person: models.Model, *, at: datetime, page: str, only_given: bool) -> Copy:
    guises = subjects.guises(person)
    for guise in guises:
        audit.record_read(guise, page=page)
    with translation.override(getattr(person, "language", None) or translation.get_language()):
        tables = [table for entry in _entries(guises) if (table := _table(entry, guises, only_given))]
        content: dict[str, Any] = {
            "format": FORMAT,
            "article": "GDPR Art. 20" if only_given else "GDPR Art. 15",
            "number": str(person),
            "made_at": localtime(at).isoformat(timespec="seconds"),
            "registrar": _registrar(),
            "tables": tables,
        }
        if not only_given:
            content["kinds"] = [_kind(kind) for kind in _kinds(guises, tables)]
            content["read_by"] = list(_readings(guises))
        return Copy(str(person), content)


def _entries(guises: Sequence[models.Model]) -> Iterator[Entry]:
    for entry in inventory.entries():
        about = any(entry.path_to(type(guise)) for guise in guises)
        if about and entry.access.may(access.alias(), "read") and not subjects.is_link_table(entry):
            yield entry


def _table(entry: Entry, guises: Sequence[models.Model], only_given: bool) -> dict[str, Any] | None:
    rows = list(subjects.rows(entry, guises))
    if not rows:
        return None
    others = subjects.others(subjects.claims(entry, [row.pk for row in rows]), guises)
    own = redaction.identifying_values(guises) if any(others.values()) else set()
    found = []
    for row in rows:
        foreign = redaction.identifying_values(
            [one for one in others.get(row.pk, []) if subjects.is_human(one)]
        )
        fields = _fields(entry, row, others.get(row.pk, []), only_given)
        hidden = redaction.pattern(foreign - own)
        found.append({"number": str(row), "fields": redaction.without(fields, hidden)})
    if only_given and not any(row["fields"] for row in found):
        return None
    label = str(entry.model._meta.verbose_name_plural)
    return {"table": entry.label, "label": label[:1].upper() + label[1:], "rows": found}


def _fields(
    entry: Entry, row: models.Model, others: Sequence[models.Model], only_given: bool
) -> dict[str, dict[str, Any]]:
    """Label, value and kind of each field that has a value; ties to other people are left out."""
    found: dict[str, dict[str, Any]] = {}
    for name, declared in entry.fields.items():
        field = entry.model._meta.get_field(name)
        if only_given and not declared.given_by_person:
            continue
        value = _related(row, field, others) if field.is_relation else _value(row, field)
        if value not in (None, "", [], {}) and not getattr(field, "primary_key", False):
            found[name] = {"label": _label(field), "value": value}
            if declared.kind:
                found[name]["kind"] = str(declared.kind.label)
    if not only_given:
        for many in entry.model._meta.local_many_to_many:
            if many.related_model not in inventory.subjects():
                names = [str(one) for one in getattr(row, many.name).all()]
                found.update({many.name: {"label": _label(many), "value": names}} if names else {})
    return found


def _related(row: models.Model, field: Any, others: Sequence[models.Model]) -> str | None:
    """A company by its name; other people and the staff not at all; other rows by their number."""
    pk = getattr(row, field.attname)
    if pk is None or field.related_model is User:
        return None
    if field.related_model in inventory.subjects():
        names = [subjects.public_name(o) for o in others if type(o) is field.related_model and o.pk == pk]
        return names[0] if names else None
    return str(field.related_model(pk=pk))


def _value(row: models.Model, field: Any) -> Any:
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    return _plain(getattr(row, field.attname))


def _plain(value: Any) -> Any:
    """The value as JSON knows it."""
    if isinstance(value, datetime):
        return localtime(value).isoformat(timespec="seconds")
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, date | Decimal | UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | dict | None) else str(value)


def _label(field: Any) -> str:
    label = str(field.verbose_name)
    return label[:1].upper() + label[1:]


def _kinds(guises: Sequence[models.Model], tables: Sequence[dict[str, Any]]) -> list[Kind]:
    used = {
        field["kind"]
        for table in tables
        for row in table["rows"]
        for field in row["fields"].values()
        if "kind" in field
    }
    return [kind for kind in inventory.kinds() if str(kind.label) in used]


def _kind(kind: Kind) -> dict[str, str]:
    return {
        "label": str(kind.label),
        "purpose": str(kind.purpose),
        "legal_basis": str(kind.basis.label),
        "kept": kind.keep.sentence(),
        "source": str(kind.source),
        "recipients": str(kind.recipients),
        "seen_by": ", ".join(str(role.label) for role in Role if role in kind.seen_by),
    }


def _readings(guises: Sequence[models.Model]) -> Iterator[dict[str, str]]:
    """When, on which page and in which role the data was read; not which employee (CJEU C-579/21)."""
    roles = {grants.role_name(role.value): str(role.label) for role in Role}
    entries = AuditEntry.objects.filter(
        numbers__overlap=[str(guise) for guise in guises], action=AuditEntry.Action.ACCESS
    ).order_by("pk")
    for entry in entries.values("timestamp", "page", "login", "actor_id"):
        yield {
            "at": str(_plain(entry["timestamp"])),
            "page": entry["page"],
            "role": roles.get(entry["login"], ""),
        }


def _registrar() -> dict[str, str]:
    registrar = Registrar.objects.first()
    if registrar is None:
        return {}
    return {
        "name": registrar.name,
        "business_id": registrar.business_id,
        "contact": f"{registrar.contact_person}, {registrar.contact_email}",
    }
