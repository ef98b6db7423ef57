"""The billing person's pages, under /billing/. The owner may enter too, through the same login."""

from __future__ import annotations

from django.urls import path

from billing.views import collective, crediting, customers, files, invoices, lists, recurring, series
from billing.views.doors import private

app_name = "billing"

urlpatterns = [
    path("", private(lists.home), name="home"),
    path("released/", private(lists.released), name="released"),
    path("released/draw-up/", private(lists.draw_up), name="draw_up"),
    path("customers/", private(lists.customers), name="customers"),
    path("customers/K<int:pk>/", private(customers.page), name="customer"),
    path("customers/K<int:pk>/details/", private(customers.edit), name="details"),
    path("customers/K<int:pk>/invoice/", private(customers.new_draft), name="new_draft"),
    path("collective/", private(collective.propose), name="collective"),
    path("collective/N<int:pk>/", private(collective.run), name="collective_run"),
    path("recurring/", private(recurring.templates), name="recurring_list"),
    path("recurring/S<int:pk>/", private(recurring.edit), name="recurring"),
    path("recurring/S<int:pk>/draft/", private(recurring.make), name="make_recurring"),
    path("recurring/S<int:pk>/stop/", private(recurring.stop), name="stop_recurring"),
    path("customers/K<int:pk>/recurring/", private(recurring.new), name="new_recurring"),
    path("numbers/", private(series.page), name="numbers"),
    path("invoices/", private(lists.invoices), name="invoices"),
    path("invoices/D<int:pk>/", private(invoices.page), name="invoice"),
    path("invoices/D<int:pk>/preview/", private(invoices.preview), name="preview"),
    path("invoices/D<int:pk>/proforma/", private(invoices.proforma), name="proforma"),
    path("invoices/D<int:pk>/files/", private(files.add), name="add_files"),
    path("files/U<int:pk>/", private(files.download), name="file"),
    path("files/U<int:pk>/remove/", private(files.remove), name="remove_file"),
    path("invoices/D<int:pk>/issue/", private(invoices.issue), name="issue"),
    path("invoices/D<int:pk>/discard/", private(invoices.discard), name="discard"),
    path("invoices/D<int:pk>/credit/", private(crediting.credit), name="credit"),
    path("invoices/D<int:pk>/again/", private(invoices.again), name="again"),
    path("invoices/D<int:pk>/pdf/", private(invoices.paper), name="pdf"),
]
