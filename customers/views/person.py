"""A person's page, and adding and correcting people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers import dossier, doubles, intake, panels, representing
from customers.forms.details import RepresentationForm
from customers.forms.parties import PersonForm
from customers.models import Customer, Person
from customers.views import doors, subjects, timeline
from customers.views.rows import Rows
from register import access, audit
from register.models import AuditEntry

READS = 50
"""Readings shown at a time."""


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a person on one screen."""
    person = doors.person(pk)
    shown = timeline.section(person, request)
    others = [one for one in subjects.people_in(shown["page"].entries) if one.pk != person.pk]
    audit.record_reads([person, *others], page="person")
    found = dossier.of(person)
    context = {
        "person": person,
        "private_customer": getattr(person, "private_customer", None),
        "details": found.details,
        "contacts_of": person,
        "represents": found.represents,
        "left": found.left,
        "completions": found.completions,
        "entered_by": subjects.name_of(person.entered_by_id, request),
        "timeline": shown,
        "work": found.work,
        "panels": subjects.filled(panels.PERSON, person, request),
        "today": doors.today(),
    }
    return render(request, "customers/person.html", context)


def readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has read the person's data, newest first: a whole page, or only the list for the script."""
    person = doors.person(pk)
    audit.record_read(person, page="readers")
    entries = list(
        AuditEntry.objects.filter(numbers__contains=[person.number], action=AuditEntry.Action.ACCESS)
        .only("timestamp", "actor_id", "page")
        .order_by("-timestamp")[:READS]
    )
    names = subjects.names_of(entry.actor_id for entry in entries)
    fragment = request.headers.get("X-Fragment") == "1"
    context = {
        "person": person,
        "readings": [(entry, names.get(entry.actor_id or 0, "")) for entry in entries],
    }
    return render(request, f"customers/readers{'_list' if fragment else ''}.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, customer: int | None = None) -> HttpResponse:
    """Add a person, usually as a representative of a customer."""
    company = doors.customer_to_change(customer) if customer is not None else None
    first = {"source_on": doors.today(), "language": company.language if company else "fi"}
    form = PersonForm(request.POST or None, initial=first)
    role = RepresentationForm(request.POST or None, prefix="role") if company else None
    rows = Rows(request, ("emails", "phones"))
    if not rows.ready(form, *([role] if role else [])):
        return _form_page(request, form, role, rows, company)
    names = {name: form.cleaned_data[name] for name in ("given_name", "family_name")}
    found = doubles.of_person(**names, emails=rows.addresses(), customer=company)
    if not form.has_seen(found):
        return _form_page(request, form, role, rows, company, found)
    person = _admit(form, role, rows, company, request)
    messages.success(request, _("%(number)s was added.") % {"number": person.number})
    return redirect(subjects.url(company or person))


def _admit(
    form: PersonForm,
    role: RepresentationForm | None,
    rows: Rows,
    company: Customer | None,
    request: HttpRequest,
) -> Person:
    by, on = subjects.actor(request), doors.today()
    provenance = form.provenance(form.cleaned_data["source_on"])
    with access.atomic():
        person = intake.admit_person(
            given_name=form.cleaned_data["given_name"],
            family_name=form.cleaned_data["family_name"],
            language=form.cleaned_data["language"],
            provenance=provenance,
            shown=form.shown(on=on),
            by=by,
            on=on,
        )
        rows.give(person, provenance=provenance, by=by)
        if company and role:
            representing.represent(
                person=person, customer=company, **role.values(), provenance=provenance, by=by
            )
    return person


def _form_page(
    request: HttpRequest,
    form: PersonForm,
    role: RepresentationForm | None,
    rows: Rows,
    company: Customer | None,
    found: list[doubles.Double] | None = None,
) -> HttpResponse:
    if found:
        form.show(found)
    audit.record_reads([*(double.who for double in found or ()), *([company] if company else [])], page="add")
    context = {
        "form": form,
        "role": role,
        "rows": rows,
        "company": company,
        "doubles": found or (),
        "quiet": rows.grew,
    }
    failed = request.method == "POST" and not rows.grew
    return render(request, "customers/add_person.html", context, status=422 if failed else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a person: names, language, source, the statement shown."""
    person = doors.person_to_change(pk)
    form = PersonForm(request.POST or None, initial=PersonForm.of(person))
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        intake.correct_person(
            person,
            given_name=data["given_name"],
            family_name=data["family_name"],
            language=data["language"],
            provenance=form.provenance(data["source_on"]),
            shown=form.shown(on=doors.today()),
            by=subjects.actor(request),
        )
        messages.success(request, _("Saved."))
        return redirect(subjects.url(person))
    audit.record_read(person, page="edit")
    context = {
        "form": form,
        "title": _("Edit the person"),
        "subject": person,
        "back": subjects.url(person),
    }
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)
