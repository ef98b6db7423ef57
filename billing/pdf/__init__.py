"""The invoice on paper: a frozen document in, PDF/A bytes out."""

from billing.pdf.document import (
    Account,
    DocumentLine,
    Enclosure,
    InvoiceDocument,
    Kind,
    Language,
    Party,
    VatLine,
)
from billing.pdf.typesetting import Attached, NotTypeset, render

__all__ = [
    "Account",
    "Attached",
    "DocumentLine",
    "Enclosure",
    "InvoiceDocument",
    "Kind",
    "Language",
    "NotTypeset",
    "Party",
    "VatLine",
    "render",
]
