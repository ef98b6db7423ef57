"""The header fields by which mail programs offer their own stop button (RFC 2369, RFC 8058)."""

from __future__ import annotations

from django.conf import settings

ONE_CLICK = "List-Unsubscribe=One-Click"


def stop_link(token: str) -> str:
    """Where a stop token leads."""
    return f"{settings.SITE_URL}/u/{token}"


def unsubscribe(token: str, *, mailbox: str = "") -> dict[str, str]:
    """List-Unsubscribe, and List-Unsubscribe-Post where the register is reached by HTTPS.

    RFC 8058, 3.1: exactly one HTTPS URI, and one-click only with it. `mailbox` is an address read by the
    register to which ``+token`` is added before the @.
    """
    fields = {"List-Unsubscribe": f"<{stop_link(token)}>"}
    if mailbox:
        local, _, domain = mailbox.rpartition("@")
        fields["List-Unsubscribe"] += f", <mailto:{local}+{token}@{domain}>"
    if settings.HTTPS:
        fields["List-Unsubscribe-Post"] = ONE_CLICK
    return fields
