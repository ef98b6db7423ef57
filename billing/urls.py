"""The billing person's pages, under /billing/. The owner may enter too, through the same login."""

from __future__ import annotations

from django.urls import path

from billing.views import customers, debtors, dispatch, invoices, late, lists, overdue, sendings
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
    path("invoices/D<int:pk>/send/", private(sendings.send), name="send"),
    path("invoices/D<int:pk>/sent/", private(sendings.otherwise), name="sent_otherwise"),
    path("sendings/", private(sendings.page), name="sendings"),
    path("sendings/unsent/", private(sendings.unsent), name="unsent"),
    path("sendings/LM<int:pk>/", private(sendings.run), name="sending_run"),
    path("sendings/letters/", private(dispatch.print_queue), name="letters"),
    path("sendings/letters/pdf/", private(dispatch.letters_pdf), name="letters_pdf"),
    path("sendings/e-invoices/", private(dispatch.for_operator), name="e_invoices"),
    path("sendings/e-invoices/files/", private(dispatch.e_invoice_files), name="e_invoice_files"),
    path("sendings/returned/", private(sendings.report), name="bounce"),
    path("sendings/L<int:pk>/again/", private(sendings.again), name="send_again"),
    path("sendings/L<int:pk>/cancel/", private(sendings.cancel), name="cancel_sending"),
    path("sendings/L<int:pk>/returned/", private(sendings.returned), name="returned"),
    path("sendings/L<int:pk>/resolve/", private(sendings.resolve), name="resolve_sending"),
]
