"""The paper: what it says, in which language, and how it is laid out."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest

from billing.amounts import VatCategory
from billing.pdf import Language, lettering, render
from tests.billing.documents import (
    ADA,
    BUILDING,
    COMPANY,
    CREDIT_NOTE,
    REVERSE_CHARGE,
    SELLER,
    Sold,
    drawn_up,
)
from tests.billing.printed import catalogue, joined, pages, scanned, text


def test_the_paper_says_what_the_invoice_says() -> None:
    (page,) = pages(render(drawn_up()))

    for said in (
        "Lasku 20260001", "Esimerkki Oy", "Mannerheimintie 12 B 34", "00100 Helsinki", "Y-tunnus 2345678-0",
        "ALV-tunnus FI23456780", "Kuusamon Höyläämö Oy", "Ada Östman", "Sahantie 7", "93600 Kuusamo",
        "Laskun päivä 1.9.2026", "Eräpäivä 15.9.2026", "Toimituspäivä 28.8.2026", "Viitenumero 2026 00017",
        "Maksuehto 14 pv netto", "Viivästyskorko 10,5 %", "Huomautusaika 8 päivää", "Asiakasnumero K1042",
        "Asiakasrekisterin käyttöönotto 8 h 89,00 25,5 % 712,00",
        "Koulutuspäivä, Kuusamo 1 kpl 155,22 25,5 % 155,22", "25,5 % 867,22 221,14 1 088,36",
        "Veroton yhteensä 867,22 €", "Arvonlisävero yhteensä 221,14 €", "Maksettava 1 088,36 €",
        "FI21 1234 5600 0007 85", "NDEAFIHH", "421123456000007850010883600000000000000202600017260915",
        "Sivu 1/1",
    ):  # fmt: skip
        assert said in page, said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.FINNISH, ["Lasku 20260001", "Eräpäivä", "Viitenumero", "Maksettava", "Saaja", "Sivu 1/1"]),
        (
            Language.SWEDISH,
            ["Faktura 20260001", "Förfallodag", "Referensnummer", "Att betala", "Mottagare", "Sida 1/1"],
        ),
        (
            Language.ENGLISH,
            ["Invoice 20260001", "Due date", "Reference number", "Amount due", "Payee", "Page 1/1"],
        ),
    ],
)
def test_the_paper_speaks_the_buyers_language(language: Language, words: list[str]) -> None:
    document = drawn_up(language=language)
    page = text(document)

    for word in words:
        assert word in page, word
    assert "1 088,36 €" in page
    assert catalogue(render(document))["/Lang"] == language.value


def test_a_credit_note_names_what_it_credits_and_asks_for_no_payment() -> None:
    page = text(CREDIT_NOTE)

    for said in (
        "Hyvityslasku H2026001",
        "Hyvittää laskun 20240815, 20.8.2024",
        "24 % −100,00 −24,00 −124,00",
    ):
        assert said in page, said
    assert "Hyvitys yhteensä −124,00 €" in page
    for unsaid in ("Tilisiirto", "FI21", "Maksuehto", "Viivästyskorko"):
        assert unsaid not in page
    assert scanned(CREDIT_NOTE) == {}


def test_a_draft_says_so_and_cannot_be_paid() -> None:
    draft = drawn_up(number="")

    assert "Lasku Luonnos" in text(draft)
    assert "2026 00017" not in text(draft)
    assert scanned(draft) == {}


def test_reverse_charge_is_said_with_its_section_and_the_buyers_vat_number() -> None:
    page = text(drawn_up(BUILDING, reasons=REVERSE_CHARGE))

    assert "Käännetty verovelvollisuus, AVL 8 c §" in page
    assert "0 % (AE) 563,50 0,00 563,50" in page
    assert "ALV-tunnus FI01120389" in page


def test_a_seller_outside_vat_shows_none() -> None:
    sold = [Sold("Haravointi", "3", "25.00", rate="0", category=VatCategory.OUT_OF_SCOPE)]
    small = replace(SELLER, vat_id="")

    page = text(
        drawn_up(sold, seller=small, buyer=ADA, reasons={"O": "Ei arvonlisäverovelvollinen, AVL 3 §"})
    )

    assert "Ei arvonlisäverovelvollinen, AVL 3 §" in page
    assert "Maksettava 75,00 €" in page
    for unsaid in ("ALV", "Arvonlisäveron", "%  "):
        assert unsaid not in page


def test_prices_with_vat_show_the_unit_price_without_it_too() -> None:
    sold = [Sold("Pianon viritys", "1", "125.50"), Sold("Nuottikirja", "2", "14.90", rate="13.5")]

    page = text(drawn_up(sold, buyer=ADA, prices_include_vat=True))

    assert "100,00 ilman ALV" in page
    assert "13,5 % 26,26 3,54 29,80" in page
    assert "Maksettava 155,30 €" in page


def test_many_lines_run_over_pages_with_the_headings_repeated() -> None:
    sold = [Sold(f"Työ {number}", "1", "12.35") for number in range(1, 97)]

    first, second, third = pages(render(drawn_up(sold)))

    for number, page in enumerate((first, second, third), 1):
        assert f"Sivu {number}/3" in page
        assert "Kuvaus" in page
        assert "À-hinta" in page
    assert "Esimerkki Oy · Lasku 20260001" in second
    assert "Esimerkki Oy · Lasku 20260001" not in first
    together = f"{first}\n{second}\n{third}"
    assert all(f"Työ {number} 1 kpl" in together for number in range(1, 97))
    assert "Tilisiirto" in third
    assert "Tilisiirto" not in first + second
    assert "Maksettava 1 487,93 €" in third


def test_the_transfer_form_stands_at_the_foot_of_the_page_also_when_alone_on_it() -> None:
    for count, needed in ((1, 1), (12, 1), (16, 2), (30, 2)):
        paper = pypdfium2.PdfDocument(render(drawn_up([Sold("Työ", "1", "12.35")] * count)))
        page = paper[len(paper) - 1]
        letters = page.get_textpage()
        digits = letters.search("42112345600000785").get_next()
        assert digits is not None
        bottom = letters.get_charbox(digits[0])[1]

        assert len(paper) == needed
        assert 14 <= bottom / 72 * 25.4 <= 20


def test_long_words_wrap_and_stay_whole_when_copied() -> None:
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    document = drawn_up([Sold(long * 2, "1", "1.00")], buyer=replace(COMPANY, name=long))
    page = pypdfium2.PdfDocument(render(document))[0]

    letters = page.get_textpage()
    rightmost = max(letters.get_charbox(place)[2] for place in range(letters.count_chars()))

    assert joined(document).count(long) >= 3
    assert "\u200b" not in joined(document)
    assert rightmost <= page.get_width() - 17 / 25.4 * 72


def test_figures_are_written_as_in_finland() -> None:
    assert lettering.money(Decimal("1088.36")) == "1\u00a0088,36\u00a0€"
    assert lettering.money(Decimal("-1234567.5")) == "\u22121\u00a0234\u00a0567,50\u00a0€"
    assert lettering.figure(Decimal("3.000")) == "3"
    assert lettering.figure(Decimal("12.3456"), decimals=2) == "12,3456"
    assert lettering.figure(Decimal("1E+3")) == "1\u00a0000"
    assert lettering.percent(Decimal("25.50")) == "25,5\u00a0%"
    assert lettering.day(date(2026, 11, 22)) == "22.11.2026"
