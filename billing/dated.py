"""Rows that hold from one day to another: how they are added, and taken back when they were added by mistake.

A new row ends the open one on the day before. What came with the program stays. The database refuses two rows of one
group on one day, whoever writes them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from billing.models import Rule, VatGround, VatRate
from register import access
from register.finnish import clean_line

Row = TypeVar("Row", Rule, VatRate, VatGround)
DAY = timedelta(days=1)
TWO_ON_ONE_DAY = ("two rates", "two rows", "two grounds")
"""How the database's triggers begin to refuse."""


class RowsOverlap(ValueError):
    """Another row of the group is in force on some of the days."""

    def __init__(self) -> None:
        super().__init__(
            _("Another row of this figure is in force on some of these days. Choose a later first day.")
        )


class SourceMissing(ValueError):
    """A figure without its law or its source cannot be explained."""

    def __init__(self) -> None:
        super().__init__(_("Write the section of the law and where you read the rate."))


class ShippedRow(ValueError):
    """Rows that came with the program are not removed."""

    def __init__(self) -> None:
        super().__init__(_("This row came with the program. Add a new one from the day of the change."))


def add(row: Row, **group: Any) -> Row:
    """Store a new row; the open row of its group ends on the day before it.

    Raises RowsOverlap, SourceMissing.
    """
    row.statute, row.source = clean_line(row.statute), clean_line(row.source, limit=300)
    if not row.statute or not row.source:
        raise SourceMissing
    if row.valid_to is not None and row.valid_to < row.valid_from:
        raise RowsOverlap
    return store(row, **group)


def store(row: Row, **group: Any) -> Row:
    """The same for a row whose texts have been looked at. Raises RowsOverlap."""
    try:
        with access.atomic():
            before = type(row).objects.filter(**group, valid_to=None, valid_from__lt=row.valid_from).first()
            if before is not None:
                before.valid_to = row.valid_from - DAY
                before.save(update_fields=["valid_to"])
            row.save()
    except IntegrityError as refused:
        if not any(words in str(refused) for words in TWO_ON_ONE_DAY):
            raise
        raise RowsOverlap from None
    return row


def remove(row: Row, *, reopen: bool = True, **group: Any) -> None:
    """Take back a row that was added by mistake; the one that ended for it goes on. Raises ShippedRow.

    With `reopen` false the row before ended by itself and stays as it is.
    """
    if row.is_shipped:
        raise ShippedRow
    with access.atomic():
        before = type(row).objects.filter(**group, valid_to=row.valid_from - DAY).first()
        row.delete()
        if before is not None and reopen:
            before.valid_to = row.valid_to
            before.save(update_fields=["valid_to"])
