"""What a payment may be meant for: proposals with their reasons, the best first, for a person to choose from."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import references, rules
from billing.amounts import ZERO
from billing.bank.pairing import resembles
from billing.models import Payment, Receivable, Rule
from customers.models import Customer
from register.finnish import SECOND_LEVEL, sort_key

MOST = 6
LOOKED_AT = 40
TOGETHER = 10
"""Open invoices of one customer among which a sum is looked for."""
NO_NAMES = {"oy", "ab", "oyj", "ky", "tmi", "ay", "ry", "rf", "ltd", "inc", "osakeyhtio"}

_NUMBERS = re.compile(r"(?<![0-9])[0-9]{4,20}(?![0-9])")


@dataclass(frozen=True)
class Proposal:
    """Debts that a payment may be meant for, what each would get, and why it is thought so."""

    shares: tuple[tuple[Receivable, Decimal], ...]
    reason: str | Promise
    writes_off: bool = False
    """Whether what would be left open is a small difference."""

    @property
    def key(self) -> tuple[int, ...]:
        return tuple(receivable.pk for receivable, _amount in self.shares)


def proposals(payment: Payment, *, message: str = "", on: date) -> list[Proposal]:
    """At most a handful, the likeliest first; nothing is booked by them."""
    if payment.unallocated <= 0:
        return []
    found: dict[tuple[int, ...], Proposal] = {}
    for proposal in _all(payment, message, on):
        found.setdefault(proposal.key, proposal)
        if len(found) >= MOST:
            break
    return list(found.values())


def _all(payment: Payment, message: str, on: date) -> Iterator[Proposal]:
    left, limit = payment.unallocated, rules.row(Rule.Code.SMALL_DIFFERENCE, on).value
    yield from _one_each(_by_slip(payment.reference), left, limit, _("One slip in the reference number"))
    yield from _one_each(_by_number(message), left, limit, _("Its number stands in the message"))
    customers = _customers(payment)
    for customer in customers:
        yield from _of_customer(customer, left, limit)
    equal = _open().filter(open=left).order_by("due_on")[:LOOKED_AT]
    alike = sorted(equal, key=lambda one: not resembles(payment.payer_name or "—", one.customer.name))
    for receivable in alike:
        name_fits = payment.payer_name and resembles(payment.payer_name, receivable.customer.name)
        reason = _("The amount and the name fit") if name_fits else _("The amount fits")
        yield Proposal(((receivable, left),), reason)


def _of_customer(customer: Customer, left: Decimal, limit: Decimal) -> Iterator[Proposal]:
    """Of one customer: the invoice of just this amount, several that add up, nearly this amount, the oldest."""
    debts = list(_open().filter(customer=customer).order_by("due_on", "pk")[:TOGETHER])
    for debt in debts:
        if left in (debt.open, debt.outstanding):
            yield Proposal(((debt, left),), _("The amount and the customer fit"))
    for number in range(2, len(debts) + 1):
        for some in itertools.combinations(debts, number):
            if sum(debt.outstanding for debt in some) == left:
                yield Proposal(
                    tuple((debt, debt.outstanding) for debt in some), _("Open invoices that add up to it")
                )
    for debt in debts:
        if ZERO < debt.outstanding - left <= limit:
            yield Proposal(
                ((debt, left),), _("All but a small difference, which is written off"), writes_off=True
            )
    for debt in debts[:1]:
        yield Proposal(((debt, min(left, debt.outstanding)),), _("The customer's oldest open invoice"))


def _one_each(
    debts: Iterable[Receivable], left: Decimal, limit: Decimal, reason: str | Promise
) -> Iterator[Proposal]:
    for debt in debts:
        small = ZERO < debt.outstanding - left <= limit
        yield Proposal(((debt, min(left, debt.outstanding)),), reason, writes_off=small)


def _by_slip(reference: str) -> QuerySet[Receivable] | list[Receivable]:
    """Open debts whose reference differs from a wrong one by one digit, or by two that changed places."""
    if not reference.isdigit() or references.is_valid(reference):
        return []
    digits = list(reference)
    candidates = {
        "".join([*digits[:place], digit, *digits[place + 1 :]])
        for place in range(len(digits))
        for digit in "0123456789"
    }
    for place in range(len(digits) - 1):
        swapped = digits.copy()
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        candidates.add("".join(swapped))
    keys = {key for one in candidates if (key := references.matching_key(one))}
    return _open().filter(references__key__in=keys).order_by("due_on")[:MOST]


def _by_number(message: str) -> QuerySet[Receivable] | list[Receivable]:
    """Open debts whose invoice number or reference stands in the message."""
    numbers = set(_NUMBERS.findall(message))
    if not numbers:
        return []
    keys = {references.matching_key(number) or number for number in numbers}
    fits = Q(invoice__number__in=numbers) | Q(references__key__in=keys)
    return _open().filter(fits).distinct().order_by("due_on")[:MOST]


def _customers(payment: Payment) -> list[Customer]:
    """The payment's customer, else those whose names hold every word of the payer's."""
    if payment.customer_id is not None:
        return list(Customer.objects.filter(pk=payment.customer_id))
    words = [word for word in _words(payment.payer_name) if word not in NO_NAMES and len(word) > 1]
    if not words or len("".join(words)) < 4:
        return []
    found = Customer.objects.present()
    for word in words:
        found = found.filter(sort_key__contains=word[:8])
    return list(found.order_by("pk")[:5])


def _words(name: str) -> list[str]:
    return sort_key(name).partition(SECOND_LEVEL)[0].split()


def _open() -> QuerySet[Receivable]:
    return Receivable.objects.unpaid().select_related("customer")


def search(text: str, *, limit: int = 20) -> list[Receivable]:
    """Open invoices by number, reference, amount or the customer's name or number."""
    text = " ".join(text.replace("\0", "").split())[:100]
    if not text:
        return []
    compact = text.replace(" ", "").upper()
    fits = Q(invoice__number=compact) | Q(references__key=references.matching_key(compact) or compact)
    if amount := _amount(compact):
        fits |= Q(open=amount)
    if compact[:1] == "K" and compact[1:].isascii() and compact[1:].isdigit() and len(compact) < 19:
        fits |= Q(customer=int(compact[1:]))
    found = list(_open().filter(fits).distinct().order_by("due_on")[:limit])
    words = _words(text)
    if words and not found:
        named = Customer.objects.present()
        for word in words:
            named = named.filter(sort_key__contains=word)
        found = list(_open().filter(customer__in=list(named[:50])).order_by("due_on")[:limit])
    return found


def _amount(text: str) -> Decimal | None:
    found = re.fullmatch(r"([0-9]{1,9})(?:[.,]([0-9]{2}))?€?", text)
    return Decimal(f"{found[1]}.{found[2] or '00'}") if found else None
