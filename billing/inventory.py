"""What billing holds about customers, in words a customer understands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from register.inventory import BOOKKEEPING, ROW, After, Basis, Event, Kind, keep_by_law
from register.roles import Role

BILLING_DETAILS = Kind(
    label=_("Billing details: billing address, invoicing e-mail, e-invoice address, terms of payment"),
    purpose=_("to send invoices where the customer wants them"),
    basis=Basis.CONTRACT,
    keep=After(Event.RELATIONSHIP_END, years=2),
    seen_by={Role.BILLING},
    on_erasure=ROW,
)
RELEASED = Kind(
    label=_("Work to be billed"),
    purpose=_("to draw up the invoice for work that was done"),
    basis=Basis.CONTRACT,
    keep=After(Event.RELATIONSHIP_END, years=2),
    seen_by={Role.BILLING},
    on_erasure=ROW,
    source=_("the register itself"),
)
INVOICE = Kind(
    label=_("Invoices and credit notes"),
    purpose=_("billing, and bookkeeping as the law orders it"),
    basis=Basis.LEGAL_OBLIGATION,
    keep=BOOKKEEPING,
    seen_by={Role.BILLING},
    on_erasure=keep_by_law(BOOKKEEPING),
    source=_("the register itself"),
    recipients=_("the accountant and the auditor, and the tax authority when it asks"),
)
