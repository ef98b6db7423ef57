"""Reader of *konekielinen viitetapahtumaluettelo* (KTL): lines of 90 characters, batches from `0` to `9`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO

import schwifty
from django.utils.translation import gettext_lazy as _
from schwifty.exceptions import SchwiftyException

from billing.amounts import ZERO
from billing.bank.transactions import (
    LONGEST_NAME,
    BankLine,
    Item,
    Transaction,
    Unreadable,
    agree,
    line_of_text,
    reference_of,
)

WIDTH = 90
LETTERS = str.maketrans("{[|\\}]", "äÄöÖåÅ")
"""The seven-bit set in which Finnish banks once wrote."""


@dataclass(slots=True)
class Sums:
    """Number and sum of one sort of event, in euros."""

    count: int = 0
    sum: Decimal = ZERO

    def add(self, amount: Decimal) -> None:
        self.count, self.sum = self.count + 1, self.sum + amount


def read(source: BinaryIO) -> Iterator[Item]:
    """The events in their order; each batch's trailer is held against them. Raises Unreadable."""
    batch: tuple[Sums, Sums, Sums] | None = None
    for number, text in _lines(source):
        kind = text[0]
        if kind == "0" and batch is None:
            if text[22] not in "1 ":
                raise Unreadable(_("The list is not in euros."), number)
            batch = (Sums(), Sums(), Sums())
        elif kind in "35" and batch is not None:
            event, transaction = _event(text, number)
            batch[_sort(text)].add(abs(event.amount))
            if transaction.amount:
                yield event, transaction
        elif kind == "9" and batch is not None:
            _close(text, batch, number)
            batch = None
        elif kind in "03591":
            raise Unreadable(_("The records do not follow each other as they should."), number)
        else:
            raise Unreadable(_("This is no record of a reference list."), number)
    if batch is not None:
        raise Unreadable(_("The file ends before its sums: it is not whole."), number)


def _lines(source: BinaryIO) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(_split(source), start=1):
        text = _decoded(raw).rstrip("\r\n\x1a")
        if not text.strip():
            continue
        if len(text.rstrip()) > WIDTH:
            raise Unreadable(_("The line is longer than %(width)d characters.") % {"width": WIDTH}, number)
        yield number, text.ljust(WIDTH)


def _split(source: BinaryIO) -> Iterable[bytes]:
    """Lines, never longer than is sensible, however long the file's lines are."""
    while line := source.readline(1000):
        yield line


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.translate(LETTERS)


def _sort(text: str) -> int:
    """Which of the trailer's three sums an event belongs to: payments, corrections, failed direct debits."""
    return 2 if text[89] not in "0 " else 1 if text[87] == "1" else 0


def _event(text: str, number: int) -> tuple[BankLine, Transaction]:
    corrects = text[87] == "1"
    amount = _cents(text[77:87], number)
    booked_on = _day(text[15:21], number)
    if text[75] not in "1 ":
        raise Unreadable(_("The amount is not in euros."), number)
    transaction = Transaction(
        line=number,
        amount=-amount if corrects else amount,
        paid_on=_day(text[21:27], number) if text[21:27].strip("0 ") else booked_on,
        archive_id=line_of_text(text[27:43], 16),
        reference=reference_of(text[43:63]),
        payer_name=line_of_text(text[63:75], LONGEST_NAME),
    )
    line = BankLine(
        line=number,
        account=_account(text[1:15], number),
        amount=transaction.amount,
        booked_on=booked_on,
        failed=_sort(text) == 2,
    )
    line.identify(transaction, 0, alone=True)
    return line, transaction


def _account(bban: str, number: int) -> str:
    try:
        return str(schwifty.IBAN.from_bban("FI", _digits(bban, number)))
    except SchwiftyException as wrong:
        raise Unreadable(_("The account number is wrong."), number) from wrong


def _close(text: str, batch: tuple[Sums, Sums, Sums], number: int) -> None:
    for sums, start in zip(batch, (1, 18, 35), strict=True):
        agree(int(_digits(text[start : start + 6], number)), sums.count, number)
        agree(_cents(text[start + 6 : start + 17], number), sums.sum, number)


def _cents(text: str, number: int) -> Decimal:
    return Decimal(_digits(text, number)).scaleb(-2)


def _digits(text: str, number: int) -> str:
    if not (text.isascii() and text.isdigit()):
        raise Unreadable(_("Figures are expected where there are other characters."), number)
    return text


def _day(text: str, number: int) -> date:
    digits = _digits(text, number)
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError as wrong:
        raise Unreadable(_("There is no such day."), number) from wrong
