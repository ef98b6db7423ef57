"""Booking the transactions of a file: each once, matched by reference and amount, or put before a person."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing import locking, rules
from billing.amounts import ZERO
from billing.bank import statements
from billing.bank.pairing import Pairing, Row
from billing.bank.transactions import Unreadable
from billing.models import BankFile, BankRow, PaymentQuestion

Result, Reason = BankRow.Result, PaymentQuestion.Reason

AT_A_TIME = 5000
FAILED = "failed"
"""Reason of a row that tells of a failed direct debit."""


Known = tuple[date, Decimal, str]
"""Booking day, amount and reference of a payment that is booked."""
NEAR = 10
"""Days between which one payment may be told: banks book it on one day and specify it on another."""


class Booking:
    """One file on its way into the ledger, in the acting transaction."""

    def __init__(self, file: BankFile, *, at: datetime, on: date) -> None:
        self.file, self.at = file, at
        self.pairing = Pairing(costs_first=rules.costs_first(on))
        self.position = 0
        self.counts: Counter[str] = Counter()
        self.sums: dict[str, Decimal] = {}
        self.corrections: list[tuple[int, tuple[str, ...]]] = []

    def take(self, told: list[Row]) -> None:
        """Book the next transactions of the file, and lines without any."""
        rows = [row for row in told if not row.line.left_out]
        if len(rows) < len(told):
            self.counts["left_out"] += len(told) - len(rows)
        if not rows:
            return
        for row in rows:
            self.position += 1
            row.position = self.position
            if row.line.failed:
                row.result, row.reason = Result.REFUSED, FAILED
        self._tell_known(rows)
        self._tell_lines(rows)
        new = [row for row in rows if row.is_new]
        self.pairing.match(new)
        self._book(new)
        self._write_rows(rows)

    # --- what is known already ---------------------------------------------------------------------------

    def _tell_known(self, rows: list[Row]) -> None:
        lines = self._lines(rows)
        named = ({row.key, row.other_key, row.line_key[:2]} for row in rows)
        known = self._payments({key for keys in named for key in keys})
        again = self._rename(rows, known)
        known |= self._payments(again)
        seen: set[tuple[str, str]] = set()
        for row in rows:
            if row.result:
                continue
            specified_by, settled = lines.get(row.line_key, (None, False))
            told_whole = known.get(row.line_key[:2])
            whole = told_whole is not None and told_whole[:2] == row.line_key[2:]
            if row.told is None:
                self._tell_bare(row, known=whole or specified_by is not None or settled)
            elif (
                row.key in known
                or row.key in seen
                or settled
                or (whole and row.amount == row.line.amount)
                or _is_told_by(row, known.get(row.other_key))
                or specified_by not in (None, self.file.pk)
            ):
                row.result = Result.DUPLICATE
            seen.add(row.key)

    def _tell_bare(self, row: Row, *, known: bool) -> None:
        if not row.line.archive_id:
            raise Unreadable(_("A line has neither transactions nor an archive identifier."), row.line.line)
        row.result = Result.DUPLICATE if known else Result.WAITING

    def _rename(self, rows: list[Row], known: dict[tuple[str, str], Known]) -> set[tuple[str, str]]:
        """Banks use identifiers again: another day makes it another payment, unless all else is the same and the
        days are near, because some tell one payment with two booking days. Raises Unreadable.
        """
        renamed = set()
        for row in rows:
            if row.told is None or row.result or row.key not in known:
                continue
            booked_on, amount, _reference = known[row.key]
            if booked_on != row.line.booked_on and not _is_told_by(row, known[row.key]):
                row.told.key = f"{row.told.key}@{row.line.booked_on:%y%m%d}"
                renamed.add(row.key)
            elif amount != row.told.amount:
                raise Unreadable(
                    _("A payment that is booked already is told with another amount."), row.told.line
                )
        return renamed

    def _payments(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Known]:
        asked = [key for key in keys if key[1]]
        found = (
            statements.ask(statements.KNOWN, [a for a, _k in asked], [k for _a, k in asked]) if asked else []
        )
        return {(account, key): tuple(facts) for account, key, *facts in found}

    def _lines(self, rows: list[Row]) -> dict[tuple[str, str, date, Decimal], tuple[int | None, bool]]:
        asked = list({row.line_key[:2] for row in rows if row.line.archive_id})
        found = (
            statements.ask(statements.LINES, [a for a, _k in asked], [k for _a, k in asked]) if asked else []
        )
        return {(a, k, day, amount): (by, settled) for a, k, day, amount, by, settled in found}

    def _tell_lines(self, rows: list[Row]) -> None:
        """Remember lines whose transactions bear other identifiers, so that line and specification meet."""
        told: dict[tuple[str, str, date, Decimal], tuple[int | None, bool]] = {}
        for row in rows:
            if row.told is None and row.result == Result.WAITING:
                told.setdefault(row.line_key, (row.line.count, False))
            elif row.is_new and row.line.archive_id and row.key != row.line_key[:2]:
                told[row.line_key] = (None, True)
        if told:
            keys = list(told)
            statements.do(
                statements.TELL_LINES, self.file.pk, self.file.pk,
                [key[0] for key in keys], [key[1] for key in keys], [key[2] for key in keys],
                [key[3] for key in keys], [told[key][0] for key in keys], [told[key][1] for key in keys],
            )  # fmt: skip

    # --- writing -------------------------------------------------------------------------------------------

    def _book(self, rows: list[Row]) -> None:
        if not rows:
            return
        told = [row.told for row in rows if row.told]
        for row, (key,) in zip(rows, statements.ask(statements.NUMBERS, len(rows)), strict=True):
            row.payment_id = key
            if row.told and row.told.amount < 0:
                self.corrections.append((key, row.told.related))
        self._write_entries(rows)
        statements.do(
            statements.PAYMENTS, self.file.uploaded_by_id, self.at, [row.payment_id for row in rows],
            [one.amount for one in told], [one.paid_on for one in told], [row.line.booked_on for row in rows],
            [one.reference for one in told], [one.payer_name for one in told],
            [row.line.account for row in rows], [one.key for one in told], [row.customer_id for row in rows],
        )  # fmt: skip
        self._write_questions([row for row in rows if row.reason])

    def _write_entries(self, rows: list[Row]) -> None:
        met = [(row, *one) for row in rows for one in row.met]
        if met:
            earliest = locking.open_day(date.min)
            statements.do(
                statements.ENTRIES, earliest, earliest, self.file.uploaded_by_id, self.at,
                [part for _row, _pk, part, _amount in met], [pk for _row, pk, _part, _amount in met],
                [row.payment_id for row, *_rest in met], [amount for *_rest, amount in met],
                [row.told.paid_on if row.told else row.line.booked_on for row, *_rest in met],
            )  # fmt: skip

    def _write_questions(self, rows: list[Row]) -> None:
        told = [row.told for row in rows if row.told]
        if told:
            told_only = set(PaymentQuestion.TOLD)
            statements.do(
                statements.QUESTIONS, self.at, [row.payment_id for row in rows], [row.reason for row in rows],
                ["" if row.reason in told_only else row.told.message if row.told else "" for row in rows],
                [json.dumps([[part.key, str(part.amount or "")] for part in one.parts]) for one in told],
                [one.reason for one in told],
            )  # fmt: skip

    def _write_rows(self, rows: list[Row]) -> None:
        statements.do(
            statements.ROWS, self.file.pk, [row.position for row in rows],
            [row.told.line if row.told else row.line.line for row in rows],
            [row.key[1] for row in rows], [row.amount for row in rows], [row.line.booked_on for row in rows],
            [row.result for row in rows], [row.reason for row in rows], [row.payment_id for row in rows],
        )  # fmt: skip
        for row in rows:
            self.counts[row.result] += 1
            self.sums[row.result] = self.sums.get(row.result, ZERO) + row.amount


def _is_told_by(row: Row, known: Known | None) -> bool:
    """Whether a row tells of a payment that is booked under its identifier."""
    if known is None or row.told is None:
        return False
    booked_on, amount, reference = known
    days = abs((row.line.booked_on - booked_on).days)
    return amount == row.amount and days <= NEAR and reference == row.told.reference
