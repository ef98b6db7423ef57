"""Erasures done: when, by whom, why, and the answer; nothing personal is left to hold."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.inventory import plain
from register.roles import Access


class Erasure(models.Model):
    """One person or customer was erased; `answer` is register.erasure.Outcome as plain values."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("the person asked for it")
        OBJECTED = "objected", _("the person objected to the use of his data")
        NOT_NEEDED = "not_needed", _("the data is not needed any more")
        UNLAWFUL = "unlawful", _("the data should not have been in the register")

    about = None
    access = Access(owner="read add", worker="read add")
    audited = False

    number = plain(models.CharField(_("number"), max_length=40, db_index=True))
    at = plain(models.DateTimeField(_("time")))
    by = plain(models.ForeignKey("register.User", models.PROTECT, null=True, related_name="+"))
    reason = plain(models.CharField(_("reason"), max_length=20, choices=Reason.choices))
    answer = plain(models.JSONField(_("answer")))

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=["asked", "objected", "not_needed", "unlawful"]),
                name="erasure_reason_known",
            )
        ]

    def __str__(self) -> str:
        return f"R{self.pk}"
