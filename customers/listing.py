"""The lists of customers and people: filtered, in Finnish order, page after page without counting a million rows.

A page begins after the row the last one ended with (keyset), so page 1,000 costs what page 1 costs. The row is named
by its number alone, so that no name stands in an address. A page asked for by its number alone is counted from the
beginning once, and its place remembered for a minute.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.core.cache.backends.locmem import LocMemCache
from django.db import connections
from django.db.models import Exists, F, Lookup, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from customers import search
from customers.models import Customer, Person, Relationship, Representation
from register import access
from register.models import Language

PER_PAGE = 50

COUNTED = 10_000
"""Rows that are counted exactly; of more the planner's estimate is shown, and said to be one."""

REMEMBERED = 60
"""Seconds for which an estimate, and the place of a page that was asked for by its number, are kept."""

PLACES = LocMemCache("places of pages, estimates", {})
"""This process's own: it only saves counting, so no other process needs to know."""

BEFORE_ALL = date(1, 1, 1)
"""Stands for an unknown date in the order by it: unknown ones are the oldest."""


@dataclass(frozen=True)
class Order:
    """An order of a list: by one expression and then by the key, so that equal names keep their places."""

    expression: Any
    key: str = "id"
    among: Q = Q()
    """Who has a place in this order: what lets the database read it from an index."""

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(self.among).annotate(place=self.expression)

    def sort(self, rows: QuerySet[Any], *, descending: bool) -> QuerySet[Any]:
        """In this order or the opposite one; `of` gave the rows their place."""
        sign = "-" if descending else ""
        return rows.order_by(f"{sign}place", f"{sign}{self.key}")

    def keys(self, rows: QuerySet[Any], *, descending: bool) -> list[int]:
        """The first keys in this order, one more than a page."""
        return list(self.sort(rows, descending=descending).values_list("pk", flat=True)[: PER_PAGE + 1])

    def beyond(self, rows: QuerySet[Any], place: tuple[Any, Any], *, descending: bool) -> QuerySet[Any]:
        """The rows after a place: at least its value (the index begins there), and behind it."""
        value, key = place
        than = "lt" if descending else "gt"
        behind = Q((f"place__{than}", value)) | Q((f"{self.key}__{than}", key))
        return self.of(rows).filter(Q((f"place__{than}e", value)), behind)


@dataclass(frozen=True)
class Filtered:
    """What filters leave; `ids` when a text was looked for, `only_text` when nothing else was asked."""

    rows: QuerySet[Any]
    ids: list[int] | None = None
    cut: bool = False
    only_text: bool = False


@dataclass(frozen=True)
class Total:
    """How many there are; `about`: the planner's estimate, rounded; `cut`: more match than a list holds."""

    rows: int
    about: bool = False
    cut: bool = False

    @property
    def pages(self) -> int:
        return max(1, math.ceil(self.rows / PER_PAGE))


@dataclass(frozen=True)
class State:
    """What the address of a list says: its filters, its order, where it stands."""

    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    after: int | None = None
    before: int | None = None
    last: bool = False

    def query(self, **changes: Any) -> str:
        """The query string of this state with changes; a changed filter or order begins on page 1."""
        state = replace(self, **changes)
        place = {"page": state.page, "after": state.after, "before": state.before, "last": int(state.last)}
        shown = {name: value for name, value in {**state.filters, "sort": state.sort}.items() if value}
        shown |= {name: str(value) for name, value in place.items() if value and (name, value) != ("page", 1)}
        return urlencode(shown)

    def first_page(self, **changes: Any) -> str:
        """The address of the first page, or of the place that the changes name."""
        return self.query(**({"page": 1, "after": None, "before": None, "last": False} | changes))


@dataclass(frozen=True)
class Page:
    """One page of a list, with the addresses of the pages around it."""

    state: State
    rows: list[Any]
    total: Total
    number: int
    has_previous: bool
    has_next: bool

    @property
    def first_row(self) -> int:
        return (self.number - 1) * PER_PAGE + 1

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1

    @property
    def first_url(self) -> str:
        return self.state.first_page()

    @property
    def previous_url(self) -> str:
        if self.number <= 2:
            return self.state.first_page()
        return self.state.first_page(page=self.number - 1, before=self.rows[0].pk)

    @property
    def next_url(self) -> str:
        return self.state.first_page(page=self.number + 1, after=self.rows[-1].pk)

    @property
    def last_url(self) -> str:
        return self.state.first_page(page=self.total.pages, last=True)


@dataclass(frozen=True)
class Listing:
    """A list: the orders and filters it knows, the rows that filters leave, and what each row shows besides."""

    model: type[Customer | Person]
    letter: str
    """What stands before the number of each row."""
    orders: Mapping[str, Order]
    choices: Mapping[str, Sequence[str]]
    """The filters with their values; free ones have none."""
    filtered: Callable[[Mapping[str, str]], Filtered]
    facts: str
    """The query that fills the rows of one page."""

    def state(self, asked: Mapping[str, str]) -> State:
        """The state that an address asks for; what makes no sense in it is left out."""
        filters = {name: asked.get(name, "").strip()[: search.LONGEST] for name in self.choices}
        sort = asked.get("sort", "")
        return State(
            filters={
                name: value
                for name, value in filters.items()
                if value and (not self.choices[name] or value in self.choices[name])
            },
            sort=sort if sort.removeprefix("-") in self.orders else "",
            page=max(1, min(_number(asked.get("page")) or 1, 1_000_000)),
            after=_number(asked.get("after")),
            before=_number(asked.get("before")),
            last=asked.get("last") == "1",
        )

    def page(self, state: State) -> Page:
        """One page. A row that has gone since, or a page beyond the end, leads to the first page."""
        found = self.filtered(state.filters)
        total = _total(found, state.filters)
        rows = self._slice(found.rows, state, total)
        if not rows and (state.page > 1 or state.after or state.before or state.last):
            return self.page(State(state.filters, state.sort))
        backwards = state.before is not None or state.last
        more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
        if state.last and not total.about:
            rows = rows[: total.rows % PER_PAGE or PER_PAGE]
        if backwards:
            rows.reverse()
        number = total.pages if state.last else state.page
        return Page(
            state=state,
            rows=self._filled(rows),
            total=total,
            number=number,
            has_previous=number > 1,
            has_next=state.before is not None or (more and not state.last),
        )

    def _slice(self, rows: QuerySet[Any], state: State, total: Total) -> list[int]:
        """The keys of one row more than a page, so that it is known whether another follows; from the end backwards."""
        order = self.orders[state.sort.removeprefix("-") or DEFAULT]
        descending = state.sort.startswith("-") != (state.before is not None or state.last)
        anchor = state.after or state.before
        if anchor is not None:
            place = self._place(anchor, order)
        elif state.page > 1 and not state.last:
            place = self._end_of_page(rows, state, total, order, descending=descending)
        else:
            return order.keys(order.of(rows), descending=descending)
        if place is None:
            return []
        return order.keys(order.beyond(rows, place, descending=descending), descending=descending)

    def _place(self, anchor: int, order: Order) -> tuple[Any, Any] | None:
        rows = order.of(self.model._default_manager.filter(pk=anchor))
        return rows.values_list("place", order.key).first()

    def _end_of_page(
        self, rows: QuerySet[Any], state: State, total: Total, order: Order, *, descending: bool
    ) -> tuple[Any, Any] | None:
        """The place before a page that was asked for by its number alone: counted once, then remembered."""
        words = repr(
            (self.model._meta.label, sorted(state.filters.items()), state.sort, state.page, total.rows)
        )
        key = "list:" + hashlib.sha256(words.encode()).hexdigest()
        known: int | None = PLACES.get(key)
        if known is not None and (place := self._place(known, order)) is not None:
            return place
        ordered = order.sort(order.of(rows), descending=descending).values_list("pk", flat=True)
        found = ordered[(state.page - 1) * PER_PAGE - 1 :].first()
        PLACES.set(key, found, REMEMBERED)
        return None if found is None else self._place(found, order)

    def _filled(self, ids: list[int]) -> list[Any]:
        """What the page shows of each row, by one query."""
        found = {row["pk"]: SimpleNamespace(**row) for row in search.named_rows(self.facts, {"ids": ids})}
        return [found[pk] for pk in ids if pk in found]


def _total(found: Filtered, filters: Mapping[str, str]) -> Total:
    """Counted when the planner expects few, otherwise its estimate to two figures."""
    rows = found.rows.order_by()
    if found.ids is not None and found.only_text:
        return Total(len(found.ids), cut=found.cut)
    key = _remembered(found.rows.model._meta.label, filters)
    if known := PLACES.get(key):
        return Total(known, about=True)
    expected = json.loads(rows.values("pk").explain(format="json"))[0]["Plan"]["Plan Rows"]
    if expected > COUNTED:
        about = round(expected, 2 - len(str(expected)))
        PLACES.set(key, about, REMEMBERED)
        return Total(about, about=True)
    counted = rows.values("pk")[: 2 * COUNTED].count()
    return Total(counted, about=counted == 2 * COUNTED, cut=found.cut)


def _remembered(label: str, filters: Mapping[str, str], *place: Any) -> str:
    """The key of what is remembered of a list; a digest, since a filter may be a name."""
    words = repr((connections[access.alias()].settings_dict["NAME"], label, sorted(filters.items()), place))
    return hashlib.sha256(words.encode()).hexdigest()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 16 else None


# --- the two lists -----------------------------------------------------------------------------------

CUSTOMER_FACTS = """
SELECT c.id AS pk, c.name, c.business_id, r.status, r.since,
       (SELECT e.address FROM customers_emailaddress e
         WHERE (e.customer_id = c.id OR e.person_id = c.person_id) AND e.ended_on IS NULL
         ORDER BY e."primary" DESC, e.id LIMIT 1) AS email,
       (SELECT p.number FROM customers_phonenumber p
         WHERE (p.customer_id = c.id OR p.person_id = c.person_id) AND p.ended_on IS NULL
         ORDER BY p."primary" DESC, p.id LIMIT 1) AS phone,
       (SELECT array_agg(t.name ORDER BY t.name)
          FROM customers_relationship_tags m JOIN customers_tag t ON t.id = m.tag_id
         WHERE m.relationship_id = r.id) AS tags
  FROM customers_customer c LEFT JOIN customers_relationship r ON r.customer_id = c.id
 WHERE c.id = ANY (%(ids)s)
"""
PERSON_FACTS = """
SELECT h.id AS pk, h.given_name, h.family_name,
       (SELECT e.address FROM customers_emailaddress e WHERE e.person_id = h.id AND e.ended_on IS NULL
         ORDER BY e."primary" DESC, e.id LIMIT 1) AS email,
       (SELECT p.number FROM customers_phonenumber p WHERE p.person_id = h.id AND p.ended_on IS NULL
         ORDER BY p."primary" DESC, p.id LIMIT 1) AS phone,
       (SELECT json_agg(json_build_array(c.id, c.name, r.title) ORDER BY r.id)
          FROM customers_representation r JOIN customers_customer c ON c.id = r.customer_id
         WHERE r.person_id = h.id AND r.until IS NULL) AS companies,
       (SELECT c.id FROM customers_customer c WHERE c.person_id = h.id) AS customer
  FROM customers_person h WHERE h.id = ANY (%(ids)s)
"""


class Among(Lookup):  # type: ignore[type-arg]
    """``id = ANY (array)``: one parameter, however many ids."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        lhs, parameters = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY (%s)", [*parameters, self.rhs]


def tags() -> list[tuple[Any, ...]]:
    """All tags: their keys and names."""
    return access.ask("SELECT id, name FROM customers_tag ORDER BY name")


def _customers(filters: Mapping[str, str]) -> Filtered:
    rows = Customer.objects.present()
    if status := filters.get("status"):
        rows = rows.filter(relationship__status=status)
    if kind := filters.get("kind"):
        rows = rows.filter(kind=kind)
    if language := filters.get("language"):
        rows = rows.filter(language=language)
    if tag := _number(filters.get("tag")):
        rows = rows.filter(relationship__tags=tag)
    if "q" not in filters:
        return Filtered(rows)
    found = search.customers_matching(filters["q"])
    return Filtered(
        rows.filter(Among(F("pk"), found.ids)), found.ids, cut=found.more, only_text=len(filters) == 1
    )


def _people(filters: Mapping[str, str]) -> Filtered:
    rows = Person.objects.present()
    if language := filters.get("language"):
        rows = rows.filter(language=language)
    if kind := filters.get("kind"):
        rows = rows.filter(
            {
                "contact": Exists(Representation.objects.filter(person=OuterRef("pk"), until=None)),
                "customer": Q(private_customer__isnull=False),
                "neither": Q(private_customer=None)
                & ~Exists(Representation.objects.filter(person=OuterRef("pk"))),
            }[kind]
        )
    if "q" not in filters:
        return Filtered(rows)
    found = search.people_matching(filters["q"])
    return Filtered(
        rows.filter(Among(F("pk"), found.ids)), found.ids, cut=found.more, only_text=len(filters) == 1
    )


DEFAULT = "name"

CUSTOMERS = Listing(
    model=Customer,
    letter="K",
    orders={
        "name": Order(F("sort_key")),
        "number": Order(F("id")),
        "since": Order(
            Coalesce("relationship__since", Value(BEFORE_ALL)),
            key="relationship__customer_id",
            among=Q(relationship__isnull=False),
        ),
    },
    choices={
        "q": (),
        "status": Relationship.Status.values,
        "kind": Customer.Kind.values,
        "tag": (),
        "language": Language.values,
    },
    filtered=_customers,
    facts=CUSTOMER_FACTS,
)

PEOPLE = Listing(
    model=Person,
    letter="H",
    orders={"name": Order(F("sort_key")), "number": Order(F("id"))},
    choices={"q": (), "kind": ("contact", "customer", "neither"), "language": Language.values},
    filtered=_people,
    facts=PERSON_FACTS,
)
