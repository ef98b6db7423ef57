"""Money in and out: what was received, returned, allocated to invoices and refunded, day by day or month by month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing.amounts import ZERO
from billing.reports.tables import Asked, Bar, Column, Kind, Report, Row, Sort
from customers.templatetags.contacts import euros
from register import access

DAYS = 62
"""Up to so many days each has a row of its own; longer periods go by months."""

BOOKED = """
SELECT date_trunc(%(step)s, booked_on)::date, count(*), coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
       coalesce(sum(amount) FILTER (WHERE amount < 0), 0)
  FROM billing_payment WHERE booked_on BETWEEN %(first)s AND %(last)s GROUP BY 1
"""
MOVED = """
SELECT date_trunc(%(step)s, e."on")::date,
       -coalesce(sum(e.amount) FILTER (WHERE e.receivable_id IS NOT NULL OR k.kind = 'interest'), 0),
       coalesce(sum(e.amount) FILTER (WHERE e.receivable_id IS NULL AND k.kind NOT IN ('interest', 'settlement')), 0),
       coalesce(sum(e.amount) FILTER (WHERE k.kind = 'settlement'), 0)
  FROM billing_entry e LEFT JOIN billing_entry was ON was.id = e.reverses_id,
       LATERAL (SELECT coalesce(was.kind, e.kind) AS kind) k
 WHERE e."on" BETWEEN %(first)s AND %(last)s AND e.payment_id IS NOT NULL GROUP BY 1
"""
UNALLOCATED = """
SELECT (SELECT coalesce(sum(unallocated), 0) FROM billing_payment WHERE unallocated <> 0)
     - (SELECT coalesce(sum(amount), 0) FROM billing_payment WHERE booked_on > %(day)s)
     - (SELECT coalesce(sum(amount), 0) FROM billing_entry WHERE "on" > %(day)s AND payment_id IS NOT NULL)
"""


def unallocated(day: date) -> Decimal:
    """What of the payments booked up to a day was not allocated by then, in euros."""
    found: Decimal = access.ask(UNALLOCATED, {"day": day})[0][0]
    return found


def make(asked: Asked) -> Report:
    step = "day" if asked.period.days <= DAYS else "month"
    rows: dict[date, list[Decimal]] = {}
    for first, *figures in access.ask(BOOKED, asked.days | {"step": step}):
        rows.setdefault(first, [ZERO] * 6)[:3] = figures
    for first, *figures in access.ask(MOVED, asked.days | {"step": step}):
        rows.setdefault(first, [ZERO] * 6)[3:] = figures
    found = sorted(rows.items())
    named = [(date_format(day, "SHORT_DATE_FORMAT" if step == "day" else "n/Y"), f) for day, f in found]
    return Report(
        columns=(
            Column(_("Day") if step == "day" else _("Month")), Column(_("Payments"), Sort.COUNT),
            Column(_("Received"), Sort.MONEY), Column(_("Taken back"), Sort.MONEY),
            Column(_("Allocated"), Sort.MONEY), Column(_("Refunded"), Sort.MONEY),
            Column(_("Agencies' settlements"), Sort.MONEY),
        ),
        rows=[Row((name, *figures)) for name, figures in named],
        totals=(_("Total"), *(sum(column, ZERO) for column in zip(*rows.values(), strict=True))) if rows else (),
        bars=[Bar(name, figures[1]) for name, figures in named],
        notes=(
            _("Not allocated at the end of %(day)s: %(sum)s.")
            % {"day": date_format(asked.day, "SHORT_DATE_FORMAT"), "sum": euros(unallocated(asked.day))},
            _("An agency's report counts as received, and so does its transfer; the last column takes it off."),
        ),
    )  # fmt: skip


KIND = Kind(
    "payments",
    _("Payments"),
    _("Received, taken back, allocated to invoices and refunded, by the day of booking."),
    make,
)
