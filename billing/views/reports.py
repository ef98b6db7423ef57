"""Reports, the month's end, locking, and the journal for the accountant."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import closing, journal, locking
from billing.report_forms import AccountsForm, DaysForm, JournalForm
from billing.reports import KINDS, Kind, periods, writing
from billing.reports.periods import Period
from billing.reports.tables import Asked
from billing.views import doors
from billing.views.downloads import CSV, as_file
from customers.models import Customer
from customers.views.subjects import names_of
from register import audit

PAGE = 50
LAST_PAGE = 100_000
LATEST = 24


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All reports, and what closes a month."""
    return render(request, "billing/reports.html", {"kinds": KINDS.values()})


@require_safe
def report(request: HttpRequest, code: str) -> HttpResponse:
    """A report with its chart and its first rows; files hold all."""
    kind = _kind(code)
    form, period = _period(request, kind)
    if form.errors:
        asked = {"kind": kind, "kinds": KINDS.values(), "form": form}
        return render(request, "billing/report.html", asked, status=422)
    page = min(max(doors.whole(request.GET.get("page")) or 1, 1), LAST_PAGE)
    made = kind.make(Asked(period, limit=PAGE + 1, offset=(page - 1) * PAGE))
    more, shown = len(made.rows) > PAGE, made.customers[:PAGE]
    audit.record_numbers(Customer, [f"K{pk}" for pk in dict.fromkeys(shown)], page=f"billing report {code}")
    context = {
        "kind": kind,
        "kinds": KINDS.values(),
        "form": form,
        "period": period,
        "report": made,
        "rows": list(made.shown())[:PAGE],
        "page": page,
        "more": more,
        "query": urlencode(form.address(period)),
    }
    return render(request, "billing/report.html", context)


@require_safe
def file(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """A report as a file; that it was exported is recorded."""
    kind = _kind(code)
    _form, period = _period(request, kind)
    name = f"{code}-{period.last}" if kind.as_of else f"{code}-{period.first}-{period.last}"
    content = writing.export(kind, Asked(period), ending=ending)
    return as_file(content, f"{name}.{ending}", writing.TYPES[ending])


@require_safe
def month_end(request: HttpRequest) -> HttpResponse:
    """What is left to do before a month's books are closed."""
    period = _month(request)
    context = {
        "period": period,
        "month": closing.of(period, on=doors.today()),
        "months": periods.offered(doors.today(), periods.year_end())[_("Months")],
        "journal": JournalForm(initial={"first": period.first, "last": period.last}),
    }
    return render(request, "billing/month_end.html", context)


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the books up to the end of a month."""
    period = _month(request)
    try:
        locking.lock(until=period.last, by=doors.actor(request), on=doors.today())
    except (locking.NotOver, locking.LockedAlready) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("The books are locked until %(day)s.") % {"day": date_format(period.last, "SHORT_DATE_FORMAT")},
        )
    return _to_month(period)


@require_http_methods(["GET", "HEAD", "POST"])
def journal_page(request: HttpRequest) -> HttpResponse:
    """The journal as a file, and what was handed over before."""
    last = locking.last_month(doors.today())
    usual = {"first": last.replace(day=1), "last": last}
    form = JournalForm(request.POST or None, initial=usual)
    if request.method == "POST" and form.is_valid():
        try:
            made, text = journal.export(
                Period(form.cleaned_data["first"], form.cleaned_data["last"]),
                by=doors.actor(request),
                with_names=form.cleaned_data["names"],
            )
        except (journal.AccountMissing, journal.TooLong) as refused:
            form.add_error(None, str(refused))
        else:
            return as_file(text, f"journal-{made.first}-{made.last}.csv", CSV)
    made_before = list(journal.exports()[:LATEST])
    context = {
        "form": form,
        "exports": made_before,
        "names": names_of([one.made_by_id for one in made_before]),
        "locked_until": locking.locked_until(),
    }
    return render(request, "billing/journal.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """The journal's accounts, each with a field; a row more for a rate of its own."""
    form = AccountsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, by = form.cleaned_data, doors.actor(request)
        journal.set_accounts(form.numbers(), vat=data["vat"], number=data["number"], by=by)
        messages.success(request, _("The accounts were saved."))
        return redirect("billing:journal_accounts")
    status = 422 if form.errors else 200
    return render(request, "billing/journal_accounts.html", {"form": form}, status=status)


# --- what an address asks for --------------------------------------------------------------------------


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise Http404
    return KINDS[code]


def _period(request: HttpRequest, kind: Kind) -> tuple[DaysForm, Period]:
    today, ends = doors.today(), periods.year_end()
    form = DaysForm(request.GET or None, kind=kind, today=today, ends=ends)
    return form, form.chosen()


def _month(request: HttpRequest) -> Period:
    """The month that was chosen, or the last one."""
    asked = request.POST.get("month") or request.GET.get("month") or ""
    found = periods.of_token(asked, (12, 31)) if periods.MONTH.fullmatch(asked) else None
    return found or periods.usual("month", doors.today())


def _to_month(period: Period) -> HttpResponse:
    response = redirect("billing:month_end")
    response["Location"] += f"?month={period.token}"
    return response
