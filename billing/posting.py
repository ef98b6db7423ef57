"""The worker's part of sending: a waiting mail is written, handed over once, and its end kept.

Each step commits by itself. A worker that dies before the text was given leaves the mail waiting, and the next round
takes it; one that dies after that leaves it in doubt, listed for a person.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.core.mail import EmailMessage
from django.db.models import Q

from billing import afterwards, attaching, documents, handover, mails
from billing.handover import End, Outcome
from billing.models import InvoiceAttachment, InvoicePdf, Reminder, ReminderPdf, Sending
from billing.pdf import InvoiceDocument
from customers import addresses
from register import access

log = logging.getLogger("billing.posting")

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 180, 360, 720, 1440))
"""When a mail that the server did not take for now is tried again; after the last it has failed."""
A_ROUND = 200

State = Sending.State


def due(*, at: datetime, run_id: int | None = None) -> list[int]:
    """The mails to hand over now: those whose hour has come, or all that wait of a run."""
    rows = Sending.objects.waiting().filter(channel=Sending.Channel.EMAIL)
    if run_id is None:
        rows = rows.filter(Q(try_at__isnull=True) | Q(try_at__lte=at))
    else:
        rows = rows.filter(run=run_id, attempts=0)
    return list(rows.order_by("pk").values_list("pk", flat=True)[: A_ROUND if run_id is None else None])


def deliver(sending_id: int, *, at: datetime) -> None:
    """Hand over one waiting mail. Doing it twice, even at once, sends it once."""
    with access.acting("worker"):
        mail = _written(sending_id, at=at)
    if mail is None:
        return
    outcome = handover.hand_over(mail, may_go=lambda: _take(sending_id, at=at))
    if outcome.end != End.NOT_OURS:
        with access.acting("worker"):
            _settle(sending_id, outcome, at=at)


def _written(sending_id: int, *, at: datetime) -> EmailMessage | None:
    """The mail of a sending that still waits."""
    rows = Sending.objects.waiting().filter(channel=Sending.Channel.EMAIL)
    row = rows.select_related("invoice", "reminder").filter(pk=sending_id).first()
    if row is None:
        return None
    try:
        return _mail(row)
    except documents.RegistrarMissing:
        log.error("sending %s waits for the company's details", row)
    except addresses.WrongAddress:
        _settle(sending_id, Outcome(End.REFUSED, "address"), at=at)
    except (ValueError, ObjectDoesNotExist, OSError):
        _settle(sending_id, Outcome(End.REFUSED, "document"), at=at)
    return None


def _mail(row: Sending) -> EmailMessage:
    seller = documents.registrar()
    if row.invoice is not None:
        document = InvoiceDocument.from_json(row.invoice.snapshot or {})
        paper = InvoicePdf.objects.get(invoice=row.invoice)
        files = [(one.name, _read(one), one.content_type) for one in row.invoice.attachments.all()]
        return mails.of_invoice(row, document, bytes(paper.content), seller=seller, files=files)
    if row.reminder is None:
        raise Reminder.DoesNotExist
    stored = ReminderPdf.objects.get(reminder=row.reminder)
    return mails.of_reminder(row, row.reminder, bytes(stored.content), seller=seller)


def _read(attached: InvoiceAttachment) -> bytes:
    with attaching.opened(attached) as file:
        return bytes(file.read())


def _take(sending_id: int, *, at: datetime) -> bool:
    """Write down that the mail is in the air; False when another was quicker, or what it says is not so any more."""
    with access.acting("worker"):
        rows = Sending.objects.waiting().select_for_update(skip_locked=True, of=("self",))
        row = rows.filter(pk=sending_id).first()
        if row is None:
            return False
        if row.reminder_id and afterwards.review(Sending.objects.filter(pk=row.pk), at=at):
            return False
        row.state, row.result, row.handed_at = State.HANDING, "", at
        row.save(update_fields=["state", "result", "handed_at"])
    return True


def _settle(sending_id: int, outcome: Outcome, *, at: datetime) -> None:
    row = Sending.objects.select_for_update(of=("self",)).get(pk=sending_id)
    if row.state not in (State.QUEUED, State.HANDING):
        return
    row.attempts, row.result = row.attempts + 1, outcome.code
    if outcome.end == End.ACCEPTED:
        row.state, row.sent_at, row.settled_at = State.SENT, at, at
    elif outcome.end == End.LATER and row.attempts <= len(BACK_OFF):
        row.state, row.try_at = State.QUEUED, at + BACK_OFF[row.attempts - 1]
    elif outcome.end != End.UNKNOWN:
        row.state, row.settled_at = State.FAILED, at
    row.save(update_fields=["attempts", "result", "state", "sent_at", "settled_at", "try_at"])
    log.info("sending %s: %s %s", row, row.state, row.result)
