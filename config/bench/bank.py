"""`manage.py bench billing`: a bank file of many payments, imported and matched, and how much memory it takes.

The invoices are made by SQL as if they had been issued; the file is a camt.054 with one batch, as banks send it. It
is imported through the worker's login by the same code as any other.
"""

from __future__ import annotations

import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import connections

from billing import references
from billing.bank import importing
from billing.models import BankFile, Invoice, Payment, Receivable
from config.bench import seeding
from config.bench.owing import ACCOUNT
from register import access
from register.models import Registrar, User

PAYMENTS = 100_000
DAY = date(2026, 9, 15)
AMOUNT = Decimal("125.50")
AT_A_TIME = 10_000


def measure(progress: Callable[[str], None], *, payments: int = PAYMENTS) -> dict[str, Any]:
    """Seed what is owed, import its payments, and tell seconds, payments a second and MiB of memory grown."""
    by = seeding.make_company()
    Registrar.objects.using("migrate").update(iban=ACCOUNT)
    progress(f"Making {payments:,} open invoices")
    keys = _seed(payments, by)
    progress(f"Writing a bank file of {payments:,} payments")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pankki.xml"
        with path.open("wb") as out:
            for chunk in _camt(keys):
                out.write(chunk)
        progress(f"Importing {path.stat().st_size / 2**20:.0f} MiB")
        return _import(path, by)


def _import(path: Path, by: User) -> dict[str, Any]:
    now = datetime.now(UTC)
    with access.acting("billing", user_id=by.pk), path.open("rb") as source:
        upload = TemporaryUploadedFile(path.name, "application/xml", path.stat().st_size, None)
        with upload:
            for chunk in iter(lambda: source.read(2**20), b""):
                upload.write(chunk)
            upload.seek(0)
            file = importing.receive(upload, by=by, at=now)
    with _Peak() as peak:
        began = time.perf_counter()
        with access.acting("worker", user_id=by.pk):
            importing.run(file.pk, at=now, on=DAY, telling=True)
        seconds = time.perf_counter() - began
    with access.acting("billing"):
        counts = BankFile.objects.get(pk=file.pk).counts
    matched = counts.get("matched", [0])[0]
    return {
        "payments": sum(number for number, _sum in counts.values()),
        "matched": matched,
        "seconds": round(seconds, 1),
        "per second": round(matched / seconds),
        "memory grown, MiB": peak.grown,
    }


class _Peak:
    """How much the resident memory grows meanwhile."""

    def __enter__(self) -> Self:
        self.grown, self._over = 0, threading.Event()
        self._before = _resident()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            self.grown = max(self.grown, round((_resident() - self._before) / 2**20))


def _resident() -> int:
    """Bytes of memory now; where that cannot be read, the most so far."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


# --- what is owed ----------------------------------------------------------------------------------------

INVOICES = """
WITH made AS (
    INSERT INTO billing_invoice (kind, customer_id, language, subject, buyer_reference, order_number, note,
        vat_reason, payment_days, due_basis, prices_include_vat, discount_percent, discount_amount,
        discount_reason, net, vat, total, draft_key, drafted_by_id, drafted_at,
        number, reference, sha256)
    SELECT 'invoice', c.id, 'fi', '', '', '', '', '', 14, 'invoice_only', false, 0, 0, '', 100, 25.5, %(amount)s,
           gen_random_uuid(), %(by)s, now(), '', '', ''
      FROM unnest(%(customers)s::bigint[]) AS c(id)
    RETURNING id, customer_id
), owed AS (
    INSERT INTO billing_receivable (invoice_id, customer_id, debtor, number, issued_on, due_on, due_basis, amount,
                                    open, costs)
    SELECT id, customer_id, 'business', 'B' || id, %(day)s, %(day)s, 'invoice_only', %(amount)s, 0, 0 FROM made
    RETURNING invoice_id
)
SELECT invoice_id FROM owed
"""
OWED = """
INSERT INTO billing_entry (kind, part, receivable_id, amount, "on", reason, entered_at)
SELECT 'invoice', 'principal', owed.id, %(amount)s, %(day)s, '', now() FROM unnest(%(ids)s::bigint[]) AS owed(id)
"""
KEYS = """
INSERT INTO billing_paymentreference (receivable_id, key)
SELECT * FROM unnest(%(ids)s::bigint[], %(keys)s::text[])
"""


def _seed(payments: int, by: User) -> list[str]:
    """Invoices that are owed, each with its own reference; returns the references."""
    keys: list[str] = []
    with access.acting("migrate"), connections["migrate"].cursor() as cursor:
        customers = _customers(cursor)
        start = Payment.objects.count() + Receivable.objects.count() + Invoice.objects.count()
        for first in range(0, payments, AT_A_TIME):
            count = min(AT_A_TIME, payments - first)
            facts: dict[str, Any] = {"amount": AMOUNT, "day": DAY, "by": by.pk}
            chosen = [customers[(first + place) % len(customers)] for place in range(count)]
            cursor.execute(INVOICES, facts | {"customers": chosen})
            ids = [pk for (pk,) in cursor.fetchall()]
            cursor.execute(OWED, facts | {"ids": ids})
            made = [references.make(70_000_000_000 + start + first + place) for place in range(count)]
            cursor.execute(KEYS, {"ids": ids, "keys": made})
            keys += made
    with connections["migrate"].cursor() as cursor:
        cursor.execute("ANALYZE billing_receivable, billing_paymentreference, billing_payment, billing_entry")
    return keys


def _customers(cursor: Any) -> list[int]:
    cursor.execute("SELECT id FROM customers_customer ORDER BY id LIMIT 10000")
    found = [pk for (pk,) in cursor.fetchall()]
    if not found:
        cursor.execute(
            "INSERT INTO customers_customer (public_id, kind, name, sort_key, business_id, language, created_at) "
            "SELECT gen_random_uuid(), 'company', 'Yritys ' || n || ' Oy', 'yritys' || n, '', 'fi', now() "
            "FROM generate_series(1, 1000) n RETURNING id"
        )
        found = [pk for (pk,) in cursor.fetchall()]
    return found


# --- the file --------------------------------------------------------------------------------------------

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>BENCH</MsgId><CreDtTm>{day}T06:00:00</CreDtTm></GrpHdr><Ntfctn><Id>1</Id>
<CreDtTm>{day}T06:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
<TxsSummry><TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>{sum}</Sum></TtlCdtNtries></TxsSummry>
<Ntry><Amt Ccy="EUR">{sum}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt>
<ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{batch}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>
<SubFmlyCd>NTAV</SubFmlyCd></Fmly></Domn><Prtry><Cd>705VIITESIIRTO</Cd><Issr>FFFS</Issr></Prtry></BkTxCd>
<NtryDtls><Btch><NbOfTxs>{count}</NbOfTxs></Btch>
"""
ONE = """<TxDtls><Refs><AcctSvcrRef>{archive}</AcctSvcrRef></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt>
</AmtDtls><RltdPties><Dbtr><Nm>YRITYS OY</Nm></Dbtr></RltdPties><RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd>
</CdOrPrtry></Tp><Ref>{reference:0>20}</Ref></CdtrRefInf></Strd></RmtInf><RltdDts><AccptncDtTm>{day}T00:00:00
</AccptncDtTm></RltdDts></TxDtls>
"""
TAIL = "</NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n"


def _camt(keys: list[str]) -> Iterator[bytes]:
    total, batch = AMOUNT * len(keys), f"B{keys[0]}"
    yield HEAD.format(day=DAY, iban=ACCOUNT, sum=total, batch=batch, count=len(keys)).encode()
    for key in keys:
        yield ONE.format(archive=f"T{key}", amount=AMOUNT, reference=key, day=DAY).encode()
    yield TAIL.encode()
