"""The pieces of a Finvoice: elements of text, days, euros, percents and quantities as its schema writes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import schwifty
from lxml import etree

from billing.pdf import Account, DocumentLine

UNITS = {"h": "HUR", "t": "HUR", "kpl": "C62", "st": "C62", "pcs": "C62", "pv": "DAY", "d": "DAY", "kk": "MON",
         "kg": "KGM", "km": "KMT", "m": "MTR", "m2": "MTK", "l": "LTR"}  # fmt: skip
"""UN/ECE Recommendation 20 codes of usual units; any other unit is written as text only."""


def filled(parent: etree._Element, *inside: tuple[str, str, int] | etree._Element) -> etree._Element:
    for part in inside:
        if isinstance(part, tuple):
            parent.extend(several(*part, most=1))
        else:
            parent.append(part)
    return parent


def several(name: str, text: str, longest: int, *, most: int | None = None) -> list[etree._Element]:
    """The text in as many elements as it needs, at most so many; no element for an empty text."""
    found = []
    for part in list(split(text, longest))[:most]:
        element = etree.Element(name)
        element.text = part
        found.append(element)
    return found


def split(text: str, longest: int) -> Iterator[str]:
    """The text in pieces that an element holds, cut between words where it can be."""
    text = " ".join(text.split())
    while len(text) > longest:
        cut = text.rfind(" ", longest // 2, longest + 1)
        cut = cut if cut > 0 else longest
        yield text[:cut].strip()
        text = text[cut:].strip()
    if text:
        yield text


def day(name: str, on: date) -> etree._Element:
    element = etree.Element(name, Format="CCYYMMDD")
    element.text = f"{on:%Y%m%d}"
    return element


def amount(name: str, euros: Decimal) -> etree._Element:
    """Euros with a comma and two to five decimals."""
    places = max(2, min(5, -int(euros.normalize().as_tuple().exponent)))
    element = etree.Element(name, AmountCurrencyIdentifier="EUR")
    element.text = f"{euros:.{places}f}".replace(".", ",")
    return element


def percent(rate: Decimal) -> str:
    text = f"{rate.normalize():f}" if rate else "0"
    return text.replace(".", ",")


def quantity(name: str, line: DocumentLine) -> etree._Element:
    element = etree.Element(name)
    if line.unit:
        element.set("QuantityUnitCode", line.unit[:14])
        if line.unit.casefold() in UNITS:
            element.set("QuantityUnitCodeUN", UNITS[line.unit.casefold()])
    element.text = (f"{line.quantity.normalize():f}" if line.quantity else "0").replace(".", ",")
    return element


def iban(account: Account) -> str:
    return account.iban.replace(" ", "")


def bic(account: Account) -> str:
    """The bank; it follows from a Finnish account number where the account names none."""
    return account.bic or str(schwifty.IBAN(account.iban).bic or "")
