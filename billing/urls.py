"""The billing person's pages, under /billing/. The owner may enter too, through the same login."""

from __future__ import annotations

from django.urls import path

from billing.views import bank, customers, invoices, lists, payments, refunds
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
    path("bank/", private(bank.files), name="bank"),
    path("bank/files/P<int:pk>/", private(bank.file), name="bank_file"),
    path("bank/files/P<int:pk>/again/", private(bank.again), name="bank_file_again"),
    path("bank/files/P<int:pk>/csv/", private(bank.report), name="bank_file_report"),
    path("bank/payments/", private(payments.questions), name="bank_questions"),
    path("bank/payments/seen/", private(payments.seen), name="payments_seen"),
    path("bank/payments/new/", private(payments.by_hand), name="payment_by_hand"),
    path("bank/payments/M<int:pk>/", private(payments.payment), name="payment"),
    path("bank/lines/R<int:pk>/", private(payments.line), name="statement_line"),
    path("bank/refunds/", private(refunds.page), name="refunds"),
    path("bank/refunds/PAL<int:pk>/", private(refunds.decide), name="refund"),
    path("bank/refunds/files/<int:pk>/", private(refunds.download), name="refund_file"),
]
