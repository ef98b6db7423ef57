"""What was measured as a table, with the ratios to the controls and the goals met or not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.bench.asked import Page
    from config.bench.pages import Result

STOCK = {
    "list": "stock_list",
    "deep": "stock_deep",
    "search_name": "stock_search_name",
    "search_e-mail": "stock_search_e-mail",
    "search_phone": "stock_search_phone",
    "person": "stock_person",
    "save": "stock_save",
    "overdue": "stock_overdue",
}
"""Which page of Django's admin each of ours is compared with."""

GROWN = ("list", "deep", "search_name", "search_e-mail", "search_phone", "person", "overdue")
HUNDRED_THOUSAND, MILLION = 100_000, 1_000_000


@dataclass(frozen=True)
class Goal:
    """One line of the goals: what was measured against what; met is None where it could not be judged."""

    number: int
    text: str
    found: str
    met: bool | None

    @property
    def word(self) -> str:
        return {True: "met", False: "NOT met", None: "not measured"}[self.met]

    def __str__(self) -> str:
        return f"goal {self.number:>2}  {self.word:<13}{self.text}: {self.found}"


def lines(result: Result, earlier: dict[str, Any]) -> Iterator[str]:
    """The whole report."""
    floor = result.pages["floor"]
    yield f"\n{result.customers:,} customers; medians of {len(floor.times)} rounds, in turn with the controls\n"
    yield f"{'page':<36}{'median':>9}{'p95':>9}{'queries':>9}{'KiB':>8}{'× floor':>9}{'× stock':>9}"
    for key, page in result.pages.items():
        yield _row(key, page, result)
    yield ""
    for key, figures in result.together.items():
        yield (
            f"8 clients at once on {result.pages[key].title}: {figures['per_second']:.0f} pages/s, "
            f"median {figures['median_ms']:.1f} ms, p95 {figures['p95_ms']:.1f} ms, {figures['failures']:.0f} failures"
        )
    memory = f"{result.memory_mib:.0f} MiB, what they share counted once"
    yield f"Web server with two workers: {memory}; cold start {result.cold_start_s:.2f} s\n"
    for goal in goals(result, earlier):
        yield f"  {goal}"
    for name in result.missing:
        yield f"  missing  {name}"
    for page in result.pages.values():
        if page.wrong:
            yield f"  wrong    {page.title} {page.wrong}"
    yield ""


def _row(key: str, page: Page, result: Result) -> str:
    floor, stock = result.pages["floor"].median, result.pages.get(STOCK.get(key, ""))
    against = f"{page.median / stock.median:.2f}" if stock else ""
    queries = "" if page.queries is None else str(page.queries)
    return (
        f"{page.title:<36}{page.median:>9.1f}{page.p95:>9.1f}{queries:>9}{page.size / 1024:>8.1f}"
        f"{page.median / floor:>9.2f}{against:>9}"
    )


def as_dicts(judged: Iterable[Goal]) -> list[dict[str, Any]]:
    return [{"goal": one.number, "text": one.text, "found": one.found, "met": one.met} for one in judged]


def keep(figures: dict[str, Any], *paths: Path | None) -> None:
    """Write the figures as JSON to the places that are named."""
    text = json.dumps(figures, ensure_ascii=False, indent=2) + "\n"
    for path in paths:
        if path is not None:
            path.write_text(text)


def goals(result: Result, earlier: dict[str, Any]) -> Iterator[Goal]:
    """Goals 1–6, 11 and 12."""
    yield _times(result, 1, "list ≤ 2 × floor", "list", 2.0)
    yield _size(result)
    yield _deep(result)
    for key in (key for key in result.pages if key.startswith("search_")):
        title = result.pages[key].title
        if result.customers >= MILLION:
            yield _within(result, 3, f"{title} ≤ 35 ms", key, 35.0)
        else:
            yield _times(result, 3, f"{title} ≤ 2 × floor", key, 2.0)
        page = result.pages[key]
        spread = page.p95 / page.median
        yield Goal(3, f"{title}: p95 ≤ 2 × median", f"{spread:.2f}", spread <= 2)
    yield _times(result, 4, "person ≤ 2.5 × floor", "person", 2.5)
    yield _save(result)
    yield _times(result, 6, "overdue ≤ 2.5 × floor", "overdue", 2.5)
    yield _together(result)
    yield Goal(12, "two workers ≤ 180 MiB", f"{result.memory_mib:.0f} MiB", result.memory_mib <= 180)
    yield Goal(12, "cold start ≤ 0.8 s", f"{result.cold_start_s:.2f} s", result.cold_start_s <= 0.8)
    yield Goal(
        12,
        "public pages ≤ 60 KiB of CSS and JS",
        f"{result.public_kib:.1f} KiB",
        0 < result.public_kib <= 60,
    )
    yield from _grown(result, earlier)


def _times(result: Result, number: int, text: str, key: str, limit: float) -> Goal:
    if key not in result.pages:
        return Goal(number, text, "no such page", None)
    ratio = result.pages[key].median / result.pages["floor"].median
    return Goal(number, text, f"{ratio:.2f} ×", ratio <= limit)


def _within(result: Result, number: int, text: str, key: str, limit: float) -> Goal:
    median = result.pages[key].median
    return Goal(number, text, f"{median:.1f} ms", median <= limit)


def _size(result: Result) -> Goal:
    if "list" not in result.pages:
        return Goal(1, "list ≤ 30 KiB plus the shell", "no such page", None)
    size = result.pages["list"].size / 1024
    return Goal(1, "list ≤ 30 KiB plus the shell (≤ 8 KiB)", f"{size:.1f} KiB", size <= 38)


def _deep(result: Result) -> Goal:
    text = "page 1000 ≤ 1.2 × page 1"
    if "deep" not in result.pages:
        return Goal(2, text, "no such page", None)
    ratio = result.pages["deep"].median / result.pages["list"].median
    return Goal(2, text, f"{ratio:.2f} ×", ratio <= 1.2)


def _save(result: Result) -> Goal:
    text = "save and next page ≤ 10 ms over the person page"
    if not {"save", "person"} <= result.pages.keys():
        return Goal(5, text, "no such page", None)
    over = result.pages["save"].median - result.pages["person"].median
    return Goal(5, text, f"{over:.1f} ms", over <= 10)


def _together(result: Result) -> Goal:
    text = "8 at once: ≥ 250 list pages/s, p95 ≤ 60 ms"
    if "list" not in result.together:
        return Goal(11, text, "no such page", None)
    found, floor = result.together["list"], result.together["floor"]
    share = found["per_second"] / floor["per_second"]
    told = f"{found['per_second']:.0f}/s ({share:.2f} of the floor's), p95 {found['p95_ms']:.0f} ms"
    return Goal(11, text, told, found["per_second"] >= 250 and found["p95_ms"] <= 60)


def _grown(result: Result, earlier: dict[str, Any]) -> Iterator[Goal]:
    """A million against a hundred thousand, once both were measured; as ratios to each run's own floor."""
    small, large = (earlier.get(f"pages-{size}") for size in (HUNDRED_THOUSAND, MILLION))
    here = result.as_dict()
    small = here if result.customers == HUNDRED_THOUSAND else small
    large = here if result.customers == MILLION else large
    if small is None or large is None:
        yield Goal(12, "1,000,000 / 100,000 customers ≤ 1.3", "measure both", None)
        return
    for key in GROWN:
        if key in small["pages"] and key in large["pages"]:
            ratio = _relative(large, key) / _relative(small, key)
            yield Goal(
                12, f"{small['pages'][key]['title']}: 1 M / 100 k ≤ 1.3", f"{ratio:.2f} ×", ratio <= 1.3
            )


def _relative(figures: dict[str, Any], key: str) -> float:
    return float(figures["pages"][key]["median_ms"] / figures["pages"]["floor"]["median_ms"])
