"""How billing's pages show reference numbers."""

from __future__ import annotations

from django import template

from billing import references

register = template.Library()


@register.filter
def reference(number: str) -> str:
    """In groups of five from the right: 2026 00017."""
    return references.print_format(number)


@register.filter
def written_reference(number: str) -> str:
    """As `reference`; one whose check digit is wrong as the bank wrote it."""
    return references.print_format(number) if references.is_valid(number) else number
