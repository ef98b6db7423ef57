"""A request and its log are kept together, for three years after the last step and as long as it is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import F, Max
from django.db.models.functions import Coalesce, Greatest
from django.utils.timezone import localdate

from privacy.erasing import ANSWERED
from privacy.inventory import ACCOUNTABILITY
from privacy.models import Case, CaseStep
from register import keeping
from register.inventory import Entry, Statute
from register.keeping import Holder, Last

CASES = {Case: "pk", CaseStep: "case"}
"""How the rows lead to their request."""


def with_their_log(guises: Sequence[models.Model]) -> Holder:
    return _lasts


def _lasts(entry: Entry, pks: Sequence[Any], statute: Statute) -> Mapping[Any, Last]:
    path = CASES.get(entry.model)
    if path is None or statute is not ACCOUNTABILITY:
        return {}
    found: dict[Any, Last] = {}
    for some in keeping.chunks(pks):
        cases = dict(entry.model._default_manager.filter(pk__in=some).values_list("pk", path))
        latest = Greatest(F("received_at"), Coalesce(Max("steps__at"), F("received_at")))
        rows = Case.objects.filter(pk__in=set(cases.values())).annotate(latest=latest)
        lasts = {
            case.pk: Last(ACCOUNTABILITY.due(localdate(case.latest)), open=_stays_open(case)) for case in rows
        }
        found |= {pk: lasts[case] for pk, case in cases.items()}
    return found


def _stays_open(case: Case) -> bool:
    """An erasure closes the requests that it answers."""
    return case.is_open and case.kind not in ANSWERED
