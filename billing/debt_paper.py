"""The statement of a debt on paper, in the debtor's language: what `billing.debt` explains, as PDF/A."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import debt, references
from billing.amounts import ZERO
from billing.debt import Claim, Statement
from billing.interest import Segment
from billing.interest_free import Span
from billing.models import BillingDetails
from billing.pdf.lettering import day, figure, money, percent, printable
from billing.pdf.typesetting import typeset
from customers.models import Customer
from register.models import Registrar


def render(customer: Customer, *, on: date, seller: Registrar, details: BillingDetails) -> bytes:
    """The PDF of what a customer owes on a day. Raises pdf.NotTypeset, rules.RuleMissing."""
    with translation.override(customer.language):
        return typeset("debt.typ", _lay_out(debt.explain(customer, on=on), seller, details), on=on)


def _lay_out(statement: Statement, seller: Registrar, details: BillingDetails) -> dict[str, Any]:
    on, customer = statement.on, statement.customer
    return {
        "lang": customer.language,
        "date": [on.year, on.month, on.day],
        "title": _("Statement of the debt"),
        "page": _("Page"),
        "seller": {
            "name": printable(seller.name),
            "lines": _filled(
                f"{seller.street}, {seller.postal_code} {seller.city}",
                seller.business_id,
                seller.contact_email,
                seller.phone,
            ),
        },
        "debtor": _filled(customer.name, details.attention, *details.address),
        "facts": [
            [_("Date"), day(on)],
            [_("Customer number"), customer.number],
            [_("Law"), f"{debt.COLLECTION}, 4 a §"],
        ],
        "totals": [
            [_("Principal"), money(statement.principal)],
            [_("Late interest"), money(statement.interest)],
            [_("Collection costs"), money(statement.costs)],
        ],
        "total": [_("Together"), money(statement.total)],
        "remarks": _remarks(statement),
        "sections": [_section(claim) for claim in statement.claims],
        "closing": {"title": _("If you disagree"), "lines": _closing(statement)},
    }


def _remarks(statement: Statement) -> list[str]:
    lines = [_provisional(*stop) for stop in statement.stopped]
    if statement.credit:
        lines.append(
            _("Paid but not yet allocated to any invoice: %(sum)s.") % {"sum": money(statement.credit)}
        )
    lines += [f"{remark.title}: {remark.text}".rstrip(": ") for remark in statement.remarks]
    return [printable(line) for line in lines]


def _provisional(period: str, reaches: date) -> str:
    return _(
        "The reference rate of %(period)s is not known yet: interest is reckoned until %(day)s and is provisional."
    ) % {"period": period, "day": day(reaches)}


def _closing(statement: Statement) -> list[str]:
    side = debt.COMPLAIN_CONSUMER if statement.is_consumer else debt.COMPLAIN_BUSINESS
    order = _("A payment covers %(order)s (%(section)s).") % {
        "order": statement.order,
        "section": statement.order_section,
    }
    return [printable(str(line)) for line in (debt.COMPLAIN, side, order)]


# --- one receivable ------------------------------------------------------------------------------------


def _section(claim: Claim) -> dict[str, Any]:
    receivable, limit = claim.receivable, claim.limit
    title = _("Interest invoice") if claim.is_interest_invoice else _("Invoice")
    facts = [
        [_("Date"), day(receivable.issued_on)],
        [_("Due"), f"{day(receivable.due_on)} ({receivable.get_due_basis_display()})"],
        [_("Reference number"), references.written(receivable.invoice.reference)],
        [_("Open principal"), money(receivable.open)],
    ]
    if receivable.costs:
        facts.append([_("Open costs"), money(receivable.costs)])
    if claim.interest:
        facts.append([_("Late interest"), money(claim.interest)])
    facts.append(
        [
            _("Time-barred after"),
            f"{day(limit.on)} ({limit.moved_by.what} {day(limit.moved_by.on)}; "
            "Laki velan vanhentumisesta 728/2003)",
        ]
    )
    remarks = [f"{remark.title}: {remark.text}".rstrip(": ") for remark in claim.remarks]
    if claim.reckoning.credited:
        remarks.append(
            _("%(sum)s was credited: that was never owed and bears no interest.")
            % {"sum": money(claim.reckoning.credited)}
        )
    tables = [_entries(claim)]
    if claim.reckoning.lines:
        tables.append(_interest(claim))
    start = claim.reckoning.start
    return {
        "title": printable(f"{title} {receivable.number}"),
        "facts": [[label, printable(str(value))] for label, value in facts],
        "tables": tables,
        "remarks": [printable(text) for text in (*remarks, f"{start.why} {start.statute}".strip()) if text],
    }


def _entries(claim: Claim) -> dict[str, Any]:
    return {
        "title": _("Ledger entries"),
        "wide": 1,
        "columns": [
            _column(_("Date")),
            _column(_("Entry")),
            _column(_("Amount"), right=True),
            _column(_("Principal after it"), right=True),
        ],
        "rows": [
            [
                day(line.on),
                printable(" · ".join(str(text) for text in (line.what, line.reason, line.rule) if text)),
                money(line.amount),
                "" if line.is_cost else money(line.left),
            ]
            for line in claim.lines
        ],
        "foot": [],
    }


def _interest(claim: Claim) -> dict[str, Any]:
    reckoning, invoiced = claim.reckoning, claim.invoiced_interest
    foot = _("Together, rounded once")
    if not reckoning.is_final:
        foot = _("Provisional, until %(day)s") % {"day": day(reckoning.reaches)}
    rows = [_segment(line) if isinstance(line, Segment) else _free(line) for line in reckoning.lines]
    if invoiced:
        rows.append(["", "", "", _("invoiced before"), "", money(-invoiced)])
    return {
        "title": _("Late interest"),
        "wide": 3,
        "columns": [
            _column(_("Days")),
            _column(_("Count"), right=True),
            _column(_("Principal"), right=True),
            _column(_("Interest rate")),
            _column(_("Year"), right=True),
            _column(_("Interest"), right=True),
        ],
        "rows": rows,
        "foot": [foot, money(claim.interest)],
    }


def _segment(segment: Segment) -> list[str]:
    agreed = _("agreed rate")
    rate = f"{percent(segment.rate)} = {agreed}"
    if segment.reference is not None and segment.margin is not None:
        parts = f"{percent(segment.reference.value)} + {percent(segment.margin.value)}"
        rate = f"{percent(segment.rate)} = {parts}; {'; '.join(segment.sections)}"
    return [
        f"{day(segment.first)}–{day(segment.last)}",
        ngettext("%(n)d day", "%(n)d days", segment.days) % {"n": segment.days},
        money(segment.base),
        printable(rate),
        str(segment.year),
        f"{figure(segment.shown, decimals=4)}\u00a0€",
    ]


def _free(span: Span) -> list[str]:
    return [
        f"{day(span.first)}–{day(span.last)}",
        ngettext("%(n)d day", "%(n)d days", span.days) % {"n": span.days},
        "",
        printable(str(span.why)),
        "",
        f"{figure(ZERO, decimals=4)}\u00a0€",
    ]


def _column(title: str, *, right: bool = False) -> dict[str, Any]:
    return {"title": title, "right": right}


def _filled(*lines: str) -> list[str]:
    return [text for text in map(printable, lines) if text]
