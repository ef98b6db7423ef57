"""Forms of customers and people: adding, correcting, with their first contact details."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import addresses
from customers.doubles import Double
from customers.forms.fields import Day, Line, Tags
from customers.intake import Shown
from customers.models import Customer, EmailAddress, Person, PhoneNumber, PostalAddress, Relationship, Source
from customers.provenance import Provenance
from register import finnish
from register.models import Language, StatementVersion


class StatementChoice(forms.ModelChoiceField):
    """A version of the privacy statement, by the day it came into force."""

    def label_from_instance(self, statement: StatementVersion) -> str:
        return _("%(number)s, in force from %(day)s") % {
            "number": statement,
            "day": date_format(statement.published_on, "SHORT_DATE_FORMAT"),
        }


def versions() -> Any:
    """Versions of the statement without their texts, newest first."""
    return StatementVersion.objects.only("pk", "published_on").order_by("-pk")


class Warned(forms.Form):
    """A form that warns of possible duplicates: the second press goes on."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def has_seen(self, doubles: Sequence[Double]) -> bool:
        """Whether these very duplicates were shown before this press."""
        return {str(double.who) for double in doubles} <= set(self.cleaned_data["seen"].split())

    def show(self, doubles: Sequence[Double]) -> None:
        """Remember in the form what is shown now."""
        data: Any = self.data
        sent = data.copy()
        sent[self.add_prefix("seen")] = " ".join(str(double.who) for double in doubles)
        self.data = sent


class WithSource(forms.Form):
    """Where the data came from."""

    source = forms.ChoiceField(label=gettext_lazy("Source"), choices=Source.choices, initial=Source.TOLD)
    source_detail = Line(
        label=gettext_lazy("Source, more exactly"),
        required=False,
        help_text=gettext_lazy("For example: business card at the Jyväskylä fair"),
    )

    def provenance(self, on: date | None = None) -> Provenance:
        return Provenance(self.cleaned_data["source"], self.cleaned_data["source_detail"], on)


class CustomerFacts(forms.Form):
    """What a company and a private customer share."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=Relationship.Status.choices,
        initial=Relationship.Status.ACTIVE,
    )
    since = Day(label=gettext_lazy("Customer since"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=Language.choices, initial=Language.FINNISH
    )
    tags = Tags(
        label=gettext_lazy("Tags"),
        required=False,
        help_text=gettext_lazy("Words by which you group customers, parted by commas"),
    )


class CompanyForm(Warned, CustomerFacts, WithSource):
    """A company customer."""

    name = Line(label=gettext_lazy("Name of the company"))
    business_id = Line(
        label=gettext_lazy("Business ID"), required=False, limit=30, help_text=gettext_lazy("1234567-8")
    )
    field_order = ["name", "business_id", "status", "since", "language", "tags", "source", "source_detail"]

    def clean_business_id(self) -> str:
        text: str = self.cleaned_data["business_id"]
        try:
            return finnish.business_id(text) if text else ""
        except finnish.WrongBusinessId as wrong:
            raise ValidationError(str(wrong)) from None


class PersonNames(forms.Form):
    """A person's names; one is enough."""

    given_name = Line(label=gettext_lazy("Given name"), limit=100, required=False)
    family_name = Line(label=gettext_lazy("Family name"), limit=100, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = [cleaned.get("given_name", "?"), cleaned.get("family_name", "?")]
        if not any(names):
            self.add_error("family_name", _("Give at least one name."))
        return cleaned


class ShownStatement(forms.Form):
    """Which statement the person was shown, and when."""

    statement = StatementChoice(
        label=gettext_lazy("Privacy statement shown"),
        queryset=StatementVersion.objects.none(),
        required=False,
        empty_label=gettext_lazy("not shown"),
    )
    statement_shown_on = Day(label=gettext_lazy("Shown on"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["statement"].queryset = versions()  # type: ignore[attr-defined]

    def shown(self, *, on: date) -> Shown | None:
        statement = self.cleaned_data["statement"]
        return Shown(statement, self.cleaned_data["statement_shown_on"] or on) if statement else None


class PrivateForm(Warned, PersonNames, CustomerFacts, WithSource, ShownStatement):
    """A private customer: the person and the customer in one."""

    field_order = [
        "given_name", "family_name", "status", "since", "language", "tags", "source", "source_detail",
        "statement", "statement_shown_on",
    ]  # fmt: skip


class PersonForm(Warned, PersonNames, WithSource, ShownStatement):
    """A person; the company he represents is said beside it."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=Language.choices, initial=Language.FINNISH
    )
    source_on = Day(label=gettext_lazy("Data received"), required=False)
    field_order = [
        "given_name", "family_name", "language", "source", "source_detail", "source_on", "statement",
        "statement_shown_on",
    ]  # fmt: skip

    @staticmethod
    def of(person: Person) -> dict[str, Any]:
        """The form's first contents when a person is corrected."""
        return {
            "given_name": person.given_name,
            "family_name": person.family_name,
            "language": person.language,
            "source": person.source,
            "source_detail": person.source_detail,
            "source_on": person.source_on,
            "statement": person.statement_id,
            "statement_shown_on": person.statement_shown_on,
        }


class CustomerCorrection(CustomerFacts, WithSource):
    """Correcting the facts of any customer; the fields of a company are there for companies."""

    name = Line(label=gettext_lazy("Name of the company"))
    business_id = CompanyForm.base_fields["business_id"]
    ended_on = Day(label=gettext_lazy("Customer until"), required=False)
    field_order = [
        "name", "business_id", "status", "since", "ended_on", "language", "tags", "source", "source_detail",
    ]  # fmt: skip

    clean_business_id = CompanyForm.clean_business_id

    def __init__(self, *arguments: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if customer.kind == Customer.Kind.PRIVATE:
            del self.fields["name"], self.fields["business_id"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, ended_on = cleaned.get("since"), cleaned.get("ended_on")
        if since and ended_on and ended_on < since:
            self.add_error("ended_on", _("The relationship cannot end before it began."))
        return cleaned

    @staticmethod
    def of(customer: Customer, relationship: Relationship, tags: Sequence[str]) -> dict[str, Any]:
        return {
            "name": customer.name,
            "business_id": customer.business_id,
            "language": customer.language,
            "status": relationship.status,
            "since": relationship.since,
            "ended_on": relationship.ended_on,
            "tags": ", ".join(tags),
            "source": relationship.source,
            "source_detail": relationship.source_detail,
        }


# --- first contact details, several of each --------------------------------------------------------


class EmailRow(forms.Form):
    """One e-mail address of a new customer or person; an empty row is nothing."""

    address = forms.CharField(
        label=gettext_lazy("E-mail"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=EmailAddress.Kind.choices, initial=EmailAddress.Kind.WORK
    )

    def clean_address(self) -> str:
        return read_address(self.cleaned_data["address"]) if self.cleaned_data["address"].strip() else ""


class PhoneRow(forms.Form):
    """One phone number; an empty row is nothing."""

    number = Line(
        label=gettext_lazy("Phone"),
        limit=60,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=PhoneNumber.Kind.choices, initial=PhoneNumber.Kind.MOBILE
    )


class PostalRow(forms.Form):
    """One postal address; an empty row is nothing."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=PostalAddress.Kind.choices, initial=PostalAddress.Kind.POSTAL
    )
    street = Line(label=gettext_lazy("Street address"), required=False)
    postal_code = Line(label=gettext_lazy("Postal code"), limit=12, required=False)
    city = Line(label=gettext_lazy("Town"), limit=100, required=False)
    country = Line(
        label=gettext_lazy("Country"),
        limit=60,
        required=False,
        initial="FI",
        help_text=gettext_lazy("FI for Finland"),
    )


def read_address(text: str) -> str:
    """The e-mail address in the text as typed; ValidationError says what is wrong with it."""
    try:
        return addresses.parse(text).as_typed
    except (addresses.WrongAddress, finnish.UnreadableText) as wrong:
        raise ValidationError(str(wrong)) from None


EmailRows = forms.formset_factory(EmailRow, max_num=20, absolute_max=50)
PhoneRows = forms.formset_factory(PhoneRow, max_num=20, absolute_max=50)
PostalRows = forms.formset_factory(PostalRow, max_num=10, absolute_max=20)
