"""What is held about a person, in outline: how many entries of which kind, without any of their contents.

Counted from the inventory when a link is made, because the public login may read none of those tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import mode

from django.apps import apps
from django.db import models

from privacy.models import MyDataLink, OutlineLine
from register import access, inventory, subjects
from register.inventory import Entry, Kind

OWN_TABLES = "privacy."


def store(link: MyDataLink) -> None:
    """Count what the acting login may read about the link's person, and keep the numbers with the link."""
    human = subjects.guises(link.person)
    counts = [(entry, subjects.rows(entry, human).count()) for entry in readable()]
    OutlineLine.objects.bulk_create(
        OutlineLine(link=link, table=entry.label, count=number) for entry, number in counts if number
    )


def readable() -> list[Entry]:
    """Tables with personal data that the acting login may read, but not those of the links themselves."""
    return [
        entry
        for entry in inventory.entries()
        if entry.personal()
        and entry.access.may(access.alias(), "read")
        and not entry.label.startswith(OWN_TABLES)
    ]


def by_kind(lines: Iterable[OutlineLine]) -> list[tuple[Kind, int]]:
    """The numbers added up for each kind of data, in the order of the inventory."""
    totals: dict[Kind, int] = {}
    for line in lines:
        kind = _main_kind(line.table)
        if kind is not None:
            totals[kind] = totals.get(kind, 0) + line.count
    return [(kind, totals[kind]) for kind in inventory.kinds() if kind in totals]


def _main_kind(table: str) -> Kind | None:
    """What the table is for: the kind of most of its personal fields; of as many, the one declared first."""
    try:
        model: type[models.Model] = apps.get_model(table)
        entry = inventory.entry_for(model)
    except LookupError:
        return None
    return mode(sorted(entry.personal().values(), key=lambda kind: kind.order))
