"""Which invoices the payments of a file meet by themselves: by reference and amount, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing import references
from billing.amounts import ZERO
from billing.bank import allocation, apart, statements
from billing.bank.transactions import BankLine, Item, Transaction
from billing.models import BankRow, Entry, PaymentQuestion

Result, Reason = BankRow.Result, PaymentQuestion.Reason

CAMT_IDENTIFIER = 18
"""Characters of an archive identifier in camt; in KTL it lacks the year and has two less."""


@dataclass(slots=True)
class Debt:
    """What is open of an invoice, while payments of the file take from it."""

    pk: int
    customer_id: int
    principal: Decimal
    costs: Decimal
    debtor: str
    name: str


@dataclass(slots=True)
class Row:
    """One transaction, or one bare line, on its way to its result."""

    line: BankLine
    told: Transaction | None
    match_key: str | None = None
    """What the reference is matched by; None where there is none or it fails its check."""
    position: int = 0
    result: str = ""
    reason: str = ""
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
        return account, key[2:] if len(
            key
        ) == CAMT_IDENTIFIER else f"{self.line.booked_on.year % 100:02}{key}"

    @property
    def line_key(self) -> tuple[str, str, date, Decimal]:
        return self.line.account, self.line.archive_id, self.line.booked_on, self.line.amount

    @property
    def is_new(self) -> bool:
        return not self.result and self.told is not None


def rows(items: Iterable[Item]) -> Iterator[Row]:
    """What a reader tells, row by row."""
    for line, told in items:
        yield Row(line, told, references.matching_key(told.reference) if told and told.reference else None)


class Pairing:
    """Pairs payments with what is owed; what of an invoice is left for the next is remembered."""

    def __init__(self, *, costs_first: frozenset[str]) -> None:
        """`costs_first`: the debtors whose payments cover costs before principal."""
        self.costs_first = costs_first

    def match(self, rows: list[Row]) -> None:
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
        self._tell_apart(rows, debts)

    def _debts(self, rows: list[Row]) -> dict[str, Debt]:
        keys = {row.match_key for row in rows if row.match_key}
        parts = {part.key for row in rows if row.told for part in row.told.parts}
        keys |= {key for part in parts if (key := references.matching_key(part))}
        found = statements.ask(statements.DEBTS, sorted(keys)) if keys else []
        numbered = statements.ask(statements.BY_NUMBER, sorted(parts)) if parts else []
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
            told.amount,
            principal=debt.principal,
            costs=debt.costs,
            costs_first=debt.debtor in self.costs_first,
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

    def _tell_apart(self, rows: list[Row], debts: dict[str, Debt]) -> None:
        """An instalment met exactly is no question; money for a credited invoice did not come twice."""
        owed = [(row, debts[row.match_key]) for row in rows if row.match_key in debts]
        plans = apart.plans(debt.pk for row, debt in owed if row.reason == Reason.UNDER)
        credited = apart.credited(debt.pk for row, debt in owed if row.reason == Reason.DOUBLE)
        for row, debt in owed:
            met, plan = sum((amount for *_part, amount in row.met), ZERO), plans.get(debt.pk)
            if row.reason == Reason.DOUBLE and debt.pk in credited:
                row.reason = Reason.CREDITED
            elif plan and met and plan.take(met, row.match_key or "") and row.reason == Reason.UNDER:
                known = resembles(row.told.payer_name if row.told else "", debt.name)
                row.reason = "" if known else Reason.PAYER_DIFFERS

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


def resembles(payer: str, name: str) -> bool:
    """Whether a payer's name, which banks cut and write in capitals, shares a word with a customer's."""
    words = [word for word in payer.casefold().replace(",", " ").split() if len(word) > 2]
    known = name.casefold()
    return not words or any(word[:8] in known for word in words)
