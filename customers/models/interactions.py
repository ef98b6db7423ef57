"""The timeline: e-mails, calls, meetings, letters and notes with a customer and its people."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.inventory import COMMUNICATION
from customers.models.parties import Customer, Person
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class Interaction(models.Model):
    """One entry of the timeline."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        LETTER = "letter", _("Letter")
        NOTE = "note", _("Note")

    class Direction(models.TextChoices):
        IN = "in", _("from the customer")
        OUT = "out", _("to the customer")
        NONE = "", "—"

    about = ("customer", "people")
    access = Access(owner="read add change delete", worker="read add change delete")

    kind = plain(models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NOTE))
    direction = plain(
        models.CharField(_("direction"), max_length=3, choices=Direction.choices, blank=True, default="")
    )
    at = plain(models.DateTimeField(_("time")))
    subject = personal(COMMUNICATION, models.CharField(_("subject"), max_length=200, blank=True))
    text = personal(COMMUNICATION, models.TextField(_("text"), blank=True))
    customer = plain(
        models.ForeignKey(Customer, models.CASCADE, null=True, blank=True, related_name="interactions")
    )
    people = plain(
        models.ManyToManyField(Person, through="customers.InteractionPerson", related_name="interactions")
    )
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    entered_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        indexes = [
            models.Index(fields=["customer", "-at", "-id"], name="interaction_of_customer"),
            models.Index(fields=["at", "id"], condition=Q(kind="meeting"), name="interaction_meeting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~(Q(subject="") & Q(text="")),
                name="interaction_says_something",
                violation_error_message=_("Write a subject or a text."),
            )
        ]

    def __str__(self) -> str:
        return f"Y{self.pk}"


class InteractionPerson(models.Model):
    """A person took part in a timeline entry; carries its time so that his timeline is one index scan."""

    about = "person"
    access = Access(owner="read add change delete", worker="read add change delete")
    audited = False  # who came and who left is recorded of the entry, as a change of its people

    interaction = plain(models.ForeignKey(Interaction, models.CASCADE))
    person = plain(models.ForeignKey(Person, models.CASCADE))
    at = plain(models.DateTimeField())

    class Meta:
        indexes = [models.Index(fields=["person", "-at", "-id"], name="interaction_of_person")]
        constraints = [models.UniqueConstraint(fields=["interaction", "person"], name="takes_part_once")]

    def __str__(self) -> str:
        return f"Y{self.interaction_id}–H{self.person_id}"
