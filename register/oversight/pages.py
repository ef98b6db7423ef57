"""The owner's pages about the register itself: statement, record of processing, audit, copies, erasure."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from register import audit, doors, erasure, export, panels, record, statement, subjects
from register.models import Erasure, Language, Registrar, StatementVersion, User
from register.oversight import reading, security
from register.oversight.forms import AuditSearchForm, ErasureForm, SecuritySearchForm


def one_subject(number: str) -> models.Model:
    """The person or customer a URL names, or the neutral 404."""
    found = subjects.by_number(number)
    if found is None:
        raise Http404
    return found


def one_version(pk: int) -> StatementVersion:
    """The version a URL names, or the neutral 404."""
    found: StatementVersion = doors.one_or_404(StatementVersion.objects.all(), pk=pk)
    return found


# --- the privacy statement ---------------------------------------------------------------------------


@require_GET
def statement_page(request: HttpRequest) -> HttpResponse:
    """The statement as it would be published now, what that would change, and the versions so far."""
    language = _language(request)
    if not Registrar.objects.exists():
        return redirect("register:registrar")
    newest = statement.newest()
    values = {
        "statement": statement.live(language),
        "languages": Language.choices,
        "newest": newest,
        "changes": statement.differences(newest, language) if newest else [],
        "differs": any(statement.differences(newest, one) for one in Language.values),
        "versions": StatementVersion.objects.only("pk", "published_on"),
    }
    return render(request, "register/oversight/statement.html", values)


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Put the statement of now into force today."""
    try:
        version = statement.publish(by=request.user, on=timezone.localdate())  # type: ignore[arg-type]
    except statement.NothingToPublish:
        messages.info(request, _("The published statement is up to date already."))
    else:
        messages.success(request, _("Published as version %(number)s.") % {"number": version})
    return redirect("register:statement")


@require_GET
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One published version."""
    version = one_version(pk)
    values = {
        "statement": statement.published(version, _language(request)),
        "languages": Language.choices,
        "version": version,
    }
    return render(request, "register/oversight/version.html", values)


# --- the record of processing ------------------------------------------------------------------------


@require_GET
def record_page(request: HttpRequest) -> HttpResponse:
    """The record of processing activities (GDPR Art. 30)."""
    registrar = Registrar.objects.first()
    if registrar is None:
        return redirect("register:registrar")
    values = {"head": record.head(registrar), "activities": record.activities()}
    return render(request, "register/oversight/record.html", values)


@require_GET
def record_file(request: HttpRequest, ending: str) -> HttpResponse:
    """The record as CSV or Markdown."""
    registrar = Registrar.objects.first()
    if registrar is None or ending not in ("csv", "md"):
        raise Http404
    if ending == "csv":
        return _download("\ufeff" + record.as_csv(), "text/csv", _("record-of-processing") + ".csv")
    return _download(record.as_markdown(registrar), "text/markdown", _("record-of-processing") + ".md")


# --- the audit ---------------------------------------------------------------------------------------


@never_cache
@require_GET
def audit_page(request: HttpRequest) -> HttpResponse:
    """Who did what, when, to whom."""
    form = AuditSearchForm(request.GET or None)
    before = request.GET.get("before", "")
    lines, older = reading.read(form.search(), before=int(before) if before.isdecimal() else None)
    asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
    values = {
        "form": form,
        "lines": lines,
        "query": urlencode(asked),
        "older": urlencode(asked | {"before": older}) if older else "",
        "is_first": not before,
    }
    return render(request, "register/oversight/audit.html", values)


@require_POST
def audit_file(request: HttpRequest) -> HttpResponse:
    """What was found, as CSV; the export is itself recorded."""
    text = reading.as_csv(AuditSearchForm(request.POST).search())
    return _download("\ufeff" + text, "text/csv", _("audit") + ".csv")


# --- security events ---------------------------------------------------------------------------------


@never_cache
@require_GET
def security_page(request: HttpRequest) -> HttpResponse:
    """What was refused, and what to do about it."""
    form = SecuritySearchForm(request.GET or None)
    before = request.GET.get("before", "")
    search = form.search()
    lines, older = security.read(search, before=int(before) if before.isdecimal() else None)
    asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
    values = {
        "form": form,
        "lines": lines,
        "kinds": security.explained(lines, asked=search.what),
        "query": urlencode(asked),
        "older": urlencode(asked | {"before": older}) if older else "",
        "is_first": not before,
    }
    return render(request, "register/oversight/security.html", values)


# --- a person's copy and erasure ---------------------------------------------------------------------


@require_POST
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about a person as JSON (Art. 15), or what he gave himself (Art. 20)."""
    make = export.portable_copy_of if request.POST.get("only") == "given" else export.copy_of
    made = make(one_subject(number), by=request.user, at=timezone.now())  # type: ignore[arg-type]  # noqa: TID251
    return _download(made.json(), "application/json", f"{made.number}.json")


@never_cache
def erase(request: HttpRequest, number: str) -> HttpResponse:
    """Shows what would go and what a law keeps; erases when that is confirmed."""
    subject = one_subject(number)
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = erasure.erase(
            subject,
            by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),  # noqa: TID251
            reason=form.cleaned_data["reason"],
        )
        return redirect("register:erased", done.pk)
    audit.record_read(subject, page="erasure")
    planned = erasure.plan(subject, on=timezone.localdate())
    values = {
        "subject": reading.named(subject),
        "form": form,
        "outcome": planned.outcome(),
        "panels": panels.ERASURE.panels(subject, by=request.user),  # type: ignore[arg-type]
    }
    return render(request, "register/oversight/erase.html", values)


@require_GET
def erased(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer to an erasure."""
    row: Erasure = doors.one_or_404(Erasure.objects.all(), pk=pk)
    by = User.objects.filter(pk=row.by_id).first() if row.by_id else None
    subject = subjects.by_number(row.number)
    values = {
        "erasure": row,
        "outcome": erasure.answer(row),
        "by": by.name or by.email if by else "",
        "panels": panels.ERASURE.panels(subject, by=request.user) if subject else [],  # type: ignore[arg-type]
    }
    return render(request, "register/oversight/erased.html", values)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in Language.values else (get_language() or "fi")[:2]


def _download(text: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
