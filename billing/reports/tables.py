"""What a report is: columns of a sort, rows, totals, bars. Pages, CSV and XLSX are made of the same one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils import formats
from django.utils.formats import date_format

from billing.amounts import ZERO
from billing.reports.periods import Period
from customers.templatetags.contacts import euros, quantity
from register.inventory import Text

WIDE = 100
"""Units of a bar's full width."""


class Sort(StrEnum):
    TEXT = "text"
    MONEY = "money"
    COUNT = "count"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    title: Text
    sort: Sort = Sort.TEXT

    @property
    def is_figure(self) -> bool:
        return self.sort in (Sort.MONEY, Sort.COUNT)


@dataclass(frozen=True)
class Cell:
    """One cell as a page shows it."""

    text: str
    column: Column


@dataclass(frozen=True)
class Row:
    """Values in the order of the columns; `page` and `key` name what the row is about, for its link."""

    values: tuple[Any, ...]
    page: str = ""
    key: int | None = None


@dataclass(frozen=True)
class Bar:
    label: str
    amount: Decimal
    width: int = 0

    @property
    def text(self) -> str:
        return euros(self.amount)


@dataclass(frozen=True)
class Report:
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: tuple[Any, ...] = ()
    bars: Sequence[Bar] = ()
    notes: Sequence[Text] = ()
    proof: Proof | None = None
    customers: Sequence[int] = field(default=())
    """Whose data the rows show."""

    def shown(self) -> Iterator[tuple[Row, list[Cell]]]:
        for row in self.rows:
            yield row, self._cells(row.values)

    def shown_totals(self) -> list[Cell]:
        return self._cells(self.totals)

    def chart(self) -> list[Bar]:
        """The bars, each as wide as its share of the longest."""
        longest = max((abs(bar.amount) for bar in self.bars), default=ZERO)
        if not longest:
            return []
        return [Bar(b.label, b.amount, int(abs(b.amount) / longest * WIDE)) for b in self.bars]

    def _cells(self, values: Iterable[Any]) -> list[Cell]:
        return [
            Cell(shown(value, column), column) for value, column in zip(values, self.columns, strict=True)
        ]


@dataclass(frozen=True)
class Proof:
    """Open items and the ledger's balance of the same day, counted by two ways that must agree."""

    items: Decimal
    balance: Decimal

    @property
    def difference(self) -> Decimal:
        return self.items - self.balance


@dataclass(frozen=True)
class Asked:
    """What a report is asked for: the days, and which of the rows (limit None: all)."""

    period: Period
    limit: int | None = None
    offset: int = 0

    @property
    def day(self) -> date:
        return self.period.last

    @property
    def days(self) -> dict[str, Any]:
        return {"first": self.period.first, "last": self.period.last}

    @property
    def part(self) -> dict[str, Any]:
        return {"limit": self.limit, "offset": self.offset}


@dataclass(frozen=True)
class Kind:
    """A report that can be asked for; `as_of` ones take a day, the others a period."""

    code: str
    title: Text
    about: Text
    make: Callable[[Asked], Report]
    as_of: bool = False
    usual: str = "month"
    """The period that is shown first: last month, or this year."""


def shown(value: Any, column: Column) -> str:
    """A value as a Finn writes it."""
    if value is None or value == "":
        return ""
    if column.sort == Sort.MONEY:
        return money(value) if value else "–"
    if column.sort == Sort.DAY:
        return date_format(value, "SHORT_DATE_FORMAT")
    if column.sort == Sort.COUNT:
        return quantity(Decimal(value))
    return str(value)


def money(amount: Decimal) -> str:
    """−1 088,36: a table says once that it is in euros."""
    return formats.number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True).replace("-", "−")
