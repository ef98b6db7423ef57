"""The steps of a collection case: its history, each with its author and day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from billing.models import CaseStep, CollectionCase, Receivable
from register.finnish import clean_line
from register.models import User


def write(
    case: CollectionCase,
    kind: str,
    *,
    on: date,
    by: User | None,
    amount: Decimal | None = None,
    reason: str = "",
) -> CaseStep:
    """Write down what was done in a case, with its amount in euros."""
    return CaseStep.objects.create(
        case=case,
        kind=kind,
        on=on,
        amount=amount,
        reason=clean_line(reason, limit=200),
        by_id=by.pk if by else None,
    )


def write_of(receivable: Receivable, kind: str, *, on: date, by: User, amount: Decimal, why: str) -> None:
    """Write down what was done with a debt, if it is in an open case."""
    case = CollectionCase.objects.filter(items__receivable=receivable, items__left_on=None).first()
    if case is not None:
        write(case, kind, on=on, by=by, amount=amount, reason=f"{receivable.number}: {why}")
