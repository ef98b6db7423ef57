"""Issuing many drafts in one go: a person says yes to so many for so much, the worker issues them one by one.

Each is a transaction of its own with a key of its own: what stops one stops no other, and nothing is issued twice.
The worker's login can issue what stands in a run and nothing else (0033_issuing_law).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing import drafting, invoicing, pdf, sending, tasks, worklists
from billing.amounts import ZERO
from billing.models import BillingDetails, Invoice, IssuingResult, IssuingRun, Sending
from billing.models.invoices import InvoiceQuerySet
from customers.models import Customer
from register import access, jobs
from register.models import User

Channel = BillingDetails.Channel

AT_MOST = 1000
"""Drafts issued in one go."""
LEFT_BEHIND = timedelta(minutes=10)
"""After so long what a stopped worker left is taken up again."""


class NothingToIssue(ValueError):
    """No draft is left to issue."""

    def __init__(self) -> None:
        super().__init__(_("Tick the drafts that are to be issued. Those being issued already are left out."))


class ChangedMeanwhile(ValueError):
    """Not the drafts that were shown."""

    def __init__(self) -> None:
        super().__init__(_("The drafts have changed meanwhile. Look at the count and the sum again."))


class NotThatSum(ValueError):
    """The invoice would not come to the sum to which a person said yes."""

    def __init__(self) -> None:
        super().__init__(
            _("The draft's sum has changed since it was looked at. Look at the draft and issue it there.")
        )


REFUSALS = (
    drafting.AlreadyIssued,
    invoicing.KeyUsed,
    invoicing.Incomplete,
    *invoicing.CANNOT_COUNT,
    pdf.NotTypeset,
    sending.AddressMissing,
    NotThatSum,
)


@dataclass(frozen=True)
class Chosen:
    """Which drafts: the ticked ones, or all up to the last that was there when the page was shown."""

    text: str = ""
    ticked: Sequence[int] | None = None
    last: int | None = None


@dataclass(frozen=True)
class Told:
    """How many drafts and for how much, with VAT."""

    count: int
    total: Decimal


# --- looking -------------------------------------------------------------------------------------------


def drafts(chosen: Chosen) -> InvoiceQuerySet:
    """Drafts that nobody is having issued; `text` is the customer's name, number or business ID."""
    going = IssuingResult.objects.waiting().filter(invoice=OuterRef("pk"))
    found = Invoice.objects.drafts().filter(~Exists(going))
    if chosen.text:
        found = found.filter(customer__in=Customer.objects.filter(worklists.fits(chosen.text)))
    if chosen.ticked is not None:
        return found.filter(pk__in=chosen.ticked)
    return found if chosen.last is None else found.filter(pk__lte=chosen.last)


def told(chosen: Chosen) -> Told:
    """What is shown before somebody says yes; AT_MOST are counted."""
    rows = drafts(chosen).order_by("pk")[:AT_MOST]
    sums = Invoice.objects.filter(pk__in=rows.values("pk")).aggregate(
        count=Count("pk"), total=Coalesce(Sum("total"), ZERO)
    )
    return Told(**sums)


def by_channel(chosen: Chosen) -> list[tuple[str, int]]:
    """How many of them would go by which channel if they were sent."""
    rows = drafts(chosen).order_by("pk")[:AT_MOST]
    usual = Coalesce("customer__billing_details__channel", Value(Channel.PAPER.value))
    found = Invoice.objects.filter(pk__in=rows.values("pk")).annotate(channel=usual).order_by("channel")
    counted = found.values_list("channel").annotate(count=Count("pk"))
    return [(str(Sending.Channel(channel).label), count) for channel, count in counted]


def with_files_left_out(chosen: Chosen) -> int:
    """How many of them have files that their customer's channel does not carry."""
    by = "customer__billing_details__channel"
    on_paper = Q(**{by: Channel.PAPER}) | Q(**{f"{by}__isnull": True})
    left = Q(**{by: Channel.E_INVOICE}) | (on_paper & Q(attachments__pages__isnull=True))
    rows = drafts(chosen).order_by("pk")[:AT_MOST]
    found = Invoice.objects.filter(pk__in=rows.values("pk"), attachments__isnull=False)
    return found.filter(left).distinct().count()


# --- asking --------------------------------------------------------------------------------------------


def start(
    chosen: Chosen, *, seen: Told, send: bool, client_key: uuid.UUID, by: User, at: datetime
) -> IssuingRun:
    """Have these drafts issued, and sent if told; the same key again answers with the same run.

    Raises NothingToIssue, ChangedMeanwhile when they are not what was `seen`.
    """
    with access.atomic():
        made = IssuingRun.objects.filter(client_key=client_key).first()
        if made is not None:
            return made
        held = list(drafts(chosen).order_by("pk").select_for_update(of=("self",), no_key=True)[:AT_MOST])
        going = set(
            IssuingResult.objects.waiting().filter(invoice__in=held).values_list("invoice", flat=True)
        )
        rows = [one for one in held if one.pk not in going]
        if not rows:
            raise NothingToIssue
        if Told(len(rows), sum((one.total for one in rows), ZERO)) != seen:
            raise ChangedMeanwhile
        run = IssuingRun.objects.create(
            client_key=client_key, send=send, count=len(rows), asked_by_id=by.pk, asked_at=at
        )
        IssuingResult.objects.bulk_create(
            IssuingResult(run=run, invoice=one, total=one.total) for one in rows
        )
        jobs.defer(tasks.issue_run, run_id=run.pk, user_id=by.pk)
    return run


# --- issuing -------------------------------------------------------------------------------------------


def issue_next(run_id: int, *, by: User, at: datetime) -> bool:
    """Issue the next draft that waits in a run; False when none is left for us."""
    with access.atomic():
        run = IssuingRun.objects.get(pk=run_id)
        waiting = run.results.waiting().select_for_update(skip_locked=True, of=("self",)).order_by("pk")
        result = waiting.select_related("invoice").first()
        if result is None:
            _finish(run, at=at)
            return False
        try:
            with access.atomic():
                _issue(run, result, by=by, on=timezone.localdate(at), at=at)
        except REFUSALS as refused:
            _refuse(result, str(refused))
    return True


def give_up_next(run_id: int) -> bool:
    """Write down that the next draft failed in a way nobody foresaw, so that the others go on; False: none is left."""
    with access.atomic():
        waiting = IssuingResult.objects.waiting().filter(run=run_id)
        result = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("pk").first()
        if result is None:
            return False
        _refuse(result, str(_("It could not be issued. Try it on its own page; tell the register owner.")))
    return True


def left_behind(*, at: datetime) -> list[tuple[int, int]]:
    """Runs that a stopped worker has left, with who asked for them."""
    rows = IssuingRun.objects.filter(finished_at__isnull=True, asked_at__lt=at - LEFT_BEHIND)
    return list(rows.order_by("pk").values_list("pk", "asked_by"))


def _issue(run: IssuingRun, result: IssuingResult, *, by: User, on: date, at: datetime) -> None:
    draft, key = result.invoice, result.client_key
    if run.send:
        issued = sending.issue_and_send(draft, by=by, on=on, at=at, client_key=key)
    else:
        issued = invoicing.issue(draft, by=by, on=on, client_key=key)
    if issued.total != result.total:
        raise NotThatSum


def _refuse(result: IssuingResult, reason: str) -> None:
    result.problem = reason[:500]
    result.save(update_fields=["problem"])


def _finish(run: IssuingRun, *, at: datetime) -> None:
    """Unless another worker still has one in hand."""
    if run.finished_at is None and not run.results.waiting().exists():
        run.finished_at = at
        run.save(update_fields=["finished_at"])
