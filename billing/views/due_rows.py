"""The rows of the due list, written without the template engine, which cost more than reading and judging them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from billing.models import Debtor
from billing.reasons import Reason
from billing.reminding import Stop
from billing.standing import Debt

ROW = (
    '<tr><td class="number"><a href="{late}">{number}</a></td>'
    '<td class="name" dir="auto"><a href="{customer}">{name}</a>{who}</td>'
    '<td data-label="{due}"><span class="number">{due_on}</span> <span class="muted small number">{days}</span></td>'
    '<td data-label="{open}" class="amount">{principal}{costs}</td>'
    '<td data-label="{reminded}">{told}</td><td>{step}</td></tr>\n'
)
NUMBER = 987654321
CHIP = '<span class="chip {colour}">{words}</span> '


def due(debts: Iterable[Debt]) -> SafeString:
    """The rows; every value is escaped here."""
    consumer, not_yet = escape(_("consumer")), escape(_("not yet"))
    heads: dict[str, str] = {
        "due": escape(_("Due")),
        "open": escape(_("Unpaid")),
        "reminded": escape(_("Reminded")),
        "consumer": f' <span class="muted small">{consumer}</span>',
        "not_yet": f'<span class="muted">{not_yet}</span>',
    }
    rows = "".join(_row(debt, heads) for debt in debts)
    return mark_safe(rows)  # noqa: S308  (every value was escaped)


def next_step(debt: Debt) -> SafeString:
    """What is lawful next with a debt: chips, and the reason that decides."""
    return mark_safe("".join(_step(debt)))  # noqa: S308  (every value was escaped)


def _row(debt: Debt, heads: dict[str, str]) -> str:
    one, facts = debt.receivable, debt.facts
    told = heads["not_yet"]
    if facts.reminded_on is not None:
        day, nth = _day(facts.reminded_on), facts.reminders
        told = f'<span class="number">{day}</span> <span class="muted small">{nth}.</span>'
    return ROW.format(
        **heads,
        late=_address("late", one.pk),
        number=escape(one.number),
        customer=_address("customer", one.customer_id),
        name=escape(one.customer.name),
        who=heads["consumer"] if one.debtor == Debtor.CONSUMER else "",
        due_on=_day(facts.due_on),
        days=escape(ngettext("%(n)d day", "%(n)d days", debt.days_late) % {"n": debt.days_late}),
        principal=_euros(one.open),
        costs=f'<br><span class="muted small">+ {_euros(one.costs)}</span>' if one.costs else "",
        told=told,
        step="".join(_step(debt)),
    )


def _step(debt: Debt) -> Iterable[str]:
    step = debt.step
    for stop in step.stops:
        yield _chip(stop.label, "red" if stop == Stop.BARRED else "amber")
    if step.stops:
        return
    if debt.facts.disputed:
        yield _chip(_("%(sum)s disputed") % {"sum": _euros(debt.facts.disputed)}, "amber")
    yield _advice(debt)
    if step.decisive is not None:
        yield f'<span class="muted small">{_said(step.decisive, get_language())}</span>'


def _advice(debt: Debt) -> str:
    step = debt.step
    own = (
        ""
        if debt.settled or debt.facts.pay_by is None
        else _chip(_("by our letter not before %(day)s") % {"day": _day(debt.own_from)}, "amber")
    )
    if debt.facts.costs_alone:
        return _chip(_("Only costs are open"), "amber") + own
    if step.handover:
        return own or _chip(_("Hand over"), "red")
    if debt.is_ready and debt.fee:
        return _chip(_("Reminder, fee %(sum)s") % {"sum": _euros(debt.fee)}, "green")
    if debt.is_ready:
        return _chip(_("Reminder without a fee"), "green")
    if step.fee_from is not None:
        return _chip(_("%(sum)s from %(day)s") % {"sum": _euros(step.most), "day": _day(step.fee_from)}) + own
    return own or _chip(_("Payments may be on their way"))


def _chip(words: Any, colour: str = "") -> str:
    return CHIP.format(colour=colour, words=escape(str(words)))


@lru_cache(maxsize=2048)
def _said(reason: Reason, language: str | None) -> str:
    return escape(f"{reason.text} {reason.section}".strip())


def _euros(amount: Decimal) -> str:
    return _counted(amount, get_language())


@lru_cache(maxsize=2048)
def _counted(amount: Decimal, language: str | None) -> str:
    return number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True) + "\u00a0€"


def _day(day: date) -> str:
    return _formatted(day, get_language())


@lru_cache(maxsize=2048)
def _formatted(day: date, language: str | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _address(page: str, pk: int) -> str:
    before, after = _pattern(page)
    return f"{before}{pk}{after}"


@lru_cache(maxsize=20)
def _pattern(page: str) -> tuple[str, str]:
    """What stands before and after the number in a page's address."""
    before, _number, after = reverse(f"billing:{page}", args=[NUMBER]).rpartition(str(NUMBER))
    return before, after
