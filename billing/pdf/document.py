"""What an invoice says, frozen: the snapshot that is stored with an issued invoice and printed from.

It holds everything the paper shows and points to no row, so the paper, the e-invoice and later proof do not
change when the customer's details do. ``as_json`` and ``from_json`` are each other's inverse; amounts travel
as text with their decimals. ``missing`` names what the VAT Act's 209 e § asks for and the document lacks.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import amounts
from billing.amounts import ZERO, VatCategory

FORMAT = 1

Json: TypeAlias = dict[str, Any]


class Kind(TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")
    INTEREST = "interest", _("Interest invoice")


class Language(TextChoices):
    FINNISH = "fi", "Suomi"
    SWEDISH = "sv", "Svenska"
    ENGLISH = "en", "English"


@dataclass(frozen=True, kw_only=True)
class Party:
    """Seller or buyer as on the document. ``address`` is the lines below the name, post town last."""

    name: str
    address: tuple[str, ...] = ()
    contact_person: str = ""
    business_id: str = ""
    vat_id: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    domicile: str = ""
    customer_number: str = ""
    einvoice_address: str = ""
    einvoice_operator: str = ""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Where to pay. ``holder`` is the account's registered holder: the payer's bank compares the name."""

    iban: str
    bic: str = ""
    holder: str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentLine:
    """One line. ``unit_price`` is with VAT when the document's ``prices_include_vat`` is true."""

    description: str
    quantity: Decimal
    unit: str = ""
    unit_price: Decimal
    discount_percent: Decimal = ZERO
    vat_category: VatCategory = VatCategory.STANDARD
    vat_rate: Decimal
    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    def priced(self) -> amounts.Line:
        return amounts.Line(
            quantity=self.quantity,
            unit_price=self.unit_price,
            discount_percent=self.discount_percent,
            vat_category=self.vat_category,
            vat_rate=self.vat_rate,
        )


@dataclass(frozen=True, kw_only=True)
class VatLine:
    """The taxable base and VAT of one rate; ``reason`` is the exemption's wording with its section.

    ``allowance`` is the rate's share of the discount on the total, without VAT, already taken off ``net``.
    """

    vat_category: VatCategory
    vat_rate: Decimal
    net: Decimal
    vat: Decimal
    reason: str = ""
    allowance: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A file that goes out beside the document, told by its fingerprint."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class InvoiceDocument:
    """A whole invoice or credit note; without a ``number`` it is a draft, whose payment form is left blank.

    ``amount_due`` is what is to be paid now: the total less prepayments. ``late_interest_percent`` is yearly,
    where it is fixed; ``late_interest`` says in words what is printed. A discount on the total is told in
    percents or in euros, with VAT where the prices are. A ``proforma`` is a draft for show.
    """

    kind: Kind = Kind.INVOICE
    language: Language = Language.FINNISH
    number: str
    issued_on: date
    seller: Party
    buyer: Party
    lines: tuple[DocumentLine, ...]
    vat_lines: tuple[VatLine, ...]
    net: Decimal
    vat: Decimal
    total: Decimal
    amount_due: Decimal
    prices_include_vat: bool = False
    due_on: date | None = None
    supplied_on: date | None = None
    supplied_from: date | None = None
    account: Account | None = None
    reference: str = ""
    payment_terms: str = ""
    due_basis: str = ""
    late_interest: str = ""
    late_interest_percent: Decimal | None = None
    complaint_days: int | None = None
    buyer_reference: str = ""
    order_number: str = ""
    seller_reference: str = ""
    subject: str = ""
    note: str = ""
    original_number: str = ""
    original_issued_on: date | None = None
    discount_percent: Decimal = ZERO
    discount_amount: Decimal = ZERO
    discount_reason: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    proforma: bool = False

    @property
    def is_draft(self) -> bool:
        return not self.number

    @property
    def is_credit_note(self) -> bool:
        return self.kind == Kind.CREDIT_NOTE

    @property
    def allowance(self) -> Decimal:
        """The discount on the total without VAT."""
        return sum((line.allowance for line in self.vat_lines), ZERO)

    @property
    def lines_told(self) -> Decimal:
        """What the lines come to before the discount on the total, with VAT where the prices are."""
        return sum((line.gross if self.prices_include_vat else line.net for line in self.lines), ZERO)

    @property
    def discount_told(self) -> Decimal:
        """The discount on the total, with VAT where the prices are."""
        return self.lines_told - (self.total if self.prices_include_vat else self.net)

    @property
    def asks_payment(self) -> bool:
        return not self.is_credit_note and self.amount_due > 0 and self.account is not None

    @property
    def is_payable(self) -> bool:
        return not self.is_draft and self.asks_payment

    def missing(self) -> tuple[str | Promise, ...]:
        """What must be added before this may be issued (AVL 209 e §); empty when complete."""
        return tuple(reason for lacking, reason in self._demands() if lacking)

    def as_json(self) -> Json:
        return {"format": FORMAT, **_plain(self)}

    @classmethod
    def from_json(cls, snapshot: Mapping[str, Any]) -> "InvoiceDocument":
        """Raises ValueError for a snapshot of a format this version does not know."""
        if snapshot.get("format") != FORMAT:
            raise ValueError("unknown format of invoice snapshot")
        document: InvoiceDocument = _read(cls, {key: snapshot[key] for key in snapshot if key != "format"})
        return document

    def _demands(self) -> list[tuple[bool, str | Promise]]:
        categories = {line.vat_category for line in self.vat_lines}
        buyer_vat_id = bool(categories & {VatCategory.REVERSE_CHARGE, VatCategory.INTRA_COMMUNITY})
        untaxed = [line for line in self.vat_lines if line.vat_category in _NEEDING_A_REASON]
        return [
            (not self.number, _("The invoice number is missing.")),
            (not self.lines, _("The document has no lines.")),
            (not self.seller.name or not self.seller.address, _("The seller's name or address is missing.")),
            (
                not self.seller.business_id and not self.seller.vat_id,
                _("The seller's business ID is missing."),
            ),
            (not self.buyer.name or not self.buyer.address, _("The buyer's name or address is missing.")),
            (
                buyer_vat_id and not self.buyer.vat_id,
                _("The buyer's VAT number is missing (reverse charge)."),
            ),
            (any(not line.reason for line in untaxed), _("The reason why no VAT is charged is missing.")),
            (
                self.is_credit_note and self._original_unnamed(),
                _("The invoice that is credited is not named."),
            ),
            (not self._adds_up(), _("The totals do not add up.")),
        ]

    def _original_unnamed(self) -> bool:
        return not self.original_number or self.original_issued_on is None

    def _adds_up(self) -> bool:
        return self._sums_agree() and (self.is_credit_note or self._is_counted_right())

    def _sums_agree(self) -> bool:
        """Lines less allowance are each rate's base, the rates are the totals, and VAT is of its base.

        A credit of a part takes the cent that rounding left on the invoice, so it may differ by that.
        """
        bases: dict[tuple[VatCategory, Decimal], Decimal] = {}
        for line in self.lines:
            key = (line.vat_category, line.vat_rate)
            bases[key] = bases.get(key, ZERO) + line.net
        told = {(line.vat_category, line.vat_rate): line.net + line.allowance for line in self.vat_lines}
        near = all(
            abs(amounts.vat_on(line.net, rate=line.vat_rate) - line.vat) <= _ROUNDING_LEFT
            for line in self.vat_lines
        )
        net, vat = (sum((getattr(line, part) for line in self.vat_lines), ZERO) for part in ("net", "vat"))
        sums = (net, vat, net + vat)
        distinct = len(told) == len(self.vat_lines)
        return bases == told and distinct and near and sums == (self.net, self.vat, self.total)

    def _is_counted_right(self) -> bool:
        discount = amounts.Discount(percent=self.discount_percent, amount=self.discount_amount)
        counted = amounts.add_up(
            [line.priced() for line in self.lines],
            prices_include_vat=self.prices_include_vat,
            discount=discount,
        )
        per_rate = [(r.vat_category, r.vat_rate, r.net, r.vat, r.allowance) for r in self.vat_lines]
        return [(line.net, line.vat) for line in self.lines] == [
            (line.net, line.vat) for line in counted.lines
        ] and per_rate == [(r.vat_category, r.vat_rate, r.net, r.vat, r.allowance) for r in counted.per_rate]


_ROUNDING_LEFT = Decimal("0.02")

_NEEDING_A_REASON = frozenset(
    {
        VatCategory.EXEMPT,
        VatCategory.REVERSE_CHARGE,
        VatCategory.INTRA_COMMUNITY,
        VatCategory.EXPORT,
        VatCategory.OUT_OF_SCOPE,
    }
)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, TextChoices):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value


def _read(wanted: Any, value: Any) -> Any:
    if is_dataclass(wanted):
        hints = typing.get_type_hints(wanted)
        return typing.cast(type, wanted)(**{name: _read(hints[name], item) for name, item in value.items()})
    if typing.get_origin(wanted) is tuple:
        return tuple(_read(typing.get_args(wanted)[0], item) for item in value)
    if isinstance(wanted, types.UnionType):
        return None if value is None else _read(typing.get_args(wanted)[0], value)
    if wanted is date:
        return date.fromisoformat(value)
    if wanted is Decimal or issubclass(wanted, TextChoices):
        return wanted(value)
    return value
