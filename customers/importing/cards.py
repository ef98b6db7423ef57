"""From the cards of a vCard file to contact records: which property goes where, and what is left out."""

from __future__ import annotations

import re
from collections.abc import Callable

from customers.importing import limits, records, vcard
from customers.importing.problems import problem
from customers.importing.records import Address, ContactRecord, ReadResult, TypedValue
from customers.importing.vcard import Card, Decoder, Property

TECHNICAL = frozenset(
    {
        "VERSION",
        "PRODID",
        "REV",
        "UID",
        "PROFILE",
        "MAILER",
        "CLASS",
        "CLIENTPIDMAP",
        "X-ABLABEL",
        "X-ABUID",
        "SORT-STRING",
    }
)
"""Says nothing about the person. Whatever else is not taken is named in `left_out`."""

LINES = {
    "FN": "full_name",
    "TITLE": "title",
    "X-BUSINESSID": "business_id",
    "X-BUSINESS-ID": "business_id",
    "X-YTUNNUS": "business_id",
}
EMAIL_KINDS = {"work": "work", "home": "home", "other": "other"}
PHONE_KINDS = {
    "homefax": "fax",
    "workfax": "fax",
    "fax": "fax",
    "pager": "pager",
    "cell": "mobile",
    "mobile": "mobile",
    "iphone": "mobile",
    "car": "car",
    "main": "main",
    "work": "work",
    "home": "home",
    "other": "other",
}
ADDRESS_KINDS = {"work": "work", "home": "home", "postal": "postal", "parcel": "postal", "other": "other"}
SILENT_TYPES = frozenset(
    "pref internet voice msg text textphone video dom intl isdn bbs modem pcs quoted-printable 8bit".split()
)


def read(data: bytes) -> ReadResult:
    """Every card of the file as a record. Never raises: what cannot be read becomes a problem."""
    plain, encoding, problems = vcard.as_bytes(data)
    text_of = vcard.Decoder(plain)
    result = ReadResult(format="vcard", encoding=encoding or text_of.encoding, problems=problems)
    for card in vcard.cards(plain, result.problems):
        if card.number > limits.MAX_ROWS:
            result.problems.append(problem("too_many_rows"))
            break
        result.records.append(records.check(record_of(card, text_of)))
    if text_of.guessed:
        result.problems.append(problem("charset_guessed", text_of.encoding))
    return result


def record_of(card: Card, text_of: Decoder) -> ContactRecord:
    record = ContactRecord(position=card.number)
    for found in card.problems:
        record.report(found.code, found.where)
    labels = {
        prop.group: _label(vcard.value_of(prop, record, text_of))
        for prop in card.properties
        if prop.name == "X-ABLABEL" and prop.group
    }
    formatted: list[Property] = []
    for prop in card.properties:
        if prop.name in TECHNICAL or not prop.raw.strip():
            continue
        if prop.is_binary():
            record.leave_out(prop.name)
        elif prop.name == "LABEL":
            formatted.append(prop)
        else:
            _take(record, prop, vcard.value_of(prop, record, text_of), labels.get(prop.group, ""))
    for prop in formatted:
        _take_formatted_address(record, prop, vcard.value_of(prop, record, text_of))
    return record


def _label(text: str) -> str:
    """Apple writes its own words as `_$!<Mobile>!$_`."""
    match = re.fullmatch(r"_\$!<(.*)>!\$_", text.strip())
    return match[1] if match else vcard.unescape(text, "3.0").strip()


def _take(record: ContactRecord, prop: Property, text: str, label: str) -> None:
    """The property's value into the record, or its name among what is left out."""
    plain = vcard.unescape(text, prop.version)
    if not plain.strip(" ;,"):
        if prop.name == "ADR" and "LABEL" in prop.params:
            _take_formatted_address(record, prop, prop.params["LABEL"][0])
        return
    take = TAKERS.get(prop.name)
    if take is None:
        record.leave_out(prop.name)
    else:
        take(record, prop, text, label)


def _take_line(record: ContactRecord, prop: Property, text: str, label: str) -> None:
    """A text that a card has once; a second one is left out."""
    name = LINES[prop.name]
    if getattr(record, name):
        record.leave_out(prop.name)
        return
    plain = vcard.unescape(text, prop.version)
    if name == "full_name":
        record.raw_names[prop.name] = plain
    setattr(record, name, records.line(record, plain, prop.name))


def _take_language(record: ContactRecord, prop: Property, text: str, label: str) -> None:
    if record.language:
        record.leave_out(prop.name)
    if prop.is_preferred() or not record.language:
        record.language = records.line(record, vcard.unescape(text, prop.version), prop.name)


def _take_organisation(record: ContactRecord, prop: Property, text: str, label: str) -> None:
    if record.company:
        record.leave_out(prop.name)
        return
    company, *departments = vcard.components(text, prop.version, "")
    record.company = records.line(record, company, prop.name)
    record.department = records.line(record, ", ".join(filter(None, departments)), prop.name)


def _take_email(record: ContactRecord, prop: Property, text: str, label: str) -> None:
    record.emails.append(_typed(record, prop, vcard.unescape(text, prop.version), label, EMAIL_KINDS))


def _take_phone(record: ContactRecord, prop: Property, text: str, label: str) -> None:
    number = re.sub(r"\A\s*tel:", "", vcard.unescape(text, prop.version), flags=re.IGNORECASE)
    record.phones.append(_typed(record, prop, number, label, PHONE_KINDS))


def _take_note(record: ContactRecord, prop: Property, text: str, label: str) -> None:
    added = records.note(record, vcard.unescape(text, prop.version), prop.name)
    record.note = f"{record.note}\n{added}" if record.note else added


def _take_tags(record: ContactRecord, prop: Property, text: str, label: str) -> None:
    for part in vcard.split(text, ","):
        tag = records.line(record, vcard.unescape(part, prop.version), prop.name)
        if tag and tag not in record.tags:
            record.tags.append(tag)


def _take_name(record: ContactRecord, prop: Property, text: str, label: str) -> None:
    parts = vcard.components(text, prop.version, " ")
    if "N.family" in record.raw_names:
        record.leave_out("N")
        return
    names = ("family", "given", "additional", "prefix", "suffix")
    for part, text in zip(names, parts, strict=False):
        record.raw_names[f"N.{part}"] = text
    if any(parts[5:]):
        record.leave_out("N")
    family, given, additional, prefix, suffix = (*parts, "", "", "", "", "")[:5]
    record.family_name = records.line(record, family, "N")
    record.given_name = records.line(record, f"{given} {additional}", "N")
    for part, text in (("prefix", prefix), ("suffix", suffix)):
        if text:
            record.leave_out(f"N ({part})")


def _take_kind(record: ContactRecord, prop: Property, text: str, label: str) -> None:
    """KIND of version 4.0, and Apple's properties that say the same in 3.0."""
    kind = text.strip().lower()
    if kind == "group":
        record.report("group_card")
    elif kind in {"org", "company"}:
        record.is_company = True
    elif kind != "individual":
        record.leave_out(prop.name)


def _typed(record: ContactRecord, prop: Property, text: str, label: str, kinds: dict[str, str]) -> TypedValue:
    kind, label = _kind(prop, label, kinds)
    return TypedValue(
        records.line(record, text, prop.name),
        kind,
        records.line(record, label, prop.name),
        prop.is_preferred(),
    )


def _kind(prop: Property, label: str, kinds: dict[str, str]) -> tuple[str, str]:
    """Our word for the kind, and the file's own word where it is none of ours."""
    types = prop.types()
    kind = next((kinds[word] for word in kinds if word in types), "")
    by_label = label and kinds.get(label.lower(), kinds.get(re.sub(r"\W|phone", "", label.lower()), ""))
    if by_label:
        return by_label, ""
    other = sorted(types - kinds.keys() - SILENT_TYPES - {""})
    return kind, label or ("" if kind else " ".join(other))


def _take_address(record: ContactRecord, prop: Property, text: str, label: str) -> None:
    kind, own_label = _kind(prop, label, ADDRESS_KINDS)
    parts = [" ".join(part.split()) for part in vcard.components(text, prop.version, ", ")]
    if any(parts[7:]):
        record.leave_out("ADR")
    box, extended, street, city, region, postal_code, country = (
        records.line(record, part, "ADR") for part in (*parts, *[""] * 7)[:7]
    )
    record.addresses.append(
        Address(
            street=street,
            postal_code=postal_code,
            city=city,
            country=country,
            kind=kind,
            region=region,
            extra=", ".join(filter(None, (box, extended))),
            label=records.line(record, own_label, "ADR"),
            primary=prop.is_preferred(),
        )
    )


def _take_formatted_address(record: ContactRecord, prop: Property, text: str) -> None:
    """LABEL repeats an address as it is printed on an envelope: taken only where the card has no ADR."""
    if record.addresses:
        record.leave_out("LABEL")
        return
    lines = [
        part.strip() for part in re.split(r"[\r\n]+", vcard.unescape(text, prop.version)) if part.strip()
    ]
    kind, label = _kind(prop, "", ADDRESS_KINDS)
    record.addresses.append(
        Address(street=records.line(record, ", ".join(lines), "LABEL"), kind=kind, label=label)
    )


TAKERS: dict[str, Callable[[ContactRecord, Property, str, str], None]] = {
    "N": _take_name,
    "ORG": _take_organisation,
    "EMAIL": _take_email,
    "TEL": _take_phone,
    "ADR": _take_address,
    "NOTE": _take_note,
    "CATEGORIES": _take_tags,
    "LANG": _take_language,
    "X-LANGUAGE": _take_language,
    "KIND": _take_kind,
    "X-ADDRESSBOOKSERVER-KIND": _take_kind,
    "X-ABSHOWAS": _take_kind,
    **dict.fromkeys(LINES, _take_line),
}
