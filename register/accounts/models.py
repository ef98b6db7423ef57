"""Sessions, invitations, the setup link: tables of the auth login."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from register.inventory import SELF, personal, plain
from register.kinds import ACCOUNTS, SIGN_IN, STAFF
from register.roles import Role

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
INVITATION_DAYS = 7


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions by the database's clock."""

    def alive(self) -> SessionQuerySet:
        return self.filter(last_seen_at__gt=Now() - IDLE, created_at__gt=Now() - ABSOLUTE)

    def over(self) -> SessionQuerySet:
        return self.exclude(last_seen_at__gt=Now() - IDLE, created_at__gt=Now() - ABSOLUTE)


class Session(models.Model):
    """A browser that has signed in (or is about to): the cookie's hash, never the cookie."""

    about = "user"
    access = ACCOUNTS
    audited = False

    key_hash = plain(models.CharField(max_length=64, unique=True))
    user = plain(
        models.ForeignKey(
            settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="sessions"
        )
    )
    data = personal(SIGN_IN, models.TextField())
    browser = personal(SIGN_IN, models.CharField(_("browser"), max_length=60, blank=True))
    created_at = plain(models.DateTimeField(_("signed in"), db_default=Now()))
    last_seen_at = plain(models.DateTimeField(_("last used"), db_default=Now()))

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [models.Index(fields=["last_seen_at"], name="session_last_seen")]

    def __str__(self) -> str:
        return f"session {self.pk}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by the database's clock."""

    def open(self) -> InvitationQuerySet:
        return self.filter(expires_at__gt=Now())


class Invitation(models.Model):
    """Somebody may make an account with a role, once, by a link of which only the hash is here.

    The link that the owner hands over and the one in the mail are two: the mail's is made by the job that
    sends it, so no token waits in the queue.
    """

    about = SELF
    access = ACCOUNTS
    audited = False

    email = personal(STAFF, models.EmailField(_("e-mail"), max_length=254))
    name = personal(STAFF, models.CharField(_("name"), max_length=200, blank=True))
    role = plain(models.CharField(_("role"), max_length=10, choices=Role.choices))
    language = plain(models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES))
    invited_by = plain(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    )
    created_at = plain(models.DateTimeField(_("invited"), db_default=Now()))
    expires_at = plain(models.DateTimeField(_("valid until")))
    token_hash = plain(models.CharField(max_length=64, unique=True))
    mailed_hash = plain(models.CharField(max_length=64, unique=True, null=True, blank=True))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="invitation_email_once", condition=~Q(email="")),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class SetupLink(models.Model):
    """The one-time link by which the first owner sets the register up: its hash, at most one row."""

    about = None
    access = ACCOUNTS
    audited = False

    token_hash = plain(models.CharField(max_length=64))
    created_at = plain(models.DateTimeField(db_default=Now()))
    only = plain(models.BooleanField(default=True, editable=False, unique=True))

    def __str__(self) -> str:
        return "setup link"
