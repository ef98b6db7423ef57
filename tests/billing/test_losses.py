"""Credit losses: what they tell of the VAT, what takes from them, and how they are taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from billing import charging, ledger, losses
from billing.models import Charge, CreditLoss, Entry, Invoice, Payment
from customers.models import VatCode
from register import access
from register.models import Registrar, User
from tests.billing import bills, late, money

REMINDED = date(2026, 3, 30)
TODAY = date(2026, 4, 13)
PLAIN = bills.Line(
    description="Työ", quantity=Decimal(1), unit_price=Decimal("239.00"), vat_code=VatCode.ZERO
)


def test_a_credit_loss_tells_its_vat_and_can_be_taken_back(
    registrar: Registrar, owner: User, biller: User
) -> None:
    lines = [
        bills.Line(description="Työ", quantity=Decimal(1), unit_price=Decimal("100.00")),
        bills.Line(
            description="Kirja", quantity=Decimal(1), unit_price=Decimal("100.00"), vat_code="reduced"
        ),
    ]
    invoice = bills.issued(biller, bills.company(owner), lines, on=late.SENT)
    assert invoice.total == Decimal("239.00")
    money.paid(biller, invoice, "39.00", on=late.SENT)
    with access.acting("billing", user_id=biller.pk):
        debt = money.held(invoice)
        with pytest.raises(ledger.NotSoMuch):
            losses.write_off(debt, reason="insolvent", by=biller, on=TODAY, amount=Decimal("200.01"))
        loss = losses.write_off(debt, reason="insolvent", by=biller, on=TODAY)
        assert money.held(invoice).open == 0
        assert loss.per_rate == [
            {"rate": "25.50", "net": "83.68", "vat": "21.34"},
            {"rate": "13.50", "net": "83.68", "vat": "11.30"},
        ]
        assert sum(Decimal(row["net"]) + Decimal(row["vat"]) for row in loss.per_rate) == loss.amount == 200
        with pytest.raises(losses.NothingOpen):
            losses.write_off(debt, reason="insolvent", by=biller, on=TODAY)
        losses.take_back(loss, by=biller, on=TODAY)
        assert money.held(invoice).open == 200
        assert Entry.objects.filter(receivable=debt).count() == 4


def test_a_credit_note_takes_from_the_loss_before_the_money(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = bills.issued(biller, bills.company(owner), [PLAIN], on=late.SENT)
    money.paid(biller, invoice, "39.00", on=late.SENT)
    with access.acting("billing", user_id=biller.pk):
        debt = money.held(invoice)
        losses.write_off(debt, reason="insolvent", by=biller, on=TODAY, amount=Decimal(160))
        ledger.write_off(debt, Decimal(40), on=TODAY, by=biller, kind=Entry.Kind.DIFFERENCE)
        losses.reopen(Invoice(original_id=invoice.pk, issued_on=TODAY, total=Decimal(-60)), by=biller)
        assert money.held(invoice).open == 60
        assert [(one.amount, one.reason) for one in losses.standing([invoice.pk])] == [(140, "insolvent")]
        assert Payment.objects.get().unallocated == 0
    bills.credit(biller, invoice, on=TODAY)
    with access.acting("billing"):
        assert money.held(invoice).open == 0
        assert list(losses.standing([invoice.pk])) == []
        assert Payment.objects.get().unallocated == 39


def test_a_loss_is_booked_once_and_taken_back_in_the_browser(
    as_biller: Client, registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    url = f"/billing/invoices/D{invoice.pk}/"
    form = {"reason": "insolvent", "amount": "88,36", "was_open": "1088.36", "claim_lives": "on"}
    assert "take-back" not in as_biller.get(url).content.decode()
    assert as_biller.post(f"{url}loss/take-back/").status_code == 404
    assert as_biller.post(f"{url}loss/", form).status_code == 302
    twice = as_biller.post(f"{url}loss/", form)
    assert twice.status_code == 422
    assert "has changed meanwhile" in twice.content.decode()
    with access.acting("billing"):
        assert money.held(invoice).open == 1000
    assert f"{url}loss/take-back/" in as_biller.get(url).content.decode()
    as_biller.post(f"{url}loss/take-back/")
    with access.acting("billing"):
        assert money.held(invoice).open == Decimal("1088.36")
    assert as_biller.post(f"{url}loss/take-back/").status_code == 404


def test_a_cost_that_a_loss_took_off_is_waived_without_going_below_zero(
    registrar: Registrar, owner: User, biller: User
) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    late.reminded(biller, REMINDED)
    with access.acting("billing", user_id=biller.pk):
        assert money.held(invoice).costs == 12
        losses.write_off(money.held(invoice), reason="insolvent", by=biller, on=TODAY)
        waived = charging.waive(Charge.objects.get(), reason="courtesy", on=TODAY, by=biller)
        assert waived.entry is None
        assert money.held(invoice).costs == 0


def test_a_time_barred_claim_does_not_live_on(registrar: Registrar, owner: User, biller: User) -> None:
    invoice = late.invoice(biller, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        losses.write_off(money.held(invoice), reason="time_barred", by=biller, on=TODAY)
        assert CreditLoss.objects.get().claim_lives is False
