"""The register owner's pages of customers and people, under /register/."""

from __future__ import annotations

from django.urls import path

from customers.views import (
    customer,
    details,
    finding,
    imports,
    kinds,
    lists,
    person,
    start,
    timeline,
    work,
    work_lists,
)

app_name = "customers"

K = "customers/K<int:customer>/"
H = "people/H<int:person>/"

urlpatterns = [
    path("", start.page, name="today"),
    path("search/", finding.results, name="search"),
    path("search/suggestions/", finding.suggestions, name="suggest"),
    # customers
    path("customers/", lists.customers, name="customers"),
    path("customers/many/", lists.many, name="many"),
    path("customers/add/", customer.add_company, name="add_customer"),
    path("customers/add/private/", customer.add_private, name="add_private"),
    path("customers/K<int:pk>/", customer.page, name="customer"),
    path("customers/K<int:pk>/edit/", customer.edit, name="edit_customer"),
    path(K + "people/add/", person.add, name="add_person_to"),
    path(K + "people/choose/", details.represent, name="represent_of_customer"),
    path(K + "details/<str:sort>/add/", details.add, name="add_detail_of_customer"),
    path(K + "timeline/", timeline.timeline, name="timeline_of_customer"),
    path(K + "timeline/add/", timeline.log, name="log_of_customer"),
    path(K + "assignments/add/", work.add, name="add_assignment"),
    path(K + "tasks/add/", work.add_task, name="add_task_of_customer"),
    # people
    path("people/", lists.people, name="people"),
    path("people/add/", person.add, name="add_person"),
    path("people/H<int:pk>/", person.page, name="person"),
    path("people/H<int:pk>/edit/", person.edit, name="edit_person"),
    path("people/H<int:pk>/readers/", person.readers, name="readers"),
    path(H + "customers/choose/", details.represent, name="represent_of_person"),
    path(H + "details/<str:sort>/add/", details.add, name="add_detail_of_person"),
    path(H + "timeline/", timeline.timeline, name="timeline_of_person"),
    path(H + "timeline/add/", timeline.log, name="log_of_person"),
    path(H + "tasks/add/", work.add_task, name="add_task_of_person"),
    # one by one
    path("details/<str:sort>/<int:pk>/", details.edit, name="detail"),
    path("details/<str:sort>/<int:pk>/primary/", details.make_primary, name="make_primary"),
    path("representatives/<int:pk>/", details.edit_representation, name="representation"),
    path("representatives/<int:pk>/leave/", details.leave, name="leave"),
    path("entries/Y<int:pk>/", timeline.edit, name="entry"),
    path("files/F<int:pk>/", timeline.download, name="file"),
    path("files/F<int:pk>/delete/", timeline.remove_file, name="remove_file"),
    path("assignments/", work_lists.assignments, name="assignments"),
    path("assignments/T<int:pk>/", work.page, name="assignment"),
    path("assignments/T<int:pk>/edit/", work.edit, name="edit_assignment"),
    path("assignments/T<int:pk>/step/", work.step, name="step"),
    path("assignments/T<int:pk>/files/", work.add_files, name="add_files"),
    path("assignments/T<int:assignment>/tasks/add/", work.add_task, name="add_task_of_assignment"),
    path("assignments/kinds/", kinds.listed, name="kinds"),
    path("assignments/kinds/<int:pk>/", kinds.page, name="kind"),
    path("tasks/", work_lists.tasks, name="tasks"),
    path("tasks/add/", work.add_task, name="add_task"),
    path("tasks/M<int:pk>/", work.edit_task, name="task"),
    path("tasks/M<int:pk>/done/", work.finish_task, name="finish_task"),
    # import
    path("import/", imports.start, name="imports"),
    path("import/I<int:pk>/", imports.page, name="import"),
    path("import/I<int:pk>/choose/", imports.choose, name="import_choose"),
    path("import/I<int:pk>/columns/", imports.columns, name="import_columns"),
    path("import/I<int:pk>/confirm/", imports.confirm, name="import_confirm"),
    path("import/I<int:pk>/cancel/", imports.cancel, name="import_cancel"),
    path("import/I<int:pk>/again/", imports.again, name="import_again"),
    path("import/I<int:pk>/report.csv", imports.report_csv, name="import_report"),
]
