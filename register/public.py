"""What all public pages that open by a link share: stored nowhere, listed nowhere, telling nobody."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpResponse

    View = Callable[..., HttpResponse]

NO_STORE = "no-store, private"


def unlisted(view: View) -> View:
    """Decorator: no cache keeps the answer, no search engine lists it, no other site learns its address.

    A page that has a form with a CSRF token says ``Referrer-Policy: same-origin`` itself.
    """

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Cache-Control"] = NO_STORE
        response["X-Robots-Tag"] = "noindex, nofollow"
        response.setdefault("Referrer-Policy", "no-referrer")
        return response

    return wrapped
