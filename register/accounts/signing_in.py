"""Signing in and out: how allauth's steps meet the register's sessions, audit, notices and security events."""

from __future__ import annotations

import time
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import ResetPasswordForm
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect  # noqa: TID253
from django.urls import reverse

from register import doors, jobs, languages, sessions
from register.accounts import browsers, history
from register.models import Registrar, SecurityEvent, User
from register.roles import Role

HAS_SECOND_FACTOR = "second_factor"
"""Session key: this session's user was seen to have a second factor (register.accounts.second_factor)."""

FACTORS_ADDED = {"totp_activated", "webauthn_added"}
FACTORS_REMOVED = {"totp_deactivated", "webauthn_removed"}
LIMIT_EVENT_SECONDS = 60


class Backend(AuthenticationBackend):
    """allauth's backend; who has signed in is known once his session is, so he is not asked for again."""

    def get_user(self, user_id: int) -> User | None:
        session = getattr(context.request, "session", None)
        user: User | None = session.take_user() if session is not None else None
        if user is None or user.pk != user_id:
            user = super().get_user(user_id)
        return user if user and self.user_can_authenticate(user) else None


class Adapter(DefaultAccountAdapter):
    """The register's answers to allauth's questions about accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by invitation."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        first = user.last_login is None
        super().login(request, user)
        request.session[sessions.BROWSER] = browsers.name(request)
        if not first and not browsers.is_known(request, user.pk):
            notify(user, "new_browser")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        response = super().post_login(request, user, **kwargs)
        welcome(request, response, user)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return start_page(request.user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within five minutes of signing in either, which also took password and second factor."""
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] > REAUTHENTICATION_TIMEOUT

    def set_password(self, user: User, password: str) -> None:
        """A new password ends every session; who changed it himself gets a new one from allauth."""
        super().set_password(user, password)
        sessions.end_all(user.pk)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """allauth calls this after each change of password or second factor."""
        act = template_prefix.rpartition("/")[2]
        if act in FACTORS_ADDED:
            sessions.end_others(self.request)
        if act in FACTORS_REMOVED:
            self.request.session.pop(HAS_SECOND_FACTOR, None)
        with history.change_by(user.pk):
            history.record(user, act)
            notify(user, act)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            record_limit(request)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        doors.record_event(
            SecurityEvent.What.SIGN_IN,
            user_id=user.pk if user else None,
            login="default",
            view=doors.view_name(request),
            details="password",
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Attempts are counted by account; by host name too, as allauth does, would double the limit."""
        return str(credentials.get("email", "")).lower()


class AskNewPassword(ResetPasswordForm):
    """The same work for known and unknown addresses: one job, which alone knows whether there is an account."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        from register import tasks

        user_id = self.users[0].pk if self.users else 0
        jobs.defer_on("default", tasks.mail_password_reset, user_id=user_id)
        return str(self.cleaned_data["email"])


def actor(request: HttpRequest) -> User:
    """The signed-in user of a page that only signed-in users reach."""
    return cast(User, request.user)


def sign_in(request: HttpRequest, user: User) -> HttpResponseRedirect:
    """Sign in somebody who has just chosen his password; leads on to where he starts."""
    Adapter(request).login(request, user)
    record_authentication(request, user, method="password")
    response = HttpResponseRedirect(start_page(user))
    welcome(request, response, user)
    return response


def welcome(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Remember the browser, and speak the user's own language from now on."""
    browsers.remember(request, response, user.pk)
    languages.remember(response, user.language)


def start_page(user: Any) -> str:
    """Where somebody's work begins; the owner of an empty register enters the registrar's details first."""
    if user.role == Role.BILLING:
        return "/billing/"
    if not Registrar.objects.using("default").exists():
        return reverse("register:registrar")
    return "/register/"


def notify(user: User, notice: str) -> None:
    """Have the worker tell somebody by mail what happened to his account (register.accounts.mails)."""
    from register import tasks

    jobs.defer_on("default", tasks.mail_notice, user_id=user.pk, notice=notice, at=int(time.time()))


def record_limit(request: HttpRequest) -> None:
    """A security event for too many attempts, at most once a minute for an address and page."""
    view = doors.view_name(request)
    address = Adapter(request).get_client_ip(request)
    if cache.add(f"limit event {address} {view}", True, timeout=LIMIT_EVENT_SECONDS):
        user_id = request.user.pk if request.user.is_authenticated else None
        doors.record_event(SecurityEvent.What.LIMIT, user_id=user_id, login="default", view=view)


def display_name(user: User) -> str:
    """How passkeys and authenticator apps call the account."""
    return user.name or user.email
