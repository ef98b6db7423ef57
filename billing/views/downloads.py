"""Files that billing's pages hand out."""

from __future__ import annotations

from django.http import HttpResponse


def as_csv(text: str, name: str) -> HttpResponse:
    """A spreadsheet; the name is made of numbers."""
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF that can do nothing in the browser; the name is made of numbers."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
