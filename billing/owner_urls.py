"""Billing's pages for the owner, under /register/billing/."""

from __future__ import annotations

from django.urls import path

from billing.views import figures, owner
from billing.views.doors import private

app_name = "billing_owner"

urlpatterns = [
    path("assignments/T<int:pk>/release/", private(owner.release), name="release"),
    path("assignments/T<int:pk>/withdraw/", private(owner.withdraw), name="withdraw"),
    path("rules/", private(figures.overview), name="rules"),
    path("rules/<slug:code>/", private(figures.figure), name="figure"),
    path("rules/<int:pk>/remove/", private(figures.remove), name="remove_figure"),
    path("vat-rates/", private(owner.vat_rates), name="vat_rates"),
    path("vat-rates/<int:pk>/remove/", private(owner.remove_rate), name="remove_rate"),
]
