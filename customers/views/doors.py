"""The doors: they alone fetch what a URL names, and answer the neutral 404 when there is nothing."""

from __future__ import annotations

from datetime import date, datetime

from django.http import Http404
from django.utils import timezone

from customers import kinds
from customers.models import (
    Assignment,
    AssignmentKind,
    Attachment,
    Customer,
    EmailAddress,
    ImportRun,
    Interaction,
    Person,
    PhoneNumber,
    PostalAddress,
    Representation,
    Task,
)
from customers.models.contacts import ContactDetail
from register import access, at_once, subjects
from register.doors import one_or_404

DETAILS: dict[str, type[ContactDetail]] = {
    "email": EmailAddress,
    "phone": PhoneNumber,
    "postal": PostalAddress,
}


def customer(pk: int) -> Customer:
    found: Customer = one_or_404(Customer.objects.select_related("relationship", "person"), pk=pk)
    return found


PERSON = """
SELECT to_json(h), (SELECT to_json(c) FROM customers_customer c WHERE c.person_id = h.id)
  FROM customers_person h WHERE h.id = %(pk)s
"""


def person(pk: int) -> Person:
    """A person, with the customer he is himself if he is one."""
    for row, customer in access.ask(PERSON, {"pk": pk}):
        found = at_once.one(Person, row)
        itself = at_once.one(Customer, customer) if customer else None
        Person._meta.get_field("private_customer").set_cached_value(found, itself)  # type: ignore[union-attr]
        return found
    raise Http404


def subject(*, customer_pk: int | None, person_pk: int | None) -> Customer | Person:
    """The customer or the person of a page that serves both."""
    return customer(customer_pk) if customer_pk is not None else person(person_pk or 0)


def customer_to_change(pk: int) -> Customer:
    """The customer of a page that changes or adds something. Raises subjects.Erased."""
    found = customer(pk)
    subjects.must_be_present(found)
    return found


def person_to_change(pk: int) -> Person:
    """The person of a page that changes or adds something. Raises subjects.Erased."""
    found = person(pk)
    subjects.must_be_present(found)
    return found


def subject_to_change(*, customer_pk: int | None, person_pk: int | None) -> Customer | Person:
    """The customer or the person of a page that serves both. Raises subjects.Erased."""
    return customer_to_change(customer_pk) if customer_pk is not None else person_to_change(person_pk or 0)


def representation(pk: int) -> Representation:
    found: Representation = one_or_404(Representation.objects.select_related("person", "customer"), pk=pk)
    return found


def detail(sort: str, pk: int) -> ContactDetail:
    found: ContactDetail = one_or_404(
        DETAILS[sort].objects.select_related("person", "customer"),  # type: ignore[attr-defined]
        pk=pk,
    )
    return found


def entry(pk: int) -> Interaction:
    found: Interaction = one_or_404(
        Interaction.objects.select_related("customer").prefetch_related("people", "attachments"), pk=pk
    )
    return found


def attachment(pk: int) -> Attachment:
    found: Attachment = one_or_404(
        Attachment.objects.select_related("interaction__customer", "assignment__customer"), pk=pk
    )
    return found


def assignment(pk: int) -> Assignment:
    found: Assignment = one_or_404(
        Assignment.objects.select_related("customer", "contact", "kind__merged_into"), pk=pk
    )
    return found


def assignment_to_change(pk: int) -> Assignment:
    """The assignment of a page that changes or adds something. Raises subjects.Erased."""
    found = assignment(pk)
    subjects.must_be_present(found.customer)
    return found


def kind(pk: int) -> AssignmentKind:
    """A kind of assignments that was not merged into another."""
    found: AssignmentKind = one_or_404(kinds.current(), pk=pk)
    return found


def task(pk: int) -> Task:
    found: Task = one_or_404(Task.objects.select_related("customer", "person", "assignment"), pk=pk)
    return found


def import_run(pk: int) -> ImportRun:
    found: ImportRun = one_or_404(ImportRun.objects, pk=pk)
    return found


def now() -> datetime:
    """The clock, read where requests enter."""
    return timezone.now()  # noqa: TID251


def today() -> date:
    """The day where the company is."""
    return timezone.localdate(now())
