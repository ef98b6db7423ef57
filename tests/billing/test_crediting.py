"""Credits of a part: lines, quantities and euros by rate, which together never take back more than was charged."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connections
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from billing import amounts, crediting, drafting, pricing, remaining
from billing.drafting import Line
from billing.models import Invoice, InvoiceLine, Sending, Voiding
from billing.remaining import Left, LeftLine, LeftRate
from customers.models import VatCode
from register import access
from register.models import Registrar, User
from tests.billing import bills, money
from tests.billing.bills import TODAY, paper
from tests.billing.pages import english, key, url  # noqa: F401  (a fixture)
from tests.billing.test_discounts_and_grounds import discounts, document

D = Decimal
STANDARD = (amounts.VatCategory.STANDARD, D("25.5"))
HOURS = Line(description="Suunnittelu", quantity=D(10), unit="h", unit_price=D("95.00"))
BOOKS = Line(description="Kirja", quantity=D(3), unit="kpl", unit_price=D("24.55"), vat_code=VatCode.REDUCED)


def part(
    biller: User,
    invoice: Invoice,
    quantities: dict[int, str] | None = None,
    reductions: Any = None,
    **facts: Any,
) -> Invoice:
    with access.acting("billing", user_id=biller.pk):
        return crediting.credit_part(
            invoice,
            quantities={place: D(taken) for place, taken in (quantities or {}).items()},
            reductions={rate: D(told) for rate, told in (reductions or {}).items()},
            **{"by": biller, "on": TODAY, "because": "Reklamaatio"} | facts,
        )


def open_of(invoice: Invoice) -> Decimal:
    return money.receivable(invoice).open


def test_a_quantity_of_a_line_is_taken_back_at_its_rate_and_the_rest_stays_owed(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.issued(biller, bills.company(owner), [HOURS, BOOKS])
    note = part(biller, invoice, {1: "2"})
    assert (note.number, note.net, note.vat) == ("H20260001", D("-190.00"), D("-48.45"))
    assert open_of(invoice) == invoice.total - D("238.45")
    said = document(note)
    assert (said.original_number, said.original_issued_on, said.missing()) == ("20260001", TODAY, ())
    assert "Hyvittää laskun 20260001, 1.9.2026" in paper(note)
    assert "Suunnittelu −2 h 95,00 25,5 % −190,00" in paper(note)
    with access.acting("billing"):
        assert list(Invoice.objects.all().credited()) == []


def test_euros_at_a_rate_and_then_all_that_is_left_close_the_invoice(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.issued(biller, bills.company(owner), [HOURS, BOOKS], on=date(2024, 8, 20))
    rate = (amounts.VatCategory.STANDARD, D(24))
    note = part(biller, invoice, reductions={rate: "100.00"}, on=date(2026, 2, 5))
    assert (note.net, note.vat) == (D("-100.00"), D("-24.00"))
    assert "Hinnanalennus" in paper(note)
    with pytest.raises(remaining.MoreThanLeft):
        part(biller, invoice, {1: "10"})
    rest = bills.credit(biller, invoice)
    assert invoice.total + note.total + rest.total == 0
    assert open_of(invoice) == 0
    with access.acting("billing"):
        assert list(Invoice.objects.all().credited()) == [invoice]
    with pytest.raises(crediting.CannotBeCredited):
        bills.credit(biller, invoice)


def test_more_than_is_left_and_nothing_are_refused(owner: User, biller: User, registrar: Registrar) -> None:
    invoice = bills.issued(biller, bills.company(owner), [HOURS])
    part(biller, invoice, {1: "9"})
    wrong: list[tuple[dict[int, str], Any]] = [
        ({1: "1.001"}, {}), ({1: "-1"}, {}), ({7: "1"}, {}), ({}, {STANDARD: "95.01"}), ({1: "1"}, {STANDARD: "0.01"}),
        ({}, {(amounts.VatCategory.STANDARD, D(24)): "1"}),
    ]  # fmt: skip
    for quantities, reductions in wrong:
        with pytest.raises(remaining.MoreThanLeft):
            part(biller, invoice, quantities, reductions)
    with pytest.raises(remaining.NothingChosen):
        part(biller, invoice)
    assert part(biller, invoice, {1: "1"}).total + open_of(invoice) == D("-119.23")


def test_the_database_refuses_credits_beyond_the_invoice(
    owner: User, biller: User, registrar: Registrar, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = bills.issued(biller, bills.company(owner), [HOURS])
    bills.credit(biller, invoice)
    nothing_noted = Left(document(invoice), (), crediting_rates(invoice), False, False)
    monkeypatch.setattr(remaining, "left_of", lambda _invoice: nothing_noted)
    with pytest.raises(IntegrityError, match="no more than was charged|receivable_not_negative"):
        bills.credit(biller, invoice)


def crediting_rates(invoice: Invoice) -> tuple[LeftRate, ...]:
    (told,) = document(invoice).vat_lines
    return (LeftRate(told.vat_category, told.vat_rate, told.net, told.vat, told.net),)


priced = st.builds(
    lambda quantity, price, rate, discount: SimpleNamespace(
        quantity=quantity, unit_price=price, rate=rate, discount=discount
    ),
    st.decimals("0.001", "99", places=3),
    st.decimals("0.01", "999", places=2),
    st.sampled_from(["25.5", "13.5", "10"]),
    st.sampled_from(["0", "12.5"]),
)


@given(st.lists(priced, min_size=1, max_size=4), discounts, st.booleans(), st.data())
@settings(deadline=None, max_examples=60)
def test_any_credits_of_parts_add_up_to_the_invoice_to_the_cent(
    sold: list[Any], discount: amounts.Discount, with_vat: bool, data: st.DataObject
) -> None:
    rows = [
        InvoiceLine(
            position=place, description="Työ", quantity=one.quantity, unit_price=one.unit_price,
            discount_percent=D(one.discount), vat_code="standard", vat_rate=D(one.rate), vat_category="S",
        )
        for place, one in enumerate(sold, 1)
    ]  # fmt: skip
    lines = [pricing.priced(row) for row in rows]
    try:
        totals = amounts.add_up(lines, prices_include_vat=with_vat, discount=discount)
    except amounts.AmountError:
        return
    was = invoice_document(rows, totals, discount, with_vat)
    assert was.missing() == ()
    left = Left(was, tuple(LeftLine(row, row.quantity) for row in rows), left_rates(was), False, False)
    back = [D(0), D(0)]
    for turn in itertools.count():
        everything = turn == 3
        taken = {
            one.line.position: one.quantity
            if everything
            else data.draw(st.decimals(0, one.quantity, places=3))
            for one in left.lines
            if one.quantity
        }
        if not any(taken.values()):
            break
        part_of = remaining.part(left, taken, {})
        for line in part_of.vat_lines:
            back[0] += line.net
            back[1] += line.vat
        left = after(left, part_of)
        if everything:
            break
    if not any(one.quantity for one in left.lines):
        assert back == [-was.net, -was.vat]
        assert left.total == 0


def invoice_document(
    rows: list[InvoiceLine], totals: amounts.Totals, discount: amounts.Discount, with_vat: bool
) -> Any:
    from billing import documents
    from billing.pdf import VatLine
    from tests.billing.documents import drawn_up

    for row, amount in zip(rows, totals.lines, strict=True):
        row.net, row.vat = amount.net, amount.vat
    return drawn_up(
        [],
        lines=tuple(documents.line_of(row) for row in rows),
        vat_lines=tuple(
            VatLine(
                vat_category=t.vat_category, vat_rate=t.vat_rate, net=t.net, vat=t.vat, allowance=t.allowance
            )
            for t in totals.per_rate
        ),
        net=totals.net,
        vat=totals.vat,
        total=totals.gross,
        amount_due=totals.gross,
        prices_include_vat=with_vat,
        discount_percent=discount.percent,
        discount_amount=discount.amount,
    )


def left_rates(was: Any) -> tuple[LeftRate, ...]:
    return tuple(
        LeftRate(
            line.vat_category,
            line.vat_rate,
            line.net,
            line.vat,
            line.gross if was.prices_include_vat else line.net,
        )
        for line in was.vat_lines
    )


def after(left: Left, taken: Any) -> Left:
    """What is left after a credit note, as `left_of` would find it."""
    back = {(line.vat_category, line.vat_rate): line for line in taken.vat_lines}
    rates = []
    for rate in left.rates:
        line = back.get(rate.key)
        if line is not None:
            net, vat = rate.net + line.net, rate.vat + line.vat
            told = net + vat if left.document.prices_include_vat else net
            rates.append(LeftRate(rate.category, rate.rate, net, vat, told))
        else:
            rates.append(rate)
    gone = {row.credits: row.quantity for row in taken.rows}
    lines = tuple(LeftLine(o.line, o.quantity + gone.get(o.line.position, D(0))) for o in left.lines)
    return Left(left.document, lines, tuple(rates), True, False)


# --- voided numbers --------------------------------------------------------------------------------------


def void(biller: User, invoice: Invoice) -> Invoice:
    with access.acting("billing", user_id=biller.pk):
        return crediting.void(invoice, by=biller, on=TODAY, because="Väärä asiakas")


def test_a_number_is_voided_before_sending_only_and_the_record_stays(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    invoice, sent = bills.issued(biller, customer), bills.issued(biller, customer)
    note = void(biller, invoice)
    assert note.total == -invoice.total
    with access.acting("billing", user_id=biller.pk):
        kept = Voiding.objects.get()
        assert (kept.invoice_id, kept.note_id, kept.reason) == (invoice.pk, note.pk, "Väärä asiakas")
        Sending.objects.create(
            customer=customer, invoice=sent, channel="paper", address="Sahantie 7", sha256=sent.sha256,
            state="sent", queued_at=bills.NOW, sent_at=bills.NOW,
        )  # fmt: skip
    with pytest.raises(crediting.CannotBeVoided):
        void(biller, sent)
    for statement in ("UPDATE billing_voiding SET reason = 'x'", "DELETE FROM billing_voiding"):
        for login in ("owner", "billing", "worker", "migrate"):
            with pytest.raises(DatabaseError, match="permission denied|cannot be"), access.acting(login):
                connections[login].cursor().execute(statement)
    bare = bills.credit(biller, sent)
    with pytest.raises(IntegrityError, match="before it was sent"), access.acting("billing"):
        Voiding.objects.create(invoice=sent, note=bare, reason="x", voided_by_id=biller.pk)


# --- the page --------------------------------------------------------------------------------------------


def test_a_part_is_credited_on_the_page_and_errors_lose_nothing(
    as_biller: Client, owner: User, biller: User, registrar: Registrar
) -> None:
    as_biller.cookies["django_language"] = "en"
    invoice = bills.issued(biller, bills.company(owner), [HOURS, BOOKS], on=drafting.date.today())
    page = url(invoice, "credit/")
    assert "Void the number" in as_biller.get(page).content.decode()
    form = {"key": key(), "because": "Reklamaatio", "part": "1"}
    empty = as_biller.post(page, form)
    assert empty.status_code == 422
    assert "how much of a line" in empty.content.decode()
    too_much = as_biller.post(page, form | {"line-1": "11"})
    assert too_much.status_code == 422
    assert "more than is left" in too_much.content.decode()
    assert 'value="11"' in too_much.content.decode()
    assert as_biller.post(page, form | {"line-1": "1,5", "rate-1": "5,00"}).status_code == 302
    with access.acting("billing"):
        assert Invoice.objects.get(original=invoice).net == D("-147.50")
    shown = as_biller.get(url(invoice)).content.decode()
    assert "Credited in part" in shown
    assert "Void the number" not in as_biller.get(page).content.decode()
    as_biller.post(page, {"key": key(), "because": "Loput", "all": "1"})
    assert "Nothing is left" in as_biller.get(page).content.decode()
    assert "Credited in full" in as_biller.get(url(invoice)).content.decode()
