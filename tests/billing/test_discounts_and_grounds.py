"""What a draft may say besides plain lines: discounts on the total, grounds for no VAT, neutral texts, terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from billing import amounts, grounds, invoicing, rules
from billing.amounts import Discount, add_up
from billing.drafting import Line
from billing.models import DueBasis, Invoice, Rule, VatGround
from billing.pdf import InvoiceDocument
from customers.models import Customer, VatCode
from register import access
from register.models import Registrar, User
from tests import cast
from tests.billing import bills
from tests.billing.bills import DETAILS, TODAY, paper
from tests.billing.test_amounts import D, line, lines


def one(code: str = VatCode.STANDARD, price: str = "100.00", **facts: Any) -> Line:
    return Line(description="Työ", quantity=Decimal(1), unit_price=Decimal(price), vat_code=code, **facts)


def ground(name: str) -> int:
    with access.acting("billing"):
        return VatGround.objects.on(TODAY).get(name=name).pk


def document(invoice: Invoice) -> InvoiceDocument:
    return InvoiceDocument.from_json(invoice.snapshot or {})


# --- discounts -------------------------------------------------------------------------------------------


def test_a_discount_in_percent_lowers_the_base_of_each_rate() -> None:
    totals = add_up([line("1", "100.00"), line("1", "50.00", "13.5")], discount=Discount(percent=D(10)))

    assert [(t.net, t.vat, t.allowance) for t in totals.per_rate] == [
        (D("90.00"), D("22.95"), D("10.00")),
        (D("45.00"), D("6.08"), D("5.00")),
    ]
    assert (totals.net, totals.allowance, totals.gross) == (D("135.00"), D("15.00"), D("164.03"))


def test_a_discount_in_euros_is_spread_over_the_rates_by_what_was_sold_at_them() -> None:
    sold = [line("1", "100.00"), line("1", "50.00", "13.5"), line("1", "50.00", "0")]

    totals = add_up(sold, discount=Discount(amount=D("10.01")))

    assert [t.allowance for t in totals.per_rate] == [D("5.01"), D("2.50"), D("2.50")]
    assert totals.discount == D("10.01")
    with_vat = add_up([line("1", "125.50")], prices_include_vat=True, discount=Discount(amount=D("25.50")))
    assert (with_vat.gross, with_vat.discount, with_vat.allowance) == (D("100.00"), D("25.50"), D("20.32"))


@pytest.mark.parametrize(
    "discount", [{"percent": D("100.01")}, {"percent": D(-1)}, {"percent": D(1), "amount": D(1)}]
)
def test_a_discount_that_cannot_be_is_refused(discount: dict[str, Decimal]) -> None:
    with pytest.raises(amounts.AmountError):
        Discount(**discount)
    with pytest.raises(amounts.AmountError, match=r"larger|suurempi"):
        add_up([line("1", "10.00")], discount=Discount(amount=D("10.01")))


discounts = st.one_of(
    st.builds(Discount, percent=st.decimals(0, 100, places=2)),
    st.builds(Discount, amount=st.decimals(0, 500, places=2)),
)


@given(st.lists(lines, max_size=8), discounts, st.booleans())
def test_discounted_totals_hold_the_rules_of_en_16931_for_any_lines(
    sold: list[amounts.Line], discount: Discount, with_vat: bool
) -> None:
    try:
        totals = add_up(sold, prices_include_vat=with_vat, discount=discount)
    except amounts.AmountError:
        assert abs(sum((item.price for item in sold), D(0))) < discount.amount or discount.amount
        return
    plain = add_up(sold, prices_include_vat=with_vat)

    assert totals.lines == plain.lines
    assert totals.net == sum((amount.net for amount in totals.lines), D(0)) - totals.allowance  # BR-CO-13
    assert totals.gross == sum((t.net + t.vat for t in totals.per_rate), D(0))
    for left, whole in zip(totals.per_rate, plain.per_rate, strict=True):
        assert left.net == whole.net - left.allowance
        if not with_vat:
            assert left.vat == amounts.vat_on(left.net, rate=left.vat_rate)
    told = (plain.gross - totals.gross) if with_vat else totals.allowance
    assert told == totals.discount
    assert not discount.amount or totals.discount == discount.amount
    mirrored = add_up(
        [item.credited() for item in sold],
        prices_include_vat=with_vat,
        discount=Discount(percent=discount.percent, amount=-discount.amount),
    )
    assert (mirrored.net, mirrored.vat) == (-totals.net, -totals.vat)


def test_the_discount_stands_on_the_paper_and_is_taken_back_by_the_credit_note(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.issued(
        biller,
        bills.company(owner),
        [one(), one(VatCode.REDUCED, "50.00")],
        discount_amount=Decimal("15.00"),
        discount_reason="Vuosialennus",
    )
    assert (invoice.net, invoice.vat, invoice.total) == (
        Decimal("135.00"),
        Decimal("29.03"),
        Decimal("164.03"),
    )
    said = paper(invoice)
    assert "Rivit yhteensä (ilman ALV) 150,00 €" in said
    assert "Vuosialennus −15,00 €" in said
    assert "Veroton yhteensä 135,00 €" in said
    assert document(invoice).allowance == Decimal("15.00")
    note = bills.credit(biller, invoice)
    assert (note.net, note.vat, note.total) == (-invoice.net, -invoice.vat, -invoice.total)
    assert document(note).missing() == ()


# --- grounds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code", "vat_id", "category", "wording"),
    [
        ("Rakennusala", "reverse", "FI01120389", "AE", "AVL 8 c §"),
        ("Palvelu toiseen EU-maahan", "reverse", "SE556677889901", "AE", "art. 44 & 196"),
        ("Tavara toiseen EU-maahan", "zero", "SE556677889901", "K", "AVL 72 a §"),
        ("Vienti EU:n ulkopuolelle", "zero", "", "G", "AVL 70 §"),
        ("Terveydenhuolto", "exempt", "", "E", "AVL 34 §"),
    ],
)
def test_a_ground_gives_category_and_wording(
    owner: User,
    biller: User,
    registrar: Registrar,
    name: str,
    code: str,
    vat_id: str,
    category: str,
    wording: str,
) -> None:
    customer = bills.company(owner, vat_id=vat_id)
    invoice = bills.issued(biller, customer, [one(code, "563.50")], vat_ground_id=ground(name))
    (rate,) = document(invoice).vat_lines
    assert (rate.vat_category, rate.vat, rate.net) == (category, 0, Decimal("563.50"))
    assert wording in rate.reason
    assert wording in " ".join(paper(invoice).split())


@pytest.mark.parametrize(
    ("name", "code", "vat_id", "reason"),
    [
        ("Rakennusala", "reverse", "", "buyer's VAT number"),
        ("Tavara toiseen EU-maahan", "zero", "", "buyer's VAT number"),
        ("Tavara toiseen EU-maahan", "zero", "FI01120389", "another EU country"),
        ("Palvelu toiseen EU-maahan", "reverse", "FI01120389", "another EU country"),
        ("Terveydenhuolto", "reverse", "FI01120389", "reason why no VAT"),
    ],
)
def test_without_the_buyers_data_that_the_ground_needs_nothing_is_issued(
    owner: User, biller: User, registrar: Registrar, name: str, code: str, vat_id: str, reason: str
) -> None:
    customer = bills.company(owner, vat_id=vat_id)
    draft = bills.draft(biller, customer, [one(code)], vat_ground_id=ground(name))
    with pytest.raises(invoicing.Incomplete, match=reason):
        bills.issue(biller, draft)


def test_grounds_are_dated_rows_that_the_owner_adds_and_nobody_else(
    owner: User, biller: User, registrar: Registrar
) -> None:
    old = ground("Rakennusala")
    facts = {
        "name": "Rakennusala", "category": "AE", "buyer": "vat_id", "statute": "AVL 8 c §", "source": "vero.fi",
        "wording_fi": "Uusi teksti", "wording_sv": "Ny text", "wording_en": "New text",
        "valid_from": date(2027, 1, 1),
    }  # fmt: skip
    with access.acting("owner", user_id=owner.pk):
        new = grounds.add(**facts, by=owner)
        assert VatGround.objects.get(pk=old).valid_to == date(2026, 12, 31)
        with pytest.raises(grounds.ShippedGround):
            grounds.remove(VatGround.objects.get(pk=old), by=owner)
        with pytest.raises(grounds.GroundIncomplete):
            grounds.add(**facts | {"wording_sv": " "}, by=owner)
        with pytest.raises(IntegrityError, match="two grounds"), access.atomic():
            VatGround.objects.filter(pk=old).update(valid_to=None)
    draft = bills.draft(
        biller, bills.company(owner, vat_id="FI01120389"), [one("reverse")], vat_ground_id=old
    )
    with pytest.raises(invoicing.Incomplete, match="no longer in force"):
        bills.issue(biller, draft, on=date(2027, 1, 1))
    with access.acting("owner", user_id=owner.pk):
        grounds.remove(new, by=owner)
        assert VatGround.objects.get(pk=old).valid_to is None
    assert bills.issue(biller, draft, on=date(2027, 1, 1)).number == "20270001"


# --- neutral text ----------------------------------------------------------------------------------------


def test_the_neutral_text_goes_out_and_the_description_stays_inside(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.issued(biller, bills.company(owner), [one(neutral="Asiantuntijatyö")])
    assert "Asiantuntijatyö" in paper(invoice)
    assert "Työ\n" not in paper(invoice)
    assert "Työ" not in str([said.description for said in document(invoice).lines])
    with access.acting("billing"):
        assert invoice.lines.get().description == "Työ"


# --- terms -----------------------------------------------------------------------------------------------


def private(owner: User) -> Customer:
    with access.acting("owner", user_id=owner.pk):
        customer = cast.private_customer()
        bills.details.record(customer, **DETAILS, by=owner)
    return customer


def test_a_business_is_given_more_than_thirty_days_only_by_agreement(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    draft = bills.draft(biller, customer, payment_days=31)
    with pytest.raises(invoicing.Incomplete, match=r"more than 30 days only if that was agreed"):
        bills.issue(biller, draft)
    agreed = bills.issued(biller, customer, payment_days=31, due_basis=DueBasis.CONTRACT)
    assert bills.issued(biller, customer, payment_days=30).number == "20260002"
    assert bills.issued(biller, private(owner), payment_days=60).number == "20260003"
    assert "2.10.2026 (sovittu)" in paper(agreed)


def test_late_interest_is_said_with_its_start_by_the_basis_of_the_due_date(
    owner: User, biller: User, registrar: Registrar
) -> None:
    agreed = bills.issued(biller, bills.company(owner), due_basis=DueBasis.CONTRACT)
    consumer = bills.issued(biller, private(owner))
    assert document(agreed).late_interest == "korkolain viitekorko + 8 prosenttiyksikköä eräpäivästä"
    assert document(consumer).late_interest == (
        "korkolain viitekorko + 7 prosenttiyksikköä 30 päivän kuluttua laskun lähettämisestä"
    )
    assert "korkolain viitekorko + 8 prosenttiyksikköä eräpäivästä" in " ".join(paper(agreed).split())
    with access.acting("migrate"):
        Rule.objects.filter(code=rules.Code.MARGIN_COMMERCIAL).delete()
    with pytest.raises(rules.RuleMissing):
        bills.issued(biller, agreed.customer)
