"""Booking the transactions of a file: each once, matched by reference and amount, or put before a person."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connections
from django.utils.translation import gettext_lazy as _

from billing import references, rules
from billing.amounts import ZERO
from billing.bank import allocation, statements
from billing.bank.transactions import BankLine, Transaction, Unreadable
from billing.models import BankFile, BankRow, Entry, PaymentQuestion, Rule
from register import access

Result, Reason = BankRow.Result, PaymentQuestion.Reason

AT_A_TIME = 5000
CAMT_IDENTIFIER = 18
"""Characters of an archive identifier in camt; in KTL it lacks the year and has two less."""
FAILED = "failed"
"""Reason of a row that tells of a failed direct debit."""


@dataclass(slots=True)
class Debt:
    """What is open of an invoice, while payments of the file take from it."""

    pk: int
    customer_id: int
    principal: Decimal
    costs: Decimal
    name: str


@dataclass(slots=True)
class Row:
    """One transaction, or one bare line, on its way to its result."""

    position: int
    line: BankLine
    told: Transaction | None
    result: str = ""
    reason: str = ""
    match_key: str | None = None
    customer_id: int | None = None
    payment_id: int | None = None
    met: list[tuple[int, str, Decimal]] = field(default_factory=list)

    @property
    def amount(self) -> Decimal:
        return self.told.amount if self.told else self.line.amount

    @property
    def key(self) -> tuple[str, str]:
        return self.line.account, self.told.key if self.told else self.line.archive_id

    @property
    def other_key(self) -> tuple[str, str]:
        """The same identifier as the other format writes it: camt sets the year before that of a KTL."""
        account, key = self.key
        return account, key[2:] if len(key) == CAMT_IDENTIFIER else f"{self.line.booked_on:%y}{key}"

    @property
    def line_key(self) -> tuple[str, str, date, Decimal]:
        return self.line.account, self.line.archive_id, self.line.booked_on, self.line.amount

    @property
    def is_new(self) -> bool:
        return not self.result and self.told is not None


class Booking:
    """One file on its way into the ledger, in the acting transaction."""

    def __init__(self, file: BankFile, *, at: datetime, on: date) -> None:
        self.file, self.at = file, at
        self.costs_first = rules.row(Rule.Code.COSTS_FIRST, on).value == 1
        self.rows: list[Row] = []
        self.position = 0
        self.counts: Counter[str] = Counter()
        self.sums: dict[str, Decimal] = {}
        self.corrections: list[tuple[int, tuple[str, ...]]] = []

    def take(self, line: BankLine, told: Transaction | None) -> None:
        """One transaction of the file, or a line without any."""
        if line.left_out:
            self.counts["left_out"] += 1
            return
        self.position += 1
        row = Row(self.position, line, told)
        if line.failed:
            row.result, row.reason = Result.REFUSED, FAILED
        self.rows.append(row)
        if len(self.rows) >= AT_A_TIME:
            self.flush()

    def flush(self) -> None:
        """Book what has been taken."""
        rows, self.rows = self.rows, []
        if not rows:
            return
        self._tell_known(rows)
        self._tell_lines(rows)
        new = [row for row in rows if row.is_new]
        self._match(new)
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
            whole = known.get(row.line_key[:2]) == row.line_key[2:]
            if row.told is None:
                self._tell_bare(row, known=whole or specified_by is not None or settled)
            elif (
                row.key in known
                or row.key in seen
                or settled
                or (whole and row.amount == row.line.amount)
                or known.get(row.other_key) == (row.line.booked_on, row.amount)
                or specified_by not in (None, self.file.pk)
            ):
                row.result = Result.DUPLICATE
            seen.add(row.key)

    def _tell_bare(self, row: Row, *, known: bool) -> None:
        if not row.line.archive_id:
            raise Unreadable(_("A line has neither transactions nor an archive identifier."), row.line.line)
        row.result = Result.DUPLICATE if known else Result.WAITING

    def _rename(
        self, rows: list[Row], known: dict[tuple[str, str], tuple[date, Decimal]]
    ) -> set[tuple[str, str]]:
        """Banks use identifiers again after a year: another day makes it another payment. Raises Unreadable."""
        renamed = set()
        for row in rows:
            if row.told is None or row.result or row.key not in known:
                continue
            booked_on, amount = known[row.key]
            if booked_on != row.line.booked_on:
                row.told.key = f"{row.told.key}@{row.line.booked_on:%y%m%d}"
                renamed.add(row.key)
            elif amount != row.told.amount:
                raise Unreadable(
                    _("A payment that is booked already is told with another amount."), row.told.line
                )
        return renamed

    def _payments(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[date, Decimal]]:
        asked = [key for key in keys if key[1]]
        found = self._ask(statements.KNOWN, [a for a, _k in asked], [k for _a, k in asked]) if asked else []
        return {(account, key): (booked_on, amount) for account, key, booked_on, amount in found}

    def _lines(self, rows: list[Row]) -> dict[tuple[str, str, date, Decimal], tuple[int | None, bool]]:
        asked = list({row.line_key[:2] for row in rows if row.line.archive_id})
        found = self._ask(statements.LINES, [a for a, _k in asked], [k for _a, k in asked]) if asked else []
        return {(a, k, day, amount): (by, settled) for a, k, day, amount, by, settled in found}

    def _tell_lines(self, rows: list[Row]) -> None:
        """Remember lines whose transactions bear other identifiers, so that line and specification meet."""
        told: dict[tuple[str, str, date, Decimal], tuple[int | None, bool]] = {}
        for row in rows:
            if row.told is None and row.result == Result.WAITING:
                told.setdefault(row.line_key, (row.line.count, False))
            elif row.is_new and row.line.archive_id and row.key != row.line_key[:2]:
                told[row.line_key] = (row.line.count, True)
        if told:
            keys = list(told)
            self._do(
                statements.TELL_LINES, self.file.pk, self.file.pk,
                [key[0] for key in keys], [key[1] for key in keys], [key[2] for key in keys],
                [key[3] for key in keys], [told[key][0] for key in keys], [told[key][1] for key in keys],
            )  # fmt: skip

    # --- matching ------------------------------------------------------------------------------------------

    def _match(self, rows: list[Row]) -> None:
        """By reference and amount, in the order of the file; else say what a person has to look at."""
        debts = self._debts(rows)
        for row in rows:
            told = row.told
            assert told is not None
            if told.amount < 0:
                row.result, row.reason = Result.QUEUED, Reason.RETURNED
            elif told.parts:
                self._match_parts(row, told, debts)
            else:
                self._match_one(row, told, debts.get(row.match_key or ""))

    def _debts(self, rows: list[Row]) -> dict[str, Debt]:
        for row in rows:
            if row.told and row.told.reference:
                row.match_key = references.matching_key(row.told.reference)
        keys = {row.match_key for row in rows if row.match_key}
        parts = {part.key for row in rows if row.told for part in row.told.parts}
        keys |= {key for part in parts if (key := references.matching_key(part))}
        found = self._ask(statements.DEBTS, sorted(keys)) if keys else []
        numbered = self._ask(statements.BY_NUMBER, sorted(parts)) if parts else []
        by_pk = {row[1]: Debt(*row[1:]) for row in (*found, *numbered)}
        debts = {row[0]: by_pk[row[1]] for row in (*numbered, *found)}
        for part in parts:
            key = references.matching_key(part)
            if key in debts:
                debts[part] = debts[key]
        return debts

    def _match_one(self, row: Row, told: Transaction, debt: Debt | None) -> None:
        row.result = Result.QUEUED
        if not told.reference:
            row.reason = Reason.NO_REFERENCE
        elif row.match_key is None:
            row.reason = Reason.WRONG_REFERENCE
        elif debt is None:
            row.reason = Reason.UNKNOWN_REFERENCE
        else:
            row.customer_id = debt.customer_id
            row.reason = self._meet(row, told, debt)
            row.result = Result.MATCHED if row.met else Result.QUEUED

    def _meet(self, row: Row, told: Transaction, debt: Debt) -> str:
        """Let the payment meet the debt its reference names; what there is to say about it."""
        principal, costs = allocation.share(
            told.amount, principal=debt.principal, costs=debt.costs, costs_first=self.costs_first
        )
        self._take(row, debt, principal, costs)
        if not principal + costs:
            return Reason.DOUBLE
        if principal + costs < told.amount:
            return Reason.OVER
        if debt.principal:
            return Reason.UNDER
        if debt.costs:
            return Reason.AFTER_REMINDER
        return "" if resembles(told.payer_name, debt.name) else Reason.PAYER_DIFFERS

    def _match_parts(self, row: Row, told: Transaction, debts: dict[str, Debt]) -> None:
        meant = {part.key: debts[part.key].pk for part in told.parts if part.key in debts}
        by_pk = {debts[key].pk: debts[key] for key in meant}
        open_of = {pk: debt.principal for pk, debt in by_pk.items()}
        shares = allocation.by_parts(told.amount, told.parts, meant, open_of)
        customers = {debt.customer_id for debt in by_pk.values()}
        if not shares or len(customers) > 1:
            row.result, row.reason = Result.QUEUED, Reason.SEVERAL
            return
        row.result, row.customer_id = Result.MATCHED, customers.pop()
        for pk, share in shares.items():
            self._take(row, by_pk[pk], share, ZERO)

    def _take(self, row: Row, debt: Debt, principal: Decimal, costs: Decimal) -> None:
        debt.principal -= principal
        debt.costs -= costs
        parts = ((Entry.Part.PRINCIPAL, principal), (Entry.Part.COSTS, costs))
        row.met += [(debt.pk, part, amount) for part, amount in parts if amount]

    # --- writing -------------------------------------------------------------------------------------------

    def _book(self, rows: list[Row]) -> None:
        if not rows:
            return
        told = [row.told for row in rows if row.told]
        made = self._ask(
            statements.PAYMENTS, self.file.uploaded_by_id, self.at,
            [one.amount for one in told], [one.paid_on for one in told], [row.line.booked_on for row in rows],
            [one.reference for one in told], [one.payer_name for one in told],
            [row.line.account for row in rows], [one.key for one in told], [row.customer_id for row in rows],
        )  # fmt: skip
        ids = {(account, key): pk for pk, account, key in made}
        for row in rows:
            row.payment_id = ids[row.key]
            if row.told and row.told.amount < 0:
                self.corrections.append((row.payment_id, row.told.related))
        self._write_entries(rows)
        self._write_questions([row for row in rows if row.reason])

    def _write_entries(self, rows: list[Row]) -> None:
        met = [(row, *one) for row in rows for one in row.met]
        if met:
            self._do(
                statements.ENTRIES, self.file.uploaded_by_id, self.at,
                [part for _row, _pk, part, _amount in met], [pk for _row, pk, _part, _amount in met],
                [row.payment_id for row, *_rest in met], [amount for *_rest, amount in met],
                [row.told.paid_on if row.told else row.line.booked_on for row, *_rest in met],
            )  # fmt: skip

    def _write_questions(self, rows: list[Row]) -> None:
        told = [row.told for row in rows if row.told]
        if told:
            settled = {Reason.UNDER, Reason.AFTER_REMINDER, Reason.PAYER_DIFFERS}
            self._do(
                statements.QUESTIONS, self.at, [row.payment_id for row in rows], [row.reason for row in rows],
                ["" if row.reason in settled else row.told.message if row.told else "" for row in rows],
                [json.dumps([[part.key, str(part.amount or "")] for part in one.parts]) for one in told],
                [one.reason for one in told],
            )  # fmt: skip

    def _write_rows(self, rows: list[Row]) -> None:
        self._do(
            statements.ROWS, self.file.pk, [row.position for row in rows],
            [row.told.line if row.told else row.line.line for row in rows],
            [row.key[1] for row in rows], [row.amount for row in rows], [row.line.booked_on for row in rows],
            [row.result for row in rows], [row.reason for row in rows], [row.payment_id for row in rows],
        )  # fmt: skip
        for row in rows:
            self.counts[row.result] += 1
            self.sums[row.result] = self.sums.get(row.result, ZERO) + row.amount

    def _ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with connections[access.alias()].cursor() as cursor:
            cursor.execute(statement, [_array(value) for value in values])
            return list(cursor.fetchall())

    def _do(self, statement: str, *values: Any) -> None:
        with connections[access.alias()].cursor() as cursor:
            cursor.execute(statement, [_array(value) for value in values])


def _array(value: Any) -> Any:
    """A list as one array literal: many times faster than the driver, which asks of each value what it is."""
    if not isinstance(value, list):
        return value
    return "{" + ",".join(_element(one) for one in value) + "}"


def _element(value: Any) -> str:
    """One value of an array literal (PostgreSQL, 8.15.6: quotes and backslashes are escaped)."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def resembles(payer: str, name: str) -> bool:
    """Whether a payer's name, which banks cut and write in capitals, shares a word with a customer's."""
    words = [word for word in payer.casefold().replace(",", " ").split() if len(word) > 2]
    known = name.casefold()
    return not words or any(word[:8] in known for word in words)
