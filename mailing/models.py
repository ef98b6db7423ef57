"""The e-mail register: what one may be mailed about, and which addresses must not be mailed.

Opt-out events are the only way to change the suppression list: a database trigger applies each event
(migrations/0002_opt_out_events.py), so that the public login needs no more than the right to insert.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from register.inventory import plain
from register.models import User
from register.roles import Access

EVERYTHING: Final = 0
"""The topic number that means all marketing."""

HASH = r"^[0-9a-f]{32}$"


class Topic(models.Model):
    """Something one may be mailed about. Its number stands in stop links for ever and is never reused."""

    class Kind(models.TextChoices):
        MARKETING = "marketing", _("marketing")
        SERVICE = "service", _("service messages that belong to the customer relationship")

    about = None
    access = Access(owner="read add change", link="read", worker="read")

    id = plain(models.SmallAutoField(primary_key=True))
    kind = plain(models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MARKETING))
    name_fi = plain(models.CharField(_("name in Finnish"), max_length=100, unique=True))
    name_sv = plain(models.CharField(_("name in Swedish"), max_length=100, blank=True))
    name_en = plain(models.CharField(_("name in English"), max_length=100, blank=True))
    active = plain(models.BooleanField(_("in use"), default=True))

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name_fi

    @property
    def name(self) -> str:
        """In the language of the page; in Finnish where it was not translated."""
        return str(getattr(self, f"name_{(get_language() or 'fi')[:2]}", "") or self.name_fi)


class Channel(models.TextChoices):
    """How an opt-out reached us."""

    ONE_CLICK = "one-click", _("the mail program's own button")
    PAGE = "page", _("the button on the page")
    STAFF = "staff", _("told to the staff")
    IMPORT = "import", _("a refusal in an imported file")


class Suppression(models.Model):
    """An address that must not be mailed about a topic, or about anything (topic 0). Knows no customer."""

    about = None
    access = Access(owner="read", worker="read")
    audited = False

    address_hash = plain(models.CharField(max_length=32))
    topic = plain(models.PositiveSmallIntegerField(_("topic")))
    channel = plain(models.CharField(_("how"), max_length=10, choices=Channel.choices))
    at = plain(models.DateTimeField(_("time")))
    undo_sha256 = plain(models.CharField(max_length=64, blank=True))

    class Meta:
        verbose_name = _("stopped address")
        verbose_name_plural = _("stopped addresses")
        constraints = [
            models.UniqueConstraint(fields=["address_hash", "topic"], name="suppressed_once"),
            models.CheckConstraint(condition=Q(address_hash__regex=HASH), name="suppression_hash_form"),
        ]

    def __str__(self) -> str:
        return f"X{self.pk}"


class OptOutEvent(models.Model):
    """History: somebody stopped the mailings to an address, or let them go on. Append-only.

    An event that changes nothing (a second stop) is not kept. `at` is stamped by the database.
    """

    class Act(models.TextChoices):
        STOP = "stop", _("stopped")
        RESUME = "resume", _("let go on")

    about = None
    access = Access(owner="read add", link="add", worker="read add")
    audited = False

    address_hash = plain(models.CharField(max_length=32))
    topic = plain(models.PositiveSmallIntegerField(_("topic")))
    act = plain(models.CharField(_("what"), max_length=10, choices=Act.choices))
    channel = plain(models.CharField(_("how"), max_length=10, choices=Channel.choices))
    wording = plain(models.CharField(_("version of the text"), max_length=40, blank=True))
    at = plain(models.DateTimeField(_("time")))
    undo_sha256 = plain(models.CharField(max_length=64, blank=True))
    by = plain(models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+"))

    class Meta:
        verbose_name = _("opt-out event")
        verbose_name_plural = _("opt-out events")
        ordering = ["id"]
        indexes = [models.Index(fields=["address_hash", "topic"], name="opt_out_of_address")]
        constraints = [
            models.CheckConstraint(condition=Q(address_hash__regex=HASH), name="opt_out_hash_form"),
            models.CheckConstraint(condition=Q(act__in=["stop", "resume"]), name="opt_out_act_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="opt_out_channel_known"),
        ]

    def __str__(self) -> str:
        return f"Z{self.pk}"
