"""Sets the sheet with typst: PDF/A-3a and PDF/UA-1, the same bytes for the same document, nothing fetched.

The template is the only program; what people wrote reaches it as JSON data and is never read as markup. The
compiler sees the template's folder and no other, and no fonts but those in it.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst

from billing.pdf import sheet
from billing.pdf.document import InvoiceDocument
from billing.pdf.lettering import FONTS

_TEMPLATE = Path(__file__).parent / "template"
_compiling = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file inside the PDF, as PDF/A-3 knows them. `relationship` is "alternative" for the same invoice as XML,
    else "source", "data" or "supplement"; small files only: the bytes pass through the template's data."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: str = "alternative"


class NotTypeset(RuntimeError):
    """The template failed. The text holds nothing of the document: typst's own messages quote it."""


def render(document: InvoiceDocument, attachments: Sequence[Attached] = ()) -> bytes:
    """The document as PDF; 20–50 ms once the process has set its first page."""
    laid_out = sheet.lay_out(document) | {"attached": [_data(one) for one in attachments]}
    return typeset("invoice.typ", laid_out, on=document.issued_on)


def typeset(template: str, laid_out: dict[str, Any], *, on: date) -> bytes:
    """A sheet set by one of the templates, dated as told. Raises NotTypeset."""
    with _compiling:
        try:
            pdf = _compiler(template).compile(
                format="pdf",
                sys_inputs={"sheet": json.dumps(laid_out)},
                pdf_standards=["a-3a", "ua-1"],
                timestamp=datetime(on.year, on.month, on.day, tzinfo=UTC),
            )
        except typst.TypstError:
            raise NotTypeset("the template could not be typeset") from None
    return cast(bytes, pdf)


def _data(attached: Attached) -> dict[str, object]:
    return {
        "name": attached.name,
        "content": list(attached.content),
        "type": attached.media_type,
        "description": attached.description,
        "relationship": attached.relationship,
    }


@cache
def _compiler(template: str) -> typst.Compiler:
    """Kept for the life of the process: it remembers fonts and layout. Not safe for two threads at once."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(
        str(_TEMPLATE / template),
        root=str(_TEMPLATE),
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=str(_TEMPLATE),
        package_cache_path=str(_TEMPLATE),
    )
