"""The forms of recurring invoices: what comes, and when. The lines are those of a draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Recurring
from billing.recurring import Schedule
from customers.forms.fields import Day


class ScheduleForm(forms.Form):
    """When drafts are made."""

    interval = forms.TypedChoiceField(
        label=gettext_lazy("Comes"), choices=Recurring.Interval.choices, coerce=int
    )
    first_on = Day(
        label=gettext_lazy("First day"),
        help_text=gettext_lazy("From the 31st on it comes at the end of each month."),
    )
    ends_on = Day(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: until it is stopped.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_on"), data.get("ends_on")
        for name, day in (("first_on", first), ("ends_on", last)):
            if day and not 2000 <= day.year <= 2100:
                self.add_error(name, _("The day is not between 2000 and 2100."))
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is not before the first day."))
        return data

    @staticmethod
    def of(recurring: Recurring) -> dict[str, Any]:
        return {name: getattr(recurring, name) for name in ("interval", "first_on", "ends_on")}

    def schedule(self) -> Schedule:
        return Schedule(**self.cleaned_data)
