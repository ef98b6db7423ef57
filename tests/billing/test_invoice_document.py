"""The frozen document: what comes back from its stored form, and what the law asks of it."""

import json
from dataclasses import FrozenInstanceError, replace
from datetime import date
from decimal import Decimal

import pytest

from billing.pdf import InvoiceDocument, Language, render
from tests.billing.documents import (
    ADA,
    BUILDING,
    COMPANY,
    CONSULTING,
    CREDIT_NOTE,
    REVERSE_CHARGE,
    SELLER,
    Sold,
    drawn_up,
)

EVERYTHING = drawn_up(
    [*CONSULTING, Sold("Kirja", "2", "24.55", rate="13.5", discount="12.5")],
    language=Language.SWEDISH,
    supplied_from=date(2026, 8, 1),
    order_number="PO-7",
    seller_reference="M. Meikäläinen",
    subject="Otsikko",
    note="Ensimmäinen rivi\nToinen rivi",
)


@pytest.mark.parametrize(
    "document", [drawn_up(), EVERYTHING, CREDIT_NOTE], ids=["plain", "everything", "credit"]
)
def test_a_document_comes_back_from_its_stored_form_unchanged(document: InvoiceDocument) -> None:
    stored = json.dumps(document.as_json())

    assert InvoiceDocument.from_json(json.loads(stored)) == document
    assert render(InvoiceDocument.from_json(json.loads(stored))) == render(document)


def test_amounts_and_dates_are_stored_as_text_with_their_decimals() -> None:
    stored = drawn_up().as_json()

    assert (stored["total"], stored["due_on"], stored["lines"][0]["quantity"]) == (
        "1088.36",
        "2026-09-15",
        "8",
    )
    assert (stored["kind"], stored["language"], stored["format"]) == ("invoice", "fi", 1)


def test_a_stored_form_of_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown format"):
        InvoiceDocument.from_json(drawn_up().as_json() | {"format": 2})


def test_a_document_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        drawn_up().total = Decimal(0)  # type: ignore[misc]


def test_a_complete_invoice_lacks_nothing() -> None:
    assert drawn_up().missing() == ()
    assert EVERYTHING.missing() == ()
    assert CREDIT_NOTE.missing() == ()
    assert drawn_up(BUILDING, reasons=REVERSE_CHARGE).missing() == ()


@pytest.mark.parametrize(
    "incomplete",
    [
        drawn_up(number=""),
        drawn_up([]),
        drawn_up(seller=replace(SELLER, address=())),
        drawn_up(seller=replace(SELLER, business_id="", vat_id="")),
        drawn_up(buyer=replace(COMPANY, name="")),
        drawn_up(BUILDING, reasons=REVERSE_CHARGE, buyer=ADA),
        drawn_up(BUILDING),
        replace(CREDIT_NOTE, original_number=""),
        replace(CREDIT_NOTE, original_issued_on=None),
        drawn_up(total=Decimal("1088.37")),
        replace(drawn_up(), vat_lines=drawn_up().vat_lines * 2),
    ],
)
def test_each_thing_the_law_asks_for_is_missed(incomplete: InvoiceDocument) -> None:
    assert len(incomplete.missing()) == 1
