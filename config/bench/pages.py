"""`manage.py bench pages`: asks for each page over HTTP, in turn with the controls, and tells how they compare."""

from __future__ import annotations

import gzip
import json
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connections
from django.urls import NoReverseMatch, reverse

from config.bench import controls, report, seeding
from config.bench.wire import Answer, Browser, path_of
from register import keys, launch

DEEP = 1000
ROWS = 50
CLIENTS = 8
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


@dataclass
class Result:
    """Everything that was measured."""

    customers: int
    pages: dict[str, Page]
    missing: list[str]
    together: dict[str, dict[str, float]]
    memory_mib: float
    cold_start_s: float
    public_kib: float = 0.0
    """What a public page loads beside itself: style sheets and scripts, compressed."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "customers": self.customers, "missing": self.missing, "together": self.together,
            "memory_mib": round(self.memory_mib, 1), "cold_start_s": round(self.cold_start_s, 2),
            "public_kib": round(self.public_kib, 1),
            "pages": {key: page.figures() for key, page in self.pages.items()},
        }  # fmt: skip


def run(*, rounds: int, seconds: float, report_to: Path | None = None) -> Result:
    """Measure on the bench database, print the table, keep the figures beside it."""
    customers = seeding.ready(how_many)
    result = measure(launch.environment(keys.WEB), customers=customers, rounds=rounds, seconds=seconds)
    kept = keys.home() / f"pages-{customers}.json"
    earlier = {path.stem: json.loads(path.read_text()) for path in keys.home().glob("pages-*.json")}
    print("\n".join(report.lines(result, earlier)))
    judged = {"goals": report.as_dicts(report.goals(result, earlier))}
    report.keep(result.as_dict() | judged, kept, report_to)
    return result


def measure(environment: dict[str, str], *, customers: int, rounds: int, seconds: float) -> Result:
    """Start the register and the controls, sign in, ask in turns; everything is stopped again."""
    cold = cold_start(environment)
    plain = controls.environment()
    with (
        served("config.bench.wsgi", environment) as (port, process),
        served("config.bench.stock.wsgi", plain) as (
            plain_port,
            _plain,
        ),
    ):
        owner, admin = Browser(port), Browser(plain_port)
        sign_in(owner, "/accounts/login/", login=seeding.EMAIL, password=seeding.PASSWORD)
        sign_in(admin, "/admin/login/", username=controls.USER, password=controls.PASSWORD)
        pages, missing = choose(owner, admin)
        for page in pages:
            for turn in range(3):
                page.measure(-1 - turn)
            page.times.clear()
        for turn in range(rounds):
            for page in pages:
                page.measure(turn)
        count_queries(pages, owner, admin)
        found = {page.key: page for page in pages}
        together = {
            key: all_at_once(browser, path, seconds)
            for key, browser, path in at_once(owner, admin)
            if key in found and not found[key].wrong
        }
        memory = resident(process.pid)
        weight = public_weight(Browser(port))
    return Result(customers, found, missing, together, memory, cold, weight)


# --- what is asked for ---------------------------------------------------------------------------


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


# --- processes -----------------------------------------------------------------------------------


@contextmanager
def served(application: str, environment: dict[str, str], *, workers: int = 2) -> Iterator[tuple[int, Any]]:
    """gunicorn as the launcher starts it, on a free port; the port and the process."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", application, "--bind", f"fd://{listener.fileno()}",
                "--workers", str(workers), "--worker-class", "register.serving.Worker", "--threads", "4", "--preload",
                "--keep-alive", "30", "--no-control-socket", "--log-level", "warning",
            ],
            cwd=launch.ROOT, env=environment | {"REGISTER_AUDIENCES": ",".join(keys.WEB)},
            pass_fds=(listener.fileno(),), stdin=subprocess.DEVNULL,
            preexec_fn=launch.die_with_parent(signal.SIGTERM),
        )  # fmt: skip
        port = listener.getsockname()[1]
    try:
        _wait(port, process)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise launch.LaunchError("The web server does not start: the lines above say why.")
        try:
            Browser(port).get("/robots.txt")
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise launch.LaunchError("The web server does not answer.")


def cold_start(environment: dict[str, str]) -> float:
    """Seconds from nothing to the first answer of one web process, compiled as after its first start; best of three."""
    compiled = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times = []
    for _try in range(3):
        began = time.monotonic()
        with served("config.wsgi", compiled, workers=1):
            times.append(time.monotonic() - began)
    return min(times)


def sign_in(browser: Browser, path: str, **fields: str) -> None:
    answer = browser.submit(path, **fields)
    if answer.status != 302:
        raise launch.LaunchError(f"Signing in at {path} answered {answer.status} instead of letting us in.")


def resident(pid: int) -> float:
    """MiB of memory of a gunicorn and its workers, what they share counted once."""
    children = [
        child for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()
    ]
    total = 0
    for process in [str(pid), *children]:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
        total += int(found.group(1)) if found else 0
    return total / 1024


def public_weight(visitor: Browser) -> float:
    """KiB of style sheets and scripts that the public front page asks for, each compressed by gzip."""
    page = visitor.get("/").body.decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page))
    return sum(len(gzip.compress(visitor.get(file).body)) for file in files) / 1024


def at_once(owner: Browser, admin: Browser) -> list[tuple[str, Browser, str]]:
    listed = [("list", owner, reverse("customers:customers"))] if _exists("customers:customers") else []
    return [*listed, ("floor", admin, "/bare/"), ("stock_list", admin, "/admin/stock/customer/")]


def _exists(name: str) -> bool:
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False


def all_at_once(browser: Browser, path: str, seconds: float) -> dict[str, float]:
    """Eight clients ask for one page, each again as soon as it has its answer."""
    times: list[float] = []
    failures: list[int] = []
    until = time.monotonic() + seconds

    def client() -> None:
        own = browser.clone()
        while time.monotonic() < until:
            answer = own.get(path)
            times.append(answer.ms)
            if answer.status != 200:
                failures.append(answer.status)
        own.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    return {
        "per_second": round(len(times) / took, 1),
        "median_ms": round(statistics.median(times), 2),
        "p95_ms": round(sorted(times)[int(len(times) * 0.95)], 2),
        "failures": len(failures),
    }


# --- queries -------------------------------------------------------------------------------------


def count_queries(pages: list[Page], *browsers: Browser) -> None:
    """Ask for everything once more, counting."""
    for browser in browsers:
        browser.counting = True
    for page in pages:
        page.queries = page.ask(0).queries
    for browser in browsers:
        browser.counting = False
