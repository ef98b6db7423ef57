"""Django's `i18n` tags, where a plain ``{% trans "…" %}`` is translated once a language and not for every page.

The frame alone says twenty such words. Takes the place of the library `i18n` (settings.TEMPLATES), so templates and
the collecting of their texts stay as everywhere.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import Node, Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class Said(Node):
    """A text without variables in each language it was asked for."""

    def __init__(self, words: Node) -> None:
        self.words = words
        self.said: dict[str | None, Any] = {}

    def render(self, context: template.Context) -> Any:
        language = get_language()
        if language not in self.said:
            self.said[language] = self.words.render(context)
        return self.said[language]


@register.tag("translate")
@register.tag("trans")
def trans(parser: Parser, token: Token) -> Node:
    """``{% trans "Name" %}``; with a variable, a filter, a context or ``as`` it is Django's own."""
    node: Any = i18n.do_translate(parser, token)
    is_plain = len(token.split_contents()) == 2 and not node.filter_expression.filters
    return Said(node) if is_plain and isinstance(node.filter_expression.var.literal, str) else node
