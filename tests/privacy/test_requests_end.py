"""Requests go by themselves, three years after the last step, when their person was erased."""

from __future__ import annotations

from datetime import date

from privacy import requests
from privacy.models import Case, CaseStep
from register import access, erasure, retention
from register.models import Erasure, User
from tests import canary, cast
from tests.billing import late, nights


def test_a_request_goes_with_its_log_in_the_night_after_its_last_day(owner: User) -> None:
    received, asked = late.noon(date(2025, 12, 30)), late.noon(date(2026, 1, 8))
    with access.acting("owner", user_id=owner.pk):
        ada = cast.person("Ada", "Virtanen", emails=["ada@virtanen.fi"])
        case = requests.receive(
            kind=Case.Kind.ERASURE, how=Case.How.MAIL, language="fi", at=received, contact="ada@virtanen.fi",
            message="zqmessage", person=ada,
        )  # fmt: skip
        requests.note(case, text="zqnote", by=owner, at=received)
        outcome = erasure.erase(ada, by=owner, at=asked, reason=Erasure.Reason.ASKED)
        assert [one.until for one in outcome.kept] == [date(2028, 12, 31)]
        assert not Case.objects.get().is_open
    planted = ["zqmessage", "zqnote", "ada@virtanen.fi"]
    with access.acting("worker"):
        assert retention.due(on=date(2028, 12, 31)) == []
    # The answer was given in 2026: its year counts.
    nights.run(date(2029, 1, 1))
    nights.run(date(2029, 12, 31))
    assert canary.in_database(planted).keys() == set(planted)
    assert nights.run(date(2030, 1, 1)) == 1
    assert canary.in_database(planted) == {}
    assert nights.run(date(2030, 1, 1)) == 0
    with access.acting("owner"):
        assert not CaseStep.objects.exists()
