"""Imports: the staged rows of a contact file, their verdicts and choices, and remembered column mappings."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.inventory import IMPORTED
from customers.models.parties import Customer, Person
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class ImportRun(models.Model):
    """One file on its way into the register."""

    class Status(models.TextChoices):
        STAGED = "staged", _("to be checked")
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being imported")
        DONE = "done", _("imported")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    about = None
    access = Access(owner="read add change delete", worker="read change")

    file_name = plain(models.CharField(_("file"), max_length=200))
    file_sha256 = plain(models.CharField(max_length=64))
    format = plain(models.CharField(_("format"), max_length=40))
    encoding = plain(models.CharField(_("character encoding"), max_length=40, blank=True))
    header = plain(models.JSONField(default=list, blank=True))
    mapping = plain(models.JSONField(default=dict, blank=True))
    status = plain(
        models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.STAGED)
    )
    total = plain(models.PositiveIntegerField(_("rows"), default=0))
    handled = plain(models.PositiveIntegerField(_("handled"), default=0))
    counts = plain(models.JSONField(default=dict, blank=True))
    problem = plain(models.CharField(_("problem"), max_length=300, blank=True))
    source_words = plain(models.CharField(_("where the file came from"), max_length=200, blank=True))
    started_by = plain(models.ForeignKey(User, models.PROTECT, null=True, related_name="+"))
    created_at = plain(models.DateTimeField(_("read"), auto_now_add=True))
    done_at = plain(models.DateTimeField(_("imported"), null=True, blank=True))

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"I{self.pk}"


class ImportRow(models.Model):
    """One record of the file, staged: what it says, what it means, what was chosen, what became of it."""

    class Verdict(models.TextChoices):
        NEW = "new", _("new")
        MATCH = "match", _("already in the register")
        CONFLICT = "conflict", _("differs from the register")
        UNREADABLE = "unreadable", _("cannot be read")

    class Choice(models.TextChoices):
        ADD = "add", _("add as new")
        UPDATE = "update", _("complete the existing one")
        SKIP = "skip", _("skip")

    about = ("person", "customer")
    access = Access(owner="read add change delete", worker="read change delete")
    audited = False

    run = plain(models.ForeignKey(ImportRun, models.CASCADE, related_name="rows"))
    position = plain(models.PositiveIntegerField(_("row")))
    data = personal(IMPORTED, models.JSONField(default=dict))
    verdict = plain(models.CharField(max_length=10, choices=Verdict.choices))
    problems = personal(IMPORTED, models.JSONField(default=list, blank=True))
    choice = plain(models.CharField(max_length=10, choices=Choice.choices))
    person = plain(models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+"))
    customer = plain(models.ForeignKey(Customer, models.SET_NULL, null=True, blank=True, related_name="+"))
    result = plain(models.CharField(max_length=20, blank=True))

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="import_row_once")]
        indexes = [models.Index(fields=["run", "verdict", "position"], name="import_row_verdict")]

    def __str__(self) -> str:
        return f"I{self.run_id}.{self.position}"


class ColumnMapping(models.Model):
    """How the columns of a known header were read last time."""

    about = None
    access = Access(owner="read add change delete")

    fingerprint = plain(models.CharField(max_length=64, unique=True))
    mapping = plain(models.JSONField(default=dict))
    used_at = plain(models.DateTimeField(auto_now=True))

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")

    def __str__(self) -> str:
        return f"C{self.pk}"
