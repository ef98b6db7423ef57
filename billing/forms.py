"""The forms of billing's pages: they clean what people type and call one use case."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import drafting
from billing.amounts import ZERO
from billing.details import FIELDS as DETAILS
from billing.details import OPERATORS
from billing.models import BillingDetails, DueBasis, VatGround
from customers.forms.fields import Amount, Day, Line, Text
from customers.models import AssignmentKind, VatCode
from register.models import Language


class Suggesting(forms.TextInput):
    """A text field that offers usual values and takes any other."""

    def __init__(self, suggestions: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.suggestions = suggestions

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        offered = f"{name}-suggestions"
        options = format_html_join("", '<option value="{}">{}</option>', self.suggestions)
        field = super().render(name, value, {**(attrs or {}), "list": offered}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', field, offered, options)


class DetailsForm(forms.Form):
    """How a customer is billed."""

    channel = forms.ChoiceField(label=gettext_lazy("Invoices go by"), choices=BillingDetails.Channel.choices)
    payment_days = forms.IntegerField(label=gettext_lazy("Payment time, days"), min_value=0, max_value=180)
    due_basis = forms.ChoiceField(
        label=gettext_lazy("The due date is"),
        choices=DueBasis.choices,
        initial=DueBasis.INVOICE,
        help_text=gettext_lazy(
            "Agreed in advance: late interest runs from the due date. Printed only: 30 days after sending."
        ),
    )
    email = Line(
        label=gettext_lazy("E-mail for invoices"),
        limit=320,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    attention = Line(label=gettext_lazy("For the attention of"), required=False)
    street = Line(label=gettext_lazy("Street address or post box"), required=False)
    postal_code = Line(label=gettext_lazy("Postal code"), limit=12, required=False)
    city = Line(label=gettext_lazy("Town"), limit=100, required=False)
    country = Line(
        label=gettext_lazy("Country"),
        limit=60,
        required=False,
        help_text=gettext_lazy("FI for Finland; any other country is printed on the envelope."),
    )
    einvoice_address = Line(label=gettext_lazy("E-invoice address"), limit=35, required=False)
    einvoice_operator = Line(
        label=gettext_lazy("E-invoice operator"), limit=35, required=False, widget=Suggesting(OPERATORS)
    )
    vat_id = Line(
        label=gettext_lazy("VAT number"),
        limit=20,
        required=False,
        help_text=gettext_lazy("Needed where the customer is liable for the VAT (reverse charge)."),
    )
    buyer_reference = Line(
        label=gettext_lazy("Customer's reference"),
        limit=100,
        required=False,
        help_text=gettext_lazy("Printed on every invoice, for example a cost centre."),
    )

    @staticmethod
    def of(details: BillingDetails) -> dict[str, Any]:
        return {name: getattr(details, name) for name in DETAILS}

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DETAILS}


class DraftForm(forms.Form):
    """What a draft says besides its lines."""

    subject = Line(label=gettext_lazy("Subject"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    buyer_reference = Line(label=gettext_lazy("Customer's reference"), limit=100, required=False)
    order_number = Line(label=gettext_lazy("Order number"), limit=100, required=False)
    payment_days = forms.IntegerField(label=gettext_lazy("Payment time, days"), min_value=0, max_value=180)
    due_basis = forms.ChoiceField(
        label=gettext_lazy("The due date is"),
        choices=DueBasis.choices,
        initial=DueBasis.INVOICE,
        help_text=gettext_lazy(
            "Agreed in advance: late interest runs from the due date. Printed only: 30 days after sending."
        ),
    )
    vat_ground_id = forms.TypedChoiceField(
        label=gettext_lazy("Why no VAT is charged"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=gettext_lazy("Needed when a line is exempt or under reverse charge."),
    )
    vat_reason = Line(
        label=gettext_lazy("Another wording"),
        required=False,
        help_text=gettext_lazy("With the section of the law, where no ground of the list fits."),
    )
    discount_percent = Amount(
        label=gettext_lazy("Discount on the total, %"),
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
        required=False,
    )
    discount_amount = Amount(
        label=gettext_lazy("or in euros"), max_digits=13, decimal_places=2, min_value=0, required=False
    )
    discount_reason = Line(
        label=gettext_lazy("What the discount is for"),
        limit=100,
        required=False,
        help_text=gettext_lazy("Printed beside the discount."),
    )
    note = Text(label=gettext_lazy("Text on the invoice"), limit=2000, rows=3, required=False)
    prices_include_vat = forms.BooleanField(label=gettext_lazy("Prices include VAT"), required=False)

    def __init__(self, *arguments: Any, grounds: Iterable[VatGround] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        field: Any = self.fields["vat_ground_id"]
        field.choices = [("", "—"), *((ground.pk, f"{ground.name} · {ground.statute}") for ground in grounds)]

    @property
    def facts_fields(self) -> list[forms.BoundField]:
        """The fields below the totals."""
        apart = ("prices_include_vat", "discount_percent", "discount_amount", "discount_reason")
        return [self[name] for name in self.fields if name not in apart]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("discount_percent") and data.get("discount_amount"):
            self.add_error("discount_amount", _("Give the discount in percent or in euros, not both."))
        return data

    @staticmethod
    def of(invoice: Any) -> dict[str, Any]:
        """The facts of a draft, or of a template of drafts."""
        values = {name: getattr(invoice, name) for name in drafting.FACTS}
        return values | {name: values[name] or None for name in ("discount_percent", "discount_amount")}

    def facts(self) -> drafting.Facts:
        values = {name: self.cleaned_data[name] for name in drafting.FACTS}
        zeros = {name: values[name] or ZERO for name in ("discount_percent", "discount_amount")}
        return drafting.Facts(**values | zeros)


class Price(Amount):
    """Euros: two decimals at least, more where they were written."""

    def prepare_value(self, value: Any) -> Any:
        text = super().prepare_value(value)
        if not isinstance(value, Decimal):
            return text
        whole, _comma, cents = text.partition(",")
        return f"{whole},{cents:0<2}"


class LineForm(forms.Form):
    """One line; a row without description and price is nothing, a row marked for removal goes."""

    description = Line(label=gettext_lazy("Description"), limit=300, required=False)
    quantity = Amount(
        label=gettext_lazy("Quantity"), max_digits=12, decimal_places=3, required=False, initial=Decimal(1)
    )
    unit = Line(label=gettext_lazy("Unit"), limit=20, required=False, initial="h")
    unit_price = Price(label=gettext_lazy("Price €"), max_digits=13, decimal_places=4, required=False)
    discount_percent = Amount(
        label=gettext_lazy("Discount %"),
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
        required=False,
    )
    vat_code = forms.ChoiceField(label=gettext_lazy("VAT"), choices=VatCode.choices, initial=VatCode.STANDARD)
    delivered_on = Day(label=gettext_lazy("Delivered"), required=False)
    kind_id = forms.TypedChoiceField(label=gettext_lazy("Kind"), required=False, coerce=int, empty_value=None)
    neutral = Line(label=gettext_lazy("Printed instead (neutral text)"), limit=300, required=False)
    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(self, *arguments: Any, kinds: Sequence[AssignmentKind] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        if kinds:
            self.fields["kind_id"].choices = [("", "—"), *((kind.pk, kind.name) for kind in kinds)]  # type: ignore[attr-defined]
        else:
            del self.fields["kind_id"]

    @property
    def is_nothing(self) -> bool:
        data = self.cleaned_data
        texts = data.get("description") or data.get("neutral")
        empty = not texts and data.get("unit_price") is None
        return bool(data.get("remove")) or (empty and not self.errors)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.cleaned_data.get("remove"):
            self.errors.clear()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.is_nothing:
            return data
        if not data.get("description", "?"):
            self.add_error("description", _("Write what is charged."))
        if "unit_price" in data and data["unit_price"] is None:
            self.add_error("unit_price", _("Write the price."))
        if "quantity" in data and not data["quantity"]:
            self.add_error("quantity", _("The quantity is not zero."))
        return data

    def line(self) -> drafting.Line:
        values = {name: self.cleaned_data.get(name) for name in drafting.LINE}
        return drafting.Line(**values | {"discount_percent": values["discount_percent"] or Decimal(0)})

    @staticmethod
    def of(line: Any) -> dict[str, Any]:
        values = {name: getattr(line, name, None) for name in drafting.LINE}
        kind = line.kind.current_id if line.kind else None
        return values | {"discount_percent": line.discount_percent or None, "kind_id": kind}


class _Lines(forms.BaseFormSet):
    def lines(self) -> list[drafting.Line]:
        """The rows that say something."""
        return [form.line() for form in self.forms if not form.is_nothing]


LineRows = forms.formset_factory(
    LineForm,
    formset=_Lines,
    extra=1,
    max_num=drafting.MOST_LINES,
    absolute_max=drafting.MOST_LINES,
    validate_max=True,
)


class KeyForm(forms.Form):
    """The key of a form that acts once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class CreditForm(KeyForm):
    """Why an invoice is taken back; printed on the credit note."""

    because = Text(
        label=gettext_lazy("Reason"),
        limit=500,
        rows=2,
        help_text=gettext_lazy("Printed on the credit note, for example: billed twice by mistake."),
    )


class RateForm(forms.Form):
    """A VAT rate from a day on."""

    code = forms.ChoiceField(label=gettext_lazy("VAT group"), choices=VatCode.choices)
    rate = Amount(label=gettext_lazy("Rate, %"), max_digits=5, decimal_places=2, min_value=0)
    valid_from = Day(label=gettext_lazy("In force from"))
    statute = Line(label=gettext_lazy("Section of the law"))
    source = Line(
        label=gettext_lazy("Where you read it"),
        limit=300,
        help_text=gettext_lazy("For example the page of the tax administration and the day."),
    )

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if not 1994 <= day.year <= 2100:
            raise ValidationError(_("The day is not between 1994 and 2100."))
        return day


class ReleaseForm(forms.Form):
    """What the owner tells the billing person with released work."""

    note = Line(
        label=gettext_lazy("Note for billing"),
        limit=300,
        required=False,
        help_text=gettext_lazy("For example an order number. It is not printed by itself."),
    )


def chosen(posted: Mapping[str, Any], name: str = "release", most: int = 50) -> list[int]:
    """The ids of ticked rows; anything that is no id is left out."""
    values = posted.getlist(name)[:most]  # type: ignore[attr-defined]
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]
