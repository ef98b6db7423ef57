"""The privacy statement (*rekisteriseloste*, GDPR Art. 13), made from the inventory, published as versions.

A statement is sections of paragraphs, lists and facts; pages show that structure, `markdown` writes it, and
`read` reads it back, so a published version is plain text in the database and a page when somebody looks.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.text import slugify

from register import access, audit, inventory
from register.inventory import Kind, Place
from register.models import AuditEntry, Language, Registrar, StatementVersion, User
from register.roles import Role
from register.wording import Wording, wording


class RegistrarMissing(Exception):
    """The registrar's details are not entered yet: set up the register before asking for its statement."""


class NothingToPublish(Exception):
    """The published statement already says what the inventory says."""


@dataclass(frozen=True)
class Block:
    """A paragraph (`text`), a list (`points`), or facts under a title (`title`, `facts`)."""

    text: str = ""
    points: tuple[str, ...] = ()
    title: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        return slugify(self.heading)


@dataclass(frozen=True)
class Statement:
    """One statement in one language; `published_on` and `version` are None for a text not published."""

    language: str
    title: str
    sections: tuple[Section, ...]
    published_on: date | None = None
    version: int | None = None

    def markdown(self) -> str:
        return "\n\n".join([f"# {self.title}", *_markdown(self.sections)]) + "\n"


@dataclass(frozen=True)
class Change:
    """A line that publishing would add, or take away."""

    is_added: bool
    text: str


EXAMPLE = Registrar(
    name="Esimerkki Oy",
    business_id="1234567-1",
    street="Esimerkkikatu 1",
    postal_code="00100",
    city="Helsinki",
    website="www.example.fi",
    contact_person="Erkki Esimerkki",
    contact_email="rekisteri@example.fi",
    phone="040 123 4567",
    register_name_fi="Yrityksen sähköpostirekisteri ja asiakasrekisteri",
    register_name_sv="Företagets e-postregister och kundregister",
    register_name_en="Company e-mail register and customer register",
)
"""A made-up company for the statement in docs/."""


def draw_up(registrar: Registrar, language: str) -> Statement:
    """The statement as the inventory says it now."""
    with translation.override(language):
        words = wording(language)
        sections = (
            _registrar(words, registrar, language),
            Section(words.purposes, _paragraphs(words.purposes_text)),
            _contents(words),
            Section(words.sources, _paragraphs(words.sources_text)),
            Section(words.disclosure, _paragraphs(words.disclosure_text)),
            _security(words),
            _access(words),
            _rights(words, registrar),
            Section(words.obligation, (Block(words.obligation_text),)),
            Section(words.automated, (Block(words.automated_text),)),
            _users(words),
            Section(words.versions, (Block(words.versions_text),)),
        )
        return Statement(language, words.title, sections)


def live(language: str) -> Statement:
    """The unpublished statement of this register. Raises RegistrarMissing before set-up."""
    registrar = Registrar.objects.first()
    if registrar is None:
        raise RegistrarMissing(
            "Enter the registrar's details first: they stand at the head of the statement."
        )
    return draw_up(registrar, language)


def current(language: str) -> Statement:
    """What the public page shows: the statement in force, or the live one when none is published yet."""
    version = newest()
    return published(version, language) if version else live(language)


def newest() -> StatementVersion | None:
    """The version in force."""
    return StatementVersion.objects.order_by("-id").first()


def published(version: StatementVersion, language: str) -> Statement:
    """A published version as a structure for pages."""
    found = read(getattr(version, language), language)
    return Statement(language, found.title, found.sections, version.published_on, version.pk)


def differences(version: StatementVersion | None, language: str) -> list[Change]:
    """What publishing now would take away and add, line by line; empty when nothing changed."""
    before = getattr(version, language).splitlines() if version else []
    after = live(language).markdown().splitlines()
    lines = difflib.unified_diff(before, after, lineterm="", n=0)
    return [
        Change(line[0] == "+", re.sub(r"^[#-]+ |\*\*", "", line[1:]))
        for line in lines
        if line[:1] in ("+", "-") and line[:3] not in ("+++", "---") and line[1:].strip()
    ]


def publish(*, by: User, on: date) -> StatementVersion:
    """Put the live statement into force from a day. Raises NothingToPublish, RegistrarMissing."""
    texts = {language: live(language).markdown() for language in Language.values}
    last = newest()
    if last and all(getattr(last, language) == text for language, text in texts.items()):
        raise NothingToPublish("The published statement already says what the inventory says.")
    with access.atomic():
        version = StatementVersion.objects.create(published_on=on, sha256=_chain(last, on, texts), **texts)
        audit.record(AuditEntry.Action.CREATE, StatementVersion, numbers=[str(version)], page="statement")
    return version


def read(markdown: str, language: str) -> Statement:
    """A statement from the text that `Statement.markdown` wrote."""
    title, *chunks = markdown.strip().split("\n\n")
    sections: list[Section] = []
    for chunk in chunks:
        if chunk.startswith("## "):
            sections.append(Section(chunk.removeprefix("## "), ()))
        else:
            last = sections.pop()
            sections.append(Section(last.heading, (*last.blocks, _read_block(chunk))))
    return Statement(language, title.removeprefix("# "), tuple(sections))


def _registrar(words: Wording, registrar: Registrar, language: str) -> Section:
    facts = (
        (words.registrar, registrar.name),
        (words.business_id, registrar.business_id),
        (words.address, f"{registrar.street}, {registrar.postal_code} {registrar.city}"),
        (words.website, registrar.website),
        (words.person_in_charge, f"{registrar.contact_person}, {registrar.contact_email}"),
        (words.phone, registrar.phone),
        (words.register_name, getattr(registrar, f"register_name_{language}")),
    )
    return Section(words.registrar, (Block(facts=tuple(fact for fact in facts if fact[1])),))


def _contents(words: Wording) -> Section:
    kinds = [kind for kind in inventory.kinds() if not inventory.is_about_staff(kind)]
    cards = tuple(_card(words, kind) for kind in kinds)
    return Section(
        words.contents, (*_paragraphs(words.contents_text), *cards, Block(words.legitimate_interest))
    )


def _card(words: Wording, kind: Kind) -> Block:
    facts = (
        (words.purpose, kind.purpose),
        (words.basis, kind.basis.label),
        (words.source, kind.source),
        (words.kept, kind.keep.sentence()),
        (words.seen_by, words.owner_and_billing if Role.BILLING in kind.seen_by else words.only_owner),
        (words.recipients, kind.recipients),
        (words.on_erasure, _on_erasure(words, kind)),
    )
    return Block(title=str(kind.label), facts=tuple((term, str(text)) for term, text in facts if text))


def _on_erasure(words: Wording, kind: Kind) -> str:
    statute = kind.on_erasure.statute
    return words.kept_by_law.format(law=statute.sentence()) if statute else words.erased


def _security(words: Wording) -> Section:
    places = tuple(_place(words, place) for place in inventory.places())
    listed = (Block(words.places), *places) if places else ()
    return Section(words.security, (*_paragraphs(words.security_text), *listed))


def _place(words: Wording, place: Place) -> Block:
    facts = ((words.where, str(place.where)), (words.erased_by, str(place.erased_by)))
    return Block(title=str(place.label), facts=facts)


def _access(words: Wording) -> Section:
    seen = tuple(str(kind.label) for kind in inventory.kinds() if Role.BILLING in kind.seen_by)
    listed = (Block(words.billing_sees), Block(points=seen)) if seen else ()
    return Section(words.access, (*_paragraphs(words.access_text), *listed))


def _rights(words: Wording, registrar: Registrar) -> Section:
    how = words.rights_how.format(person=registrar.contact_person, email=registrar.contact_email)
    return Section(
        words.rights,
        (Block(words.rights_text), Block(points=words.rights_list), Block(how), Block(words.complaint)),
    )


def _users(words: Wording) -> Section:
    cards = tuple(_card(words, kind) for kind in inventory.kinds() if inventory.is_about_staff(kind))
    return Section(words.users, (Block(words.users_text), *cards))


def _paragraphs(texts: tuple[str, ...]) -> tuple[Block, ...]:
    return tuple(Block(text) for text in texts)


def _markdown(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        yield f"## {section.heading}"
        for block in section.blocks:
            yield _written(block)


def _written(block: Block) -> str:
    if block.text:
        return block.text
    lines = [f"### {block.title}"] if block.title else []
    lines += [f"- {point}" for point in block.points]
    lines += [f"- **{term}:** {text}" for term, text in block.facts]
    return "\n".join(lines)


def _read_block(chunk: str) -> Block:
    lines = chunk.splitlines()
    title = lines.pop(0).removeprefix("### ") if lines[0].startswith("### ") else ""
    if lines and all(line.startswith("- **") for line in lines):
        pairs = [line.removeprefix("- **").partition(":** ") for line in lines]
        return Block(title=title, facts=tuple((term, text) for term, _colon, text in pairs))
    if lines and all(line.startswith("- ") for line in lines):
        return Block(title=title, points=tuple(line.removeprefix("- ") for line in lines))
    return Block(chunk)


def _chain(last: StatementVersion | None, on: date, texts: dict[str, str]) -> str:
    """A hash over the version before, the day and the texts: no version is slipped in or changed unseen."""
    before = last.sha256 if last else ""
    parts = [before, on.isoformat(), *(texts[language] for language in sorted(texts))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
