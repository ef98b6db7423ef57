"""Tasks with a due date: what was promised, to whom, by when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.inventory import MEASURE
from customers.models.assignments import Assignment
from customers.models.parties import Customer, Person
from register.inventory import personal, plain
from register.models import User
from register.roles import Access


class Task(models.Model):
    """Something to do."""

    about = ("customer", "person")
    access = Access(owner="read add change delete", worker="read add change delete")

    title = personal(MEASURE, models.CharField(_("task"), max_length=200))
    text = personal(MEASURE, models.TextField(_("details"), blank=True))
    due_on = plain(models.DateField(_("due"), null=True, blank=True))
    done_at = plain(models.DateTimeField(_("done"), null=True, blank=True))
    done_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    customer = plain(models.ForeignKey(Customer, models.CASCADE, null=True, blank=True, related_name="tasks"))
    person = plain(models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="tasks"))
    assignment = plain(
        models.ForeignKey(Assignment, models.CASCADE, null=True, blank=True, related_name="tasks")
    )
    entered_by = plain(models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+"))
    created_at = plain(models.DateTimeField(auto_now_add=True))

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(fields=["due_on", "id"], condition=models.Q(done_at__isnull=True), name="task_open")
        ]

    def __str__(self) -> str:
        return f"M{self.pk}"
