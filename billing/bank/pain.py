"""The order to pay back (pain.001) and the bank's answer to it (pain.002)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from lxml import etree

from billing.amounts import ZERO
from billing.bank import elements
from billing.bank.elements import Element
from billing.bank.transactions import Unreadable, line_of_text

LONGEST_NAME = 70
ACCEPTED = {"ACCP", "ACSP", "ACSC", "ACCC", "ACWC"}
"""Statuses at which the bank pays or has paid; ACTC and PDNG only say that the file was understood."""
REJECTED = "RJCT"
MAX_ANSWER = 5 * 1024 * 1024


@dataclass(frozen=True)
class Payer:
    """Who pays: the registrar."""

    name: str
    iban: str
    bic: str


@dataclass(frozen=True)
class Payee:
    """Who gets how many euros back, and what the bank calls it in its answer."""

    end_to_end_id: str
    name: str
    iban: str
    amount: Decimal
    message: str


@dataclass(frozen=True)
class Answer:
    """What the bank says of a file: of the whole, and of single refunds (status and reason by identifier)."""

    message_id: str
    status: str
    of: dict[str, tuple[str, str]]
    reason: str = ""


def write(
    payer: Payer,
    payees: Sequence[Payee],
    *,
    message_id: str,
    execute_on: date,
    at: datetime,
    version: str = "03",
) -> bytes:
    """pain.001.001.03, or .09, with one payment block of SEPA credit transfers."""
    namespace = f"urn:iso:std:iso:20022:tech:xsd:pain.001.001.{version}"
    root = etree.Element(f"{{{namespace}}}Document", nsmap={None: namespace})
    order = _add(root, "CstmrCdtTrfInitn")
    count, total = str(len(payees)), _figure(sum((one.amount for one in payees), ZERO))
    header = _add(order, "GrpHdr")
    _add(header, "MsgId", message_id)
    _add(header, "CreDtTm", at.replace(microsecond=0, tzinfo=None).isoformat())
    _add(header, "NbOfTxs", count)
    _add(header, "CtrlSum", total)
    _add(_add(header, "InitgPty"), "Nm", payer.name[:LONGEST_NAME])
    block = _add(order, "PmtInf")
    _add(block, "PmtInfId", message_id)
    _add(block, "PmtMtd", "TRF")
    _add(block, "BtchBookg", "true")
    _add(block, "NbOfTxs", count)
    _add(block, "CtrlSum", total)
    _add(_add(_add(block, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    day = _add(block, "ReqdExctnDt", None if version == "09" else execute_on.isoformat())
    if version == "09":
        _add(day, "Dt", execute_on.isoformat())
    _add(_add(block, "Dbtr"), "Nm", payer.name[:LONGEST_NAME])
    _account(block, "DbtrAcct", payer.iban)
    agent = _add(_add(block, "DbtrAgt"), "FinInstnId")
    if payer.bic:
        _add(agent, "BICFI" if version == "09" else "BIC", payer.bic)
    else:
        _add(_add(agent, "Othr"), "Id", "NOTPROVIDED")
    _add(block, "ChrgBr", "SLEV")
    for payee in payees:
        _transfer(block, payee)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


def _transfer(block: Element, payee: Payee) -> None:
    transfer = _add(block, "CdtTrfTxInf")
    _add(_add(transfer, "PmtId"), "EndToEndId", payee.end_to_end_id)
    _add(_add(transfer, "Amt"), "InstdAmt", _figure(payee.amount)).set("Ccy", "EUR")
    _add(_add(transfer, "Cdtr"), "Nm", payee.name[:LONGEST_NAME])
    _account(transfer, "CdtrAcct", payee.iban)
    _add(_add(transfer, "RmtInf"), "Ustrd", payee.message)


def read_answer(source: BinaryIO) -> Answer:
    """The bank's answer. Raises Unreadable."""
    root = elements.whole(source.read(MAX_ANSWER))
    message_id = _text(root, "OrgnlGrpInfAndSts/{*}OrgnlMsgId")
    if not message_id:
        raise Unreadable(_("The answer does not say which file it answers."), 1)
    status = _text(root, "OrgnlGrpInfAndSts/{*}GrpSts") or _text(root, "OrgnlPmtInfAndSts/{*}PmtInfSts")
    of = {}
    for one in root.iterfind(".//{*}TxInfAndSts"):
        name = _text(one, "OrgnlEndToEndId")
        if name:
            of[name] = _text(one, "TxSts") or status, _reason(one)
    return Answer(message_id, status, of, _reason(root))


def _reason(element: Element) -> str:
    return line_of_text(_text(element, "Rsn/{*}Cd") or _text(element, "Rsn/{*}Prtry"), 10)


def _text(element: Element, path: str) -> str:
    return (element.findtext(f".//{{*}}{path}") or "").strip()


def _account(parent: Element, name: str, iban: str) -> None:
    _add(_add(_add(parent, name), "Id"), "IBAN", iban)


def _add(parent: Element, name: str, text: str | None = None) -> Element:
    child = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")
    child.text = text
    return child


def _figure(amount: Decimal) -> str:
    return f"{amount:.2f}"
