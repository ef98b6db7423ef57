"""The public pages: front page, privacy statement, and the form by which anybody asks about his data."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_safe

from mailing import hashes
from privacy import limits, requests
from privacy.forms import RequestForm
from privacy.models import Case
from register import doors, statement
from register.languages import PARAMETER, remember
from register.models import SecurityEvent
from register.public import unlisted
from register.roles import Role

START_PAGES = {Role.OWNER: "/register/", Role.BILLING: "/billing/"}


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Who keeps the register and where to go; the staff go on to their own start page."""
    if request.user.is_authenticated:
        return redirect(START_PAGES[Role(request.user.role)])
    return render(request, "privacy/front.html", {"sign_in": settings.LOGIN_URL})


@require_safe
def current_statement(request: HttpRequest, language: str = "") -> HttpResponse:
    """The privacy statement in force, in the language of the address or of the reader."""
    if language and language not in dict(settings.LANGUAGES):
        raise Http404
    chosen = request.GET.get(PARAMETER) in dict(settings.LANGUAGES)
    shown = language if language and not chosen else _language()
    with translation.override(shown):
        request.LANGUAGE_CODE = shown  # type: ignore[attr-defined]
        try:
            text = statement.current(shown)
        except statement.RegistrarMissing:
            return render(request, "privacy/statement_missing.html", status=404)
        response = render(request, "privacy/statement.html", {"statement": text})
    if language:
        remember(response, shown)
    return response


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The same answer, and as fast, whether the address is known or not: only a case and a job are stored."""
    form = RequestForm(request.POST or None, initial={"kind": request.GET.get("kind") or Case.Kind.VIEW})
    response: HttpResponse
    if request.method != "POST" or not form.is_valid():
        response = render(request, "privacy/request.html", {"form": form})
    elif not _allowed(request, form.cleaned_data["contact"]):
        response = render(request, "privacy/too_many.html", status=429)
    else:
        requests.receive(
            kind=form.cleaned_data["kind"],
            how=Case.How.FORM,
            language=_language(),
            at=timezone.now(),  # noqa: TID251
            contact=form.cleaned_data["contact"],
            message=form.cleaned_data["message"],
        )
        response = redirect("privacy:asked")
    response["Referrer-Policy"] = "same-origin"
    return response


@unlisted
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What happens now, in words that fit every request and every address."""
    return render(request, "privacy/asked.html")


def _allowed(request: HttpRequest, contact: str) -> bool:
    """Whether this network and this address may ask once more; both slots are taken in any case."""
    network = limits.FORM_BY_NETWORK.allows(limits.network_address(request))
    address = limits.FORM_BY_ADDRESS.allows(hashes.of(contact).hex())
    if not (network and address):
        doors.record_event(
            SecurityEvent.What.LIMIT,
            user_id=None,
            login="link",
            view="privacy:ask",
            details="form",
            once_in=doors.AN_HOUR,
        )
    return network and address


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE
