"""What a draft comes to: each line's rate by its day of delivery, amounts, VAT per rate, totals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from billing import amounts, vat
from billing.amounts import ZERO, AmountError, VatCategory
from billing.models import Invoice, InvoiceLine
from billing.pdf import Kind
from register.models import Registrar

LARGEST_TOTAL = 10**11


def settle(
    invoice: Invoice, lines: Sequence[InvoiceLine], *, registrar: Registrar | None, on: date
) -> amounts.Totals:
    """Give every line its rate and amounts and the invoice its totals; nothing is saved.

    A line without a day of delivery is taken to be delivered on `on`. Raises vat.RateMissing, AmountError.
    """
    if invoice.kind == Kind.INTEREST or (registrar is not None and not registrar.vat_registered):
        _untax(lines)
    else:
        _rate(lines, on)
    return _count(invoice, lines)


def settle_credit(invoice: Invoice, lines: Sequence[InvoiceLine]) -> amounts.Totals:
    """The totals of a credit note, whose lines carry the original supply's rates."""
    return _count(invoice, lines)


def priced(line: InvoiceLine) -> amounts.Line:
    """The line as the arithmetic takes it. Raises AmountError."""
    return amounts.Line(
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        vat_rate=line.vat_rate,
        vat_category=VatCategory(line.vat_category),
    )


def _rate(lines: Sequence[InvoiceLine], on: date) -> None:
    rates = vat.Rates(line.vat_code for line in lines)
    for line in lines:
        line.vat_rate = rates.on(line.vat_code, line.delivered_on or on)
        line.vat_category = vat.category(line.vat_code)


def _untax(lines: Sequence[InvoiceLine]) -> None:
    """A seller outside the VAT register may show no VAT (AVL 3 §); late interest is no consideration at all."""
    for line in lines:
        line.vat_rate, line.vat_category = ZERO, VatCategory.OUT_OF_SCOPE


def _count(invoice: Invoice, lines: Sequence[InvoiceLine]) -> amounts.Totals:
    totals = amounts.add_up([priced(line) for line in lines], prices_include_vat=invoice.prices_include_vat)
    largest = max((abs(amount.gross) for amount in (*totals.lines, totals)), default=ZERO)
    if largest >= LARGEST_TOTAL:
        raise AmountError(_("The figure is too large."))
    for line, amount in zip(lines, totals.lines, strict=True):
        line.net, line.vat = amount.net, amount.vat
    invoice.net, invoice.vat, invoice.total = totals.net, totals.vat, totals.gross
    return totals
