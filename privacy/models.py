"""Requests people make about their own data, each a case with a deadline; and their links to their data."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Person
from privacy.inventory import LINK, REQUEST
from register.inventory import personal, plain
from register.models import Language, User
from register.roles import Access

if TYPE_CHECKING:
    from django.utils.functional import Promise


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.filter(closed_at__isnull=True)

    def by_urgency(self) -> CaseQuerySet:
        return self.order_by("due_on", "id")


class Case(models.Model):
    """One request about one's own data (GDPR Art. 15–22), from its receipt to its answer."""

    class Kind(models.TextChoices):
        VIEW = "view", _("See what is held about me")
        COPY = "copy", _("A copy of my data")
        CORRECTION = "correction", _("Correct my data")
        ERASURE = "erasure", _("Erase my data")
        RESTRICTION = "restriction", _("Restrict the use of my data")
        OBJECTION = "objection", _("Object to the use of my data")
        PORTABILITY = "portability", _("My data in machine-readable form")
        MARKETING = "marketing", _("No more marketing")

    class How(models.TextChoices):
        FORM = "form", _("by the form on the web page")
        LINK = "link", _("through the person's own link")
        MAIL = "mail", _("by e-mail")
        PHONE = "phone", _("by telephone")
        LETTER = "letter", _("by letter")
        VISIT = "visit", _("in person")

    class Identity(models.TextChoices):
        NONE = "none", _("not checked")
        LINK = "link", _("opened the link sent to the address in the register")
        CODE = "code", _("gave the code sent to the address in the register")
        STAFF = "staff", _("checked by the staff")

    class Decision(models.TextChoices):
        DONE = "done", _("done")
        PARTLY = "partly", _("done in part")
        REFUSED = "refused", _("refused")
        NOTHING = "nothing", _("nothing is held about the person")
        WITHDRAWN = "withdrawn", _("withdrawn by the person")

    about = "person"
    kept_from = "received_at"
    access = Access(owner="read add change delete", link="add", worker="read add change delete")

    kind = plain(models.CharField(_("request"), max_length=12, choices=Kind.choices))
    how = plain(models.CharField(_("how it came"), max_length=8, choices=How.choices))
    received_at = plain(models.DateTimeField(_("received")))
    language = plain(
        models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FINNISH)
    )
    contact = personal(
        REQUEST, models.CharField(_("e-mail address"), max_length=320, blank=True), given_by_person=True
    )
    message = personal(
        REQUEST, models.TextField(_("message"), max_length=4000, blank=True), given_by_person=True
    )
    person = plain(
        models.ForeignKey(
            Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person")
        )
    )
    code = plain(
        models.OneToOneField(
            "privacy.ConfirmationCode", models.SET_NULL, null=True, blank=True, related_name="+"
        )
    )
    identity = plain(
        models.CharField(_("identity"), max_length=8, choices=Identity.choices, default=Identity.NONE)
    )
    due_on = plain(models.DateField(_("answer by")))
    extended_months = plain(models.PositiveSmallIntegerField(_("extended by, months"), default=0))
    closed_at = plain(models.DateTimeField(_("closed"), null=True, blank=True))
    decision = plain(models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True))

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("privacy request")
        verbose_name_plural = _("privacy requests")
        indexes = [
            models.Index(
                fields=["due_on", "id"], condition=Q(closed_at__isnull=True), name="open_cases_by_urgency"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, decision="")
                | (Q(closed_at__isnull=False) & ~Q(decision="")),
                name="closed_with_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(extended_months__lte=2), name="extended_by_two_months_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"Q{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def days_left(self, *, on: date) -> int:
        """Days until the last day to answer; negative when it has passed."""
        return (self.due_on - on).days

    def urgency(self, *, on: date) -> Literal["green", "amber", "red"]:
        """Red: three days or fewer; amber: ten or fewer."""
        left = self.days_left(on=on)
        if left <= 3:
            return "red"
        return "amber" if left <= 10 else "green"

    def log(self, what: str, *, at: datetime, by: User | None = None, text: str = "") -> CaseStep:
        """Add a step to the case's log."""
        return CaseStep.objects.create(case=self, what=what, at=at, by=by, text=text.strip())

    def finish(self, decision: str, *, at: datetime) -> None:
        """Close with a decision."""
        self.closed_at, self.decision = at, decision
        self.save(update_fields=["closed_at", "decision"])

    def forget_sender(self) -> None:
        """An address that is not in the register is not kept here either."""
        self.contact = self.message = ""
        self.save(update_fields=["contact", "message"])


class CaseStep(models.Model):
    """The log of a case: what was done, when, by whom. It only grows, and goes with its case."""

    class What(models.TextChoices):
        LINK_SENT = "link_sent", _("a link to his own data was sent to the address in the register")
        UNKNOWN = "unknown", _("the address is not in the register")
        SHARED = "shared", _("the address does not belong to one person alone: check who asks")
        STOPPED = "stopped", _("marketing to the address was stopped at once")
        IDENTIFIED = "identified", _("the person was identified")
        EXTENDED = "extended", _("the time to answer was extended")
        NOTE = "note", _("note")
        CLOSED = "closed", _("closed")

    about = "case__person"
    kept_from = "at"
    access = Access(owner="read add delete", worker="read add delete")

    case = plain(models.ForeignKey(Case, models.CASCADE, related_name="steps"))
    what = plain(models.CharField(_("what"), max_length=12, choices=What.choices))
    at = plain(models.DateTimeField(_("time")))
    by = plain(models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+"))
    text = personal(REQUEST, models.TextField(_("text"), max_length=10000, blank=True))

    class Meta:
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of a request")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Q{self.case_id}.{self.pk}"

    @property
    def label(self) -> str | Promise:
        return self.What(self.what).label


class MyDataLink(models.Model):
    """A person's link to his own data: only the hash of its token is kept, for seven days."""

    about = "person"
    access = Access(owner="read add change delete", worker="read add change delete")

    token_sha256 = personal(LINK, models.CharField(max_length=64, unique=True))
    person = plain(models.ForeignKey(Person, models.CASCADE, related_name="+"))
    case = plain(models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="+"))
    created_at = plain(models.DateTimeField(_("made")))
    expires_at = plain(models.DateTimeField(_("works until")))
    revoked_at = plain(models.DateTimeField(_("revoked"), null=True, blank=True))
    created_by = plain(models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+"))

    class Meta:
        verbose_name = _("link to one's own data")
        verbose_name_plural = _("links to one's own data")
        indexes = [models.Index(fields=["expires_at"], name="link_expiry")]

    def __str__(self) -> str:
        return f"L{self.pk}"


class OutlineLine(models.Model):
    """How many rows a table held about the person when the link was made: numbers only, for the page."""

    about = "link__person"
    access = Access(owner="read add delete", link="read", worker="read add delete")
    audited = False

    link = plain(models.ForeignKey(MyDataLink, models.CASCADE, related_name="outline"))
    table = plain(models.CharField(max_length=100))
    count = plain(models.PositiveIntegerField())

    class Meta:
        verbose_name = _("line of the outline")
        verbose_name_plural = _("lines of the outline")
        constraints = [models.UniqueConstraint(fields=["link", "table"], name="outline_once_a_table")]

    def __str__(self) -> str:
        return f"L{self.link_id} {self.table}"


class ConfirmationCode(models.Model):
    """A single-use code for one request through a link: 15 minutes, five tries, only a keyed hash is kept.

    The public login reaches these rows through two database functions only (migrations/0002_link_door.py).
    """

    about = "link__person"
    access = Access(owner="read delete", worker="read change delete")
    audited = False

    link = plain(models.ForeignKey(MyDataLink, models.CASCADE, related_name="+"))
    kind = plain(models.CharField(max_length=12, choices=Case.Kind.choices))
    asked_at = plain(models.DateTimeField())
    digest = plain(models.CharField(max_length=64, blank=True))
    expires_at = plain(models.DateTimeField(null=True, blank=True))
    tries = plain(models.PositiveSmallIntegerField(default=0))
    used_at = plain(models.DateTimeField(null=True, blank=True))

    class Meta:
        verbose_name = _("confirmation code")
        verbose_name_plural = _("confirmation codes")

    def __str__(self) -> str:
        return f"L{self.link_id}.{self.pk}"
