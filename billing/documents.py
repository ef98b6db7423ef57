"""The document of an invoice: everything the paper says, taken from the rows of this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import schwifty
from django.utils.translation import gettext_lazy as _
from schwifty.exceptions import SchwiftyException

from billing import agreed_rates, amounts, grounds, ledger, rules, vat
from billing.amounts import VatCategory
from billing.models import BillingDetails, Debtor, DueBasis, Invoice, InvoiceLine
from billing.pdf import (
    Account,
    DocumentLine,
    Enclosure,
    InvoiceDocument,
    Kind,
    Language,
    Party,
    VatLine,
    lettering,
)
from register.models import ReferenceForm, Registrar

NET_TERMS = {
    Language.FINNISH: "{days} pv netto",
    Language.SWEDISH: "{days} dagar netto",
    Language.ENGLISH: "{days} days net",
}


LATE_INTEREST = {
    Language.FINNISH: {
        "rate": "korkolain viitekorko + {points} prosenttiyksikköä",
        "agreed": "{rate} vuodessa, sovittu,",
        "due": "eräpäivästä",
        "sending": "{days} päivän kuluttua laskun lähettämisestä",
    },
    Language.SWEDISH: {
        "rate": "räntelagens referensränta + {points} procentenheter",
        "agreed": "{rate} per år, avtalad,",
        "due": "från förfallodagen",
        "sending": "{days} dagar efter att fakturan sändes",
    },
    Language.ENGLISH: {
        "rate": "reference rate of the Interest Act + {points} percentage points",
        "agreed": "{rate} a year, as agreed,",
        "due": "from the due date",
        "sending": "{days} days after the invoice was sent",
    },
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
    figures: rules.Rules,
    on: date,
) -> InvoiceDocument:
    """The document as of a day, without number and reference: a draft until `numbering` gives one."""
    payable = invoice.kind != Kind.CREDIT_NOTE
    language = Language(invoice.language)
    first, last = _delivery(lines, on)
    interest, percent = _late_interest(invoice, figures, on) if invoice.kind == Kind.INVOICE else ("", None)
    return InvoiceDocument(
        kind=Kind(invoice.kind),
        language=language,
        number="",
        issued_on=on,
        seller=_seller(seller),
        buyer=_buyer(invoice, details),
        lines=tuple(line_of(line) for line in lines),
        vat_lines=tuple(_vat_line(total, invoice, on) for total in totals.per_rate),
        net=totals.net,
        vat=totals.vat,
        total=totals.gross,
        amount_due=totals.gross,
        prices_include_vat=invoice.prices_include_vat,
        due_on=on + timedelta(days=invoice.payment_days) if payable else None,
        supplied_on=last,
        supplied_from=first,
        account=account(seller) if payable else None,
        payment_terms=NET_TERMS[language].format(days=invoice.payment_days),
        due_basis=invoice.due_basis if payable else "",
        late_interest=interest,
        late_interest_percent=percent,
        buyer_reference=invoice.buyer_reference,
        order_number=invoice.order_number,
        subject=invoice.subject,
        note=invoice.note,
        original_number=invoice.original.number if invoice.original else "",
        original_issued_on=invoice.original.issued_on if invoice.original else None,
        discount_percent=invoice.discount_percent,
        discount_amount=invoice.discount_amount,
        discount_reason=invoice.discount_reason if totals.discount else "",
        enclosures=tuple(
            Enclosure(name=file.name, size=file.size, sha256=file.sha256)
            for file in (invoice.attachments.all() if invoice.pk else ())
        ),
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


def pays_by_rf(seller: Registrar, details: BillingDetails) -> bool:
    """Whether an invoice carries an RF reference: as the company chose; a bank abroad takes no other."""
    abroad = details.country not in ("", "FI")
    return seller.reference_form == ReferenceForm.RF or (
        abroad and seller.reference_form == ReferenceForm.RF_ABROAD
    )


def line_of(line: InvoiceLine) -> DocumentLine:
    return DocumentLine(
        description=line.printed,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        vat_category=VatCategory(line.vat_category),
        vat_rate=line.vat_rate,
        net=line.net,
        vat=line.vat,
    )


def _vat_line(total: amounts.RateTotal, invoice: Invoice, on: date) -> VatLine:
    return VatLine(
        vat_category=total.vat_category,
        vat_rate=total.vat_rate,
        net=total.net,
        vat=total.vat,
        reason=_reason(total.vat_category, invoice, on),
        allowance=total.allowance,
    )


def _reason(category: VatCategory, invoice: Invoice, on: date) -> str:
    """Why no VAT is charged: the ground's wording where it is of this category, else what was written."""
    if invoice.kind == Kind.INTEREST:
        return vat.NO_CONSIDERATION[Language(invoice.language)]
    if category in (VatCategory.STANDARD, VatCategory.ZERO_RATED):
        return ""
    ground = grounds.not_liable(on=on) if category == VatCategory.OUT_OF_SCOPE else invoice.vat_ground
    if ground is not None and ground.category == category:
        return ground.wording(invoice.language)
    return invoice.vat_reason


def _late_interest(invoice: Invoice, figures: rules.Rules, on: date) -> tuple[str, Decimal | None]:
    """What late payment costs and from when, and the percent a year where one was agreed.

    Without an agreement it is the law's (Korkolaki 633/1982, 4–6 §). Raises rules.RuleMissing.
    """
    words = LATE_INTEREST[Language(invoice.language)]
    start = words["due"]
    if invoice.due_basis == DueBasis.INVOICE:
        start = words["sending"].format(days=figures.days(rules.Code.INTEREST_WAIT, on))
    consumer = ledger.debtor_of(invoice.customer) == Debtor.CONSUMER
    agreed = None if consumer else agreed_rates.in_force(invoice.customer, on=on)
    if agreed is not None:
        return f"{words['agreed'].format(rate=lettering.percent(agreed.rate))} {start}", agreed.rate
    code = rules.Code.MARGIN_GENERAL if consumer else rules.Code.MARGIN_COMMERCIAL
    return f"{words['rate'].format(points=lettering.figure(figures.value(code, on)))} {start}", None


def _delivery(lines: Sequence[InvoiceLine], on: date) -> tuple[date | None, date | None]:
    """First and last day of delivery (AVL 209 e §); none where all was delivered on the day of the invoice."""
    days = sorted({line.delivered_on or on for line in lines})
    if not days or days == [on]:
        return None, None
    return (days[0] if len(days) > 1 else None), days[-1]
