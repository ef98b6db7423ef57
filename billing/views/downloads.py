"""Files that billing's pages hand out."""

from __future__ import annotations

from django.http import HttpResponse

CSV = "text/csv; charset=utf-8"
XML = "application/xml"
ZIP = "application/zip"


def as_file(content: bytes | str, name: str, content_type: str, *, attachment: bool = True) -> HttpResponse:
    """A file that can do nothing in the browser; the name is made of numbers."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'{"attachment" if attachment else "inline"}; filename="{name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def as_pdf(content: bytes, name: str, *, attachment: bool = True) -> HttpResponse:
    """A paper, to be kept or to be looked at."""
    return as_file(content, name, "application/pdf", attachment=attachment)
