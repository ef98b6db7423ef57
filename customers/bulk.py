"""Acts on many customers at once: a tag, a status, a file for a spreadsheet. Each is one entry in the audit."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from customers import search
from customers.importing.cells import inert
from customers.models import Customer, Relationship, Tag
from register import access, audit
from register.finnish import clean_line
from register.models import AuditEntry, User

Tagging: Any = Relationship.tags.through
BATCH = 5_000


class ReasonMissing(ValueError):
    """Data leaves the register and nobody said why."""

    def __init__(self) -> None:
        super().__init__(_("Write why the data is needed."))


def add_tag(customers: QuerySet[Customer], *, name: str, by: User) -> int:
    """Give all these customers a tag, made where it does not exist; how many did not have it."""
    with access.atomic():
        tag, __ = Tag.objects.get_or_create(name=clean_line(name, limit=50))
        lacking = Relationship.objects.filter(customer__in=customers).exclude(tags=tag)
        found = list(lacking.values_list("pk", "customer_id"))
        Tagging.objects.bulk_create(
            [Tagging(relationship_id=pk, tag=tag) for pk, _customer in found],
            batch_size=BATCH,
            ignore_conflicts=True,
        )
        _record([customer for _pk, customer in found], fields=["tags"])
    return len(found)


def remove_tag(customers: QuerySet[Customer], *, tag: Tag, by: User) -> int:
    """Take a tag from all these customers; how many had it."""
    with access.atomic():
        tagged = Tagging.objects.filter(tag=tag, relationship__customer__in=customers)
        numbers = list(tagged.values_list("relationship__customer_id", flat=True))
        tagged.delete()
        _record(numbers, fields=["tags"])
    return len(numbers)


def set_status(customers: QuerySet[Customer], *, status: str, on: date, by: User) -> int:
    """Give all these relationships a status; how many had another. A former one ends on the day, unless it had."""
    with access.atomic():
        changed = Relationship.objects.filter(customer__in=customers).exclude(status=status)
        numbers = list(changed.values_list("customer_id", flat=True))
        ended = None
        if status == Relationship.Status.FORMER:
            ended = Coalesce("ended_on", Greatest(Value(on), F("since")))
        changed.update(status=status, ended_on=ended)
        _record(numbers, fields=["status", "ended_on"])
    return len(numbers)


def export(customers: QuerySet[Customer], *, reason: str, by: User) -> str:
    """These customers as CSV for a spreadsheet, cells made inert. Raises ReasonMissing."""
    reason = clean_line(reason)
    if not reason:
        raise ReasonMissing
    with access.atomic():
        ids = list(customers.order_by("sort_key", "id").values_list("pk", flat=True))
        rows = search.named_rows(EXPORTED, {"ids": ids})
        audit.because(reason)
        _record(ids, fields=list(COLUMNS), action=AuditEntry.Action.ACCESS, page="export")
    return _csv(rows)


COLUMNS = (
    "number",
    "name",
    "kind",
    "business_id",
    "language",
    "status",
    "since",
    "tags",
    "email",
    "phone",
    "street",
    "postal_code",
    "city",
)
EXPORTED = """
SELECT 'K' || c.id AS number, c.name, c.kind, c.business_id, c.language, r.status, r.since::text AS since,
       (SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM customers_relationship_tags m
          JOIN customers_tag t ON t.id = m.tag_id WHERE m.relationship_id = r.id) AS tags,
       e.address AS email, p.number AS phone, a.street, a.postal_code, a.city
  FROM unnest(%(ids)s) WITH ORDINALITY w (id, place)
  JOIN customers_customer c ON c.id = w.id
  LEFT JOIN customers_relationship r ON r.customer_id = c.id
  LEFT JOIN LATERAL (SELECT d.address FROM customers_emailaddress d
         WHERE (d.customer_id = c.id OR d.person_id = c.person_id) AND d.ended_on IS NULL
         ORDER BY d."primary" DESC, d.id LIMIT 1) e ON true
  LEFT JOIN LATERAL (SELECT d.number FROM customers_phonenumber d
         WHERE (d.customer_id = c.id OR d.person_id = c.person_id) AND d.ended_on IS NULL
         ORDER BY d."primary" DESC, d.id LIMIT 1) p ON true
  LEFT JOIN LATERAL (SELECT d.street, d.postal_code, d.city FROM customers_postaladdress d
         WHERE (d.customer_id = c.id OR d.person_id = c.person_id) AND d.ended_on IS NULL
         ORDER BY d."primary" DESC, d.id LIMIT 1) a ON true
 ORDER BY w.place
"""


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    """Semicolons and a byte order mark, as a Finnish spreadsheet expects."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([inert(str(row[column] or "")) for column in COLUMNS] for row in rows)
    return file.getvalue()


def _record(
    ids: Sequence[int], *, fields: list[str], action: int = AuditEntry.Action.UPDATE, page: str = "bulk"
) -> None:
    if ids:
        numbers = [f"K{pk}" for pk in ids]
        audit.record(
            action, Customer, numbers=numbers, page=page, details={"rows": len(ids), "fields": fields}
        )
