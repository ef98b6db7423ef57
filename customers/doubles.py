"""Possible duplicates: who in the register may be the one just being entered. Warns, never forbids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers import addresses
from customers.models import Customer, EmailAddress, Person, Representation
from register.finnish import sort_key

MOST = 10
SAME_EMAIL = _("the same e-mail address")
SAME_NAME = _("the same name")
SAME_NAME_AND_COMPANY = _("the same name and company")


@dataclass(frozen=True)
class Double:
    """Somebody already in the register, and what is the same."""

    who: Person | Customer
    why: str | Promise


def of_person(
    *,
    given_name: str,
    family_name: str,
    emails: Iterable[str] = (),
    customer: Customer | None = None,
    besides: Person | None = None,
) -> list[Double]:
    """People with one of these addresses, or with the same name at the same company.

    Without a company the same name alone is enough.
    """
    people = Person.objects.present().exclude(pk=besides.pk if besides else 0)
    sharing = _people_with(emails)
    by_email = list(people.filter(pk__in=sharing)[:MOST])
    namesakes = people.filter(sort_key=sort_key(f"{family_name} {given_name}".strip()))
    if customer is not None:
        namesakes = namesakes.filter(pk__in=Representation.objects.filter(customer=customer).values("person"))
    why = SAME_NAME if customer is None else SAME_NAME_AND_COMPANY
    by_name = [person for person in namesakes[:MOST] if person not in by_email]
    return [*(Double(one, SAME_EMAIL) for one in by_email), *(Double(one, why) for one in by_name)]


def of_company(*, name: str, emails: Iterable[str] = (), besides: Customer | None = None) -> list[Double]:
    """Customers with the same name (whatever the case and punctuation) or one of these addresses."""
    customers = Customer.objects.present().exclude(pk=besides.pk if besides else 0)
    canonical = _canonical(emails)
    with_address = EmailAddress.objects.filter(canonical__in=canonical, customer__isnull=False)
    by_email = list(customers.filter(pk__in=with_address.values("customer"))[:MOST]) if canonical else []
    by_name = [one for one in customers.filter(sort_key=sort_key(name))[:MOST] if one not in by_email]
    return [*(Double(one, SAME_EMAIL) for one in by_email), *(Double(one, SAME_NAME) for one in by_name)]


def sharing_email(email: str, *, besides: Person | Customer) -> list[Person]:
    """Other people who have this address."""
    people = Person.objects.filter(pk__in=_people_with([email]))
    if isinstance(besides, Person):
        people = people.exclude(pk=besides.pk)
    return list(people[:MOST])


def _people_with(emails: Iterable[str]) -> list[int]:
    canonical = _canonical(emails)
    if not canonical:
        return []
    found = EmailAddress.objects.filter(Q(canonical__in=canonical), person__isnull=False)
    return list(found.values_list("person", flat=True)[:MOST])


def _canonical(emails: Iterable[str]) -> list[str]:
    """The readable ones in canonical form; what is no address is the form's business."""
    found = []
    for email in emails:
        try:
            found.append(addresses.parse(email).canonical)
        except ValueError:
            continue
    return found
