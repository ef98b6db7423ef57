"""The rows of the long lists, written without the template engine: fifty rows by it cost more than all the rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from customers.models import Relationship

CUSTOMER = (
    '<tr><td class="select"><input type="checkbox" name="chosen" value="{pk}" aria-label="{choose} K{pk}"></td>'
    '<td class="name"><a href="K{pk}/">{name}</a>{beside}</td><td class="number">K{pk}</td><td>{email}</td>'
    '<td class="number">{phone}</td><td>{status}</td><td class="number">{since}</td></tr>\n'
)
PERSON = (
    '<tr><td class="name"><a href="H{pk}/">{name}</a></td><td class="number">H{pk}</td><td>{represents}</td>'
    '<td>{email}</td><td class="number">{phone}</td></tr>\n'
)
COLOURS = {Relationship.Status.PROSPECT: "blue", Relationship.Status.ACTIVE: "green"}


def customers(rows: Iterable[Any]) -> SafeString:
    """Rows of customers; every value is escaped here."""
    choose = escape(_("Choose"))
    chips = {
        value: f'<span class="chip {COLOURS.get(value, "")}">{escape(str(label))}</span>'  # type: ignore[call-overload]
        for value, label in Relationship.Status.choices
    }
    return _joined(_customer(row, choose, chips) for row in rows)


def people(rows: Iterable[Any]) -> SafeString:
    """Rows of people; every value is escaped here."""
    private = escape(_("private customer"))
    return _joined(_person(row, private) for row in rows)


def options(choices: Iterable[tuple[Any, Any]], chosen: str | None) -> SafeString:
    """The options of a select, the chosen one marked."""
    return _joined(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(str(label))}</option>'
        for value, label in ((str(key), label) for key, label in choices)
    )


def _customer(row: Any, choose: str, chips: dict[str, str]) -> str:
    beside = f' <span class="muted small number">{escape(row.business_id)}</span>' if row.business_id else ""
    for tag in row.tags or ():
        beside += f' <span class="chip">{escape(tag)}</span>'
    return CUSTOMER.format(
        pk=row.pk,
        choose=choose,
        name=escape(row.name),
        beside=beside,
        email=escape(row.email or ""),
        phone=escape(row.phone or ""),
        status=chips.get(row.status, ""),
        since=_day(row.since, get_language()) if row.since else "",
    )


def _person(row: Any, private: str) -> str:
    links = [f'<a href="../customers/K{row.customer}/">{private}</a>'] if row.customer else []
    for pk, name, title in row.companies or ():
        link = f'<a href="../customers/K{pk}/">{escape(name)}</a>'
        links.append(f'{link} <span class="muted small">{escape(title)}</span>' if title else link)
    return PERSON.format(
        pk=row.pk,
        name=escape(f"{row.family_name} {row.given_name}".strip()),
        represents=", ".join(links),
        email=escape(row.email or ""),
        phone=escape(row.phone or ""),
    )


@lru_cache(maxsize=10_000)
def _day(day: date, language: str | None) -> str:
    """As the reader's language writes it; days come again and again."""
    return escape(date_format(day, "SHORT_DATE_FORMAT"))


def _joined(rows: Iterable[str]) -> SafeString:
    return mark_safe("".join(rows))  # noqa: S308  (each value was escaped above)
