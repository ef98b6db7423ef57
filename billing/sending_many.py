"""Sending many invoices in one go: those that nobody has sent, each by its customer's channel."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing import sending, tasks
from billing.models import BillingDetails, Invoice, Sending, SendingRun
from billing.models.invoices import InvoiceQuerySet
from register import access, jobs
from register.models import User

State = Sending.State

LOOKED_BACK = timedelta(days=183)
"""How far back an invoice that was never sent is looked for."""
AT_MOST = 1000
"""Invoices sent in one go."""


class NothingToSend(ValueError):
    """No invoice is left to send."""

    def __init__(self) -> None:
        super().__init__(_("Tick the invoices that are to be sent. Those on their way already are left out."))


def unsent(*, on: date) -> InvoiceQuerySet:
    """Issued invoices and credit notes of the last half year that have not gone and are not on their way.

    None of them was sent before its own day, so that no older sending needs to be looked at.
    """
    since = on - LOOKED_BACK
    begin = datetime.combine(since, time.min, timezone.get_default_timezone())
    live = Sending.objects.live().filter(queued_at__gte=begin)
    issued = Invoice.objects.issued().filter(issued_on__gte=since)
    return Invoice.objects.filter(pk__in=issued.values("pk").difference(live.values("invoice")))


def send_many(*, invoices: Sequence[int] | None, client_key: uuid.UUID, by: User, at: datetime) -> SendingRun:
    """Send those of some invoices, or of all, that have not been sent; each by its customer's channel.

    An invoice without an address stands in the result as failed. The same key again answers with the same run.
    Raises NothingToSend.
    """
    with access.atomic():
        made = SendingRun.objects.filter(client_key=client_key).first()
        if made is not None:
            return made
        rows = unsent(on=timezone.localdate(at))
        rows = rows if invoices is None else rows.filter(pk__in=invoices)
        held = list(rows.order_by("issued_on", "pk").select_for_update(of=("self",), no_key=True)[:AT_MOST])
        going = _going(held)
        chosen = [one for one in held if one.pk not in going]
        if not chosen:
            raise NothingToSend
        run = SendingRun.objects.create(
            client_key=client_key, count=len(chosen), asked_by_id=by.pk, asked_at=at
        )
        known = {one.customer_id: one for one in _details(chosen)}
        for invoice in chosen:
            _send_one_of(run, invoice, known.get(invoice.customer_id), by=by, at=at)
        jobs.defer(tasks.send_run, run_id=run.pk)
    return run


def _send_one_of(
    run: SendingRun, invoice: Invoice, known: BillingDetails | None, *, by: User, at: datetime
) -> None:
    channel = sending.usual_channel(invoice, known)
    try:
        row = sending.asked(invoice, known, channel, by=by, at=at)
    except sending.AddressMissing:
        row = sending.row_of(invoice, by=by, at=at)
        row.channel, row.state, row.result, row.settled_at = channel, State.FAILED, "address", at
    row.run = run
    sending.add(row)


def _going(held: Iterable[Invoice]) -> set[int | None]:
    """Those that somebody else has sent while we waited for our hold on them."""
    return set(Sending.objects.live().filter(invoice__in=held).values_list("invoice", flat=True))


def _details(invoices: Iterable[Invoice]) -> QuerySet[BillingDetails]:
    return BillingDetails.objects.filter(customer__in={one.customer_id for one in invoices})
