"""Turns a document into what the template sets: ready strings in order, with nothing left to decide."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

from billing import barcode, references
from billing.amounts import VatCategory, vat_within
from billing.pdf import words
from billing.pdf.document import Account, DocumentLine, InvoiceDocument, Kind, Party, VatLine
from billing.pdf.lettering import day, figure, money, percent, printable, printable_lines
from billing.pdf.words import Words

Pair: TypeAlias = tuple[str, str]

STAND_IN = "1009"
"""Shows whether a draft will have codes; no code is drawn of it."""


def lay_out(document: InvoiceDocument) -> dict[str, Any]:
    """The sheet as plain JSON. Raises InvalidReference when the document's reference fails its check."""
    say = words.IN[document.language]
    return {
        "lang": document.language.value,
        "date": [document.issued_on.year, document.issued_on.month, document.issued_on.day],
        "title": _title(document, say),
        "number": printable(document.number) or ("" if document.proforma else say.draft),
        "page": say.page,
        "seller": _seller(document.seller, say),
        "buyer": _buyer(document.buyer, say),
        "meta": _filled(_meta(document, say)),
        "credits": _credited_invoice(document, say),
        "subject": printable(document.subject),
        "note": ([say.not_for_payment] if document.proforma else []) + printable_lines(document.note),
        "columns": _columns(document, say),
        "lines": [_line(line, document, say) for line in document.lines],
        "vat": _vat(document, say),
        "reasons": [printable(line.reason) for line in document.vat_lines if line.reason],
        "enclosures": _enclosures(document, say),
        "totals": _totals(document, say),
        "payable": _payable(document, say),
        "slip": _slip(document, document.account, say)
        if document.asks_payment and document.account
        else None,
    }


def _title(document: InvoiceDocument, say: Words) -> str:
    if document.proforma:
        return say.proforma
    titles = {Kind.CREDIT_NOTE: say.credit_note, Kind.INTEREST: say.interest_invoice}
    return titles.get(document.kind, say.invoice)


def _enclosures(document: InvoiceDocument, say: Words) -> str:
    names = [printable(file.name) for file in document.enclosures]
    return f"{say.enclosures}: {', '.join(names)}" if names else ""


def _seller(seller: Party, say: Words) -> dict[str, Any]:
    rows = [
        _address(seller),
        _labelled((say.business_id, seller.business_id), (say.vat_id, seller.vat_id)),
        _labelled((say.domicile, seller.domicile)),
        [printable(seller.phone), printable(seller.website)],
        [printable(seller.email)],
    ]
    filled = [[text for text in row if text] for row in rows]
    return {"name": printable(seller.name), "rows": [row for row in filled if row]}


def _buyer(buyer: Party, say: Words) -> dict[str, Any]:
    einvoice = " / ".join(text for text in (buyer.einvoice_address, buyer.einvoice_operator) if text)
    return {
        "label": say.buyer,
        "lines": [text for text in (printable(buyer.name), printable(buyer.contact_person)) if text]
        + _address(buyer),
        "identity": _labelled(
            (say.business_id, buyer.business_id), (say.vat_id, buyer.vat_id), (say.einvoice, einvoice)
        ),
    }


def _address(party: Party) -> list[str]:
    return [text for text in map(printable, party.address) if text]


def _meta(document: InvoiceDocument, say: Words) -> list[Pair]:
    return [
        (say.dated if document.proforma else say.issued, day(document.issued_on)),
        (say.due, _due(document, say)),
        (say.reference, _reference(document, say)),
        (say.supplied, _supply(document.supplied_from, document.supplied_on)),
        *(() if document.is_credit_note else _terms(document, say)),
        (say.customer_number, document.buyer.customer_number),
        (say.buyer_reference, document.buyer_reference),
        (say.seller_reference, document.seller_reference),
        (say.order_number, document.order_number),
    ]


def _reference(document: InvoiceDocument, say: Words) -> str:
    """As it is printed; in a draft, words that take its place."""
    if document.is_draft:
        return say.not_given if document.asks_payment else ""
    return references.print_format(document.reference) if document.reference else ""


def _due(document: InvoiceDocument, say: Words) -> str:
    """The day, and what it rests on where late interest counts from it."""
    if document.due_on is None:
        return ""
    basis = {"contract": f" ({say.agreed})", "statute": f" ({say.by_law})"}.get(document.due_basis, "")
    return day(document.due_on) + basis


def _terms(document: InvoiceDocument, say: Words) -> list[Pair]:
    interest = document.late_interest_percent
    return [
        (say.payment_terms, document.payment_terms),
        (say.late_interest, document.late_interest or (percent(interest) if interest is not None else "")),
        (say.complaint_period, f"{document.complaint_days} {say.days}" if document.complaint_days else ""),
    ]


def _supply(first: date | None, last: date | None) -> str:
    return "–".join(day(on) for on in (first, last) if on)


def _credited_invoice(document: InvoiceDocument, say: Words) -> str:
    if not document.original_number:
        return ""
    dated = f", {day(document.original_issued_on)}" if document.original_issued_on else ""
    return f"{say.credits} {printable(document.original_number)}{dated}"


def _columns(document: InvoiceDocument, say: Words) -> list[Pair]:
    """Heading and the small print under it."""
    priced = ""
    if _vat_is_told(document):
        priced = say.with_vat if document.prices_include_vat else say.without_vat
    headings = [(say.description, ""), (say.quantity, ""), (say.unit_price, priced)]
    if _any_discount(document):
        headings.append((say.discount, ""))
    if _vat_is_told(document):
        headings.append((say.vat, ""))
    return [*headings, (say.line_total, priced)]


def _line(line: DocumentLine, document: InvoiceDocument, say: Words) -> dict[str, Any]:
    cells = [f"{figure(line.quantity)} {printable(line.unit)}".strip(), figure(line.unit_price, decimals=2)]
    if _any_discount(document):
        cells.append(percent(line.discount_percent) if line.discount_percent else "")
    if _vat_is_told(document):
        cells.append(percent(line.vat_rate))
    cells.append(figure(line.gross if document.prices_include_vat else line.net, decimals=2))
    return {
        "description": printable_lines(line.description),
        "small": _unit_price_without_vat(line, say) if document.prices_include_vat and line.vat_rate else "",
        "cells": cells,
    }


def _unit_price_without_vat(line: DocumentLine, say: Words) -> str:
    """AVL 209 e § asks for the unit price without VAT also where prices are told with it."""
    net = line.unit_price - vat_within(line.unit_price, rate=line.vat_rate)
    return f"{figure(net, decimals=2)} {say.without_vat}"


def _vat(document: InvoiceDocument, say: Words) -> dict[str, Any] | None:
    """None where the seller is not liable for VAT: then the document may show none (AVL 3 §)."""
    if not _vat_is_told(document):
        return None
    return {
        "title": say.vat_breakdown,
        "columns": [say.vat_rate, say.net, say.vat, say.gross],
        "rows": [_vat_row(line) for line in document.vat_lines],
    }


def _vat_row(line: VatLine) -> list[str]:
    category = "" if line.vat_category == VatCategory.STANDARD else f" ({line.vat_category.value})"
    return [
        percent(line.vat_rate) + category,
        figure(line.net, decimals=2),
        figure(line.vat, decimals=2),
        figure(line.gross, decimals=2),
    ]


def _totals(document: InvoiceDocument, say: Words) -> list[Pair]:
    rows: list[Pair] = []
    if document.discount_told:
        reason = printable(document.discount_reason) or say.discount
        share = f" {percent(document.discount_percent)}" if document.discount_percent else ""
        told = say.with_vat if document.prices_include_vat else say.without_vat
        told = f" ({told})" if _vat_is_told(document) else ""
        rows += [
            (f"{say.lines_total}{told}", money(document.lines_told)),
            (f"{reason}{share}", money(-document.discount_told)),
        ]
    if _vat_is_told(document):
        rows += [(say.net_total, money(document.net)), (say.vat_total, money(document.vat))]
    prepaid = document.total - document.amount_due
    if prepaid:
        rows += [(say.total, money(document.total)), (say.prepaid, money(-prepaid))]
    return rows


def _payable(document: InvoiceDocument, say: Words) -> Pair:
    if document.is_credit_note:
        return (say.credited_total, money(document.total))
    return (say.total if document.proforma else say.amount_due, money(document.amount_due))


def _slip(document: InvoiceDocument, account: Account, say: Words) -> dict[str, Any]:
    """The transfer form. A draft's has the room of its codes, but not the codes."""
    drawn = replace(document, reference=STAND_IN) if document.is_draft else document
    digits, qr = _barcode_digits(drawn, account), _qr(drawn, account)
    bars = {"label": say.barcode, "digits": digits, "svg": barcode.barcode_svg(digits) if digits else ""}
    square = {"label": say.scan, "svg": qr}
    if document.is_draft:
        bars, square = bars | {"digits": say.not_given, "svg": ""}, square | {"svg": ""}
    return {
        "title": say.transfer,
        "account": [say.payee_account, references.print_account(account.iban), printable(account.bic)],
        "payee": [say.payee, printable(account.holder or document.seller.name)],
        "payer": [say.payer, printable(document.buyer.name)],
        "reference": [say.reference, _reference(document, say)],
        "due": [say.due, day(document.due_on) if document.due_on else ""],
        "amount": [say.amount_due, money(document.amount_due)],
        "barcode": bars if digits else None,
        "qr": square if qr else None,
        "blank": say.draft,
    }


def _barcode_digits(document: InvoiceDocument, account: Account) -> str:
    if not document.reference:
        return ""
    try:
        return barcode.virtual_barcode(
            iban=account.iban,
            amount=document.amount_due,
            reference=document.reference,
            due_on=document.due_on,
        )
    except barcode.NoCode:
        return ""


def _qr(document: InvoiceDocument, account: Account) -> str:
    try:
        payload = barcode.epc_payload(
            name=account.holder or document.seller.name,
            iban=account.iban,
            bic=account.bic,
            amount=document.amount_due,
            reference=document.reference,
            due_on=document.due_on,
        )
        return barcode.qr_svg(payload)
    except barcode.NoCode:
        return ""


def _vat_is_told(document: InvoiceDocument) -> bool:
    return any(line.vat_category != VatCategory.OUT_OF_SCOPE for line in document.vat_lines)


def _any_discount(document: InvoiceDocument) -> bool:
    return any(line.discount_percent for line in document.lines)


def _labelled(*pairs: Pair) -> list[str]:
    return [f"{label} {value}" for label, value in _filled(pairs)]


def _filled(pairs: Iterable[Pair]) -> list[Pair]:
    cleaned = [(label, printable(value)) for label, value in pairs]
    return [(label, value) for label, value in cleaned if value]
