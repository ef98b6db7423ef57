"""How the pages of customers show phone numbers, addresses of forms, and amounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.db.models import Model
from django.utils import formats

from customers import paths, phones
from customers.models import Assignment, Customer, Interaction, Person, PhoneNumber
from customers.views import subjects

register = template.Library()

STATUS_COLOURS = {
    "prospect": "blue",
    "active": "green",
    "former": "",
    "offer": "blue",
    "agreed": "amber",
    "in_progress": "amber",
    "done": "green",
    "invoiced": "green",
    "closed": "",
}
KIND_ICONS = {"email": "mail", "call": "phone", "meeting": "meeting", "letter": "letter", "note": "note"}


@register.filter
def phone(number: PhoneNumber) -> str:
    """As a Finn writes it where it could be read (040 123 4567), otherwise as typed."""
    if not number.e164:
        return number.number
    return phones.parse(number.e164).display


@register.filter
def euros(amount: Decimal) -> str:
    """1 088,36 €"""
    return formats.number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True) + "\xa0€"


@register.filter
def price(amount: Decimal) -> str:
    """A unit price with the decimals it has, two at least: 12,345 €, 89,00 €"""
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return formats.number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True) + "\xa0€"


@register.filter
def quantity(amount: Decimal) -> str:
    """Without needless zeros: 10, 2,5."""
    plain = amount.normalize()
    places = max(0, -int(plain.as_tuple().exponent))
    return formats.number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def status_colour(status: str) -> str:
    """The chip's colour of a relationship's or assignment's status."""
    return STATUS_COLOURS.get(status, "")


@register.filter
def icon(entry: Interaction) -> str:
    """The icon of a timeline entry."""
    return KIND_ICONS.get(entry.kind, "note")


@register.filter
def page(number: int, name: str) -> str:
    """The address of a page by its number: ``{{ entry.pk|page:"entry" }}``."""
    return paths.of(name, number)


@register.filter
def detail_page(number: int, sort: str) -> str:
    """The address of a contact detail of a sort."""
    return paths.of_detail(sort, number)


@register.filter
def choice(row: Model, name: str) -> str:
    """The words of a field's choice: as ``get_…_display``, which puts all choices into words each time."""
    value = getattr(row, name)
    return str(_choices(type(row), name).get(value, value))


@lru_cache(maxsize=50)
def _choices(model: type[Model], name: str) -> dict[Any, Any]:
    field: Any = model._meta.get_field(name)
    return dict(field.flatchoices)


@register.filter
def lateness(due_on: date, today: date) -> int:
    """Days late; 0 on the day, negative before it."""
    return (today - due_on).days


@register.simple_tag
def detail_url(subject: Customer | Person, sort: str) -> str:
    """Where a contact detail is added."""
    return subjects.related(subject, "add_detail", sort)


@register.simple_tag
def related_url(subject: Customer | Person, page: str) -> str:
    """A page that both customers and people have: log, timeline, represent, add_task."""
    return subjects.related(subject, page)


@register.simple_tag
def subject_url(subject: Customer | Person | Assignment) -> str:
    """The page of a customer, person or assignment."""
    return subjects.url(subject)
