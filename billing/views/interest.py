"""Late interest of a customer and of one invoice: explained, exported, invoiced; agreed rates."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import (
    agreed_rates,
    amounts,
    documents,
    drafting,
    interest,
    interest_csv,
    interest_invoicing,
    interest_waits,
    invoicing,
    ledger,
    limitation,
    pdf,
    rules,
)
from billing.forms import chosen
from billing.interest_forms import AgreedRateForm, InterestInvoiceForm, InterruptionForm, UntilForm
from billing.models import AgreedRate, Debtor, Receivable
from billing.views import doors
from billing.views.downloads import CSV, as_file
from customers.models import Customer
from register import audit
from register.doors import one_or_404

REFUSED = (
    interest_invoicing.NothingDue,
    interest_invoicing.BelowThreshold,
    interest_invoicing.NotYet,
    interest_waits.Waiting,
    drafting.TooManyLines,
    invoicing.KeyUsed,
    rules.RuleMissing,
    documents.RegistrarMissing,
)


# --- of a customer -------------------------------------------------------------------------------------


@require_safe
def of_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Interest that stands on no invoice yet, receivable by receivable, and the button that invoices it."""
    customer = doors.customer(pk)
    audit.record_read(customer, page="billing interest")
    return _customer_page(request, customer, until=_until(request))


@require_POST
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the interest invoice of the ticked receivables."""
    customer, form = doors.customer(pk), InterestInvoiceForm(request.POST)
    if not form.is_valid():
        return redirect("billing:interest", customer.pk)
    until = form.cleaned_data["until"]
    try:
        made = interest_invoicing.issue(
            customer,
            chosen(request.POST, "receivable", most=1000),
            until=until,
            by=doors.actor(request),
            on=doors.today(),
            client_key=form.cleaned_data["key"],
        )
    except invoicing.Incomplete as incomplete:
        return _refused(request, customer, until, incomplete.reasons)
    except REFUSED as refused:
        return _refused(request, customer, until, [str(refused)])
    except pdf.NotTypeset:
        return _refused(request, customer, until, [_("The PDF could not be made. Nothing was issued.")])
    messages.success(request, _("Interest invoice %(number)s was issued.") % {"number": made.number})
    return redirect("billing:invoice", made.pk)


def _refused(request: HttpRequest, customer: Customer, until: date, reasons: Iterable[str]) -> HttpResponse:
    for reason in reasons:
        messages.error(request, reason)
    audit.record_read(customer, page="billing interest")
    return _customer_page(request, customer, until=until, status=422)


@require_safe
def csv_of_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a spreadsheet."""
    customer, until = doors.customer(pk), _until(request)
    audit.record_read(customer, page="billing interest csv")
    claims = interest_invoicing.claims(customer, until=until, on=doors.today())
    text = interest_csv.write([claim.reckoning for claim in claims])
    return as_file(text, f"K{customer.pk}-{until.isoformat()}.csv", CSV)


def _customer_page(
    request: HttpRequest, customer: Customer, *, until: date, status: int = 200
) -> HttpResponse:
    claims = interest_invoicing.claims(customer, until=until, on=doors.today())
    invoiceable = [claim for claim in claims if claim.stop is None]
    stopped = next((claim.reckoning for claim in invoiceable if not claim.reckoning.is_final), None)
    context = {
        "customer": customer,
        "claims": claims,
        "total": sum((claim.amount for claim in invoiceable), amounts.ZERO),
        "is_invoiceable": bool(invoiceable) and stopped is None,
        "is_waiting": len(invoiceable) < len(claims),
        "stopped": stopped,
        "threshold": rules.row(rules.Code.INTEREST_THRESHOLD, doors.today()).value,
        "until": until,
        "filter": UntilForm(initial={"until": until}),
        "key": uuid.uuid4(),
        "is_business": ledger.debtor_of(customer) == Debtor.BUSINESS,
        "agreed": list(agreed_rates.of(customer)),
        "agreed_form": AgreedRateForm(initial={"valid_from": doors.today()}),
    }
    return render(request, "billing/interest.html", context, status=status)


@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a rate agreed with the customer."""
    customer = doors.customer(pk)
    return _agree(request, customer, back=reverse("billing:interest", args=[customer.pk]))


@require_POST
def agree_for_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a rate agreed for one invoice."""
    receivable = doors.receivable(pk)
    back = reverse("billing:claim", args=[receivable.pk])
    return _agree(request, receivable.customer, receivable, back=back)


def _agree(
    request: HttpRequest, customer: Customer, receivable: Receivable | None = None, *, back: str
) -> HttpResponse:
    form = AgreedRateForm(request.POST, for_one=receivable is not None)
    if form.is_valid():
        values = dict(form.cleaned_data)
        if receivable is not None:
            values |= {"receivable": receivable, "valid_from": receivable.issued_on}
        try:
            agreed_rates.agree(customer, **values, by=doors.actor(request))
        except (agreed_rates.NotWithConsumer, agreed_rates.AgreementIncomplete) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    audit.record_read(customer, page="billing interest")
    return render(request, "billing/agreed_rate.html", {"form": form, "back": back}, status=422)


@require_POST
def end_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """What is invoiced from today on bears the law's interest again."""
    row: AgreedRate = one_or_404(AgreedRate.objects, pk=pk)
    agreed_rates.end(row, on=doors.today(), by=doors.actor(request))
    messages.success(request, _("The agreed rate ended."))
    return redirect("billing:interest", row.customer_id)


# --- of one invoice ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def of_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """How one receivable's interest comes about and until when it can be claimed; enters an interruption."""
    receivable, until, today = doors.receivable(pk), _until(request), doors.today()
    form = InterruptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limitation.interrupt(receivable, **form.cleaned_data, by=doors.actor(request), today=today)
        except limitation.InTheFuture as wrong:
            form.add_error("on", str(wrong))
        except limitation.EvidenceMissing as wrong:
            form.add_error("evidence", str(wrong))
        else:
            messages.success(request, _("Saved. The time of limitation was counted anew."))
            return redirect("billing:claim", receivable.pk)
    audit.record_read(receivable.customer, page="billing claim")
    limit = limitation.of(receivable, on=today)
    context = {
        "receivable": receivable,
        "reckoning": interest.reckon(receivable, until=until),
        "limit": limit,
        "state": limit.state(today),
        "days_left": limit.days_left(today),
        "periods": receivable.interest_periods.select_related("invoice"),
        "filter": UntilForm(initial={"until": until}),
        "until": until,
        "form": form,
        "is_business": receivable.debtor == Debtor.BUSINESS,
        "agreed_form": AgreedRateForm(for_one=True),
    }
    return render(request, "billing/claim.html", context, status=422 if form.is_bound else 200)


@require_safe
def csv_of_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """One receivable's reckoning as a spreadsheet."""
    receivable, until = doors.receivable(pk), _until(request)
    audit.record_read(receivable.customer, page="billing interest csv")
    reckoning = interest.reckon(receivable, until=until)
    return as_file(interest_csv.write([reckoning]), f"{receivable.number}-{until.isoformat()}.csv", CSV)


def _until(request: HttpRequest) -> date:
    """The day asked for, today without one or with one that is none."""
    form = UntilForm(request.GET)
    day = form.cleaned_data["until"] if form.is_valid() else None
    return day or doors.today()
