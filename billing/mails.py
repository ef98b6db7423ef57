"""The mail that carries an invoice or a letter: short, plain text, in the customer's language, to one address.

Its text says what the payer needs without opening the file, and nothing of what was bought. Line breaks in a header
are refused by Django's mail, and the names in headers are made printable first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from billing import references
from billing.models import Reminder, Sending
from billing.pdf import InvoiceDocument, Kind, Language
from billing.pdf.lettering import day, money, printable
from customers import addresses
from register.models import Registrar


@dataclass(frozen=True, kw_only=True)
class MailWords:
    names: dict[str, str]
    greeting: str
    attached: str
    total: str
    credited: str
    due: str
    pay_by: str
    reference: str
    account: str
    credits: str
    several: str
    questions: str


IN = {
    Language.FINNISH: MailWords(
        names={"invoice": "Lasku", "credit_note": "Hyvityslasku", "interest": "Korkolasku", "friendly": "Muistutus",
               "reminder": "Maksumuistutus", "demand": "Maksuvaatimus"},
        greeting="Hei,", attached="liitteenä: {what} {number}.", total="Maksettavaa", credited="Hyvitys",
        due="Eräpäivä", pay_by="Maksettava viimeistään", reference="Viitenumero", account="Tili",
        credits="Hyvittää laskun",
        several="Maksutiedot ovat liitteessä.", questions="Kysyttävää? Vastaa tähän viestiin.",
    ),
    Language.SWEDISH: MailWords(
        names={"invoice": "Faktura", "credit_note": "Kreditfaktura", "interest": "Räntefaktura",
               "friendly": "Påminnelse", "reminder": "Betalningspåminnelse", "demand": "Betalningskrav"},
        greeting="Hej,", attached="bifogat: {what} {number}.", total="Att betala", credited="Kreditering",
        due="Förfallodag", pay_by="Betalas senast", reference="Referensnummer", account="Konto",
        credits="Krediterar faktura",
        several="Betalningsuppgifterna finns i bilagan.", questions="Frågor? Svara på detta meddelande.",
    ),
    Language.ENGLISH: MailWords(
        names={"invoice": "Invoice", "credit_note": "Credit note", "interest": "Interest invoice",
               "friendly": "Reminder", "reminder": "Payment reminder", "demand": "Payment demand"},
        greeting="Hello,", attached="attached: {what} {number}.", total="To pay", credited="Credit",
        due="Due date", pay_by="To be paid by", reference="Reference number", account="Account",
        credits="Credits invoice",
        several="The payment details are in the attachment.", questions="Questions? Reply to this message.",
    ),
}  # fmt: skip
"""Not gettext: the mail speaks the customer's language whoever sends it (see billing.pdf.words)."""


File = tuple[str, bytes, str]
"""A file that goes along: its name, content and content type."""


def of_invoice(
    row: Sending, document: InvoiceDocument, paper: bytes, *, seller: Registrar, files: Sequence[File] = ()
) -> EmailMessage:
    """The mail of an invoice or credit note, with the files that go with it."""
    say = IN[document.language]
    facts = [
        (say.credited if document.is_credit_note else say.total, money(abs(document.amount_due))),
        (say.due, day(document.due_on) if document.due_on else ""),
        (say.reference, references.print_format(document.reference) if document.reference else ""),
        (say.account, references.print_account(document.account.iban) if document.account else ""),
        (say.credits, document.original_number if document.kind == Kind.CREDIT_NOTE else ""),
    ]
    what = say.names[document.kind]
    mail = _mail(row, say, what, document.number, facts, paper, seller=seller)
    for name, content, content_type in files:
        mail.attach(printable(name), content, content_type)
    return mail


def of_reminder(row: Sending, reminder: Reminder, paper: bytes, *, seller: Registrar) -> EmailMessage:
    """The mail of a reminder; what is owed of each debt stands in the letter alone."""
    say = IN[Language(reminder.language)]
    facts = [(say.pay_by, day(reminder.pay_by)), ("", say.several)]
    return _mail(row, say, say.names[reminder.level], str(reminder), facts, paper, seller=seller)


def message_id(row: Sending) -> str:
    """The mail's Message-ID: it names the sending and, so that nobody guesses it, the document's fingerprint."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<L{row.pk}.{row.sha256[:24]}@{domain}>"


def _mail(
    row: Sending,
    say: MailWords,
    what: str,
    number: str,
    facts: list[tuple[str, str]],
    paper: bytes,
    *,
    seller: Registrar,
) -> EmailMessage:
    name, number = printable(seller.name), printable(number)
    lines = [f"{label}: {value}" if label else value for label, value in facts if value]
    body = "\n".join(
        [say.greeting, "", say.attached.format(what=what.lower(), number=number), "", *lines, "", say.questions,
         "", name, *filter(None, [printable(seller.phone), seller.contact_email])]
    )  # fmt: skip
    mail = EmailMessage(
        subject=f"{what} {number}, {name}",
        body=body.replace("\u00a0", " ") + "\n",
        from_email=formataddr((name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[addresses.parse(row.address).for_sending],
        reply_to=[seller.contact_email],
        headers={"Message-ID": message_id(row), "Auto-Submitted": "auto-generated"},
    )
    mail.attach(f"{number}.pdf", paper, "application/pdf")
    return mail
