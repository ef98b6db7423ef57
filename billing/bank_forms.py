"""The forms of the bank's pages."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bank import pain, recognising
from billing.forms import KeyForm
from billing.models import Payment
from customers.forms.fields import Amount, Day, Line


class BankUploadForm(forms.Form):
    """A file from the bank."""

    file = forms.FileField(
        label=gettext_lazy("Bank file"),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > recognising.MAX_BYTES:
            raise ValidationError(
                _("The file is too large. Fetch fewer days at a time from the bank."), code="size"
            )
        return file


class SettlementForm(forms.Form):
    """What an agency kept of what it passes on."""

    fee = Amount(
        label=gettext_lazy("Fee that the agency kept, €"),
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        required=False,
    )


class ManualPaymentForm(KeyForm):
    """A payment in cash or to another account."""

    amount = Amount(
        label=gettext_lazy("Amount, €"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2
    )
    paid_on = Day(label=gettext_lazy("Paid"))
    payer_name = Line(label=gettext_lazy("Payer"), limit=140, required=False)

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > self.today:
            raise ValidationError(_("The payment cannot be in the future."), code="future")
        return day

    def __init__(self, *arguments: Any, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.today = today
        self.fields["paid_on"].initial = today


class RefundForm(forms.Form):
    """Where and how much is paid back."""

    amount = Amount(
        label=gettext_lazy("Amount, €"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2
    )
    iban = Line(
        label=gettext_lazy("Account (IBAN)"),
        limit=42,
        help_text=gettext_lazy("Ask the customer for it. It is forgotten when the bank has answered."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    payee_name = Line(
        label=gettext_lazy("Account holder"),
        limit=pain.LONGEST_NAME,
        help_text=gettext_lazy("As the bank knows the name: it is compared with the account."),
    )
    message = Line(label=gettext_lazy("Message to the receiver"), limit=140)

    @classmethod
    def of(cls, payment: Payment) -> dict[str, Any]:
        """What is known already."""
        name = payment.customer.name if payment.customer else payment.payer_name
        met = payment.entries.filter(receivable__isnull=False).select_related("receivable").first()
        about = met.receivable.number if met is not None and met.receivable else ""
        message = _("Refund, invoice %(number)s") % {"number": about} if about else _("Refund")
        return {
            "amount": payment.unallocated,
            "payee_name": name[: pain.LONGEST_NAME],
            "message": message,
        }


class ExportForm(forms.Form):
    """When the bank is to pay, and in which version of the file."""

    execute_on = Day(label=gettext_lazy("To be paid on"))
    version = forms.ChoiceField(
        label=gettext_lazy("Version"), choices=(("03", "pain.001.001.03"), ("09", "pain.001.001.09"))
    )

    def __init__(self, *arguments: Any, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.today = today
        self.fields["execute_on"].initial = today + timedelta(days=1)

    def clean_execute_on(self) -> date:
        day: date = self.cleaned_data["execute_on"]
        if not self.today <= day <= self.today + timedelta(days=90):
            raise ValidationError(_("Choose a day from today on, within 90 days."), code="day")
        return day


class ReasonForm(forms.Form):
    """Why something is undone or returned."""

    reason = Line(label=gettext_lazy("Reason"), limit=200)


def shares_of(posted: Any) -> dict[int, Decimal]:
    """The amounts typed beside invoices, by the invoice. Raises ValidationError for what is no amount."""
    field = Amount(required=False, min_value=Decimal(0), max_digits=14, decimal_places=2)
    found = {}
    for name in posted:
        kind, _dash, key = name.partition("-")
        if kind == "share" and key.isascii() and key.isdigit() and len(key) < 19:
            amount = field.clean(posted[name])
            if amount:
                found[int(key)] = amount
    return found
