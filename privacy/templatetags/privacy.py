"""How the owner's pages show the days that are left: by colour and in words."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("privacy/owner/days.html")
def days_left(urgency: str, days: int) -> dict[str, Any]:
    """A chip: "12 days left", "today", "3 days late"."""
    return {"urgency": urgency, "days": days, "late": -days}
