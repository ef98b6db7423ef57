"""A credit loss is a step of its case, and so is taking it back."""

from __future__ import annotations

from decimal import Decimal

from django.test import Client

from billing import losses
from billing.models import CaseStep, CollectionCase
from register import access
from register.models import Registrar, User
from tests.billing import agencies, bills, money
from tests.billing.agencies import TODAY


def steps(case: CollectionCase) -> list[tuple[str, Decimal | None]]:
    with access.acting("billing"):
        kinds = CaseStep.objects.filter(case=case, kind__startswith="loss").order_by("pk")
        return list(kinds.values_list("kind", "amount"))


def test_a_loss_and_its_taking_back_are_in_the_cases_history(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    invoice, case = agencies.with_agency(owner, biller)
    outside = agencies.overdue(owner, biller, consumer=True)
    with access.acting("billing", user_id=biller.pk):
        losses.write_off(money.receivable(outside), reason="small", by=biller, on=TODAY)
        loss = losses.write_off(money.receivable(invoice), reason="insolvent", by=biller, on=TODAY)
    assert steps(case) == [("loss", Decimal("1088.36"))]
    shown = as_biller.get(f"/billing/collection/P{case.pk}/").content.decode()
    assert f"{invoice.number}: The debtor has no means" in shown[shown.index('id="steps"') :]
    with access.acting("billing", user_id=biller.pk):
        losses.take_back(loss, by=biller, on=TODAY)
    assert [kind for kind, _amount in steps(case)] == ["loss", "loss_back"]
    assert "Credit loss taken back" in as_biller.get(f"/billing/collection/P{case.pk}/").content.decode()


def test_a_credit_note_that_takes_from_a_loss_says_so(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = agencies.overdue(owner, biller)
    case = agencies.case_of(biller, invoice)
    with access.acting("billing", user_id=biller.pk):
        losses.write_off(money.receivable(invoice), reason="insolvent", by=biller, on=TODAY)
    bills.credit(biller, invoice, on=TODAY)
    assert [kind for kind, _amount in steps(case)] == ["loss", "loss_back"]
