"""The billing person's pages, under /billing/. The owner may enter too, through the same login."""

from __future__ import annotations

from django.urls import path

from billing.views import (
    customers,
    debt,
    debtors,
    figures,
    interest,
    invoices,
    late,
    limits,
    lists,
    overdue,
)
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
    path("customers/K<int:pk>/interest/", private(interest.of_customer), name="interest"),
    path("customers/K<int:pk>/interest/invoice/", private(interest.invoice), name="interest_invoice"),
    path("customers/K<int:pk>/interest/agree/", private(interest.agree), name="agree_rate"),
    path("customers/K<int:pk>/interest.csv", private(interest.csv_of_customer), name="interest_csv"),
    path("customers/K<int:pk>/debt/", private(debt.page), name="debt"),
    path("customers/K<int:pk>/debt.pdf", private(debt.paper), name="debt_pdf"),
    path("agreed-rates/<int:pk>/end/", private(interest.end_agreement), name="end_rate"),
    path("invoices/D<int:pk>/interest/", private(interest.of_invoice), name="claim"),
    path("invoices/D<int:pk>/interest/agree/", private(interest.agree_for_one), name="agree_for_one"),
    path("invoices/D<int:pk>/interest.csv", private(interest.csv_of_invoice), name="claim_csv"),
    path("limits/", private(limits.near), name="limits"),
    path("interruptions/<int:pk>/remove/", private(limits.take_back), name="take_back_interruption"),
    path("rules/", private(figures.overview), name="rules"),
    path("rules/<slug:code>/", private(figures.figure), name="figure"),
    path("invoices/", private(lists.invoices), name="invoices"),
    path("invoices/D<int:pk>/", private(invoices.page), name="invoice"),
    path("invoices/D<int:pk>/preview/", private(invoices.preview), name="preview"),
    path("invoices/D<int:pk>/issue/", private(invoices.issue), name="issue"),
    path("invoices/D<int:pk>/discard/", private(invoices.discard), name="discard"),
    path("invoices/D<int:pk>/credit/", private(invoices.credit), name="credit"),
    path("invoices/D<int:pk>/again/", private(invoices.again), name="again"),
    path("invoices/D<int:pk>/pdf/", private(invoices.paper), name="pdf"),
    path("overdue/", private(overdue.late), name="overdue"),
    path("reminders/", private(overdue.reminders), name="reminders"),
    path("reminders/approve/", private(overdue.approve), name="approve_reminders"),
    path("reminders/MA<int:pk>/", private(overdue.run), name="reminder_run"),
    path("reminders/MU<int:pk>/pdf/", private(overdue.paper), name="reminder_pdf"),
    path("invoices/D<int:pk>/late/", private(late.page), name="late"),
    path("invoices/D<int:pk>/late/dispute/", private(late.dispute), name="dispute"),
    path("invoices/D<int:pk>/late/dispute/<int:dispute>/", private(late.resolve), name="resolve"),
    path("invoices/D<int:pk>/late/extend/", private(late.extend), name="extend"),
    path("invoices/D<int:pk>/late/plan/", private(late.plan), name="plan"),
    path("invoices/D<int:pk>/late/plan/<int:plan>/revive/", private(late.revive), name="revive"),
    path("invoices/D<int:pk>/late/plan/<int:plan>/end/", private(late.cancel), name="end_plan"),
    path("invoices/D<int:pk>/late/hold/", private(late.hold), name="hold"),
    path("invoices/D<int:pk>/late/waive/<int:charge>/", private(late.waive), name="waive"),
    path("invoices/D<int:pk>/late/compensation/", private(late.compensate), name="compensate"),
    path("customers/K<int:pk>/hold/", private(debtors.hold), name="hold_customer"),
    path("customers/K<int:pk>/hold/<int:hold>/lift/", private(debtors.lift), name="lift"),
    path("customers/K<int:pk>/debtor/", private(debtors.switch), name="debtor"),
]
