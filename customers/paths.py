"""The addresses of numbered pages: taken from the URLs once, then put together; `reverse` costs ten times as much."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse

NUMBER = 987654321
"""Stands for any number while an address is taken apart."""


def of(page: str, number: int, *arguments: str) -> str:
    """The address of a page by its number and what its URL holds after it: ``of("person", 1001)``."""
    before, after = _around(page, (NUMBER, *arguments))
    return f"{before}{number}{after}"


def of_detail(sort: str, number: int) -> str:
    """The address of a contact detail of a sort."""
    before, after = _around("detail", (sort, NUMBER))
    return f"{before}{number}{after}"


@lru_cache(maxsize=200)
def _around(page: str, arguments: tuple[int | str, ...]) -> tuple[str, str]:
    """What stands before and after the number."""
    before, __, after = reverse(f"customers:{page}", args=list(arguments)).partition(str(NUMBER))
    return before, after
