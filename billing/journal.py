"""The journal for the accountant: every document, payment and ledger entry of some days as balanced postings.

Format: docs/journal.md. Its words are Finnish whatever the pages' language, for accountants' programs read them.
Account numbers come from the table of journal accounts.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from billing.amounts import ZERO, VatCategory
from billing.models import Entry, JournalAccount, JournalExport, Payment
from billing.reports import losses
from billing.reports.periods import Period
from billing.reports.writing import decimal
from customers.importing.cells import inert
from customers.models import Customer
from register import access, audit
from register.models import AuditEntry, User

Use, Kind = JournalAccount.Use, Entry.Kind
LONGEST = 366
HEADINGS = (
    "Päivä", "Tositelaji", "Tosite", "Tili", "Debet", "Kredit", "ALV-koodi", "ALV-%", "Asiakas", "Selite",
)  # fmt: skip

COUNTER = {
    Kind.PAYMENT: ("KO", Use.UNALLOCATED, "Kohdistus"),
    Kind.REFUND: ("PA", Use.UNALLOCATED, "Palautus"),
    Kind.SETTLEMENT: ("TI", Use.UNALLOCATED, "Perintätoimiston tilitys"),
    Kind.INTEREST: ("VK", Use.UNALLOCATED, "Perintätoimiston perimä viivästyskorko"),
    Kind.FEE: ("KU", Use.FEES, "Perintäkulu"),
    Kind.WAIVER: ("KU", Use.FEES, "Perintäkulu poistettu"),
    Kind.WRITE_OFF: ("LT", Use.LOSS, "Luottotappio"),
    Kind.DIFFERENCE: ("PE", Use.DIFFERENCE, "Pieni ero"),
}
"""By an entry's kind: type of voucher, the account against receivables (or the one below), the text."""

WITHOUT_RECEIVABLE = {
    Kind.REFUND: Use.BANK,
    Kind.SETTLEMENT: Use.AGENCY,
    Kind.INTEREST: Use.INTEREST,
}
"""The account against which money of a payment goes where that meets no receivable."""

DOCUMENT_TYPES = {
    "invoice": ("ML", "Lasku"),
    "credit_note": ("HL", "Hyvityslasku"),
    "interest": ("VK", "Korkolasku"),
}

DOCUMENTS = """
SELECT i.id, i.issued_on, i.kind, coalesce(o.kind, i.kind), i.number, i.customer_id, v.vat_category, v.vat_rate, v.net,
       v.vat
  FROM billing_invoice i LEFT JOIN billing_invoice o ON o.id = i.original_id,
       jsonb_to_recordset(i.snapshot -> 'vat_lines')
       AS v (vat_category text, vat_rate numeric, net numeric, vat numeric)
 WHERE i.number <> '' AND i.issued_on BETWEEN %(first)s AND %(last)s
 ORDER BY i.issued_on, i.id, v.vat_rate DESC, v.vat_category
"""
PAYMENTS = """
SELECT id, booked_on, customer_id, amount, source FROM billing_payment
 WHERE booked_on BETWEEN %(first)s AND %(last)s ORDER BY booked_on, id
"""
SETTLEMENTS = """
SELECT s.id, e."on", CASE e.kind WHEN 'reversal' THEN -s.fee ELSE s.fee END
  FROM billing_agencysettlement s JOIN billing_entry e ON s.entry_id IN (e.id, e.reverses_id)
 WHERE e."on" BETWEEN %(first)s AND %(last)s ORDER BY e."on", e.id
"""
ENTRIES = """
SELECT e.id, e."on", coalesce(was.kind, e.kind), e.kind, e.amount, r.number, coalesce(r.customer_id, p.customer_id)
  FROM billing_entry e LEFT JOIN billing_entry was ON was.id = e.reverses_id
  LEFT JOIN billing_receivable r ON r.invoice_id = e.receivable_id LEFT JOIN billing_payment p ON p.id = e.payment_id
 WHERE e."on" BETWEEN %(first)s AND %(last)s AND e.kind NOT IN ('invoice', 'credit')
 ORDER BY e."on", e.id
"""


class AccountMissing(LookupError):
    """The table has no account for something that was booked."""

    def __init__(self, use: str) -> None:
        super().__init__(
            _("The journal has no account for “%(use)s”. Add it on the page “Accounts of the journal”.")
            % {"use": Use(use).label}
        )


class TooLong(ValueError):
    """A journal holds a year at most."""

    def __init__(self) -> None:
        super().__init__(_("A journal covers at most a year. Choose fewer days."))


@dataclass(frozen=True)
class Posting:
    """One line: a positive amount is debit, a negative one credit."""

    on: date
    type: str
    voucher: str
    account: str
    amount: Decimal
    text: str
    customer: int | None = None
    vat_code: str = ""
    vat_rate: Decimal | None = None


class Accounts:
    """The table of accounts, read once."""

    def __init__(self) -> None:
        self._numbers = {(row.use, row.vat): row.number for row in JournalAccount.objects.all()}

    def of(self, use: str, vat: str = "") -> str:
        """The account for a use; of sales, that of the rate or category if it has one. Raises AccountMissing."""
        number = self._numbers.get((use, vat)) or self._numbers.get((use, ""))
        if number is None:
            raise AccountMissing(use)
        return number


def set_accounts(numbers: dict[int, str], *, by: User, vat: str = "", number: str = "") -> None:
    """Change the accounts with these keys; one without a number goes, and its sales with the others again.

    `vat` and `number` add an account for sales of one rate or category.
    """
    with access.atomic():
        for row in JournalAccount.objects.filter(pk__in=numbers):
            if not numbers[row.pk]:
                row.delete()
            elif numbers[row.pk] != row.number:
                row.number = numbers[row.pk]
                row.save(update_fields=["number"])
        if vat:
            JournalAccount.objects.create(use=Use.SALES, vat=vat, number=number)


# --- the postings --------------------------------------------------------------------------------------


def postings(first: date, last: date) -> Iterator[Posting]:
    """Every posting from a first to a last day, voucher by voucher, zero amounts left out. Raises AccountMissing."""
    days, accounts = {"first": first, "last": last}, Accounts()
    every = chain(
        _documents(days, accounts),
        _payments(days, accounts),
        _entries(days, accounts),
        _fees_kept(days, accounts),
    )
    return (posting for posting in every if posting.amount)


def _documents(days: dict[str, Any], accounts: Accounts) -> Iterator[Posting]:
    for _key, rows in groupby(access.ask(DOCUMENTS, days), key=lambda row: row[0]):
        lines = list(rows)
        _pk, on, kind, sold, number, customer = lines[0][:6]
        code, word = DOCUMENT_TYPES[kind]
        head: dict[str, Any] = {"on": on, "type": code, "voucher": number, "customer": customer}
        head["text"] = f"{word} {number}"
        total = sum((net + vat for *_row, net, vat in lines), ZERO)
        yield Posting(account=accounts.of(Use.RECEIVABLES), amount=total, **head)
        use = Use.INTEREST if sold == "interest" else Use.SALES
        for category, rate, net, vat in (line[6:] for line in lines):
            known: dict[str, Any] = {"vat_code": category, "vat_rate": rate}
            yield Posting(account=accounts.of(use, vat_key(category, rate)), amount=-net, **head, **known)
            if vat:
                yield Posting(account=accounts.of(Use.VAT), amount=-vat, **head, **known)


def _payments(days: dict[str, Any], accounts: Accounts) -> Iterator[Posting]:
    for pk, on, customer, amount, source in access.ask(PAYMENTS, days):
        word = "Suoritus" if amount > 0 else "Suorituksen palautus"
        head: dict[str, Any] = {
            "on": on,
            "type": "SU",
            "voucher": f"M{pk}",
            "customer": customer,
            "text": word,
        }
        got = Use.AGENCY if source == Payment.Source.AGENCY else Use.BANK
        yield Posting(account=accounts.of(got), amount=amount, **head)
        yield Posting(account=accounts.of(Use.UNALLOCATED), amount=-amount, **head)


def _entries(days: dict[str, Any], accounts: Accounts) -> Iterator[Posting]:
    lost = {loss.key: loss for loss in losses.of(days)}
    for pk, on, kind, own_kind, amount, number, customer in access.ask(ENTRIES, days):
        if number is None and kind not in WITHOUT_RECEIVABLE:
            continue  # two payments meet each other: nothing leaves the account of those not allocated
        code, use, word = COUNTER[kind]
        text = f"{word} {number or ''}".strip() + (" (peruutus)" if own_kind == Kind.REVERSAL else "")
        head: dict[str, Any] = {
            "on": on,
            "type": code,
            "voucher": f"E{pk}",
            "customer": customer,
            "text": text,
        }
        against = WITHOUT_RECEIVABLE[kind] if number is None else Use.RECEIVABLES
        yield Posting(account=accounts.of(against), amount=amount, **head)
        shares = lost[pk].shares if pk in lost else ()
        for share in shares:
            known: dict[str, Any] = {"vat_code": share.category, "vat_rate": share.rate}
            yield Posting(account=accounts.of(Use.VAT), amount=share.vat, **head, **known)
        vat = sum((share.vat for share in shares), ZERO)
        yield Posting(account=accounts.of(use), amount=-amount - vat, **head)


def _fees_kept(days: dict[str, Any], accounts: Accounts) -> Iterator[Posting]:
    """What agencies kept of what they had got: their report says more than their transfer."""
    for pk, on, fee in access.ask(SETTLEMENTS, days):
        if fee:
            text = "Perintätoimiston palkkio" + (" (peruutus)" if fee < 0 else "")
            head: dict[str, Any] = {"on": on, "type": "TI", "voucher": f"T{pk}", "text": text}
            yield Posting(account=accounts.of(Use.AGENCY_FEES), amount=fee, **head)
            yield Posting(account=accounts.of(Use.AGENCY), amount=-fee, **head)


def vat_key(category: str, rate: Decimal) -> str:
    """What tells accounts of sales apart: 25.5 for a taxed rate, the category's letters otherwise."""
    return f"{rate.normalize():f}" if category == VatCategory.STANDARD else category


# --- the file ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class File:
    text: str
    postings: int
    debit: Decimal


def write(found: Iterable[Posting], *, names: dict[int, str] | None = None) -> File:
    """The CSV: semicolons, decimal commas, a byte order mark; `names` adds customers' names to the texts."""
    out, count, debit = io.StringIO(), 0, ZERO
    out.write("\ufeff")
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(HEADINGS)
    for one in found:
        count, debit = count + 1, debit + max(one.amount, ZERO)
        name = (names or {}).get(one.customer or 0, "")
        rows.writerow(
            [
                f"{one.on:%d.%m.%Y}", one.type, one.voucher, one.account,
                decimal(one.amount) if one.amount > 0 else "", decimal(-one.amount) if one.amount < 0 else "",
                one.vat_code, "" if one.vat_rate is None else decimal(one.vat_rate),
                f"K{one.customer}" if one.customer else "", inert(f"{one.text} {name}".strip()),
            ]
        )  # fmt: skip
    return File(out.getvalue(), count, debit)


def export(period: Period, *, by: User, with_names: bool = False) -> tuple[JournalExport, str]:
    """Write the journal of a period, remember that it was handed over, and record the act.

    Raises AccountMissing, TooLong.
    """
    if period.days > LONGEST:
        raise TooLong
    with access.atomic():
        found = list(postings(period.first, period.last))
        customers = sorted({one.customer for one in found if one.customer})
        names = (
            dict(Customer.objects.filter(pk__in=customers).values_list("pk", "name")) if with_names else None
        )
        file = write(found, names=names)
        made = JournalExport.objects.create(
            first=period.first,
            last=period.last,
            postings=file.postings,
            debit=file.debit,
            sha256=hashlib.sha256(file.text.encode()).hexdigest(),
            made_by_id=by.pk,
        )
        audit.record(
            AuditEntry.Action.ACCESS,
            Customer,
            numbers=[f"K{pk}" for pk in customers],
            page="billing journal export",
            details={"rows": file.postings, "names": with_names, "days": str(made)},
        )
    return made, file.text


def exports() -> QuerySet[JournalExport]:
    """What was handed over, the latest first; `outdated` when something has been booked into its days since."""
    days = Q(entered_at__gt=OuterRef("made_at"))
    entries = Entry.objects.filter(days, on__gte=OuterRef("first"), on__lte=OuterRef("last"))
    money = Payment.objects.filter(days, booked_on__gte=OuterRef("first"), booked_on__lte=OuterRef("last"))
    return JournalExport.objects.annotate(outdated=Exists(entries) | Exists(money))
