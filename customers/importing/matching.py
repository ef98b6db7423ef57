"""Who in the register, or earlier in the file, is meant by a record, and how the two differ.

Order: the e-mail address in canonical form, then telephone number and name, then name and company. A company is
known by its business ID (*Y-tunnus*), else by its name. An address that belongs to somebody of another name,
or to several people, is never decided here: that is a conflict for a person to choose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from customers.importing import lookups
from customers.importing.facts import Facts
from customers.importing.lookups import Found, Known
from customers.models import ImportRow

Verdict, Reason, Choice = ImportRow.Verdict, ImportRow.Reason, ImportRow.Choice


@dataclass(slots=True)
class Match:
    """What became of the comparison of one record."""

    verdict: str = Verdict.NEW
    reason: str = Reason.NONE
    choice: str = Choice.ADD
    person: int | None = None
    customer: int | None = None
    """The company that the record names, or the one that the record is."""
    repeats: int | None = None
    candidates: list[str] = field(default_factory=list)
    """Numbers of those who may be meant, where there is something to choose."""


@dataclass(slots=True)
class Earlier:
    """Where in the file an address, a number or a name came first."""

    keys: dict[int, int] = field(default_factory=dict)
    """Hashes instead of the values themselves: a file may have 200,000 rows."""
    companies: dict[int, int] = field(default_factory=dict)
    business_ids: dict[int, str] = field(default_factory=dict)


def match(facts: Facts, found: Found, earlier: Earlier, position: int) -> Match:
    """The verdict on one record, and the record remembered for the later ones."""
    result = Match()
    companies = lookups.companies_of(found, facts.get("company", {}))
    if "person" in facts:
        result.customer = companies[0] if companies else None
        _match_person(result, facts, found, companies)
        if result.verdict == Verdict.NEW:
            _match_earlier(result, facts, earlier)
        _remember(facts, earlier, position)
    else:
        _match_company(result, facts, found, companies)
    return result


def company_row(facts: Facts, match: Match, earlier: Earlier, position: int) -> int | None:
    """The row of the file that stands for a new company: the first that names it."""
    company = facts.get("company")
    if not company or match.customer:
        return None
    business_id = company["business_id"]
    by_name, by_number = hash(("", company["key"])), hash(("#", business_id))
    by_both = hash((business_id, company["key"]))
    if business_id:
        row = earlier.companies.get(by_number, earlier.companies.get(by_both))
        first = earlier.companies.get(by_name)
        if row is None and first is not None and first not in earlier.business_ids:
            row = first
    else:
        row = earlier.companies.get(by_name)
    row = position if row is None else row
    earlier.companies.setdefault(by_name, row)
    if business_id:
        for name in (by_number, by_both):
            earlier.companies.setdefault(name, row)
        earlier.business_ids.setdefault(row, business_id)
    return row


# --- people -----------------------------------------------------------------------------------------------


def _match_person(result: Match, facts: Facts, found: Found, companies: list[int]) -> None:
    said = words_of(facts)
    nameless = "nameless" in facts["person"]
    by_email = _people(found, (found.by_email.get(item["canonical"], ()) for item in facts.get("emails", ())))
    alike = [known for known in by_email if nameless or is_same_name(said, known.words)]
    if len(alike) == 1:
        return _is(result, alike[0], Reason.EMAIL)
    if by_email:
        shared = Reason.SHARED if len(by_email) > 1 else Reason.OTHER_NAME
        return _choose(result, by_email, shared)
    by_phone = _people(found, (found.by_phone.get(item["e164"], ()) for item in facts.get("phones", ())))
    alike = [known for known in by_phone if known.words == said]
    if alike:
        return _is_or_choose(result, alike, Reason.PHONE)
    key = facts["person"]["key"]
    by_name = _people(found, (found.by_name_and_company.get((key, pk), ()) for pk in companies))
    if by_name:
        return _is_or_choose(result, by_name, Reason.NAME)
    if len(companies) > 1:
        result.candidates = [f"K{pk}" for pk in companies]
        result.verdict, result.reason, result.choice = Verdict.CONFLICT, Reason.SEVERAL, Choice.SKIP
    elif "company" not in facts:
        _match_name_alone(result, facts, found)
    return None


def _match_name_alone(result: Match, facts: Facts, found: Found) -> None:
    """A record without company: the same name is the same person only if nothing else could tell them apart."""
    namesakes = _people(found, [found.by_name.get(facts["person"]["key"], ())])
    if not namesakes:
        return
    bare = not facts.get("emails") and not facts.get("phones")
    same = [
        known
        for known in namesakes
        if not known.titles
        and (bare or bool({one["e164"] or one["value"] for one in facts.get("phones", ())} & known.phones))
    ]
    if len(same) == 1:
        _is(result, same[0], Reason.NAME)
    else:
        _choose(result, namesakes, Reason.NAMESAKE)


def words_of(facts: Facts) -> frozenset[str]:
    """The words of the person's name."""
    return lookups.words(f"{facts['person']['given']} {facts['person']['family']}")


def is_same_name(said: frozenset[str], known: frozenset[str]) -> bool:
    """The same words in any order, or one name a part of the other (Matti, Matti Mäkelä)."""
    return bool(said) and (said <= known or known <= said)


def _people(found: Found, groups: Any) -> list[Known]:
    pks = dict.fromkeys(pk for group in groups for pk in group)
    return [found.people[pk] for pk in pks if pk in found.people]


def _is(result: Match, known: Known, reason: str) -> None:
    result.verdict, result.reason, result.choice = Verdict.MATCH, reason, Choice.UPDATE
    result.person = known.pk


def _is_or_choose(result: Match, known: list[Known], reason: str) -> None:
    if len(known) == 1:
        _is(result, known[0], reason)
    else:
        _choose(result, known, Reason.SEVERAL)


def _choose(result: Match, known: list[Known], reason: str) -> None:
    result.verdict, result.reason, result.choice = Verdict.CONFLICT, reason, Choice.SKIP
    result.person = known[0].pk
    result.candidates = [one.number for one in known]


# --- companies --------------------------------------------------------------------------------------------


def _match_company(result: Match, facts: Facts, found: Found, companies: list[int]) -> None:
    if not companies and not facts["company"]["business_id"]:
        groups = (found.companies_by_email.get(item["canonical"], ()) for item in facts.get("emails", ()))
        owners = dict.fromkeys(pk for group in groups for pk in group)
        if owners:
            result.verdict, result.reason, result.choice = Verdict.CONFLICT, Reason.OTHER_NAME, Choice.SKIP
            result.customer, result.candidates = next(iter(owners)), [f"K{pk}" for pk in owners]
        return
    if not companies:
        return
    result.customer = companies[0]
    by_number = facts["company"]["business_id"] in found.by_business_id
    if len(companies) == 1:
        result.verdict, result.choice = Verdict.MATCH, Choice.UPDATE
        result.reason = Reason.BUSINESS_ID if by_number else Reason.COMPANY
    else:
        result.verdict, result.reason, result.choice = Verdict.CONFLICT, Reason.SEVERAL, Choice.SKIP
        result.candidates = [f"K{pk}" for pk in companies]


# --- earlier rows of the same file ------------------------------------------------------------------------


def _keys(facts: Facts) -> list[int]:
    """What makes two rows of a file the same person: the name, and one thing more."""
    said = words_of(facts)
    keys = [hash((said, item["canonical"])) for item in facts.get("emails", ())]
    keys += [hash((said, item["e164"])) for item in facts.get("phones", ()) if item["e164"]]
    if "company" in facts:
        keys.append(hash((said, "", facts["company"]["key"])))
    elif not facts.get("emails") and not facts.get("phones"):
        keys.append(hash((said, "", "")))
    return keys


def _match_earlier(result: Match, facts: Facts, earlier: Earlier) -> None:
    rows = [earlier.keys[key] for key in _keys(facts) if key in earlier.keys]
    if rows:
        result.verdict, result.reason, result.choice = Verdict.MATCH, Reason.REPEATED, Choice.UPDATE
        result.repeats = rows[0]
        return
    addresses = [hash(item["canonical"]) for item in facts.get("emails", ())]
    sharing = [earlier.keys[address] for address in addresses if address in earlier.keys]
    if sharing:
        result.verdict, result.reason, result.choice = Verdict.CONFLICT, Reason.SHARED_IN_FILE, Choice.SKIP
        result.repeats = sharing[0]


def _remember(facts: Facts, earlier: Earlier, position: int) -> None:
    for key in (*_keys(facts), *(hash(item["canonical"]) for item in facts.get("emails", ()))):
        earlier.keys.setdefault(key, position)


# --- how a record and the register differ -----------------------------------------------------------------


def compare(facts: Facts, person: Known | None, company: Known | None) -> list[dict[str, str]]:
    """What the record would change: `fill` an empty field, `add` a detail, or `differ` from what is there."""
    changes: list[dict[str, str]] = []
    if person and "person" in facts:
        _compare_person(changes, facts, person, company)
    if company and "company" in facts:
        _compare_company(changes, facts, company, is_subject="person" not in facts)
    for sort, key in (("emails", "canonical"), ("phones", "e164")):
        for item in facts.get(sort, ()):
            known = company if item["company"] else person
            if known and (item[key] or item["value"]) not in getattr(known, sort):
                changes.append({"act": "add", "field": sort, "file": item["value"]})
    for item in facts.get("addresses", ()):
        known = company if item["company"] else person
        where = lookups.place(item["street"], item["postal_code"], item["city"])
        if known and where not in known.addresses:
            text = ", ".join(filter(None, (item["street"], f"{item['postal_code']} {item['city']}".strip())))
            changes.append({"act": "add", "field": "addresses", "file": text})
    return changes


def _compare_person(
    changes: list[dict[str, str]], facts: Facts, person: Known, company: Known | None
) -> None:
    if "nameless" not in facts["person"] and words_of(facts) != person.words:
        for name, register in (("given", person.given), ("family", person.family)):
            _differ(changes, name, register, facts["person"][name])
    if "language" in facts:
        _differ(changes, "language", person.language, facts["language"])
    title = facts.get("title", "")
    if company is None or company.pk not in person.titles:
        if "company" in facts:
            changes.append({"act": "add", "field": "company", "file": facts["company"]["name"]})
    elif title:
        _differ(changes, "title", person.titles[company.pk], title)


def _compare_company(
    changes: list[dict[str, str]], facts: Facts, company: Known, *, is_subject: bool
) -> None:
    _differ(changes, "business_id", company.business_id, facts["company"]["business_id"])
    if lookups.words(facts["company"]["name"]) != company.words:
        _differ(changes, "company", company.name, facts["company"]["name"])
    if is_subject and "language" in facts:
        _differ(changes, "language", company.language, facts["language"])


def _differ(changes: list[dict[str, str]], field_name: str, register: str, said: str) -> None:
    if not said or said == register:
        return
    act = "differ" if register else "fill"
    changes.append({"act": act, "field": field_name, "register": register, "file": said})
