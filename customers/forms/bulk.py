"""What to do with many customers at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Relationship, Tag


class Act(models.TextChoices):
    """The acts that the list of customers offers."""

    ADD_TAG = "add_tag", _("Add a tag")
    REMOVE_TAG = "remove_tag", _("Remove a tag")
    STATUS = "status", _("Change the status")
    EXPORT = "export", _("Export to a spreadsheet")


class ChosenAct(forms.Form):
    """Which act, chosen on the list."""

    act = forms.ChoiceField(choices=Act.choices)


class TagToAdd(forms.Form):
    name = forms.CharField(label=_("Tag"), max_length=50, help_text=_("An old one or a new one."))


class TagToRemove(forms.Form):
    tag = forms.ModelChoiceField(label=_("Tag"), queryset=Tag.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tag"].queryset = Tag.objects.all()  # type: ignore[attr-defined]


class NewStatus(forms.Form):
    status = forms.ChoiceField(label=_("Status"), choices=Relationship.Status.choices)


class ReasonToExport(forms.Form):
    reason = forms.CharField(
        label=_("Why is the data needed?"),
        max_length=200,
        help_text=_("The reason is written into the audit. The file is yours to keep safe and to delete."),
    )


FORMS: dict[str, type[forms.Form]] = {
    Act.ADD_TAG: TagToAdd,
    Act.REMOVE_TAG: TagToRemove,
    Act.STATUS: NewStatus,
    Act.EXPORT: ReasonToExport,
}
