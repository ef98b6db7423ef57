"""The VAT of a credit loss: one computation and one figure, on the record, in the report, in the journal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from billing import journal, ledger, losses
from billing.models import CreditLoss, Receivable
from billing.reports import losses as report
from customers.models import VatCode
from register import access
from register.models import Registrar, User
from tests.billing import bills

D = Decimal
ON = date(2026, 9, 2)
DAYS = {"first": date(2026, 9, 1), "last": date(2026, 9, 30)}
LINES = [bills.line(price="574.94"), bills.line(code=VatCode.REDUCED, price="650.87")]
euros = st.decimals("0.00", "99999.99", places=2)


def test_record_report_and_journal_tell_the_same_vat_when_a_part_is_lost_and_when_it_is_taken_back(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = bills.issued(biller, bills.company(owner), LINES, on=date(2026, 9, 1))
    with access.acting("billing", user_id=biller.pk):
        debt = Receivable.objects.get(pk=invoice.pk)
        parts = [D("1449.29"), D("0.01"), D("5.55")]
        made = [losses.write_off(debt, reason="insolvent", by=biller, on=ON, amount=part) for part in parts]
        assert made[0].vat > 0
        told = report.of(DAYS)
        assert [one.vat for one in told] == [loss.vat for loss in made]
        assert [sum(share.net + share.vat for share in one.shares) for one in told] == parts
        booked = [one.amount for one in journal.postings(ON, ON) if one.type == "LT" and one.vat_code]
        assert sum(booked) == sum(loss.vat for loss in made)
        losses.take_back(made[0], by=biller, on=ON)
        assert sum(one.vat for one in report.of(DAYS)) == made[1].vat + made[2].vat


def test_a_loss_without_a_record_is_reckoned_in_the_same_way(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = bills.issued(biller, bills.company(owner), LINES, on=date(2026, 9, 1))
    with access.acting("billing", user_id=biller.pk):
        ledger.write_off(Receivable.objects.get(pk=invoice.pk), D("1449.29"), on=ON, by=biller)
        assert not CreditLoss.objects.exists()
        [told] = report.of(DAYS)
        recorded = losses.vat_of(invoice, D("1449.29"))
    assert [share.vat for share in told.shares] == [D(row["vat"]) for row in recorded]


@given(lines=st.lists(st.tuples(euros, euros), min_size=1, max_size=5), share=st.decimals("0", "1", places=4))
@example(lines=[(D(1), D(0)), (D(1), D(0)), (D(0), D(0))], share=D("0.005"))
def test_the_shares_of_a_loss_are_the_loss_to_the_cent_and_none_is_negative(
    lines: list[tuple[Decimal, Decimal]], share: Decimal
) -> None:
    total = sum((net + vat for net, vat in lines), D(0))
    lost = (total * share).quantize(D("0.01"))
    found = losses.shares(lost, lines)
    assert sum((net + vat for net, vat in found), D(0)) == lost
    assert all(net >= 0 and vat >= 0 for net, vat in found)
    if lost == total:
        assert found == lines
