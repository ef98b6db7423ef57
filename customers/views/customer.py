"""A customer's page, and adding and correcting customers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers import contacts, dossier, doubles, intake, panels
from customers.forms.parties import CompanyForm, CustomerCorrection, PrivateForm, Warned
from customers.models import Customer, EmailAddress, Person, PhoneNumber
from customers.views import doors, subjects, timeline
from customers.views.rows import Rows
from register import access, audit


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a customer on one screen."""
    customer = doors.customer(pk)
    shown = timeline.section(customer, request)
    people = _people(customer)
    audit.record_reads(
        [customer, *{one.person.pk: one.person for one in people}.values(), *_others(people, shown)],
        page="customer",
    )
    relationship = getattr(customer, "relationship", None)
    context = {
        "customer": customer,
        "relationship": relationship,
        "entered_by": subjects.name_of(relationship.entered_by_id, request) if relationship else "",
        "completions": list(customer.completions.all()),
        "tags": _tags(customer),
        "details": contacts.of(customer.person or customer),
        "contacts_of": customer.person or customer,
        "people": [one for one in people if one.until is None],
        "left": [one for one in people if one.until is not None],
        "timeline": shown,
        "work": dossier.work_for(customer),
        "panels": subjects.filled(panels.CUSTOMER, customer, request),
        "today": doors.today(),
    }
    return render(request, "customers/customer.html", context)


@require_http_methods(["GET", "POST"])
def add_company(request: HttpRequest) -> HttpResponse:
    """Add a company with its first contact details."""
    form = CompanyForm(request.POST or None, initial={"since": doors.today(), "language": "fi"})
    rows = Rows(request, ("emails", "phones", "postals"))
    if not rows.ready(form):
        return _form_page(request, form, rows)
    by = subjects.actor(request)
    try:
        intake.free_business_id(form.cleaned_data["business_id"])
        found = doubles.of_company(name=form.cleaned_data["name"], emails=rows.addresses())
        if not form.has_seen(found):
            return _form_page(request, form, rows, found)
        with access.atomic():
            customer = intake.admit_company(
                name=form.cleaned_data["name"],
                business_id=form.cleaned_data["business_id"],
                **_facts(form),
                by=by,
                on=doors.today(),
            )
            rows.give(customer, provenance=form.provenance(), by=by)
    except intake.BusinessIdTaken as taken:
        form.add_error("business_id", _taken(taken))
        audit.record_read(taken.customer, page="duplicates")
        return _form_page(request, form, rows)
    messages.success(request, _("%(number)s was added.") % {"number": customer.number})
    return redirect(subjects.url(customer))


@require_http_methods(["GET", "POST"])
def add_private(request: HttpRequest) -> HttpResponse:
    """Add a private customer: the person and the customer together."""
    form = PrivateForm(request.POST or None, initial={"since": doors.today(), "language": "fi"})
    rows = Rows(request, ("emails", "phones", "postals"), home=True)
    if not rows.ready(form):
        return _form_page(request, form, rows)
    names = {name: form.cleaned_data[name] for name in ("given_name", "family_name")}
    found = doubles.of_person(**names, emails=rows.addresses())
    if not form.has_seen(found):
        return _form_page(request, form, rows, found)
    by, on = subjects.actor(request), doors.today()
    with access.atomic():
        customer = intake.admit_private(**names, **_facts(form), shown=form.shown(on=on), by=by, on=on)
        rows.give(customer.person or customer, provenance=form.provenance(), by=by)
    messages.success(request, _("%(number)s was added.") % {"number": customer.number})
    return redirect(subjects.url(customer))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a customer and the relationship."""
    customer = doors.customer_to_change(pk)
    initial = CustomerCorrection.of(customer, customer.relationship, [tag.name for tag in _tags(customer)])
    form = CustomerCorrection(request.POST or None, initial=initial, customer=customer)
    if request.method == "POST" and form.is_valid():
        try:
            _correct(customer, form, request)
        except intake.BusinessIdTaken as taken:
            form.add_error("business_id", _taken(taken))
        else:
            messages.success(request, _("Saved."))
            return redirect(subjects.url(customer))
    audit.record_read(customer, page="edit")
    context = {
        "form": form,
        "title": _("Edit the customer"),
        "subject": customer,
        "back": subjects.url(customer),
    }
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


def _correct(customer: Customer, form: CustomerCorrection, request: HttpRequest) -> None:
    by, data = subjects.actor(request), form.cleaned_data
    with access.atomic():
        intake.correct_customer(
            customer,
            name=data.get("name", ""),
            business_id=data.get("business_id", ""),
            language=data["language"],
            by=by,
        )
        intake.correct_relationship(
            customer.relationship,
            status=data["status"],
            since=data["since"],
            ended_on=data["ended_on"],
            tags=data["tags"],
            provenance=form.provenance(),
            by=by,
        )


def _facts(form: CompanyForm | PrivateForm) -> dict[str, Any]:
    names = ("language", "status", "since", "tags")
    return {name: form.cleaned_data[name] for name in names} | {"provenance": form.provenance()}


def _form_page(
    request: HttpRequest, form: Warned, rows: Rows, found: list[doubles.Double] | None = None
) -> HttpResponse:
    """The form again: as new, with what is wrong, with possible duplicates, or with one more row."""
    if found:
        form.show(found)
        audit.record_reads([double.who for double in found], page="duplicates")
    context = {
        "form": form,
        "rows": rows,
        "doubles": found or (),
        "private": isinstance(form, PrivateForm),
        "quiet": rows.grew,
    }
    failed = request.method == "POST" and not rows.grew
    return render(request, "customers/add_customer.html", context, status=422 if failed else 200)


def _taken(taken: intake.BusinessIdTaken) -> str:
    return format_html(
        '{} <a href="{}">{} {}</a>',
        str(taken),
        reverse("customers:customer", args=[taken.customer.pk]),
        taken.customer.number,
        taken.customer.name,
    )


def _tags(customer: Customer) -> list[Any]:
    relationship = getattr(customer, "relationship", None)
    return list(relationship.tags.all()) if relationship else []


def _people(customer: Customer) -> list[Any]:
    """Who represents the customer, with each one's first e-mail and phone; those who left come last."""
    found: list[Any] = list(
        customer.representations.select_related("person").order_by("-until", "-primary", "person__sort_key")
    )
    current = [one.person_id for one in found if one.until is None]
    emails = _first(EmailAddress.objects.filter(person__in=current, ended_on__isnull=True))
    phones = _first(PhoneNumber.objects.filter(person__in=current, ended_on__isnull=True))
    for one in found:
        one.email, one.phone = emails.get(one.person_id), phones.get(one.person_id)
    return found


def _first(details: Any) -> dict[int, Any]:
    """The primary detail of each person, or else the oldest."""
    return {detail.person_id: detail for detail in details.order_by("primary", "-id")}


def _others(people: list[Any], shown: dict[str, Any]) -> list[Person]:
    known = {one.person_id for one in people}
    return [person for person in subjects.people_in(shown["page"].entries) if person.pk not in known]
