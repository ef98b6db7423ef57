"""The form of a ground for charging no VAT."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from billing.models import VatGround
from customers.forms.fields import Day, Line


class GroundForm(forms.Form):
    """A ground from a day on; one of the same name ends on the day before."""

    name = Line(label=gettext_lazy("Ground"), limit=80)
    category = forms.ChoiceField(
        label=gettext_lazy("VAT category"),
        choices=[
            choice for choice in VatGround._meta.get_field("category").choices or () if choice[0] != "Z"
        ],
    )
    buyer = forms.ChoiceField(label=gettext_lazy("Needed of the buyer"), choices=VatGround.Buyer.choices)
    wording_fi = Line(label=gettext_lazy("Printed in Finnish"), limit=200)
    wording_sv = Line(label=gettext_lazy("Printed in Swedish"), limit=200)
    wording_en = Line(label=gettext_lazy("Printed in English"), limit=200)
    valid_from = Day(label=gettext_lazy("In force from"))
    statute = Line(label=gettext_lazy("Section of the law"), limit=200)
    source = Line(
        label=gettext_lazy("Where you read it"),
        limit=300,
        help_text=gettext_lazy("For example the page of the tax administration and the day."),
    )
