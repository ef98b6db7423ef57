"""“Explain this debt” (Laki saatavien perinnästä 513/1999, 4 a §): what somebody owes, and how each figure came about.

One statement per debtor: principal, every payment, every stretch of interest with rate and days, every cost with its
section, what is agreed or disputed. The same data answer the debtor's request for a copy (GDPR Art. 15).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.db.models import Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import figures, history, interest_invoicing, limitation, rules
from billing.amounts import ZERO
from billing.history import Remark
from billing.interest import Reckoner, Reckoning
from billing.limitation import Limit
from billing.models import Debtor, Entry, Payment, Receivable
from billing.pdf import Kind
from customers.models import Customer

Text = str | Promise
COLLECTION = "Laki saatavien perinnästä 513/1999"
COST_SECTIONS = {Debtor.CONSUMER: f"{COLLECTION}, 10 a–10 d §", Debtor.BUSINESS: f"{COLLECTION}, 10 e–10 j §"}


@dataclass(frozen=True)
class Line:
    """One entry of the ledger, and the rule it stands on where it is a cost; `left` is the principal after it."""

    on: date
    what: Text
    reason: str
    amount: Decimal
    part: str
    left: Decimal
    rule: Text = ""

    @property
    def is_cost(self) -> bool:
        return self.part == Entry.Part.COSTS


@dataclass(frozen=True)
class Claim:
    """One receivable with everything that made it."""

    receivable: Receivable
    is_interest_invoice: bool
    lines: tuple[Line, ...]
    reckoning: Reckoning
    invoiced_interest: Decimal
    limit: Limit
    remarks: tuple[Remark, ...] = ()

    @property
    def interest(self) -> Decimal:
        """Euros of interest that nobody has asked for or got yet."""
        return max(self.reckoning.amount - self.invoiced_interest, ZERO)

    @property
    def total(self) -> Decimal:
        return self.receivable.outstanding + self.interest


@dataclass(frozen=True)
class Statement:
    """What a debtor owes on a day."""

    customer: Customer
    on: date
    claims: tuple[Claim, ...]
    credit: Decimal
    order: str
    order_section: str
    remarks: tuple[Remark, ...] = ()

    @property
    def principal(self) -> Decimal:
        return sum((claim.receivable.open for claim in self.claims), ZERO)

    @property
    def costs(self) -> Decimal:
        return sum((claim.receivable.costs for claim in self.claims), ZERO)

    @property
    def interest(self) -> Decimal:
        return sum((claim.interest for claim in self.claims), ZERO)

    @property
    def total(self) -> Decimal:
        return self.principal + self.costs + self.interest

    @property
    def missing(self) -> list[str]:
        """What makes the interest provisional."""
        found = (str(claim.reckoning.missing) for claim in self.claims if claim.reckoning.missing)
        return list(dict.fromkeys(found))

    @property
    def stopped(self) -> list[tuple[str, date]]:
        """The same for the debtor: the period without a figure, and the last day that was reckoned."""
        found = (
            (rules.period(claim.reckoning.missing.code, claim.reckoning.missing.on), claim.reckoning.reaches)
            for claim in self.claims
            if claim.reckoning.missing
        )
        return list(dict.fromkeys(found))

    @property
    def is_consumer(self) -> bool:
        return any(claim.receivable.debtor == Debtor.CONSUMER for claim in self.claims)


def explain(customer: Customer, *, on: date) -> Statement:
    """Everything a customer owes on a day, explained; some ten queries however much it is. Raises rules.RuleMissing."""
    rows = list(_owed(customer, on))
    keys = [row.pk for row in rows]
    reckoner = Reckoner(rows)
    invoiced = _settled(rows, reckoner)
    entries, remarks = _entries(rows), history.remarks(customer, keys, on=on)
    claims = [
        Claim(
            receivable=row,
            is_interest_invoice=row.invoice.kind == Kind.INTEREST,
            lines=entries.get(row.pk, ()),
            reckoning=reckoner.reckon(row, until=on),
            invoiced_interest=invoiced.get(row.pk, ZERO),
            limit=limit,
            remarks=tuple(remark for remark in remarks if remark.receivable == row.pk),
        )
        for row, limit in zip(rows, limitation.limits(rows, on=on), strict=True)
    ]
    debtor = Debtor(rows[-1].debtor) if rows else Debtor.CONSUMER
    order = rules.row(rules.ORDERS[debtor], on)
    return Statement(
        customer=customer,
        on=on,
        claims=tuple(claim for claim in claims if claim.total),
        credit=_credit(customer),
        order=str(figures.ORDER[int(order.value)]),
        order_section=order.statute,
        remarks=tuple(remark for remark in remarks if remark.receivable is None),
    )


def _owed(customer: Customer, on: date) -> Iterable[Receivable]:
    """What is open, and what was paid late and may still owe interest."""
    unpaid = Receivable.objects.filter(customer=customer).filter(Q(open__gt=0) | Q(costs__gt=0))
    late = interest_invoicing.late(customer, on)
    rows = (unpaid | late).select_related("invoice").defer("invoice__snapshot")
    return rows.order_by("due_on", "pk")


def _settled(rows: Sequence[Receivable], reckoner: Reckoner) -> dict[int, Decimal]:
    """Interest of each receivable that stands on interest invoices which hold, or that an agency has got."""
    periods = interest_invoicing.standing(rows).values_list("receivable").annotate(sum=Sum("amount"))
    settled: dict[int, Decimal] = dict(periods)
    got = interest_invoicing.got_until(rows)
    for row in rows:
        if row.pk in got:
            until_then = reckoner.reckon(row, until=got[row.pk]).amount
            settled[row.pk] = max(settled.get(row.pk, ZERO), until_then)
    return settled


def _entries(rows: Sequence[Receivable]) -> dict[int, tuple[Line, ...]]:
    keys = [row.pk for row in rows]
    debtors = {row.pk: Debtor(row.debtor) for row in rows}
    sections = history.cost_sections(keys)
    found = Entry.objects.filter(receivable__in=keys).order_by("receivable", "on", "pk")
    made: dict[int, tuple[Line, ...]] = {}
    for key, entries in groupby(found, key=attrgetter("receivable_id")):
        left, lines = ZERO, []
        for entry in entries:
            left += entry.amount if entry.part == Entry.Part.PRINCIPAL else ZERO
            charged = entry.part == Entry.Part.COSTS and entry.kind == Entry.Kind.FEE
            rule = sections.get(entry.pk, COST_SECTIONS[debtors[key]]) if charged else ""
            lines.append(
                Line(
                    on=entry.counts_on,
                    what=entry.get_kind_display(),
                    reason=entry.reason,
                    amount=entry.amount,
                    part=entry.part,
                    left=left,
                    rule=rule,
                )
            )
        made[key] = tuple(lines)
    return made


def _credit(customer: Customer) -> Decimal:
    """Money of the customer that has met nothing yet."""
    sums = Payment.objects.filter(customer=customer).exclude(unallocated=0).aggregate(sum=Sum("unallocated"))
    return sums["sum"] or ZERO


COMPLAIN = _(
    "If you think that something is wrong, tell us at once. What you dispute with reasons is not collected before the "
    "matter is clear."
)
COMPLAIN_CONSUMER = _(
    "A consumer gets advice from the consumer advisory services (kkv.fi), and may take the matter to the Consumer "
    "Disputes Board (kuluttajariita.fi) or to a district court."
)
COMPLAIN_BUSINESS = _("A dispute that is not settled otherwise is decided by a district court.")
