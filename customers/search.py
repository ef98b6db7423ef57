"""Find customers, people and assignments by any fragment of what is known of them.

Every party has one search document: folded facts, one a line, kept by database triggers on whatever path a fact
changes (migration 0003). A search takes its candidates from the document's trigram index as a materialised, fenced
set, and while it searches the planner may walk no table that has an index, however stale its statistics; only the
candidates are ranked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.db import connections

from customers import paths, phones, search_statements
from customers.models import Assignment, Customer, Person
from register import access, finnish

LONGEST = 200
MOST_WORDS = 6
SHORTEST = 3
"""A word of fewer characters has no trigram: names that begin with it are found, nothing more."""

FENCE = 200
"""Candidates that are ranked; more than these are no answer to a person who looks for somebody."""

LIST_FENCE = 5_000
"""Parties a list is filtered down to by a text; above it the list says that there are more."""

WALK = 20_000
"""Documents that are looked through one by one where at least as many are expected to match."""

SIZES = LocMemCache("search", {"TIMEOUT": 600})
"""About how many documents a database has: this process's own."""

SHOWN = 20
"""Hits of each group on the results page."""

LIKENESS = 0.5
"""Word similarity (pg_trgm) above which a slip of the pen is forgiven."""

SIMILAR_FENCE = 2_000
"""Documents that are looked at when something is misspelt."""

COMPARED = 500
"""Names that are compared with it: those with a word that is about as long."""

NUMBERED = re.compile(r"(?P<letter>[kht]?) ?(?P<digits>[0-9]{1,15})")
PHONE_LIKE = re.compile(r"[+(]?[0-9][0-9()+\-./ ]*")


@dataclass(frozen=True)
class Wanted:
    """What was typed, as the documents are read."""

    phrase: str
    words: tuple[str, ...]
    letter: str = ""
    number: int | None = None

    @property
    def patterns(self) -> list[str]:
        """What a document must contain, longest first; words with dots in their bare form, too."""
        found = [*self.words, *(finnish.bare(word) for word in self.words)]
        return [like(word) for word in sorted(dict.fromkeys(found), key=len, reverse=True)]

    @property
    def is_short(self) -> bool:
        return all(len(word) < SHORTEST for word in self.words)

    @property
    def may_be_misspelt(self) -> bool:
        return self.number is None and any(
            len(word) > SHORTEST and word.replace("-", "").isalpha() for word in self.words
        )


@dataclass(frozen=True)
class Hit:
    """One line of the results; `subject` carries the number and the page, not the row's other fields."""

    subject: Any
    name: str
    details: tuple[str, ...]

    @property
    def url(self) -> str:
        return paths.of(str(self.subject._meta.model_name), self.subject.pk)


@dataclass(frozen=True)
class Results:
    """Hits by group, best first. `similar`: nothing matched exactly, these look like it."""

    customers: list[Hit]
    people: list[Hit]
    assignments: list[Hit]
    similar: bool = False
    more: bool = False

    def __bool__(self) -> bool:
        return bool(self.customers or self.people or self.assignments)

    def subjects(self) -> list[Any]:
        """Whose data is shown, for the audit."""
        return [hit.subject for hit in (*self.customers, *self.people, *self.assignments)]

    def parties(self) -> int:
        return len(self.customers) + len(self.people)


@dataclass(frozen=True)
class Matches:
    """The ids that a text leaves of a list; `more`: it was cut at the fence."""

    ids: list[int]
    more: bool


NOTHING = Results([], [], [])


def read(text: str) -> Wanted | None:
    """What was typed; None when there is nothing to look for."""
    folded = finnish.fold(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", text[:LONGEST]))
    if not folded:
        return None
    numbered = NUMBERED.fullmatch(folded)
    if PHONE_LIKE.fullmatch(folded) and len(digits := phones.query_digits(folded)) >= SHORTEST:
        return Wanted(folded, (digits,), number=int(numbered["digits"]) if numbered else None)
    words = tuple(dict.fromkeys(folded.split()))[:MOST_WORDS]
    if numbered:
        return Wanted(folded, words, letter=numbered["letter"], number=int(numbered["digits"]))
    return Wanted(folded, words)


def search(text: str, *, limit: int = SHOWN) -> Results:
    """Everything that matches all the words: exact first, then beginnings of names, of words, then the rest.

    When hardly anything matches, what looks similar is offered instead.
    """
    wanted = read(text)
    if wanted is None:
        return NOTHING
    parameters = _parameters(wanted, limit=limit)
    walk = _walk(search_statements.EXPECTED, parameters) if parameters["fence"] else 0
    results = _results(_rows_by_index(search_statements.FIND, parameters | {"walk": walk}), limit=limit)
    if results or not wanted.may_be_misspelt:
        return results
    parameters["walk"] = _walk(search_statements.EXPECTED_SIMILAR, parameters)
    return _results(access.ask(search_statements.SIMILAR, parameters), limit=limit, similar=True)


def customers_matching(text: str) -> Matches:
    """The customers that contain all the words, for a list's filter."""
    return _matching(text, search_statements.MATCHING_CUSTOMERS)


def people_matching(text: str) -> Matches:
    """The people that contain all the words, for a list's filter."""
    return _matching(text, search_statements.MATCHING_PEOPLE)


@contextmanager
def held_back() -> Iterator[None]:
    """Bulk work: the triggers only note whom they would have written; on leaving each document is written once.

    Inside one transaction (`access.acting` opens it). Refreshes the planner's statistics after more than 1,000.
    """
    access.ask("SELECT set_config('register.search', 'later', true)")
    yield
    access.ask("SELECT set_config('register.search', '', true)")
    access.ask("SELECT customers_settle_search()")


def differences() -> int:
    """How many documents are not what the facts say: 0, or a path around the triggers was found."""
    return int(access.ask(search_statements.DIFFERENCES)[0][0])


def like(word: str) -> str:
    """The LIKE pattern that finds a fragment literally."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"


def halves(word: str) -> list[str]:
    """LIKE patterns of documents with a word that begins with the first half or ends with the second."""
    first, second = like(word[: len(word) // 2])[1:], like(word[len(word) // 2 :])[:-1]
    return ["% " + first, "%\n" + first, second + " %", second + "\n%"]


def about_as_long(word: str) -> str:
    """A regular expression: a word that begins with the first half or ends with the second, at most two letters off."""
    middle = len(word) // 2
    first, second = re.escape(word[:middle]), re.escape(word[middle:])
    after, before = len(word) - middle, middle
    begins = rf"{first}\S{{{max(0, after - 2)},{after + 2}}}"
    ends = rf"\S{{{max(0, before - 2)},{before + 2}}}{second}"
    return rf"(^|\s)({begins}|{ends})(\s|$)"


# --- inside ------------------------------------------------------------------------------------------

HIGHEST = "\U0010ffff"
MODELS: dict[str, Any] = {"customer": Customer, "person": Person, "assignment": Assignment}


def _walk(expected: str, parameters: dict[str, Any]) -> int:
    """How many documents are looked through before the index is asked: none, unless very many are expected to match.

    The index lists all that match before the first can be taken; of a fragment that every fiftieth document holds,
    enough are found sooner by looking. Only great registers have such, so only there the planner is asked.
    """
    if _documents() < WALK * 10:
        return 0
    [(plan,)] = access.ask(expected, parameters)
    return WALK if plan[0]["Plan"]["Plan Rows"] >= WALK else 0


def _documents() -> int:
    """About how many documents there are; asked once in a while."""
    key = str(connections[access.alias()].settings_dict["NAME"])
    known: int | None = SIZES.get(key)
    if known is None:
        [(known,)] = access.ask(search_statements.DOCUMENTS)
        SIZES.set(key, known)
    return known


def _rows_by_index(query: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a search: for the rest of the transaction no table is read from end to end if an index will do."""
    access.ask("SELECT set_config('enable_seqscan', 'off', true)")
    return access.ask(query, parameters)


def _parameters(wanted: Wanted, *, limit: int = SHOWN) -> dict[str, Any]:
    patterns = wanted.patterns
    long_patterns = [*patterns[:3], "%", "%"][:3]
    longest = sorted((finnish.bare(word) for word in wanted.words), key=len, reverse=True)
    key = finnish.sort_key(wanted.phrase).split(finnish.SECOND_LEVEL)[0]
    titles = [like(word) for word in wanted.phrase.split()[:MOST_WORDS]]
    return {
        **dict(zip(("one", "two", "three"), long_patterns, strict=True)),
        "rest": patterns[3:],
        "starts": [like(f" {word}") for word in wanted.words],
        "phrase": wanted.phrase,
        "bare": finnish.bare(wanted.phrase),
        "halves": halves(longest[0]),
        "about_as_long": about_as_long(longest[0]),
        "similar_fence": SIMILAR_FENCE,
        "compared": COMPARED,
        "likeness": LIKENESS,
        "key": key or HIGHEST,
        "key_end": (key or HIGHEST) + HIGHEST,
        "key_fence": LIST_FENCE if wanted.is_short else -1,
        "walk": 0,
        "fence": 0 if wanted.is_short else FENCE,
        "list_fence": -1 if wanted.is_short else LIST_FENCE,
        "customer": wanted.number if wanted.letter in ("", "k") else None,
        "person": wanted.number if wanted.letter in ("", "h") else None,
        "assignment": wanted.number if wanted.letter in ("", "t") else None,
        "title": max(titles, key=len),
        "titles": titles,
        "title_limit": 0 if wanted.is_short else limit,
        "limit": limit,
    }


def _results(rows: Sequence[tuple[Any, ...]], *, limit: int, similar: bool = False) -> Results:
    groups: dict[str, list[Hit]] = {group: [] for group in MODELS}
    for group, pk, name, *details in rows:
        groups[group].append(Hit(MODELS[group](pk=pk), name, tuple(filter(None, details))))
    more = any(len(hits) > limit for hits in groups.values())
    kept = {f"{group}s" if group != "person" else "people": hits[:limit] for group, hits in groups.items()}
    return Results(**kept, similar=similar, more=more)


def _matching(text: str, query: str) -> Matches:
    wanted = read(text)
    if wanted is None:
        return Matches([], more=False)
    found = [row[0] for row in _rows_by_index(query, _parameters(wanted))]
    ids = [pk for pk in found if pk is not None]
    return Matches(ids[:LIST_FENCE], more=None in found or len(ids) > LIST_FENCE)


def named_rows(query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a query on the acting login, by column name."""
    with connections[access.alias()].cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
