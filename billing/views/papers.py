"""How papers other than invoices leave the register."""

from __future__ import annotations

from django.http import HttpResponse


def as_file(content: bytes, name: str, *, attachment: bool) -> HttpResponse:
    """A PDF that can do nothing in the browser; the name is a number."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'{"attachment" if attachment else "inline"}; filename="{name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
