"""A disputed debt: what stops, and what runs on meanwhile."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from billing import disputes, interest, limitation, obstacles
from billing.reminding import Stop
from register import access
from register.models import Registrar, User
from tests.billing import late, money
from tests.billing.pages import english  # noqa: F401  (a fixture)

ON = date(2026, 6, 1)


def test_a_dispute_stops_reminders_while_interest_and_limitation_run_on(
    registrar: Registrar, owner: User, biller: User
) -> None:
    """Scenario 30: disputed on 1.4.2026."""
    invoice = late.invoice(biller, late.consumer(owner), due_basis="contract")
    since = date(2026, 4, 1)
    claim = money.receivable(invoice)
    late.reminded(biller, date(2026, 3, 30))

    def runs(until: date) -> tuple[Decimal, date]:
        with access.acting("billing"):
            return interest.reckon(claim, until=until).amount, limitation.of(claim, on=until).on

    before, undisputed = runs(since), runs(ON)
    assert late.stands(invoice, date(2026, 4, 17)).is_ready
    with access.acting("billing", user_id=biller.pk):
        disputes.enter(claim, amount=None, since=since, ground="quality", on=since, by=biller)
    assert runs(ON) == undisputed
    assert runs(ON)[0] > before[0]
    assert runs(ON)[1] == date(2029, 3, 30)
    stands = late.stands(invoice, ON)
    assert (stands.step.stops, stands.is_ready, stands.fee) == ((Stop.DISPUTED,), False, 0)
    assert late.stands(invoice, date(2029, 3, 31)).step.stops == (Stop.DISPUTED, Stop.BARRED)
    with access.acting("billing"):
        assert any("4 b §" in why for why in obstacles.to_agency(claim, on=ON))
