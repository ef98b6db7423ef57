"""`manage.py bench billing`: issuing with and without its PDF, a bank file, reminder proposals, reports.

Everything goes through the use cases and the billing login, on the seeded bench database. Issuing is judged against
typst alone, measured in turn with it: bare milliseconds say little on a shared machine.
"""

from __future__ import annotations

import os
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connections

from billing import details, drafting, invoicing, pdf, proposals, reports
from billing.models import BillingDetails, DueBasis, Invoice, Receivable
from billing.reports import periods
from billing.reports.periods import Period
from billing.reports.tables import Asked
from config.bench import bank as bank_file
from config.bench import report, seeding
from config.bench.report import Goal
from customers.models import Customer
from register import access, keys, launch
from register.models import User

BUYERS, CLIENTS, CROWD, OPEN = 20, 8, 50, 100_000
TYPST = 16.5
"""Milliseconds of one page by typst alone where the goals were set (14–19)."""

LINES = (
    drafting.Line(description="Asennustyö", quantity=Decimal(8), unit="h", unit_price=Decimal("89.00")),
    drafting.Line(description="Tarvikkeet", quantity=Decimal(3), unit="kpl", unit_price=Decimal("33.33")),
)
DETAILS: dict[str, Any] = {
    "channel": BillingDetails.Channel.EMAIL, "email": "laskut@bench.example", "attention": "", "street": "Kauppakatu 1",
    "postal_code": "90100", "city": "Oulu", "country": "FI", "einvoice_address": "", "einvoice_operator": "",
    "vat_id": "", "buyer_reference": "", "payment_days": 14, "due_basis": DueBasis.INVOICE,
}  # fmt: skip


@dataclass
class Result:
    """Milliseconds and rates by what was measured; the bank file's figures stand as its module gave them."""

    invoices: int
    figures: dict[str, float] = field(default_factory=dict)
    bank: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "invoices": self.invoices, "figures": {name: round(value, 2) for name, value in self.figures.items()},
            "bank": self.bank, "goals": report.as_dicts(goals(self)),
        }  # fmt: skip


def run(*, rounds: int, report_to: Path | None = None) -> Result:
    """Measure, print the table, keep the figures beside the pages'."""
    result = measure(seeding.ready(_issued_so_far), rounds=rounds, progress=launch.say)
    print("\n".join(lines(result)))
    report.keep(result.as_dict(), keys.home() / "billing.json", report_to)
    return result


def _issued_so_far() -> int:
    with access.acting("billing"):
        return Invoice.objects.issued().count()


def measure(invoices: int, *, rounds: int, progress: Callable[[str], None], bank: bool = True) -> Result:
    """Everything in turn; `bank` False leaves the bank file out."""
    result, today = Result(invoices), date.today()  # noqa: DTZ011
    user = seeding.make_company()
    buyers = _buyers(user)
    progress("Issuing, one after the other")
    result.figures |= _issuing(buyers, user, today, rounds)
    progress(f"Issuing, {CLIENTS} at once")
    result.figures["issued per second, 1 at once"] = _rate(buyers, user, today, rounds, clients=1)
    result.figures[f"issued per second, {CLIENTS} at once"] = _rate(
        buyers, user, today, rounds, clients=CLIENTS
    )
    progress(f"Issuing, {CROWD} at once")
    result.figures["scenario 38, s"] = CROWD / _rate(buyers, user, today, CROWD, clients=CROWD)
    progress("Reports")
    result.figures |= _reports(today)
    progress("Reminder proposals")
    result.figures["reminder proposals, s"] = _proposals(today)
    if bank:
        result.bank = bank_file.measure(progress)
    return result


# --- issuing -------------------------------------------------------------------------------------------


def _buyers(user: User) -> list[Customer]:
    """Customers to whom invoices can be sent."""
    with access.acting("billing", user_id=user.pk):
        buyers = list(Customer.objects.filter(kind=Customer.Kind.COMPANY).order_by("pk")[:BUYERS])
        for one in buyers:
            details.record(one, **DETAILS, by=user)
    return buyers


def _issuing(buyers: list[Customer], user: User, today: date, rounds: int) -> dict[str, float]:
    """Medians in ms: create and issue with PDF, without it, and typst alone, in turn."""
    papers: list[Any] = []
    times: dict[str, list[float]] = {"with PDF, ms": [], "without PDF, ms": [], "typst alone, ms": []}

    def keeping(document: Any, attachments: Any = ()) -> bytes:
        papers.append(document)
        return b"%PDF- " + uuid.uuid4().bytes

    for turn in range(-2, rounds):
        buyer = buyers[turn % len(buyers)]
        with_pdf = _ms(_issue, buyer, user, today)
        with patch.object(pdf, "render", keeping):
            without = _ms(_issue, buyer, user, today)
        alone = _ms(pdf.render, papers[-1])
        if turn >= 0:
            for found, value in zip(times.values(), (with_pdf, without, alone), strict=True):
                found.append(value)
    return {name: statistics.median(found) for name, found in times.items()}


def _issue(buyer: Customer, user: User, today: date) -> None:
    with access.acting("billing", user_id=user.pk):
        draft = drafting.draft_by_hand(buyer, by=user, on=today, lines=LINES)
    with access.acting("billing", user_id=user.pk):
        invoicing.issue(draft, by=user, on=today, client_key=uuid.uuid4())


def _rate(buyers: list[Customer], user: User, today: date, rounds: int, *, clients: int) -> float:
    """Invoices issued a second from drafts that were there, by so many threads of one process."""
    with access.acting("billing", user_id=user.pk):
        drafts = [
            drafting.draft_by_hand(buyers[turn % len(buyers)], by=user, on=today, lines=LINES)
            for turn in range(rounds)
        ]

    def issue(draft: Invoice) -> None:
        with access.acting("billing", user_id=user.pk):
            invoicing.issue(draft, by=user, on=today, client_key=uuid.uuid4())

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(issue, drafts))
        took = time.perf_counter() - began
        list(pool.map(lambda _n: connections.close_all(), range(clients)))
    return rounds / took


# --- reports and reminders -----------------------------------------------------------------------------


def _reports(today: date) -> dict[str, float]:
    """Milliseconds of each report's page: as of today, of last month, and of this year."""
    month, year = periods.usual("month", today), periods.year(today.year)
    found = {}
    with access.acting("billing"):
        for kind in reports.KINDS.values():
            days = [("today", Period(today, today))] if kind.as_of else [("month", month), ("year", year)]
            for name, period in days:
                asked = Asked(period, limit=51)
                found[f"report {kind.code}, {name}, ms"] = min(_ms(kind.make, asked) for _try in range(3))
    return found


def _proposals(today: date) -> float:
    """Seconds to judge so many overdue invoices."""
    with _all_open():
        return _ms(partial(proposals.total, on=today)) / 1000


@contextmanager
def _all_open() -> Iterator[None]:
    """As many overdue invoices as the goal says, for a moment: nothing of it is kept."""
    with access.acting("migrate"), connections["migrate"].cursor() as cursor:
        cursor.execute("ALTER TABLE billing_receivable DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE billing_receivable SET open = amount, settled_on = NULL WHERE invoice_id IN "
            "(SELECT invoice_id FROM billing_receivable WHERE open = 0 AND amount > 0 ORDER BY due_on DESC LIMIT %s)",
            [OPEN - Receivable.objects.overdue(on=date.today()).count()],  # noqa: DTZ011
        )
        cursor.execute("ANALYZE billing_receivable")
        yield
        connections["migrate"].set_rollback(True)


def _ms(act: Callable[..., object], *given: object) -> float:
    began = time.perf_counter()
    act(*given)
    return (time.perf_counter() - began) * 1000


# --- what came of it -----------------------------------------------------------------------------------


def lines(result: Result) -> Iterator[str]:
    """The whole report."""
    yield f"\n{result.invoices:,} invoices; {os.cpu_count()} cores\n"
    for name, value in result.figures.items():
        yield f"  {name:<44}{value:>10.1f}"
    for name, value in (result.bank or {}).items():
        yield f"  {'bank file, ' + name:<44}{value:>10}"
    yield ""
    for goal in goals(result):
        yield f"  {goal}"
    yield ""


def goals(result: Result) -> Iterator[Goal]:
    """Goals 7 and 13, and a second for each report."""
    found = result.figures
    without, with_pdf, alone = (found[n] for n in ("without PDF, ms", "with PDF, ms", "typst alone, ms"))
    yield _issued("create and issue without PDF", without, 25, alone)
    yield _issued("create and issue with PDF", with_pdf, 45, alone)
    share = (with_pdf - without) / alone
    yield Goal(7, "the PDF's part ≤ 1.5 × typst alone", f"{share:.2f} ×", share <= 1.5)
    crowd = found["scenario 38, s"]
    yield Goal(7, f"{CROWD} invoices issued at once < 5 s (scenario 38)", f"{crowd:.1f} s", crowd < 5)
    seconds = found["reminder proposals, s"]
    yield Goal(13, f"proposals over {OPEN:,} open invoices ≤ 5 s", f"{seconds:.1f} s", seconds <= 5)
    yield _bank(result)
    slowest = max((value, name) for name, value in found.items() if name.startswith("report "))
    yield Goal(0, "each report ≤ 1 s", f"{slowest[0]:.0f} ms ({slowest[1]})", slowest[0] <= 1000)


def _issued(what: str, took: float, limit: float, alone: float) -> Goal:
    """25 and 45 ms where typst alone takes 16,5: the same ratio anywhere."""
    most = limit / TYPST
    found = f"{took / alone:.2f} × ({took:.1f} ms)"
    return Goal(7, f"{what} ≤ {limit:.0f} ms = {most:.1f} × typst alone", found, took / alone <= most)


def _bank(result: Result) -> Goal:
    text = "100,000 payments imported and matched ≤ 30 s"
    if result.bank is None:
        return Goal(13, text, "left out", None)
    seconds = float(result.bank["seconds"])
    return Goal(13, text, f"{seconds:.1f} s", seconds <= 30)
