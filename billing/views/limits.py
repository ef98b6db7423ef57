"""The list of debts that are soon time-barred, and the removal of an interruption entered by mistake."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from billing import limitation
from billing.models import LimitationEvent, Receivable
from billing.views import doors
from register import lists
from register.doors import one_or_404


@lists.named(gettext_lazy("Limits near"))
@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """Unpaid receivables within the warning time of their limit, or past it."""
    today, after = doors.today(), doors.whole(request.GET.get("after"))
    last = Receivable.objects.filter(pk=after).first() if after is not None else None
    page = limitation.near(on=today, after=last)
    doors.reads((limit.receivable.customer for limit in page.rows), page="billing limits")
    rows = [(limit, limit.state(today), limit.days_left(today)) for limit in page.rows]
    return render(request, "billing/limits.html", {"page": page, "rows": rows, "after": after})


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an interruption."""
    event: LimitationEvent = one_or_404(LimitationEvent.objects, pk=pk)
    limitation.take_back(event, by=doors.actor(request))
    messages.success(request, _("Removed. The time of limitation was counted anew."))
    return redirect("billing:claim", event.receivable_id)


@require_POST
def sole_trader(request: HttpRequest, pk: int) -> HttpResponse:
    """The business debtor is a natural person after all, or is not."""
    receivable, natural = doors.receivable(pk), request.POST.get("natural") == "1"
    limitation.set_natural(receivable, natural=natural, by=doors.actor(request))
    messages.success(request, _("Saved. The time of limitation was counted anew."))
    return redirect("billing:claim", receivable.pk)
