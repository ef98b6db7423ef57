"""How billing's pages show reference numbers."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from billing import figures, references
from billing.models import Rule
from customers.templatetags.contacts import euros, quantity

register = template.Library()


@register.filter
def reference(number: str) -> str:
    """In groups of five from the right: 2026 00017."""
    return references.print_format(number)


@register.filter
def figure(row: Rule) -> str:
    """A row's value as people read it: 2,5 %, 5,00 €, 14 days, or the words of a setting."""
    choices = figures.CHOICES.get(row.code)
    if choices is not None:
        return str(choices.get(int(row.value), row.value))
    if row.code in figures.PERCENT:
        return f"{quantity(row.value)} %"
    if row.code in figures.DAYS:
        return _("%(n)s days") % {"n": quantity(row.value)}
    if row.code in figures.YEARS:
        return _("%(n)s years") % {"n": quantity(row.value)}
    return euros(row.value)
