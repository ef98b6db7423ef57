"""The preview is the paper that issuing would make, page for page, but for number, reference and codes."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdf
import pytest

from billing import invoicing, references
from billing.models import Invoice, InvoicePdf
from billing.pdf import InvoiceDocument, Language, render
from register import access
from register.models import ReferenceForm, Registrar, User
from tests.billing import bills
from tests.billing.codes import seen
from tests.billing.documents import ACCOUNT, CONSULTING, Sold, drawn_up

NOT_GIVEN = {
    Language.FINNISH: "ei vielä annettu",
    Language.SWEDISH: "ges senare",
    Language.ENGLISH: "not given yet",
}
DRAFT = {Language.FINNISH: "Luonnos", Language.SWEDISH: "Utkast", Language.ENGLISH: "Draft"}


def pages(pdf: bytes) -> list[list[str]]:
    """The words of each page."""
    found = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [page.extract_text().replace("\u00a0", " ").split() for page in found]


def without(pdf: bytes, said: list[str]) -> list[list[str]]:
    """The words of each page, without what only the issued paper or only the preview says, in any order."""
    texts = [" ".join(words) for words in pages(pdf)]
    for taken in said:
        texts = [text.replace(taken, " ") for text in texts]
    return [sorted(text.split()) for text in texts]


def same(issued: InvoiceDocument, preview: bytes, paper: bytes) -> None:
    assert len(pages(preview)) == len(pages(paper))
    codes = seen(paper)
    said = [codes.get("Code 128", "—"), references.print_format(issued.reference), issued.number]
    blank = [NOT_GIVEN[issued.language], DRAFT[issued.language]]
    assert without(preview, blank) == without(paper, said)


@pytest.mark.parametrize(
    ("language", "count"),
    [*((one, 1) for one in Language), *((Language.FINNISH, n) for n in (13, 14, 15, 16, 17, 18, 40))],
)
def test_a_preview_has_the_pages_and_words_of_the_issued_paper(language: Language, count: int) -> None:
    lines = [*CONSULTING, *(Sold(f"Työ {n}", "1", "10.00") for n in range(count))]
    issued = drawn_up(lines, language=language, number="20260001")
    draft = replace(issued, number="", reference="")
    same(issued, render(draft), render(issued))


def test_the_preview_of_a_draft_is_what_issuing_makes(
    registrar: Registrar, owner: User, biller: User
) -> None:
    with access.acting("owner", user_id=owner.pk):
        Registrar.objects.update(reference_form=ReferenceForm.RF)
    draft = bills.draft(biller, bills.company(owner), note="Kiitos.\nNähdään taas.")
    with access.acting("billing"):
        preview = invoicing.preview(Invoice.objects.get(pk=draft.pk), on=bills.TODAY)
    issued = bills.issue(biller, draft)
    with access.acting("billing"):
        paper = bytes(InvoicePdf.objects.get(invoice=issued).content)
    same(InvoiceDocument.from_json(issued.snapshot or {}), preview, paper)


def test_nothing_on_a_preview_can_be_paid() -> None:
    preview = render(drawn_up(number="", reference=""))
    said = " ".join(word for page in pages(preview) for word in page)
    assert "Tilisiirto" in said
    assert said.count("ei vielä annettu") == 3  # beside the due date, on the form, and under the bar code
    assert seen(preview) == {}


def test_a_draft_that_will_have_no_bar_code_leaves_no_room_for_one() -> None:
    account = replace(ACCOUNT, iban="DE89370400440532013000", bic="COBADEFFXXX")
    issued = drawn_up(account=account)
    same(issued, render(replace(issued, number="", reference="")), render(issued))
