"""Files of timeline entries and assignments: checked, stored under random names, never served inline."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.inventory import COMMUNICATION
from customers.models.assignments import Assignment
from customers.models.interactions import Interaction
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class Attachment(models.Model):
    """One stored file; `path` is relative to the installation's private files."""

    about = ("interaction__customer", "interaction__people", "assignment__customer")
    access = Access(owner="read add delete", worker="read add delete")

    interaction = plain(
        models.ForeignKey(Interaction, models.CASCADE, null=True, blank=True, related_name="attachments")
    )
    assignment = plain(
        models.ForeignKey(Assignment, models.CASCADE, null=True, blank=True, related_name="attachments")
    )
    name = personal(COMMUNICATION, models.CharField(_("file name"), max_length=200))
    content_type = plain(models.CharField(max_length=100))
    size = plain(models.PositiveIntegerField(_("size, bytes")))
    sha256 = personal(COMMUNICATION, models.CharField(max_length=64))
    path = plain(models.CharField(max_length=100, unique=True))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(
                condition=Q(interaction__isnull=True) ^ Q(assignment__isnull=True), name="attachment_of_one"
            )
        ]

    def __str__(self) -> str:
        return f"F{self.pk}"
