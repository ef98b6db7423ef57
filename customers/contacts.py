"""Contact details (e-mail, phone, postal address): add, correct, make primary, end, remove.

A person or a customer has at most one primary detail of each sort: making one primary unmakes the other.
Ending keeps history; removing is for what was entered by mistake. Whoever was erased gets no details again:
whatever adds or corrects raises subjects.Erased.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers import addresses, phones
from customers.models import Customer, EmailAddress, Person, PhoneNumber, PostalAddress
from customers.models.contacts import ContactDetail
from customers.provenance import TOLD, Provenance
from register import access, at_once, subjects
from register.finnish import clean_line
from register.models import User

Subject = Person | Customer
Detail = TypeVar("Detail", bound=ContactDetail)


class EmptyPhone(ValueError):
    """A phone number without any text."""

    def __init__(self) -> None:
        super().__init__(_("Write the phone number."))


class EmptyAddress(ValueError):
    """A postal address in which everything is empty."""

    def __init__(self) -> None:
        super().__init__(_("Write at least the street address or the town."))


class EndsBeforeBeginning(ValueError):
    """An end before the beginning."""

    def __init__(self) -> None:
        super().__init__(_("The end cannot be before the beginning."))


def add_email(
    *,
    whose: Subject,
    address: str,
    by: User,
    kind: str = EmailAddress.Kind.WORK,
    primary: bool = False,
    since: date | None = None,
    provenance: Provenance = TOLD,
) -> EmailAddress:
    """Add an e-mail address. Raises addresses.WrongAddress."""
    email = EmailAddress(kind=kind, since=since, **provenance.fields(by=by))
    _set_address(email, address)
    return _add(email, whose=whose, primary=primary)


def add_phone(
    *,
    whose: Subject,
    number: str,
    by: User,
    kind: str = PhoneNumber.Kind.MOBILE,
    primary: bool = False,
    since: date | None = None,
    provenance: Provenance = TOLD,
) -> PhoneNumber:
    """Add a phone number as typed. Raises EmptyPhone, finnish.UnreadableText."""
    phone = PhoneNumber(kind=kind, since=since, **provenance.fields(by=by))
    _set_number(phone, number)
    return _add(phone, whose=whose, primary=primary)


def add_postal(
    *,
    whose: Subject,
    by: User,
    street: str = "",
    postal_code: str = "",
    city: str = "",
    country: str = "FI",
    kind: str = PostalAddress.Kind.POSTAL,
    primary: bool = False,
    since: date | None = None,
    provenance: Provenance = TOLD,
) -> PostalAddress:
    """Add a visiting, postal or billing address. Raises EmptyAddress, finnish.UnreadableText."""
    postal = PostalAddress(kind=kind, since=since, **provenance.fields(by=by))
    _set_postal(postal, street=street, postal_code=postal_code, city=city, country=country)
    return _add(postal, whose=whose, primary=primary)


def correct_email(
    email: EmailAddress,
    *,
    address: str,
    kind: str,
    primary: bool,
    since: date | None,
    by: User,
    provenance: Provenance | None = None,
) -> None:
    """Correct an e-mail address. Raises addresses.WrongAddress."""
    _set_address(email, address)
    email.kind, email.since = kind, since
    _correct(email, ["address", "canonical", "kind", "since"], primary=primary, provenance=provenance)


def correct_phone(
    phone: PhoneNumber,
    *,
    number: str,
    kind: str,
    primary: bool,
    since: date | None,
    by: User,
    provenance: Provenance | None = None,
) -> None:
    """Correct a phone number. Raises EmptyPhone."""
    _set_number(phone, number)
    phone.kind, phone.since = kind, since
    _correct(phone, ["number", "e164", "kind", "since"], primary=primary, provenance=provenance)


def correct_postal(
    postal: PostalAddress,
    *,
    street: str,
    postal_code: str,
    city: str,
    country: str,
    kind: str,
    primary: bool,
    since: date | None,
    by: User,
    provenance: Provenance | None = None,
) -> None:
    """Correct a postal address. Raises EmptyAddress."""
    _set_postal(postal, street=street, postal_code=postal_code, city=city, country=country)
    postal.kind, postal.since = kind, since
    fields = ["street", "postal_code", "city", "country", "kind", "since"]
    _correct(postal, fields, primary=primary, provenance=provenance)


def make_primary(detail: ContactDetail, *, by: User) -> None:
    """Make a detail the primary one of its sort; the earlier primary one stops being it."""
    _correct(detail, [], primary=True)


def end(detail: ContactDetail, *, on: date, by: User) -> None:
    """Stop using a detail; the next one in use becomes primary. Raises EndsBeforeBeginning."""
    if detail.since and on < detail.since:
        raise EndsBeforeBeginning
    with access.atomic():
        _lock_subject(detail)
        was_primary = detail.primary
        detail.end(on=on)
        if was_primary:
            _promote_next(detail)


def remove(detail: ContactDetail, *, by: User) -> None:
    """Delete a detail that was entered by mistake."""
    with access.atomic():
        _lock_subject(detail)
        was_primary = detail.primary
        _siblings(detail).filter(pk=detail.pk).get().delete()
        if was_primary:
            _promote_next(detail)


def of(subject: Subject) -> dict[str, list[Any]]:
    """All details of a person or customer, those in use first: emails, phones, postals."""
    pk = {"person": None, "customer": None} | {_column(subject): subject.pk}
    [found] = access.ask(OF, pk)
    return {
        name: at_once.many(model, details)
        for (name, model), details in zip(BY_NAME.items(), found, strict=True)
    }


BY_NAME: dict[str, type[ContactDetail]] = {
    "emails": EmailAddress, "phones": PhoneNumber, "postals": PostalAddress,
}  # fmt: skip
"""Contact details by the names that pages use."""

OF = """
SELECT (SELECT json_agg(e ORDER BY e.ended_on NULLS FIRST, e."primary" DESC, e.id) FROM customers_emailaddress e
         WHERE e.person_id = %(person)s OR e.customer_id = %(customer)s),
       (SELECT json_agg(p ORDER BY p.ended_on NULLS FIRST, p."primary" DESC, p.id) FROM customers_phonenumber p
         WHERE p.person_id = %(person)s OR p.customer_id = %(customer)s),
       (SELECT json_agg(a ORDER BY a.ended_on NULLS FIRST, a."primary" DESC, a.id) FROM customers_postaladdress a
         WHERE a.person_id = %(person)s OR a.customer_id = %(customer)s)
"""


def _set_address(email: EmailAddress, text: str) -> None:
    parsed = addresses.parse(text)
    email.address, email.canonical = parsed.as_typed, parsed.canonical


def _set_number(phone: PhoneNumber, text: str) -> None:
    parsed = phones.parse(clean_line(text, limit=60))
    if not parsed.as_typed:
        raise EmptyPhone
    phone.number, phone.e164 = parsed.as_typed, parsed.e164 or ""


def _set_postal(postal: PostalAddress, *, street: str, postal_code: str, city: str, country: str) -> None:
    postal.street = clean_line(street)
    postal.postal_code = clean_line(postal_code, limit=12)
    postal.city = clean_line(city, limit=100)
    postal.country = clean_line(country, limit=60) or "FI"
    if not (postal.street or postal.city):
        raise EmptyAddress


def _add(detail: Detail, *, whose: Subject, primary: bool) -> Detail:
    subjects.must_be_present(whose)
    setattr(detail, _column(whose), whose)
    with access.atomic():
        _lock_subject(detail)
        others = list(_siblings(detail).filter(primary=True, ended_on__isnull=True))
        detail.primary = primary or not others
        if primary:
            _unmake_primary(others)
        detail.save()
    return detail


def _correct(
    detail: ContactDetail, fields: list[str], *, primary: bool, provenance: Provenance | None = None
) -> None:
    if provenance is not None:
        fields = [*fields, *detail.now_from(provenance.source, provenance.detail)]
    with access.atomic():
        _lock_subject(detail)
        if primary and not detail.primary:
            _unmake_primary(_siblings(detail).filter(primary=True, ended_on__isnull=True))
        detail.primary = primary
        detail.save(update_fields=[*fields, "primary"])


def _unmake_primary(others: Iterable[ContactDetail]) -> None:
    for other in others:
        other.primary = False
        other.save(update_fields=["primary"])


def _promote_next(detail: ContactDetail) -> None:
    following = _siblings(detail).filter(ended_on__isnull=True).order_by("id").first()
    if following is not None:
        following.primary = True
        following.save(update_fields=["primary"])


def _siblings(detail: ContactDetail) -> Any:
    """All details of the same sort of the same person or customer."""
    return type(detail).objects.filter(Q(person_id=detail.person_id, customer_id=detail.customer_id))


def _lock_subject(detail: ContactDetail) -> None:
    model: Any = Person if detail.person_id else Customer
    pk = detail.person_id or detail.customer_id
    model.objects.select_for_update().filter(pk=pk).values_list("pk").get()


def _column(subject: Subject) -> str:
    return "person" if isinstance(subject, Person) else "customer"
