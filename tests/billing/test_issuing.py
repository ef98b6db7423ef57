"""Issuing and crediting through the real logins: numbers, frozen documents, rates, and what stops them."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.db import connections
from lxml import etree

from billing import drafting, invoicing, pdf, vat
from billing.drafting import Line
from billing.models import Invoice, InvoicePdf, ReleasedAssignment, Series
from billing.pdf import InvoiceDocument, Kind
from customers.models import Assignment, VatCode
from register import access
from register.models import AuditEntry, Registrar, User
from tests.billing import bills
from tests.billing.bills import CONSULTING, TODAY


def line(code: str = VatCode.STANDARD, price: str = "100.00", **facts: Any) -> Line:
    return Line(description="Työ", quantity=Decimal(1), unit_price=Decimal(price), vat_code=code, **facts)


def paper(invoice: Invoice) -> str:
    with access.acting("billing"):
        content = bytes(InvoicePdf.objects.get(invoice=invoice).content)
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ")


def test_an_issued_invoice_has_number_reference_due_date_and_frozen_paper(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    invoice = bills.issued(biller, customer)
    with access.acting("billing"):
        stored = Invoice.objects.get()
        kept = InvoicePdf.objects.get()
    assert (stored.number, stored.reference) == ("20260001", "202600017")
    assert (stored.issued_on, stored.due_on) == (TODAY, date(2026, 9, 15))
    assert (stored.net, stored.vat, stored.total) == (
        Decimal("867.22"),
        Decimal("221.14"),
        Decimal("1088.36"),
    )
    assert stored.kept_until == date(2032, 12, 31)
    assert stored.issued_at is not None
    assert (stored.issued_by_id, stored.drafted_by_id) == (biller.pk, biller.pk)
    assert stored.sha256 == kept.sha256 == hashlib.sha256(bytes(kept.content)).hexdigest()
    document = InvoiceDocument.from_json(stored.snapshot)
    assert document.missing() == ()
    assert (document.buyer.name, document.buyer.address) == (customer.name, ("Sahantie 7", "93600 Kuusamo"))
    assert pdf.render(document, invoicing.as_einvoice(document)) == bytes(kept.content)
    printed = paper(invoice)
    for words in (
        "20260001",
        "2026 00017",
        "1 088,36 €",
        "Kuusamon Höyläämö Oy",
        "Esimerkki Oy",
        "15.9.2026",
    ):
        assert words in printed, words


def test_invoices_and_credit_notes_number_on_in_series_of_their_own_by_year(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    first = bills.issued(biller, customer)
    second = bills.issued(biller, customer)
    note = bills.credit(biller, first)
    next_year = bills.issued(biller, customer, on=date(2027, 1, 2))
    assert [one.number for one in (first, second, note, next_year)] == [
        "20260001",
        "20260002",
        "H20260001",
        "20270001",
    ]


def test_the_same_key_twice_takes_one_number(owner: User, biller: User, registrar: Registrar) -> None:
    invoice = bills.draft(biller, bills.company(owner))
    key = uuid.uuid4()
    first = bills.issue(biller, invoice, client_key=key)
    again = bills.issue(biller, invoice, client_key=key)
    assert (first.number, again.number) == ("20260001", "20260001")
    with access.acting("billing"):
        assert Series.objects.get().last == 1
        assert InvoicePdf.objects.count() == 1


def test_another_key_for_an_issued_invoice_and_another_invoice_for_a_used_key_are_refused(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer, key = bills.company(owner), uuid.uuid4()
    invoice = bills.issue(biller, bills.draft(biller, customer), client_key=key)
    with pytest.raises(drafting.AlreadyIssued, match="20260001"):
        bills.issue(biller, invoice)
    with pytest.raises(invoicing.KeyUsed):
        bills.issue(biller, bills.draft(biller, customer), client_key=key)
    with access.acting("billing"):
        assert Series.objects.get().last == 1


def test_a_form_sent_twice_makes_one_draft(owner: User, biller: User, registrar: Registrar) -> None:
    customer, key = bills.company(owner), uuid.uuid4()
    with access.acting("billing", user_id=biller.pk):
        one = drafting.draft_by_hand(customer, by=biller, on=TODAY, draft_key=key)
        other = drafting.draft_by_hand(customer, by=biller, on=TODAY, draft_key=key)
        assert one == other
        assert Invoice.objects.count() == 1


def test_fifty_issue_at_once_ten_fail_and_forty_numbers_follow_each_other(
    owner: User, biller: User, registrar: Registrar, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = bills.company(owner)
    drafts = [bills.draft(biller, customer) for _ in range(50)]
    doomed = {invoice.pk for invoice in drafts[::5]}
    freeze = invoicing._freeze

    def fail_after_the_number(held: Invoice, *arguments: Any, **options: Any) -> None:
        freeze(held, *arguments, **options)
        if held.pk in doomed:
            raise OSError

    monkeypatch.setattr(invoicing, "_freeze", fail_after_the_number)
    began = time.process_time()
    answers = at_once([partial(bills.issue, biller, invoice) for invoice in drafts])
    took = time.process_time() - began
    failed = {
        invoice.pk for invoice, answer in zip(drafts, answers, strict=True) if isinstance(answer, OSError)
    }
    assert failed == doomed
    assert sum(isinstance(answer, Invoice) for answer in answers) == 40
    with access.acting("billing"):
        numbers = sorted(Invoice.objects.issued().values_list("number", flat=True))
        assert Invoice.objects.drafts().count() == 10
        assert Series.objects.get().last == 40
    assert numbers == [f"2026{n:04d}" for n in range(1, 41)]
    # One process works on one core at a time: its own work is the wall clock of an idle machine.
    assert took < 5, took


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Do all of it at the same moment, each through connections of its own; answers or errors, in order."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def do(place: int) -> None:
        try:
            start.wait()
            answers[place] = acts[place]()
        except Exception as error:  # noqa: BLE001
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_button_pressed_eight_times_at_once_takes_one_number(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice, key = bills.draft(biller, bills.company(owner)), uuid.uuid4()
    answers = at_once([lambda: bills.issue(biller, invoice, client_key=key)] * 8)
    assert [answer.number for answer in answers] == ["20260001"] * 8


def test_two_tabs_issue_one_invoice_once(owner: User, biller: User, registrar: Registrar) -> None:
    invoice = bills.draft(biller, bills.company(owner))
    answers = at_once([lambda: bills.issue(biller, invoice)] * 6)
    assert sum(isinstance(answer, Invoice) for answer in answers) == 1
    assert sum(isinstance(answer, drafting.AlreadyIssued) for answer in answers) == 5
    with access.acting("billing"):
        assert Series.objects.get().last == 1


def test_work_taken_by_two_at_once_is_on_one_draft(owner: User, biller: User, registrar: Registrar) -> None:
    work = bills.released(owner, bills.company(owner))

    def take() -> Invoice:
        with access.acting("billing", user_id=biller.pk):
            return drafting.draft_from([work], by=biller, on=TODAY)

    answers = at_once([take] * 4)
    assert sum(isinstance(answer, Invoice) for answer in answers) == 1
    assert sum(isinstance(answer, drafting.AlreadyTaken) for answer in answers) == 3


def test_one_form_sent_by_two_at_once_makes_one_draft_and_one_credit_note(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer, key = bills.company(owner), uuid.uuid4()
    invoice = bills.issued(biller, customer)

    def draft() -> Invoice:
        with access.acting("billing", user_id=biller.pk):
            return drafting.draft_by_hand(customer, by=biller, on=TODAY, draft_key=key)

    def credit() -> Invoice:
        with access.acting("billing", user_id=biller.pk):
            return invoicing.credit(invoice, by=biller, on=TODAY, because="Virhe", client_key=key)

    assert len({answer.pk for answer in at_once([draft] * 4)}) == 1
    assert {answer.number for answer in at_once([credit] * 4)} == {"H20260001"}


def test_a_failing_pdf_takes_no_number(
    owner: User, biller: User, registrar: Registrar, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = bills.draft(biller, bills.company(owner))

    def fail(*arguments: Any) -> bytes:
        [document, *_] = arguments
        assert document.number == "20260001"
        raise pdf.NotTypeset

    monkeypatch.setattr(pdf, "render", fail)
    with pytest.raises(pdf.NotTypeset):
        bills.issue(biller, invoice)
    monkeypatch.undo()
    with access.acting("billing"):
        assert not Series.objects.exists()
        assert Invoice.objects.get().is_draft
    assert bills.issue(biller, invoice).number == "20260001"


@pytest.mark.parametrize(
    ("code", "delivered_on", "rate"),
    [
        ("reduced", date(2025, 12, 31), "14"),
        ("reduced", date(2026, 1, 1), "13.5"),
        ("standard", date(2024, 8, 31), "24"),
        ("standard", date(2024, 9, 1), "25.5"),
        ("press", date(2026, 1, 1), "10"),
    ],
)
def test_the_rate_is_that_of_the_day_of_delivery(
    owner: User, biller: User, registrar: Registrar, code: str, delivered_on: date, rate: str
) -> None:
    invoice = bills.issued(
        biller, bills.company(owner), [line(code, delivered_on=delivered_on)], on=date(2026, 1, 10)
    )
    with access.acting("billing"):
        assert invoice.lines.get().vat_rate == Decimal(rate)
    assert invoice.vat == Decimal(rate)
    assert InvoiceDocument.from_json(invoice.snapshot).supplied_on == delivered_on


def test_lines_without_a_day_were_delivered_on_the_day_of_the_invoice(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    mixed = bills.issued(biller, customer, [line(delivered_on=date(2026, 8, 1)), line()])
    same_day = bills.issued(biller, customer, [line(delivered_on=TODAY), line()])
    told = [InvoiceDocument.from_json(one.snapshot) for one in (mixed, same_day)]
    assert [(one.supplied_from, one.supplied_on) for one in told] == [(date(2026, 8, 1), TODAY), (None, None)]


def test_a_missing_rate_stops_the_calculation_and_is_named(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    with pytest.raises(vat.RateMissing, match=r"general rate|yleinen") as missing:
        bills.draft(biller, customer, [line(delivered_on=date(2012, 12, 31))])
    assert "31.12.2012" in str(missing.value)
    with access.acting("billing"):
        assert not Invoice.objects.exists()


def test_a_rate_that_ends_before_issuing_leaves_the_draft_without_a_number(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.draft(biller, bills.company(owner))
    with access.acting("owner", user_id=owner.pk):
        rate = vat.VatRate.objects.on(TODAY).get(code="standard")
        rate.valid_to = date(2026, 8, 31)
        rate.save(update_fields=["valid_to"])
    with pytest.raises(vat.RateMissing):
        bills.issue(biller, invoice)
    with access.acting("billing"):
        assert Invoice.objects.get().is_draft
        assert not Series.objects.exists()


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
        with pytest.raises(invoicing.CannotBeCredited):
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


@pytest.mark.parametrize(
    ("details", "lines", "reason"),
    [
        ({"street": "", "postal_code": "", "city": ""}, CONSULTING, "buyer's name or address"),
        ({}, [], "no lines"),
        ({}, [line("exempt")], "reason why no VAT"),
        ({}, [line("reverse")], "buyer's VAT number"),
        ({}, [line(price="-1.00")], "cannot be negative"),
    ],
)
def test_an_invoice_that_lacks_what_the_law_asks_for_is_not_issued(
    owner: User,
    biller: User,
    registrar: Registrar,
    details: dict[str, Any],
    lines: list[Line],
    reason: str,
) -> None:
    invoice = bills.draft(biller, bills.company(owner, **details), lines)
    with pytest.raises(invoicing.Incomplete) as incomplete:
        bills.issue(biller, invoice)
    assert reason in str(incomplete.value)
    with access.acting("billing"):
        assert invoicing.lacking(invoice, on=TODAY) == incomplete.value.reasons
        assert not Series.objects.exists()


def test_reverse_charge_carries_its_wording_and_the_buyers_vat_number(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner, vat_id="FI01120389")
    work = bills.released(
        owner,
        customer,
        lines=[bills.assignments.Line("Rakennustyö", Decimal(1), Decimal("563.50"), vat_code="reverse")],
    )
    with access.acting("billing", user_id=biller.pk):
        invoice = drafting.draft_from([work], by=biller, on=TODAY)
    issued = bills.issue(biller, invoice)
    assert (issued.net, issued.vat, issued.total) == (Decimal("563.50"), Decimal("0.00"), Decimal("563.50"))
    assert "AVL 8 c §" in paper(issued)
    assert "FI01120389" in paper(issued)


def test_a_seller_outside_the_vat_register_shows_no_vat(
    owner: User, biller: User, registrar: Registrar
) -> None:
    with access.acting("owner", user_id=owner.pk):
        registrar.vat_registered = False
        registrar.save(update_fields=["vat_registered"])
    invoice = bills.issued(biller, bills.company(owner))
    assert (invoice.vat, invoice.total) == (Decimal("0.00"), Decimal("867.22"))
    assert vat.NOT_LIABLE in paper(invoice)
    assert "FI23456780" not in paper(invoice)


def test_the_paper_speaks_the_customers_language(owner: User, biller: User, registrar: Registrar) -> None:
    invoice = bills.issued(biller, bills.company(owner), language="sv")
    assert "Faktura" in paper(invoice)
    assert "14 dagar netto" in paper(invoice)


def test_the_preview_is_the_invoice_but_for_number_and_payment(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.draft(biller, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        before = invoicing.preview(invoice, on=TODAY)
        assert not Series.objects.exists()
    text = pypdf.PdfReader(BytesIO(before)).pages[0].extract_text()
    assert "Luonnos" in text
    assert "Koulutuspäivä, Kuusamo" in text


def test_released_work_is_billed_once_and_then_invoiced_for_the_owner(
    owner: User, biller: User, registrar: Registrar
) -> None:
    work = bills.released(owner, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        invoice = drafting.draft_from([work], by=biller, on=TODAY)
        with pytest.raises(drafting.AlreadyTaken) as taken:
            drafting.draft_from([work], by=biller, on=TODAY)
        assert taken.value.invoice_id == invoice.pk
        assert invoice.subject == "Hallin suunnittelu"
        assert invoice.net == Decimal("1016.00")
    bills.issue(biller, invoice)
    run_jobs()
    with access.acting("owner", user_id=owner.pk):
        assert Assignment.objects.get().status == Assignment.Status.INVOICED
        assert ReleasedAssignment.objects.get().invoice.number == "20260001"
    run_jobs()


def test_issuing_by_hand_leaves_no_job(owner: User, biller: User, registrar: Registrar) -> None:
    bills.issued(biller, bills.company(owner))
    assert waiting_jobs() == []


def test_a_discarded_draft_gives_the_released_work_back(
    owner: User, biller: User, registrar: Registrar
) -> None:
    work = bills.released(owner, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        invoice = drafting.draft_from([work], by=biller, on=TODAY)
        assert not ReleasedAssignment.objects.waiting().exists()
        drafting.discard(invoice, by=biller)
        assert ReleasedAssignment.objects.waiting().count() == 1
        assert not Invoice.objects.exists()


def test_one_draft_collects_several_releases_of_one_customer_only(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer = bills.company(owner)
    one, two = bills.released(owner, customer, title="Yksi"), bills.released(owner, customer, title="Kaksi")
    foreign = bills.released(owner, bills.company(owner, "Toinen Oy", business_id="2345678-0"))
    with access.acting("billing", user_id=biller.pk):
        with pytest.raises(drafting.SeveralCustomers):
            drafting.draft_from([one, foreign], by=biller, on=TODAY)
        invoice = drafting.draft_from([one, two], by=biller, on=TODAY)
        assert [row.description for row in invoice.lines.all()] == [
            "Yksi: Suunnittelu",
            "Yksi: Matkat",
            "Kaksi: Suunnittelu",
            "Kaksi: Matkat",
        ]


def test_an_invoice_drawn_up_again_has_the_lines_of_the_credited_one(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.issued(biller, bills.company(owner), note="Kiitos!")
    bills.credit(biller, invoice)
    with access.acting("billing", user_id=biller.pk):
        draft = drafting.draft_again(invoice, by=biller, on=TODAY)
        assert draft.is_draft
        assert (draft.total, draft.note, draft.lines.count()) == (invoice.total, "Kiitos!", 2)


def test_the_audit_holds_who_issued_and_no_word_of_the_invoice(
    owner: User, biller: User, registrar: Registrar
) -> None:
    bills.issued(biller, bills.company(owner), note="Salainen huomautus")
    with access.acting("owner"):
        entries = list(AuditEntry.objects.filter(object_repr="20260001", action=AuditEntry.Action.UPDATE))
        everything = str(list(AuditEntry.objects.values()))
    assert [entry.actor_id for entry in entries] == [biller.pk]
    assert "number" in entries[0].changes
    for secret in ("Salainen", "Höyläämö", "Koulutuspäivä", "Sahantie"):
        assert secret not in everything


@pytest.mark.parametrize(
    ("quantity", "price", "error"),
    [
        ("999999999.999", "999999999.9999", "too large"),
        ("0", "1", "quantity other than zero"),
    ],
)
def test_figures_that_no_invoice_can_hold_are_refused(
    owner: User, biller: User, registrar: Registrar, quantity: str, price: str, error: str
) -> None:
    customer = bills.company(owner)
    with pytest.raises(ValueError, match=error):
        bills.draft(
            biller,
            customer,
            [Line(description="Työ", quantity=Decimal(quantity), unit_price=Decimal(price))],
        )


def waiting_jobs() -> list[dict[str, Any]]:
    with connections["migrate"].cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [{"task": name, "args": args} for name, args in cursor.fetchall()]


def run_jobs() -> None:
    """Do what the queue holds, as the worker does; its arguments are ids and nothing else."""
    import json

    from register.jobs import app

    for job in waiting_jobs():
        args = job["args"] if isinstance(job["args"], dict) else json.loads(job["args"])
        assert set(args) == {"invoice_id", "user_id"}
        app.tasks[job["task"]](**args)


def test_the_papers_carry_the_same_document_as_an_e_invoice(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.issued(biller, bills.company(owner))
    note = bills.credit(biller, invoice)
    for document, amount in ((invoice, "1088,36"), (note, "-1088,36")):
        with access.acting("billing"):
            reader = pypdf.PdfReader(BytesIO(bytes(InvoicePdf.objects.get(invoice=document).content)))
        [written] = reader.attachments[f"finvoice-{document.number}.xml"]
        root = etree.fromstring(written)
        assert root.findtext(".//InvoiceNumber") == document.number
        assert root.findtext(".//EpiInstructedAmount") == amount


def test_an_address_that_no_e_invoice_takes_does_not_stop_the_invoice(
    owner: User, biller: User, registrar: Registrar
) -> None:
    invoice = bills.issued(
        biller, bills.company(owner, street="Dock 7", postal_code="", city="Riga", country="LV")
    )
    with access.acting("billing"):
        reader = pypdf.PdfReader(BytesIO(bytes(InvoicePdf.objects.get(invoice=invoice).content)))
    assert dict(reader.attachments) == {}
