"""Stored files on their way to a browser: always to be saved, never to be shown inside our pages."""

from __future__ import annotations

from django.core.files.base import File
from django.http import FileResponse
from django.utils.http import content_disposition_header

from customers import attachments


def as_download(content: File, *, name: str, content_type: str, size: int) -> FileResponse:
    """Nothing in the file may run as ours: the browser is told not to guess its sort and to sandbox it."""
    response = FileResponse(content, content_type=_harmless(content_type))
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Length"] = str(size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response


def _harmless(content_type: str) -> str:
    """Pictures and PDF as they are; everything else as bytes."""
    known = content_type == "application/pdf" or content_type.startswith("image/")
    return content_type if known else attachments.UNKNOWN
