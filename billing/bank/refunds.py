"""Paying back: what a customer has too much is proposed, approved, exported to the bank and answered by it.

The register moves no money: it makes the file, and a second person releases it in the bank. The account is asked
for, and forgotten when the bank has answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import BinaryIO

import schwifty
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from schwifty.exceptions import SchwiftyException

from billing import ledger
from billing.amounts import ZERO
from billing.bank import pain, settling
from billing.bank.transactions import Unreadable
from billing.models import Entry, Payment, PaymentQuestion, Refund, RefundFile
from register import access
from register.finnish import clean_line
from register.models import Registrar, User

State = Refund.State
ON_THEIR_WAY = (State.PROPOSED, State.APPROVED)


class WrongAccount(ValueError):
    """No account to which the bank could pay."""

    def __init__(self) -> None:
        super().__init__(_("This is no account number (IBAN): a character is mistyped or missing."))


class NotSoMuchLeft(ValueError):
    """The customer has less to get back."""

    def __init__(self) -> None:
        super().__init__(_("So much of the payment is not left."))


class NoCustomer(ValueError):
    """Nobody to pay back to."""

    def __init__(self) -> None:
        super().__init__(_("It is not known whose payment this is. Leave it to a customer's credit first."))


class NotSo(ValueError):
    """The refund has gone on meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("This refund has gone on meanwhile. Look at it again."))


class NothingToExport(ValueError):
    """No approved refund was chosen."""

    def __init__(self) -> None:
        super().__init__(_("Choose approved refunds for the file."))


class NoLongerKept(ValueError):
    """The accounts have been forgotten, so the file cannot be made again."""

    def __init__(self) -> None:
        super().__init__(_("The accounts of this file are not kept any more: the bank has answered."))


class OtherFile(Unreadable):
    """The answer is about a file that was not made here."""

    def __init__(self) -> None:
        super().__init__(_("The answer is about a payment file that was not made here."))


def due() -> QuerySet[Payment]:
    """Payments of which a customer has something left, and no refund is on its way."""
    return (
        Payment.objects.filter(unallocated__gt=0, customer__isnull=False)
        .exclude(Q(refunds__state__in=ON_THEIR_WAY))
        .select_related("customer")
        .order_by("-pk")
    )


def propose(
    payment: Payment, *, amount: Decimal, iban: str, payee_name: str, message: str, by: User, at: datetime
) -> Refund:
    """A refund to be approved. Raises WrongAccount, NotSoMuchLeft, NoCustomer, NotSo."""
    account = account_of(iban)
    with access.atomic():
        held = Payment.objects.select_for_update().get(pk=payment.pk)
        if held.customer_id is None:
            raise NoCustomer
        if not ZERO < amount <= held.unallocated:
            raise NotSoMuchLeft
        if Refund.objects.filter(payment=held, state__in=ON_THEIR_WAY).exists():
            raise NotSo
        return Refund.objects.create(
            customer_id=held.customer_id,
            payment=held,
            amount=amount,
            payee_name=clean_line(payee_name, limit=pain.LONGEST_NAME),
            iban=account,
            message=clean_line(message, limit=140),
            proposed_at=at,
            proposed_by=by,
        )


def account_of(text: str) -> str:
    """The account as it travels. Raises WrongAccount."""
    try:
        return str(schwifty.IBAN(text))
    except SchwiftyException:
        raise WrongAccount from None


def approve(refund: Refund, *, by: User, at: datetime) -> None:
    """Let it into the next file. Raises NotSo."""
    with access.atomic():
        held = _held(refund, State.PROPOSED)
        held.state, held.approved_by, held.approved_at = State.APPROVED, by, at
        held.save(update_fields=["state", "approved_by", "approved_at"])


def cancel(refund: Refund, *, by: User, at: datetime) -> None:
    """Give it up before it is in a file; the account is forgotten. Raises NotSo."""
    with access.atomic():
        held = _held(refund, *ON_THEIR_WAY)
        _close(held, State.CANCELLED, at=at)


def export(
    chosen: Iterable[Refund], *, execute_on: date, by: User, at: datetime, on: date, version: str = "03"
) -> RefundFile:
    """Put approved refunds into one file for the bank; the money leaves the ledger now.

    Raises NothingToExport, NotSoMuchLeft.
    """
    with access.atomic():
        wanted = [refund.pk for refund in chosen]
        refunds = list(
            Refund.objects.select_for_update(of=("self",))
            .filter(pk__in=wanted, state=State.APPROVED)
            .order_by("pk")
        )
        if not refunds or len(refunds) != len(wanted):
            raise NothingToExport
        file = RefundFile.objects.create(
            message_id=f"PALAUTUS-{at:%Y%m%d}-{refunds[0].pk}",
            version=version,
            execute_on=execute_on,
            count=len(refunds),
            sum=sum((refund.amount for refund in refunds), ZERO),
            exported_at=at,
            exported_by=by,
        )
        for refund in refunds:
            _post(refund, file, by=by, at=at, on=on)
        file.sha256 = sha256(content_of(file, refunds)).hexdigest()
        file.save(update_fields=["sha256"])
    return file


def _post(refund: Refund, file: RefundFile, *, by: User, at: datetime, on: date) -> None:
    payment = Payment.objects.select_for_update().get(pk=refund.payment_id)
    if refund.amount > payment.unallocated:
        raise NotSoMuchLeft
    entry = Entry.objects.create(
        kind=Entry.Kind.REFUND, payment=payment, amount=-refund.amount, on=on, entered_by=by
    )
    refund.state, refund.file, refund.entry = State.EXPORTED, file, entry
    refund.save(update_fields=["state", "file", "entry"])
    if refund.amount == payment.unallocated:
        settling.settle(payment, PaymentQuestion.Outcome.CREDIT, by=by, at=at)


def content(file: RefundFile) -> bytes:
    """The file as it was exported, byte for byte. Raises NoLongerKept."""
    refunds = list(file.refunds.order_by("pk"))
    if any(not refund.iban for refund in refunds):
        raise NoLongerKept
    made = content_of(file, refunds)
    if sha256(made).hexdigest() != file.sha256:
        raise NoLongerKept
    return made


def content_of(file: RefundFile, refunds: Sequence[Refund]) -> bytes:
    registrar = Registrar.objects.get()
    return pain.write(
        pain.Payer(registrar.name, str(schwifty.IBAN(registrar.iban)), registrar.bic),
        [pain.Payee(one.end_to_end_id, one.payee_name, one.iban, one.amount, one.message) for one in refunds],
        message_id=file.message_id,
        execute_on=file.execute_on,
        at=file.exported_at,
        version=file.version,
    )


def take_answer(source: BinaryIO, *, by: User, at: datetime, on: date) -> dict[str, int]:
    """Note what the bank answers; a rejected refund is the customer's credit again.

    Returns how many were accepted and rejected. Raises Unreadable.
    """
    answer = pain.read_answer(source)
    counts = {State.ACCEPTED.value: 0, State.REJECTED.value: 0}
    with access.atomic():
        file = RefundFile.objects.filter(message_id=answer.message_id).first()
        if file is None:
            raise OtherFile
        for refund in (
            file.refunds.filter(state=State.EXPORTED).order_by("pk").select_for_update(of=("self",))
        ):
            whole = "" if answer.status == "PART" else answer.status
            status, reason = answer.of.get(refund.end_to_end_id, (whole, answer.reason))
            if status == pain.REJECTED:
                assert refund.entry is not None
                ledger.take_back(refund.entry, on=on, by=by, reason=reason)
                _close(refund, State.REJECTED, at=at, code=reason)
                counts[State.REJECTED] += 1
            elif status in pain.ACCEPTED:
                _close(refund, State.ACCEPTED, at=at, code=status)
                counts[State.ACCEPTED] += 1
        file.answer, file.answered_at = answer.status[:10], at
        file.save(update_fields=["answer", "answered_at"])
    return counts


def forget_accounts(*, before: datetime) -> int:
    """Forget accounts of refunds that were exported before a moment and of which the bank said nothing more."""
    return Refund.objects.filter(file__exported_at__lt=before).exclude(iban="").update(iban="")


def _held(refund: Refund, *states: str) -> Refund:
    held = Refund.objects.select_for_update(of=("self",)).filter(pk=refund.pk, state__in=states).first()
    if held is None:
        raise NotSo
    return held


def _close(refund: Refund, state: str, *, at: datetime, code: str = "") -> None:
    refund.state, refund.settled_at, refund.code, refund.iban = state, at, code[:10], ""
    refund.save(update_fields=["state", "settled_at", "code", "iban"])
