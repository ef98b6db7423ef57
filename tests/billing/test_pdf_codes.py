"""The bar code and the QR code on the paper, as scanners read them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing import barcode
from billing.pdf import render
from billing.references import InvalidReference
from tests.billing.documents import drawn_up
from tests.billing.printed import scanned, text


def test_readers_read_the_printed_bar_code_and_qr_code() -> None:
    read = scanned(drawn_up(reference="RF85202600017"))

    assert read == {
        "Code 128": "521123456000007850010883685000000000000202600017260915",
        "QR Code": "BCD\n001\n1\nSCT\nNDEAFIHH\nEsimerkki Oy\nFI2112345600000785\nEUR1088.36\n\n"
        "RF85202600017\n\nReqdExctnDt/2026-09-15",
    }


def test_the_codes_carry_the_amount_due_and_not_the_total() -> None:
    part_paid = drawn_up(amount_due=Decimal("88.36"))

    read = scanned(part_paid)

    assert read["Code 128"][17:25] == "00008836"
    assert "EUR88.36" in read["QR Code"]
    assert "Maksettu ennakkoon −1 000,00 €" in text(part_paid)


def test_a_seller_abroad_has_a_qr_code_and_no_bar_code() -> None:
    account = replace(drawn_up().account, iban="DE71110220330123456789", bic="")  # type: ignore[type-var]

    assert set(scanned(drawn_up(account=account))) == {"QR Code"}


def test_a_qr_code_that_cannot_be_drawn_is_left_out() -> None:
    document = drawn_up(account=replace(drawn_up().account, holder="😀" * 70))  # type: ignore[type-var]

    with pytest.raises(barcode.NoCode):
        barcode.epc_payload(
            name="😀" * 70, iban="FI2112345600000785", bic="NDEAFIHH", amount=Decimal(1), reference="13"
        )
    assert set(scanned(document)) == {"Code 128"}


def test_a_wrong_reference_is_not_printed() -> None:
    with pytest.raises(InvalidReference):
        render(drawn_up(reference="202600018"))
