"""The billing person's lists: the start page, work to be billed, customers, invoices."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from billing import desk, drafting, figures, invoicing, worklists
from billing.forms import chosen
from billing.models import Invoice, ReleasedAssignment
from billing.models.invoices import InvoiceQuerySet
from billing.views import doors
from register import lists

SHORT = 8
STATUSES = (
    ("", gettext_lazy("All")),
    ("draft", gettext_lazy("Drafts")),
    ("issued", gettext_lazy("Invoices")),
    ("credited", gettext_lazy("Credited")),
    ("interest", gettext_lazy("Interest invoices")),
    ("credit_note", gettext_lazy("Credit notes")),
)


@lists.named(gettext_lazy("Billing"))
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits today, and what this month has come to."""
    released = list(_released()[: SHORT + 1])
    drafts = list(_documents().drafts().order_by("-pk")[: SHORT + 1])
    issued = list(_documents().issued().order_by("-issued_on", "-pk")[:SHORT])
    shown = [*(row.customer for row in released), *(row.customer for row in (*drafts, *issued))]
    doors.reads(shown, page="billing")
    context = {
        "released": released[:SHORT],
        "more_released": len(released) > SHORT,
        "drafts": drafts[:SHORT],
        "more_drafts": len(drafts) > SHORT,
        "issued": issued,
        "credited": worklists.taken_back(issued),
        "month": worklists.month(doors.today()),
        "tiles": desk.tiles(on=doors.today()),
        "warnings": figures.warnings(on=doors.today()),
    }
    return render(request, "billing/home.html", context)


@lists.named(gettext_lazy("Assignments to bill"))
@require_safe
def released(request: HttpRequest) -> HttpResponse:
    """All released work that is on no invoice, by customer."""
    rows = _released().prefetch_related("lines")
    after = doors.whole(request.GET.get("after"))
    page = worklists.Page.of(rows.filter(pk__gt=after) if after is not None else rows)
    doors.reads((row.customer for row in page.rows), page="billing released")
    return render(request, "billing/released.html", {"page": page, "after": after})


@require_POST
def draw_up(request: HttpRequest) -> HttpResponse:
    """A draft from all of the ticked work, or none when some of it has been withdrawn meanwhile."""
    ticked = set(chosen(request.POST))
    chosen_work = list(ReleasedAssignment.objects.filter(pk__in=ticked))
    try:
        if len(chosen_work) < len(ticked):
            raise drafting.NotReleased
        draft = drafting.draft_from(chosen_work, by=doors.actor(request), on=doors.today())
    except drafting.AlreadyTaken as taken:
        messages.info(request, str(taken))
        return redirect("billing:invoice", taken.invoice_id)
    except (
        drafting.NotReleased,
        drafting.SeveralCustomers,
        drafting.TooManyLines,
        *invoicing.CANNOT_COUNT,
    ) as refused:
        messages.error(request, str(refused))
        return redirect("billing:released")
    return redirect("billing:invoice", draft.pk)


@lists.named(gettext_lazy("Customers"))
@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """Customers by number, name or business ID; also the invoice whose number was typed."""
    text = request.GET.get("q", "")[:200]
    page = worklists.customers(text, after=doors.whole(request.GET.get("after")))
    found = worklists.by_number(text)
    shown = [*page.rows, *([found.customer] if found else [])]
    doors.reads(shown, page="billing customers")
    context = {"page": page, "text": text, "invoice": found}
    return render(request, "billing/customers.html", context)


@lists.named(gettext_lazy("Invoices"))
@require_safe
def invoices(request: HttpRequest) -> HttpResponse:
    """Drafts, invoices and credit notes, the latest first."""
    status, text = request.GET.get("status", ""), request.GET.get("q", "")[:200]
    status = status if status in dict(STATUSES) else ""
    page = worklists.invoices(status=status, text=text, before=doors.whole(request.GET.get("before")))
    doors.reads((row.customer for row in page.rows), page="billing invoices")
    credited = worklists.taken_back(page.rows)
    context = {"page": page, "status": status, "statuses": STATUSES, "text": text, "credited": credited}
    return render(request, "billing/invoices.html", context)


def _released() -> QuerySet[ReleasedAssignment]:
    return ReleasedAssignment.objects.waiting().select_related("customer").order_by("pk")


def _documents() -> InvoiceQuerySet:
    return Invoice.objects.select_related("customer", "receivable").defer("snapshot")
