"""What the register knows about the people and companies of a piece of a file: a fixed number of queries.

Each question is asked for all rows at once (arrays joined by SQL), never row by row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from customers.models import Customer, EmailAddress, Person, PhoneNumber, PostalAddress, Representation
from register import access
from register.finnish import fold

MOST = 20
"""Namesakes and sharers of one address that are looked at; more of them cannot be told apart anyway."""

BY_EMAIL = """
SELECT canonical, person_id, customer_id FROM customers_emailaddress
 WHERE canonical = ANY (%s) AND ended_on IS NULL ORDER BY id
"""
BY_PHONE = """
SELECT e164, person_id FROM customers_phonenumber
 WHERE e164 = ANY (%s) AND ended_on IS NULL AND person_id IS NOT NULL ORDER BY id
"""
BY_BUSINESS_ID = """
SELECT business_id, id FROM customers_customer
 WHERE business_id = ANY (%s) AND business_id <> '' AND kind = 'company' AND erased_on IS NULL
"""
BY_NAME = """
SELECT k.name, found.id
  FROM unnest(%s::text[]) AS k (name)
 CROSS JOIN LATERAL (
    SELECT p.id FROM customers_person p WHERE p.sort_key = k.name AND p.erased_on IS NULL ORDER BY p.id LIMIT %s) found
"""
BY_NAME_AND_COMPANY = """
SELECT k.name, k.company, found.id
  FROM unnest(%s::text[], %s::bigint[]) AS k (name, company)
 CROSS JOIN LATERAL (
    SELECT p.id FROM customers_person p
      JOIN customers_representation r ON r.person_id = p.id AND r.customer_id = k.company
     WHERE p.sort_key = k.name AND p.erased_on IS NULL ORDER BY p.id LIMIT %s) found
"""
BY_COMPANY_NAME = """
SELECT k.name, found.id
  FROM unnest(%s::text[]) AS k (name)
 CROSS JOIN LATERAL (
    SELECT c.id FROM customers_customer c
     WHERE c.sort_key = k.name AND c.kind = 'company' AND c.erased_on IS NULL
     ORDER BY c.id LIMIT %s) found
"""


@dataclass(slots=True)
class Known:
    """A person or a company of the register, as far as an import compares it."""

    pk: int
    is_person: bool
    name: str
    language: str
    words: frozenset[str] = frozenset()
    given: str = ""
    family: str = ""
    business_id: str = ""
    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    addresses: set[tuple[str, str, str]] = field(default_factory=set)
    titles: dict[int, str] = field(default_factory=dict)
    """By the company that the person represents now."""

    @property
    def number(self) -> str:
        return f"{'H' if self.is_person else 'K'}{self.pk}"


@dataclass(slots=True)
class Found:
    """Who may be meant, by what was looked for."""

    by_email: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """People."""
    companies_by_email: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_phone: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_business_id: dict[str, int] = field(default_factory=dict)
    by_company_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_name_and_company: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    people: dict[int, Known] = field(default_factory=dict)
    companies: dict[int, Known] = field(default_factory=dict)


@lru_cache(maxsize=8192)
def words(name: str) -> frozenset[str]:
    """The words of a name, whatever their order, case and accents."""
    return frozenset(fold(name).replace(",", " ").split())


def place(street: str, postal_code: str, city: str) -> tuple[str, str, str]:
    """What two postal addresses are compared by."""
    return fold(street), postal_code.replace(" ", ""), fold(city)


def find(all_facts: Iterable[dict[str, Any]]) -> Found:
    """Everybody in the register who may be meant by these records."""
    all_facts = list(all_facts)
    found = Found()
    emails = {item["canonical"] for facts in all_facts for item in facts.get("emails", ())}
    phones = {item["e164"] for facts in all_facts for item in facts.get("phones", ()) if item["e164"]}
    companies = [facts["company"] for facts in all_facts if "company" in facts]
    _by_email(found, emails)
    _by_phone(found, phones)
    _companies(found, companies)
    _by_name(found, all_facts)
    _load(found)
    return found


def _by_email(found: Found, emails: Collection[str]) -> None:
    for canonical, person, customer in access.ask(BY_EMAIL, [list(emails)]) if emails else ():
        by = found.by_email if person else found.companies_by_email
        if len(by[canonical]) < MOST:
            by[canonical].append(person or customer)


def _by_phone(found: Found, phones: Collection[str]) -> None:
    for e164, person in access.ask(BY_PHONE, [list(phones)]) if phones else ():
        if len(found.by_phone[e164]) < MOST:
            found.by_phone[e164].append(person)


def _companies(found: Found, companies: Collection[dict[str, str]]) -> None:
    numbers = {one["business_id"] for one in companies if one["business_id"]}
    found.by_business_id = dict(access.ask(BY_BUSINESS_ID, [list(numbers)])) if numbers else {}
    names = sorted({one["key"] for one in companies})
    for name, pk in access.ask(BY_COMPANY_NAME, [names, MOST]) if names else ():
        found.by_company_name[name].append(pk)


def companies_of(found: Found, company: dict[str, str]) -> list[int]:
    """The companies that may be meant: by business ID, else by name where no other ID speaks against it."""
    if not company:
        return []
    if pk := found.by_business_id.get(company["business_id"]):
        return [pk]
    named = found.by_company_name.get(company["key"], [])
    if not company["business_id"]:
        return named
    return [pk for pk in named if pk not in found.companies or not found.companies[pk].business_id]


def _by_name(found: Found, all_facts: Iterable[dict[str, Any]]) -> None:
    """People by their name: at the company, or, where the record names no company, of this name at all."""
    alone, together = set(), set()
    for facts in all_facts:
        if "person" not in facts:
            continue
        if "company" not in facts:
            alone.add(facts["person"]["key"])
        for pk in companies_of(found, facts.get("company", {})):
            together.add((facts["person"]["key"], pk))
    for name, pk in access.ask(BY_NAME, [sorted(alone), MOST]) if alone else ():
        found.by_name[name].append(pk)
    pairs = sorted(together)
    columns = [[name for name, _pk in pairs], [pk for _name, pk in pairs], MOST]
    for name, company, pk in access.ask(BY_NAME_AND_COMPANY, columns) if pairs else ():
        found.by_name_and_company[name, company].append(pk)


# --- what the register holds about them -------------------------------------------------------------------


def _load(found: Found) -> None:
    people: set[int] = set()
    for some in (found.by_email, found.by_phone, found.by_name, found.by_name_and_company):
        people.update(pk for pks in some.values() for pk in pks)  # type: ignore[attr-defined]
    companies = set(found.by_business_id.values())
    for some in (found.by_company_name, found.companies_by_email):
        companies.update(pk for pks in some.values() for pk in pks)
    found.people, found.companies = people_of(people), companies_known(companies)


def people_of(pks: Collection[int]) -> dict[int, Known]:
    """People of the register with what an import compares."""
    if not pks:
        return {}
    rows = Person.objects.filter(pk__in=pks).values_list("pk", "given_name", "family_name", "language")
    known = {
        pk: Known(pk, True, f"{given} {family}".strip(), language, words(f"{given} {family}"), given, family)
        for pk, given, family, language in rows
    }
    _load_details(known, "person_id")
    represented = Representation.objects.filter(person_id__in=pks, until__isnull=True)
    for person, customer, title in represented.values_list("person_id", "customer_id", "title"):
        known[person].titles[customer] = title
    return known


def companies_known(pks: Collection[int]) -> dict[int, Known]:
    """Companies of the register with what an import compares."""
    if not pks:
        return {}
    rows = Customer.objects.filter(pk__in=pks).values_list("pk", "name", "language", "business_id")
    known = {
        pk: Known(pk, False, name, language, words(name), business_id=business_id)
        for pk, name, language, business_id in rows
    }
    _load_details(known, "customer_id")
    return known


def _load_details(known: dict[int, Known], owner: str) -> None:
    """Details in use and those no longer used: what was ended is not brought back by a file."""
    of_these = {f"{owner}__in": list(known)}
    for pk, canonical in EmailAddress.objects.filter(**of_these).values_list(owner, "canonical"):
        known[pk].emails.add(canonical)
    for pk, e164, number in PhoneNumber.objects.filter(**of_these).values_list(owner, "e164", "number"):
        known[pk].phones.add(e164 or number)
    rows = PostalAddress.objects.filter(**of_these)
    for pk, street, code, city in rows.values_list(owner, "street", "postal_code", "city"):
        known[pk].addresses.add(place(street, code, city))
