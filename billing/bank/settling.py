"""What a person decides about a payment: which invoices it meets, that it stays as credit, that it is not ours."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from billing import ledger, rules
from billing.amounts import ZERO
from billing.bank import allocation, correcting
from billing.models import Entry, Payment, PaymentQuestion, Receivable, Rule, StatementLine
from customers.models import Customer
from register import access
from register.finnish import clean_line
from register.models import User

Kind, Outcome, Reason = Entry.Kind, PaymentQuestion.Outcome, PaymentQuestion.Reason


class NothingChosen(ValueError):
    """No invoice got a share."""

    def __init__(self) -> None:
        super().__init__(_("Choose an invoice and say how much of the payment it gets."))


class NothingLeft(ValueError):
    """All of the payment has met something."""

    def __init__(self) -> None:
        super().__init__(_("Nothing of this payment is left."))


class NoReason(ValueError):
    """What is undone says why."""

    def __init__(self) -> None:
        super().__init__(_("Say why: the reason stays in the ledger."))


class NoConsent(ValueError):
    """A customer's credit meets another invoice only when he has agreed."""

    def __init__(self) -> None:
        super().__init__(
            _("This is the customer's credit. Say when and how the customer agreed to the set-off.")
        )


class AlreadyDecided(ValueError):
    """Somebody has decided about the line meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("This line has been settled already."))


# --- meeting invoices ----------------------------------------------------------------------------------


def allocate(
    payment: Payment,
    shares: Mapping[int, Decimal],
    *,
    by: User,
    at: datetime,
    on: date,
    write_off: bool = False,
    consent: str = "",
) -> None:
    """Let a payment meet invoices, euros by the receivable's key; principal and costs by the order in force.

    With `write_off` what stays open of them as a small difference is written off. Raises NothingChosen, NoConsent,
    ledger.NotSoMuch, rules.RuleMissing.
    """
    wanted = {pk: amount for pk, amount in shares.items() if amount}
    if not wanted:
        raise NothingChosen
    with access.atomic():
        held = Payment.objects.select_for_update().get(pk=payment.pk)
        if is_credit(held) and not clean_line(consent):
            raise NoConsent
        costs_first = rules.costs_first(on)
        for receivable in Receivable.objects.filter(pk__in=wanted).order_by("pk").select_for_update():
            _meet(held, receivable, wanted.pop(receivable.pk), costs_first, by=by, on=on, consent=consent)
            if write_off:
                write_off_difference(receivable, by=by, on=on)
        if wanted:
            raise NothingChosen
        held.refresh_from_db(fields=["unallocated"])
        if not held.unallocated:
            settle(held, Outcome.MATCHED, by=by, at=at)


def _meet(
    payment: Payment,
    receivable: Receivable,
    amount: Decimal,
    costs_first: frozenset[str],
    *,
    by: User,
    on: date,
    consent: str,
) -> None:
    principal, costs = allocation.share(
        amount,
        principal=receivable.open,
        costs=receivable.costs,
        costs_first=receivable.debtor in costs_first,
    )
    if amount <= 0 or principal + costs != amount:
        raise ledger.NotSoMuch
    day = on if consent else max(payment.paid_on, receivable.issued_on)
    for part, share in ((Entry.Part.PRINCIPAL, principal), (Entry.Part.COSTS, costs)):
        if share:
            ledger.allocate(payment, receivable, share, on=day, by=by, part=part, reason=consent)


def write_off_difference(receivable: Receivable, *, by: User, on: date) -> Decimal:
    """Write off what is open of an invoice if it is no more than the company's limit; returns how much it was."""
    held = ledger.hold(receivable.pk)
    if not ZERO < held.outstanding <= rules.row(Rule.Code.SMALL_DIFFERENCE, on).value:
        return ZERO
    for part, amount in ((Entry.Part.PRINCIPAL, held.open), (Entry.Part.COSTS, held.costs)):
        if amount:
            ledger.write_off(held, amount, on=on, by=by, kind=Kind.DIFFERENCE, part=part)
    return held.outstanding


def is_credit(payment: Payment) -> bool:
    """Whether what is left is a customer's credit: he has it since it was decided or his invoice was credited."""
    question = PaymentQuestion.objects.filter(payment=payment).first()
    if question is not None:
        return question.outcome == Outcome.CREDIT
    return payment.customer_id is not None and Entry.objects.filter(payment=payment).exists()


# --- other decisions -------------------------------------------------------------------------------------


def leave_as_credit(payment: Payment, customer: Customer, *, by: User, at: datetime) -> None:
    """What is left stays as this customer's credit: a prepayment, or to be paid back. Raises NothingLeft."""
    with access.atomic():
        held = Payment.objects.select_for_update().get(pk=payment.pk)
        if held.unallocated <= 0:
            raise NothingLeft
        if held.customer_id != customer.pk and not correcting.met_by(held):
            held.customer = customer
            held.save(update_fields=["customer"])
        if not PaymentQuestion.objects.filter(payment=held).exists():
            ask(held, Reason.CREDITED, at=at)
        settle(held, Outcome.CREDIT, by=by, at=at)


def not_ours(payment: Payment, *, by: User, at: datetime, on: date, reason: str) -> None:
    """The bank has been asked to return what is left: it leaves the ledger. Raises NothingLeft, NoReason."""
    reason = clean_line(reason, limit=200)
    if not reason:
        raise NoReason
    with access.atomic():
        held = Payment.objects.select_for_update().get(pk=payment.pk)
        if not held.unallocated:
            raise NothingLeft
        Entry.objects.create(
            kind=Kind.REFUND, payment=held, amount=-held.unallocated, on=on, reason=reason, entered_by=by
        )
        settle(held, Outcome.NOT_OURS, by=by, at=at)


def seen(payment: Payment, *, by: User, at: datetime) -> None:
    """Somebody has looked at it; nothing else is to be done."""
    settle(payment, Outcome.SEEN, by=by, at=at)


def take_back(entry: Entry, *, by: User, at: datetime, on: date, reason: str) -> None:
    """Undo an allocation: the invoice is open again and the payment waits for a person.

    Raises NoReason, ledger.AlreadyTakenBack.
    """
    reason = clean_line(reason, limit=200)
    if not reason:
        raise NoReason
    assert entry.payment is not None
    assert entry.kind in (Kind.PAYMENT, Kind.INTEREST)
    with access.atomic():
        ledger.take_back(entry, on=on, by=by, reason=reason)
        ask(entry.payment, Reason.TAKEN_BACK, at=at)


def ask(payment: Payment, reason: str, *, at: datetime) -> None:
    """Put a payment before a person, again if somebody has decided already."""
    question, made = PaymentQuestion.objects.get_or_create(
        payment=payment, defaults={"reason": reason, "raised_at": at}
    )
    if not made:
        question.reason, question.outcome, question.settled_at, question.settled_by = reason, "", None, None
        question.save(update_fields=["reason", "outcome", "settled_at", "settled_by"])


def settle(payment: Payment, outcome: str, *, by: User, at: datetime) -> None:
    """Close the question about a payment; its message goes."""
    PaymentQuestion.objects.filter(payment=payment).update(
        outcome=outcome, settled_at=at, settled_by=by, message=""
    )


# --- lines without specification ---------------------------------------------------------------------------


def book_line(line: StatementLine, *, by: User, at: datetime) -> Payment:
    """Book a line whose specification does not come as one payment. Raises AlreadyDecided."""
    with access.atomic():
        held = _waiting(line)
        payment = Payment.objects.create(
            source=Payment.Source.BANK,
            amount=held.amount,
            paid_on=held.booked_on,
            booked_on=held.booked_on,
            account=held.account,
            archive_id=held.archive_id,
            entered_by=by,
        )
        held.booked_as, held.settled_at, held.settled_by = payment, at, by
        held.save(update_fields=["booked_as", "settled_at", "settled_by"])
        ask(payment, Reason.NO_REFERENCE if held.amount > 0 else Reason.RETURNED, at=at)
    payment.refresh_from_db()
    return payment


def dismiss_line(line: StatementLine, *, by: User, at: datetime) -> None:
    """The line is none of our customers' payments. Raises AlreadyDecided."""
    with access.atomic():
        held = _waiting(line)
        held.settled_at, held.settled_by = at, by
        held.save(update_fields=["settled_at", "settled_by"])


def _waiting(line: StatementLine) -> StatementLine:
    held = StatementLine.objects.waiting().select_for_update().filter(pk=line.pk).first()
    if held is None:
        raise AlreadyDecided
    return held


# --- money that came another way ------------------------------------------------------------------------------


def record_by_hand(
    *, amount: Decimal, paid_on: date, payer_name: str, client_key: uuid.UUID, by: User, at: datetime
) -> Payment:
    """A payment in cash or to another account, entered once however often its form is sent."""
    made = Payment.objects.filter(client_key=client_key).first()
    if made is not None:
        return made
    try:
        with access.atomic():
            payment = Payment.objects.create(
                source=Payment.Source.MANUAL,
                amount=amount,
                paid_on=paid_on,
                booked_on=paid_on,
                payer_name=clean_line(payer_name, limit=140),
                client_key=client_key,
                entered_by=by,
            )
            ask(payment, Reason.NO_REFERENCE, at=at)
    except IntegrityError:
        return Payment.objects.get(client_key=client_key)
    payment.refresh_from_db()
    return payment
