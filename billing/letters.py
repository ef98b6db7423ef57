"""The print queue: many letters in one PDF, as they were frozen, each with its address in the window.

The PDF files of an invoice follow it; other files are enclosed by hand (billing.enclosing says which).
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from billing import enclosing
from billing.models import InvoiceAttachment, InvoicePdf, ReminderPdf, Sending


def together(rows: Iterable[Sending], *, two_sided: bool = False) -> bytes:
    """One PDF of the letters in their order; printed on both sides, each begins on a sheet of its own.

    Raises enclosing.EnclosureMissing.
    """
    from pypdf import PdfReader, PdfWriter  # 23 MiB that a web process needs only here

    queue = list(rows)
    invoices = InvoicePdf.objects.in_bulk([row.invoice_id for row in queue if row.invoice_id])
    reminders = ReminderPdf.objects.in_bulk([row.reminder_id for row in queue if row.reminder_id])
    enclosed = _enclosed(queue)
    writer = PdfWriter()
    for row in queue:
        stored = invoices[row.invoice_id] if row.invoice_id else reminders[row.reminder_id or 0]
        parts = [list(PdfReader(BytesIO(bytes(stored.content))).pages)]
        parts += [enclosing.pages_of(file) for file in enclosed.get(row.invoice_id, ())]
        for pages in parts:
            for page in pages:
                writer.add_page(page)
            if two_sided and len(pages) % 2:
                writer.add_blank_page()
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _enclosed(queue: Iterable[Sending]) -> dict[int | None, list[InvoiceAttachment]]:
    """The files that are printed after each invoice."""
    found: dict[int | None, list[InvoiceAttachment]] = {}
    keys = [row.invoice_id for row in queue if row.invoice_id]
    for file in InvoiceAttachment.objects.filter(invoice__in=keys, pages__isnull=False).select_related(
        "invoice"
    ):
        found.setdefault(file.invoice_id, []).append(file)
    return found
