"""Erasures done: when, by whom, why, and the answer; nothing personal is left to hold."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.inventory import plain
from register.roles import Access


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def due(self, *, on: date) -> ErasureQuerySet:
        """The last erasure of each number of which something may go now."""
        later = Erasure.objects.filter(number=OuterRef("number"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later), due_on__lte=on).order_by("due_on", "pk")


class Erasure(models.Model):
    """One person or customer was erased; `answer` is register.erasure.Outcome as plain values.

    `due_on` is the first day on which something that a law keeps may go; the night run adds a row then. Of the rows of
    one number the last counts.
    """

    class Reason(models.TextChoices):
        ASKED = "asked", _("the person asked for it")
        OBJECTED = "objected", _("the person objected to the use of his data")
        NOT_NEEDED = "not_needed", _("the data is not needed any more")
        UNLAWFUL = "unlawful", _("the data should not have been in the register")
        TIME_UP = "time_up", _("the time for which the law keeps it is over")

        @classmethod
        def for_people(cls) -> dict[str, str | Promise]:
            """Those that a person may choose; the night run has its own."""
            return {value: label for value, label in cls.choices if value != cls.TIME_UP}

    about = None
    access = Access(owner="read add", worker="read add")
    audited = False

    number = plain(models.CharField(_("number"), max_length=40, db_index=True))
    at = plain(models.DateTimeField(_("time")))
    by = plain(models.ForeignKey("register.User", models.PROTECT, null=True, related_name="+"))
    reason = plain(models.CharField(_("reason"), max_length=20, choices=Reason.choices))
    answer = plain(models.JSONField(_("answer")))
    due_on = plain(models.DateField(_("next to be erased"), null=True, editable=False))

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=["asked", "objected", "not_needed", "unlawful", "time_up"]),
                name="erasure_reason_known",
            )
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(due_on__isnull=False), name="erasure_due")]

    def __str__(self) -> str:
        return f"R{self.pk}"
