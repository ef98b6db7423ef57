"""Late payment of one invoice: how it stands and why, and what is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import (
    agreements,
    charging,
    collection_lists,
    disputes,
    holds,
    latepayment,
    limitation,
    losses,
    reminding,
)
from billing.amounts import ZERO
from billing.late_forms import (
    DisputeForm,
    ExtensionForm,
    GiveUpForm,
    HoldForm,
    PlanForm,
    ResolveForm,
    WaiveForm,
)
from billing.models import Receivable
from billing.rules import RuleMissing
from billing.views import doors
from register import audit

REFUSALS = (
    agreements.NotOpen,
    agreements.NoMoreTime,
    agreements.FeeTooHigh,
    agreements.PlanStands,
    agreements.PlanEnded,
    agreements.NotAPlan,
    agreements.NothingMissed,
    charging.AskTheAgency,
    charging.AlreadyWaived,
    disputes.NotDisputable,
    disputes.NotYet,
    disputes.AlreadyResolved,
    holds.HoldDoesNotFit,
    holds.AlreadyLifted,
    limitation.TimeBarred,
    losses.CostsAreNotAlone,
    reminding.NotAllowed,
    RuleMissing,
)


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one receivable's lateness."""
    receivable, today = doors.receivable(pk), doors.today()
    audit.record_read(receivable.customer, page=f"billing late payment {receivable}")
    case, taken = collection_lists.collected(receivable.customer_id)
    context = {
        "receivable": receivable,
        "late": latepayment.of(receivable, on=today),
        "case": case if receivable.pk in taken else None,
        "today": today,
    }
    return render(request, "billing/late.html", context)


# --- decisions with a form -----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """The debtor contests the debt or a part of it."""
    receivable = doors.receivable(pk)
    form = DisputeForm(request.POST or None, initial={"since": doors.today()})

    def enter(data: dict[str, Any]) -> None:
        disputes.enter(receivable, **data, on=doors.today(), by=doors.actor(request))

    return _decision(request, receivable, form, enter, DISPUTE)


@require_http_methods(["GET", "HEAD", "POST"])
def resolve(request: HttpRequest, pk: int, dispute: int) -> HttpResponse:
    """The dispute has ended."""
    receivable = doors.receivable(pk)
    found = doors.part_of(receivable.disputes, dispute)
    form = ResolveForm(request.POST or None)

    def end(data: dict[str, Any]) -> None:
        disputes.resolve(found, **data, on=doors.today(), by=doors.actor(request))

    return _decision(request, receivable, form, end, RESOLVE)


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """More time."""
    receivable = doors.receivable(pk)
    form = ExtensionForm(request.POST or None)

    def give(data: dict[str, Any]) -> None:
        facts = data | {"fee": data["fee"] or ZERO}
        agreements.extend(receivable, **facts, on=doors.today(), by=doors.actor(request))

    return _decision(request, receivable, form, give, EXTEND)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Instalments."""
    receivable = doors.receivable(pk)
    form = PlanForm(request.POST or None, initial=PlanForm.first(doors.today()))

    def agree(data: dict[str, Any]) -> None:
        agreements.plan(
            receivable,
            days=form.days(),
            interest_runs=data["interest_runs"],
            whole_falls_due=data["whole_falls_due"],
            fee=data["fee"] or ZERO,
            note=data["note"],
            on=doors.today(),
            by=doors.actor(request),
        )

    return _decision(request, receivable, form, agree, PLAN)


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """No reminders about this debt."""
    receivable = doors.receivable(pk)
    form = HoldForm(request.POST or None, debtor=receivable.debtor)

    def put(data: dict[str, Any]) -> None:
        holds.place(
            receivable.customer, **data, receivable=receivable, on=doors.today(), by=doors.actor(request)
        )

    return _decision(request, receivable, form, put, HOLD)


@require_http_methods(["GET", "HEAD", "POST"])
def waive(request: HttpRequest, pk: int, charge: int) -> HttpResponse:
    """A cost is not asked after all."""
    receivable = doors.receivable(pk)
    found = doors.part_of(receivable.charges, charge)
    form = WaiveForm(request.POST or None)

    def waived(data: dict[str, Any]) -> None:
        charging.waive(found, reason=data["reason"], on=doors.today(), by=doors.actor(request))

    return _decision(request, receivable, form, waived, WAIVE)


@require_http_methods(["GET", "HEAD", "POST"])
def give_up_costs(request: HttpRequest, pk: int) -> HttpResponse:
    """Costs of which the principal is paid are not asked for any more."""
    receivable = doors.receivable(pk)
    form = GiveUpForm(request.POST or None)

    def give_up(data: dict[str, Any]) -> None:
        losses.give_up_costs(receivable, **data, on=doors.today(), by=doors.actor(request))

    return _decision(request, receivable, form, give_up, GIVE_UP)


class Words:
    """What a decision's page says: title, explanation, button, and what is told when it is done."""

    def __init__(self, title: Promise, explained: Promise, button: Promise, done: Promise) -> None:
        self.title, self.explained, self.button, self.done = title, explained, button, done


DISPUTE = Words(
    gettext_lazy("The debtor disputes"),
    gettext_lazy(
        "Reminders, fees and hand-over stop for the disputed part until it is resolved. "
        "Interest and limitation run on."
    ),
    gettext_lazy("Enter the dispute"),
    gettext_lazy("The dispute was entered."),
)
RESOLVE = Words(
    gettext_lazy("End of the dispute"),
    gettext_lazy("After this, what is still open may be reminded of again."),
    gettext_lazy("End the dispute"),
    gettext_lazy("The dispute has ended."),
)
EXTEND = Words(
    gettext_lazy("More time"),
    gettext_lazy(
        "The due date moves; the invoice stays as it was. A fee needs 14 days more and has a maximum."
    ),
    gettext_lazy("Give more time"),
    gettext_lazy("More time was given."),
)
PLAN = Words(
    gettext_lazy("Instalment plan"),
    gettext_lazy(
        "All that is open, costs included, in equal instalments a month apart; the last takes the cents. "
        "Each instalment has a reference number of its own."
    ),
    gettext_lazy("Agree on the plan"),
    gettext_lazy("The instalment plan is in force."),
)
HOLD = Words(
    gettext_lazy("No reminders"),
    gettext_lazy("Nothing is sent about it until the last day, or until this is lifted."),
    gettext_lazy("Hold reminders back"),
    gettext_lazy("Reminders are held back."),
)
GIVE_UP = Words(
    gettext_lazy("Give up the costs"),
    gettext_lazy(
        "The invoice itself is settled; what is open of its collection costs is taken off. "
        "What was paid of them stays paid."
    ),
    gettext_lazy("Give up the costs"),
    gettext_lazy("The costs were given up."),
)
WAIVE = Words(
    gettext_lazy("Waive a cost"),
    gettext_lazy("The cost is taken off. What was paid of it becomes the customer's credit."),
    gettext_lazy("Waive the cost"),
    gettext_lazy("The cost was waived."),
)


def _decision(
    request: HttpRequest,
    receivable: Receivable,
    form: forms.Form,
    act: Callable[[dict[str, Any]], None],
    words: Words,
) -> HttpResponse:
    """Show a form, do what it says once it is right; a refusal stands on the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except REFUSALS as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, str(words.done))
            return redirect("billing:late", receivable.pk)
    audit.record_read(receivable.customer, page=f"billing late payment {receivable}")
    context = {"receivable": receivable, "form": form, "words": words}
    return render(request, "billing/late_form.html", context, status=422 if form.is_bound else 200)


# --- decisions by a button -----------------------------------------------------------------------------


@require_POST
def compensate(request: HttpRequest, pk: int) -> HttpResponse:
    """Claim the standard compensation."""
    receivable = doors.receivable(pk)
    return _pressed(
        request,
        receivable,
        lambda: charging.claim_compensation(receivable, on=doors.today(), by=doors.actor(request)),
        _("The standard compensation was claimed."),
    )


@require_POST
def revive(request: HttpRequest, pk: int, plan: int) -> HttpResponse:
    """A missed instalment makes the whole due."""
    receivable = doors.receivable(pk)
    found = doors.part_of(receivable.plans, plan)
    return _pressed(
        request,
        receivable,
        lambda: agreements.revive(found, on=doors.today(), by=doors.actor(request)),
        _("The plan has ended: the whole is due."),
    )


@require_POST
def cancel(request: HttpRequest, pk: int, plan: int) -> HttpResponse:
    """The plan ends by agreement."""
    receivable = doors.receivable(pk)
    found = doors.part_of(receivable.plans, plan)
    return _pressed(
        request,
        receivable,
        lambda: agreements.cancel(found, on=doors.today(), by=doors.actor(request)),
        _("The plan has ended."),
    )


def _pressed(request: HttpRequest, receivable: Receivable, act: Callable[[], Any], done: str) -> HttpResponse:
    try:
        act()
    except REFUSALS as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("billing:late", receivable.pk)
