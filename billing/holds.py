"""Holds: do not remind, payment-free days, a consumer's wish for a court (513/1999 4 c §), and whom the law sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from billing import ledger, standing
from billing.models import Debtor, Hold, Lifting, Receivable
from billing.models.late import NOTE
from billing.reminding import Step, step
from customers.models import Customer
from register import access
from register.finnish import clean_line
from register.models import User


class HoldDoesNotFit(ValueError):
    """A kind of hold that this debt or these days do not allow; the text says why."""


class AlreadyLifted(ValueError):
    """The hold has ended."""

    def __init__(self) -> None:
        super().__init__(_("This hold has been lifted already."))


def place(
    customer: Customer,
    *,
    kind: str,
    until: date | None,
    note: str,
    on: date,
    by: User,
    receivable: Receivable | None = None,
) -> Hold:
    """No reminders to a customer, or about one receivable, until a day or until lifted. Raises HoldDoesNotFit."""
    if until is not None and until < on:
        raise HoldDoesNotFit(_("The last day is today or later."))
    if kind == Hold.Kind.FREE and until is None:
        raise HoldDoesNotFit(_("Payment-free days have a last day."))
    if kind == Hold.Kind.COURT and (receivable is None or receivable.debtor != Debtor.CONSUMER):
        raise HoldDoesNotFit(_("Only a consumer can ask that one debt be decided in court."))
    with access.atomic():
        return Hold.objects.create(
            customer_id=customer.pk,
            receivable=receivable,
            kind=kind,
            since=on,
            until=until,
            note=clean_line(note, limit=NOTE),
            entered_by_id=by.pk,
        )


def lift(hold: Hold, *, on: date, by: User) -> Lifting:
    """End a hold. Raises AlreadyLifted."""
    with access.atomic():
        if Lifting.objects.filter(hold=hold).exists():
            raise AlreadyLifted
        return Lifting.objects.create(hold=hold, on=on, entered_by_id=by.pk)


# --- consumer or business ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Switched:
    """What another kind of debtor changes for one receivable."""

    receivable: Receivable
    now: Step
    then: Step


def debtor_of(customer: Customer) -> str:
    """Whom the law sees in the customer: what the latest receivable says, else what the register says."""
    latest = Receivable.objects.filter(customer=customer).order_by("-pk").first()
    return latest.debtor if latest is not None else ledger.debtor_of(customer)


def switched(customer: Customer, *, debtor: str, on: date) -> list[Switched]:
    """What would change if a customer's unpaid receivables were those of such a debtor; nothing is saved.

    Raises rules.RuleMissing.
    """
    known = standing.rules()
    found = standing.debts(unpaid(customer), on=on, known=known)
    return [
        Switched(debt.receivable, debt.step, step(replace(debt.facts, debtor=debtor), on=on, rules=known))
        for debt in found
    ]


def switch(customer: Customer, *, debtor: str, by: User) -> int:
    """Treat a customer's unpaid receivables as those of a consumer or a business; returns how many changed."""
    with access.atomic():
        changed = [one for one in unpaid(customer) if one.debtor != debtor]
        for one in changed:
            held = ledger.hold(one.pk)
            held.debtor = debtor
            held.save(update_fields=["debtor"])
    return len(changed)


def unpaid(customer: Customer) -> Sequence[Receivable]:
    """A customer's receivables of which principal or costs are open, the oldest first."""
    return list(Receivable.objects.unpaid().filter(customer=customer).order_by("due_on", "pk"))
