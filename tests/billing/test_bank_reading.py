"""Bank files as they are read: every format, every trap of the banks, and what is refused with its line."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest

from billing.bank import recognising
from billing.bank.transactions import Item, Unreadable, WrongFormat, masked
from billing.models import BankFile
from tests.billing.bankfiles import batch, camt, details, entry, ktl, ktl_event
from tests.samples import BANK, FOLDER, each

Format = BankFile.Format


def read(content: bytes) -> list[Item]:
    kind = recognising.recognise(content)
    return list(recognising.items(io.BytesIO(content), kind))


def told(content: bytes) -> list[tuple[str, str]]:
    """Amount and reference of each transaction."""
    return [(str(one.amount), one.reference) for _line, one in read(content) if one]


READABLE = {
    "devlab-oy+sepa/nordea-demo-ktl.txt": 13,
    "genkgo+camt/camt053.v2.all-balance-types.xml": 1,
    "genkgo+camt/camt053.v2.minimal.xml": 1,
    "genkgo+camt/camt053.v2.multi.statement.xml": 1,
    "nnarhinen+corporate.js/camt.054.001.02-1.xml": 3,
}
REFUSED = {
    "genkgo+camt/camt053.v2.wrong.xml": "Line 4: The file holds no statement",
    "genkgo+camt/camt054.v2.xml": "Line 58: The account is not kept in euros",
    "genkgo+camt/camt.053.001.02.xsd": "no statement",
    "genkgo+camt/camt.053.001.08.xsd": "no statement",
    "genkgo+camt/camt.054.001.02.xsd": "no statement",
    "genkgo+camt/camt.054.001.08.xsd": "no statement",
    "nnarhinen+corporate.js/camt.052.001.02-1.xml": "interim report",
    "nnarhinen+corporate.js/camt.053.001.02-1.xml": "Line 150: The account number of the other party",
}


@pytest.mark.parametrize("path", each(BANK))
def test_every_sample_is_read_or_refused_with_a_reason(path: Path) -> None:
    name, content = path.relative_to(FOLDER / BANK).as_posix(), path.read_bytes()
    if name in READABLE:
        assert sum(one is not None for _line, one in read(content)) == READABLE[name]
    elif "pain.002" in name:
        assert recognising.recognise(content) == Format.ANSWER
    else:
        with pytest.raises(Unreadable, match=REFUSED.get(name, "Fetch the account statement")):
            read(content)


def test_references_come_in_every_guise() -> None:
    said = batch(
        details("10.00", reference="00000000000202600017"),
        details("10.00", reference="RF85000202600017"),
        details("10.00", reference="RF85202600017", issuer="ISO"),
        details("10.00", message="Lasku 20260001, viite 20260 0017 kiitos"),
        details("10.00", message="RF85 2026 0001 7"),
        details("10.00", reference="202600018"),
        details("10.00", message="kaksi: 202600017 ja 10016"),
    )
    assert [reference for _amount, reference in told(camt(said))] == [
        "202600017",
        "RF85202600017",
        "RF85202600017",
        "202600017",
        "RF85202600017",
        "202600018",
        "",
    ]


def test_several_documents_are_told_apart_and_credit_notes_are_negative() -> None:
    parts = (("202600017", "6256.70", ""), ("10016", "166.46", "CREN"), ("2026000422", "89.70", "CREN"))
    [(_line, one)] = read(camt(entry("6000.54", details("6000.54", parts=parts))))
    assert one is not None
    assert [(part.key, part.amount) for part in one.parts] == [
        ("202600017", Decimal("6256.70")),
        ("10016", Decimal("-166.46")),
        ("2026000422", Decimal("-89.70")),
    ]


SEK = '<AmtDtls><InstdAmt><Amt Ccy="SEK">1150.00</Amt></InstdAmt><TxAmt><Amt Ccy="SEK">1150.00</Amt></TxAmt></AmtDtls>'
QUIRKS: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    "euros booked from crowns": (camt(entry("100.00", details("", inner=SEK))), [("100.00", "")]),
    "five decimals": (camt(entry("12.50000", details("12.50000", reference="13"))), [("12.50", "13")]),
    "a line of nothing": (camt(entry("0.00")), []),
    "a line not booked yet": (camt(entry("5.00", details("5.00"), status="PDNG")), []),
    "the day as a moment": (
        camt(entry("5.00", details("5.00"), day="2026-09-15T00:00:00+03:00")),
        [("5.00", "")],
    ),
    "salaries": (camt(entry("-900.00", details("900.00"), family="ICDT", code="700")), []),
    "salaries of an old bank": (camt(entry("-9.00", details("9.00"), family="", code="700 MAKSU")), []),
    "a direct debit that we paid": (camt(entry("-9.00", details("9.00"), family="RDDT", code="700")), []),
    "a refund that came back": (
        camt(
            entry(
                "5.00", details("5.00", returned="AC04", end_to_end="PALAUTUS-7"), family="ICDT", code="700"
            )
        ),
        [("5.00", "")],
    ),
    "a salary that came back": (
        camt(
            entry("5.00", details("5.00", returned="AC04", end_to_end="PALKKA-7"), family="ICDT", code="700")
        ),
        [],
    ),
    "interest of the bank": (camt(entry("0.50", family="", code="750 KORKO")), []),
    "a taken back payment": (
        camt(entry("-5.00", details("5.00", reference="13"), reversal=True)),
        [("-5.00", "13")],
    ),
    "only the Finnish code": (
        camt(entry("5.00", details("5.00", reference="13"), family="")),
        [("5.00", "13")],
    ),
    "version 8": (
        camt(entry("5.00", details("5.00", reference="13", version="08"), version="08"), version="08"),
        [("5.00", "13")],
    ),
    "ISO-8859-15": (
        camt(entry("5.00", details("5.00", payer="Öljy")))
        .decode()
        .replace("UTF-8", "ISO-8859-15")
        .encode("iso-8859-15"),
        [("5.00", "")],
    ),
    "UTF-16": (
        camt(entry("5.00", details("5.00"))).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        [("5.00", "")],
    ),
    "no statement lines at all": (camt(), []),
}


@pytest.mark.parametrize("quirk", QUIRKS)
def test_quirks_of_banks_are_survived(quirk: str) -> None:
    content, expected = QUIRKS[quirk]
    assert told(content) == expected


def test_the_payer_may_stand_where_the_receiver_should() -> None:
    [(_line, one)] = read(camt(entry("5.00", details("5.00", payer="MUSTA OY", party="Cdtr"))))
    assert one is not None
    assert one.payer_name == "MUSTA OY"


def test_a_batch_without_its_transactions_is_one_bare_line() -> None:
    [(line, one)] = read(camt(batch(count=2, amount="183.00"), kind="053"))
    assert (one, line.archive_id, line.count, line.amount) == (None, "REFP1", 2, Decimal("183.00"))


def test_identity_codes_are_masked_wherever_they_stand() -> None:
    assert masked("vuokra 131052-308T ja 131052a308t, 131052-308X") == (
        "vuokra ******-**** ja ******-****, 131052-308X"
    )
    [(_line, one)] = read(
        camt(entry("5.00", details("5.00", payer="Meikäläinen 131052-308T", message="131052-308T")))
    )
    assert one is not None
    assert "308T" not in one.payer_name + one.message


BROKEN: dict[str, tuple[bytes, str]] = {
    "cut short": (camt(entry("5.00", details("5.00")))[:-40], r"Line \d+: The file is no whole XML"),
    "sum of a batch": (
        camt(batch(details("5.00"), details("5.00"), amount="11.00")),
        "says 11.00, its lines come to 10.00",
    ),
    "number of a batch": (
        camt(batch(details("5.00"), details("6.00"), count=3)),
        "says 3, its lines come to 2",
    ),
    "summary": (
        camt(entry("5.00", details("5.00")), summary=("1", "6.00")),
        "says 6.00, its lines come to 5.00",
    ),
    "a transaction outside an entry": (
        camt(batch(details("5.00"), details("5.00"))).replace(b"Ntry>", b"Ntrx>"),
        r"Line \d+: A transaction stands outside an entry",
    ),
    "fractions of a cent": (camt(entry("5.001", details("5.001"))), r"Line \d+: An amount has fractions"),
    "amount": (camt(entry("5,00", details("5.00"))), r"Line \d+: An amount cannot be read"),
    "day": (camt(entry("5.00", details("5.00"), day="2026-02-30")), "no such day"),
    "entities": (
        camt(entry("5.00", details("5.00"))).replace(
            b"<Document", b'<!DOCTYPE x [<!ENTITY a "b">]><Document', 1
        ),
        "document type",
    ),
    "currency": (camt(entry("5.00", details("5.00"))).replace(b'"EUR"', b'"USD"'), "not kept in euros"),
    "KTL amount": (
        ktl(ktl_event("5.00", "13")).replace(b"0000000500", b"0000000501", 1),
        "says 5.00, its lines come to 5.01",
    ),
    "KTL cut": (ktl(ktl_event("5.00", "13"))[:-92], "ends before its sums"),
    "KTL letters": (
        ktl(ktl_event("5.00", "13")).replace(b"0000000500", b"00000005x0", 1),
        "Line 2: Figures are expected",
    ),
    "KTL order": (ktl(ktl_event("5.00", "13")) + ktl_event("5.00", "13").encode(), "do not follow"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_file_is_refused_with_a_line(fault: str) -> None:
    content, words = BROKEN[fault]
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_old_statements_and_others_are_refused_with_a_hint() -> None:
    with pytest.raises(WrongFormat, match=r"TITO.*camt\.053"):
        recognising.recognise(b"T00322100" + b"0" * 300)
    with pytest.raises(WrongFormat, match="spreadsheet"):
        recognising.recognise(b"PK\x03\x04...")
    with pytest.raises(WrongFormat, match="no bank file"):
        recognising.recognise(b"")


def test_ktl_letters_corrections_and_several_lists() -> None:
    content = ktl(ktl_event("5.00", "13", payer="{|}[\\]", correction=True)) * 2
    found = read(content)
    assert [(str(one.amount), one.payer_name, one.key) for _line, one in found if one] == [
        ("-5.00", "äöåÄÖÅ", "0303ARK00001-R")
    ] * 2
