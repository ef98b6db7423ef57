"""Mails about accounts: invitations, new passwords, notices. The worker sends them; links are made only here.

So neither a token nor an address ever waits in the queue of jobs.
"""

from __future__ import annotations

from datetime import datetime

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.accounts import tokens
from register.models import Invitation, Registrar, User

NOTICES: dict[str, tuple[str | Promise, str | Promise]] = {
    "password_changed": (
        gettext_lazy("Your password was changed"),
        gettext_lazy("The password of your account was changed."),
    ),
    "password_reset": (
        gettext_lazy("Your password was changed"),
        gettext_lazy("The password of your account was changed through a link sent by e-mail."),
    ),
    "totp_activated": (
        gettext_lazy("An authenticator app was added"),
        gettext_lazy("An authenticator app was added to your account."),
    ),
    "totp_deactivated": (
        gettext_lazy("The authenticator app was removed"),
        gettext_lazy("The authenticator app was removed from your account."),
    ),
    "webauthn_added": (
        gettext_lazy("A passkey was added"),
        gettext_lazy("A passkey was added to your account."),
    ),
    "webauthn_removed": (
        gettext_lazy("A passkey was removed"),
        gettext_lazy("A passkey was removed from your account."),
    ),
    "recovery_codes_generated": (
        gettext_lazy("New recovery codes were made"),
        gettext_lazy("New recovery codes were made for your account. The earlier ones work no more."),
    ),
    "new_browser": (
        gettext_lazy("Sign-in from a new browser"),
        gettext_lazy("Somebody signed in to your account with a browser that had not been used before."),
    ),
    "second_factor_reset": (
        gettext_lazy("Your second factor was reset"),
        gettext_lazy(
            "The register owner removed the second factors of your account. "
            "You add a new one when you sign in next time."
        ),
    ),
}
"""What happened: the subject of the mail and its first sentence."""


def send_notice(*, user_id: int, notice: str, at: int) -> None:
    """Tell somebody what happened to his account at a moment (seconds since 1970)."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or notice not in NOTICES:
        return
    with translation.override(user.language):
        subject, sentence = NOTICES[notice]
        moment = datetime.fromtimestamp(at, tz=timezone.get_default_timezone())
        _send(user.email, str(subject), "notice", {"name": user.name, "sentence": sentence, "moment": moment})


def send_password_reset(*, user_id: int) -> None:
    """Send the link to choose a new password; nothing when there is no such account (id 0)."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    key = PasswordResetTokenGenerator().make_token(user)
    parts = {"uidb36": user_pk_to_url_str(user), "key": key}
    link = settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=parts)
    with translation.override(user.language):
        hours = settings.PASSWORD_RESET_TIMEOUT // 3600
        _send(
            user.email, _("Choose a new password"), "password_reset",
            {"name": user.name, "link": link, "hours": hours},
        )  # fmt: skip


def send_invitation(*, invitation_id: int) -> None:
    """Send an invitation with a link of its own, whose hash is stored beside the handed-over link's."""
    invitation = Invitation.objects.open().filter(pk=invitation_id).first()
    if invitation is None:
        return
    token, invitation.mailed_hash = tokens.new()
    invitation.save(update_fields=["mailed_hash"])
    with translation.override(invitation.language):
        _send(
            invitation.email, _("Invitation to the customer register"), "invitation",
            {"name": invitation.name, "link": invitation_link(token), "until": invitation.expires_at},
        )  # fmt: skip


def invitation_link(token: str) -> str:
    """The address that an invited person opens."""
    return settings.SITE_URL + reverse("accounts:invited", kwargs={"token": token})


def _send(address: str, subject: str, template: str, values: dict[str, object]) -> None:
    registrar = Registrar.objects.using("default").first()
    text = render_to_string(
        f"account/mail/{template}.txt",
        values | {"company": registrar.name if registrar else "", "site": settings.SITE_URL},
    )
    headers = {"Auto-Submitted": "auto-generated"}
    EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers).send()
