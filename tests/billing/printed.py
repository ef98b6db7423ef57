"""A PDF as those who get it see it: its text as copied, its catalogue, and what a scanner reads off the paper."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdf
import pypdfium2
import zxingcpp

from billing.pdf import InvoiceDocument, render


def pages(pdf: bytes) -> list[str]:
    """The text of each page, as copied: no-break spaces read as spaces."""
    return [page.extract_text().replace("\u00a0", " ") for page in pypdf.PdfReader(BytesIO(pdf)).pages]


def text(document: InvoiceDocument) -> str:
    return "\n".join(pages(render(document)))


def joined(document: InvoiceDocument) -> str:
    """The text without line ends, for what the layout breaks."""
    return text(document).replace("\n", "")


def scanned(document: InvoiceDocument) -> dict[str, str]:
    """What a reader sees on the last page, printed at 300 dots per inch."""
    paper = pypdfium2.PdfDocument(render(document))
    page = paper[len(paper) - 1]
    picture = page.render(scale=300 / 72, grayscale=True)
    pixels = memoryview(bytes(picture.buffer)).cast("B", shape=[picture.height, picture.stride])
    return {str(found.format): found.text for found in zxingcpp.read_barcodes(pixels)}


def catalogue(pdf: bytes) -> Any:
    return pypdf.PdfReader(BytesIO(pdf)).trailer["/Root"]
