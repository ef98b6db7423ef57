"""The record of processing activities (GDPR Art. 30) and the inventory as a table; both made from the code."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass, fields

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register import inventory
from register.inventory import Entry, Kind, Place, Text
from register.models import Registrar
from register.roles import Role

TITLES: tuple[Text, ...] = (
    gettext_lazy("Category of data"),
    gettext_lazy("Purpose"),
    gettext_lazy("Legal basis"),
    gettext_lazy("Whose data"),
    gettext_lazy("Where it is"),
    gettext_lazy("Source"),
    gettext_lazy("Who sees it"),
    gettext_lazy("Recipients"),
    gettext_lazy("Kept"),
    gettext_lazy("On erasure"),
)


@dataclass(frozen=True)
class Activity:
    """One category of data in the record; every field is words."""

    label: str
    purpose: str
    basis: str
    subjects: str
    where: str
    source: str
    seen_by: str
    recipients: str
    kept: str
    on_erasure: str

    def columns(self) -> list[tuple[str, str]]:
        """Title and text of each field, in order."""
        texts = [str(getattr(self, field.name)) for field in fields(self)]
        return list(zip(map(str, TITLES), texts, strict=True))


def activities() -> list[Activity]:
    """The record, a line a kind, in the active language."""
    return [_activity(kind) for kind in inventory.kinds()]


def head(registrar: Registrar) -> list[tuple[str, str]]:
    """Who is responsible, and what holds for every line (Art. 30(1)(a), (e) and (g))."""
    return [
        (_("Registrar"), f"{registrar.name}, {registrar.business_id}"),
        (_("Address"), f"{registrar.street}, {registrar.postal_code} {registrar.city}"),
        (_("Person in charge"), f"{registrar.contact_person}, {registrar.contact_email}, {registrar.phone}"),
        (_("Transfers outside the EU and EEA"), _("None.")),
        (
            _("Security measures"),
            _(
                "Personal accounts; each role reaches the database with its own login and rights; "
                "viewing and changing personal data is recorded in an audit that nobody can change."
            ),
        ),
        *((str(place.label), f"{place.where}; {place.erased_by}") for place in _copies()),
    ]


def _copies() -> list[Place]:
    """Where copies of data of every kind lie."""
    return [place for place in inventory.places() if place.kind is None]


def as_csv() -> str:
    """The record as CSV for a spreadsheet: semicolons, as Finnish spreadsheets expect."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([str(title) for title in TITLES])
    writer.writerows(astuple(activity) for activity in activities())
    return out.getvalue()


def as_markdown(registrar: Registrar) -> str:
    """The record as Markdown."""
    title = _("Record of processing activities")
    lines = [f"# {title}", ""]
    lines += [f"- **{term}:** {text}" for term, text in head(registrar)]
    for activity in activities():
        (_title, label), *rest = activity.columns()
        lines += ["", f"## {label}", "", *(f"- **{term}:** {text}" for term, text in rest if text)]
    return "\n".join(lines) + "\n"


def inventory_table() -> str:
    """docs/inventory.md: every field of every table, what it is, who sees it, how long, what erasure does."""
    with translation.override("en"):
        lines = [
            "# Inventory",
            "",
            "Every field of every table, from the declarations in the code: `manage.py inventory --write`.",
        ]
        for entry in inventory.entries():
            lines += ["", *_table(entry)]
        lines += ["", "## Outside the tables", "", "| place | kind | where | erased |", "|---|---|---|---|"]
        lines += [
            f"| {place.name} | {place.kind.label if place.kind else 'every kind'} | {place.where} | {place.erased_by} |"
            for place in inventory.places()
        ]
        return "\n".join(lines) + "\n"


def erasure_words(kind: Kind) -> str:
    """What erasure does to data of a kind."""
    rule = kind.on_erasure
    if rule.statute:
        return _("kept by law: %(law)s") % {"law": rule.statute.sentence()}
    return {
        "blank": _("emptied"),
        "replace": _("replaced by “%(value)s”") % {"value": rule.value},
        "row": _("the row is deleted"),
    }[rule.how]


def _activity(kind: Kind) -> Activity:
    subjects = [str(model._meta.verbose_name_plural) for model in inventory.subjects_of(kind)]
    tables = [str(entry.model._meta.verbose_name_plural) for entry in inventory.entries_of(kind)]
    places = [str(place.where) for place in inventory.places() if place.kind is kind]
    copies = [str(place.label) for place in _copies()]
    return Activity(
        label=str(kind.label),
        purpose=str(kind.purpose),
        basis=str(kind.basis.label),
        subjects=", ".join(subjects),
        where="; ".join(dict.fromkeys([*tables, *places, *copies])),
        source=str(kind.source),
        seen_by=_role_names(kind.seen_by),
        recipients=str(kind.recipients),
        kept=kind.keep.sentence(),
        on_erasure=erasure_words(kind),
    )


def _role_names(roles: frozenset[Role]) -> str:
    return ", ".join(str(role.label) for role in Role if role in roles)


def _table(entry: Entry) -> list[str]:
    lines = [f"## {entry.table}", "", f"{entry.label}; {_whom(entry)}; read by {_readers(entry)}."]
    if entry.personal():
        lines += ["", "| field | kind | who sees | kept | on erasure |", "|---|---|---|---|---|"]
    for name, kind in entry.personal().items():
        cells = (name, kind.label, _role_names(kind.seen_by), kind.keep.sentence(), erasure_words(kind))
        lines.append(f"| {' | '.join(map(str, cells))} |")
    if entry.shell:
        kind = entry.shell.kind
        lines += ["", f"Then only figures are left, as “{kind.label}”: {kind.keep.sentence()}."]
    plain = [name for name, declared in entry.fields.items() if declared.kind is None]
    if plain:
        lines += ["", f"Not personal: {', '.join(plain)}."]
    return lines


def _whom(entry: Entry) -> str:
    return f"about {', '.join(entry.about)}" if entry.about else "about nobody"


def _readers(entry: Entry) -> str:
    return ", ".join(sorted(login.value for login in entry.access.readers())) or "nobody"
