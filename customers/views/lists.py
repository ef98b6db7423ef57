"""The lists of customers and people, and what is done to many customers at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from customers import bulk, listing
from customers.forms.bulk import FORMS, Act, ChosenAct
from customers.models import Customer, Relationship, Tag
from customers.views import doors, table
from register import audit, lists
from register.models import Language


@lists.named(gettext_lazy("Customers"))
def customers(request: HttpRequest) -> HttpResponse:
    """The customers."""
    choices = {
        "status": Relationship.Status.choices,
        "kind": Customer.Kind.choices,
        "tag": listing.tags(),
        "language": Language.choices,
        "act": Act.choices,
    }
    return _list(request, listing.CUSTOMERS, table.customers, "customers", choices)


@lists.named(gettext_lazy("People"))
def people(request: HttpRequest) -> HttpResponse:
    """The people."""
    kinds = [
        ("contact", _("represents a customer")),
        ("customer", _("private customer")),
        ("neither", _("neither")),
    ]
    choices: Mapping[str, Iterable[Any]] = {"kind": kinds, "language": Language.choices}
    return _list(request, listing.PEOPLE, table.people, "people", choices)


@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """An act on the ticked customers, or on all that the list's filters leave: first asked, then done."""
    chosen = ChosenAct(request.POST)
    if not chosen.is_valid():
        raise Http404
    act = chosen.cleaned_data["act"]
    back = listing.CUSTOMERS.state(QueryDict(request.POST.get("query", "")))
    everything = request.POST.get("all") == "1"
    found = listing.CUSTOMERS.filtered(back.filters) if everything else listing.Filtered(_ticked(request))
    rows, count = found.rows, found.rows.count()
    if found.cut:
        messages.warning(request, _("Too many match to be changed at once. Narrow the search first."))
        return _to_list(back)
    if not count:
        messages.warning(request, _("Tick the customers first."))
        return _to_list(back)
    form = FORMS[act](request.POST if "sure" in request.POST else None)
    if form.is_valid():
        return _done(request, act, rows, form.cleaned_data) or _to_list(back)
    context = {
        "act": act,
        "act_words": Act(act).label,
        "count": count,
        "everything": everything,
        "filters": _in_words(back),
        "chosen": [] if everything else request.POST.getlist("chosen"),
        "query": back.query(),
        "form": form,
        "tags": Tag.objects.values_list("name", flat=True) if act == Act.ADD_TAG else (),
    }
    return render(request, "customers/many.html", context)


def _list(
    request: HttpRequest,
    which: listing.Listing,
    rows: Callable[[Any], SafeString],
    name: str,
    choices: Mapping[str, Iterable[Any]],
) -> HttpResponse:
    """A page of a list; none is opened without its record."""
    state = which.state(request.GET)
    page = which.page(state)
    audit.record_numbers(
        which.model, [f"{which.letter}{row.pk}" for row in page.rows], page=f"list of {name}"
    )
    context = {
        "page": page,
        "state": state,
        "sorts": _sorts(which, state),
        "table": rows(page.rows),
        "options": {one: table.options(all_, state.filters.get(one)) for one, all_ in choices.items()},
    }
    return render(request, f"customers/{name}.html", context)


def _sorts(which: listing.Listing, state: listing.State) -> dict[str, dict[str, str]]:
    """For each column head: where a press leads, and how it stands now."""
    current = state.sort or listing.DEFAULT
    heads = {}
    for name in which.orders:
        up, down = current == name, current == f"-{name}"
        asked = f"-{name}" if up else name
        heads[name] = {
            "url": state.first_page(sort="" if asked == listing.DEFAULT else asked),
            "aria": "ascending" if up else "descending" if down else "",
        }
    return heads


def _ticked(request: HttpRequest) -> Any:
    ids = [int(one) for one in request.POST.getlist("chosen") if one.isdecimal() and len(one) < 16]
    return Customer.objects.present().filter(pk__in=ids)


def _in_words(state: listing.State) -> list[str]:
    """The filters as the list shows them."""
    words: dict[str, dict[Any, Any]] = {
        "status": dict(Relationship.Status.choices),
        "kind": dict(Customer.Kind.choices),
        "language": dict(Language.choices),
        "tag": {str(pk): name for pk, name in Tag.objects.values_list("pk", "name")},
    }
    return [str(words.get(name, {}).get(value, value)) for name, value in state.filters.items()]


def _to_list(state: listing.State) -> HttpResponse:
    response = redirect("customers:customers")
    response["Location"] += f"?{state.query()}" if state.query() else ""
    return response


def _done(request: HttpRequest, act: str, rows: Any, asked: dict[str, Any]) -> HttpResponse | None:
    """The act itself; a response when something else than the list follows."""
    by: Any = request.user
    if act == Act.EXPORT:
        text = bulk.export(rows, reason=asked["reason"], by=by)
        return HttpResponse(
            text,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="customers.csv"'},
        )
    if act == Act.ADD_TAG:
        count = bulk.add_tag(rows, name=asked["name"], by=by)
    elif act == Act.REMOVE_TAG:
        count = bulk.remove_tag(rows, tag=asked["tag"], by=by)
    else:
        count = bulk.set_status(rows, status=asked["status"], on=doors.today(), by=by)
    messages.success(
        request,
        ngettext("%(n)d customer was changed.", "%(n)d customers were changed.", count) % {"n": count},
    )
    return None
