"""The forms of sending."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import bounces
from billing.forms import KeyForm
from billing.models import Sending
from customers.forms.fields import Day, Line


class ChannelForm(forms.Form):
    """By which way to send; empty is the customer's own."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Send by"),
        required=False,
        choices=[
            ("", gettext_lazy("the customer's own channel")),
            *(
                (one.value, one.label)
                for one in Sending.Channel
                if one != Sending.Channel.HAND
            ),
        ],
    )  # fmt: skip


class OtherwiseForm(forms.Form):
    """Given or sent outside the register."""

    on = Day(label=gettext_lazy("Day"))
    how = Line(
        label=gettext_lazy("How"),
        limit=200,
        help_text=gettext_lazy("For example: handed over at the office."),
    )


class ManyForm(KeyForm):
    """The ticked invoices, or all."""

    everybody = forms.BooleanField(required=False)


class PostedForm(forms.Form):
    """The day on which letters were posted or e-invoices given to the operator."""

    on = Day(label=gettext_lazy("Day"))


class ReportForm(forms.Form):
    """A mail that came back: as a file, or pasted."""

    file = forms.FileField(
        label=gettext_lazy("Message as a file (.eml)"), required=False, max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": ".eml,message/rfc822"}),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Or the whole message, pasted with its headers"),
        required=False,
        max_length=bounces.LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.get("file")
        if file and file.size > bounces.LONGEST:
            raise forms.ValidationError(_("The message is too large."))
        if not file and not data.get("text", "").strip():
            raise forms.ValidationError(_("Choose a file, or paste the message."))
        return data

    def raw(self) -> bytes:
        """The message as bytes."""
        file = self.cleaned_data["file"]
        return bytes(file.read()) if file else str(self.cleaned_data["text"]).encode()
