"""From a record of a file to what would be written: names, details and keys in the register's own form.

What has no place of its own in the register (a fax number, a region, an address that is no e-mail address)
goes into the note, so that nothing of the file is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from customers import addresses, phones
from customers.importing.marketing import marketing_refused
from customers.importing.records import Address, ContactRecord, TypedValue
from register.finnish import fold, sort_key

Facts = dict[str, Any]
"""What is staged of one record, as JSON: person, company, title, language, emails, phones, addresses, note,
tags, left_out."""

NAME_LIMIT = 100
"""Of a given name, a family name, a title."""
COMPANY_LIMIT = 200
PHONE_LIMIT, POSTAL_CODE_LIMIT, CITY_LIMIT, COUNTRY_LIMIT, TAG_LIMIT = 60, 12, 100, 60, 50

LANGUAGES = {
    "fi": "fi suomi finska finnish fin fi-fi suomeksi",
    "sv": "sv ruotsi svenska swedish swe sv-fi sv-se se ruotsiksi",
    "en": "en englanti engelska english eng en-gb en-us englanniksi",
}
LANGUAGE_OF = {word: code for code, words in LANGUAGES.items() for word in words.split()}
FINLAND = frozenset({"", "fi", "fin", "suomi", "finland", "finnland"})
EMAIL_KINDS = {"work": "work", "home": "home", "billing": "billing"}
PHONE_KINDS = {"mobile": "mobile", "work": "work", "main": "work", "home": "home"}
ADDRESS_KINDS = {"visiting": "visiting", "billing": "billing"}
NO_TELEPHONES = frozenset({"fax", "pager"})


def of(record: ContactRecord) -> Facts:
    """What the record says, ready to be compared and written. Unfit values become problems of the record."""
    notes: list[str] = []
    person, company = _person(record), _company(record)
    facts: Facts = {}
    if person:
        facts["person"] = person
    if company:
        facts["company"] = company
    whose = bool(company) and not person
    if record.full_name not in ("", f"{record.given_name} {record.family_name}"):
        _keep_other_name(record, notes)
    if title := _title(record, notes):
        facts["title"] = title
    if language := _language(record, notes):
        facts["language"] = language
    facts["emails"] = list(_emails(record, notes, whose, bool(company)))
    facts["phones"] = list(_phones(record, notes, whose, bool(company)))
    facts["addresses"] = list(_addresses(record, notes, whose, bool(company)))
    if tags := _tags(record, notes):
        facts["tags"] = tags
    if note := "\n".join([record.note, *notes] if record.note else notes):
        facts["note"] = note
    if record.left_out:
        facts["left_out"] = record.left_out
    return {name: value for name, value in facts.items() if value}


def name_of(facts: Facts) -> str:
    """What the record is called in lists."""
    person = facts.get("person")
    name = f"{person['given']} {person['family']}".strip() if person else ""
    company: str = facts.get("company", {}).get("name", "")
    return f"{name}, {company}"[:200] if name and company else name or company


def refuses(record: ContactRecord) -> bool:
    """Whether the file says that this person wants no marketing."""
    return bool(record.marketing_status) and marketing_refused(record) is True


# --- who --------------------------------------------------------------------------------------------------


def _person(record: ContactRecord) -> Facts:
    given, family = record.given_name, record.family_name
    if record.is_company:
        return {}
    named = bool(given or family or record.full_name)
    if not (given or family):
        family = record.full_name or _stand_in(record)
    if not (given or family):
        return {}
    for text in (given, family):
        if len(text) > NAME_LIMIT:
            record.report("too_long", _("name"))
    person: Facts = {"given": given, "family": family, "key": sort_key(f"{family} {given}".strip())}
    return person if named else person | {"nameless": True}


def _stand_in(record: ContactRecord) -> str:
    """Who has no name is called by his address or number, which everybody can see and put right."""
    if record.company:
        return ""
    found = [item.value for item in (*record.emails, *record.phones)]
    return found[0][:NAME_LIMIT] if found else ""


def _company(record: ContactRecord) -> dict[str, str]:
    name = record.company or (record.full_name if record.is_company else "")
    if not name:
        return {}
    if len(name) > COMPANY_LIMIT:
        record.report("too_long", _("company"))
    wrong = any(found.code == "wrong_business_id" for found in record.problems)
    business_id = "" if wrong else record.business_id
    return {"name": name, "key": sort_key(name), "business_id": business_id}


def _keep_other_name(record: ContactRecord, notes: list[str]) -> None:
    """What the file shows as the name, where it says more than the name's parts and the company."""
    held = f"{record.given_name} {record.family_name} {record.company}"
    if held.strip() and not _words(record.full_name) <= _words(held):
        _keep(notes, _("Whole name"), record.full_name)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", fold(text)))


def _title(record: ContactRecord, notes: list[str]) -> str:
    title = ", ".join(part for part in (record.title, record.department) if part)
    if not title or (record.company and not record.is_company and len(title) <= NAME_LIMIT):
        return title
    _keep(notes, _("Title"), title)
    return ""


def _language(record: ContactRecord, notes: list[str]) -> str:
    if not record.language:
        return ""
    found = LANGUAGE_OF.get(record.language.casefold().replace("_", "-"), "")
    if not found:
        _keep(notes, _("Language"), record.language)
    return found


# --- how to reach them ------------------------------------------------------------------------------------


def _emails(record: ContactRecord, notes: list[str], whose: bool, has_company: bool) -> Iterator[Facts]:
    seen = set()
    for item in record.emails:
        try:
            canonical = addresses.parse(item.value).canonical
        except addresses.WrongAddress:
            _keep(notes, _("E-mail"), item.value)
            continue
        _keep_label(notes, item)
        if canonical not in seen:
            seen.add(canonical)
            yield {
                "value": item.value,
                "canonical": canonical,
                "kind": EMAIL_KINDS.get(item.kind, "work" if has_company and not item.kind else "other"),
                "primary": item.primary,
                "company": whose or (has_company and item.kind == "billing"),
            }


def _phones(record: ContactRecord, notes: list[str], whose: bool, has_company: bool) -> Iterator[Facts]:
    seen = set()
    for item in record.phones:
        if item.kind in NO_TELEPHONES or len(item.value) > PHONE_LIMIT:
            _keep(notes, _("Fax") if item.kind == "fax" else _("Phone"), item.value)
            continue
        _keep_label(notes, item)
        e164 = phones.e164(item.value) or ""
        if (e164 or item.value) not in seen:
            seen.add(e164 or item.value)
            yield {
                "value": item.value,
                "e164": e164,
                "kind": PHONE_KINDS.get(item.kind) or _kind_of(e164, item.kind),
                "primary": item.primary,
                "company": whose or (has_company and item.kind == "main"),
            }


def _kind_of(e164: str, said: str) -> str:
    mobile = e164.startswith(("+3584", "+35850")) and not e164.startswith("+35849")
    return "mobile" if mobile and not said else "other"


def _addresses(record: ContactRecord, notes: list[str], whose: bool, has_company: bool) -> Iterator[Facts]:
    for item in record.addresses:
        street = ", ".join(part for part in (item.extra, item.street) if part)
        country = "FI" if item.country.casefold() in FINLAND else item.country
        if not _fits(item, street, country):
            _keep(notes, _("Address"), ", ".join(part for part in item.texts() if part))
            continue
        if item.region:
            _keep(notes, _("Region"), item.region)
        if item.label:
            _keep(notes, item.label, ", ".join(part for part in (street, item.city) if part))
        yield {
            "street": street,
            "postal_code": item.postal_code,
            "city": item.city,
            "country": country,
            "kind": ADDRESS_KINDS.get(item.kind, "postal"),
            "primary": item.primary,
            "company": whose or (has_company and item.kind != "home"),
        }


def _fits(item: Address, street: str, country: str) -> bool:
    return (
        bool(street or item.city)
        and len(street) <= COMPANY_LIMIT
        and len(item.postal_code) <= POSTAL_CODE_LIMIT
        and len(item.city) <= CITY_LIMIT
        and len(country) <= COUNTRY_LIMIT
    )


def _tags(record: ContactRecord, notes: list[str]) -> list[str]:
    for tag in record.tags:
        if len(tag) > TAG_LIMIT:
            _keep(notes, _("Tag"), tag)
    return [tag for tag in record.tags if len(tag) <= TAG_LIMIT]


def _keep_label(notes: list[str], item: TypedValue) -> None:
    """The file's own word for an address or number, which has no field of its own."""
    if item.label:
        _keep(notes, item.label, item.value)


def _keep(notes: list[str], what: str | Promise, text: str) -> None:
    if text:
        notes.append(f"{what}: {text}")
