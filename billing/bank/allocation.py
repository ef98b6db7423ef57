"""How one payment meets one debt: pure arithmetic, in euros."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from billing.amounts import ZERO
from billing.bank.transactions import Part


def share(
    amount: Decimal, *, principal: Decimal, costs: Decimal, costs_first: bool
) -> tuple[Decimal, Decimal]:
    """What of an amount meets the principal and what the costs; the rest stays with the payment.

    Exactly the principal meets the principal, whatever the order: so the payer meant it.
    """
    if costs_first and amount != principal:
        met_costs = min(amount, costs)
        return min(amount - met_costs, principal), met_costs
    met_principal = min(amount, principal)
    return met_principal, min(amount - met_principal, costs)


def by_parts(
    amount: Decimal, parts: list[Part], meant: Mapping[str, int], open_of: Mapping[int, Decimal]
) -> dict[int, Decimal]:
    """How a payment that names its documents meets the debts behind them; {} when it is not clear.

    `meant` leads from a part's key to a debt, `open_of` tells what is open of it. A credit note is netted against
    the debt it belongs to, as the ledger has done already.
    """
    if any(part.key not in meant for part in parts):
        return {}
    debts = dict.fromkeys(meant[part.key] for part in parts)
    if sum((open_of[debt] for debt in debts), ZERO) == amount:
        return {debt: open_of[debt] for debt in debts if open_of[debt]}
    if any(part.amount is None for part in parts):
        return {}
    net = dict.fromkeys(debts, ZERO)
    for part in parts:
        net[meant[part.key]] += part.amount or ZERO
    fits = all(ZERO <= net[debt] <= open_of[debt] for debt in debts)
    return {debt: part for debt, part in net.items() if part} if fits and sum(net.values()) == amount else {}
