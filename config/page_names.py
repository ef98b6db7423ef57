"""The names of pages as the audit shows them: what was being read when somebody's data was read.

The entries hold these names in English for ever; here they are said in the reader's language.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from register.inventory import Text

PAGES: dict[str, Text] = {
    "accounts": _("user accounts"),
    "add": _("adding a customer or person"),
    "assignment": _("assignment"),
    "assignments": _("list of assignments"),
    "audit": _("the audit"),
    "audit export": _("audit as CSV"),
    "billing": _("billing"),
    "billing collective": _("collective drafts"),
    "billing credit": _("credit note"),
    "billing customer": _("customer in billing"),
    "billing customers": _("list of customers in billing"),
    "billing details": _("billing details"),
    "billing draft": _("draft invoice"),
    "billing file": _("file of an invoice"),
    "billing invoice": _("invoice"),
    "billing invoices": _("list of invoices"),
    "billing issue": _("issuing an invoice"),
    "billing numbers": _("register of numbers"),
    "billing recurring": _("recurring invoice"),
    "billing recurring list": _("list of recurring invoices"),
    "billing released": _("assignments to bill"),
    "bulk": _("many customers at once"),
    "compose": _("writing an entry"),
    "contact details": _("contact details"),
    "copy": _("copy of the data"),
    "customer": _("customer"),
    "duplicates": _("search for duplicates"),
    "edit": _("editing"),
    "entry": _("entry"),
    "erasure": _("erasure"),
    "export": _("customers as CSV"),
    "file": _("file"),
    "import": _("import"),
    "import report": _("report of an import"),
    "leave": _("leaving a company"),
    "link": _("link to one's own data"),
    "list of customers": _("list of customers"),
    "list of people": _("list of people"),
    "my data": _("one's own data, by link"),
    "person": _("person"),
    "portable copy": _("copy in machine-readable form"),
    "privacy request": _("privacy request"),
    "privacy requests": _("list of privacy requests"),
    "readers": _("who has read the data"),
    "release": _("releasing for billing"),
    "represent": _("choosing a representative"),
    "representative": _("representative"),
    "search": _("search"),
    "statement": _("privacy statement"),
    "suggestions": _("suggestions of the search box"),
    "task": _("task"),
    "tasks": _("list of tasks"),
    "timeline": _("timeline"),
    "today": _("start page"),
    "user": _("user"),
    "users": _("list of users"),
}
