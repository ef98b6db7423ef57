"""Files that go out with an invoice: put on a draft, taken off it, frozen when it is issued.

Checked and stored as the register's other files are (customers.attachments), in a folder of their own. Their
fingerprints stand in the issued document.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from billing.drafting import held_draft
from billing.models import Invoice, InvoiceAttachment
from customers import attachments
from register import access
from register.models import User

FOLDER = "invoices"
MOST_FILES = 10
MOST_BYTES = 10 * 1024 * 1024


class TooManyFiles(ValueError):
    """More than an e-mail should carry."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "An invoice carries at most %(files)d files of %(megabytes)d MB in all, so that it fits an e-mail."
            )
            % {"files": MOST_FILES, "megabytes": MOST_BYTES // 1024**2}
        )


def attach(invoice: Invoice, files: Iterable[File], *, by: User) -> list[InvoiceAttachment]:
    """Put files on a draft. Raises drafting.AlreadyIssued, attachments.Refused, TooManyFiles; then none is kept."""
    files = list(files)
    with access.atomic():
        held = held_draft(invoice)
        sorts = [attachments.check(file) for file in files]
        there = list(held.attachments.values_list("size", flat=True))
        size = sum(there) + sum(file.size for file in files)
        if len(there) + len(files) > MOST_FILES or size > MOST_BYTES:
            raise TooManyFiles
        return [_attach_one(held, file, sort, by=by) for file, sort in zip(files, sorts, strict=True)]


def _attach_one(invoice: Invoice, file: File, sort: attachments.Sort, *, by: User) -> InvoiceAttachment:
    pages = printable_pages(file) if sort == attachments.PDF else None
    kept = attachments.keep(file, sort, folder=FOLDER)
    return InvoiceAttachment.objects.create(
        invoice=invoice,
        name=kept.name,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
        pages=pages,
        path=kept.path,
        entered_by_id=by.pk,
    )


def printable_pages(file: File) -> int | None:
    """How many pages the print queue can print of a file; None for what is no PDF, is damaged or locked."""
    from pypdf import PdfReader  # 23 MiB that a web process needs only where PDF files come and are printed

    file.seek(0)
    try:
        reader = PdfReader(BytesIO(file.read()))
        pages = 0 if reader.is_encrypted else len([page.mediabox for page in reader.pages])
    except Exception:  # noqa: BLE001 (a hostile or broken PDF fails in any way)
        return None
    finally:
        file.seek(0)
    return pages or None


def detach(attachment: InvoiceAttachment, *, by: User) -> None:
    """Take a file off a draft. Raises drafting.AlreadyIssued."""
    with access.atomic():
        held_draft(attachment.invoice)
        attachments.forget_after_commit(attachment.path)
        attachment.delete()


def opened(attachment: InvoiceAttachment) -> File:
    """The stored file, open for reading; FileNotFoundError when it is not there."""
    return attachments.open_stored(attachment.path, name=attachment.name)


def sweep(*, before: datetime) -> int:
    """Delete files that no row names and that were written before a moment; returns how many."""
    return attachments.sweep(before=before, folder=FOLDER, rows=InvoiceAttachment.objects.all())
