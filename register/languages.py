"""The language somebody chose on a page (``?lang=sv``): it holds for the answer and for later visits."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase  # noqa: TID253
from django.utils import translation

PARAMETER = "lang"
A_YEAR = 365 * 24 * 3600


class ChosenLanguage:
    """Middleware after LocaleMiddleware: the parameter outranks cookie and browser, and is remembered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code = request.GET.get(PARAMETER, "")
        if code not in dict(settings.LANGUAGES):
            return self.get_response(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != code and request.method == "GET":
            remember(response, code)
        return response


def remember(response: HttpResponseBase, code: str) -> None:
    """Keep the chosen language in a cookie that says nothing else."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=A_YEAR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
