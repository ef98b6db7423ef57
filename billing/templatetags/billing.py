"""How billing's pages show reference numbers."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from billing import references
from billing.standing import Debt
from billing.views import due_rows

register = template.Library()


@register.filter
def reference(number: str) -> str:
    """In groups of five from the right: 2026 00017."""
    return references.print_format(number)


@register.filter
def due(debts: Iterable[Debt]) -> SafeString:
    """The rows of the due list."""
    return due_rows.due(debts)


@register.filter
def next_step(debt: Debt) -> SafeString:
    """What is lawful next with a debt, and the reason that decides."""
    return due_rows.next_step(debt)
