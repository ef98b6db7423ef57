"""The generated statement says everything the company's own document says, and what the GDPR asks besides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from register import documents, inventory, record, statement
from register.models import Language, Registrar
from register.roles import Role
from register.wording import wording
from tests.derived.clauses import EN, FI, Clauses
from tests.samples import sample

THEWIND = Registrar(
    name="THEWIND Oy",
    business_id="2345678-0",
    street="Aittokalliontie 6",
    postal_code="40400",
    city="Jyväskylä",
    website="www.thewind.fi",
    contact_person="Tuuli Kirsikka Pirttiaho",
    contact_email="tuulikirsikka@thewind.fi",
    register_name_fi="Yrityksen sähköpostirekisteri ja asiakasrekisteri",
    register_name_sv="Företagets e-postregister och kundregister",
    register_name_en="Company e-mail register and customer register",
)


def text(language: str) -> str:
    return statement.draw_up(THEWIND, language).markdown()


def words(clauses: str) -> list[str]:
    return re.sub(r"\s+", " ", clauses).split()


@pytest.mark.parametrize(("language", "clauses"), [("fi", FI), ("en", EN)])
def test_every_clause_of_the_companys_document_is_said(language: str, clauses: Clauses) -> None:
    said = text(language)
    missing = [
        (clause, passage) for clause, passages in clauses for passage in passages if passage not in said
    ]
    assert missing == []


def test_the_clauses_are_the_whole_document_word_by_word() -> None:
    document = words(sample("rekisteriseloste.txt").read_text(encoding="utf-8"))
    assert words(" ".join(clause for clause, _passages in (*FI, *EN))) == document


@pytest.mark.parametrize(
    ("language", "passages"),
    [
        (
            "fi",
            (
                "Oikeusperuste",
                "oikeutettu etu, etumme on",
                "Säilytysaika",
                "kirjanpitäjä, tilintarkastaja, perintätoimisto",
                "Euroopan talousalueen ulkopuolelle",
                "saada niistä jäljennös (15 artikla)",
                "oikaistuiksi ja puutteelliset täydennetyiksi (16 artikla)",
                "poistetuiksi (17 artikla)",
                "rajoitetuksi",
                "siirtää ne toiselle (20 artikla)",
                "vastustaa tietojesi käyttöä",
                "peruuttaa antamasi suostumus",
                "Tietosuojavaltuutetun toimisto, PL 800, 00531 Helsinki",
                "Tietojen antaminen on vapaaehtoista",
                "ei tehdä automaattisia päätöksiä eikä profilointia",
            ),
        ),
        (
            "sv",
            (
                "Rättslig grund",
                "berättigat intresse är vårt intresse",
                "Lagringstid",
                "bokförare, revisor, inkassobyrå",
                "Europeiska ekonomiska samarbetsområdet",
                "(artikel 15)",
                "(artikel 16)",
                "(artikel 17)",
                "(artikel 18)",
                "(artikel 20)",
                "(artikel 21)",
                "återkalla ett samtycke",
                "Dataombudsmannens byrå",
                "Det är frivilligt att lämna uppgifter",
                "Inga automatiserade beslut fattas och ingen profilering",
            ),
        ),
        (
            "en",
            (
                "Legal basis",
                "our interest is",
                "Kept",
                "an accountant, an auditor, a collection agency",
                "outside the European Union",
                "(Article 15)",
                "(Article 16)",
                "(Article 17)",
                "(Article 18)",
                "(Article 20)",
                "(Article 21)",
                "withdraw a consent",
                "Office of the Data Protection Ombudsman",
                "Giving data is voluntary",
                "No automated decisions are made and no profiling is done",
            ),
        ),
    ],
)
def test_the_statement_says_what_article_13_asks_for(language: str, passages: tuple[str, ...]) -> None:
    said = text(language)
    assert [passage for passage in passages if passage not in said] == []


@pytest.mark.parametrize("language", Language.values)
def test_the_statement_names_every_kind_with_purpose_basis_and_keeping_time(language: str) -> None:
    said = text(language)
    with translation.override(language):
        kinds = [*inventory.kinds()]
        missing = [
            str(kind.label)
            for kind in kinds
            if f"### {kind.label}\n" not in said
            or f" {kind.purpose}\n" not in said
            or f" {kind.keep.sentence()}\n" not in said
            or f" {kind.basis.label}\n" not in said
        ]
        places = [str(place.where) for place in inventory.places() if str(place.where) not in said]
    assert len(kinds) > 10
    assert missing == []
    assert places == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_word_of_the_inventory_is_translated(language: str) -> None:
    def spoken() -> list[str]:
        found = [
            str(part)
            for kind in inventory.kinds()
            for part in (
                kind.label,
                kind.purpose,
                kind.basis.label,
                kind.source,
                kind.keep.sentence(),
                kind.recipients,
            )
        ]
        found += [
            str(part) for place in inventory.places() for part in (place.label, place.where, place.erased_by)
        ]
        return found + [str(role.label) for role in Role]

    with translation.override("en"):
        english = spoken()
    with translation.override(language):
        there = spoken()
    assert [one for one, other in zip(english, there, strict=True) if one and one == other] == []


def test_the_billing_persons_kinds_are_those_his_login_reads() -> None:
    with translation.override("en"):
        section = text("en").split("The billing person sees these categories of data:")[1].split("##")[0]
        listed = re.findall(r"^- (.+)$", section, re.MULTILINE)
        tables = [entry for entry in inventory.entries() if entry.access.may("billing", "read")]
        shells = {entry.shell.kind for entry in tables if entry.shell}
        assert set(listed) == {str(kind.label) for entry in tables for kind in {*entry.kinds(), *shells}}


@pytest.mark.parametrize("language", Language.values)
def test_a_published_text_is_read_back_as_it_was(language: str) -> None:
    drawn = statement.draw_up(THEWIND, language)
    assert statement.read(drawn.markdown(), language) == drawn


def test_the_three_languages_have_the_same_parts() -> None:
    shapes = {
        language: [
            [(bool(b.text), len(b.points), bool(b.title), len(b.facts)) for b in section.blocks]
            for section in statement.draw_up(THEWIND, language).sections
        ]
        for language in Language.values
    }
    assert shapes["fi"] == shapes["sv"] == shapes["en"]


@pytest.mark.parametrize("language", Language.values)
def test_no_sentence_is_left_in_another_language(language: str) -> None:
    others = [wording(other) for other in Language.values if other != language]
    said = text(language)
    for other in others:
        assert other.obligation_text not in said
        assert other.title not in said


def test_the_documents_in_docs_are_what_the_inventory_says() -> None:
    assert documents.outdated(documents.statements()) == []
    assert documents.outdated(documents.inventories()) == []


def test_a_document_out_of_date_fails_the_check(tmp_path: Path, settings: object) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    for command in ("statement", "inventory"):
        with pytest.raises(CommandError, match=f"run manage.py {command} --write"):
            call_command(command, "--check")
        call_command(command, "--write")
        call_command(command, "--check")
    changed = tmp_path / "docs" / "inventory.md"
    changed.write_text(changed.read_text(encoding="utf-8") + "x", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("inventory", "--check")


def test_the_record_of_processing_has_a_line_for_every_kind() -> None:
    with translation.override("en"):
        lines = record.as_csv().splitlines()
        assert len(lines) == 1 + len(inventory.kinds())
        assert all(len(activity.columns()) == len(record.TITLES) for activity in record.activities())


def test_statement_and_record_say_where_copies_of_everything_lie() -> None:
    titles = (
        "Backup copies of the register",
        "Exported files: lists, reports, the copy of a person's own data",
    )
    with translation.override("en"):
        told, statement_text = record.as_markdown(THEWIND), text("en")
        assert "deleted 35 days after they were made" in told
        for title in titles:
            assert f"- **{title}:** " in told
            assert f"### {title}\n" in statement_text
            assert all(title in activity.where for activity in record.activities())
        assert "| backups | every kind | encrypted files" in record.inventory_table()
