"""Until when bookkeeping keeps a document: the table's years, and never fewer than the law's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from billing import rules
from billing.models import Rule
from register.inventory import BOOKKEEPING


def kept_until(document_on: date, *, financial_year_end: tuple[int, int]) -> date:
    """The last day a voucher must be kept; `financial_year_end` is (month, day). Raises rules.RuleMissing.

    A row of the table that says fewer years than Kirjanpitolaki 1336/1997 2:10 does not shorten anything.
    """
    years = rules.days(Rule.Code.KEEP_VOUCHERS, document_on)
    statute = replace(BOOKKEEPING, years=max(years, BOOKKEEPING.years))
    return statute.due(document_on, financial_year_end=financial_year_end)
