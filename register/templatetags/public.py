"""What the public pages' frame needs: the company's details, through whichever login answers the page."""

from __future__ import annotations

from django import template

from register import access
from register.models import Registrar

register = template.Library()


@register.simple_tag
def registrar() -> Registrar | None:
    """The company that keeps the register; None before it has been entered."""
    return Registrar.objects.using(_alias()).first()


def _alias() -> str:
    try:
        return access.alias()
    except access.NobodyActs:
        return "default"
