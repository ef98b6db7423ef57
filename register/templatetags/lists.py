"""The link back to the list from which a page was opened."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from register import lists

register = template.Library()


@register.simple_tag(takes_context=True)
def way_back(context: template.Context, default: str) -> SafeString:
    """``{% way_back "customers:customers" %}``: ← Customers, as that list was left."""
    way = lists.way_back(context["request"], default)
    return format_html('<a href="{}">← {}</a>', way.url, way.title)
