"""The pages behind a person's own link: what is held in outline, and the ways to ask for more.

The token is in the address of the first request only: a cookie of half an hour takes its place. All pages
answer a wrong, expired or revoked link with the same neutral page.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from customers.models import Customer, EmailAddress, Person, PhoneNumber, PostalAddress
from mailing import suppression
from mailing.models import Channel
from privacy import codes, limits, links, outline, requests, tasks
from privacy.forms import CodeForm, OwnRequestForm
from privacy.models import Case, OutlineLine
from register import audit, doors, jobs
from register.models import SecurityEvent
from register.public import unlisted

COOKIE = "__Host-my" if settings.HTTPS else "my"
HALF_AN_HOUR = 30 * 60

WRONG_CODE = _("This code is wrong, used, or older than fifteen minutes. Check it, or ask for a new one.")

Page = Callable[[HttpRequest, Person], HttpResponse]


@unlisted
@require_safe
def first_hit(request: HttpRequest, token: str) -> HttpResponse:
    """Put the token into a cookie, and go on to an address that can be shown to anybody."""
    response = redirect("privacy:my")
    response.status_code = 303
    response.set_cookie(
        COOKIE, token, max_age=HALF_AN_HOUR, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
    return response


def through_link(page: Page) -> Callable[[HttpRequest], HttpResponse]:
    """Decorator: the page gets the person whose link the cookie holds; without one, the neutral page."""

    @functools.wraps(page)
    @unlisted
    def wrapped(request: HttpRequest) -> HttpResponse:
        token = request.COOKIES.get(COOKIE, "")
        person = links.enter(token) if 20 <= len(token) <= 100 and token.isascii() else None
        response = page(request, person) if person else _no_link(request)
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


@through_link
@require_safe
def my(request: HttpRequest, person: Person) -> HttpResponse:
    """What is held about the person, in outline."""
    audit.record_read(person, page="my data")
    context = {
        "person": person,
        "customers": list(Customer.objects.order_by("sort_key")),
        "emails": list(EmailAddress.objects.current()),
        "phones": list(PhoneNumber.objects.current()),
        "places": list(PostalAddress.objects.current()),
        "kinds": outline.by_kind(OutlineLine.objects.all()),
        "choices": Case.Kind,
    }
    return render(request, "privacy/my.html", context)


@through_link
@require_POST
def ask(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask for something: at once where a link is proof enough, else after the code that is mailed now."""
    form = OwnRequestForm(request.POST)
    if not form.is_valid():
        return redirect("privacy:my")
    kind, address = form.cleaned_data["kind"], _address(person)
    if kind not in requests.NEEDS_CODE or address is None:
        return _receive(request, person, kind=kind, message=form.cleaned_data["message"])
    if not limits.CODE_BY_LINK.allows(_link_hash(request)):
        return _too_many(request)
    code_id = codes.ask(kind=kind)
    jobs.defer(tasks.mail_code, code_id=code_id)
    return redirect(f"/my/code/{kind}/")


@through_link
def _code(request: HttpRequest, person: Person) -> HttpResponse:
    """Type the code that was mailed; five tries, fifteen minutes, once."""
    kind = request.resolver_match.kwargs["kind"]  # type: ignore[union-attr]
    if kind not in requests.NEEDS_CODE:
        return redirect("privacy:my")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code_id = codes.use(kind=kind, typed=form.cleaned_data["code"], link_sha256=_link_hash(request))
        if code_id is not None:
            return _receive(request, person, kind=kind, code_id=code_id)
        form.add_error("code", WRONG_CODE)
    context = {"form": form, "kind": Case.Kind(kind), "address": _address(person)}
    return render(request, "privacy/code.html", context)


def code(request: HttpRequest, kind: str) -> HttpResponse:
    """The page of the code for one kind of request."""
    return _code(request)


@through_link
@require_POST
def stop(request: HttpRequest, person: Person) -> HttpResponse:
    """No more marketing to any of the person's own addresses."""
    for detail in EmailAddress.objects.current():
        suppression.stop(detail.address, channel=Channel.PAGE, at=_now(), wording="my data page 1")
    return render(request, "privacy/my_stopped.html")


@through_link
@require_safe
def thanks(request: HttpRequest, person: Person) -> HttpResponse:
    """The request has been received."""
    return render(request, "privacy/my_asked.html")


@unlisted
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the link in this browser."""
    response = redirect("/")
    response.delete_cookie(COOKIE, samesite="Lax")
    response["Referrer-Policy"] = "same-origin"
    return response


def _receive(
    request: HttpRequest, person: Person, *, kind: str, message: str = "", code_id: int | None = None
) -> HttpResponse:
    if code_id is None and not limits.CASE_BY_LINK.allows(_link_hash(request)):
        return _too_many(request)
    address = _address(person)
    requests.receive(
        kind=kind,
        how=Case.How.LINK,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        at=_now(),
        contact=address.address if address else "",
        message=message,
        person=person,
        code_id=code_id,
    )
    return redirect("privacy:my_asked")


def _address(person: Person) -> EmailAddress | None:
    """The person's own address on file, the primary one first; row-level security shows no other's."""
    return EmailAddress.objects.current().order_by("-primary", "id").first()


def _no_link(request: HttpRequest) -> HttpResponse:
    response = render(request, "privacy/no_link.html", status=404)
    response.delete_cookie(COOKIE, samesite="Lax")
    if COOKIE in request.COOKIES and not limits.WRONG_LINKS.allows(limits.network_address(request)):
        _record_limit("privacy:my", "wrong links")
    return response


def _too_many(request: HttpRequest) -> HttpResponse:
    _record_limit("privacy:my_ask", "link")
    return render(request, "privacy/too_many.html", status=429)


def _record_limit(view: str, details: str) -> None:
    doors.record_event(
        SecurityEvent.What.LIMIT,
        user_id=None,
        login="link",
        view=view,
        details=details,
        once_in=doors.AN_HOUR,
    )


def _link_hash(request: HttpRequest) -> str:
    return links.hash_of(request.COOKIES[COOKIE])


def _now() -> datetime:
    return timezone.now()  # noqa: TID251
