"""Mails to people about their own data: short, plain text, in their language, nothing but the way in."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers import addresses
from customers.models import Person
from privacy import codes, links
from privacy.models import Case, CaseStep
from register.models import Registrar


def send_link(person: Person, address: str, *, token: str, kind: str = "") -> None:
    """The person's link to his own data; `kind` is what he asked for, if he asked."""
    context = {
        "url": links.address(token),
        "days": links.LIFETIME.days,
        "asked": Case.Kind(kind).label if kind and kind != Case.Kind.VIEW else "",
    }
    _send(address, _("Link to your own data"), "link", person.language, context)


def send_code(person: Person, address: str, *, digits: str, kind: str) -> None:
    """The code that confirms one request."""
    context = {
        "code": f"{digits[:4]} {digits[4:]}",
        "minutes": codes.LIFETIME.seconds // 60,
        "asked": Case.Kind(kind).label,
    }
    _send(address, _("Your confirmation code"), "code", person.language, context)


def send_step(step: CaseStep) -> None:
    """The answer to a request, or why it takes longer."""
    closed = step.what == CaseStep.What.CLOSED
    subject = _("Answer to your request") if closed else _("Your request takes longer")
    context = {"case": step.case, "text": step.text, "closed": closed, "due_on": step.case.due_on}
    _send(step.case.contact, subject, "step", step.case.language, context)


def _send(
    address: str, subject: str | Promise, template: str, language: str, context: dict[str, Any]
) -> None:
    registrar = Registrar.objects.first()
    with translation.override(language):
        body = render_to_string(f"privacy/mail/{template}.txt", {**context, "registrar": registrar})
        EmailMessage(
            subject=f"{subject} – {registrar.name}" if registrar else str(subject),
            body=body,
            to=[addresses.parse(address).for_sending],
            reply_to=[registrar.contact_email] if registrar else [],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
