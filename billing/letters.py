"""The print queue: many letters in one PDF, byte for byte what was frozen, each with its address in the window."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from billing.models import InvoicePdf, ReminderPdf, Sending


def together(rows: Iterable[Sending], *, two_sided: bool = False) -> bytes:
    """One PDF of the letters in their order; printed on both sides, each begins on a sheet of its own."""
    from pypdf import PdfReader, PdfWriter  # 23 MiB that a web process needs only here

    queue = list(rows)
    invoices = InvoicePdf.objects.in_bulk([row.invoice_id for row in queue if row.invoice_id])
    reminders = ReminderPdf.objects.in_bulk([row.reminder_id for row in queue if row.reminder_id])
    writer = PdfWriter()
    for row in queue:
        stored = invoices[row.invoice_id] if row.invoice_id else reminders[row.reminder_id or 0]
        pages = PdfReader(BytesIO(bytes(stored.content))).pages
        for page in pages:
            writer.add_page(page)
        if two_sided and len(pages) % 2:
            writer.add_blank_page()
    made = BytesIO()
    writer.write(made)
    return made.getvalue()
