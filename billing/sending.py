"""Sending: a frozen document goes by the customer's channel, and the ledger keeps what came of it.

The document's bytes never change, so every sending is proven by their fingerprint. Mail is handed over by the worker
(billing.posting); letters and e-invoices leave by a person's hands, who says on which day. What failed or came back
was not sent: it is sent anew, as a row of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, models
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import afterwards, invoicing, tasks
from billing.models import BillingDetails, Invoice, Reminder, Sending
from billing.models.invoices import InvoiceQuerySet
from billing.models.sendings import SendingQuerySet
from customers import addresses
from register import access, jobs
from register.finnish import clean_line
from register.models import User

Channel, State = Sending.Channel, Sending.State
Document = Invoice | Reminder

AT_ONCE = timedelta(minutes=2)
"""How long the job of a fresh mail has it to itself, before the minute's round takes it."""


class NotSendable(ValueError):
    """Only what is frozen can be sent."""

    def __init__(self) -> None:
        super().__init__(_("Only an issued invoice or a letter that was made can be sent."))


class FeeWaived(ValueError):
    """The letter asks for what is asked no more."""

    def __init__(self) -> None:
        super().__init__(
            _("The letter's fee has been waived. Approve a new reminder instead; it says what is owed now.")
        )


class AddressMissing(ValueError):
    """The channel needs an address that nobody has entered."""

    TEXTS: dict[str, str | Promise] = {
        Channel.EMAIL: _("There is no valid e-mail address for invoices. Add it to the billing details."),
        Channel.PAPER: _("The document has no postal address. Send it by another channel."),
        Channel.E_INVOICE: _("The document was issued without an e-invoice address. Send it by another channel."),
    }  # fmt: skip

    def __init__(self, channel: str) -> None:
        super().__init__(self.TEXTS[channel])


class OnItsWay(ValueError):
    """The same document is being sent already."""

    def __init__(self) -> None:
        super().__init__(_("It is on its way already. Wait for the result, or cancel what waits."))


class NotAsItWas(ValueError):
    """Somebody or the worker was quicker."""

    def __init__(self) -> None:
        super().__init__(_("Its state has changed meanwhile. Look at it again."))


class WrongDay(ValueError):
    """Sent before it was there, or tomorrow."""

    def __init__(self) -> None:
        super().__init__(_("The day must be between the day of the document and today."))


# --- asking --------------------------------------------------------------------------------------------


def send(document: Document, *, by: User, at: datetime, channel: str = "") -> Sending:
    """Send a document by the customer's channel, or by the one that was chosen.

    Raises NotSendable, FeeWaived, afterwards.Outdated, AddressMissing, OnItsWay.
    """
    known = BillingDetails.objects.filter(customer=document.customer_id).first()
    row = asked(document, known, channel or usual_channel(document, known), by=by, at=at)
    add(row)
    if row.channel == Channel.EMAIL:
        jobs.defer(tasks.send_mail, sending_id=row.pk)
    return row


def issue_and_send(invoice: Invoice, *, by: User, on: date, at: datetime, client_key: uuid.UUID) -> Invoice:
    """Issue a draft and send it, or do neither. The same key again issues and sends nothing more.

    Raises what invoicing.issue raises, and AddressMissing.
    """
    with access.atomic():
        issued = invoicing.issue(invoice, by=by, on=on, client_key=client_key)
        if not of(issued).live().exists():
            send(issued, by=by, at=at)
    return issued


def send_again(row: Sending, *, by: User, at: datetime) -> Sending:
    """Send the document of a sending anew, by today's channel and address. Raises as `send` does."""
    document = row.invoice or row.reminder
    if document is None:
        raise NotSendable
    return send(document, by=by, at=at)


def send_otherwise(document: Document, *, on: date, how: str, by: User, at: datetime) -> Sending:
    """Write down that somebody has given or sent a document outside the register. Raises NotSendable, WrongDay."""
    _check_day(document, on, at)
    row = row_of(document, by=by, at=at)
    row.channel, row.address = Channel.HAND, clean_line(how, limit=200)
    row.state, row.sent_at, row.settled_at = State.SENT, _moment(on, at), at
    add(row)
    return row


def usual_channel(document: Document, known: BillingDetails | None) -> str:
    """The customer's channel; a reminder goes to the debtor himself, never through an e-invoice operator."""
    channel = str(known.channel) if known else Channel.PAPER
    if isinstance(document, Reminder) and channel == Channel.E_INVOICE:
        return Channel.PAPER
    return channel


def asked(
    document: Document, known: BillingDetails | None, channel: str, *, by: User, at: datetime
) -> Sending:
    """A sending that is not stored yet. Raises NotSendable, FeeWaived, afterwards.Outdated, AddressMissing."""
    row = row_of(document, by=by, at=at)
    if isinstance(document, Reminder) and document.items.filter(charge__waiver__isnull=False).exists():
        raise FeeWaived
    if isinstance(document, Reminder):
        why = afterwards.outdated([document.pk], on=timezone.localdate(at))
        if why:
            raise afterwards.Outdated(why[document.pk])
    row.channel, row.address = channel, _address(document, known, channel)
    if channel == Channel.EMAIL:
        row.try_at = at + AT_ONCE
    return row


def row_of(document: Document, *, by: User, at: datetime) -> Sending:
    """The sending of a document, without channel and address yet. Raises NotSendable."""
    row = Sending(customer_id=document.customer_id, sha256=document.sha256, queued_at=at, asked_by_id=by.pk)
    if isinstance(document, Invoice):
        if not document.number:
            raise NotSendable
        row.invoice = document
    else:
        if document.state != Reminder.State.MADE:
            raise NotSendable
        row.reminder = document
    return row


def _address(document: Document, known: BillingDetails | None, channel: str) -> str:
    """Where it goes: mail to the details of today, paper and e-invoice to what the document itself says."""
    buyer: dict[str, Any] = (_frozen(document) or {}).get("buyer") or {}
    if channel == Channel.EMAIL:
        try:
            return addresses.parse(known.email if known else "").for_sending
        except addresses.WrongAddress:
            raise AddressMissing(channel) from None
    if channel == Channel.E_INVOICE:
        if not buyer.get("einvoice_address"):
            raise AddressMissing(channel)
        return f"{buyer['einvoice_address']} {buyer.get('einvoice_operator', '')}".strip()
    if not buyer.get("address"):
        raise AddressMissing(channel)
    lines = [buyer.get("name"), buyer.get("contact_person"), *buyer["address"]]
    return "\n".join(line for line in lines if line)


def _frozen(document: Document) -> Any:
    return document.snapshot if isinstance(document, Invoice) else document.document


def add(row: Sending) -> None:
    """Store a new sending. Raises OnItsWay."""
    try:
        with access.atomic():
            row.save(force_insert=True)
    except IntegrityError as refused:
        if "sent_once_at_a_time" in str(refused):
            raise OnItsWay from None
        raise


# --- what came of it -----------------------------------------------------------------------------------


def mark_sent(sendings: Sequence[int], *, channel: str, on: date, by: User, at: datetime) -> int:
    """Letters were posted, or e-invoices given to the operator, on a day; how many. Raises WrongDay.

    A letter that says what is not so any more is called back instead.
    """
    with access.atomic():
        rows = Sending.objects.waiting().filter(pk__in=sendings, channel=channel)
        afterwards.review(rows, at=at)
        held = list(rows.select_related("invoice", "reminder").select_for_update(of=("self",)).order_by("pk"))
        for row in held:
            _check_day(row.invoice or row.reminder, on, at)
            row.state, row.sent_at, row.settled_at = State.SENT, _moment(on, at), at
            row.save(update_fields=["state", "sent_at", "settled_at"])
    return len(held)


def bounced(row: Sending, *, result: str, by: User | None, at: datetime) -> Sending:
    """What went out came back: it was not sent. Raises NotAsItWas for what did not go."""
    with access.atomic():
        held = _held(row)
        doubtful = held.state == State.HANDING
        if held.state != State.SENT and not doubtful:
            raise NotAsItWas
        held.sent_at = held.handed_at if doubtful else held.sent_at
        return _settle(held, State.BOUNCED, result=result, at=at)


def resolve(row: Sending, *, went: bool, by: User, at: datetime) -> Sending:
    """A person says of a mail in doubt whether it went. Raises NotAsItWas."""
    with access.atomic():
        held = _held(row)
        if not held.is_in_doubt(at=at):
            raise NotAsItWas
        if went:
            held.sent_at = held.handed_at
            return _settle(held, State.SENT, result="told", at=at)
        return _settle(held, State.FAILED, result="told", at=at)


def cancel(row: Sending, *, by: User, at: datetime) -> Sending:
    """Take back what waits. Raises NotAsItWas for what has gone."""
    with access.atomic():
        held = _held(row)
        if held.state != State.QUEUED:
            raise NotAsItWas
        return _settle(held, State.CANCELLED, result="", at=at)


def _held(row: Sending) -> Sending:
    return Sending.objects.select_for_update(of=("self",)).get(pk=row.pk)


def _settle(held: Sending, state: str, *, result: str, at: datetime) -> Sending:
    held.state, held.result, held.settled_at = state, result[:200], at
    held.save(update_fields=["state", "result", "sent_at", "settled_at"])
    return held


def _check_day(document: Document | None, on: date, at: datetime) -> None:
    made = document.issued_on if isinstance(document, Invoice) else document.on if document else None
    if on > timezone.localdate(at) or (made is not None and on < made):
        raise WrongDay


def _moment(on: date, at: datetime) -> datetime:
    """Now, when it was today; else noon of the day."""
    if on == timezone.localdate(at):
        return at
    return datetime.combine(on, time(12), timezone.get_default_timezone())


# --- proof ---------------------------------------------------------------------------------------------


def sent_on(invoice: Invoice) -> date | None:
    """The day on which an invoice first went out and did not come back; None where nothing proves it."""
    first = Sending.objects.gone().filter(invoice=invoice).aggregate(first=models.Min("sent_at"))["first"]
    return timezone.localdate(first) if first else None


def with_first_sent(invoices: InvoiceQuerySet) -> InvoiceQuerySet:
    """The same invoices, each with ``first_sent_at``: when it first went out and did not come back."""
    gone = Sending.objects.gone().filter(invoice=OuterRef("pk")).order_by("sent_at").values("sent_at")[:1]
    return invoices.annotate(first_sent_at=Subquery(gone))


def of(document: Document) -> SendingQuerySet:
    """Everything that was ever sent of a document, the latest first."""
    of_it = {"invoice": document} if isinstance(document, Invoice) else {"reminder": document}
    return Sending.objects.filter(**of_it).order_by(F("id").desc())
