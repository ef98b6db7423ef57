"""The owner's pages of the kinds of assignments: all of them, and one to rename, merge or delete."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers import kinds
from customers.forms.kinds import MergeForm, NameForm
from customers.models import AssignmentKind
from customers.views import doors, subjects


@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """Every kind with how many assignments are of it; a new one is added below."""
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kinds.named(form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect("customers:kinds")
    context = {"kinds": kinds.listed(), "form": form}
    return render(request, "customers/kinds.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One kind: its name, the kind it is merged into, its end."""
    kind, by = doors.kind(pk), subjects.actor(request)
    if "remove" in request.POST:
        return _remove(request, kind)
    renamed = NameForm(request.POST if "rename" in request.POST else None, initial={"name": kind.name})
    merged = MergeForm(request.POST if "merge" in request.POST else None, kind=kind)
    title = kind.name
    if renamed.is_bound and renamed.is_valid():
        try:
            kinds.rename(kind, name=renamed.cleaned_data["name"], by=by)
        except (kinds.NameMissing, kinds.NameTaken) as refused:
            renamed.add_error("name", str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("customers:kinds")
    if merged.is_bound and merged.is_valid():
        try:
            kinds.merge(kind, into=merged.cleaned_data["into"], by=by)
        except kinds.CannotMerge as refused:
            merged.add_error("into", str(refused))
        else:
            messages.success(request, _("The kinds were merged."))
            return redirect("customers:kinds")
    context = {"kind": kind, "title": title, "renamed": renamed, "merged": merged}
    failed = renamed.is_bound or merged.is_bound
    return render(request, "customers/kind.html", context, status=422 if failed else 200)


def _remove(request: HttpRequest, kind: AssignmentKind) -> HttpResponse:
    try:
        kinds.remove(kind, by=subjects.actor(request))
    except kinds.InUse as used:
        messages.error(request, str(used))
        return redirect("customers:kind", kind.pk)
    messages.success(request, _("The kind was deleted."))
    return redirect("customers:kinds")
