"""The invoice on paper: a frozen document in, PDF/A bytes out."""

from billing.pdf.document import Account, DocumentLine, InvoiceDocument, Kind, Language, Party, VatLine
from billing.pdf.typesetting import Attached, NotTypeset, render

__all__ = [
    "Account",
    "Attached",
    "DocumentLine",
    "InvoiceDocument",
    "Kind",
    "Language",
    "NotTypeset",
    "Party",
    "VatLine",
    "render",
]
