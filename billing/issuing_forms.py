"""The forms of issuing many drafts: which, then yes to so many for so much."""

from __future__ import annotations

from typing import Any

from django import forms

from billing.forms import KeyForm, chosen
from billing.issuing_many import Chosen, Told


class ChosenForm(forms.Form):
    """The ticked drafts, or all that fit what was typed, up to the last that the page knew of."""

    everybody = forms.BooleanField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    last = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def chosen(self) -> Chosen:
        if self.cleaned_data["everybody"]:
            return Chosen(self.cleaned_data["text"], last=self.cleaned_data["last"] or 0)
        return Chosen(ticked=tuple(chosen(self.data, "invoice")))


class YesForm(ChosenForm, KeyForm):
    """What was shown when somebody said yes; `send` is the second button's name."""

    count = forms.IntegerField(min_value=1, max_value=10_000, widget=forms.HiddenInput)
    total = forms.DecimalField(max_digits=18, decimal_places=2, widget=forms.HiddenInput)
    send = forms.BooleanField(required=False)

    def seen(self) -> Told:
        return Told(self.cleaned_data["count"], self.cleaned_data["total"])

    def asked(self) -> dict[str, Any]:
        return {
            "chosen": self.chosen(),
            "seen": self.seen(),
            "send": self.cleaned_data["send"],
            "client_key": self.cleaned_data["key"],
        }
