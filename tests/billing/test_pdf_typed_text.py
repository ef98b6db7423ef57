"""What people type, on paper: markup, any script, characters that mislead or have no letter; nothing of it runs."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from billing.pdf import NotTypeset, Party, lettering, render, sheet
from tests.billing.documents import COMPANY, Sold, drawn_up
from tests.billing.printed import joined, text

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


def test_a_failing_template_quotes_nothing_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out = sheet.lay_out(drawn_up()) | {"subject": "Salaisuus \ue000"}
    monkeypatch.setattr(sheet, "lay_out", lambda document: laid_out)

    with pytest.raises(NotTypeset) as failed:
        render(drawn_up())

    assert "Salaisuus" not in str(failed.value)
    assert failed.value.__suppress_context__
