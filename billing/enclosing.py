"""What becomes of an invoice's files by each channel: a mail carries them, the print queue those it can print.

A Finvoice carries none: files travel in a message of their own between operators. Nothing is dropped in silence: what
a channel does not carry is told before issuing, when sending, and where letters and e-invoices are handed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import attaching
from billing.models import InvoiceAttachment, Sending

if TYPE_CHECKING:
    from pypdf import PageObject

Channel = Sending.Channel


class EnclosureMissing(RuntimeError):
    """A stored file that was to be printed with its invoice is not what it was."""

    def __init__(self, attachment: InvoiceAttachment) -> None:
        super().__init__(
            _(
                "The file %(file)s of invoice %(number)s could not be read, so nothing was printed. Print that "
                "letter by itself, and tell the register owner."
            )
            % {"file": attachment.name, "number": attachment.invoice}
        )


def pages_of(attachment: InvoiceAttachment) -> list[PageObject]:
    """The pages of a file that the print queue prints. Raises EnclosureMissing."""
    from pypdf import PdfReader

    try:
        with attaching.opened(attachment) as stored:
            return list(PdfReader(BytesIO(stored.read())).pages)
    except Exception:  # noqa: BLE001 (whatever is wrong with the file, the letter must not go without it)
        raise EnclosureMissing(attachment) from None


def left_out(files: Iterable[InvoiceAttachment], channel: str) -> list[InvoiceAttachment]:
    """The files that do not go out by themselves when the invoice goes by a channel."""
    if channel == Channel.PAPER:
        return [file for file in files if file.pages is None]
    return list(files) if channel == Channel.E_INVOICE else []


def warning(files: Iterable[InvoiceAttachment], channel: str) -> str:
    """The same in words for the person who sends; empty when everything goes along."""
    left = left_out(files, channel)
    said = WARNINGS.get(channel)
    return str(said) % {"files": ", ".join(file.name for file in left)} if left and said else ""


WARNINGS: dict[str, str | Promise] = {
    Channel.PAPER: _(
        "The print queue does not print these files. Enclose them in the letter by hand: %(files)s."
    ),
    Channel.E_INVOICE: _(
        "An e-invoice carries no files, it only names them. Give these to the customer in another way: %(files)s."
    ),
}
