"""What a bank file says, whatever its format: lines of an account, and the transactions below them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.fi import hetu

from billing import references

MASK = "******-****"
LONGEST_NAME = 140
LONGEST_MESSAGE = 420

_HETU = re.compile(r"(?<![0-9A-Za-z])[0-9]{6}[-+A-FU-Ya-fu-y][0-9]{3}[0-9A-Za-z](?![0-9A-Za-z])")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_PLAIN_REFERENCE = re.compile(r"[0-9A-Z]{1,25}")
_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])(RF[0-9]{2}[0-9A-Z ]{1,25}|[0-9][0-9 ]{2,24}[0-9])(?![0-9A-Za-z])")


class Unreadable(ValueError):
    """The file is not what its format asks for, or its sums do not agree; `line` is the line of the file.

    The text repeats nothing of the file but figures.
    """

    def __init__(self, reason: str | Promise, line: int = 0) -> None:
        self.line = line
        where = _("Line %(line)d: ") % {"line": line} if line else ""
        super().__init__(f"{where}{reason}")


class WrongFormat(Unreadable):
    """A file of another kind; the text says which, and what to fetch from the bank instead."""


@dataclass(slots=True)
class Part:
    """What a payer says of one document: a reference or number, and the amount, negative for a credit note."""

    key: str
    amount: Decimal | None


@dataclass(slots=True)
class Transaction:
    """One payment, positive, or one correction or return, negative, in euros."""

    line: int
    amount: Decimal
    paid_on: date
    archive_id: str = ""
    reference: str = ""
    payer_name: str = ""
    message: str = ""
    parts: list[Part] = field(default_factory=list)
    reason: str = ""
    """The bank's code of a return, such as AC04."""
    related: tuple[str, ...] = ()
    """Other identifiers the bank gives: by them a return names what it returns."""
    key: str = ""


@dataclass(slots=True)
class BankLine:
    """One line (*tiliotevienti*) of an account. Told without a transaction, its specification is elsewhere."""

    line: int
    account: str
    amount: Decimal
    booked_on: date
    archive_id: str = ""
    count: int | None = None
    failed: bool = False
    """A direct debit that failed: told, but no money."""
    left_out: bool = False
    """None of a customer's payments: counted, never kept."""
    seen: set[str] = field(default_factory=set)

    def identify(self, transaction: Transaction, place: int, *, alone: bool) -> None:
        """Give a transaction the key under which it is booked once in its account.

        The bank's own archive identifier where it tells transactions apart; else the line's with the place in it; else
        what the transaction says. A correction may carry the identifier of what it corrects.
        """
        if transaction.archive_id and transaction.archive_id not in self.seen:
            key = transaction.archive_id
            self.seen.add(key)
        elif self.archive_id and alone:
            key = self.archive_id
        else:
            key = self._told_apart(transaction, place)
        transaction.key = f"{key}-R" if transaction.amount < 0 else key

    def _told_apart(self, transaction: Transaction, place: int) -> str:
        said = f"{self.archive_id}|{self.booked_on}|{place}|{transaction.amount}|{transaction.reference}"
        if not self.archive_id:
            said += f"|{transaction.payer_name}|{transaction.message}"
        return f"={sha256(said.encode()).hexdigest()[:40]}"


Item = tuple[BankLine, Transaction | None]
"""A line with one of its transactions; None for a line that has none here."""


def masked(text: str) -> str:
    """The text without identity codes (*henkilötunnus*): those are nobody's business here."""
    return _HETU.sub(lambda found: MASK if hetu.is_valid(found[0].upper(), True) else found[0], text)


def line_of_text(text: str | None, limit: int) -> str:
    """Printable text on one line, masked and cut."""
    return masked(" ".join(_UNPRINTABLE.sub(" ", text or "").split()))[:limit].rstrip()


def reference_of(text: str | None) -> str:
    """A reference as it travels, or as the bank wrote it when its check digit is wrong; "" for anything else."""
    compact = "".join((text or "").split()).upper()
    if not compact:
        return ""
    try:
        return references.check(compact)
    except references.InvalidReference:
        pass
    stripped = compact.lstrip("0")
    return stripped if _PLAIN_REFERENCE.fullmatch(stripped) and masked(stripped) == stripped else ""


def reference_in(text: str) -> str:
    """The only reference number that stands in a message; "" when there is none or it might be several."""
    found = {
        references.check(candidate[1]) for candidate in _IN_TEXT.finditer(text) if _looks_right(candidate[1])
    }
    return found.pop() if len(found) == 1 else ""


def _looks_right(text: str) -> bool:
    return len("".join(text.split())) >= references.SHORTEST_MADE and references.is_valid(text)


def euros(text: str, line: int) -> Decimal:
    """An amount with up to five decimals, of which no more than two mean something."""
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{0,5})?", text):
        raise Unreadable(_("An amount cannot be read."), line)
    amount = Decimal(text)
    if amount != round(amount, 2):
        raise Unreadable(_("An amount has fractions of a cent."), line)
    return amount.quantize(Decimal("0.01"))


def agree(said: Decimal | int | None, counted: Decimal | int, line: int) -> None:
    """A sum or number the file tells is what its lines come to. Raises Unreadable."""
    if said is not None and said != counted:
        raise Unreadable(
            _("The file says %(said)s, its lines come to %(counted)s.") % {"said": said, "counted": counted},
            line,
        )
