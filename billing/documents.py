"""The document of an invoice: everything the paper says, taken from the rows of this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import schwifty
from django.utils.translation import gettext_lazy as _
from schwifty.exceptions import SchwiftyException

from billing import amounts, vat
from billing.amounts import VatCategory
from billing.models import BillingDetails, Invoice, InvoiceLine
from billing.pdf import Account, DocumentLine, InvoiceDocument, Kind, Language, Party, VatLine
from register.models import Registrar

NET_TERMS = {
    Language.FINNISH: "{days} pv netto",
    Language.SWEDISH: "{days} dagar netto",
    Language.ENGLISH: "{days} days net",
}


class RegistrarMissing(RuntimeError):
    """Nobody has entered the company that bills."""

    def __init__(self) -> None:
        super().__init__(_("Your own company's details are missing. The register owner enters them first."))


def registrar() -> Registrar:
    """The company that bills. Raises RegistrarMissing."""
    found = Registrar.objects.first()
    if found is None:
        raise RegistrarMissing
    return found


def draw_up(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    totals: amounts.Totals,
    *,
    seller: Registrar,
    details: BillingDetails,
    on: date,
) -> InvoiceDocument:
    """The document as of a day, without number and reference: a draft until `numbering` gives one."""
    payable = invoice.kind != Kind.CREDIT_NOTE
    first, last = _delivery(lines, on)
    return InvoiceDocument(
        kind=Kind(invoice.kind),
        language=Language(invoice.language),
        number="",
        issued_on=on,
        seller=_seller(seller),
        buyer=_buyer(invoice, details),
        lines=tuple(_line(line) for line in lines),
        vat_lines=tuple(_vat_line(total, invoice) for total in totals.per_rate),
        net=totals.net,
        vat=totals.vat,
        total=totals.gross,
        amount_due=totals.gross,
        prices_include_vat=invoice.prices_include_vat,
        due_on=on + timedelta(days=invoice.payment_days) if payable else None,
        supplied_on=last,
        supplied_from=first,
        account=account(seller) if payable else None,
        payment_terms=NET_TERMS[Language(invoice.language)].format(days=invoice.payment_days),
        buyer_reference=invoice.buyer_reference,
        order_number=invoice.order_number,
        subject=invoice.subject,
        note=invoice.note,
        original_number=invoice.original.number if invoice.original else "",
        original_issued_on=invoice.original.issued_on if invoice.original else None,
    )


def _seller(seller: Registrar) -> Party:
    return Party(
        name=seller.name,
        address=(seller.street, f"{seller.postal_code} {seller.city}".strip()),
        business_id=seller.business_id,
        vat_id=f"FI{seller.business_id.replace('-', '')}" if seller.vat_registered else "",
        email=seller.contact_email,
        phone=seller.phone,
        website=seller.website,
        domicile=seller.city,
    )


def _buyer(invoice: Invoice, details: BillingDetails) -> Party:
    customer = invoice.customer
    by_einvoice = details.channel == BillingDetails.Channel.E_INVOICE
    return Party(
        name=customer.name,
        contact_person=details.attention,
        address=details.address,
        business_id=customer.business_id,
        vat_id=details.vat_id,
        customer_number=customer.number,
        einvoice_address=details.einvoice_address if by_einvoice else "",
        einvoice_operator=details.einvoice_operator if by_einvoice else "",
    )


def account(seller: Registrar) -> Account:
    """Where to pay; the bank (BIC) follows from a Finnish account number where it was not entered."""
    bic = seller.bic
    if not bic:
        try:
            bic = str(schwifty.IBAN(seller.iban).bic or "")
        except SchwiftyException:
            bic = ""
    return Account(iban=seller.iban.replace(" ", ""), bic=bic, holder=seller.name)


def _line(line: InvoiceLine) -> DocumentLine:
    return DocumentLine(
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        vat_category=VatCategory(line.vat_category),
        vat_rate=line.vat_rate,
        net=line.net,
        vat=line.vat,
    )


def _vat_line(total: amounts.RateTotal, invoice: Invoice) -> VatLine:
    reason = invoice.vat_reason
    if invoice.kind == Kind.INTEREST:
        reason = vat.NO_CONSIDERATION[Language(invoice.language)]
    elif total.vat_category == VatCategory.OUT_OF_SCOPE:
        reason = vat.NOT_LIABLE
    elif total.vat_category in (VatCategory.STANDARD, VatCategory.ZERO_RATED):
        reason = ""
    return VatLine(
        vat_category=total.vat_category,
        vat_rate=total.vat_rate,
        net=total.net,
        vat=total.vat,
        reason=reason,
    )


def _delivery(lines: Sequence[InvoiceLine], on: date) -> tuple[date | None, date | None]:
    """First and last day of delivery (AVL 209 e §); none where all was delivered on the day of the invoice."""
    days = sorted({line.delivered_on or on for line in lines})
    if not days or days == [on]:
        return None, None
    return (days[0] if len(days) > 1 else None), days[-1]
