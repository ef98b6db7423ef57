"""The fixed sentences of the privacy statement, in each language: written prose, not translated fragments.

What the inventory says (kinds, purposes, keeping times) comes from the translation catalogs; what every
statement must say around it (GDPR Art. 13) stands in `fi`, `sv` and `en` here. A sentence that one language
lacks does not import.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """One language's sentences; names in braces are filled in by register.statement."""

    title: str

    registrar: str
    business_id: str
    address: str
    website: str
    person_in_charge: str
    phone: str
    register_name: str

    purposes: str
    purposes_text: tuple[str, ...]

    contents: str
    contents_text: tuple[str, ...]
    purpose: str
    basis: str
    source: str
    kept: str
    seen_by: str
    recipients: str
    on_erasure: str
    only_owner: str
    owner_and_billing: str
    erased: str
    kept_by_law: str
    legitimate_interest: str

    sources: str
    sources_text: tuple[str, ...]

    disclosure: str
    disclosure_text: tuple[str, ...]

    security: str
    security_text: tuple[str, ...]
    places: str
    where: str
    erased_by: str

    access: str
    access_text: tuple[str, ...]
    billing_sees: str

    rights: str
    rights_text: str
    rights_list: tuple[str, ...]
    rights_how: str
    complaint: str

    obligation: str
    obligation_text: str

    automated: str
    automated_text: str

    users: str
    users_text: str

    versions: str
    versions_text: str


def wording(language: str) -> Wording:
    """The sentences of a language: fi, sv or en."""
    from register.wording import en, fi, sv

    return {"fi": fi.WORDING, "sv": sv.WORDING, "en": en.WORDING}[language]
