"""The file: archivable and accessible (PDF/A-3a, PDF/UA-1), with its fonts, and always the same bytes."""

import subprocess
import sys
import threading
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf

from billing.pdf import Attached, lettering, render
from tests.billing.documents import drawn_up
from tests.billing.printed import catalogue, pages


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


def test_only_the_bundled_fonts_are_used() -> None:
    assert {path.name for path in lettering.FONTS.iterdir()} == {
        "DejaVuSans.ttf",
        "DejaVuSans-LICENSE.txt",
        "Inter-Regular.otf",
        "Inter-SemiBold.otf",
        "Inter-LICENSE.txt",
    }


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


def _structure(entry: pypdf.generic.DictionaryObject) -> list[pypdf.generic.DictionaryObject]:
    found = [entry]
    children = entry.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        resolved = child.get_object()
        if isinstance(resolved, pypdf.generic.DictionaryObject):
            found += _structure(resolved)
    return found
