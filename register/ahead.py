"""Reading ahead: the next rows of a file are read by a thread while the last ones are worked on.

Reading is Python's work, booking mostly the database's: while one waits for the other, both cores are used. No more
than two lists are in memory at once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from django.utils import translation

Item = TypeVar("Item")


def in_lists(items: Iterable[Item], size: int) -> Generator[list[Item], None, None]:
    """The items in their order, in lists of `size`. What reading raises is raised when its list is asked for.

    The items are read by one thread, in the caller's language; they ask no database.
    """
    source, language = iter(items), translation.get_language()

    def read() -> list[Item]:
        with translation.override(language):
            return list(islice(source, size))

    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(read)
        while some := coming.result():
            coming = thread.submit(read)
            yield some
