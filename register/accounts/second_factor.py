"""Second factors: required of both roles (except in the demo), used once, sealed in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect  # noqa: TID253
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from register import doors, sealing
from register.accounts.signing_in import HAS_SECOND_FACTOR, record_limit
from register.models import Registrar, SecurityEvent, User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ACCOUNT_PAGES = ("/accounts/", "/setup/")
OPEN_WITHOUT = ("/accounts/2fa/", "/accounts/logout/", "/accounts/reauthenticate/")
"""What somebody without a second factor may open: adding one, confirming who he is, leaving."""
LIMITED = {"too_many_login_attempts", "rate_limited"}


class Gate:
    """Middleware before the doorkeeper: who has no second factor yet gets only the page to add one.

    It also keeps the account pages out of caches: some show codes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._needs_factor(request):
            return HttpResponseRedirect(reverse("mfa_index"))
        response = self.get_response(request)
        if request.path_info.startswith(ACCOUNT_PAGES):
            add_never_cache_headers(response)
        return response

    def _needs_factor(self, request: HttpRequest) -> bool:
        path = request.path_info
        staff_only = doors.door_of(path).roles is not None or path.startswith(ACCOUNT_PAGES)
        if not staff_only or path.startswith(OPEN_WITHOUT) or not request.user.is_authenticated:
            return False
        if settings.REGISTER_DEMO or request.session.get(HAS_SECOND_FACTOR):
            return False
        if has_one(request.user.pk):
            request.session[HAS_SECOND_FACTOR] = True
            return False
        return True


def has_one(user_id: int) -> bool:
    """Whether somebody has an authenticator app or a passkey (recovery codes alone do not count)."""
    return Authenticator.objects.filter(user_id=user_id, type__in=FACTORS).exists()


def users_with_one() -> set[int]:
    """The ids of all users who have a second factor."""
    return set(Authenticator.objects.filter(type__in=FACTORS).values_list("user_id", flat=True))


class Adapter(DefaultMFAAdapter):
    """The register's answers to allauth's questions about second factors."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, purpose="second factor")

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text, purpose="second factor")

    def get_totp_issuer(self) -> str:
        """What the authenticator app calls the entry."""
        return _company()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the configured address, whatever the Host header says."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": _company()}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(n)d") % {"n": count + 1}


def _company() -> str:
    registrar = Registrar.objects.using("default").first()
    return registrar.name if registrar else _("Customer register")


class _CodeUsedOnce:
    """A mixin for forms that take a code: a code from the app works once in all the time it is valid.

    allauth forgets a used code after one period, but accepts its neighbours' as well.
    """

    def clean_code(self) -> str:
        with _watched(self.user):  # type: ignore[attr-defined]
            code: str = super().clean_code()  # type: ignore[misc]
            if self._from_app() and not _first_use(self.user.pk, code):  # type: ignore[attr-defined]
                raise get_adapter().validation_error("incorrect_code")
            return code

    def _from_app(self) -> bool:
        authenticator = getattr(self, "authenticator", None)
        return authenticator is None or authenticator.type == Authenticator.Type.TOTP


@contextmanager
def _watched(user: User | None) -> Iterator[None]:
    """A block that checks a second factor: what fails in it becomes a security event."""
    try:
        yield
    except ValidationError as error:
        record_failure(user, error)
        raise


def record_failure(user: User | None, error: ValidationError) -> None:
    """A security event for a wrong code or key, or for too many of them."""
    if getattr(error, "code", "") in LIMITED:
        record_limit(context.request)
        return
    doors.record_event(
        SecurityEvent.What.SIGN_IN,
        user_id=user.pk if user else None,
        login="default",
        view=doors.view_name(context.request),
        details="second factor",
    )


def _first_use(user_id: int, code: str) -> bool:
    seconds = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 2)
    return bool(cache.add(f"used code {user_id} {normalize_user_code(code)}", True, timeout=seconds))


class Authenticate(_CodeUsedOnce, AuthenticateForm):
    """The code after the password."""


class Reauthenticate(_CodeUsedOnce, ReauthenticateForm):
    """The code before something sensitive."""


class ActivateTOTP(_CodeUsedOnce, ActivateTOTPForm):
    """The first code of a new authenticator app."""


@contextmanager
def _understood() -> Iterator[None]:
    """A block that reads what a browser says about a passkey: nonsense is a wrong answer, not our fault."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError):
        raise get_adapter().validation_error("incorrect_code") from None


class _WatchedKey:
    """A mixin for forms that take the answer of a passkey."""

    def clean_credential(self) -> Authenticator:
        with _watched(self.user), _understood():  # type: ignore[attr-defined]
            return super().clean_credential()  # type: ignore[misc, no-any-return]


class AddPasskey(AddWebAuthnForm):
    """A new passkey."""

    def clean(self) -> dict[str, Any]:
        with _understood():
            return dict(super().clean())


class AuthenticatePasskey(_WatchedKey, AuthenticateWebAuthnForm):
    """The passkey after the password."""


class LoginPasskey(_WatchedKey, LoginWebAuthnForm):
    """The passkey instead of the password."""


class ReauthenticatePasskey(_WatchedKey, ReauthenticateWebAuthnForm):
    """The passkey before something sensitive."""
