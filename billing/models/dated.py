"""What the owner's dated tables have in common: rows are added and ended, never rewritten."""

from __future__ import annotations

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.inventory import plain
from register.models import User

Row = TypeVar("Row", bound="Dated")


class DatedQuerySet(models.QuerySet[Row]):
    def on(self, day: date) -> Self:
        """Those in force on a day; the database lets no two of one group be."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Dated(models.Model):
    """A row that holds from one day to another, with its section of the law and where it was read."""

    valid_from = plain(models.DateField(_("from")))
    valid_to = plain(models.DateField(_("until"), null=True, blank=True))
    statute = plain(models.CharField(_("section of the law"), max_length=200))
    source = plain(models.CharField(_("where it was read"), max_length=300))
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    created_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        abstract = True

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def is_shipped(self) -> bool:
        """Whether the row came with the program."""
        return self.entered_by_id is None
