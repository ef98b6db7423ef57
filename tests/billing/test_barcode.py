import re
from datetime import date
from decimal import Decimal

import pytest
import schwifty
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from billing import barcode, references
from billing.barcode import NoCode
from billing.references import InvalidReference
from tests.samples import BANK, rows, sample

IBAN = "FI21 1234 5600 0007 85"
DUE = date(2026, 9, 15)
AMOUNT = Decimal("1088.36")


def digits(
    *,
    iban: str = IBAN,
    amount: Decimal | None = AMOUNT,
    reference: str = "202600017",
    due_on: date | None = DUE,
) -> str:
    return barcode.virtual_barcode(iban=iban, amount=amount, reference=reference, due_on=due_on)


def scanned(svg: str) -> zxingcpp.Barcode:
    """What a reader sees in the bars of a Code 128 drawing, three pixels to a module."""
    width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', svg)[0])
    row = bytearray(b"\xff" * width * 3)
    for start, bar in re.findall(r"M(\d+) 0h(\d+)v", svg):
        row[int(start) * 3 : (int(start) + int(bar)) * 3] = bytes(int(bar) * 3)
    picture = memoryview(bytes(row) * height).cast("B", shape=[height, width * 3])
    (found,) = zxingcpp.read_barcodes(picture)
    return found


def test_a_national_reference_makes_a_version_4_bar_code() -> None:
    assert digits() == "421123456000007850010883600000000000000202600017260915"
    assert barcode.check_symbol(digits()) == 70


def test_an_rf_reference_makes_a_version_5_bar_code() -> None:
    made = digits(reference="RF85 2026 0001 7")

    assert made == "521123456000007850010883685000000000000202600017260915"
    assert barcode.check_symbol(made) == 60


@pytest.mark.parametrize("amount", [None, Decimal("1000000.00")])
def test_an_amount_that_does_not_fit_is_left_for_the_payer_to_type(amount: Decimal | None) -> None:
    assert digits(amount=Decimal("999999.99"))[17:25] == "99999999"
    assert digits(amount=amount)[17:25] == "00000000"


def test_no_due_date_is_written_as_zeros() -> None:
    assert digits(due_on=None).endswith("000000")


@pytest.mark.parametrize(
    ("changes"),
    [
        {"iban": "DE71110220330123456789"},
        {"reference": "RF97C2H5OH"},
        {"amount": Decimal("-0.01")},
        {"amount": Decimal("0.005")},
    ],
)
def test_what_the_bar_code_cannot_hold_gives_no_bar_code(changes: dict[str, str]) -> None:
    with pytest.raises(NoCode):
        digits(**changes)  # type: ignore[arg-type]


def test_a_wrong_reference_gives_no_bar_code() -> None:
    with pytest.raises(InvalidReference):
        digits(reference="202600018")


def test_a_mistyped_account_gives_no_bar_code() -> None:
    with pytest.raises(schwifty.exceptions.SchwiftyException):
        digits(iban="FI2212345600000785")


def test_a_reader_reads_the_drawn_bars() -> None:
    read = scanned(barcode.barcode_svg(digits()))

    assert read.format == zxingcpp.BarcodeFormat.Code128
    assert read.text == digits()


@given(st.from_regex(r"[45][0-9]{53}", fullmatch=True))
def test_a_reader_reads_the_bars_of_any_digits(figures: str) -> None:
    svg = barcode.barcode_svg(figures)

    assert scanned(svg).text == figures
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 352 32">')


def test_the_check_symbol_is_in_the_bars() -> None:
    svg = barcode.barcode_svg(digits())
    edges = [int(number) for start, bar in re.findall(r"M(\d+) 0h(\d+)v", svg) for number in (start, bar)]
    bars = list(zip(edges[::2], edges[1::2], strict=True))
    check = [position for position in bars if position[0] >= 10 + 28 * 11][:3]
    widths = [bar for _start, bar in check]

    # symbol 70 of Code 128 is 112214: bars 1, 2 and 1 modules wide
    assert widths == [1, 2, 1]


@pytest.mark.parametrize("source", ["akselinurmio+virtuaaliviivakoodi", "rambo+python-holviapi"])
def test_other_libraries_bar_codes_come_out_the_same(source: str) -> None:
    for row in rows(f"{BANK}/{source}/bank-barcode-vectors.csv"):
        made = digits(
            iban=row["iban"],
            amount=Decimal(row["amount_eur"]) if row["amount_eur"] else None,
            reference=row["reference"],
            due_on=date.fromisoformat(row["due_date"]) if row["due_date"] else None,
        )
        assert made == row["barcode"]
        assert made[0] == row["version"]


def test_the_payment_qr_code_holds_the_account_the_amount_the_reference_and_the_due_date() -> None:
    payload = barcode.epc_payload(
        name="Esimerkki Oy",
        iban=IBAN,
        bic="NDEAFIHH",
        amount=AMOUNT,
        reference="RF85202600017",
        due_on=DUE,
    )

    assert payload.split("\n") == (
        "BCD,001,1,SCT,NDEAFIHH,Esimerkki Oy,FI2112345600000785,EUR1088.36,,RF85202600017,,"
        "ReqdExctnDt/2026-09-15"
    ).split(",")


def test_without_a_bic_the_payment_qr_code_is_of_version_002_and_ends_with_its_last_field() -> None:
    payload = barcode.epc_payload(name="Esimerkki Oy", iban=IBAN, amount=Decimal("12.3"), reference="13")

    assert payload.split("\n") == [
        "BCD", "002", "1", "SCT", "", "Esimerkki Oy", "FI2112345600000785", "EUR12.30", "", "13",
    ]  # fmt: skip


def test_a_name_cannot_add_lines_to_the_payment_qr_code() -> None:
    payload = barcode.epc_payload(name="Esimerkki\nFI00\r\n\u2028EUR1", iban=IBAN, amount=AMOUNT)

    assert payload.split("\n")[5] == "Esimerkki FI00 EUR1"
    assert payload.split("\n")[6] == "FI2112345600000785"
    assert len(payload.splitlines()) == 8


def test_a_long_name_is_cut_to_seventy_characters() -> None:
    payload = barcode.epc_payload(name="Ä" * 300, iban=IBAN, amount=AMOUNT)

    assert payload.split("\n")[5] == "Ä" * 70


@pytest.mark.parametrize(
    ("name", "amount"),
    [
        ("Esimerkki Oy", "0.00"),
        ("Esimerkki Oy", "-1.00"),
        ("Esimerkki Oy", "1000000000.00"),
        ("Esimerkki Oy", "0.015"),
        ("😀" * 70, "1.00"),
    ],
)
def test_what_the_payment_qr_code_cannot_hold_gives_no_code(name: str, amount: str) -> None:
    with pytest.raises(NoCode):
        barcode.epc_payload(
            name=name, iban=IBAN, bic="NDEAFIHH", amount=Decimal(amount), reference="13", due_on=DUE
        )


def test_the_largest_payload_stays_within_version_13_and_a_larger_text_is_refused() -> None:
    assert barcode.qr_svg("x" * 331).startswith("<svg ")
    with pytest.raises(NoCode):
        barcode.qr_svg("x" * 332)


def test_the_fields_of_another_librarys_payload_stand_in_the_same_places() -> None:
    theirs = (
        sample(f"{BANK}/heuer+segno/epc069-12-example1-reference-utf8.txt")
        .read_text(encoding="utf-8")
        .split("\n")
    )
    ours = barcode.epc_payload(
        name=theirs[5], iban=theirs[6], bic=theirs[4], amount=Decimal("12.3"), reference=theirs[9]
    ).split("\n")

    assert theirs[:3] == ["BCD", "002", "1"]
    assert ours[2:7] == theirs[2:7]
    assert (ours[7], theirs[7]) == ("EUR12.30", "EUR12.3")
    assert ours[9] == theirs[9] == references.check("RF18539007547034")
