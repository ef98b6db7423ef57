"""The interest invoice: a document of its own without VAT, its lines to the cent, each day invoiced once."""

from __future__ import annotations

import re
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError

from billing import interest, interest_invoicing, rules
from billing.models import InterestPeriod, Invoice, InvoicePdf, Receivable
from customers.models import Customer
from register import access
from register.models import Registrar, User
from tests.billing import bills, money, owed
from tests.billing.printed import pages

UNTIL = date(2026, 6, 30)
KEY = uuid.UUID("8a3c7f14-51e0-4a4e-9a7e-0d4c4f7f3a10")


def charged(
    biller: User,
    customer: Customer,
    *receivables: Receivable,
    until: date = UNTIL,
    key: uuid.UUID | None = None,
) -> Invoice:
    with access.acting("billing", user_id=biller.pk):
        return interest_invoicing.issue(
            customer,
            [one.pk for one in receivables],
            until=until,
            by=biller,
            on=bills.TODAY,
            client_key=key or uuid.uuid4(),
        )


def test_interest_is_invoiced_with_its_segments_and_without_vat(
    registrar: Registrar, owner: User, biller: User
) -> None:
    ada = owed.consumer(owner)
    claim = owed.owed(biller, ada, "5000.00", due=date(2026, 1, 15))
    money.paid(biller, claim.invoice, "2000.00", on=date(2026, 2, 15))
    money.paid(biller, claim.invoice, "3000.00", on=date(2026, 3, 31))
    invoice = charged(biller, ada, claim, key=KEY)
    assert charged(biller, ada, claim, key=KEY) == invoice
    assert (invoice.number, invoice.reference, invoice.total, invoice.vat) == (
        "V20260001",
        "9202600018",
        Decimal("74.70"),
        0,
    )
    with access.acting("billing"):
        lines = list(invoice.lines.all())
        assert [line.net for line in lines] == [Decimal("40.34"), Decimal("34.36")]
        period = InterestPeriod.objects.get(receivable=claim)
        assert (period.first, period.last, period.amount) == (
            date(2026, 1, 16),
            date(2026, 3, 31),
            Decimal("74.70"),
        )
        paper = re.sub(r"\s+", " ", " ".join(pages(bytes(InvoicePdf.objects.get(invoice=invoice).content))))
        own = Receivable.objects.get(pk=invoice.pk)
        assert interest.reckon(own, until=date(2027, 6, 30)).start.first is None
    assert own.open == invoice.total
    for words in (
        "Viivästyskorkolasku V20260001",
        "Lasku 20260001: viivästyskorko 16.1.2026–15.2.2026, 31 pv, pääoma 5 000,00 €, 9,5 %",
        "viitekorko 2,5 % + 7 %",
        "ei suoriteta arvonlisäveroa",
        "74,70 €",
    ):
        assert words in paper
    assert "ALV-kanta" not in paper


def test_a_day_is_invoiced_once_and_again_only_when_its_invoice_was_credited(
    registrar: Registrar, owner: User, biller: User
) -> None:
    company = bills.company(owner)
    claim = owed.owed(biller, company, "10000.00", due=date(2026, 3, 2))
    first = charged(biller, company, claim, until=date(2026, 4, 30))
    with pytest.raises(interest_invoicing.NothingDue):
        charged(biller, company, claim, until=date(2026, 4, 30))
    second = charged(biller, company, claim, until=date(2026, 5, 31))
    assert (first.total, second.total) == (Decimal("169.73"), Decimal("89.18"))  # 59 and 31 days at 10,5 %
    with pytest.raises(IntegrityError, match="has been invoiced"), access.acting("billing"):
        InterestPeriod.objects.create(
            receivable=claim, invoice=second, first=date(2026, 4, 30), last=date(2026, 4, 30), amount=1
        )
    bills.credit(biller, first)
    bills.credit(biller, second)
    assert charged(biller, company, claim, until=date(2026, 5, 31)).total == Decimal("258.90")
    for login in ("billing", "owner", "migrate"):
        with pytest.raises(DatabaseError), access.acting(login):
            InterestPeriod.objects.filter(receivable=claim).update(last=date(2026, 5, 1))


def test_interest_that_was_invoiced_is_in_no_later_reckoning(
    registrar: Registrar, owner: User, biller: User
) -> None:
    ada = owed.consumer(owner)
    claim = owed.owed(biller, ada, "5000.00", due=date(2026, 1, 15))
    with access.acting("billing"):
        whole = interest_invoicing.uninvoiced([claim], until=UNTIL)[claim.pk]
    charged(biller, ada, claim, until=date(2026, 3, 31))
    with access.acting("billing"):
        rest = interest_invoicing.uninvoiced([claim], until=UNTIL)[claim.pk]
    assert whole.segments[0].first == date(2026, 1, 16)
    assert rest.segments[0].first == date(2026, 4, 1)
    assert 0 < rest.amount < whole.amount


def test_what_cannot_be_invoiced_is_refused_and_takes_no_number(
    registrar: Registrar, owner: User, biller: User
) -> None:
    company = bills.company(owner)
    little = owed.owed(biller, company, "100.00", due=date(2026, 6, 1))
    much = owed.owed(biller, company, "9000.00", due=date(2026, 6, 1))
    with pytest.raises(interest_invoicing.BelowThreshold, match=r"10\.00"):
        charged(biller, company, little)
    with pytest.raises(rules.RuleMissing, match="2026-H2"):
        charged(biller, company, much, until=date(2026, 7, 31))
    with pytest.raises(interest_invoicing.NotYet):
        charged(biller, company, much, until=date(2026, 9, 2))
    with pytest.raises(interest_invoicing.NothingDue):
        charged(biller, bills.company(owner, "Toinen Oy", business_id="2345678-0"), much)
    with access.acting("billing"):
        assert not Invoice.objects.filter(kind="interest").exists()
    assert charged(biller, company, little, much).number == "V20260001"


def test_more_stretches_than_lines_become_a_line_a_receivable(
    registrar: Registrar, owner: User, biller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interest_invoicing, "MOST_LINES", 3)
    company = bills.company(owner)
    claim = owed.owed(biller, company, "20000.00", due=date(2026, 1, 15))
    for day in (20, 21, 22):
        money.paid(biller, claim.invoice, "1000.00", on=date(2026, 1, day))
    invoice = charged(biller, company, claim)
    with access.acting("billing"):
        (line,) = invoice.lines.all()
        reckoned = interest.reckon(claim, until=UNTIL)
    assert len(reckoned.segments) == 4
    assert line.net == invoice.total == reckoned.final()
