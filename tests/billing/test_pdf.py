import json
import subprocess
import sys
import threading
from dataclasses import FrozenInstanceError, replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from billing import barcode
from billing.amounts import VatCategory
from billing.pdf import (
    Attached,
    InvoiceDocument,
    Kind,
    Language,
    NotTypeset,
    Party,
    lettering,
    render,
    sheet,
)
from billing.references import InvalidReference
from tests.billing.documents import ADA, COMPANY, CONSULTING, SELLER, Sold, drawn_up

EVERYTHING = drawn_up(
    [*CONSULTING, Sold("Kirja", "2", "24.55", rate="13.5", discount="12.5")],
    language=Language.SWEDISH,
    supplied_from=date(2026, 8, 1),
    order_number="PO-7",
    seller_reference="M. Meikäläinen",
    subject="Otsikko",
    note="Ensimmäinen rivi\nToinen rivi",
)
CREDIT_NOTE = drawn_up(
    [Sold("Pianon viritys", "-1", "100.00", rate="24")],
    kind=Kind.CREDIT_NOTE,
    number="H2026001",
    issued_on=date(2026, 2, 5),
    original_number="20240815",
    original_issued_on=date(2024, 8, 20),
    reference="",
    due_on=None,
)
BUILDING = [Sold("Rakennustyö", "1", "563.50", rate="0", category=VatCategory.REVERSE_CHARGE)]
REVERSE_CHARGE = {"AE": "Käännetty verovelvollisuus, AVL 8 c §"}


def pages(pdf: bytes) -> list[str]:
    """The text of each page, as copied: no-break spaces read as spaces."""
    return [page.extract_text().replace("\u00a0", " ") for page in pypdf.PdfReader(BytesIO(pdf)).pages]


def text(document: InvoiceDocument) -> str:
    return "\n".join(pages(render(document)))


def joined(document: InvoiceDocument) -> str:
    """The text without line ends, for what the layout breaks."""
    return text(document).replace("\n", "")


def catalogue(pdf: bytes) -> Any:
    return pypdf.PdfReader(BytesIO(pdf)).trailer["/Root"]


def scanned(document: InvoiceDocument) -> dict[str, str]:
    """What a reader sees on the last page, printed at 300 dots per inch."""
    paper = pypdfium2.PdfDocument(render(document))
    page = paper[len(paper) - 1]
    picture = page.render(scale=300 / 72, grayscale=True)
    pixels = memoryview(bytes(picture.buffer)).cast("B", shape=[picture.height, picture.stride])
    return {str(found.format): found.text for found in zxingcpp.read_barcodes(pixels)}


@pytest.mark.parametrize(
    "document", [drawn_up(), EVERYTHING, CREDIT_NOTE], ids=["plain", "everything", "credit"]
)
def test_a_document_comes_back_from_its_stored_form_unchanged(document: InvoiceDocument) -> None:
    stored = json.dumps(document.as_json())

    assert InvoiceDocument.from_json(json.loads(stored)) == document
    assert render(InvoiceDocument.from_json(json.loads(stored))) == render(document)


def test_amounts_and_dates_are_stored_as_text_with_their_decimals() -> None:
    stored = drawn_up().as_json()

    assert (stored["total"], stored["due_on"], stored["lines"][0]["quantity"]) == (
        "1088.36",
        "2026-09-15",
        "8",
    )
    assert (stored["kind"], stored["language"], stored["format"]) == ("invoice", "fi", 1)


def test_a_stored_form_of_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown format"):
        InvoiceDocument.from_json(drawn_up().as_json() | {"format": 2})


def test_a_document_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        drawn_up().total = Decimal(0)  # type: ignore[misc]


def test_a_complete_invoice_lacks_nothing() -> None:
    assert drawn_up().missing() == ()
    assert EVERYTHING.missing() == ()
    assert CREDIT_NOTE.missing() == ()
    assert drawn_up(BUILDING, reasons=REVERSE_CHARGE).missing() == ()


@pytest.mark.parametrize(
    "incomplete",
    [
        drawn_up(number=""),
        drawn_up([]),
        drawn_up(seller=replace(SELLER, address=())),
        drawn_up(seller=replace(SELLER, business_id="", vat_id="")),
        drawn_up(buyer=replace(COMPANY, name="")),
        drawn_up(BUILDING, reasons=REVERSE_CHARGE, buyer=ADA),
        drawn_up(BUILDING),
        replace(CREDIT_NOTE, original_number=""),
        replace(CREDIT_NOTE, original_issued_on=None),
        drawn_up(total=Decimal("1088.37")),
        replace(drawn_up(), vat_lines=drawn_up().vat_lines * 2),
    ],
)
def test_each_thing_the_law_asks_for_is_missed(incomplete: InvoiceDocument) -> None:
    assert len(incomplete.missing()) == 1


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


def test_a_wrong_reference_is_not_printed() -> None:
    with pytest.raises(InvalidReference):
        render(drawn_up(reference="202600018"))


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
    assert "Tilisiirto" not in text(draft)
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


HOSTILE = [
    '#read("/etc/passwd")',
    '#include "/etc/passwd"',
    '#image("/etc/passwd")',
    '"; #panic(sys.inputs) //',
    "*vahva* _korostus_ $x^2$ `koodi` @viite <tunniste> = otsikko \\u{41}",
    "#sys.version \\#eval(\"1+1\")",
    '{"sheet": 1}',
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_typed_markup_is_printed_and_not_run(typed: str) -> None:
    everywhere = Party(
        name=typed,
        address=(typed,),
        contact_person=typed,
        business_id=typed,
        vat_id=typed,
        customer_number=typed,
    )
    document = drawn_up(
        [Sold(typed, "1", "1.00", unit=typed)],
        buyer=everywhere,
        seller=everywhere,
        number=typed,
        subject=typed,
        note=typed,
        payment_terms=typed,
        buyer_reference=typed,
    )
    printed = joined(document).replace(" ", "")

    assert printed.count(typed.replace(" ", "")) >= 8
    assert "root:" not in printed


def test_names_in_any_script_and_emoji_do_not_stop_the_invoice() -> None:
    document = drawn_up(
        [Sold("😀 Työ 名前", "1", "1.00")],
        buyer=replace(COMPANY, name="שלום", contact_person="Ирина Ωμέγα", address=("سلام", "👨‍👩‍👧 koti")),
    )
    page = text(document)

    for said in ("😀 Työ □□", "שלום", "Ирина Ωμέγα", "□□□ koti"):
        assert said in page, said


def test_characters_that_mislead_or_cannot_be_printed_are_left_out() -> None:
    assert lettering.printable("Ada\x00\x07\u202egnihton\ufeff\u200b Östman\n") == "Ada gnihton Östman"
    assert lettering.printable("O\u0308stman") == "Östman"
    assert lettering.printable(" pääoma \t 3\u00a0112,40\u00a0€\u00a0") == "pääoma 3\u00a0112,40\u00a0€"
    assert lettering.printable("می\u200cخواهم 👨\u200d👩") == "می\u200cخواهم □□"
    assert lettering.printable("\ue000\ufffe名\ud800") == "□□□□"


@given(st.text(max_size=60))
@example("\ue000\ufffe\ufdd0\U0010ffff")
@example("\u0301\u200d\u200c\ufe0f\u2028\u0085")
@settings(max_examples=60, deadline=None)
def test_no_text_stops_the_invoice(typed: str) -> None:
    document = drawn_up(
        [Sold(typed, "1", "1.00", unit=typed)],
        number="1",
        buyer=replace(COMPANY, name=typed, address=(typed, typed)),
        note=typed,
        subject=typed,
    )

    assert render(document).startswith(b"%PDF-1.7")


def test_figures_are_written_as_in_finland() -> None:
    assert lettering.money(Decimal("1088.36")) == "1\u00a0088,36\u00a0€"
    assert lettering.money(Decimal("-1234567.5")) == "\u22121\u00a0234\u00a0567,50\u00a0€"
    assert lettering.figure(Decimal("3.000")) == "3"
    assert lettering.figure(Decimal("12.3456"), decimals=2) == "12,3456"
    assert lettering.figure(Decimal("1E+3")) == "1\u00a0000"
    assert lettering.percent(Decimal("25.50")) == "25,5\u00a0%"
    assert lettering.day(date(2026, 11, 22)) == "22.11.2026"


def test_the_file_is_archivable_accessible_pdf() -> None:
    pdf = render(drawn_up())
    reader = pypdf.PdfReader(BytesIO(pdf))
    root = catalogue(pdf)
    packet = root["/Metadata"].get_data().decode()

    assert reader.pdf_header == "%PDF-1.7"
    assert "<pdfaid:part>3</pdfaid:part>" in packet
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.title == "Lasku 20260001"


def test_a_file_attached_to_the_pdf_comes_out_byte_for_byte() -> None:
    xml = Attached(
        name="finvoice.xml",
        content="<?xml version='1.0' encoding='ISO-8859-15'?><Lasku>Höyläämö</Lasku>".encode("latin-1"),
        media_type="application/xml",
        description="Finvoice 3.0",
    )
    pdf = render(drawn_up(), attachments=[xml])
    reader = pypdf.PdfReader(BytesIO(pdf))

    assert reader.attachments == {"finvoice.xml": [xml.content]}
    assert catalogue(pdf)["/AF"][0].get_object()["/AFRelationship"] == "/Alternative"
    assert render(drawn_up(), attachments=[xml]) == pdf
    assert pages(pdf) == pages(render(drawn_up()))
    assert "/AF" not in catalogue(render(drawn_up()))


def test_every_font_is_embedded_and_the_codes_have_a_text_alternative() -> None:
    pdf = render(drawn_up())
    page: Any = pypdf.PdfReader(BytesIO(pdf)).pages[0]
    fonts = page["/Resources"]["/Font"]

    assert len(fonts) >= 2
    for font in fonts.values():
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
    alternatives = {
        entry["/Alt"] for entry in _structure(catalogue(pdf)["/StructTreeRoot"]) if "/Alt" in entry
    }
    assert alternatives == {"Virtuaaliviivakoodi", "Maksa skannaamalla"}


def test_tables_are_tagged_with_their_header_cells() -> None:
    pdf = render(drawn_up())
    tags = [entry.get("/S") for entry in _structure(catalogue(pdf)["/StructTreeRoot"])]

    assert tags.count("/H1") == 1
    assert tags.count("/TH") == 5 + 4
    assert "/Table" in tags


def test_the_same_document_gives_the_same_bytes_in_another_process() -> None:
    here = render(drawn_up())
    program = (
        "import sys\n"
        "from tests.billing.documents import drawn_up\n"
        "from billing.pdf import render\n"
        "sys.stdout.buffer.write(render(drawn_up()))"
    )
    root = Path(__file__).parents[2]
    there = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, check=True).stdout

    assert there == here
    assert b"20260901000000" in here
    assert render(drawn_up(issued_on=date(2026, 9, 2))) != here


def test_threads_set_invoices_side_by_side() -> None:
    expected = [render(drawn_up(number=str(number))) for number in range(4)]
    made: dict[int, bytes] = {}
    workers = [
        threading.Thread(target=lambda at=at: made.__setitem__(at, render(drawn_up(number=str(at)))))
        for at in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [made[number] for number in range(4)] == expected


def test_a_failing_template_quotes_nothing_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out = sheet.lay_out(drawn_up()) | {"subject": "Salaisuus \ue000"}
    monkeypatch.setattr(sheet, "lay_out", lambda document: laid_out)

    with pytest.raises(NotTypeset) as failed:
        render(drawn_up())

    assert "Salaisuus" not in str(failed.value)
    assert failed.value.__suppress_context__


def test_only_the_bundled_fonts_are_used() -> None:
    assert {path.name for path in lettering.FONTS.iterdir()} == {
        "DejaVuSans.ttf",
        "DejaVuSans-LICENSE.txt",
        "Inter-Regular.otf",
        "Inter-SemiBold.otf",
        "Inter-LICENSE.txt",
    }


def test_a_qr_code_that_cannot_be_drawn_is_left_out() -> None:
    document = drawn_up(account=replace(drawn_up().account, holder="😀" * 70))  # type: ignore[type-var]

    with pytest.raises(barcode.NoCode):
        barcode.epc_payload(
            name="😀" * 70, iban="FI2112345600000785", bic="NDEAFIHH", amount=Decimal(1), reference="13"
        )
    assert set(scanned(document)) == {"Code 128"}


def _structure(entry: pypdf.generic.DictionaryObject) -> list[pypdf.generic.DictionaryObject]:
    found = [entry]
    children = entry.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        resolved = child.get_object()
        if isinstance(resolved, pypdf.generic.DictionaryObject):
            found += _structure(resolved)
    return found
