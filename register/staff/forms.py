"""Forms of the owner's user list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from register.accounts.forms import LineField
from register.models import Language
from register.roles import Role


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = LineField(label=_("Name"), max_length=200)
    role = forms.ChoiceField(
        label=_("Role"), choices=Role.choices, initial=Role.BILLING, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("Of the invitation and the pages.")
    )


class RoleForm(forms.Form):
    """What somebody may do."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
