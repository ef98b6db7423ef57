"""The cast: customers, people and work made through the use cases, inside `acting()` of somebody.

with access.acting("owner", user_id=owner.pk):
    ada = cast.person(given_name="Ada", represents=cast.company())
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from customers import assignments, communication, contacts, intake, representing, worklist
from customers.models import Assignment, Customer, Interaction, Person, Task
from register import access
from register.models import User

LINES = (
    assignments.Line("Suunnittelu", Decimal(10), Decimal("95.00")),
    assignments.Line("Matkat", Decimal(120), Decimal("0.55"), unit="km"),
)


def actor() -> User:
    """The user who acts in this test."""
    return User.objects.get(pk=access.current().user_id)


def today() -> date:
    return timezone.localdate()


def company(
    name: str = "Koivukylän Kone Oy", *, emails: Iterable[str] = (), phones: Iterable[str] = (), **facts: Any
) -> Customer:
    """A company customer; `facts` go to intake.admit_company."""
    by = actor()
    customer = intake.admit_company(**{"name": name, "by": by, "on": today()} | facts)
    _give_contacts(customer, emails, phones, by)
    return customer


def private_customer(
    given_name: str = "Aino",
    family_name: str = "Yksityinen",
    *,
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    **facts: Any,
) -> Customer:
    """A private customer with his person; contact details are the person's."""
    by = actor()
    names = {"given_name": given_name, "family_name": family_name}
    customer = intake.admit_private(**names | {"by": by, "on": today()} | facts)
    assert customer.person is not None
    _give_contacts(customer.person, emails, phones, by)
    return customer


def person(
    given_name: str = "Ada",
    family_name: str = "Asiakas",
    *,
    represents: Customer | None = None,
    title: str = "",
    primary: bool = False,
    billing_contact: bool = False,
    emails: Iterable[str] = ("ada@example.fi",),
    phones: Iterable[str] = (),
    **facts: Any,
) -> Person:
    """A person, usually one who represents a company; `facts` go to intake.admit_person."""
    by = actor()
    names = {"given_name": given_name, "family_name": family_name}
    one = intake.admit_person(**names | {"by": by, "on": today()} | facts)
    _give_contacts(one, emails, phones, by)
    if represents is not None:
        representing.represent(
            person=one,
            customer=represents,
            title=title,
            primary=primary,
            billing_contact=billing_contact,
            by=by,
        )
    return one


def assignment(
    customer: Customer | None = None,
    *,
    title: str = "Hallin suunnittelu",
    lines: Iterable[assignments.Line] = LINES,
    status: str = Assignment.Status.OFFER,
    **facts: Any,
) -> Assignment:
    """An assignment with lines, taken by lawful steps up to a status; `facts` go to assignments.offer."""
    by = actor()
    made = assignments.offer(
        **{"customer": customer or company(), "title": title, "lines": lines, "by": by, "on": today()} | facts
    )
    steps = [assignments.agree, assignments.start, assignments.finish, assignments.mark_invoiced]
    states = list(Assignment.Status)
    for step in steps[: states.index(Assignment.Status(status))]:
        step(made, on=today(), by=by)
    if status == Assignment.Status.CLOSED:
        assignments.close(made, on=today(), by=by)
    return made


def entry(
    *,
    customer: Customer | None = None,
    people: Iterable[Person] = (),
    kind: str = Interaction.Kind.NOTE,
    at: datetime | None = None,
    subject: str = "Puhelu tarjouksesta",
    **facts: Any,
) -> Interaction:
    """A timeline entry; `facts` go to communication.log."""
    return communication.log(
        **{
            "kind": kind,
            "at": at or timezone.now(),
            "subject": subject,
            "customer": customer,
            "people": people,
            "by": actor(),
        }
        | facts
    )


def task(title: str = "Soita takaisin", *, due_in_days: int | None = 0, **facts: Any) -> Task:
    """A task due so many days from today (None: without a day); `facts` go to worklist.add."""
    due_on = None if due_in_days is None else today() + timedelta(days=due_in_days)
    return worklist.add(**{"title": title, "due_on": due_on, "by": actor()} | facts)


def _give_contacts(whose: Person | Customer, emails: Iterable[str], phones: Iterable[str], by: User) -> None:
    for address in emails:
        contacts.add_email(whose=whose, address=address, by=by)
    for number in phones:
        contacts.add_phone(whose=whose, number=number, by=by)
