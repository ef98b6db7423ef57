"""The demo company's billing, made through the use cases: what waits, what is late, what was paid too late."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from billing import disputes, drafting, invoicing, ledger, recurring, sending
from billing.bank import importing
from billing.models import Dispute, DueBasis, Invoice, Payment, ReleasedAssignment, Sending
from customers import kinds
from customers.models import Customer
from register.models import Registrar, User


def bill(biller: User, *, at: datetime) -> None:
    """Everything the billing person has done until a moment, the oldest first."""
    _overdue(biller, at)
    _late(biller, at)
    _released(biller, at)
    _plan(biller, at)
    _bank(biller, at)


def _released(biller: User, at: datetime) -> None:
    """The billing person has issued one invoice, drafted another, and left the rest waiting."""
    waiting = list(ReleasedAssignment.objects.order_by("id"))
    for released, issued in zip(waiting, (True, False), strict=False):
        draft = drafting.draft_from([released], by=biller, on=at.date())
        if issued:
            made = invoicing.issue(draft, by=biller, on=at.date(), client_key=uuid.uuid4())
            sending.send(made, by=biller, at=at, channel=sending.Channel.PAPER)


LATE = (
    (70, "Verkkokaupan ylläpito", "Verkkopalvelut"),
    (45, "Esite suomeksi ja ruotsiksi", "Graafinen suunnittelu"),
    (36, "Kuvauspäivä", "Valokuvaus"),
    (20, "Luonnokset", ""),
)
"""Invoices of so many days ago that nobody has paid."""


def _late(biller: User, at: datetime) -> None:
    """Some invoices are late: one disputed in part, one whose sending is not proven, reminders to approve."""
    customers = list(Customer.objects.filter(billing_details__isnull=False).order_by("-kind", "-id"))
    for place, (days, what, kind) in enumerate(LATE):
        on = at.date() - timedelta(days=days)
        line = drafting.Line(
            description=what,
            quantity=Decimal(6 + place),
            unit_price=Decimal("95.00"),
            kind_id=_kinds().get(kind),
        )
        draft = drafting.draft_by_hand(customers[place % len(customers)], by=biller, on=on, lines=[line])
        issued = invoicing.issue(draft, by=biller, on=on, client_key=uuid.uuid4())
        if place == 1:
            disputes.enter(
                ledger.hold(issued.pk),
                amount=Decimal("120.00"),
                since=on + timedelta(days=9),
                ground=Dispute.Ground.QUALITY,
                note="Kuvat puuttuvat",
                on=at.date(),
                by=biller,
            )
        if place != 2:
            _sent(issued, at=at - timedelta(days=days), by=biller)


OVERDUE = (  # place of the customer, days since it fell due, euros, paid, days after the due date
    (0, 300, "2480.00", "1000.00", 45),
    (1, 1075, "390.00", "", 0),
    (7, 210, "186.00", "186.00", 120),
)


def _overdue(biller: User, at: datetime) -> None:
    """Invoices of the past that were paid late, in part or not at all."""
    customers = list(Customer.objects.order_by("id"))
    for place, days, price, paid, late in OVERDUE:
        due_on = at.date() - timedelta(days=days)
        line = drafting.Line(
            description="Suunnittelutyö",
            quantity=Decimal(1),
            unit_price=Decimal(price),
            kind_id=_kinds().get("Graafinen suunnittelu"),
        )
        on = due_on - timedelta(days=14)
        draft = drafting.draft_by_hand(customers[place], by=biller, on=on)
        facts = drafting.Facts(language=draft.language, payment_days=14, due_basis=DueBasis.CONTRACT)
        drafting.revise(draft, facts=facts, lines=[line], by=biller, on=on)
        invoice = invoicing.issue(draft, by=biller, on=on, client_key=uuid.uuid4())
        _sent(invoice, at=at - timedelta(days=days + 14), by=biller)
        if paid:
            _paid(invoice, Decimal(paid), on=due_on + timedelta(days=late), by=biller)


def _kinds() -> dict[str, int]:
    """The keys of the kinds of work by name."""
    return {kind.name: kind.pk for kind in kinds.choices()}


def _sent(invoice: Invoice, *, at: datetime, by: User) -> None:
    Sending.objects.create(
        customer=invoice.customer,
        invoice=invoice,
        channel=Sending.Channel.PAPER,
        address="Kotikatu 5",
        sha256=invoice.sha256,
        state=Sending.State.SENT,
        queued_at=at,
        sent_at=at,
        asked_by_id=by.pk,
    )


def _paid(invoice: Invoice, amount: Decimal, *, on: date, by: User) -> None:
    payment = Payment.objects.create(
        source=Payment.Source.MANUAL, amount=amount, paid_on=on, booked_on=on, entered_by_id=by.pk
    )
    ledger.allocate(payment, invoice.receivable, amount, on=on, by=by)


def _plan(biller: User, at: datetime) -> None:
    """The billing person lets upkeep be billed every month, from the first day of the next one."""
    customer = Customer.objects.filter(kind=Customer.Kind.COMPANY).order_by("id")[1]
    upkeep = drafting.Line(
        description="Verkkosivujen ylläpito",
        quantity=Decimal(1),
        unit="kk",
        unit_price=Decimal("95.00"),
        kind_id=_kinds().get("Verkkopalvelut"),
    )
    first = (at.date().replace(day=1) + timedelta(days=32)).replace(day=1)
    recurring.plan(
        customer,
        facts=replace(drafting.usual_facts(customer), subject="Ylläpito"),
        lines=[upkeep],
        schedule=recurring.Schedule(interval=1, first_on=first),
        by=biller,
    )


def _bank(biller: User, at: datetime) -> None:
    """The bank has told of two payments at which somebody must look."""
    day = at.date().isoformat()
    told = "".join(
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>{day}</Dt></BookgDt>'
        f"<AcctSvcrRef>DEMO{amount}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr></RltdPties>"
        f"<RmtInf><Ustrd>{said}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for amount, payer, said in (
            ("186.74", "KOIVUKYLÄN KONE OY", "Kiitos viimeisestä, maksu laskusta"),
            ("62.00", "RUUSUNEN HELENA", "Ennakkomaksu syksyn kuvista"),
        )
    )
    account = f"<Acct><Id><IBAN>{Registrar.objects.get().iban}</IBAN></Id></Acct>"
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02">'
        f"<BkToCstmrDbtCdtNtfctn><Ntfctn>{account}{told}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    )
    upload = SimpleUploadedFile(f"tapahtumat-{day}.xml", content.encode())
    importing.run(importing.receive(upload, by=biller, at=at).pk, at=at, on=at.date())
