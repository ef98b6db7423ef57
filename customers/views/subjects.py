"""What the pages of a customer and of a person have in common: addresses, people's names, the actor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from customers import panels, paths
from customers.models import Assignment, Customer, Interaction, Person
from register.models import User

Subject = Customer | Person


def url(subject: Subject | Assignment) -> str:
    """The page of a customer, a person or an assignment."""
    name = {Customer: "customer", Person: "person", Assignment: "assignment"}[type(subject)]
    return paths.of(name, subject.pk)


def name(subject: Subject) -> str:
    """What the subject is called on the page."""
    return subject.full_name if isinstance(subject, Person) else subject.name


def related(subject: Subject, page: str, *arguments: str) -> str:
    """The address of a page that serves both: `details/email/add/` of a customer or of a person."""
    side = "person" if isinstance(subject, Person) else "customer"
    return paths.of(f"{page}_of_{side}", subject.pk, *arguments)


def actor(request: HttpRequest) -> User:
    """The user who asks; the door let nobody else in."""
    return cast(User, request.user)


def ask_first(request: HttpRequest, *, question: str, back: str) -> HttpResponse | None:
    """The page that asks before something is deleted; None when it has been answered with yes."""
    if request.POST.get("remove") == "yes":
        return None
    return render(request, "customers/confirm.html", {"question": question, "back": back})


def filled(slot: panels.Slot, subject: Any, request: HttpRequest) -> list[panels.Panel]:
    """What other apps show on this page."""
    return slot.panels(subject, by=actor(request))


def people_in(entries: Iterable[Interaction]) -> list[Person]:
    """Those who took part, each once."""
    return list({person.pk: person for entry in entries for person in entry.people.all()}.values())


def name_of(user_id: int | None, request: HttpRequest) -> str:
    """The name of one user, who very often is the one who asks."""
    me = actor(request)
    return (me.name or me.email) if user_id == me.pk else names_of([user_id]).get(user_id or 0, "")


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Users' names by id; accounts live behind another login, so they are never joined."""
    wanted = {pk for pk in user_ids if pk}
    users = User.objects.in_bulk(wanted) if wanted else {}
    return {pk: user.name or user.email for pk, user in users.items()}
