"""A reminder letter: a frozen document in, PDF/A bytes out.

It goes to the debtor alone, in an envelope or by e-mail, and says of each debt its basis and its figures, not what
was bought: the invoice says that, and lines may be sensitive.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from billing import barcode, references
from billing.amounts import ZERO
from billing.pdf import letter_words, words
from billing.pdf.document import Account, Json, Language, Party
from billing.pdf.lettering import day, money, printable
from billing.pdf.typesetting import typeset


@dataclass(frozen=True, kw_only=True)
class LetterDebt:
    """One debt. `principal` is what is demanded of it, without a disputed part; `fee` is this letter's."""

    number: str
    issued_on: date
    due_on: date
    principal: Decimal
    costs: Decimal
    fee: Decimal
    reference: str
    disputed: Decimal = ZERO
    interest: Decimal | None = None
    instalment: int | None = None

    @property
    def total(self) -> Decimal:
        """What the debtor is to pay now: the bar code's amount."""
        return self.principal + self.costs + self.fee


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The whole letter."""

    level: str
    language: Language
    number: str
    on: date
    pay_by: date
    seller: Party
    buyer: Party
    account: Account
    consumer: bool
    debts: tuple[LetterDebt, ...]
    statute: str = ""
    compensation: bool = False
    credit: Decimal = ZERO
    """The debtor's own money with us, which has met nothing."""

    @property
    def total(self) -> Decimal:
        return sum((debt.total for debt in self.debts), ZERO)

    def as_json(self) -> Json:
        kept: Json = json.loads(json.dumps(asdict(self), cls=DjangoJSONEncoder))
        return {"format": 1, **kept}


def render(letter: Letter) -> bytes:
    """The letter as PDF/A-3a and PDF/UA-1. Raises NotTypeset."""
    return typeset("letter.typ", lay_out(letter), on=letter.on)


def lay_out(letter: Letter) -> dict[str, Any]:
    """What the template shows, as text."""
    say, common = letter_words.IN[letter.language], words.IN[letter.language]
    seller, buyer = letter.seller, letter.buyer
    contact = ", ".join(text for text in (seller.email, seller.phone, *seller.address) if text)
    return {
        "lang": letter.language.value,
        "title": say.titles[letter.level],
        "number": letter.number,
        "page": common.page,
        "date": [letter.on.year, letter.on.month, letter.on.day],
        "seller": {
            "name": printable(seller.name),
            "lines": [
                printable(text)
                for text in (
                    " · ".join(seller.address),
                    f"{common.business_id} {seller.business_id}",
                    " · ".join(text for text in (seller.phone, seller.email, seller.website) if text),
                )
                if text
            ],
        },
        "buyer": [printable(text) for text in (buyer.name, buyer.contact_person, *buyer.address) if text],
        "meta": [
            [say.dated, day(letter.on)],
            [say.number, letter.number],
            [common.customer_number, buyer.customer_number],
            [say.pay_by, day(letter.pay_by)],
        ],
        "opening": say.openings[letter.level].format(day=day(letter.pay_by)),
        "columns": [say.debt, say.due, say.principal, say.earlier_costs, say.fee, say.sum],
        "debts": [_row(debt, say) for debt in letter.debts],
        "total": [say.total, money(letter.total)],
        "notes": _notes(letter, say, printable(contact)),
        "slip": {
            "title": say.slip,
            "account": [
                common.payee_account,
                references.print_account(letter.account.iban),
                letter.account.bic,
            ],
            "payee": [common.payee, printable(letter.account.holder or seller.name)],
            "labels": [common.reference, say.pay_by, say.amount, common.scan],
            "debts": [_payment(debt, letter) for debt in letter.debts],
        },
    }


def _row(debt: LetterDebt, say: letter_words.LetterWords) -> dict[str, Any]:
    small = []
    if debt.instalment is not None:
        small.append(say.instalment.format(number=debt.instalment))
    if debt.disputed:
        small.append(say.disputed.format(amount=money(debt.disputed)))
    return {
        "basis": say.basis.format(number=printable(debt.number), day=day(debt.issued_on)),
        "small": small,
        "cells": [
            day(debt.due_on),
            money(debt.principal),
            money(debt.costs),
            money(debt.fee),
            money(debt.total),
        ],
    }


def _notes(letter: Letter, say: letter_words.LetterWords, contact: str) -> list[str]:
    interest = [debt.interest for debt in letter.debts if debt.interest is not None]
    known = len(interest) == len(letter.debts)
    accrued = say.interest_so_far.format(day=day(letter.on), amount=money(sum(interest, ZERO)))
    bearing = (
        [(accrued if known else say.interest_runs)] if any(debt.principal for debt in letter.debts) else []
    )
    notes = [*bearing, say.contest.format(contact=contact), say.already_paid]
    if letter.level == "demand":
        notes += [say.handover] + ([say.court] if letter.consumer else [])
    if letter.credit:
        notes.append(say.credit.format(amount=money(letter.credit)))
    if letter.compensation:
        notes.append(say.compensation)
    if letter.statute:
        notes.append(say.laws.format(statute=printable(letter.statute)))
    return notes


def _payment(debt: LetterDebt, letter: Letter) -> dict[str, Any]:
    digits, qr = _codes(debt, letter)
    return {
        "basis": printable(debt.number),
        "reference": references.print_format(debt.reference),
        "pay_by": day(letter.pay_by),
        "amount": money(debt.total),
        "digits": digits,
        "barcode": barcode.barcode_svg(digits) if digits else "",
        "qr": qr,
    }


def _codes(debt: LetterDebt, letter: Letter) -> tuple[str, str]:
    """The bar code's digits and the QR code's drawing; empty where a code cannot carry the payment."""
    account = letter.account
    try:
        digits = barcode.virtual_barcode(
            iban=account.iban, amount=debt.total, reference=debt.reference, due_on=letter.pay_by
        )
        payload = barcode.epc_payload(
            name=account.holder or letter.seller.name,
            iban=account.iban,
            bic=account.bic,
            amount=debt.total,
            reference=debt.reference,
            due_on=letter.pay_by,
        )
    except barcode.NoCode:
        return "", ""
    return digits, barcode.qr_svg(payload)
