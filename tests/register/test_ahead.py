"""Reading ahead: the order stays, errors come in their place, and no more is read than the next list."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.utils import translation

from register import ahead


def test_the_items_come_in_their_order_in_lists() -> None:
    assert list(ahead.in_lists(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(ahead.in_lists([], 3)) == []


def test_an_error_comes_after_the_lists_before_it() -> None:
    def broken() -> Iterator[int]:
        yield from range(4)
        raise ValueError("line 5")

    lists = ahead.in_lists(broken(), 2)
    assert [next(lists), next(lists)] == [[0, 1], [2, 3]]
    with pytest.raises(ValueError, match="line 5"):
        next(lists)


def test_one_list_is_read_while_another_is_worked_on_and_no_more() -> None:
    read: list[int] = []
    reached = threading.Event()

    def source() -> Iterator[int]:
        for item in range(100):
            read.append(item)
            if item == 19:
                reached.set()
            yield item

    with closing(ahead.in_lists(source(), 10)) as lists:
        assert next(lists) == list(range(10))
        assert reached.wait(10), "nothing is read while the first list is worked on"
    assert read == list(range(20))


def test_what_is_read_speaks_the_language_of_its_caller() -> None:
    def source() -> Iterator[str]:
        yield translation.get_language()

    with translation.override("sv"):
        assert list(ahead.in_lists(source(), 1)) == [["sv"]]
