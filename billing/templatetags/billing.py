"""How billing's pages show reference numbers."""

from __future__ import annotations

from django import template

from billing import references

register = template.Library()


@register.filter
def reference(number: str) -> str:
    """In groups of five from the right: 2026 00017."""
    return references.print_format(number)
