"""What a reader sees on a PDF's last page, printed at 300 dots per inch, and what the pages say."""

from __future__ import annotations

import io

import pypdf
import pypdfium2
import zxingcpp


def seen(pdf: bytes) -> dict[str, str]:
    """The text of each code by its kind."""
    paper = pypdfium2.PdfDocument(pdf)
    picture = paper[len(paper) - 1].render(scale=300 / 72, grayscale=True)
    pixels = memoryview(bytes(picture.buffer)).cast("B", shape=[picture.height, picture.stride])
    return {str(found.format): found.text for found in zxingcpp.read_barcodes(pixels)}


def words(pdf: bytes) -> str:
    """All that can be copied out of it, single spaces between the words."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
