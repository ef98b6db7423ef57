"""The audit: who did and read what. It holds which field changed, never the personal values.

Writes are recorded by django-auditlog, registered from the inventory, in the writer's own
transaction. Reads are recorded on the audit login in a transaction of their own, before the page
leaves, so that "read, then fail" still shows. `QuerySet.update` and bulk writes pass auditlog's signals
unseen: use cases that do so call `record`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.db import connections, models

from register import access, inventory
from register.inventory import Entry

MASK = "•••"


def mask(value: str) -> str:
    """What the audit holds instead of a personal value."""
    return MASK


def register_models() -> None:
    """Put every audited model of the inventory under django-auditlog, personal fields masked."""
    for entry in inventory.entries():
        if entry.audited and not entry.model._meta.auto_created and not auditlog.contains(entry.model):
            auditlog.register(
                entry.model,
                # Else auditlog asks the database for each one-to-one row that points here.
                include_fields=[field.name for field in entry.model._meta.concrete_fields],
                mask_fields=list(entry.personal()),
                mask_callable="register.audit.mask",
                m2m_fields={field.name for field in entry.model._meta.local_many_to_many},
            )


def because(reason: str) -> None:
    """Attach a reason to everything recorded in the rest of this transaction."""
    with connections[access.alias()].cursor() as cursor:
        cursor.execute("SELECT set_config('register.reason', %s, true)", [reason[:500]])


def record_read(*subjects: models.Model, page: str) -> None:
    """Record that the acting user is about to see one person's or customer's data."""
    record_reads(subjects, page=page)


def record_reads(subjects: Sequence[models.Model], *, page: str) -> None:
    """Record that the acting user is about to see these rows: one entry a page, with their numbers.

    Written through the audit login and committed before this returns.
    """
    if subjects:
        single = subjects[0] if len(subjects) == 1 else None
        _record_access(type(subjects[0]), [str(subject) for subject in subjects], page=page, single=single)


def record_numbers(model: type[models.Model], numbers: Sequence[str], *, page: str) -> None:
    """As record_reads, for lists that know the numbers of their rows without making models of them."""
    if numbers:
        _record_access(model, list(numbers), page=page)


# Actor, entry and commit in one round trip: a statement outside a transaction is one of its own, and what it selects
# from is there before the trigger asks who acts.
ACCESS = """
INSERT INTO register_auditentry (content_type_id, object_pk, object_id, object_repr, action, changes_text, "timestamp",
                                 page, numbers, login, reason)
SELECT %(content_type)s, %(object_pk)s, %(object_id)s, %(object_repr)s, %(action)s, '', now(),
       %(page)s, %(numbers)s::varchar[], '', ''
  FROM set_config('register.context', %(context)s, true)
"""


def _record_access(
    model: type[models.Model], numbers: list[str], *, page: str, single: models.Model | None = None
) -> None:
    who = replace(access.current(), alias="audit")
    with connections["audit"].cursor() as cursor:
        cursor.execute(
            ACCESS,
            {
                "content_type": _content_type(model).pk,
                "object_pk": str(single.pk) if single else "",
                "object_id": single.pk if single else None,
                "object_repr": str(single) if single else "",
                "action": _model().Action.ACCESS,
                "page": page,
                "numbers": numbers,
                "context": access.sign(who),
            },
        )


def record(
    action: int,
    model: type[models.Model],
    *,
    numbers: Iterable[str] = (),
    page: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Record a bulk act in the acting transaction; `details` holds counts and field names, no values."""
    _entries().create(
        content_type=_content_type(model),
        object_pk="",
        object_repr="",
        action=action,
        page=page,
        numbers=list(numbers),
        additional_data=details,
    )


def numbers_of(row: models.Model) -> list[str]:
    """The numbers of the people and customers a row is about, by keys alone; many-to-many ties left out."""
    entry = inventory.entry_for(type(row))
    return [number for path in entry.about if (number := _number_at(row, path))]


def _number_at(row: models.Model, path: str) -> str:
    if path == inventory.SELF:
        return str(row)
    *steps, last = path.split("__")
    at: Any = row
    try:
        for step in steps:
            at = getattr(at, step)
    except ObjectDoesNotExist:
        return ""
    if at is None:
        return ""
    field = at._meta.get_field(last)
    pk = None if field.many_to_many else getattr(at, field.attname)
    return "" if pk is None else str(field.related_model(pk=pk))


def audited_entries() -> list[Entry]:
    return [entry for entry in inventory.entries() if entry.audited]


def _model() -> Any:
    from register.models import AuditEntry

    return AuditEntry


def _entries() -> Any:
    return _model().objects.using(access.alias())


def _content_type(model: type[models.Model]) -> ContentType:
    return ContentType.objects.get_for_model(model)
