"""The package that an agency gets: what it needs to collect lawfully and nothing else.

A ZIP with the debts as CSV (for people) and JSON (for programs), the invoices, and the reminders that reached their
debtor, with how and when each went.
No telephone numbers, no e-mail addresses, no correspondence: the agency has its own ways to reach the debtor.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from billing import interest_invoicing
from billing.amounts import ZERO
from billing.interest import Reckoning
from billing.models import (
    Agency,
    Charge,
    CollectionCase,
    Dispute,
    Entry,
    InvoicePdf,
    Receivable,
    Reminder,
    ReminderItem,
    ReminderPdf,
    Sending,
)
from billing.pdf import InvoiceDocument
from customers.importing.cells import inert

FORMAT = 2
SAME_TIME = (1980, 1, 1, 0, 0, 0)
"""No clock in the archive: the same debts give the same bytes."""


@dataclass(frozen=True)
class Package:
    """The ZIP and what it claims, in euros."""

    content: bytes
    principal: Decimal
    costs: Decimal
    interest: Decimal


def build(case: CollectionCase, debts: Sequence[Receivable], *, agency: Agency, on: date) -> Package:
    """Draw up the package for a case's open debts as of a day; interest as far as its rates are known."""
    interest = interest_invoicing.uninvoiced(debts, until=on)
    rows = [_debt(debt, interest[debt.pk]) for debt in debts]
    papers = _papers(debts)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, "perinta.json", _as_json(case, debts, rows, agency=agency, on=on))
        _write(archive, "perinta.csv", _as_csv(rows))
        for name, paper in papers:
            _write(archive, name, paper)
    return Package(
        content.getvalue(),
        principal=sum((debt.open for debt in debts), ZERO),
        costs=sum((debt.costs for debt in debts), ZERO),
        interest=sum((Decimal(row["interest"]) for row in rows), ZERO),
    )


def names(package: bytes) -> list[str]:
    """The files of a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.namelist()


def _debt(debt: Receivable, reckoned: Reckoning) -> dict[str, Any]:
    """One debt: basis, principal, costs, how interest runs, what was done."""
    document = InvoiceDocument.from_json(debt.invoice.snapshot or {})
    return {
        "invoice": debt.number,
        "issued_on": debt.issued_on.isoformat(),
        "due_on": debt.due_on.isoformat(),
        "due_date_basis": debt.due_basis,
        "debtor_type": debt.debtor,
        "reference": debt.invoice.reference,
        "basis": document.subject or "; ".join(line.description for line in document.lines)[:300],
        "amount": f"{debt.amount:f}",
        "principal": f"{debt.open:f}",
        "costs": f"{debt.costs:f}",
        "interest": f"{reckoned.amount:f}",
        "interest_until": reckoned.reaches.isoformat(),
        "interest_percent": f"{reckoned.segments[-1].rate:f}" if reckoned.segments else "",
        "interest_free": [
            {"from": span.first.isoformat(), "until": span.last.isoformat()} for span in reckoned.free
        ],
        "payments": _entries(debt, Entry.Kind.PAYMENT),
        "credits": _entries(debt, Entry.Kind.CREDIT),
        "written_off": _entries(debt, Entry.Kind.WRITE_OFF, Entry.Kind.DIFFERENCE),
        "charges": [
            {
                "on": one.on.isoformat(),
                "kind": one.kind,
                "amount": f"{one.posted:f}",
                "statute": one.rule.statute,
            }
            for one in Charge.objects.filter(receivable=debt, waiver=None, posted__gt=0)
            .select_related("rule")
            .order_by("on", "pk")
        ],
        "reminders": [_reminder(item) for item in _reminded([debt])],
        "disputes": [
            {
                "since": one.since.isoformat(),
                "amount": f"{one.amount:f}",
                "ground": one.ground,
                "outcome": one.resolution.outcome if hasattr(one, "resolution") else "",
            }
            for one in Dispute.objects.filter(receivable=debt).select_related("resolution")
        ],
    }


def _entries(debt: Receivable, *kinds: str) -> list[dict[str, str]]:
    """What took from the debt and stands, in euros."""
    standing = debt.entries.filter(kind__in=kinds, reversed_by=None)
    return [
        {"on": entry.counts_on.isoformat(), "amount": f"{-entry.amount:f}", "part": entry.part}
        for entry in standing.order_by("on", "pk")
    ]


def _reminder(item: ReminderItem) -> dict[str, str]:
    """A reminder that went: how, when, the fingerprint of what went, and its fee unless that was waived."""
    went = Sending.objects.gone().filter(reminder=item.reminder_id).order_by("sent_at")[0]
    asked = item.charge is not None and not hasattr(item.charge, "waiver")
    return {
        "on": item.reminder.on.isoformat(),
        "level": item.reminder.level,
        "fee": f"{item.charge.posted if asked else ZERO:f}",
        "channel": went.channel,
        "sent_on": localdate(went.sent_at).isoformat(),
        "sha256": went.sha256,
    }


def _as_json(
    case: CollectionCase,
    debts: Sequence[Receivable],
    rows: Sequence[dict[str, Any]],
    *,
    agency: Agency,
    on: date,
) -> bytes:
    document = InvoiceDocument.from_json(debts[-1].invoice.snapshot or {})
    told = {
        "format": FORMAT,
        "case": str(case),
        "date": on.isoformat(),
        "agency": {"name": agency.name, "business_id": agency.business_id},
        "creditor": {"name": document.seller.name, "business_id": document.seller.business_id},
        "debtor": {
            "name": document.buyer.name,
            "address": list(document.buyer.address),
            "business_id": document.buyer.business_id,
        },
        "debts": rows,
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


COLUMNS = (
    "invoice", "issued_on", "due_on", "due_date_basis", "debtor_type", "reference", "basis", "amount", "principal",
    "costs", "interest", "interest_until", "interest_percent",
)  # fmt: skip
FIGURES = ("amount", "principal", "costs", "interest", "interest_percent")


def _as_csv(rows: Iterable[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([*COLUMNS, "reminders"])
    for row in rows:
        figures = [row[name].replace(".", ",") if name in FIGURES else inert(row[name]) for name in COLUMNS]
        writer.writerow([*figures, ", ".join(one["sent_on"] for one in row["reminders"])])
    return text.getvalue().encode("utf-8-sig")


def _papers(debts: Sequence[Receivable]) -> list[tuple[str, bytes]]:
    """Invoices, and the reminders that went, as they were, by file name."""
    keys = [debt.pk for debt in debts]
    invoices = InvoicePdf.objects.filter(invoice__in=keys).select_related("invoice").order_by("invoice")
    letters = {item.reminder_id for item in _reminded(debts)}
    reminders = ReminderPdf.objects.filter(reminder__in=letters).order_by("reminder")
    return [(f"laskut/{one.invoice.number}.pdf", bytes(one.content)) for one in invoices] + [
        (f"muistutukset/{one}.pdf", bytes(one.content)) for one in reminders
    ]


def _reminded(debts: Sequence[Receivable]) -> Iterable[ReminderItem]:
    """The debts of letters that went and did not come back."""
    gone = Sending.objects.gone().filter(reminder=OuterRef("reminder"))
    return (
        ReminderItem.objects.filter(receivable__in=[debt.pk for debt in debts], dropped="")
        .filter(Exists(gone), reminder__state=Reminder.State.MADE)
        .select_related("reminder", "charge__waiver")
        .order_by("reminder__on", "pk")
    )


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, SAME_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
