"""The interest invoice (*viivästyskorkolasku*): late interest of one customer's receivables as a document of its own.

It carries no VAT, for interest is no consideration, and bears no interest itself. Each stretch of days is a line;
a receivable's lines add up to its interest rounded once. What has been invoiced is not invoiced again: the database
keeps the periods.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, localcontext

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing import amounts, details, interest, interest_waits, invoicing, rules
from billing.amounts import ZERO, VatCategory
from billing.drafting import MOST_LINES, TooManyLines
from billing.interest import Reckoner, Reckoning, Segment
from billing.models import (
    AgencyInterest,
    DueBasis,
    Extension,
    InterestPeriod,
    Invoice,
    InvoiceLine,
    Receivable,
    Rule,
)
from billing.pdf import Kind, Language
from billing.pdf.lettering import day, money, percent
from billing.reminding import Stop
from customers.models import Customer, VatCode
from register import access
from register.models import User

DAY = timedelta(days=1)


class NothingDue(ValueError):
    """No interest among what was chosen."""

    def __init__(self) -> None:
        super().__init__(_("There is no interest to invoice among what was chosen."))


class BelowThreshold(ValueError):
    """Too little to be invoiced by the company's own decision."""

    def __init__(self, least: Decimal) -> None:
        super().__init__(
            _(
                "The interest is below %(least)s €, from which it is invoiced. "
                "The register owner decides the limit on the page “Rules”."
            )
            % {"least": least.quantize(Decimal("0.01"))}
        )


class NotYet(ValueError):
    """Interest of days that have not been."""

    def __init__(self, on: date) -> None:
        super().__init__(
            _("Interest can be invoiced until today, %(day)s.")
            % {"day": date_format(on, "SHORT_DATE_FORMAT")}
        )


@dataclass(frozen=True)
class Claim:
    """A receivable's interest that nobody has asked for yet, and until when it has been invoiced or got."""

    receivable: Receivable
    reckoning: Reckoning
    invoiced_until: date | None
    stop: Stop | None = None
    """Why it is not invoiced now, though it runs."""

    @property
    def amount(self) -> Decimal:
        return self.reckoning.amount

    @property
    def is_something(self) -> bool:
        """There is interest, or a missing figure hides whether there is."""
        return bool(self.amount) or not self.reckoning.is_final


def claims(customer: Customer, *, until: date, on: date) -> list[Claim]:
    """What there is of interest not yet invoiced, up to a day inclusive; provisional where a rate is missing.

    Each with what keeps it from being invoiced on a day. Raises rules.RuleMissing for what decides when interest
    starts, and limitation.
    """
    found = [claim for claim in _claims(late(customer, until), until=until) if claim.is_something]
    stops = interest_waits.stops([claim.receivable for claim in found], on=on)
    return [replace(claim, stop=stops.get(claim.receivable.pk)) for claim in found]


def issue(
    customer: Customer, keys: Iterable[int], *, until: date, by: User, on: date, client_key: uuid.UUID
) -> Invoice:
    """Invoice the interest of these receivables up to a day inclusive. The same key gives the same invoice.

    Raises NothingDue, BelowThreshold, NotYet, TooManyLines, interest_waits.Waiting, rules.RuleMissing and what
    invoicing.issue raises.
    """
    with access.atomic():
        made = Invoice.objects.filter(client_key=client_key, customer=customer).first()
        if made is not None:
            return made
        if until > on:
            raise NotYet(on)
        chosen = late(customer, until).filter(pk__in=set(keys)).select_for_update(of=("self",))
        due = [claim for claim in _claims(chosen, until=until) if claim.reckoning.segments]
        stops = interest_waits.stops([claim.receivable for claim in due], on=on)
        if stops:
            rows = (claim.receivable for claim in due)
            raise interest_waits.Waiting((row, stops[row.pk]) for row in rows if row.pk in stops)
        total = sum((claim.reckoning.final() for claim in due), ZERO)
        least = rules.row(Rule.Code.INTEREST_THRESHOLD, on).value
        if not total:
            raise NothingDue
        if total < least:
            raise BelowThreshold(least)
        draft = _draft(customer, due, by=by)
        return invoicing.issue(draft, by=by, on=on, client_key=client_key)


# --- what is due ---------------------------------------------------------------------------------------


def late(customer: Customer, until: date) -> QuerySet[Receivable]:
    """Those that may bear interest: open past their day, or settled after it.

    Where more time was given, the earlier day counts, unless none was to run and it had not begun.
    """
    given = Extension.objects.filter(receivable=OuterRef("pk"), was_due_on__lt=until)
    began = given.filter(Q(interest_runs=True) | Q(agreed_on__gt=F("was_due_on")))
    rows = Receivable.objects.filter(customer=customer).exclude(invoice__kind=Kind.INTEREST)
    past = Q(due_on__lt=until) & (Q(open__gt=0) | Q(settled_on__isnull=True) | Q(settled_on__gt=F("due_on")))
    return rows.filter(past | Exists(began)).order_by("due_on", "pk")


def uninvoiced(receivables: Sequence[Receivable], *, until: date) -> dict[int, Reckoning]:
    """The interest of each receivable after the last day that was invoiced or got, up to a day inclusive.

    Raises rules.RuleMissing for what decides when interest starts.
    """
    return {claim.receivable.pk: claim.reckoning for claim in _claims(receivables, until=until)}


def _claims(receivables: Iterable[Receivable], *, until: date) -> list[Claim]:
    rows, found = list(receivables), list[Claim]()
    reckoner, invoiced, got = Reckoner(rows), invoiced_until(rows), got_until(rows)
    for row in rows:
        last = max(filter(None, (invoiced.get(row.pk), got.get(row.pk))), default=None)
        reckoning = reckoner.reckon(row, until=until, since=last + DAY if last else None)
        found.append(Claim(row, reckoning, last))
    return found


def invoiced_until(receivables: Iterable[Receivable]) -> dict[int, date]:
    """The last invoiced day of each receivable that has one."""
    return dict(standing(receivables).values_list("receivable").annotate(last=Max("last")))


def got_until(receivables: Iterable[Receivable]) -> dict[int, date]:
    """The last day of each receivable whose interest an agency has got: it reckons and takes all until then."""
    rows = AgencyInterest.objects.filter(receivable__in=[row.pk for row in receivables])
    standing = rows.filter(entry__reversed_by__isnull=True).order_by()
    return dict(standing.values_list("receivable").annotate(last=Max("until")))


def standing(receivables: Iterable[Receivable]) -> QuerySet[InterestPeriod]:
    """The periods on interest invoices that hold: those not credited in full."""
    credited = (
        Invoice.objects.issued()
        .filter(original=OuterRef("invoice"))
        .order_by()
        .values("original")
        .annotate(sum=Sum("total"))
        .values("sum")
    )
    rows = InterestPeriod.objects.filter(receivable__in=[row.pk for row in receivables]).order_by()
    return rows.exclude(invoice__total=-Coalesce(Subquery(credited), ZERO))


# --- the document --------------------------------------------------------------------------------------


def _draft(customer: Customer, due: Sequence[Claim], *, by: User) -> Invoice:
    """The rows of the invoice and its periods; issuing follows in the same transaction."""
    known = details.of(customer)
    language = Language(customer.language)
    invoice = Invoice.objects.create(
        kind=Kind.INTEREST,
        customer=customer,
        language=language,
        payment_days=known.payment_days,
        due_basis=DueBasis.INVOICE,
        buyer_reference=known.buyer_reference,
        note=NOTES[language],
        drafted_by_id=by.pk,
    )
    lines = [line for claim in due for line in _lines(claim, language)]
    if len(lines) > MOST_LINES:
        lines = [_summary(claim, language) for claim in due]
    if len(lines) > MOST_LINES:
        raise TooManyLines
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            position=position,
            description=text,
            quantity=Decimal(1),
            unit_price=amount,
            vat_code=VatCode.EXEMPT,
            vat_rate=ZERO,
            vat_category=VatCategory.OUT_OF_SCOPE,
            net=amount,
            vat=ZERO,
        )
        for position, (text, amount) in enumerate(lines, start=1)
    )
    for claim in due:
        InterestPeriod.objects.create(
            receivable=claim.receivable,
            invoice=invoice,
            first=claim.reckoning.segments[0].first,
            last=claim.reckoning.segments[-1].last,
            amount=claim.amount,
        )
    return invoice


Line = tuple[str, Decimal]


def _lines(claim: Claim, language: Language) -> list[Line]:
    """A line a segment. Cents are taken from the running sum, so that the lines add up to the sum rounded once."""
    lines: list[Line] = []
    sum_so_far, told = Decimal(0), ZERO
    for segment in claim.reckoning.segments:
        with localcontext(prec=interest.PRECISION):
            sum_so_far += segment.amount
        reached = amounts.rounded(sum_so_far)
        lines.append((_text(claim, segment, language), reached - told))
        told = reached
    return lines


def _text(claim: Claim, segment: Segment, language: Language) -> str:
    rate = AGREED[language]
    if segment.reference is not None and segment.margin is not None:
        rate = REFERENCE[language].format(
            reference=percent(segment.reference.value), margin=percent(segment.margin.value)
        )
    return SEGMENT[language].format(
        number=claim.receivable.number,
        period=_period(segment.first, segment.last),
        days=segment.days,
        base=money(segment.base),
        rate=percent(segment.rate),
        why=rate,
    )


def _summary(claim: Claim, language: Language) -> Line:
    segments = claim.reckoning.segments
    text = SUMMARY[language].format(
        number=claim.receivable.number,
        period=_period(segments[0].first, segments[-1].last),
        days=sum(segment.days for segment in segments),
    )
    return text, claim.amount


def _period(first: date, last: date) -> str:
    return f"{day(first)}–{day(last)}" if first != last else day(first)


SEGMENT = {
    Language.FINNISH: "Lasku {number}: viivästyskorko {period}, {days} pv, pääoma {base}, {rate} ({why})",
    Language.SWEDISH: "Faktura {number}: dröjsmålsränta {period}, {days} dgr, kapital {base}, {rate} ({why})",
    Language.ENGLISH: "Invoice {number}: late interest {period}, {days} days, principal {base}, {rate} ({why})",
}
SUMMARY = {
    Language.FINNISH: "Lasku {number}: viivästyskorko {period}, {days} pv, erittely pyydettäessä",
    Language.SWEDISH: "Faktura {number}: dröjsmålsränta {period}, {days} dgr, specifikation på begäran",
    Language.ENGLISH: "Invoice {number}: late interest {period}, {days} days, itemised on request",
}
REFERENCE = {
    Language.FINNISH: "viitekorko {reference} + {margin}",
    Language.SWEDISH: "referensränta {reference} + {margin}",
    Language.ENGLISH: "reference rate {reference} + {margin}",
}
AGREED = {
    Language.FINNISH: "sovittu korko",
    Language.SWEDISH: "avtalad ränta",
    Language.ENGLISH: "agreed rate",
}
NOTES = {
    Language.FINNISH: "Myöhässä maksettujen tai maksamattomien laskujen viivästyskorko korkolain (633/1982) mukaan.",
    Language.SWEDISH: "Dröjsmålsränta enligt räntelagen 633/1982 på fakturor som är obetalda eller betalats för sent.",
    Language.ENGLISH: "Late interest under the Finnish Interest Act (633/1982) on invoices paid late or unpaid.",
}
