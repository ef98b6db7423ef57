"""The billing person's pages, under /billing/. The owner may enter too, through the same login."""

from __future__ import annotations

from django.urls import path

from billing.views import customers, invoices, lists, reports
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
    path("reports/", private(reports.index), name="reports"),
    path("reports/<slug:code>/", private(reports.report), name="report"),
    path("reports/<slug:code>.csv", private(reports.file), {"ending": "csv"}, name="report_csv"),
    path("reports/<slug:code>.xlsx", private(reports.file), {"ending": "xlsx"}, name="report_xlsx"),
    path("month-end/", private(reports.month_end), name="month_end"),
    path("month-end/lock/", private(reports.lock), name="lock"),
    path("journal/", private(reports.journal_page), name="journal"),
    path("journal/accounts/", private(reports.accounts), name="journal_accounts"),
]
