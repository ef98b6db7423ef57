"""Credit notes of a whole invoice: its mirror, once, in the words it was issued with; and the draft that follows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing import crediting, drafting
from billing.models import Invoice, Series
from billing.pdf import InvoiceDocument, Kind
from register import access
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.bills import TODAY, line, paper


def test_a_credit_note_takes_back_the_original_supplys_rate(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.issued(
        biller, bills.company(owner), [line(delivered_on=date(2024, 8, 20))], on=date(2024, 8, 20)
    )
    note = bills.credit(biller, invoice, on=date(2026, 2, 5), because="Väärä asiakas")
    with access.acting("billing"):
        note = Invoice.objects.get(pk=note.pk)
        assert (note.net, note.vat, note.total) == (Decimal("-100.00"), Decimal("-24.00"), Decimal("-124.00"))
        assert (note.original_id, note.kind, note.reference) == (invoice.pk, Kind.CREDIT_NOTE, "")
        assert note.lines.get().vat_rate == 24
        assert invoice.total + note.total == 0
    document = InvoiceDocument.from_json(note.snapshot)
    assert document.missing() == ()
    assert (document.original_number, document.original_issued_on) == ("20240001", date(2024, 8, 20))
    printed = paper(note)
    assert "Hyvittää laskun 20240001, 20.8.2024" in printed
    assert "Väärä asiakas" in printed


def test_a_credit_note_is_the_mirror_of_prices_with_vat_and_discounts(
    owner: User, biller: User, registrar: Registrar
) -> None:
    lines = [
        line(price="10.03", discount_percent=Decimal("12.5")),
        line("reduced", price="7.77"),
        line(price="0.99"),
    ]
    invoice = bills.issued(biller, bills.company(owner), lines, prices_include_vat=True)
    note = bills.credit(biller, invoice)
    with access.acting("billing"):
        mirrored = [(-one.net, -one.vat) for one in note.lines.all()]
        assert mirrored == [(one.net, one.vat) for one in invoice.lines.all()]
    assert (note.net, note.vat, note.total) == (-invoice.net, -invoice.vat, -invoice.total)


def test_an_invoice_is_credited_once_and_a_draft_or_credit_note_never(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    invoice = bills.issued(biller, customer)
    note = bills.credit(biller, invoice)
    for wrong in (invoice, note, bills.draft(biller, customer)):
        with pytest.raises(crediting.CannotBeCredited):
            bills.credit(biller, wrong)
    with access.acting("billing"):
        assert Series.objects.get(kind=Kind.CREDIT_NOTE).last == 1


def test_the_credit_note_says_what_the_invoice_said_though_the_customer_moved(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    invoice = bills.issued(biller, customer)
    with access.acting("owner", user_id=owner.pk):
        customer.save(update_fields=customer.rename("Uusi Nimi Oy"))
    note = bills.credit(biller, invoice)
    assert InvoiceDocument.from_json(note.snapshot).buyer.name == "Kuusamon Höyläämö Oy"


def test_an_invoice_drawn_up_again_has_the_lines_of_the_credited_one(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.issued(biller, bills.company(owner), note="Kiitos!")
    bills.credit(biller, invoice)
    with access.acting("billing", user_id=biller.pk):
        draft = drafting.draft_again(invoice, by=biller, on=TODAY)
        assert draft.is_draft
        assert (draft.total, draft.note, draft.lines.count()) == (invoice.total, "Kiitos!", 2)
