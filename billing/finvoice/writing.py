"""The Finvoice document, element by element in the schema's order.

Characters outside ISO-8859-15 travel as XML character references, so none is lost. Texts longer than an element
holds are continued in the next one where the schema has several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import schwifty
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml import etree
from lxml.builder import E
from schwifty.exceptions import SchwiftyException

from billing import references
from billing.amounts import ZERO
from billing.barcode import NoCode, virtual_barcode
from billing.finvoice import pieces
from billing.pdf import Account, DocumentLine, InvoiceDocument, Kind, Party, VatLine, words

ENCODING = "ISO-8859-15"
TYPES = {
    Kind.INVOICE: ("INV01", "380", {"fi": "LASKU", "sv": "FAKTURA", "en": "INVOICE"}),
    Kind.CREDIT_NOTE: ("INV02", "381", {"fi": "HYVITYSLASKU", "sv": "KREDITFAKTURA", "en": "CREDIT NOTE"}),
    Kind.INTEREST: (
        "INV03",
        "380",
        {"fi": "VIIVÄSTYSKORKOLASKU", "sv": "RÄNTEFAKTURA", "en": "INTEREST INVOICE"},
    ),
}
"""Finvoice's type code, UNTDID 1001, and the text of each kind of document."""

LONGEST_NUMBER = 20
ADDRESSES = {
    "SellerPartyDetails": _(
        "An e-invoice needs your own company's street address, postal code and town: see Registrar."
    ),
    "BuyerPartyDetails": _("An e-invoice needs the customer's street address, postal code and town."),
}
POSTCODE = re.compile(r"([0-9A-Z][0-9A-Z -]*[0-9][0-9A-Z-]*) +(.+)")


@dataclass(frozen=True)
class Problem:
    """What keeps a document from being a Finvoice; `field` is the element that cannot be filled."""

    field: str
    text: str | Promise


class CannotWrite(ValueError):
    """The document is no valid Finvoice; `problems` say why, for people to mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(str(problem.text) for problem in problems))


@dataclass(frozen=True)
class Place:
    """An address as Finvoice takes it apart."""

    streets: tuple[str, ...]
    postcode: str
    town: str
    country: str = "FI"


# --- checking ------------------------------------------------------------------------------------------


def problems(document: InvoiceDocument, *, account: Account | None = None) -> tuple[Problem, ...]:
    """What must be mended before the document can be written; empty when nothing."""
    return tuple(_problems(document, document.account or account))


def _problems(document: InvoiceDocument, account: Account | None) -> Iterator[Problem]:
    if not 1 <= len(document.number) <= LONGEST_NUMBER:
        yield Problem("InvoiceNumber", _("An e-invoice's number has 1 to 20 characters."))
    for field, party in (("SellerPartyDetails", document.seller), ("BuyerPartyDetails", document.buyer)):
        if len(party.name) < 2:
            yield Problem(field, _("An e-invoice needs names of two characters at least."))
        if _place(party) is None:
            yield Problem(field, ADDRESSES[field])
    if account is None or not _is_iban(account.iban):
        yield Problem("EpiAccountID", _("An e-invoice needs the account to which it is paid."))
    if document.reference and not references.is_valid(document.reference):
        yield Problem("EpiRemittanceInfoIdentifier", _("The reference number's check digit does not fit."))
    if document.missing():
        yield Problem("InvoiceDetails", document.missing()[0])


def _is_iban(text: str) -> bool:
    try:
        schwifty.IBAN(text)
    except SchwiftyException:
        return False
    return True


def _place(party: Party) -> Place | None:
    """Street lines, postal code and town out of an address's lines; None when it is no such address."""
    lines, country = list(party.address), "FI"
    if len(lines) > 1 and re.fullmatch("[A-Z]{2}", lines[-1]):
        country = lines.pop()
    found = POSTCODE.fullmatch(lines[-1]) if len(lines) > 1 else None
    if found is None:
        return None
    streets = [part for line in lines[:-1] for part in pieces.split(line, 35)]
    if not streets or len(streets) > 3 or len(found[1]) > 35 or not 2 <= len(found[2]) <= 35:
        return None
    return Place(tuple(streets), found[1], found[2], country)


# --- writing -------------------------------------------------------------------------------------------


def write(document: InvoiceDocument, *, account: Account | None = None) -> bytes:
    """The document as Finvoice 3.0, without a frame. `account` stands in where a credit note names none.

    Raises CannotWrite.
    """
    return serialised(tree(document, account=account))


def tree(document: InvoiceDocument, *, account: Account | None = None) -> etree._Element:
    """The root element, for a frame to be put around or into. Raises CannotWrite."""
    found = problems(document, account=account)
    if found:
        raise CannotWrite(found)
    pay_to = document.account or account
    assert pay_to is not None
    root = E.Finvoice(Version="3.0")
    root.extend(_seller(document.seller, pay_to))
    root.extend(_buyer(document))
    root.extend(_delivery(document))
    root.append(_details(document))
    root.extend(_barcode(document, pay_to))
    root.extend(_row(document, line, place) for place, line in enumerate(document.lines, start=1))
    root.append(_epi(document, pay_to))
    return root


def serialised(root: etree._Element) -> bytes:
    """The bytes, with the declaration that banks and operators expect."""
    return bytes(etree.tostring(root, encoding=ENCODING, xml_declaration=True, pretty_print=True))


def _seller(seller: Party, account: Account) -> Iterator[etree._Element]:
    yield _party("Seller", seller)
    yield from pieces.several("SellerContactPersonName", seller.contact_person, 70, most=1)
    yield pieces.filled(
        E.SellerInformationDetails(),
        ("SellerHomeTownName", seller.domicile, 35),
        ("SellerVatRegistrationText", "ALV.REK" if seller.vat_id else "", 35),
        ("SellerPhoneNumber", seller.phone, 35),
        ("SellerCommonEmailaddressIdentifier", seller.email, 70),
        ("SellerWebaddressIdentifier", seller.website, 70),
        E.SellerAccountDetails(
            E.SellerAccountID(pieces.iban(account), IdentificationSchemeName="IBAN"),
            E.SellerBic(pieces.bic(account), IdentificationSchemeName="BIC"),
            E.SellerAccountName(account.holder[:70] or seller.name[:70]),
        ),
    )


def _buyer(document: InvoiceDocument) -> Iterator[etree._Element]:
    yield E.InvoiceRecipientLanguageCode(document.language.value.upper())
    yield _party("Buyer", document.buyer)
    yield from pieces.several("BuyerContactPersonName", document.buyer.contact_person, 70, most=1)


def _party(side: str, party: Party) -> etree._Element:
    place = _place(party)
    assert place is not None
    address = etree.Element(f"{side}PostalAddressDetails")
    for street in place.streets:
        etree.SubElement(address, f"{side}StreetName").text = street
    etree.SubElement(address, f"{side}TownName").text = place.town
    etree.SubElement(address, f"{side}PostCodeIdentifier").text = place.postcode
    etree.SubElement(address, "CountryCode").text = place.country
    found = etree.Element(f"{side}PartyDetails")
    found.extend(pieces.several(f"{side}PartyIdentifier", party.business_id, 35))
    found.extend(pieces.several(f"{side}OrganisationName", party.name, 70))
    found.extend(pieces.several(f"{side}OrganisationTaxCode", party.vat_id, 35))
    if side == "Buyer":
        found.extend(pieces.several("BuyerCode", party.customer_number, 35))
    found.append(address)
    return found


def _delivery(document: InvoiceDocument) -> Iterator[etree._Element]:
    if document.supplied_from and document.supplied_on:
        yield E.DeliveryDetails(
            E.DeliveryPeriodDetails(
                pieces.day("StartDate", document.supplied_from), pieces.day("EndDate", document.supplied_on)
            )
        )
    elif document.supplied_on:
        yield E.DeliveryDetails(pieces.day("DeliveryDate", document.supplied_on))


def _details(document: InvoiceDocument) -> etree._Element:
    code, un, titles = TYPES[document.kind]
    found = E.InvoiceDetails(
        E.InvoiceTypeCode(code, CodeListAgencyIdentifier="SPY"),
        E.InvoiceTypeCodeUN(un),
        E.InvoiceTypeText(titles[document.language.value]),
        E.OriginCode("Original"),
        E.InvoiceNumber(document.number),
        pieces.day("InvoiceDate", document.issued_on),
    )
    if document.original_number and document.original_issued_on:
        found.append(E.OriginalInvoiceNumber(document.original_number[:20]))
        found.append(pieces.day("OriginalInvoiceDate", document.original_issued_on))
    pieces.filled(
        found,
        ("SellerReferenceIdentifier", document.seller_reference, 70),
        ("OrderIdentifier", document.order_number, 70),
        ("BuyerReferenceIdentifier", document.buyer_reference, 70),
    )
    found.append(
        pieces.amount("RowsTotalVatExcludedAmount", sum((line.net for line in document.lines), ZERO))
    )
    if document.allowance:
        found.append(pieces.amount("DiscountsTotalVatExcludedAmount", document.allowance))
    found.append(pieces.amount("InvoiceTotalVatExcludedAmount", document.net))
    found.append(pieces.amount("InvoiceTotalVatAmount", document.vat))
    found.append(pieces.amount("InvoiceTotalVatIncludedAmount", document.total))
    found.extend(_vat(line) for line in document.vat_lines)
    for text in (document.subject, document.note, _enclosures(document)):
        found.extend(pieces.several("InvoiceFreeText", text, 512))
    found.extend(_terms(document))
    found.extend(_allowance(document, line) for line in document.vat_lines if line.allowance)
    return found


def _enclosures(document: InvoiceDocument) -> str:
    """The names of the files that go out beside the invoice: a Finvoice itself carries none."""
    names = ", ".join(file.name for file in document.enclosures)
    return f"{words.IN[document.language].enclosures}: {names}" if names else ""


def _allowance(document: InvoiceDocument, line: VatLine) -> etree._Element:
    """A rate's share of the discount on the total (EN 16931 BG-20)."""
    found = E.DiscountDetails()
    found.extend(pieces.several("FreeText", document.discount_reason, 70, most=1))
    found.append(pieces.amount("Amount", line.allowance))
    found.append(E.VatCategoryCode(line.vat_category.value))
    found.append(E.VatRatePercent(pieces.percent(line.vat_rate)))
    return found


def _vat(line: VatLine) -> etree._Element:
    found = E.VatSpecificationDetails(
        pieces.amount("VatBaseAmount", line.net),
        E.VatRatePercent(pieces.percent(line.vat_rate)),
        E.VatCode(line.vat_category.value),
        pieces.amount("VatRateAmount", line.vat),
    )
    found.extend(pieces.several("VatFreeText", line.reason, 70, most=3))
    return found


def _terms(document: InvoiceDocument) -> Iterator[etree._Element]:
    if document.due_on is None:
        return
    found = E.PaymentTermsDetails()
    found.extend(pieces.several("PaymentTermsFreeText", document.payment_terms, 70, most=2))
    found.append(pieces.day("InvoiceDueDate", document.due_on))
    if document.late_interest or document.late_interest_percent is not None:
        fine = E.PaymentOverDueFineDetails()
        fine.extend(pieces.several("PaymentOverDueFineFreeText", document.late_interest, 70, most=3))
        if document.late_interest_percent is not None:
            fine.append(E.PaymentOverDueFinePercent(pieces.percent(document.late_interest_percent)))
        found.append(fine)
    yield found


def _barcode(document: InvoiceDocument, account: Account) -> Iterator[etree._Element]:
    """The amount in it is the amount due, as in EpiInstructedAmount; what it cannot carry is left out."""
    if not document.is_payable:
        return
    try:
        digits = virtual_barcode(
            iban=account.iban,
            amount=document.amount_due,
            reference=document.reference,
            due_on=document.due_on,
        )
    except NoCode:
        return
    yield E.VirtualBankBarcode(digits)


def _row(document: InvoiceDocument, line: DocumentLine, place: int) -> etree._Element:
    name, *rest = list(pieces.split(line.description, 100)) or [""]
    found = E.InvoiceRow(E.ArticleName(name))
    found.append(pieces.quantity("DeliveredQuantity", line))
    found.append(pieces.quantity("InvoicedQuantity", line))
    price = "UnitPriceVatIncludedAmount" if document.prices_include_vat else "UnitPriceAmount"
    found.append(pieces.amount(price, line.unit_price))
    found.append(E.RowPositionIdentifier(str(place)))
    found.extend(E.RowFreeText(text) for text in rest)
    if line.discount_percent:
        found.append(E.RowDiscountPercent(pieces.percent(line.discount_percent)))
    found.append(E.RowVatRatePercent(pieces.percent(line.vat_rate)))
    found.append(E.RowVatCode(line.vat_category.value))
    found.append(pieces.amount("RowVatAmount", line.vat))
    found.append(pieces.amount("RowVatExcludedAmount", line.net))
    found.append(pieces.amount("RowAmount", line.gross))
    return found


def _epi(document: InvoiceDocument, account: Account) -> etree._Element:
    pay = E.EpiPaymentInstructionDetails()
    if document.reference:
        scheme = "ISO" if references.is_rf(document.reference) else "SPY"
        identifier = references.check(document.reference)
        pay.append(E.EpiRemittanceInfoIdentifier(identifier, IdentificationSchemeName=scheme))
    pay.append(pieces.amount("EpiInstructedAmount", document.amount_due))
    pay.append(E.EpiCharge("SLEV", ChargeOption="SLEV"))
    pay.append(pieces.day("EpiDateOptionDate", document.due_on or document.issued_on))
    return E.EpiDetails(
        E.EpiIdentificationDetails(pieces.day("EpiDate", document.issued_on), E.EpiReference()),
        E.EpiPartyDetails(
            E.EpiBfiPartyDetails(E.EpiBfiIdentifier(pieces.bic(account), IdentificationSchemeName="BIC")),
            E.EpiBeneficiaryPartyDetails(
                E.EpiNameAddressDetails((account.holder or document.seller.name)[:35]),
                E.EpiAccountID(pieces.iban(account), IdentificationSchemeName="IBAN"),
            ),
        ),
        pay,
    )
