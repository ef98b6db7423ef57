"""Imports: the staged rows of a contact file, their verdicts and choices, and remembered column mappings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.inventory import IMPORTED, SOURCE
from customers.models.parties import Customer, Person, Relationship
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class ImportRun(models.Model):
    """One file on its way into the register."""

    class Status(models.TextChoices):
        READING = "reading", _("being read")
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
    path = plain(models.CharField(max_length=80, blank=True, editable=False))
    format = plain(models.CharField(_("format"), max_length=40, blank=True))
    layout = plain(models.CharField(max_length=40, blank=True))
    encoding = plain(models.CharField(_("character encoding"), max_length=40, blank=True))
    header = plain(models.JSONField(default=list, blank=True))
    mapping = plain(models.JSONField(default=dict, blank=True))
    fingerprint = plain(models.CharField(max_length=64, blank=True))
    problems = plain(models.JSONField(default=list, blank=True))
    status = plain(
        models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.READING)
    )
    relation = plain(
        models.CharField(
            _("relationship"),
            max_length=10,
            choices=Relationship.Status.choices,
            default=Relationship.Status.ACTIVE,
        )
    )
    total = plain(models.PositiveIntegerField(_("rows"), default=0))
    handled = plain(models.PositiveSmallIntegerField(_("handled, per cent"), default=0))
    counts = plain(models.JSONField(default=dict, blank=True))
    problem = plain(models.CharField(_("problem"), max_length=300, blank=True))
    source_words = plain(models.CharField(_("where the file came from"), max_length=200, blank=True))
    started_by = plain(models.ForeignKey(User, models.PROTECT, null=True, related_name="+"))
    confirmed_by = plain(models.ForeignKey(User, models.PROTECT, null=True, related_name="+"))
    created_at = plain(models.DateTimeField(_("read"), auto_now_add=True))
    staged_at = plain(models.DateTimeField(null=True, blank=True))
    done_at = plain(models.DateTimeField(_("imported"), null=True, blank=True))

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"I{self.pk}"

    @property
    def source(self) -> str:
        """What every value of the file says of where it came from: the file, and where that came from."""
        return ": ".join(filter(None, (self.file_name, self.source_words)))[:200]


class ImportRow(models.Model):
    """One record of the file, staged: what it says, what it means, what was chosen, what became of it."""

    class Verdict(models.TextChoices):
        NEW = "new", _("new")
        MATCH = "match", _("already in the register")
        CONFLICT = "conflict", _("to be looked at")
        UNREADABLE = "unreadable", _("cannot be read")

    class Choice(models.TextChoices):
        ADD = "add", _("add as new")
        UPDATE = "update", _("complete the existing one")
        SKIP = "skip", _("skip")

    class Reason(models.TextChoices):
        """Why the verdict is what it is."""

        NONE = "", ""
        EMAIL = "email", _("the same e-mail address")
        PHONE = "phone", _("the same phone number and name")
        NAME = "name", _("the same name and company")
        BUSINESS_ID = "business_id", _("the same business ID")
        COMPANY = "company", _("the same company name")
        OTHER_NAME = "other_name", _("the e-mail address belongs to somebody of another name")
        SHARED = "shared", _("the e-mail address belongs to several people")
        NAMESAKE = "namesake", _("somebody of this name is already in the register")
        SEVERAL = "several", _("several in the register fit")
        REPEATED = "repeated", _("repeats an earlier row of the file")
        SHARED_IN_FILE = "shared_in_file", _("an earlier row of the file has this address and another name")
        MEANWHILE = "meanwhile", _("came to the register after the file was checked")

    class Result(models.TextChoices):
        NONE = "", ""
        ADDED = "added", _("added")
        UPDATED = "updated", _("completed")
        UNCHANGED = "unchanged", _("nothing to add")
        SKIPPED = "skipped", _("skipped")

    about = ("person", "customer")
    access = Access(owner="read add change delete", worker="read add change delete")
    audited = False

    # `import_row_once` begins with the run: an index of its own would only slow the writing down.
    run = plain(models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", db_index=False))
    position = plain(models.PositiveIntegerField(_("row")))
    name = personal(IMPORTED, models.CharField(_("name"), max_length=200, blank=True))
    data = personal(IMPORTED, models.JSONField(default=dict, blank=True))
    verdict = plain(models.CharField(max_length=10, choices=Verdict.choices))
    reason = plain(models.CharField(max_length=20, choices=Reason.choices, blank=True))
    problems = personal(IMPORTED, models.JSONField(default=list, blank=True))
    choice = plain(models.CharField(max_length=10, choices=Choice.choices))
    repeats = plain(models.PositiveIntegerField(_("repeats row"), null=True, blank=True))
    company_row = plain(models.PositiveIntegerField(null=True, blank=True))
    refuses = plain(models.BooleanField(_("wants no marketing"), default=False))
    stopped = plain(models.BooleanField(_("opted out"), default=False))
    person = plain(models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+"))
    customer = plain(models.ForeignKey(Customer, models.SET_NULL, null=True, blank=True, related_name="+"))
    result = plain(models.CharField(max_length=20, choices=Result.choices, blank=True))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="import_row_once"),
            models.CheckConstraint(
                condition=~Q(verdict="unreadable") | Q(choice="skip"), name="unreadable_is_skipped"
            ),
        ]
        indexes = [models.Index(fields=["run", "verdict", "position"], name="import_row_verdict")]

    def __str__(self) -> str:
        return f"I{self.run_id}.{self.position}"


class Completion(models.Model):
    """A value of somebody already in the register that a file filled in or replaced: which one, when, from what.

    It stands beside the source of the whole row, until the value is corrected by hand. Contact details and
    representations have a row, and so a source, of their own.
    """

    class Field(models.TextChoices):
        """As the preview of an import names what differs."""

        GIVEN = "given", _("given name")
        FAMILY = "family", _("family name")
        LANGUAGE = "language", _("language")
        COMPANY = "company", _("company")
        BUSINESS_ID = "business_id", _("business ID")
        TAGS = "tags", _("tags")

    about = ("person", "customer")
    access = Access(owner="read change delete", worker="read add change delete")
    audited = False

    person = plain(
        models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="completions")
    )
    customer = plain(
        models.ForeignKey(Customer, models.CASCADE, null=True, blank=True, related_name="completions")
    )
    field = plain(models.CharField(_("value"), max_length=12, choices=Field.choices))
    source_detail = personal(SOURCE, models.CharField(_("source, more exactly"), max_length=200, blank=True))
    at = plain(models.DateTimeField(_("imported")))
    import_run = plain(models.ForeignKey(ImportRun, models.CASCADE, related_name="+"))

    class Meta:
        verbose_name = _("value completed from a file")
        verbose_name_plural = _("values completed from files")
        ordering = ["-at", "field"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(customer__isnull=True), name="completion_of_one"
            ),
            models.UniqueConstraint(
                fields=["person", "customer", "field"], nulls_distinct=False, name="completion_once"
            ),
        ]

    def __str__(self) -> str:
        return f"J{self.pk}"


class ColumnMapping(models.Model):
    """How the columns of a known header were read last time."""

    about = None
    access = Access(owner="read add change delete", worker="read")

    fingerprint = plain(models.CharField(max_length=64, unique=True))
    mapping = plain(models.JSONField(default=dict))
    used_at = plain(models.DateTimeField(auto_now=True))

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")

    def __str__(self) -> str:
        return f"C{self.pk}"
