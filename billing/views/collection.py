"""Collection: cases, the agency, what is given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import (
    agency_news,
    collecting,
    collection_lists,
    ledger,
    losses,
    obstacles,
    reminding,
    rules,
    standing,
)
from billing.collection_forms import AgencyForm, CloseForm, HandOverForm, LossForm, RecallForm, ReportForm
from billing.forms import chosen
from billing.models import Agency, CollectionCase, CreditLoss, Dispute, Handover, Receivable
from billing.views import doors
from billing.views.downloads import ZIP, as_file
from customers.templatetags.contacts import euros
from customers.views.subjects import names_of
from register import audit, lists
from register.doors import one_or_404

REFUSED = (
    collecting.NothingToCollect,
    collecting.SeveralDebtors,
    collecting.WrongStage,
    collecting.GoneOn,
    collecting.StillOpen,
    collecting.WrongAgency,
    ledger.NotSoMuch,
    ledger.AlreadyTakenBack,
    losses.NothingOpen,
    losses.OpenHasChanged,
    agency_news.NothingToTell,
    rules.RuleMissing,
)


@lists.named(gettext_lazy("Collection"))
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Cases by stage, the latest first."""
    stage = request.GET.get("stage", "")
    stage = stage if stage in CollectionCase.Stage.values else ""
    page = collection_lists.cases(stage=stage, before=doors.whole(request.GET.get("before")))
    doors.reads((row.customer for row in page.rows), page="billing collection")
    given = [row for row in page.rows if row.stage == CollectionCase.Stage.AGENCY]
    news = agency_news.untold_of(given)
    context = {
        "page": page,
        "rows": [(row, len(news.get(row.pk, []))) for row in page.rows],
        "stage": stage,
        "stages": CollectionCase.Stage.choices,
    }
    return render(request, "billing/collection.html", context)


@lists.named(gettext_lazy("Debts for collection"))
@require_safe
def candidates(request: HttpRequest) -> HttpResponse:
    """Overdue debts that may be collected and are in no case yet, the oldest first."""
    today, after = doors.today(), doors.whole(request.GET.get("after"))
    page = collection_lists.collectable(on=today, after=after)
    doors.reads((debt.customer for debt in page.rows), page="billing collection candidates")
    problem, stops = "", dict[int, list[str]]()
    try:
        stops = collection_lists.stops(page.rows, on=today)
    except rules.RuleMissing as missing:
        problem = str(missing)
    rows = [(debt, debt.days_late(on=today), stops.get(debt.pk, [])) for debt in page.rows]
    context = {"page": page, "rows": rows, "after": after, "problem": problem}
    return render(request, "billing/collection_candidates.html", context)


@require_POST
def open_case(request: HttpRequest) -> HttpResponse:
    """Open a case for the ticked debts of one customer, or for all that he owes late."""
    customer = doors.whole(request.POST.get("customer"))
    ticked = Receivable.objects.filter(pk__in=chosen(request.POST, "debt"))
    debts = Receivable.objects.filter(customer=customer) if customer else ticked
    try:
        case = collecting.open_case(debts, by=doors.actor(request), on=doors.today())
    except REFUSED as refused:
        messages.error(request, str(refused))
        if customer:
            return redirect("billing:customer", customer)
        return redirect("billing:collection_candidates")
    messages.success(request, _("The case is open."))
    return redirect("billing:case", case.pk)


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: its debts, what forbids the next step, its steps, and the acts of its stage."""
    found = _case(pk)
    audit.record_read(found.customer, page=f"billing case {found}")
    return _page(request, found)


def _page(request: HttpRequest, found: CollectionCase, *, status: int = 200, **forms: Any) -> HttpResponse:
    given, ours = list(collecting.with_agency(found)), list(collecting.still_ours(found))
    today = doors.today()
    steps = list(found.steps.all())
    obstacles_of = {debt: _obstacles(debt, today) for debt in ours}
    context: dict[str, Any] = {
        "case": found,
        "debts": [*given, *ours],
        "tables": _tables(found, given, obstacles_of, today),
        "ready": [debt.number for debt, reasons in obstacles_of.items() if not reasons],
        "demands": _demands([debt for debt, reasons in obstacles_of.items() if not reasons], today),
        "steps": steps,
        "names": names_of({step.by_id for step in steps}),
        "handovers": found.handovers.select_related("agency").defer("package").order_by("-pk"),
        "losses": losses.standing(found.items.values_list("receivable", flat=True)).select_related(
            "receivable"
        ),
        "news": agency_news.untold(found),
        "hand_over": HandOverForm(),
        "agencies": Agency.objects.filter(ended_on=None).exists(),
        "report": ReportForm(
            given,
            today=today,
            initial={"paid_on": today, "seen": max((step.pk for step in steps), default=0)},
        ),
        "recall": RecallForm(),
        "close": CloseForm(),
    }
    return render(request, "billing/case.html", context | forms, status=status)


def _tables(
    found: CollectionCase, given: list[Receivable], obstacles_of: dict[Receivable, list[str]], today: Any
) -> list[dict[str, Any]]:
    """The case's open debts: those that the agency has, and those that are ours with what forbids handing them."""
    contested = _contested(given)
    shown = [
        ("given", _("Debts with the agency"), {debt: contested.get(debt.pk, []) for debt in given}),
        ("ours", _("Not yet with the agency") if given else _("Open debts"), obstacles_of),
    ]
    return [
        {
            "key": key,
            "title": title,
            "rows": [(debt, debt.days_late(on=today), marks) for debt, marks in rows.items()],
            "principal": sum(debt.open for debt in rows),
            "costs": sum(debt.costs for debt in rows),
        }
        for key, title, rows in shown
        if rows or (key == "ours" and not given)
    ]


def _contested(debts: list[Receivable]) -> dict[int, list[str]]:
    """What debtors dispute of debts that an agency has, in words."""
    found: dict[int, list[str]] = {}
    for one in Dispute.objects.standing().filter(receivable__in=debts).order_by("pk"):
        words = {"sum": euros(one.amount), "day": date_format(one.since, "SHORT_DATE_FORMAT")}
        found.setdefault(one.receivable_id, []).append(
            _("disputed: %(sum)s since %(day)s (4 b §); the agency may not collect it") % words
        )
    return found


def _demands(debts: list[Receivable], today: Any) -> list[tuple[Receivable, Any, Any]]:
    """What an agency may charge for its demand by each debt that can go to it: the rule, and what it adds."""
    known = standing.rules()
    try:
        found = standing.debts(debts, on=today, known=known)
        return [
            (debt.receivable, *reminding.agency_demand(debt.facts, on=today, rules=known)) for debt in found
        ]
    except rules.RuleMissing:
        return []  # the obstacles say so


def _obstacles(debt: Receivable, today: Any) -> list[str]:
    try:
        return obstacles.to_agency(debt, on=today)
    except rules.RuleMissing as missing:
        return [str(missing)]


# --- acts ----------------------------------------------------------------------------------------------


@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the package and give the case to the agency."""
    found, form = _case(pk), HandOverForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, hand_over=form)
    return _acted(
        request,
        found,
        lambda: collecting.hand_over(
            found, agency=form.cleaned_data["agency"], by=doors.actor(request), on=doors.today()
        ),
        said=_("Handed over. Download the package and give it to the agency."),
    )


@require_POST
def hand_over_more(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the agency the later debts that may go, in a package of their own."""
    found = _case(pk)
    return _acted(
        request,
        found,
        lambda: collecting.hand_over_more(found, by=doors.actor(request), on=doors.today()),
        said=_("Handed over. Download the package and give it to the agency."),
    )


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Book what the agency has got."""
    found = _case(pk)
    form = ReportForm(list(collecting.with_agency(found)), request.POST, today=doors.today())
    if form.is_valid():
        try:
            collecting.report(
                found,
                form.reported(),
                by=doors.actor(request),
                on=doors.today(),
                paid_on=form.cleaned_data["paid_on"],
                seen=form.cleaned_data["seen"],
            )
        except collecting.ReportedTooMuch as refused:
            form.add_error(f"{refused.part}_{refused.receivable.pk}", str(refused))
        except collecting.GoneOn as refused:
            form.add_error(None, str(refused))
            form.see(collecting.last_step(found))
        except REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The agency's payment was booked."))
            return redirect("billing:case", found.pk)
    audit.record_read(found.customer, page=f"billing case {found}")
    return _page(request, found, status=422, report=form)


@require_POST
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """The agency has been told of the ticked news."""
    found = _case(pk)
    return _acted(
        request,
        found,
        lambda: agency_news.tell(
            found, request.POST.getlist("news"), by=doors.actor(request), on=doors.today()
        ),
        said=_("Noted that the agency knows."),
    )


@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the case back."""
    found, form = _case(pk), RecallForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, recall=form)
    return _acted(
        request,
        found,
        lambda: collecting.recall(
            found, reason=form.cleaned_data["reason"], by=doors.actor(request), on=doors.today()
        ),
        said=_("The case is ours again."),
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the case."""
    found, form = _case(pk), CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, close=form)
    return _acted(
        request,
        found,
        lambda: collecting.close(found, by=doors.actor(request), on=doors.today(), **form.cleaned_data),
        said=_("The case is closed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def write_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a debt up as a credit loss."""
    debt: Receivable = one_or_404(Receivable.objects.select_related("customer", "invoice"), pk=pk)
    if debt.costs and not debt.open:
        return redirect("billing:give_up_costs", debt.pk)
    form = LossForm(request.POST or None, initial={"was_open": debt.open})
    if request.method == "POST" and form.is_valid():
        try:
            losses.write_off(debt, by=doors.actor(request), on=doors.today(), **form.cleaned_data)
        except REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Booked as a credit loss."))
            return redirect("billing:invoice", debt.pk)
    audit.record_read(debt.customer, page=f"billing loss {debt}")
    vat = losses.vat_of(debt.invoice, debt.open)
    context = {"debt": debt, "form": form, "vat": vat}
    return render(request, "billing/loss.html", context, status=422 if form.is_bound else 200)


@require_POST
def take_back_loss(request: HttpRequest, pk: int) -> HttpResponse:
    """The money came after all, or the loss was a mistake: the latest loss of the invoice is open again."""
    loss: CreditLoss = one_or_404(losses.standing([pk]))
    try:
        losses.take_back(loss, by=doors.actor(request), on=doors.today())
    except REFUSED as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The loss is taken back and the debt is open again."))
    return redirect("billing:invoice", pk)


@require_safe
def package(request: HttpRequest, pk: int, handover_pk: int) -> HttpResponse:
    """What the agency was given, byte for byte."""
    found = _case(pk)
    given = Handover.objects.filter(case=found, pk=handover_pk).first()
    if given is None:
        raise Http404
    audit.record_read(found.customer, page=f"billing package {found}")
    return as_file(bytes(given.package), f"{found}-{given.on:%Y%m%d}.zip", ZIP)


@require_http_methods(["GET", "HEAD", "POST"])
def agencies(request: HttpRequest) -> HttpResponse:
    """The agencies that are used; a new one is added below."""
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            collecting.enter_agency(**form.cleaned_data)
        except collecting.WrongAgency as wrong:
            form.add_error("number", str(wrong))
        else:
            messages.success(request, _("The agency was added."))
            return redirect("billing:agencies")
    context = {"agencies": Agency.objects.all(), "form": form}
    return render(request, "billing/agencies.html", context, status=422 if form.is_bound else 200)


def _acted(request: HttpRequest, found: CollectionCase, act: Callable[[], Any], *, said: str) -> HttpResponse:
    """Do one thing and show the case; whatever forbids it is told and nothing has changed."""
    try:
        act()
    except collecting.NotYet as not_yet:
        for reason in not_yet.reasons:
            messages.error(request, reason)
    except REFUSED as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("billing:case", found.pk)


def _case(pk: int) -> CollectionCase:
    found: CollectionCase = one_or_404(CollectionCase.objects.select_related("customer", "agency"), pk=pk)
    return found
