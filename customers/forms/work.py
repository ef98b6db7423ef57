"""Forms of the daily work: timeline entries, assignments and their lines, tasks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import assignments, communication, kinds
from customers.forms.fields import Amount, Day, Files, Line, Moment, Text
from customers.models import Assignment, AssignmentLine, Customer, Interaction, Person, Task, VatCode


class PeopleChoice(forms.ModelMultipleChoiceField):
    """People by their names."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: Person) -> str:
        return person.full_name


class CustomerChoice(forms.ModelChoiceField):
    """Customers by their names."""

    def label_from_instance(self, customer: Customer) -> str:
        return customer.name


class PersonChoice(forms.ModelChoiceField):
    """One person by name."""

    def label_from_instance(self, person: Person) -> str:
        return person.full_name


class EntryForm(forms.Form):
    """A timeline entry. `people` are offered for choice; `customers` where the entry starts from a person."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"), choices=Interaction.Kind.choices, initial=Interaction.Kind.NOTE
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("Direction"), choices=Interaction.Direction.choices, required=False
    )
    at = Moment(label=gettext_lazy("When"))
    subject = Line(label=gettext_lazy("Subject"), required=False)
    text = Text(label=gettext_lazy("Text"), limit=communication.TEXT_LIMIT, required=False)
    customer = CustomerChoice(
        label=gettext_lazy("Customer"), queryset=Customer.objects.none(), required=False, empty_label="—"
    )
    people = PeopleChoice(label=gettext_lazy("With"), queryset=Person.objects.none(), required=False)
    attach = Files()

    def __init__(self, *arguments: Any, people: Any = None, customers: Any = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _offer(self, "people", people)
        _offer(self, "customer", customers)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("subject", "?") or cleaned.get("text", "?").strip()):
            self.add_error("text", _("Write a subject or a text."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What communication.log takes."""
        names = ("kind", "direction", "at", "subject", "text")
        return {name: self.cleaned_data[name] for name in names} | {"files": self.cleaned_data["attach"]}

    @staticmethod
    def of(entry: Interaction) -> dict[str, Any]:
        names = ("kind", "direction", "at", "subject", "text")
        return {name: getattr(entry, name) for name in names} | {
            "people": [person.pk for person in entry.people.all()]
        }


class NarrowForm(forms.Form):
    """What a timeline is narrowed to; what cannot be read narrows nothing."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=Interaction.Kind.choices, required=False)
    direction = forms.ChoiceField(
        label=gettext_lazy("Direction"), choices=Interaction.Direction.choices, required=False
    )
    since = Day(label=gettext_lazy("From"), required=False)
    until = Day(label=gettext_lazy("Until"), required=False)
    text = Line(label=gettext_lazy("Text"), required=False)
    with_files = forms.BooleanField(label=gettext_lazy("With files"), required=False)

    def narrowed(self) -> communication.Narrowed:
        self.full_clean()
        return communication.Narrowed(**self.cleaned_data)


class AssignmentForm(forms.Form):
    """An assignment without its lines."""

    title = Line(label=gettext_lazy("Assignment"))
    contact = PersonChoice(
        label=gettext_lazy("Contact person"),
        queryset=Person.objects.none(),
        required=False,
        empty_label="—",
    )
    kind = Line(
        label=gettext_lazy("Kind"),
        limit=kinds.LIMIT,
        required=False,
        help_text=gettext_lazy("Sales are added up by it. An old one or a new one."),
        widget=forms.TextInput(attrs={"list": "kinds", "autocomplete": "off"}),
    )
    offered_on = Day(label=gettext_lazy("Offered"))
    due_on = Day(label=gettext_lazy("To be ready"), required=False)
    description = Text(label=gettext_lazy("Description"), required=False)

    def __init__(self, *arguments: Any, people: Any, new: bool = True, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _offer(self, "contact", people)
        if not new:
            del self.fields["offered_on"]

    def values(self) -> dict[str, Any]:
        names = ("title", "contact", "kind", "due_on", "description")
        return {name: self.cleaned_data[name] for name in names}

    @staticmethod
    def of(assignment: Assignment) -> dict[str, Any]:
        return {
            "title": assignment.title,
            "contact": assignment.contact_id,
            "kind": assignment.kind.current.name if assignment.kind else "",
            "due_on": assignment.due_on,
            "description": assignment.description,
        }


class LineForm(forms.Form):
    """One line of an assignment; a row without a description and a price is nothing."""

    description = Line(label=gettext_lazy("Description"), limit=300, required=False)
    quantity = Amount(
        label=gettext_lazy("Quantity"),
        max_digits=12,
        decimal_places=3,
        initial=Decimal(1),
        required=False,
    )
    unit = Line(label=gettext_lazy("Unit"), limit=20, initial="h", required=False)
    unit_price = Amount(label=gettext_lazy("Price, €"), max_digits=12, decimal_places=2, required=False)
    vat_code = forms.ChoiceField(label=gettext_lazy("VAT"), choices=VatCode.choices, initial=VatCode.STANDARD)
    delivered_on = Day(label=gettext_lazy("Delivered"), required=False)

    def clean_quantity(self) -> Decimal:
        quantity: Decimal | None = self.cleaned_data["quantity"]
        if quantity == 0:
            raise ValidationError(_("The quantity cannot be zero."))
        return quantity if quantity is not None else Decimal(1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        described, priced = cleaned.get("description", "?"), cleaned.get("unit_price", "?")
        if described and priced is None:
            self.add_error("unit_price", _("Write the price (0 if it costs nothing)."))
        if not described and priced is not None:
            self.add_error("description", _("Write what it is."))
        return cleaned

    def line(self) -> assignments.Line | None:
        """The line; None for an empty row."""
        if not self.cleaned_data.get("description"):
            return None
        names = ("description", "quantity", "unit_price", "unit", "vat_code", "delivered_on")
        return assignments.Line(**{name: self.cleaned_data[name] for name in names})

    @staticmethod
    def of(line: AssignmentLine) -> dict[str, Any]:
        names = ("description", "quantity", "unit", "unit_price", "vat_code", "delivered_on")
        return {name: getattr(line, name) for name in names}


class LineRows(forms.BaseFormSet):
    """The lines of an assignment, in their order; empty rows are left out."""

    def lines(self) -> list[assignments.Line]:
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        return [line for form in kept if (line := form.line())]


Lines = forms.formset_factory(
    LineForm,
    formset=LineRows,
    extra=3,
    can_delete=True,
    can_delete_extra=False,
    max_num=100,
    absolute_max=120,
)


class FilesForm(forms.Form):
    """Files for an assignment."""

    attach = Files()

    def clean_attach(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["attach"]
        if not files:
            raise ValidationError(_("Choose a file."))
        return files


class TaskForm(forms.Form):
    """A task."""

    title = Line(label=gettext_lazy("Task"))
    due_on = Day(label=gettext_lazy("Due"), required=False)
    text = Text(label=gettext_lazy("Details"), required=False, rows=3)

    @staticmethod
    def of(task: Task) -> dict[str, Any]:
        return {"title": task.title, "due_on": task.due_on, "text": task.text}


def _offer(form: forms.Form, name: str, rows: Any) -> None:
    """Offer rows for choice, or drop the field where there is nothing to choose from."""
    if rows is None:
        del form.fields[name]
    else:
        form.fields[name].queryset = rows  # type: ignore[attr-defined]
