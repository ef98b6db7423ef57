"""An erasure answers the person's requests for it: what went, what stays, why, until when, in his language."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.template.loader import render_to_string
from django.utils import translation

from customers.models import Person
from privacy import requests
from privacy.inventory import REQUEST
from privacy.models import Case, CaseQuerySet
from register.erasure import Plan
from register.models import Erasure, User

ANSWERED = (Case.Kind.ERASURE, Case.Kind.OBJECTION)
"""What somebody whose data was erased has got; a copy or a correction he has not."""


def answer_requests(planned: Plan, row: Erasure, by: User) -> None:
    """Answer and close the open requests that this erasure fulfils; the answer is mailed where there is an address.

    What the law keeps makes the decision "done in part"; the request itself, kept as proof, does not.
    """
    kept = any(one.kind is not REQUEST for one in planned.held)
    for case in of(planned.guises).open().filter(kind__in=ANSWERED):
        requests.close(
            case,
            decision=Case.Decision.PARTLY if kept else Case.Decision.DONE,
            answer=answer(planned, language=case.language),
            by=by,
            at=row.at,
        )


def answer(planned: Plan, *, language: str) -> str:
    """The outcome as a letter to the person; it holds nothing personal."""
    with translation.override(language):
        outcome = planned.outcome()
        context = {"gone": list(dict.fromkeys(one.what for one in outcome.gone)), "kept": outcome.kept}
        return render_to_string("privacy/mail/erased.txt", context).strip()


def of(guises: Sequence[models.Model]) -> CaseQuerySet:
    """The requests of a human being in all his guises."""
    people = [one.pk for one in guises if isinstance(one, Person)]
    found: CaseQuerySet = Case.objects.by_urgency().filter(person__in=people)
    return found
