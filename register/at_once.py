"""Rows of several tables by one statement, as instances of their models.

A page about somebody shows a little of many tables. Asked table by table, most of its time goes into putting questions
together; one statement that brings each table's rows as JSON (``json_agg(t)``) costs as much as one of them. Only for
pages that are opened all day, and read like everything else through the acting login.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.db import models

from register import access

M = TypeVar("M", bound=models.Model)


def one(model: type[M], row: dict[str, Any]) -> M:
    """A whole row of the model's table that came as JSON."""
    read = _readers(model)
    return model.from_db(access.alias(), list(read), [convert(row[name]) for name, convert in read.items()])


def many(model: type[M], rows: list[dict[str, Any]] | None) -> list[M]:
    """Whole rows of the model's table that came as a JSON list; none at all come as null."""
    return [one(model, row) for row in rows or ()]


def bring(row: models.Model, **related: list[Any]) -> None:
    """Give a row what belongs to it, as `prefetch_related` does: ``row.people.all()`` asks nobody any more."""
    vars(row).setdefault("_prefetched_objects_cache", {}).update(related)


@lru_cache(maxsize=100)
def _readers(model: type[models.Model]) -> dict[str, Callable[[Any], Any]]:
    """How each column's value is made again of its JSON."""
    return {field.attname: field.to_python for field in model._meta.concrete_fields}
