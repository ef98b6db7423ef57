"""The menus of the staff's doors, composed from the pages of all apps (shown by register.shell)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from register.roles import Login
from register.shell import Group, Item, Menu

OWNER = Menu(
    home="customers:today",
    search="customers:search",
    suggest="customers:suggest",
    groups=(
        Group(
            "",
            (
                Item(_("Today"), "customers:today", "today"),
                Item(_("Customers"), "customers:customers", "customers"),
                Item(_("People"), "customers:people", "people"),
                Item(_("Assignments"), "customers:assignments", "assignments"),
                Item(_("Tasks"), "customers:tasks", "tasks"),
            ),
        ),
        Group(
            _("Data"),
            (
                Item(_("Import"), "customers:imports", "import"),
                Item(_("Tags"), "admin:customers_tag_changelist", "tag"),
                Item(_("Billing"), "billing:home", "billing"),
            ),
        ),
        Group(
            _("Privacy"),
            (
                Item(_("Privacy requests"), "privacy_owner:requests", "requests"),
                Item(_("Privacy statement"), "register:statement", "statement"),
                Item(_("Audit"), "register:audit", "audit"),
                Item(_("Security events"), "register:security", "warning"),
            ),
        ),
        Group(
            _("Settings"),
            (
                Item(_("Users"), "register:users", "users"),
                Item(_("Registrar"), "register:registrar", "registrar"),
                Item(_("Kinds of assignments"), "customers:kinds", "tag"),
                Item(_("Rules"), "billing_owner:rules", "rules"),
                Item(_("VAT rates"), "billing_owner:vat_rates", "billing"),
                Item(_("VAT grounds"), "billing_owner:grounds", "billing"),
                Item(_("Locked periods"), "billing_owner:locked_periods", "lock"),
            ),
        ),
    ),
)

BILLING = Menu(
    home="billing:home",
    groups=(
        Group(
            "",
            (
                Item(_("Billing"), "billing:home", "today"),
                Item(_("Customers"), "billing:customers", "customers"),
            ),
        ),
        Group(
            _("Invoices"),
            (
                Item(_("Assignments to bill"), "billing:released", "assignments"),
                Item(_("Invoices"), "billing:invoices", "billing"),
                Item(_("Recurring invoices"), "billing:recurring_list", "back"),
                Item(_("Sendings"), "billing:sendings", "mail"),
            ),
        ),
        Group(
            _("Payments"),
            (
                Item(_("Bank"), "billing:bank", "import"),
                Item(_("Payments to look at"), "billing:bank_questions", "search"),
                Item(_("Refunds"), "billing:refunds", "leave"),
            ),
        ),
        Group(
            _("Late payments"),
            (
                Item(_("Late payments"), "billing:overdue", "warning"),
                Item(_("Reminders"), "billing:reminders", "letter"),
                Item(_("Collection"), "billing:collection", "requests"),
                Item(_("Limits near"), "billing:limits", "limits"),
            ),
        ),
        Group(
            _("Books"),
            (
                Item(_("Reports"), "billing:reports", "chart"),
                Item(_("Month end"), "billing:month_end", "done"),
                Item(_("Rules"), "billing:rules", "rules"),
            ),
        ),
    ),
)

MENUS = {Login.OWNER: OWNER, Login.BILLING: BILLING}
