"""What a payment really is that seems too little or too much: just an instalment, or money for a credited invoice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate

from billing.amounts import ZERO
from billing.bank import statements

PLANS = """
SELECT p.receivable_id, f.key, i.amount,
       coalesce((SELECT -sum(e.amount) FROM billing_entry e
                  WHERE e.receivable_id = p.receivable_id AND e.id > p.after_entry AND e.kind <> 'fee'), 0)
  FROM billing_plan p JOIN billing_instalment i ON i.plan_id = p.id
  JOIN billing_paymentreference f ON f.id = i.reference_id
 WHERE p.receivable_id = ANY(%s) AND NOT EXISTS (SELECT FROM billing_planend e WHERE e.plan_id = p.id)
 ORDER BY p.receivable_id, i.number
"""
CREDITED = """
SELECT r.invoice_id FROM billing_receivable r
 WHERE r.invoice_id = ANY(%s) AND r.amount > 0
   AND r.amount <= (SELECT -sum(e.amount) FROM billing_entry e
                     WHERE e.receivable_id = r.invoice_id AND e.kind = 'credit')
"""


@dataclass
class Agreed:
    """A plan in force: its instalments by their reference, and what has met it so far, in their order."""

    amounts: dict[str, Decimal] = field(default_factory=dict)
    met: Decimal = ZERO

    def take(self, amount: Decimal, key: str) -> bool:
        """Let a payment meet the plan; whether it is just the instalment it names, or just up to the end of one."""
        self.met += amount
        return amount == self.amounts.get(key) or self.met in accumulate(self.amounts.values())


def plans(receivables: Iterable[int]) -> Mapping[int, Agreed]:
    """The plans in force of some receivables."""
    found: dict[int, Agreed] = {}
    keys = sorted(set(receivables))
    for receivable, key, amount, met in statements.ask(PLANS, keys) if keys else ():
        plan = found.setdefault(receivable, Agreed(met=met))
        plan.amounts[key] = amount
    return found


def credited(receivables: Iterable[int]) -> set[int]:
    """Which of some receivables were credited in full."""
    keys = sorted(set(receivables))
    return {row[0] for row in statements.ask(CREDITED, keys)} if keys else set()
