"""The doors of billing: they alone fetch what a URL names, and say what billing's pages have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache

from billing.models import (
    CollectiveRun,
    Invoice,
    InvoiceAttachment,
    IssuingRun,
    Receivable,
    Recurring,
    ReleasedAssignment,
    Reminder,
    ReminderRun,
    Rule,
    Sending,
    SendingRun,
    VatGround,
    VatRate,
)
from customers.models import Assignment, Customer
from customers.views import subjects
from register import audit
from register.doors import one_or_404
from register.models import User
from register.subjects import must_be_present


def customer(pk: int) -> Customer:
    found: Customer = one_or_404(Customer.objects, pk=pk)
    return found


def customer_to_change(pk: int) -> Customer:
    """The customer of a page that changes or adds something. Raises subjects.Erased."""
    found = customer(pk)
    must_be_present(found)
    return found


def invoice(pk: int, *, stripped: bool = False) -> Invoice:
    """An invoice or draft; one of which only the ledger's figures are left where a page can do with them."""
    found: Invoice = one_or_404(Invoice.objects.select_related("customer", "original", "receivable"), pk=pk)
    if found.is_stripped and not stripped:
        raise Http404
    return found


def attachment(pk: int) -> InvoiceAttachment:
    found: InvoiceAttachment = one_or_404(
        InvoiceAttachment.objects.select_related("invoice__customer"), pk=pk
    )
    return found


def assignment(pk: int) -> Assignment:
    found: Assignment = one_or_404(Assignment.objects.select_related("customer"), pk=pk)
    return found


def released(pk: int) -> ReleasedAssignment:
    found: ReleasedAssignment = one_or_404(ReleasedAssignment.objects, assignment=pk)
    return found


def rate(pk: int) -> VatRate:
    found: VatRate = one_or_404(VatRate.objects, pk=pk)
    return found


def rule(pk: int) -> Rule:
    found: Rule = one_or_404(Rule.objects, pk=pk)
    return found


def receivable(pk: int) -> Receivable:
    """What an issued invoice has its customer owe."""
    found: Receivable = one_or_404(
        Receivable.objects.select_related("customer", "invoice").defer("invoice__snapshot"), pk=pk
    )
    return found


def reminder_run(pk: int) -> ReminderRun:
    found: ReminderRun = one_or_404(ReminderRun.objects, pk=pk)
    return found


def reminder(pk: int) -> Reminder:
    found: Reminder = one_or_404(Reminder.objects.select_related("customer"), pk=pk)
    return found


def sending(pk: int) -> Sending:
    rows = Sending.objects.select_related("customer", "invoice", "reminder")
    found: Sending = one_or_404(rows, pk=pk)
    return found


def issuing_run(pk: int) -> IssuingRun:
    found: IssuingRun = one_or_404(IssuingRun.objects, pk=pk)
    return found


def sending_run(pk: int) -> SendingRun:
    found: SendingRun = one_or_404(SendingRun.objects, pk=pk)
    return found


def part_of(rows: Any, pk: int) -> Any:
    """A row that belongs to what the URL named before it: ``part_of(receivable.disputes, 5)``."""
    return one_or_404(rows, pk=pk)


def ground(pk: int) -> VatGround:
    found: VatGround = one_or_404(VatGround.objects, pk=pk)
    return found


def recurring(pk: int) -> Recurring:
    found: Recurring = one_or_404(Recurring.objects.select_related("customer"), pk=pk)
    return found


def collective_run(pk: int) -> CollectiveRun:
    found: CollectiveRun = one_or_404(CollectiveRun.objects, pk=pk)
    return found


def actor(request: HttpRequest) -> User:
    """The user who asks; the door let nobody else in."""
    return subjects.actor(request)


def reads(customers: Iterable[Customer], *, page: str) -> None:
    """Record that these customers are about to be shown, each once."""
    audit.record_reads(list({one.pk: one for one in customers}.values()), page=page)


def private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Nothing of the page stays in a browser's or proxy's store."""

    @never_cache
    @wraps(view)
    def shown(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        return view(request, *arguments, **options)

    return shown


def now() -> datetime:
    """The clock, read where requests enter."""
    return timezone.now()  # noqa: TID251


def today() -> date:
    """The day where the company is."""
    return timezone.localdate(now())


def whole(text: str | None) -> int | None:
    """A key from the address; None for anything that is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
