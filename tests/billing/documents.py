"""Invoice documents for tests, drawn up as the register does it: priced lines in, totals counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing.amounts import Line, VatCategory, add_up
from billing.pdf import Account, DocumentLine, InvoiceDocument, Kind, Party, VatLine

SELLER = Party(
    name="Esimerkki Oy",
    address=("Mannerheimintie 12 B 34", "00100 Helsinki"),
    business_id="2345678-0",
    vat_id="FI23456780",
    domicile="Helsinki",
    email="laskutus@esimerkki.example",
    phone="09 123 4567",
    website="www.esimerkki.example",
)
ACCOUNT = Account(iban="FI2112345600000785", bic="NDEAFIHH", holder="Esimerkki Oy")
COMPANY = Party(
    name="Kuusamon Höyläämö Oy",
    contact_person="Ada Östman",
    address=("Sahantie 7", "93600 Kuusamo"),
    business_id="0112038-9",
    vat_id="FI01120389",
    customer_number="K1042",
    einvoice_address="003701120389",
    einvoice_operator="003721291126",
)
ADA = Party(name="Ada Östman", address=("Koivukuja 3 A 5", "90100 Oulu"), customer_number="K1043")


@dataclass(frozen=True)
class Sold:
    description: str
    quantity: str
    unit_price: str
    rate: str = "25.5"
    unit: str = "kpl"
    discount: str = "0"
    category: VatCategory = VatCategory.STANDARD

    def priced(self) -> Line:
        return Line(
            quantity=Decimal(self.quantity),
            unit_price=Decimal(self.unit_price),
            vat_rate=Decimal(self.rate),
            vat_category=self.category,
            discount_percent=Decimal(self.discount),
        )


CONSULTING = (
    Sold("Asiakasrekisterin käyttöönotto", "8", "89.00", unit="h"),
    Sold("Koulutuspäivä, Kuusamo", "1", "155.22"),
)


def drawn_up(
    sold: Sequence[Sold] = CONSULTING, *, reasons: dict[str, str] | None = None, **details: Any
) -> InvoiceDocument:
    """An invoice of 1 088,36 € unless told otherwise: issued 1.9.2026, due 15.9.2026, reference 202600017."""
    lines = [item.priced() for item in sold]
    totals = add_up(lines, prices_include_vat=details.get("prices_include_vat", False))
    ready: dict[str, Any] = {
        "number": "20260001",
        "issued_on": date(2026, 9, 1),
        "due_on": date(2026, 9, 15),
        "supplied_on": date(2026, 8, 28),
        "seller": SELLER,
        "buyer": COMPANY,
        "account": ACCOUNT,
        "reference": "202600017",
        "payment_terms": "14 pv netto",
        "late_interest_percent": Decimal("10.5"),
        "complaint_days": 8,
        "buyer_reference": "Tilaus 77 / Östman",
        "net": totals.net,
        "vat": totals.vat,
        "total": totals.gross,
        "amount_due": totals.gross,
        "lines": tuple(
            DocumentLine(
                description=item.description,
                quantity=line.quantity,
                unit=item.unit,
                unit_price=line.unit_price,
                discount_percent=line.discount_percent,
                vat_category=line.vat_category,
                vat_rate=line.vat_rate,
                net=amount.net,
                vat=amount.vat,
            )
            for item, line, amount in zip(sold, lines, totals.lines, strict=True)
        ),
        "vat_lines": tuple(
            VatLine(
                vat_category=total.vat_category,
                vat_rate=total.vat_rate,
                net=total.net,
                vat=total.vat,
                reason=(reasons or {}).get(total.vat_category.value, ""),
            )
            for total in totals.per_rate
        ),
    }
    return InvoiceDocument(**(ready | details))


CREDIT_NOTE = drawn_up(
    [Sold("Pianon viritys", "-1", "100.00", rate="24")],
    kind=Kind.CREDIT_NOTE,
    number="H2026001",
    issued_on=date(2026, 2, 5),
    original_number="20240815",
    original_issued_on=date(2024, 8, 20),
    reference="",
    due_on=None,
)
BUILDING = [Sold("Rakennustyö", "1", "563.50", rate="0", category=VatCategory.REVERSE_CHARGE)]
REVERSE_CHARGE = {"AE": "Käännetty verovelvollisuus, AVL 8 c §"}
