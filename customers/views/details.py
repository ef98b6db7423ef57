"""Contact details one by one, and who represents whom."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from customers import contacts, doubles, representing
from customers.forms.details import FORMS, DetailForm, LeaveForm, TieForm
from customers.models import Customer, EmailAddress, Person
from customers.models.contacts import ContactDetail
from customers.views import doors, subjects
from register import audit
from register.finnish import sort_key

ADD: dict[str, Any] = {
    "email": contacts.add_email,
    "phone": contacts.add_phone,
    "postal": contacts.add_postal,
}
CORRECT: dict[str, Any] = {
    "email": contacts.correct_email,
    "phone": contacts.correct_phone,
    "postal": contacts.correct_postal,
}
ADD_TITLES = {
    "email": gettext_lazy("Add an e-mail address"),
    "phone": gettext_lazy("Add a phone number"),
    "postal": gettext_lazy("Add a postal address"),
}
EDIT_TITLES = {
    "email": gettext_lazy("Edit the e-mail address"),
    "phone": gettext_lazy("Edit the phone number"),
    "postal": gettext_lazy("Edit the postal address"),
}
FOUND = 20
"""Matches offered when somebody or some customer is looked for."""


@require_http_methods(["GET", "POST"])
def add(
    request: HttpRequest, sort: str, customer: int | None = None, person: int | None = None
) -> HttpResponse:
    """Add an e-mail address, a phone number or a postal address."""
    subject = doors.subject_to_change(customer_pk=customer, person_pk=person)
    form = _form(sort)(request.POST or None, initial={"since": doors.today()})
    found: list[doubles.Double] = []
    if request.method == "POST" and form.is_valid():
        found = _doubles(form, subject)
        if form.has_seen(found):
            ADD[sort](
                whose=subject, **form.values(), provenance=form.provenance(), by=subjects.actor(request)
            )
            messages.success(request, _("Saved."))
            return redirect(subjects.url(subject))
        form.show(found)
    audit.record_reads([subject, *(double.who for double in found)], page="contact details")
    context = {
        "form": form,
        "title": ADD_TITLES[sort],
        "subject": subject,
        "back": subjects.url(subject),
        "doubles": found,
    }
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """Correct, end or remove a contact detail."""
    form_class = _form(sort)
    detail = doors.detail(sort, pk)
    subject = detail.person or detail.customer
    by, back = subjects.actor(request), subjects.url(subject)
    form = form_class(request.POST or None, initial=form_class.of(detail))
    if request.method == "POST" and "end" in request.POST:
        contacts.end(detail, on=max(doors.today(), detail.since or doors.today()), by=by)
        messages.success(request, _("It is no longer used. It stays in the history."))
        return redirect(back)
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, detail, back)
    if request.method == "POST" and form.is_valid():
        CORRECT[sort](detail, **form.values(), provenance=form.provenance(), by=by)
        messages.success(request, _("Saved."))
        return redirect(back)
    audit.record_read(subject, page="contact details")
    context = {
        "form": form,
        "title": EDIT_TITLES[sort],
        "subject": subject,
        "back": back,
        "detail": detail,
    }
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


def _remove(request: HttpRequest, detail: ContactDetail, back: str) -> HttpResponse:
    question = _("Delete this contact detail? To keep its history, press “No longer used” instead.")
    asked = subjects.ask_first(request, question=question, back=back)
    if asked is not None:
        return asked
    contacts.remove(detail, by=subjects.actor(request))
    messages.success(request, _("It was deleted."))
    return redirect(back)


@require_POST
def make_primary(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """Make a contact detail the primary one."""
    _form(sort)
    detail = doors.detail(sort, pk)
    contacts.make_primary(detail, by=subjects.actor(request))
    messages.success(request, _("Saved."))
    return redirect(subjects.url(detail.person or detail.customer))


def _form(sort: str) -> type[DetailForm]:
    if sort not in FORMS:
        raise Http404
    return FORMS[sort]


def _doubles(form: DetailForm, subject: Customer | Person) -> list[doubles.Double]:
    """Other people with the same e-mail address; a shared address is allowed, but said."""
    address = form.cleaned_data.get("address")
    if not address:
        return []
    return [
        doubles.Double(one, doubles.SAME_EMAIL) for one in doubles.sharing_email(address, besides=subject)
    ]


# --- who represents whom -----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def represent(request: HttpRequest, customer: int | None = None, person: int | None = None) -> HttpResponse:
    """Choose a person for a customer, or a customer for a person, by a search without scripts."""
    subject = doors.subject_to_change(customer_pk=customer, person_pk=person)
    words = request.GET.get("q", "").replace("\0", "").strip()
    form = TieForm(request.POST or None, initial={"since": doors.today()})
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            _represent(subject, request, form)
        except representing.AlreadyRepresents as already:
            problem = str(already)
        else:
            messages.success(request, _("Saved."))
            return redirect(subjects.url(subject))
    found: list[Any] = _matching(subject, words) if words else []
    audit.record_reads([subject, *found], page="represent")
    context = {
        "form": form,
        "subject": subject,
        "back": subjects.url(subject),
        "words": words,
        "found": found,
        "problem": problem,
        "of_person": isinstance(subject, Person),
    }
    return render(request, "customers/represent.html", context, status=422 if form.is_bound else 200)


def _represent(subject: Customer | Person, request: HttpRequest, form: TieForm) -> None:
    chosen = request.POST.get("chosen", "")
    pk = int(chosen) if chosen.isascii() and chosen.isdigit() else 0
    if isinstance(subject, Person):
        person, customer = subject, doors.customer_to_change(pk)
    else:
        person, customer = doors.person_to_change(pk), subject
    if customer.kind == Customer.Kind.PRIVATE:
        raise Http404
    by = subjects.actor(request)
    representing.represent(
        person=person, customer=customer, **form.values(), provenance=form.provenance(), by=by
    )


def _matching(subject: Customer | Person, words: str) -> list[Any]:
    """By number, by the beginning of the name in Finnish order, by e-mail or business ID."""
    beginning = Q(sort_key__startswith=sort_key(words)[:100])
    digits = words.lstrip("HhKk")
    if digits.isascii() and digits.isdigit():
        beginning |= Q(pk=int(digits))
    if isinstance(subject, Person):
        companies = Customer.objects.present().filter(kind=Customer.Kind.COMPANY)
        return list(companies.filter(beginning | Q(business_id=words)).order_by("sort_key")[:FOUND])
    with_address = EmailAddress.objects.filter(canonical=words.lower(), person__isnull=False)
    by_address = Q(pk__in=list(with_address.values_list("person", flat=True)[:FOUND]))
    return list(Person.objects.present().filter(beginning | by_address).order_by("sort_key")[:FOUND])


@require_http_methods(["GET", "POST"])
def edit_representation(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the title, the beginning and the flags of a representative."""
    representation = doors.representation(pk)
    form = TieForm(request.POST or None, initial=TieForm.of(representation))
    if request.method == "POST" and form.is_valid():
        try:
            by = subjects.actor(request)
            representing.correct_representation(
                representation, **form.values(), provenance=form.provenance(), by=by
            )
        except contacts.EndsBeforeBeginning as wrong:
            form.add_error("since", str(wrong))
        else:
            messages.success(request, _("Saved."))
            return redirect(subjects.url(representation.customer))
    audit.record_reads([representation.person, representation.customer], page="representative")
    context = {
        "form": form,
        "title": _("Edit the representative"),
        "subject": representation.person,
        "back": subjects.url(representation.customer),
        "representation": representation,
    }
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The person left the customer: nothing is deleted, his work details there stop being used."""
    representation = doors.representation(pk)
    details = _in_use(representation.person)
    proposed = {_key(detail) for detail in representing.work_details(representation)}
    form = LeaveForm(
        request.POST or None,
        initial={"on": doors.today(), "ending": sorted(proposed)},
        since=representation.since,
        choices=[(_key(detail), _shown(detail)) for detail in details],
    )
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data["ending"])
        representing.leave(
            representation,
            on=form.cleaned_data["on"],
            ending=[detail for detail in details if _key(detail) in chosen],
            by=subjects.actor(request),
        )
        messages.success(request, _("The person no longer represents the customer. History stays."))
        return redirect(subjects.url(representation.customer))
    audit.record_reads([representation.person, representation.customer], page="leave")
    context = {
        "form": form,
        "representation": representation,
        "back": subjects.url(representation.customer),
        "details": details,
    }
    return render(request, "customers/leave.html", context, status=422 if form.is_bound else 200)


def _in_use(person: Person) -> list[Any]:
    found = contacts.of(person)
    return [one for one in [*found["emails"], *found["phones"]] if one.ended_on is None]


def _key(detail: ContactDetail) -> str:
    return str(detail)


def _shown(detail: Any) -> str:
    value = detail.address if isinstance(detail, EmailAddress) else detail.number
    return f"{value} ({detail.get_kind_display()})"
