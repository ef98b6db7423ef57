"""The due list, the reminders proposed for a day, and the runs that somebody approved."""

from __future__ import annotations

import uuid
from itertools import islice
from typing import Any, TypedDict

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from billing import overdue, proposals
from billing.forms import chosen
from billing.late_forms import ApproveForm
from billing.models import Debtor, Reminder, ReminderPdf, ReminderRun
from billing.rules import RuleMissing
from billing.views import doors
from billing.views.downloads import as_pdf
from billing.worklists import Page
from customers.models import Customer
from register import audit, lists

DEBTORS = (
    ("", gettext_lazy("Everybody")),
    (Debtor.CONSUMER.value, gettext_lazy("Consumers")),
    (Debtor.BUSINESS.value, gettext_lazy("Businesses")),
)
LETTERS = 50


@lists.named(gettext_lazy("Late payments"))
@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Every open receivable past its day, the oldest first."""
    today = doors.today()
    shown, debtor = request.GET.get("show", ""), request.GET.get("debtor", "")
    shown = shown if shown in dict(overdue.SHOWN) else ""
    debtor = debtor if debtor in dict(DEBTORS) else ""
    after = doors.whole(request.GET.get("after"))
    context: dict[str, Any] = {"shown": shown, "debtor": debtor, "today": today}
    try:
        page = overdue.page(on=today, shown=shown, debtor=debtor, after=after)
    except RuleMissing as missing:
        page, context["problem"] = Page([], None), str(missing)
    doors.reads((debt.receivable.customer for debt in page.rows), page="billing overdue")
    context |= {
        "page": page,
        "sums": None if after else overdue.sums(on=today, shown=shown, debtor=debtor),
        "choices": overdue.SHOWN,
        "debtors": DEBTORS,
    }
    return render(request, "billing/overdue.html", context)


# --- proposals -----------------------------------------------------------------------------------------


@lists.named(gettext_lazy("Reminders"))
@require_safe
def reminders(request: HttpRequest) -> HttpResponse:
    """The letters that may go today, ticked, and the latest runs."""
    return _proposed(request, ApproveForm(), _which(request.GET))


class Which(TypedDict):
    friendly: bool
    costs: bool


def _which(asked: QueryDict) -> Which:
    """Which letters: friendly ones, those about costs that are open alone, or the usual ones."""
    return Which(friendly="friendly" in asked, costs="costs" in asked)


def _proposed(request: HttpRequest, form: ApproveForm, which: Which, *, status: int = 200) -> HttpResponse:
    today, problem = doors.today(), ""
    after = doors.whole(request.GET.get("after"))
    try:
        letters = list(islice(proposals.for_day(on=today, after=after, **which), LETTERS + 1))
    except RuleMissing as missing:
        letters, problem = [], str(missing)
    following = letters[LETTERS - 1].customer_id if len(letters) > LETTERS else None
    letters = letters[:LETTERS]
    known = Customer.objects.in_bulk([letter.customer_id for letter in letters])
    doors.reads(known.values(), page="billing reminders")
    context = {
        "letters": [(known[letter.customer_id], letter) for letter in letters],
        "following": following,
        "after": after,
        **which,
        "which": next((name for name, chosen in which.items() if chosen), ""),
        "form": form,
        "key": uuid.uuid4(),
        "problem": problem,
        "runs": ReminderRun.objects.order_by("-pk")[:5],
        "today": today,
    }
    return render(request, "billing/reminders.html", context, status=status)


@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """Approve the ticked letters, or all of the day once their number has been seen; the worker makes them."""
    form = ApproveForm(request.POST)
    which = _which(request.POST)
    if not form.is_valid():
        return _proposed(request, form, which, status=422)
    data = form.cleaned_data
    if data["everybody"] and "seen" not in request.POST:
        return _all(request, form, which)
    try:
        run = proposals.approve(
            customers=None if data["everybody"] else chosen(request.POST, "customer", LETTERS),
            **which,
            fees=not data["without_fees"],
            client_key=data["key"],
            on=doors.today(),
            at=doors.now(),
            by=doors.actor(request),
        )
    except (proposals.NothingToSend, RuleMissing) as refused:
        form.add_error(None, str(refused))
        return _proposed(request, form, which, status=422)
    return redirect("billing:reminder_run", run.pk)


def _all(request: HttpRequest, form: ApproveForm, which: Which) -> HttpResponse:
    """What approving all would do, before it is done."""
    try:
        total = proposals.total(on=doors.today(), **which)
    except RuleMissing as missing:
        form.add_error(None, str(missing))
        return _proposed(request, form, which, status=422)
    context = {
        "total": total,
        "which": next((name for name, chosen in which.items() if chosen), ""),
        "without_fees": form.cleaned_data["without_fees"],
        "key": form.cleaned_data["key"],
        "most": proposals.MOST_LETTERS,
    }
    return render(request, "billing/reminders_all.html", context)


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """An approved run: how far it is, then what became of each letter."""
    found = doors.reminder_run(pk)
    after = doors.whole(request.GET.get("after"))
    rows = found.reminders.select_related("customer").prefetch_related("items", "sendings").order_by("pk")
    page = Page.of(rows.filter(pk__gt=after) if after is not None else rows)
    waiting = found.reminders.filter(state=Reminder.State.APPROVED).count()
    doors.reads((row.customer for row in page.rows), page="billing reminder run")
    context = {
        "run": found,
        "page": page,
        "waiting": waiting,
        "made": found.letters - waiting,
        "dropped": found.reminders.filter(state=Reminder.State.DROPPED).count(),
    }
    return render(request, "billing/reminder_run.html", context)


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter's PDF as it was made, byte for byte."""
    reminder = doors.reminder(pk)
    stored = ReminderPdf.objects.filter(reminder=reminder).first()
    if stored is None:
        raise Http404
    audit.record_read(reminder.customer, page=f"billing reminder {reminder}")
    return as_pdf(bytes(stored.content), f"{reminder}.pdf", attachment="show" not in request.GET)
