"""The billing person's pages, under /billing/. The owner may enter too, through the same login."""

from __future__ import annotations

from django.urls import path

from billing.views import collection, customers, invoices, lists
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
    path("invoices/", private(lists.invoices), name="invoices"),
    path("invoices/D<int:pk>/", private(invoices.page), name="invoice"),
    path("invoices/D<int:pk>/preview/", private(invoices.preview), name="preview"),
    path("invoices/D<int:pk>/issue/", private(invoices.issue), name="issue"),
    path("invoices/D<int:pk>/discard/", private(invoices.discard), name="discard"),
    path("invoices/D<int:pk>/credit/", private(invoices.credit), name="credit"),
    path("invoices/D<int:pk>/again/", private(invoices.again), name="again"),
    path("invoices/D<int:pk>/pdf/", private(invoices.paper), name="pdf"),
    path("collection/", private(collection.cases), name="collection"),
    path("collection/candidates/", private(collection.candidates), name="collection_candidates"),
    path("collection/open/", private(collection.open_case), name="open_case"),
    path("collection/agencies/", private(collection.agencies), name="agencies"),
    path("collection/P<int:pk>/", private(collection.case), name="case"),
    path("collection/P<int:pk>/hand-over/", private(collection.hand_over), name="hand_over"),
    path("collection/P<int:pk>/report/", private(collection.report), name="report_payment"),
    path("collection/P<int:pk>/tell/", private(collection.tell), name="tell_agency"),
    path("collection/P<int:pk>/recall/", private(collection.recall), name="recall"),
    path("collection/P<int:pk>/close/", private(collection.close), name="close_case"),
    path("collection/P<int:pk>/packages/<int:handover_pk>/", private(collection.package), name="package"),
    path("invoices/D<int:pk>/loss/", private(collection.write_off), name="loss"),
]
