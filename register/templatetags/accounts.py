"""What the account pages need: allauth's forms without placeholders, and whether this is the demo."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.utils.translation import gettext as _

from register.accounts.passwords import NotGuessable

register = template.Library()

CODE = {"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}


@register.simple_tag
def calm(form: BaseForm) -> BaseForm:
    """The form as our pages show it: labels instead of placeholders, a wide field for codes, one rule for passwords."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name == "login":
            form[name].label = _("E-mail")
        if name == "code":
            field.widget.attrs.update(CODE)
        if name == "password1":
            field.help_text = NotGuessable().get_help_text()
    return form


@register.simple_tag
def is_demo() -> bool:
    """Whether this is the made-up company, where a second factor is not required."""
    return bool(settings.REGISTER_DEMO)
