"""Who represents which customer, in what role: begin, correct, leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers import contacts
from customers.models import Customer, EmailAddress, Person, PhoneNumber, Representation
from customers.models.contacts import ContactDetail
from customers.provenance import TOLD, Provenance
from register import access, subjects
from register.finnish import clean_line
from register.models import User


class AlreadyRepresents(ValueError):
    """The person already represents the customer."""

    def __init__(self) -> None:
        super().__init__(_("This person already represents the customer."))


def represent(
    *,
    person: Person,
    customer: Customer,
    by: User,
    title: str = "",
    since: date | None = None,
    billing_contact: bool = False,
    primary: bool = False,
    provenance: Provenance = TOLD,
) -> Representation:
    """A person begins to represent a customer. Raises AlreadyRepresents, subjects.Erased."""
    subjects.must_be_present(person, customer)
    with access.atomic():
        Customer.objects.select_for_update().filter(pk=customer.pk).values_list("pk").get()
        if Representation.objects.filter(person=person, customer=customer, until__isnull=True).exists():
            raise AlreadyRepresents
        if primary:
            _unmake_primary_contact(customer)
        return Representation.objects.create(
            person=person,
            customer=customer,
            title=clean_line(title, limit=100),
            since=since,
            billing_contact=billing_contact,
            primary=primary,
            **provenance.fields(by=by),
        )


def correct_representation(
    representation: Representation,
    *,
    title: str,
    since: date | None,
    billing_contact: bool,
    primary: bool,
    provenance: Provenance,
    by: User,
) -> None:
    """Correct the title, the beginning, the flags and the source. Raises contacts.EndsBeforeBeginning."""
    if since and representation.until and representation.until < since:
        raise contacts.EndsBeforeBeginning
    with access.atomic():
        if primary and not representation.primary:
            _unmake_primary_contact(representation.customer)
        representation.title = clean_line(title, limit=100)
        representation.since = since
        representation.billing_contact = billing_contact
        representation.primary = primary
        fields = ["title", "since", "billing_contact", "primary"]
        fields += representation.now_from(provenance.source, provenance.detail)
        representation.save(update_fields=fields)


def leave(
    representation: Representation,
    *,
    on: date,
    by: User,
    ending: Iterable[ContactDetail] | None = None,
) -> None:
    """The person left the customer: the representation ends and his work details there stop being used.

    Nothing is deleted. `ending` names the details that stop; by default `work_details(representation)`.
    Raises contacts.EndsBeforeBeginning.
    """
    if representation.since and on < representation.since:
        raise contacts.EndsBeforeBeginning
    details = work_details(representation) if ending is None else list(ending)
    with access.atomic():
        representation.until = on
        representation.primary = representation.billing_contact = False
        representation.save(update_fields=["until", "primary", "billing_contact"])
        for detail in details:
            contacts.end(detail, on=max(on, detail.since or on), by=by)


def work_details(representation: Representation) -> list[ContactDetail]:
    """The person's work e-mails and phones that belong to the customer he represents.

    All of them when he represents nobody else; otherwise the addresses in a domain that the customer or
    his colleagues there use too.
    """
    mine = Q(person_id=representation.person_id, ended_on__isnull=True)
    emails = list(EmailAddress.objects.filter(mine, kind=EmailAddress.Kind.WORK))
    others = Representation.objects.filter(person_id=representation.person_id, until__isnull=True)
    if not others.exclude(pk=representation.pk).exists():
        return [*emails, *PhoneNumber.objects.filter(mine, kind=PhoneNumber.Kind.WORK)]
    domains = _domains_of(representation)
    return [email for email in emails if email.canonical.rpartition("@")[2] in domains]


def _domains_of(representation: Representation) -> set[str]:
    """Mail domains of the customer and of those who represent it besides this person."""
    colleagues = Representation.objects.filter(
        customer_id=representation.customer_id, until__isnull=True
    ).exclude(person_id=representation.person_id)
    found = EmailAddress.objects.filter(
        Q(customer_id=representation.customer_id)
        | Q(person__in=colleagues.values("person"), kind=EmailAddress.Kind.WORK),
        ended_on__isnull=True,
    ).values_list("canonical", flat=True)
    return {canonical.rpartition("@")[2] for canonical in found}


def _unmake_primary_contact(customer: Customer) -> None:
    _unmake_primary_representations(
        Representation.objects.select_for_update().filter(customer=customer, primary=True, until__isnull=True)
    )


def _unmake_primary_representations(representations: Iterable[Representation]) -> None:
    for representation in representations:
        representation.primary = False
        representation.save(update_fields=["primary"])
