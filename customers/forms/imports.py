"""Forms of the import: the upload, what columns hold, what is chosen for the rows of one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.forms.fields import Line
from customers.importing import limits
from customers.importing.choosing import Choices
from customers.importing.columns import Mapping
from customers.importing.problems import SAID
from customers.importing.vocabulary import Target
from customers.models import ImportRow, ImportRun, Relationship


class UploadForm(forms.Form):
    """A contact file, where it came from, and what its people are to the company."""

    file = forms.FileField(
        label=_("Contact file"),
        error_messages={"required": _("Choose a file."), "empty": SAID["empty_file"][1]},  # type: ignore[dict-item]
        widget=forms.FileInput(attrs={"accept": ".vcf,.vcard,.csv,.txt,.tsv,.xlsx"}),
    )
    source_words = Line(
        label=_("Where did the file come from?"),
        limit=120,
        required=False,
        help_text=_("For example: contacts of the sales team's Outlook. It is kept with every detail."),
    )
    relation = forms.ChoiceField(
        label=_("Those who are new become"),
        choices=Relationship.Status.choices,
        initial=Relationship.Status.ACTIVE,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > limits.MAX_BYTES:
            raise forms.ValidationError(str(SAID["file_too_big"][1]))
        return file


COLUMNS: tuple[tuple[Promise | str, tuple[tuple[str, Promise | str], ...]], ...] = (
    ("", (("nothing::0", _("— left out —")),)),
    (
        _("Person"),
        (
            ("given_name::0", _("Given name")),
            ("family_name::0", _("Family name")),
            ("full_name::0", _("Whole name")),
            ("middle_name::0", _("Middle name")),
            ("title::0", _("Title")),
            ("language::0", _("Language")),
        ),
    ),
    (
        _("Company"),
        (
            ("company::0", _("Company")),
            ("business_id::0", _("Business ID")),
            ("department::0", _("Department")),
        ),
    ),
    (
        _("E-mail and phone"),
        (
            ("email::0", _("E-mail")),
            ("email:work:0", _("E-mail, work")),
            ("email:home:0", _("E-mail, home")),
            ("email:billing:0", _("E-mail, billing")),
            ("phone::0", _("Phone")),
            ("phone:mobile:0", _("Phone, mobile")),
            ("phone:work:0", _("Phone, work")),
            ("phone:home:0", _("Phone, home")),
            ("phone:main:0", _("Phone, company's main")),
            ("phone:fax:0", _("Fax")),
        ),
    ),
    (
        _("Address"),
        (
            ("street::0", _("Street address")),
            ("postal_code::0", _("Postal code")),
            ("city::0", _("Town")),
            ("postal_line::0", _("Postal code and town")),
            ("extra::0", _("PO box or c/o")),
            ("region::0", _("Region")),
            ("country::0", _("Country")),
        ),
    ),
    (
        _("Visiting address"),
        (
            ("street:visiting:0", _("Visiting: street address")),
            ("postal_code:visiting:0", _("Visiting: postal code")),
            ("city:visiting:0", _("Visiting: town")),
        ),
    ),
    (
        _("Billing address"),
        (
            ("street:billing:0", _("Billing: street address")),
            ("postal_code:billing:0", _("Billing: postal code")),
            ("city:billing:0", _("Billing: town")),
        ),
    ),
    (
        _("Other"),
        (
            ("note::0", _("Note")),
            ("tags::0", _("Tags")),
            ("marketing::0", _("Marketing: allowed or refused")),
        ),
    ),
)
OFFERED = frozenset(value for __, options in COLUMNS for value, __label in options)
NOTHING = "nothing::0"


class ColumnsForm(forms.Form):
    """What each column of a table holds."""

    def __init__(
        self, data: MultiValueDict[str, str] | None, *, run: ImportRun, samples: list[list[str]]
    ) -> None:
        super().__init__(data)
        for index, title in enumerate(run.header):
            now = run.mapping.get(str(index), NOTHING)
            choices = list(COLUMNS)
            if now not in OFFERED:
                choices.append(
                    (_("As recognised"), ((now, _("{title} (as recognised)").format(title=title)),))
                )
            field = forms.ChoiceField(label=title, choices=choices, initial=now)
            field.samples = samples[index] if index < len(samples) else []  # type: ignore[attr-defined]
            self.fields[f"column{index}"] = field

    def mapping(self) -> Mapping:
        """The mapping that was chosen."""
        chosen = {
            int(name.removeprefix("column")): Target.read(value) for name, value in self.cleaned_data.items()
        }
        return Mapping({index: target for index, target in chosen.items() if str(target) != NOTHING})


def choices_in(data: MultiValueDict[str, str], rows: Iterable[ImportRow]) -> dict[int, Choices]:
    """What was chosen for the rows of a page: `choice-12`, `whose-12`, `take-12`."""
    return dict(_choices(data, rows))


def _choices(data: MultiValueDict[str, str], rows: Iterable[ImportRow]) -> Iterator[tuple[int, Choices]]:
    for row in rows:
        choice = data.get(f"choice-{row.position}")
        if choice:
            whose = data.get(f"whose-{row.position}", "")
            take = frozenset(data.getlist(f"take-{row.position}"))
            yield row.position, Choices(choice, whose, take)
