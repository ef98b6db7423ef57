"""What the owner may ask of the audit, and what an erasure must be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from register.inventory import Text
from register.models import Erasure, User
from register.oversight import security
from register.oversight.reading import ACTIONS, Search


class DaysForm(forms.Form):
    """From which day until which; both optional."""

    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


class AuditSearchForm(DaysForm):
    """Number, user, action, days; all optional."""

    field_order = ("number", "user", "action")

    number = forms.CharField(label=_("Person or customer"), max_length=20, required=False)
    user = forms.TypedChoiceField(label=_("User"), coerce=int, empty_value=None, required=False)
    action = forms.TypedChoiceField(label=_("Action"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        users = [(one.pk, one.name or one.email) for one in User.objects.order_by("name", "email")]
        self._offer("user", _("Everybody"), users)
        self._offer("action", _("Everything"), list(ACTIONS.items()))
        self.fields["number"].widget.attrs |= {"placeholder": "K1042", "size": 10}

    def _offer(self, name: str, everything: Text, choices: Sequence[tuple[int, Text]]) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = [("", everything), *choices]

    def search(self) -> Search:
        """What was asked for; nothing that cannot be read narrows the list to nothing."""
        asked = self.cleaned_data if self.is_valid() else {}
        return Search(
            number=asked.get("number", "").strip().upper(),
            user=asked.get("user"),
            action=asked.get("action"),
            since=asked.get("since"),
            until=asked.get("until"),
        )


class SecuritySearchForm(DaysForm):
    """Kind of event and days; all optional."""

    field_order = ("what",)

    what = forms.ChoiceField(label=_("What"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        kinds = [(kind.what.value, kind.what.label) for kind in security.KINDS]
        cast(forms.ChoiceField, self.fields["what"]).choices = [("", _("Everything")), *kinds]

    def search(self) -> security.Search:
        """What was asked for; nothing that cannot be read narrows the list to nothing."""
        asked = self.cleaned_data if self.is_valid() else {}
        return security.Search(what=asked.get("what", ""), since=asked.get("since"), until=asked.get("until"))


class ErasureForm(forms.Form):
    """Why, and that it is meant."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=list(Erasure.Reason.for_people().items()), widget=forms.RadioSelect
    )
    sure = forms.BooleanField(label=_("Erase this data. It cannot be brought back."))
