"""Finvoice 3.0: what is written is valid by the official schema and says what the document says."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from billing import finvoice
from billing.amounts import VatCategory
from billing.pdf import InvoiceDocument, Kind
from register.models import Registrar, User
from tests.billing import bills
from tests.billing.documents import ACCOUNT, ADA, COMPANY, CONSULTING, SELLER, Sold, drawn_up
from tests.samples import BANK, sample

AT = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
ROUTE = finvoice.Route(
    sender="003723456780",
    sender_operator="003723327487",
    receiver="003701120389",
    receiver_operator="003721291126",
)


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(sample(f"{BANK}/mhaulo+finvoice3/Finvoice3.0.xsd")))


def valid(written: bytes) -> etree._Element:
    root = etree.fromstring(written)
    assert schema().validate(root), schema().error_log
    return root


def text(root: etree._Element, path: str) -> str | None:
    return root.findtext(f".//{path}")


def test_an_invoice_says_what_the_paper_says() -> None:
    """Scenario 40."""
    root = valid(finvoice.write(drawn_up()))
    expected = {
        "InvoiceTypeCode": "INV01",
        "InvoiceNumber": "20260001",
        "InvoiceDate": "20260901",
        "SellerPartyIdentifier": "2345678-0",
        "BuyerOrganisationName": "Kuusamon Höyläämö Oy",
        "BuyerPostCodeIdentifier": "93600",
        "BuyerTownName": "Kuusamo",
        "InvoiceTotalVatExcludedAmount": "867,22",
        "InvoiceTotalVatAmount": "221,14",
        "InvoiceTotalVatIncludedAmount": "1088,36",
        "VatRatePercent": "25,5",
        "InvoiceDueDate": "20260915",
        "PaymentOverDueFinePercent": "10,5",
        "VirtualBankBarcode": "421123456000007850010883600000000000000202600017260915",
        "EpiInstructedAmount": "1088,36",
        "EpiRemittanceInfoIdentifier": "202600017",
        "EpiDateOptionDate": "20260915",
        "EpiAccountID": "FI2112345600000785",
        "DeliveryDate": "20260828",
    }
    assert {name: text(root, name) for name in expected} == expected
    identifier = root.find(".//EpiRemittanceInfoIdentifier")
    assert identifier is not None
    assert identifier.get("IdentificationSchemeName") == "SPY"
    assert [row.findtext("ArticleName") for row in root.iter("InvoiceRow")] == [
        s.description for s in CONSULTING
    ]


def test_it_is_written_in_the_encoding_that_banks_read_and_loses_no_character() -> None:
    written = finvoice.write(drawn_up([Sold("Työ € Владимир 🏗", "1", "10.00")]))
    assert written.startswith(b"<?xml version='1.0' encoding='ISO-8859-15'?>")
    written.decode("iso-8859-15")
    assert text(valid(written), "ArticleName") == "Työ € Владимир 🏗"


def test_an_rf_reference_is_named_as_one() -> None:
    root = valid(finvoice.write(drawn_up(reference="RF85202600017")))
    identifier = root.find(".//EpiRemittanceInfoIdentifier")
    assert identifier is not None
    assert (identifier.text, identifier.get("IdentificationSchemeName")) == ("RF85202600017", "ISO")


def credit_note() -> InvoiceDocument:
    sold = [dataclasses.replace(one, quantity=f"-{one.quantity}") for one in CONSULTING]
    return drawn_up(
        sold, kind=Kind.CREDIT_NOTE, number="H20260001", due_on=None, account=None, reference="",
        payment_terms="", original_number="20260001", original_issued_on=date(2026, 8, 1),
    )  # fmt: skip


def test_a_credit_note_is_negative_and_names_its_invoice() -> None:
    root = valid(finvoice.write(credit_note(), account=ACCOUNT))
    assert text(root, "InvoiceTypeCode") == "INV02"
    assert text(root, "InvoiceTotalVatIncludedAmount") == text(root, "EpiInstructedAmount") == "-1088,36"
    assert (text(root, "OriginalInvoiceNumber"), text(root, "OriginalInvoiceDate")) == (
        "20260001",
        "20260801",
    )
    assert text(root, "VirtualBankBarcode") is None
    with pytest.raises(finvoice.CannotWrite):
        finvoice.write(credit_note())


def test_reverse_charge_carries_its_code_and_wording() -> None:
    reason = "Käännetty verovelvollisuus, AVL 8 c §"
    document = drawn_up(
        [Sold("Rakennustyö", "1", "563.50", "0", category=VatCategory.REVERSE_CHARGE)], reasons={"AE": reason}
    )
    root = valid(finvoice.write(document))
    assert (text(root, "VatCode"), text(root, "VatRateAmount"), text(root, "VatFreeText")) == (
        "AE",
        "0,00",
        reason,
    )
    assert text(root, "RowVatCode") == "AE"
    assert text(root, "BuyerOrganisationTaxCode") == "FI01120389"


def test_long_texts_go_on_in_the_next_element() -> None:
    long = " ".join(f"sana{n}" for n in range(60))[:300]
    buyer = dataclasses.replace(
        COMPANY, name="Keski-Suomen " * 10, address=("Pitkäkatu " * 8, "40100 Jyväskylä")
    )
    root = valid(finvoice.write(drawn_up([Sold(long, "1", "1.00")], buyer=buyer, note="huomio " * 200)))
    row = root.find("InvoiceRow")
    assert row is not None
    assert (
        " ".join([row.findtext("ArticleName") or "", *(e.text or "" for e in row.iter("RowFreeText"))])
        == long
    )
    assert len(list(root.iter("BuyerOrganisationName"))) == 2
    assert len(list(root.iter("InvoiceFreeText"))) >= 3


def test_a_discount_on_the_total_stands_under_each_rate(
    registrar: Registrar, owner: User, biller: User
) -> None:
    lines = [
        bills.Line(description="Työ", quantity=Decimal(1), unit_price=Decimal("100.00")),
        bills.Line(description="Kirja", quantity=Decimal(1), unit_price=Decimal("50.00"), vat_code="reduced"),
    ]
    invoice = bills.issued(
        biller, bills.company(owner), lines, discount_percent=Decimal(10), discount_reason="Kanta-asiakas"
    )
    root = valid(finvoice.write(InvoiceDocument.from_json(invoice.snapshot or {})))
    expected = {
        "RowsTotalVatExcludedAmount": "150,00",
        "DiscountsTotalVatExcludedAmount": "15,00",
        "InvoiceTotalVatExcludedAmount": "135,00",
        "InvoiceTotalVatIncludedAmount": "164,03",
    }
    assert {name: text(root, name) for name in expected} == expected
    rows = [
        (e.findtext("FreeText"), e.findtext("Amount"), e.findtext("VatRatePercent"))
        for e in root.iter("DiscountDetails")
    ]
    assert rows == [("Kanta-asiakas", "10,00", "25,5"), ("Kanta-asiakas", "5,00", "13,5")]


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("InvoiceNumber", {"number": "9" * 21}),
        ("BuyerPartyDetails", {"buyer": dataclasses.replace(COMPANY, address=("Sahantie 7",))}),
        ("BuyerPartyDetails", {"buyer": dataclasses.replace(COMPANY, address=("Sahantie 7", "Kuusamo"))}),
        (
            "SellerPartyDetails",
            {"seller": dataclasses.replace(SELLER, address=("x " * 80, "00100 Helsinki"))},
        ),
        ("EpiAccountID", {"account": dataclasses.replace(ACCOUNT, iban="FI2112345600000786")}),
        ("EpiRemittanceInfoIdentifier", {"reference": "202600018"}),
        ("InvoiceDetails", {"total": Decimal("1088.37")}),
    ],
)
def test_what_no_e_invoice_may_have_is_named(field: str, changed: dict[str, Any]) -> None:
    assert [problem.field for problem in finvoice.problems(drawn_up(**changed))] == [field]
    with pytest.raises(finvoice.CannotWrite):
        finvoice.write(drawn_up(**changed))


# --- frames --------------------------------------------------------------------------------------------


def test_an_operator_gets_it_with_transmission_details() -> None:
    root = valid(finvoice.for_operator(drawn_up(), ROUTE, message="20260001-1", at=AT))
    assert text(root, "ToIdentifier") == "003701120389"
    assert text(root, "FromIntermediator") == "003723327487"
    assert text(root, "MessageTimeStamp") == "2026-09-01T12:00:00+00:00"


def test_a_bank_gets_an_envelope_and_then_the_invoice() -> None:
    framed = finvoice.for_bank(drawn_up(), ROUTE, message="20260001-1", at=AT)
    cut = framed.rindex(b"<?xml version")
    assert cut > 0
    envelope, invoice = framed[:cut], framed[cut:]
    valid(invoice)
    soap = etree.fromstring(envelope)
    eb = "{http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd}"
    assert soap.tag == "{http://schemas.xmlsoap.org/soap/envelope/}Envelope"
    assert [e.text for e in soap.iter(f"{eb}PartyId")] == [
        "003723456780", "003723327487", "003701120389", "003721291126",
    ]  # fmt: skip
    assert soap.findtext(f".//{eb}MessageId") == "20260001-1"


@pytest.mark.parametrize("missing", ["sender_operator", "receiver"])
def test_without_an_address_nothing_is_framed(missing: str) -> None:
    with pytest.raises(finvoice.CannotWrite):
        finvoice.for_bank(drawn_up(), dataclasses.replace(ROUTE, **{missing: ""}), message="m1", at=AT)


# --- anything ------------------------------------------------------------------------------------------

WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], max_codepoint=0x2FFFF), min_size=1, max_size=250
)
MONEY = st.decimals("0.01", "99999.9999", places=4)
LINES = st.builds(
    Sold,
    description=WORDS.filter(lambda text: text.strip() != ""),
    quantity=st.decimals("0.001", "9999", places=3).map(str),
    unit_price=MONEY.map(str),
    rate=st.sampled_from(["25.5", "13.5", "10"]),
    unit=st.sampled_from(["h", "kpl", "", "erä", "x" * 20]),
    discount=st.decimals("0", "99.99", places=2).map(str),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(LINES, min_size=1, max_size=5), st.booleans(), WORDS, st.sampled_from([COMPANY, ADA]))
def test_any_valid_document_is_a_valid_finvoice(sold: list[Sold], gross: bool, note: str, buyer: Any) -> None:
    document = drawn_up(sold, prices_include_vat=gross, note=note, buyer=buyer)
    root = valid(finvoice.write(document))
    bases = sum(Decimal((e.text or "").replace(",", ".")) for e in root.iter("VatBaseAmount"))
    rows = sum(Decimal((e.text or "").replace(",", ".")) for e in root.iter("RowVatExcludedAmount"))
    assert bases == rows == document.net
