"""The forms of collective drafts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from billing.forms import KeyForm
from customers.forms.fields import Day


class UntilForm(forms.Form):
    """The last day of the work that is taken."""

    until = Day(label=gettext_lazy("Work done until"))


class CollectiveForm(KeyForm):
    """The act: it happens once, however often the form is sent."""

    until = Day()
