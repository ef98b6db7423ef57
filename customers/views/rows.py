"""Rows of first contact details in a form: several e-mails, phones and addresses, one more by a button."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from customers import contacts
from customers.forms.parties import EmailRows, PhoneRows, PostalRows
from customers.models import Customer, EmailAddress, Person, PhoneNumber
from customers.provenance import Provenance
from register.models import User

SETS: dict[str, Any] = {"emails": EmailRows, "phones": PhoneRows, "postals": PostalRows}
AT_HOME = {"emails": {"kind": EmailAddress.Kind.HOME}, "phones": {"kind": PhoneNumber.Kind.MOBILE}}


class Rows:
    """The formsets of one page. The button `more=emails` adds an empty row and saves nothing."""

    def __init__(self, request: HttpRequest, names: Sequence[str], *, home: bool = False) -> None:
        self.posted = request.method == "POST"
        self.grew = request.POST.get("more", "") if self.posted else ""
        self.grew = self.grew if self.grew in names else ""
        data = grown(request.POST, self.grew) if self.posted else None
        first = AT_HOME if home else {}
        self.sets: dict[str, Any] = {
            name: SETS[name](data, prefix=name, form_kwargs={"initial": first.get(name, {})})
            for name in names
        }

    @property
    def emails(self) -> Any:
        return self.sets.get("emails")

    @property
    def phones(self) -> Any:
        return self.sets.get("phones")

    @property
    def postals(self) -> Any:
        return self.sets.get("postals")

    def ready(self, *beside: forms.BaseForm) -> bool:
        """Whether the form was sent to be saved, and every row and every form beside is right."""
        if not self.posted or self.grew:
            return False
        checked = [one.is_valid() for one in (*beside, *self.sets.values())]
        return all(checked)

    def addresses(self) -> list[str]:
        """The e-mail addresses that were written."""
        return [row["address"] for row in self._filled("emails", "address")]

    def give(self, whose: Customer | Person, *, provenance: Provenance, by: User) -> None:
        """Add every written row to a customer or person; the first of each sort becomes primary."""
        for row in self._filled("emails", "address"):
            contacts.add_email(whose=whose, **row, provenance=provenance, by=by)
        for row in self._filled("phones", "number"):
            contacts.add_phone(whose=whose, **row, provenance=provenance, by=by)
        for row in self._filled("postals", "street", "city"):
            contacts.add_postal(whose=whose, **row, provenance=provenance, by=by)

    def _filled(self, name: str, *needed: str) -> Iterable[dict[str, Any]]:
        rows = [form.cleaned_data for form in self.sets[name]] if name in self.sets else []
        return [row for row in rows if any(row.get(field) for field in needed)]


def grown(data: QueryDict, name: str, by: int = 1) -> QueryDict:
    """What was sent, with more rows in one of the formsets."""
    if not name:
        return data
    data = data.copy()
    count = f"{name}-TOTAL_FORMS"
    there = data.get(count, "")
    data[count] = str(by + (int(there) if there.isdecimal() and len(there) < 4 else 0))
    return data
