"""Admit customers and people to the register, and correct what was entered about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers import contacts
from customers.models import Completion, Customer, Person, Relationship, Tag
from customers.provenance import TOLD, Provenance
from register import access, finnish, subjects
from register.finnish import clean_line
from register.models import Language, StatementVersion, User


class NameMissing(ValueError):
    """Nothing is left of the name."""

    def __init__(self) -> None:
        super().__init__(_("Write the name."))


class BusinessIdTaken(ValueError):
    """Another customer has this business ID (*Y-tunnus*); `customer` is that one."""

    def __init__(self, customer: Customer) -> None:
        super().__init__(_("Another customer already has this business ID."))
        self.customer = customer


@dataclass(frozen=True)
class Shown:
    """Which version of the privacy statement a person was shown, and when."""

    statement: StatementVersion
    on: date


# --- admitting ---------------------------------------------------------------------------------------


def admit_company(
    *,
    name: str,
    by: User,
    on: date,
    business_id: str = "",
    language: str = Language.FINNISH,
    status: str = Relationship.Status.ACTIVE,
    since: date | None = None,
    tags: Iterable[str] = (),
    provenance: Provenance = TOLD,
) -> Customer:
    """A company becomes a customer on a day. Raises BusinessIdTaken, finnish.WrongBusinessId, NameMissing."""
    customer = Customer(kind=Customer.Kind.COMPANY, language=language)
    customer.rename(_name(name))
    with access.atomic():
        customer.business_id = free_business_id(business_id)
        customer.save()
        _begin_relationship(
            customer, status=status, since=since or on, tags=tags, provenance=provenance, by=by
        )
    return customer


def admit_private(
    *,
    given_name: str,
    family_name: str,
    by: User,
    on: date,
    language: str = Language.FINNISH,
    status: str = Relationship.Status.ACTIVE,
    since: date | None = None,
    tags: Iterable[str] = (),
    provenance: Provenance = TOLD,
    shown: Shown | None = None,
) -> Customer:
    """A private person becomes a customer: the person and the customer are made together."""
    with access.atomic():
        person = admit_person(
            given_name=given_name,
            family_name=family_name,
            language=language,
            provenance=provenance,
            shown=shown,
            by=by,
            on=on,
        )
        customer = Customer(kind=Customer.Kind.PRIVATE, language=language, person=person)
        customer.named_after(person)
        customer.save()
        _begin_relationship(
            customer, status=status, since=since or on, tags=tags, provenance=provenance, by=by
        )
    return customer


def admit_person(
    *,
    given_name: str,
    family_name: str,
    by: User,
    on: date,
    language: str = Language.FINNISH,
    provenance: Provenance = TOLD,
    shown: Shown | None = None,
) -> Person:
    """A person comes to the register; `representing.represent` says whom he represents. Raises NameMissing."""
    person = Person(
        language=language,
        source=provenance.source,
        source_detail=provenance.detail,
        source_on=provenance.on or on,
        statement=shown.statement if shown else None,
        statement_shown_on=shown.on if shown else None,
        entered_by_id=by.pk,
    )
    person.rename(**_person_names(given_name, family_name))
    person.save()
    return person


def _begin_relationship(
    customer: Customer,
    *,
    status: str,
    since: date,
    tags: Iterable[str],
    provenance: Provenance,
    by: User,
) -> None:
    relationship = Relationship.objects.create(
        customer=customer, status=status, since=since, **provenance.fields(by=by)
    )
    found = [_tag(name) for name in tags]
    if found:
        relationship.tags.set(found)


# --- correcting --------------------------------------------------------------------------------------


def correct_customer(
    customer: Customer, *, language: str, by: User, name: str = "", business_id: str = ""
) -> None:
    """Correct the facts. A private customer is called as his person is: only the language changes here.

    Raises BusinessIdTaken, finnish.WrongBusinessId, NameMissing, subjects.Erased.
    """
    subjects.must_be_present(customer)
    before = _values(customer)
    customer.language = language
    fields = ["language"]
    with access.atomic():
        if customer.kind == Customer.Kind.COMPANY:
            fields += customer.rename(_name(name))
            customer.business_id = free_business_id(business_id, besides=customer)
            fields.append("business_id")
        customer.save(update_fields=fields)
        _by_hand(customer, _changed(customer, before))


def correct_relationship(
    relationship: Relationship,
    *,
    status: str,
    since: date | None,
    ended_on: date | None,
    tags: Iterable[str],
    provenance: Provenance,
    by: User,
) -> None:
    """Correct the relationship: status, dates, tags, source.

    Raises contacts.EndsBeforeBeginning, subjects.Erased.
    """
    subjects.must_be_present(relationship.customer)
    if since and ended_on and ended_on < since:
        raise contacts.EndsBeforeBeginning
    with access.atomic():
        relationship.status, relationship.since, relationship.ended_on = status, since, ended_on
        source = relationship.now_from(provenance.source, provenance.detail)
        relationship.save(update_fields=["status", "since", "ended_on", *source])
        given = {_tag(name) for name in tags}
        if given != set(relationship.tags.all()):
            relationship.tags.set(given)
            _by_hand(relationship.customer, [Completion.Field.TAGS])


def correct_person(
    person: Person,
    *,
    given_name: str,
    family_name: str,
    language: str,
    provenance: Provenance,
    shown: Shown | None,
    by: User,
) -> None:
    """Correct a person; a private customer is renamed with him. Raises NameMissing, subjects.Erased."""
    subjects.must_be_present(person)
    before = _values(person)
    fields = person.rename(**_person_names(given_name, family_name))
    person.language = language
    person.source, person.source_detail = provenance.source, provenance.detail
    person.source_on = provenance.on
    person.statement = shown.statement if shown else None
    person.statement_shown_on = shown.on if shown else None
    fields += ["language", "source", "source_detail", "source_on", "statement", "statement_shown_on"]
    with access.atomic():
        person.save(update_fields=fields)
        _by_hand(person, _changed(person, before))
        customer = Customer.objects.filter(person=person).first()
        if customer is not None:
            customer.save(update_fields=customer.named_after(person))


COMPLETED = {
    Completion.Field.GIVEN: "given_name",
    Completion.Field.FAMILY: "family_name",
    Completion.Field.LANGUAGE: "language",
    Completion.Field.COMPANY: "name",
    Completion.Field.BUSINESS_ID: "business_id",
}
"""Where the values stand that a file completes."""


def _values(subject: Customer | Person) -> dict[str, str]:
    return {field: getattr(subject, name) for field, name in COMPLETED.items() if hasattr(subject, name)}


def _changed(subject: Customer | Person, before: dict[str, str]) -> list[str]:
    return [field for field, value in _values(subject).items() if value != before[field]]


def _by_hand(subject: Customer | Person, fields: list[str]) -> None:
    """These values come from no file any more: the source of the whole row is theirs."""
    if fields:
        subject.completions.filter(field__in=fields).delete()


def free_business_id(text: str, *, besides: Customer | None = None) -> str:
    """The business ID in its one form, when no other customer has it; empty stays empty.

    Raises BusinessIdTaken, finnish.WrongBusinessId.
    """
    if not text.strip():
        return ""
    number = finnish.business_id(text)
    holder = Customer.objects.filter(business_id=number).exclude(pk=besides.pk if besides else 0).first()
    if holder is not None:
        raise BusinessIdTaken(holder)
    return number


def _name(text: str) -> str:
    name = clean_line(text)
    if not name:
        raise NameMissing
    return name


def _person_names(given_name: str, family_name: str) -> dict[str, Any]:
    names = {
        "given_name": clean_line(given_name, limit=100),
        "family_name": clean_line(family_name, limit=100),
    }
    if not any(names.values()):
        raise NameMissing
    return names


def _tag(name: str) -> Tag:
    """The tag of this name, made when it is new; upper and lower case are the same tag."""
    name = clean_line(name, limit=50)
    return Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)
