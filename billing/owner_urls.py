"""Billing's pages for the owner, under /register/billing/."""

from __future__ import annotations

from django.urls import path

from billing.views import figures, grounds, owner
from billing.views.doors import private

app_name = "billing_owner"

urlpatterns = [
    path("assignments/T<int:pk>/release/", private(owner.release), name="release"),
    path("assignments/T<int:pk>/withdraw/", private(owner.withdraw), name="withdraw"),
    path("rules/", private(figures.overview), name="rules"),
    path("rules/<slug:code>/", private(figures.figure), name="figure"),
    path("rules/<int:pk>/remove/", private(figures.remove), name="remove_figure"),
    path("vat-rates/", private(owner.vat_rates), name="vat_rates"),
    path("vat-grounds/", private(grounds.page), name="grounds"),
    path("vat-grounds/<int:pk>/remove/", private(grounds.remove), name="remove_ground"),
    path("vat-rates/<int:pk>/remove/", private(owner.remove_rate), name="remove_rate"),
    path("locked-periods/", private(owner.locked_periods), name="locked_periods"),
]
