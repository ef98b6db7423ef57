"""The one search box: a page of results, and suggestions while typing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from customers import search
from register import audit, lists

SUGGESTED = 6
"""Suggestions of each group under the search box."""


@lists.named(gettext_lazy("Search results"))
def results(request: HttpRequest) -> HttpResponse:
    """Everything that matches, by group."""
    text = request.GET.get("q", "")[: search.LONGEST]
    found = search.search(text)
    audit.record_reads(found.subjects(), page="search")
    return render(request, "customers/search.html", {"q": text, "found": found})


def suggestions(request: HttpRequest) -> HttpResponse:
    """A piece of HTML for the search box: the first hits of each group."""
    text = request.GET.get("q", "")[: search.LONGEST]
    found = search.search(text, limit=SUGGESTED)
    audit.record_reads(found.subjects(), page="suggestions")
    return render(request, "customers/suggestions.html", {"q": text, "found": found})
