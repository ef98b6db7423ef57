"""E-invoices for the operator or bank: files to download. The register transports nothing itself."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.utils import timezone

from billing import documents, finvoice
from billing.models import Sending
from billing.pdf import InvoiceDocument
from register.models import Registrar

BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
"""A bank is named by its BIC, an operator by its e-invoice address."""


@dataclass(frozen=True)
class Refused:
    """An invoice that cannot be an e-invoice, and why."""

    sending: Sending
    why: str


def files(rows: Sequence[Sending], *, at: datetime) -> tuple[dict[str, bytes], list[Refused]]:
    """The files of waiting e-invoices by name, in the frame that one's own operator or bank wants; and the refused.

    Raises documents.RegistrarMissing.
    """
    seller = documents.registrar()
    made, refused = dict[str, bytes](), list[Refused]()
    for row in rows:
        assert row.invoice is not None
        try:
            made[f"{row.invoice.number}-{row}.xml"] = _file(row, seller, at=at)
        except finvoice.CannotWrite as why:
            refused.append(Refused(row, str(why)))
    return made, refused


def zipped(made: dict[str, bytes], *, at: datetime) -> bytes:
    """Several files in one."""
    packed, local = BytesIO(), timezone.localtime(at)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(zipfile.ZipInfo(name, local.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _file(row: Sending, seller: Registrar, *, at: datetime) -> bytes:
    document = InvoiceDocument.from_json((row.invoice and row.invoice.snapshot) or {})
    route = finvoice.Route(
        sender=seller.einvoice_address,
        sender_operator=seller.einvoice_operator,
        receiver=document.buyer.einvoice_address,
        receiver_operator=document.buyer.einvoice_operator,
    )
    write = finvoice.for_bank if BIC.fullmatch(seller.einvoice_operator) else finvoice.for_operator
    return write(document, route, message=str(row), at=at, account=documents.account(seller))
