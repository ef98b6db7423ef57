"""What `manage.py bench pages` asks for: the register's pages, and the same in Django's own admin."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from django.db import connections
from django.urls import NoReverseMatch, reverse

from config.bench.wire import Answer, Browser, path_of

DEEP = 1000
ROWS = 50
NUMBERS = re.compile(rb'["/]([KHD]\d+)/"')
SAVE_PREFIX = "Mitattu "


@dataclass
class Page:
    """One thing that is measured: how it is asked for in each round, and what came of it."""

    key: str
    title: str
    ask: Callable[[int], Answer]
    times: list[float] = field(default_factory=list)
    size: int = 0
    queries: int | None = None
    wrong: str = ""
    holds: int = 0
    """How many customers, people or invoices it must show, by their numbers: an empty page is quick and worthless."""

    def measure(self, turn: int) -> None:
        answer = self.ask(turn)
        if answer.status != 200:
            self.wrong = f"answered {answer.status}"
        elif len(set(NUMBERS.findall(answer.body))) < self.holds:
            self.wrong = f"shows fewer than {self.holds} rows"
        self.times.append(answer.ms)
        self.size = len(answer.body)

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * 0.95))]

    def figures(self) -> dict[str, Any]:
        return {
            "title": self.title, "median_ms": round(self.median, 2), "p95_ms": round(self.p95, 2),
            "bytes": self.size, "queries": self.queries, "wrong": self.wrong,
        }  # fmt: skip


def choose(owner: Browser, admin: Browser) -> tuple[list[Page], list[str]]:
    """The pages that exist, by the names of their URLs, and the names of those that do not (yet)."""
    missing: list[str] = []
    sample = people()

    def page(
        key: str, title: str, name: str, ask: Callable[[str], Callable[[int], Answer]], holds: int = 0
    ) -> list[Page]:
        try:
            address = reverse(name, args=[0] if name in WITH_NUMBER else [])
        except NoReverseMatch:
            missing.append(f"{title} ({name})")
            return []
        return [Page(key, title, ask(address), holds=holds)]

    def plainly(address: str) -> Callable[[int], Answer]:
        return lambda turn: owner.get(address)

    def searching(words: Words) -> Callable[[str], Callable[[int], Answer]]:
        return lambda address: lambda turn: owner.get(f"{address}?q={quote(words(one(sample, turn)))}")

    def numbered(which: str) -> Callable[[str], Callable[[int], Answer]]:
        return lambda address: lambda turn: owner.get(address.replace("0", str(one(sample, turn)[which]), 1))

    pages = [Page("floor", "floor: bare page", lambda turn: admin.get("/bare/"))]
    pages.append(
        Page("bare", "bare page behind the owner's door", lambda turn: owner.get("/register/bench/bare/"))
    )
    pages += page("list", "customers, first page", "customers:customers", plainly, ROWS)
    pages += deep(owner, missing)
    for kind, words in SEARCHES.items():
        pages += page(
            f"search_{kind}", f"search, {kind.replace('_', ' ')}", "customers:search", searching(words), 1
        )
    pages += page("person", "person with history", "customers:person", numbered("person"))
    pages += page("customer", "customer with history", "customers:customer", numbered("customer"))
    pages += page(
        "save", "save a person, next page", "customers:edit_person", lambda address: saving(owner, sample)
    )
    for key, title, name, holds in BILLING:
        pages += page(key, title, name, plainly, holds)
    return pages + stock_pages(admin, sample), missing


WITH_NUMBER = ("customers:person", "customers:customer", "customers:edit_person")
BILLING = (
    ("billing", "billing, start page", "billing:home", 1),
    ("invoices", "invoices", "billing:invoices", ROWS),
    ("overdue", "overdue invoices", "billing:overdue", ROWS // 2),
)
"""Key, title, URL's name, how many rows it must show."""
Words = Callable[[dict[str, Any]], str]

SEARCHES: dict[str, Words] = {
    "name": lambda one: one["family_name"][1:7],
    "full_name": lambda one: f"{one['given_name']} {one['family_name']}",
    "e-mail": lambda one: one["email"].partition("@")[0][2:],
    "phone": lambda one: one["phone"],
    "number": lambda one: f"K{one['customer']}",
    "misspelt": lambda one: misspelt(one["family_name"]),
}


def misspelt(name: str) -> str:
    """A letter in the middle is left out."""
    middle = len(name) // 2
    return name[:middle] + name[middle + 1 :]


def people() -> list[dict[str, Any]]:
    """Private customers from all over the register, for pages and searches about somebody."""
    with connections["migrate"].cursor() as cursor:
        cursor.execute(SAMPLE)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


SAMPLE = """
WITH every AS (SELECT greatest(count(*) / 40, 1) AS step FROM customers_customer)
SELECT c.id AS customer, h.id AS person, h.given_name, h.family_name, e.address AS email, p.number AS phone
  FROM customers_customer c JOIN customers_person h ON h.id = c.person_id
  JOIN customers_emailaddress e ON e.person_id = h.id JOIN customers_phonenumber p ON p.person_id = h.id, every
 WHERE c.id % every.step = 0 AND length(h.family_name) BETWEEN 7 AND 12 ORDER BY c.id LIMIT 40
"""


def one(sample: list[dict[str, Any]], turn: int) -> dict[str, Any]:
    """Another one each round."""
    return sample[turn % len(sample)]


def deep(owner: Browser, missing: list[str]) -> list[Page]:
    """Page 1000 of the list, or its last: by the number that the list's own links carry."""
    try:
        address = reverse("customers:customers")
    except NoReverseMatch:
        return []
    found = re.findall(rb'href="\?([^"]*?)\bpage=(\d+)', owner.get(address).body)
    if not found:
        missing.append("customers, page 1000 (the list's links carry no page number)")
        return []
    number = DEEP if how_many() >= DEEP * 50 else max(int(last) for _before, last in found)
    return [
        Page("deep", f"customers, page {number}", lambda turn: owner.get(f"{address}?page={number}"), holds=1)
    ]


def how_many() -> int:
    with connections["migrate"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer")
        return int(cursor.fetchone()[0])


def saving(owner: Browser, sample: list[dict[str, Any]]) -> Callable[[int], Answer]:
    """Change a person's given name in the form and follow to the next page; the time of both answers."""

    def save(turn: int) -> Answer:
        person = one(sample, turn)
        address = reverse("customers:edit_person", args=[person["person"]])
        name = person["given_name"] if turn % 2 else SAVE_PREFIX + person["given_name"]
        saved = owner.submit(address, given_name=name)
        if saved.status != 302:
            return saved.failed()
        shown = owner.get(path_of(saved.header("location")))
        return shown.after(saved)

    return save


def stock_pages(admin: Browser, sample: list[dict[str, Any]]) -> list[Page]:
    """The same in Django's own admin."""
    base = "/admin/stock/customer/"
    last = max(1, min(DEEP, how_many() // 100) - 1)
    today = date.today()  # noqa: DTZ011

    def save(turn: int) -> Answer:
        number = one(sample, turn)["customer"]
        saved = admin.submit(f"{base}{number}/change/", city=f"Kunta {turn}", _continue="1")
        if saved.status != 302:
            return saved.failed()
        shown = admin.get(path_of(saved.header("location")))
        return shown.after(saved)

    pages = [
        Page("stock_list", "stock admin: list", lambda turn: admin.get(base)),
        Page("stock_deep", f"stock admin: page {last + 1}", lambda turn: admin.get(f"{base}?p={last}")),
        Page("stock_person", "stock admin: one with history",
             lambda turn: admin.get(f"{base}{one(sample, turn)['customer']}/change/")),
        Page("stock_save", "stock admin: save, next page", save),
        Page("stock_overdue", "stock admin: overdue invoices",
             lambda turn: admin.get(f"/admin/stock/invoice/?open__gt=0&due_on__lt={today}")),
    ]  # fmt: skip

    def searching(words: Words) -> Callable[[int], Answer]:
        return lambda turn: admin.get(f"{base}?q={quote(words(one(sample, turn)))}")

    return pages + [
        Page(f"stock_search_{kind}", f"stock admin: search, {kind}", searching(SEARCHES[kind]))
        for kind in ("name", "e-mail", "phone")
    ]


def at_once(owner: Browser, admin: Browser) -> list[tuple[str, Browser, str]]:
    listed = [("list", owner, reverse("customers:customers"))] if _exists("customers:customers") else []
    return [*listed, ("floor", admin, "/bare/"), ("stock_list", admin, "/admin/stock/customer/")]


def _exists(name: str) -> bool:
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False
