"""Reader of camt.053 and camt.054, versions 2 and 8: streamed transaction by transaction, every sum held against them.

An entry of reference payments is a batch: its text differs by bank (`705 VIITESIIRROT`, `710TILISIIRTO`), so only the
ISO domain and the first three digits are looked at. Elements are found by their local names, which is what the
versions have in common. A batch of any length takes no more memory than one transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import BinaryIO

import schwifty
from django.utils.translation import gettext_lazy as _
from schwifty.exceptions import SchwiftyException

from billing.amounts import ZERO
from billing.bank import elements
from billing.bank.elements import Element, Facts
from billing.bank.transactions import (
    LONGEST_MESSAGE,
    LONGEST_NAME,
    BankLine,
    Item,
    Part,
    Transaction,
    Unreadable,
    agree,
    euros,
    line_of_text,
    reference_in,
    reference_of,
)

OUR_REFUND = "PALAUTUS-"
"""How the identifiers of our refunds begin: one that comes back is a customer's money."""
STATEMENTS = {"Stmt", "Ntfctn"}
HEARD = ("Stmt", "Ntfctn", "Acct", "TxsSummry", "Ntry", "TxDtls", "GrpHdr", "Bal")
INCOMING = {"RCDT", "RRCT", "IDDT", "RDDT", "MCRD", "CNTR"}
"""ISO families of money that customers pay: credit transfers, direct debits, cards, cash at the counter."""
TAKEN_BACK = {"RCDT", "RRCT", "IDDT"}
"""Of these, families in which money that goes is money that had come; in the others it may be our own payment."""
FINNISH = {"700", "701", "702", "703", "704", "705", "706", "710", "770"}
"""Finnish entry codes of the same (*kirjausselite*)."""
NEVER = {"720", "721", "722", "730", "740", "750", "760", "761", "780", "781"}
"""Finnish entry codes of withdrawals, fees, interest, loans and the company's own transfers."""

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Za-z0-9]{1,30}")


def read(source: BinaryIO) -> Iterator[Item]:
    """Lines and transactions in their order; entries' and statements' sums are checked at their ends.

    Raises Unreadable.
    """
    statement: _Statement | None = None
    found, where = False, 1
    for event, element in elements.events(source, HEARD):
        name = elements.name_of(element)
        if event == "start":
            if name in STATEMENTS and statement is None:
                statement, found = _Statement(), True
            continue
        where = element.sourceline or where
        if statement is not None:
            yield from statement.hear(name, element)
            if name in STATEMENTS:
                statement = None
        if name in ("Ntry", "TxDtls", "GrpHdr", "Bal", *STATEMENTS):
            elements.drop(element)
    if not found:
        raise Unreadable(_("The file holds no statement of an account."), where)


class _Statement:
    """One account's statement or notification while it is read."""

    def __init__(self) -> None:
        self.account: str | None = None
        self.summary = Summary()
        self.entry: _Entry | None = None

    def hear(self, name: str, element: Element) -> Iterator[Item]:
        if name == "TxDtls":
            if self.entry is None:
                entry = next(element.iterancestors("{*}Ntry"), None)
                if entry is None:
                    raise Unreadable(_("A transaction stands outside an entry."), element.sourceline or 0)
                self.entry = self._open(entry)
            yield from self.entry.transaction(elements.facts(element), element)
        elif name == "Ntry":
            entry = self.entry or self._open(element)
            self.entry = None
            self.summary.add(abs(entry.line.amount), credit=entry.credit)
            yield from entry.close(element)
        elif name == "Acct" and elements.name_of(element.getparent()) in STATEMENTS:
            self.account = _account(element)
        elif name == "TxsSummry":
            self.summary.said = _said(element)
        elif name in STATEMENTS:
            self.summary.check(element.sourceline or 0)

    def _open(self, element: Element) -> _Entry:
        where = element.sourceline or 0
        if self.account is None:
            raise Unreadable(_("The account stands nowhere before the entry."), where)
        return _Entry(element, self.account, where)


class _Entry:
    """One entry while its transactions go by; the first is held back until it is known to be alone or not."""

    def __init__(self, element: Element, account: str, where: int) -> None:
        said = self.said = elements.facts(element)
        indicator = said.get("CdtDbtInd")
        if indicator not in ("CRDT", "DBIT"):
            raise Unreadable(_("The entry does not say whether money came or went."), where)
        if "Amt" not in said:
            raise Unreadable(_("An entry has no amount."), where)
        self.credit = indicator == "CRDT"
        amount = euros(said["Amt"], where)
        self.booked = bool(amount) and (said.get("Sts/Cd") or said.get("Sts") or "BOOK") == "BOOK"
        if self.booked and said.get("Amt@") != "EUR":
            raise Unreadable(_("The account is not kept in euros."), where)
        self.line = BankLine(
            line=where,
            account=account,
            amount=amount if self.credit else -amount,
            booked_on=elements.day(said, "BookgDt", where)
            or elements.day(said, "ValDt", where)
            or _no_day(where),
            archive_id=line_of_text(said.get("AcctSvcrRef"), 40),
        )
        self.held: tuple[Transaction, Decimal | None] | None = None
        self.first: Facts = {}
        self.wanted: bool | None = None
        self.count, self.sum = 0, ZERO

    def transaction(self, details: Facts, element: Element) -> Iterator[Item]:
        if not self.booked:
            return
        if self.wanted is None:
            self.wanted = self._concerns_us(details)
        self.count += 1
        if not self.wanted:
            return
        where = element.sourceline or self.line.line
        told = _transaction(details, self.said, self.line, _structured(element, where), where)
        if self.count == 1:
            self.held, self.first = (told, _own_euros(details, where)), details
            return
        if self.count == 2 and self.held is not None:
            yield from self._pass_on(*self.held, place=0)
        yield from self._pass_on(told, _own_euros(details, where), place=self.count - 1)

    def _pass_on(self, told: Transaction, own: Decimal | None, *, place: int) -> Iterator[Item]:
        if own is None:
            raise Unreadable(_("A transaction does not say how many euros it is."), told.line)
        told.amount *= own
        self.sum += told.amount
        if told.amount:
            self.line.identify(told, place, alone=False)
            yield self.line, told

    def close(self, element: Element) -> Iterator[Item]:
        if not self.booked:
            return
        if not (self._concerns_us({}) if self.wanted is None else self.wanted):
            self.line.left_out = True
            yield self.line, None
            return
        self.line.count = _batch_count(element, self.line.line)
        if not self.count:
            yield self.line, None
            return
        agree(self.line.count, self.count, self.line.line)
        if self.count > 1:
            agree(self.line.amount, self.sum, self.line.line)
        elif self.held is not None:
            told, own = self.held
            if own is not None and not any(path.startswith("Chrgs/") for path in self.first):
                agree(abs(self.line.amount), own, told.line)
            told.amount = self.line.amount
            self.line.identify(told, 0, alone=True)
            yield self.line, told

    def _concerns_us(self, first: Facts) -> bool:
        """Whether a customer paid, or a customer's payment was taken back."""
        both = (self.said, first)
        families = {one.get("BkTxCd/Domn/Fmly/Cd") for one in both} - {None}
        domains = {one.get("BkTxCd/Domn/Cd") for one in both} - {None}
        finnish = {one.get("BkTxCd/Prtry/Cd", "")[:3] for one in both} - {""}
        incoming = ("PMNT" in domains and bool(families & INCOMING)) or (
            not domains and bool(finnish & FINNISH)
        )
        if self.credit:
            ours = first.get("Refs/EndToEndId", "").startswith(OUR_REFUND)
            referenced = "RmtInf/Strd/CdtrRefInf/Ref" in first
            return incoming or ours or referenced or not (domains or finnish & NEVER)
        flagged = self.said.get("RvslInd") == "true" or any(one.startswith("RtrInf/") for one in first)
        return (incoming and flagged) or bool(families & TAKEN_BACK or (not domains and "705" in finnish))


@dataclass(slots=True)
class Summary:
    """What a statement says its entries come to, and what they came to."""

    said: dict[str, Decimal | int | None] = field(default_factory=dict)
    credits: int = 0
    debits: int = 0
    credit_sum: Decimal = ZERO
    debit_sum: Decimal = ZERO

    def add(self, amount: Decimal, *, credit: bool) -> None:
        if credit:
            self.credits, self.credit_sum = self.credits + 1, self.credit_sum + amount
        else:
            self.debits, self.debit_sum = self.debits + 1, self.debit_sum + amount

    def check(self, where: int) -> None:
        counted: dict[str, Decimal | int] = {
            "TtlNtries/NbOfNtries": self.credits + self.debits,
            "TtlCdtNtries/NbOfNtries": self.credits,
            "TtlDbtNtries/NbOfNtries": self.debits,
            "TtlNtries/Sum": self.credit_sum + self.debit_sum,
            "TtlCdtNtries/Sum": self.credit_sum,
            "TtlDbtNtries/Sum": self.debit_sum,
            "TtlNtries/Net": abs(self.credit_sum - self.debit_sum),
        }
        for what, said in self.said.items():
            agree(said, counted[what], where)


# --- a transaction ---------------------------------------------------------------------------------------


def _transaction(details: Facts, entry: Facts, line: BankLine, parts: list[Part], where: int) -> Transaction:
    """A transaction whose amount is only its sign yet."""
    _check_accounts(details, where)
    indicator = details.get("CdtDbtInd")
    credit = indicator == "CRDT" if indicator else line.amount > 0
    told = Transaction(
        line=where,
        amount=Decimal(1 if credit else -1),
        paid_on=elements.day(details, "RltdDts/AccptncDtTm", where)
        or elements.day(entry, "ValDt", where)
        or line.booked_on,
        archive_id=line_of_text(details.get("Refs/AcctSvcrRef"), 40),
        payer_name=_payer(details, credit),
        message=line_of_text(details.get("RmtInf/Ustrd"), LONGEST_MESSAGE),
        reason=line_of_text(details.get("RtrInf/Rsn/Cd") or details.get("RtrInf/Rsn/Prtry"), 10),
    )
    if len(parts) > 1:
        told.parts = parts
    elif parts:
        told.reference = parts[0].key
    if not told.reference and not told.parts and told.message:
        told.reference = reference_in(told.message)
    if not credit:
        told.related = tuple(
            said
            for name in ("AcctSvcrRef", "TxId", "EndToEndId", "InstrId")
            if (said := line_of_text(details.get(f"Refs/{name}"), 40)) not in ("", "NOTPROVIDED")
        )
    return told


def _own_euros(details: Facts, where: int) -> Decimal | None:
    """What of the entry's euros is this transaction's: amounts in other currencies are only told."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt"):
        if details.get(f"{path}@") == "EUR":
            return euros(details[path], where)
    return None


def _payer(details: Facts, credit: bool) -> str:
    """Who paid. Some banks write the payer of a credit where the receiver should stand."""
    payer, receiver = ("Dbtr", "UltmtDbtr"), ("Cdtr", "UltmtCdtr")
    for party in (*payer, *receiver) if credit else (*receiver, *payer):
        name = details.get(f"RltdPties/{party}/Nm") or details.get(f"RltdPties/{party}/Pty/Nm")
        if name:
            return line_of_text(name, LONGEST_NAME)
    return ""


def _check_accounts(details: Facts, where: int) -> None:
    for party in ("Dbtr", "Cdtr"):
        iban = details.get(f"RltdPties/{party}Acct/Id/IBAN")
        if iban and not _IBAN.fullmatch(iban):
            raise Unreadable(_("The account number of the other party is none."), where)


def _structured(element: Element, where: int) -> list[Part]:
    """The structured remittance: one reference, or several documents of which credit notes count negative."""
    parts = []
    remittances = [child for block in element if elements.name_of(block) == "RmtInf" for child in block]
    for remittance in remittances:
        if elements.name_of(remittance) != "Strd":
            continue
        said = elements.facts(remittance)
        key = reference_of(said.get("CdtrRefInf/Ref")) or reference_of(said.get("RfrdDocInf/Nb"))
        if not key:
            continue
        credit = said.get("RfrdDocAmt/CdtNoteAmt")
        paid = credit or said.get("RfrdDocAmt/RmtdAmt") or said.get("RfrdDocAmt/DuePyblAmt")
        amount = euros(paid, where) if paid else None
        if amount is not None and (credit or said.get("RfrdDocInf/Tp/CdOrPrtry/Cd") == "CREN"):
            amount = -amount
        parts.append(Part(key, amount))
    return parts


# --- figures, days, accounts -------------------------------------------------------------------------------


def _said(element: Element) -> dict[str, Decimal | int | None]:
    """The sums of a statement, as far as the bank gives them."""
    where, facts = element.sourceline or 0, elements.facts(element)
    said: dict[str, Decimal | int | None] = {}
    for group in ("TtlNtries", "TtlCdtNtries", "TtlDbtNtries"):
        said[f"{group}/NbOfNtries"] = elements.count(facts.get(f"{group}/NbOfNtries", ""), where)
        total = facts.get(f"{group}/Sum")
        said[f"{group}/Sum"] = euros(total, where) if total else None
    net = facts.get("TtlNtries/TtlNetNtryAmt") or facts.get("TtlNtries/TtlNetNtry/Amt")
    said["TtlNtries/Net"] = euros(net.lstrip("-"), where) if net else None
    return said


def _batch_count(entry: Element, where: int) -> int | None:
    said = [
        elements.count((one.text or "").strip(), where)
        for one in entry.iterfind("{*}NtryDtls/{*}Btch/{*}NbOfTxs")
    ]
    return sum(number or 0 for number in said) if said else None


def _no_day(where: int) -> date:
    raise Unreadable(_("The entry has no day."), where)


def _account(element: Element) -> str:
    """The account's IBAN; an account that has none is told by its number and is none of ours."""
    said = elements.facts(element)
    if "Id/IBAN" not in said:
        return line_of_text(said.get("Id/Othr/Id"), 34)
    try:
        return str(schwifty.IBAN(said["Id/IBAN"]))
    except SchwiftyException:
        raise Unreadable(_("The account number is wrong."), element.sourceline or 0) from None
