"""Numbers of invoices and credit notes: one series a kind and year, without gaps.

The number is taken in the transaction that issues the document, so a failure gives it back; from taking it to
the commit other issuings of the same series wait. The database refuses any other way (0002_law).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connections
from django.utils.translation import gettext_lazy as _

from billing.pdf import Kind
from register import access

PREFIXES = {Kind.INVOICE: "", Kind.CREDIT_NOTE: "H", Kind.INTEREST: "V"}
"""Credit notes (*hyvityslasku*) begin with H, interest invoices (*viivästyskorkolasku*) with V: no two documents
have the same number."""

LEADS = {Kind.INTEREST: "9"}
"""What the reference number's base begins with, so that no two documents have the same reference either."""

LONGEST = 20
"""Characters of a number: what Finvoice's InvoiceNumber holds."""

TAKE = """
INSERT INTO billing_series (kind, year, last) VALUES (%s, %s, 1)
ON CONFLICT (kind, year) DO UPDATE SET last = billing_series.last + 1
RETURNING id, last
"""


class NumberTooLong(ValueError):
    """The series has come to a number that no e-invoice can carry."""

    def __init__(self) -> None:
        super().__init__(
            _("The invoice's number would have more than %(n)d characters. Tell the register owner.")
            % {"n": LONGEST}
        )


@dataclass(frozen=True)
class Number:
    """The next number of a series, ours until the transaction ends."""

    text: str
    series_id: int
    sequence: int
    reference_base: str


def take(kind: Kind, *, on: date) -> Number:
    """The next number of a kind in the year of a day: 20260001, H20260001. Raises NumberTooLong."""
    with connections[access.alias()].cursor() as cursor:
        cursor.execute(TAKE, [kind.value, on.year])
        series_id, sequence = cursor.fetchone()
    digits = f"{on.year}{sequence:04d}"
    text = f"{PREFIXES[kind]}{digits}"
    if len(text) > LONGEST:
        raise NumberTooLong
    return Number(text, series_id, sequence, f"{LEADS.get(kind, '')}{digits}")
