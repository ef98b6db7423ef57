"""Holds: do not remind, payment-free days, a consumer's wish for a court (513/1999 4 c §)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from billing.models import Debtor, Hold, Lifting, Receivable
from billing.models.late import NOTE
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
