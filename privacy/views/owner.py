"""The owner's pages of privacy requests: what waits until when, and one request from receipt to answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.models import EmailAddress, Person
from customers.views.subjects import actor, names_of
from privacy import answering, links, requests
from privacy.forms import AnswerForm, ExtensionForm, IdentityForm, NoteForm, StaffRequestForm
from privacy.models import Case, MyDataLink
from register import access, audit
from register.doors import one_or_404

ROWS = 50


@require_safe
@never_cache
def cases(request: HttpRequest) -> HttpResponse:
    """Open requests, the most urgent first; or those that have been answered, the newest first."""
    closed = request.GET.get("show") == "closed"
    found = Case.objects.filter(closed_at__isnull=False).order_by("-closed_at") if closed else _open()
    page = Paginator(found.select_related("person"), ROWS).get_page(request.GET.get("page"))
    audit.record_reads([*page.object_list, *_people_of(page.object_list)], page="privacy requests")
    context = {"page": page, "closed": closed, "today": _today(), "rows": _with_urgency(page.object_list)}
    return render(request, "privacy/owner/cases.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A request that came by telephone, letter, e-mail or in person."""
    form = StaffRequestForm(request.POST or None, initial={"received_on": _today()})
    if request.method == "POST" and form.is_valid():
        made = requests.receive(**form.facts())
        messages.success(request, _("The request was entered."))
        return redirect("privacy_owner:request", made.pk)
    return render(request, "privacy/owner/add.html", {"form": form})


@require_safe
@never_cache
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what is asked, by whom, until when, what has been done, and what can be done."""
    return _show(request, _case(pk))


@require_POST
def identify(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who asks, and how that was checked."""
    one = _case(pk)
    form = IdentityForm(request.POST, people=_candidates(one))
    return _act(
        request,
        one,
        form,
        lambda facts: requests.identify(one, **facts, by=actor(request), at=_now()),
        _("The person was identified."),
    )


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a note to the log."""
    one = _case(pk)
    return _act(
        request,
        one,
        NoteForm(request.POST),
        lambda facts: requests.note(one, **facts, by=actor(request), at=_now()),
        _("The note was added."),
    )


@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """More time, with reasons that are mailed to the person."""
    one = _case(pk)
    return _act(
        request,
        one,
        ExtensionForm(request.POST),
        lambda facts: requests.extend(one, **facts, by=actor(request), at=_now()),
        _("The time to answer was extended."),
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer and close."""
    one = _case(pk)
    return _act(
        request,
        one,
        AnswerForm(request.POST),
        lambda facts: requests.close(one, **facts, by=actor(request), at=_now()),
        _("The request was closed."),
    )


@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A link to his own data for a person: mailed to an address of his, or shown here once."""
    person: Person = one_or_404(Person.objects, pk=pk)
    audit.record_read(person, page="link")
    chosen = request.POST.get("address", "")
    if chosen == "show":
        with access.atomic():
            made, token = links.make(person, by=actor(request), at=_now())
        context = {"person": person, "url": links.address(token), "link": made}
        return _unstored(render(request, "privacy/owner/link.html", context))
    if chosen == "revoke":
        count = links.revoke_all(person, at=_now())
        messages.success(request, _("Links that work no more: %(count)d.") % {"count": count})
        return redirect("customers:person", person.pk)
    address: EmailAddress = one_or_404(
        EmailAddress.objects.current(), pk=int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0
    )
    try:
        requests.send_link(person, address=address, by=actor(request))
    except requests.AnotherPersonsAddress as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, _("The link is on its way by e-mail."))
    return redirect("customers:person", person.pk)


def _act(
    request: HttpRequest, one: Case, form: forms.Form, act: Callable[[dict[str, Any]], None], done: str
) -> HttpResponse:
    """One form of the case page: do it, or show the page again with what is wrong."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except (requests.AlreadyClosed, requests.ReasonMissing, requests.TooLong) as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, done)
            return redirect("privacy_owner:request", one.pk)
    return _show(request, one, wrong=form)


def _show(request: HttpRequest, one: Case, *, wrong: forms.Form | None = None) -> HttpResponse:
    candidates = _candidates(one)
    audit.record_reads([one, *candidates, *_people_of([one])], page="privacy request")
    blank = {
        "identity_form": IdentityForm(people=candidates),
        "note_form": NoteForm(),
        "extension_form": ExtensionForm(),
        "answer_form": AnswerForm(),
    }
    names = {IdentityForm: "identity", NoteForm: "note", ExtensionForm: "extension", AnswerForm: "answer"}
    if wrong is not None:
        blank[f"{names[type(wrong)]}_form"] = wrong  # type: ignore[index, assignment]
    steps = list(one.steps.all())
    by = names_of(step.by_id for step in steps)
    context = blank | {
        "case": one,
        "candidates": candidates,
        "steps": [(step, by.get(step.by_id or 0, "")) for step in steps],
        "urgency": one.urgency(on=_today()) if one.is_open else "",
        "days_left": one.days_left(on=_today()),
        "may_extend": one.extended_months < 2,
        "links": MyDataLink.objects.filter(case=one).count(),
    }
    return render(request, "privacy/owner/case.html", context)


def _case(pk: int) -> Case:
    found: Case = one_or_404(Case.objects.select_related("person"), pk=pk)
    return found


def _candidates(one: Case) -> list[Person]:
    """Who may be asking, by the address in the request; nobody once the person is known."""
    if one.person_id or not one.contact:
        return []
    return answering.people_with(one.contact)


def _open() -> Any:
    return Case.objects.open().by_urgency()


def _people_of(found: Any) -> list[Person]:
    return [one.person for one in found if one.person]


def _with_urgency(found: Any) -> list[tuple[Case, str, int]]:
    today = _today()
    return [(one, one.urgency(on=today), one.days_left(on=today)) for one in found]


def _unstored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    return response


def _today() -> date:
    return timezone.localdate()


def _now() -> datetime:
    return timezone.now()  # noqa: TID251
