"""Until when bookkeeping keeps vouchers and books: the table's years, and never fewer than the law's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from billing import rules
from billing.models import Rule
from register.inventory import BOOKKEEPING, BOOKS, Statute
from register.models import Registrar


def kept_until(document_on: date, figures: rules.Rules, registrar: Registrar) -> date:
    """The last day a voucher of the registrar must be kept. Raises rules.RuleMissing.

    A row of the table that says fewer years than Kirjanpitolaki 1336/1997 2:10 does not shorten anything.
    """
    years = figures.days(Rule.Code.KEEP_VOUCHERS, document_on)
    year_end = (registrar.financial_year_end_month, registrar.financial_year_end_day)
    return _at_least(years, BOOKKEEPING).due(document_on, financial_year_end=year_end)


class Books:
    """Until when ledgers are kept, by the same rule, for any number of days of one calculation."""

    def __init__(self, *, financial_year_end: tuple[int, int]) -> None:
        self._rules = rules.Rules([Rule.Code.KEEP_BOOKS])
        self._year_end = financial_year_end

    def kept_until(self, day: date) -> date:
        """The last day the ledger of a day must be kept. Raises rules.RuleMissing."""
        years = self._rules.days(Rule.Code.KEEP_BOOKS, day)
        return _at_least(years, BOOKS).due(day, financial_year_end=self._year_end)


def _at_least(years: int, statute: Statute) -> Statute:
    return replace(statute, years=max(years, statute.years))
