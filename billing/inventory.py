"""What billing holds about customers, in words a customer understands."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from register.inventory import (
    BLANK,
    BOOKKEEPING,
    BOOKS,
    ROW,
    After,
    Basis,
    Event,
    Kind,
    Place,
    Routine,
    Shell,
    Statute,
    StoredFile,
    Text,
    declare,
    keep_by_law,
)
from register.roles import Login, Role

ACCOUNTANT = _("the accountant and the auditor, and the tax authority when it asks")
OURSELVES = _("the register itself")


def _kept_with_the_books(
    label: Text,
    *,
    purpose: Text,
    source: Text,
    recipients: Text = ACCOUNTANT,
    basis: Basis = Basis.LEGAL_OBLIGATION,
    statute: Statute = BOOKKEEPING,
) -> Kind:
    """What stays for as long as bookkeeping keeps its vouchers or books, whoever asks for its erasure."""
    return Kind(
        label=label,
        purpose=purpose,
        basis=basis,
        keep=statute,
        seen_by={Role.BILLING},
        on_erasure=keep_by_law(statute),
        source=source,
        recipients=recipients,
    )


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
    source=OURSELVES,
)
RECURRING = Kind(
    label=_("Recurring invoices: what is billed regularly"),
    purpose=_("to bill regular work without writing it anew"),
    basis=Basis.CONTRACT,
    keep=After(Event.RELATIONSHIP_END, years=2),
    seen_by={Role.BILLING},
    on_erasure=ROW,
    source=OURSELVES,
)
INVOICE = _kept_with_the_books(
    _("Invoices and credit notes"),
    purpose=_("billing, and bookkeeping as the law orders it"),
    source=OURSELVES,
)

LEDGER = _kept_with_the_books(
    _("The ledger: numbers, days and sums of invoices, payments and entries"),
    purpose=_(
        "to follow what is open, and bookkeeping as the law orders it; an open debt is kept with its papers until it "
        "is settled, and after the years of the vouchers the ledger names nobody any more"
    ),
    source=OURSELVES,
    statute=BOOKS,
)
REASON = _kept_with_the_books(
    _("Reasons written on entries of the ledger"),
    purpose=_("to show why something was corrected, refunded or given up"),
    source=OURSELVES,
)
PAYMENT = _kept_with_the_books(
    _("Payments: payer's name, day, amount, reference"),
    purpose=_("to know who has paid what"),
    source=_("the company's bank"),
)
SENDING = _kept_with_the_books(
    _("Proof of sending: where and when a bill or letter went"),
    purpose=_("to show that a bill was sent, on which interest and reminders depend"),
    source=OURSELVES,
    recipients=_("the company's mail provider, the post, and the e-invoice operator, each for delivering it"),
)
COLLECTION = _kept_with_the_books(
    _("Late payment: reminders, disputes, agreements on payment"),
    purpose=_("to collect what is owed as the law on debt collection orders it, and to show that it was so"),
    source=_("the customer himself and the register itself"),
)
AGENCY_CASE = _kept_with_the_books(
    _("Collection: steps of the case, what an agency was given, credit losses"),
    purpose=_("to collect what is owed, and to show how it was done"),
    basis=Basis.LEGITIMATE_INTEREST,
    source=OURSELVES,
    recipients=_("the collection agency, when a debt is handed over to it"),
)
BANK_MESSAGE = Kind(
    label=_("A payer's message while it is not known what he has paid"),
    purpose=_("to find the invoice that was meant"),
    basis=Basis.CONTRACT,
    keep=After(Event.ENTRY, months=12),
    seen_by={Role.BILLING},
    on_erasure=BLANK,
    source=_("the company's bank"),
)
REFUND_ACCOUNT = Kind(
    label=_("The account to which something is paid back"),
    purpose=_("to pay back what was paid too much"),
    basis=Basis.CONTRACT,
    keep=After(Event.ENTRY, months=3),
    seen_by={Role.BILLING},
    on_erasure=BLANK,
    recipients=_("the company's bank"),
)
FIGURES = ("vat_category", "vat_rate", "net", "vat")
"""What the books need of each VAT rate of a document (migration 0024: billing_figures)."""


def figures(snapshot: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is left of an issued document: what it came to at each VAT rate."""
    if snapshot is None:
        return None
    return {"vat_lines": [{key: line.get(key) for key in FIGURES} for line in snapshot.get("vat_lines", ())]}


BOOKED = Shell(LEDGER)
"""Rows without which the ledger could not be shown to be right."""
BOOKED_DOCUMENT = Shell(LEDGER, {"snapshot": figures})

declare(
    Place(
        "bank",
        BANK_MESSAGE,
        where=_("files of the register, outside the web server's reach, under random names"),
        erased_by=_("deleted as soon as the file is imported or refused"),
        title=_("Bank files on their way into the register"),
    ),
    Place(
        "invoice files",
        INVOICE,
        where=_("files of the register, outside the web server's reach, under random names"),
        erased_by=_("deleted together with the invoice they belong to"),
        title=_("Files that go with invoices"),
    ),
    StoredFile("billing.InvoiceAttachment", "path"),
    Place(
        "bills by mail",
        SENDING,
        where=_(
            "nowhere in the register: a mail is written from the stored document when it is sent; copies lie with "
            "the mail provider and the recipient"
        ),
        erased_by=_("the mail provider's own time limits; the register keeps no copy of a mail"),
        title=_("Invoices and letters sent by e-mail"),
    ),
)

declare(Routine("billing_payment_keys(integer)", frozenset({Login.BILLING, Login.WORKER})))
"""Keys for payments whose entries are written before them (billing.bank.booking)."""
