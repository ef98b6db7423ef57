"""Until when bookkeeping keeps vouchers and books: the table's years, and never fewer than the law's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from billing import rules
from billing.models import Rule
from register.inventory import BOOKKEEPING, BOOKS, Statute


def kept_until(document_on: date, *, financial_year_end: tuple[int, int]) -> date:
    """The last day a voucher must be kept; `financial_year_end` is (month, day). Raises rules.RuleMissing.

    A row of the table that says fewer years than Kirjanpitolaki 1336/1997 2:10 does not shorten anything.
    """
    return _until(BOOKKEEPING, Rule.Code.KEEP_VOUCHERS, document_on, financial_year_end)


def books_until(document_on: date, *, financial_year_end: tuple[int, int]) -> date:
    """The last day the ledger of a day must be kept, by the same rule. Raises rules.RuleMissing."""
    return _until(BOOKS, Rule.Code.KEEP_BOOKS, document_on, financial_year_end)


def _until(statute: Statute, code: str, document_on: date, financial_year_end: tuple[int, int]) -> date:
    years = rules.days(code, document_on)
    return replace(statute, years=max(years, statute.years)).due(
        document_on, financial_year_end=financial_year_end
    )
