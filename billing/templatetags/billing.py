"""How billing's pages show reference numbers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django import template
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from billing import figures, outgoing, references
from billing.models import Invoice, Rule, Sending
from billing.standing import Debt
from billing.views import due_rows
from customers.templatetags.contacts import euros, quantity

register = template.Library()


@register.filter
def reference(number: str) -> str:
    """In groups of five from the right: 2026 00017; an RF reference in fours."""
    return references.print_format(number)


@register.filter
def like(number: str, other: str) -> str:
    """A reference number as RF where the other is one."""
    return references.like(number, other)


@register.filter
def payment_state(invoice: Invoice) -> str:
    """What has become of an issued invoice: "paid", "late", "open", or nothing where nothing is owed."""
    receivable = getattr(invoice, "receivable", None)
    if receivable is None:
        return ""
    if not receivable.open:
        return "costs" if receivable.costs else "paid"
    return "late" if receivable.due_on < localdate() else "open"


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


@register.filter
def negated(amount: Decimal) -> Decimal:
    """What is taken off, told as such: a discount with its minus, and that of a credit note without one."""
    return -amount


@register.filter
def exact(amount: Decimal) -> str:
    """Euros before rounding, to four decimals: 3,9041 €"""
    return formats.number_format(amount, decimal_pos=4, use_l10n=True, force_grouping=True) + "\xa0€"


@register.filter
def due(debts: Iterable[Debt]) -> SafeString:
    """The rows of the due list."""
    return due_rows.due(debts)


@register.filter
def next_step(debt: Debt) -> SafeString:
    """What is lawful next with a debt, and the reason that decides."""
    return due_rows.next_step(debt)


@register.filter
def written_reference(number: str) -> str:
    """As `reference`; one whose check digit is wrong as the bank wrote it."""
    return references.written(number)


@register.filter
def became_of(row: Sending) -> str:
    """What became of a sending, in words."""
    return outgoing.explained(row)
