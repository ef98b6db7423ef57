"""The timeline: its pages, the composer, entries' files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers import attachments, communication
from customers.forms.work import EntryForm, NarrowForm
from customers.models import Assignment, Attachment, Customer, Interaction, Person, Representation
from customers.views import doors, files, subjects
from register import audit

FIRST = 10
"""Entries on the customer's and the person's page; older ones are loaded when asked for."""


def timeline(request: HttpRequest, customer: int | None = None, person: int | None = None) -> HttpResponse:
    """One page of a timeline: a whole page, or only its entries for the script that asked."""
    subject = doors.subject(customer_pk=customer, person_pk=person)
    shown = section(subject, request, most=communication.PAGE)
    audit.record_reads([subject, *subjects.people_in(shown["page"].entries)], page="timeline")
    template = "customers/timeline_entries.html" if _is_part(request) else "customers/timeline.html"
    return render(request, template, {"subject": subject, "back": subjects.url(subject), "timeline": shown})


def section(subject: Customer | Person, request: HttpRequest, *, most: int = FIRST) -> dict[str, Any]:
    """A part of the timeline with what its template needs."""
    only, problems = _narrowed(request)
    before = communication.Place.read(request.GET.get("before", ""))
    if isinstance(subject, Person):
        page = communication.with_person(subject, only=only, before=before, most=most)
    else:
        page = communication.with_customer(subject, only=only, before=before, most=most)
    asked = {name: "1" if value is True else str(value) for name, value in vars(only).items() if value}
    kinds = [("", _("All")), *Interaction.Kind.choices]
    return {
        "page": page,
        "asked": asked,
        "kinds": [(value, label, _query(asked | {"kind": value})) for value, label in kinds],
        "problems": problems,
        "directions": [one for one in Interaction.Direction.choices if one[0]],
        "url": subjects.related(subject, "timeline"),
        "older": _query(asked | {"before": str(page.next or "")}),
        "base": request.path,
        "subject": subject,
        "of_person": isinstance(subject, Person),
    }


def _narrowed(request: HttpRequest) -> tuple[communication.Narrowed, list[str]]:
    """Which entries are asked for, and what of it could not be read."""
    if not request.GET:
        return communication.EVERYTHING, []
    form = NarrowForm(request.GET)
    only = form.narrowed()
    return only, [f"{form[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items()]


def _query(asked: dict[str, str]) -> str:
    """The query string of a narrowed timeline."""
    words = urlencode({name: value for name, value in asked.items() if value})
    return f"?{words}" if words else ""


def composer(
    subject: Customer | Person, request: HttpRequest, *, represents: Sequence[Representation] = ()
) -> EntryForm:
    """The form by which an entry is added, filled with what was sent."""
    first: dict[str, Any] = {"at": doors.now()}
    if len(represents) == 1:
        first["customer"] = represents[0].customer_id
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    return EntryForm(*posted, initial=first, **_choices(subject))


@require_http_methods(["GET", "POST"])
def log(request: HttpRequest, customer: int | None = None, person: int | None = None) -> HttpResponse:
    """Add an entry to a timeline."""
    subject = doors.subject_to_change(customer_pk=customer, person_pk=person)
    form = composer(subject, request, represents=_represents(subject))
    if request.method != "POST" or not form.is_valid():
        audit.record_reads([subject], page="compose")
        context = {"form": form, "subject": subject, "back": subjects.url(subject)}
        template = "customers/composer.html" if _is_part(request) else "customers/entry.html"
        return render(request, template, context, status=422 if request.method == "POST" else 200)
    if isinstance(subject, Person):
        parties: dict[str, Any] = {"customer": form.cleaned_data.get("customer"), "people": [subject]}
    else:
        parties = {"customer": subject, "people": form.cleaned_data.get("people", [])}
    communication.log(**form.values(), **parties, by=subjects.actor(request))
    messages.success(request, _("Saved on the timeline."))
    return redirect(subjects.url(subject) + "#timeline")


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct or remove an entry."""
    entry = doors.entry(pk)
    parties = [*([entry.customer] if entry.customer else []), *entry.people.all()]
    people = Person.objects.filter(pk__in=_people_near(entry)).order_by("sort_key")
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EntryForm(*posted, initial=EntryForm.of(entry), people=people)
    back = subjects.url(parties[0])
    if request.method == "POST" and "remove" in request.POST:
        asked = subjects.ask_first(request, question=_("Delete the entry and its files?"), back=request.path)
        if asked is not None:
            return asked
        communication.remove(entry, by=subjects.actor(request))
        messages.success(request, _("The entry was deleted."))
        return redirect(back)
    if request.method == "POST" and form.is_valid():
        communication.correct(
            entry, **form.values(), people=form.cleaned_data["people"], by=subjects.actor(request)
        )
        messages.success(request, _("Saved on the timeline."))
        return redirect(back + "#timeline")
    audit.record_reads(parties, page="entry")
    context = {"form": form, "entry": entry, "subject": parties[0], "back": back}
    return render(request, "customers/entry.html", context, status=422 if form.is_bound else 200)


def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file, always to be saved and never to be shown inside our pages."""
    attachment = doors.attachment(pk)
    try:
        content = attachments.opened(attachment)
    except FileNotFoundError:
        raise Http404 from None
    audit.record_reads(_whose(attachment), page="file")
    return files.as_download(
        content, name=attachment.name, content_type=attachment.content_type, size=attachment.size
    )


@require_POST
def remove_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one file of an entry or an assignment."""
    attachment = doors.attachment(pk)
    holder = attachment.assignment or attachment.interaction
    back = (
        subjects.url(holder)
        if isinstance(holder, Assignment)
        else reverse("customers:entry", args=[attachment.interaction_id])
    )
    asked = subjects.ask_first(request, question=_("Delete the file?"), back=back)
    if asked is not None:
        return asked
    attachments.remove(attachment, by=subjects.actor(request))
    messages.success(request, _("The file was deleted."))
    return redirect(back)


def _is_part(request: HttpRequest) -> bool:
    """Whether the script asked for a part of a page."""
    return request.headers.get("X-Fragment") == "1"


def _whose(attachment: Attachment) -> list[Any]:
    holder: Interaction | Assignment | None = attachment.interaction or attachment.assignment
    if isinstance(holder, Assignment):
        return [holder.customer]
    if holder is None:
        return []
    return [*([holder.customer] if holder.customer else []), *holder.people.all()]


def _choices(subject: Customer | Person) -> dict[str, Any]:
    """Who else can be named in an entry that starts from this page."""
    if isinstance(subject, Person):
        if hasattr(subject, "private_customer"):
            return {}
        mine = subject.representations.values("customer")
        return {"customers": Customer.objects.filter(pk__in=mine).order_by("sort_key")}
    if subject.person_id:
        return {}
    there = subject.representations.filter(until__isnull=True).values("person")
    return {"people": Person.objects.filter(pk__in=there).order_by("sort_key")}


def _represents(subject: Customer | Person) -> list[Representation]:
    return list(subject.representations.filter(until__isnull=True)) if isinstance(subject, Person) else []


def _people_near(entry: Interaction) -> set[int]:
    """Those who took part, and those who represent the customer."""
    near = {person.pk for person in entry.people.all()}
    if entry.customer is not None:
        near |= set(entry.customer.representations.values_list("person", flat=True))
    return near
