"""`manage.py bench pages`: asks for each page over HTTP, in turn with the controls, and tells how they compare."""

from __future__ import annotations

import gzip
import json
import re
import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.bench import asked, controls, processes, report, seeding
from config.bench.asked import Page
from config.bench.wire import Browser
from register import keys, launch

CLIENTS = 8


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
    customers = seeding.ready(asked.how_many)
    result = measure(launch.environment(keys.WEB), customers=customers, rounds=rounds, seconds=seconds)
    kept = keys.home() / f"pages-{customers}.json"
    earlier = {path.stem: json.loads(path.read_text()) for path in keys.home().glob("pages-*.json")}
    print("\n".join(report.lines(result, earlier)))
    judged = {"goals": report.as_dicts(report.goals(result, earlier))}
    report.keep(result.as_dict() | judged, kept, report_to)
    return result


def measure(environment: dict[str, str], *, customers: int, rounds: int, seconds: float) -> Result:
    """Start the register and the controls, sign in, ask in turns; everything is stopped again."""
    cold = processes.cold_start(environment)
    plain = controls.environment()
    with (
        processes.served("config.bench.wsgi", environment) as (port, process),
        processes.served("config.bench.stock.wsgi", plain) as (
            plain_port,
            _plain,
        ),
    ):
        owner, admin = Browser(port), Browser(plain_port)
        sign_in(owner, "/accounts/login/", login=seeding.EMAIL, password=seeding.PASSWORD)
        sign_in(admin, "/admin/login/", username=controls.USER, password=controls.PASSWORD)
        pages, missing = asked.choose(owner, admin)
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
            for key, browser, path in asked.at_once(owner, admin)
            if key in found and not found[key].wrong
        }
        memory = processes.resident(process.pid)
        weight = public_weight(Browser(port))
    return Result(customers, found, missing, together, memory, cold, weight)


def sign_in(browser: Browser, path: str, **fields: str) -> None:
    answer = browser.submit(path, **fields)
    if answer.status != 302:
        raise launch.LaunchError(f"Signing in at {path} answered {answer.status} instead of letting us in.")


def public_weight(visitor: Browser) -> float:
    """KiB of style sheets and scripts that the public front page asks for, each compressed by gzip."""
    page = visitor.get("/").body.decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page))
    return sum(len(gzip.compress(visitor.get(file).body)) for file in files) / 1024


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


def count_queries(pages: list[Page], *browsers: Browser) -> None:
    """Ask for everything once more, counting."""
    for browser in browsers:
        browser.counting = True
    for page in pages:
        page.queries = page.ask(0).queries
    for browser in browsers:
        browser.counting = False
