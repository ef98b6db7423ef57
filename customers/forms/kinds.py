"""The forms of a kind of assignments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from customers import kinds
from customers.forms.fields import Line
from customers.models import AssignmentKind


class NameForm(forms.Form):
    """What a kind is called."""

    name = Line(label=gettext_lazy("Name"), limit=kinds.LIMIT)


class MergeForm(forms.Form):
    """The kind that another becomes."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("Merge into"),
        queryset=AssignmentKind.objects.none(),
        empty_label="—",
        help_text=gettext_lazy(
            "Its assignments and its sales, past ones too, then count as the other kind. This cannot be undone."
        ),
    )

    def __init__(self, *arguments: Any, kind: AssignmentKind, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["into"].queryset = kinds.current().exclude(pk=kind.pk)  # type: ignore[attr-defined]
