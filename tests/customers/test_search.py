"""The search: what finds whom, how documents are kept, which plan the database takes."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test import Client

from customers import contacts, intake, search, search_statements
from customers.models import Assignment, Customer, EmailAddress, Person, PhoneNumber, SearchDocument
from customers.provenance import TOLD
from register import access, finnish
from register.models import AuditEntry, User
from tests import cast

FIND = "/register/search/"


def found(text: str) -> list[str]:
    return [hit.name for hit in (*search.search(text).customers, *search.search(text).people)]


@pytest.mark.parametrize(
    "typed",
    ["Mäkelä", "mäkelä", "makela", "MÄKELÄ", "äkel", "maija mak", "mäkelä maija", "M\u0061\u0308kela\u0308"],
)
def test_a_person_is_found_with_and_without_dots_in_any_case_and_order(
    owner_acts: access.Acting, typed: str
) -> None:
    cast.person(given_name="Maija", family_name="Mäkelä")
    cast.person(given_name="Matti", family_name="Meikäläinen")
    assert found(typed) == ["Maija Mäkelä"]


@pytest.mark.parametrize(
    "typed",
    [
        "040 123 4567",
        "0401234567",
        "+358 40 1234567",
        "00358401234567",
        "+358 (0)40 123 4567",
        "123 45",
        "40-123",
    ],
)
def test_a_phone_number_is_found_in_any_notation_and_by_its_parts(
    owner_acts: access.Acting, typed: str
) -> None:
    cast.person(given_name="Maija", family_name="Mäkelä", phones=["040 123 4567"])
    cast.person(given_name="Matti", family_name="Meikäläinen", phones=["050 987 6543"])
    assert found(typed) == ["Maija Mäkelä"]


@pytest.mark.parametrize("typed", ["0109862-8", "01098628", "09862", "FI01098628"[2:]])
def test_a_company_is_found_by_its_business_id_with_and_without_the_hyphen(
    owner_acts: access.Acting, typed: str
) -> None:
    cast.company("Koivu Oy", business_id="0109862-8")
    cast.company("Leppä Oy")
    assert found(typed) == ["Koivu Oy"]


@pytest.mark.parametrize("typed", ["info@koivu.fi", "INFO@koivu", "koivu.fi", "fo@ko"])
def test_an_email_is_found_by_any_part(owner_acts: access.Acting, typed: str) -> None:
    cast.company("Esimerkki Oy", emails=["info@koivu.fi"])
    cast.company("Toinen Oy", emails=["posti@leppa.fi"])
    assert found(typed) == ["Esimerkki Oy"]


def test_the_number_comes_first_with_and_without_its_letter(owner_acts: access.Acting) -> None:
    customer = cast.company("Oikea Oy")
    cast.company(f"Katu {customer.pk} Oy", phones=[f"040 {customer.pk} 1234567"])
    for typed in (f"K{customer.pk}", f"k {customer.pk}", str(customer.pk)):
        assert search.search(typed).customers[0].subject == customer
    person = cast.person(given_name="Maija", family_name="Mäkelä")
    assert search.search(f"h{person.pk}").people[0].subject == person


def test_an_assignment_is_found_by_number_and_by_title(owner_acts: access.Acting) -> None:
    assignment = cast.assignment(cast.company(), title="Katon maalaus Ähtärissä")
    for typed in (f"T{assignment.pk}", "maalaus", "ähtäri katon"):
        assert [hit.subject for hit in search.search(typed).assignments] == [assignment]
    assert isinstance(search.search("maalaus").assignments[0].subject, Assignment)


def test_exact_comes_before_beginnings_and_beginnings_before_the_rest(owner_acts: access.Acting) -> None:
    for name in ("Vanha Salo Oy", "Salonen Oy", "Salo", "Rantasalo Oy"):
        cast.company(name)
    assert found("salo") == ["Salo", "Salonen Oy", "Vanha Salo Oy", "Rantasalo Oy"]


@pytest.mark.parametrize("typed", ["Virtannen", "vitranen", "Vrtanen", "virtanem", "pekka virtannen"])
def test_a_slip_of_the_pen_is_forgiven_and_said(owner_acts: access.Acting, typed: str) -> None:
    cast.person(given_name="Pekka", family_name="Virtanen")
    cast.person(given_name="Matti", family_name="Öhman")
    results = search.search(typed)
    assert results.similar
    assert [hit.name for hit in results.people] == ["Pekka Virtanen"]


def test_a_slip_in_a_name_with_a_hyphen_is_forgiven(owner_acts: access.Acting) -> None:
    cast.person(given_name="Aino", family_name="Yli-Hietanen")
    assert found("yli-hitanen") == ["Aino Yli-Hietanen"]


def test_one_or_two_letters_find_names_that_begin_so(owner_acts: access.Acting) -> None:
    cast.company("Äänekoski Oy")
    cast.company("Aalto Oy")
    cast.company("Säästö Oy")
    assert found("ä") == ["Äänekoski Oy"]
    assert found("aa") == ["Aalto Oy"]


@pytest.mark.parametrize(
    "typed", ["", "   ", "%", "_", "\\", "\x00", "'; DROP TABLE x", "\ud800", "😀", "a" * 5000]
)
def test_odd_queries_find_nothing_and_break_nothing(owner_acts: access.Acting, typed: str) -> None:
    cast.company("Aalto Oy")
    assert not search.search(typed)
    assert search.customers_matching(typed).ids == []


def test_a_private_customer_is_one_hit_the_customer(owner_acts: access.Acting) -> None:
    customer = cast.private_customer(given_name="Ada", family_name="Kivi", emails=["ada@kivi.fi"])
    results = search.search("kivi")
    assert [hit.subject for hit in results.customers] == [customer]
    assert results.people == []
    assert results.customers[0].details == ("ada@kivi.fi",)


def test_a_company_is_found_by_who_represents_it(owner_acts: access.Acting) -> None:
    company = cast.company("Koivu Oy")
    cast.person(given_name="Ada", family_name="Kivi", represents=company)
    results = search.search("kivi")
    assert [hit.name for hit in results.customers] == ["Koivu Oy"]
    assert [(hit.name, hit.details) for hit in results.people] == [
        ("Ada Kivi", ("Koivu Oy", "ada@example.fi"))
    ]


# --- how documents are kept --------------------------------------------------------------------------


def test_documents_follow_every_change_of_the_facts(owner_acts: access.Acting, owner: User) -> None:
    company = cast.company("Koivu Oy", emails=["info@paju.fi"])
    ada = cast.person(given_name="Ada", family_name="Kivi", represents=company, phones=["040 123 4567"])
    assert search.differences() == 0
    assert found("kivi") == ["Koivu Oy", "Ada Kivi"]

    intake.correct_customer(company, language="fi", name="Leppä Oy", business_id="", by=owner)
    assert found("koivu oy") == []
    assert found("leppä") == ["Leppä Oy", "Ada Kivi"]

    Person.objects.filter(pk=ada.pk).update(family_name="Hiekka")
    assert found("hiekka") == ["Leppä Oy", "Ada Hiekka"]

    EmailAddress.objects.filter(customer=company).delete()
    assert found("info@paju.fi") == []

    PhoneNumber.objects.update(person=None, customer=company)
    assert found("0401234567") == ["Leppä Oy"]
    assert search.differences() == 0


def test_a_deleted_party_leaves_no_document(owner_acts: access.Acting) -> None:
    company = cast.company("Koivu Oy", emails=["info@koivu.fi"])
    assert SearchDocument.objects.filter(text__contains="koivu").count() == 1
    company.relationship.delete()
    company.delete()
    assert SearchDocument.objects.filter(text__contains="koivu").count() == 0
    assert search.differences() == 0


def test_bulk_work_writes_each_document_once_at_its_end(owner_acts: access.Acting, owner: User) -> None:
    with search.held_back():
        company = cast.company("Koivu Oy")
        contacts.add_email(
            whose=company, address="info@koivu.fi", kind="work", primary=True, provenance=TOLD, by=owner
        )
        assert found("koivu") == []
    assert found("info@koivu.fi") == ["Koivu Oy"]
    assert search.differences() == 0
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_searchpending")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "text",
    [
        "Åke Öhman-Mäkelä",
        "ÅÄÖ åäö",
        "Zoë Müller",
        "Æsop Ødegård",
        "Straße",
        "José",
        "Łukasz Wałęsa",
        "Čapek",
        "w V",
    ],
)
def test_the_database_folds_as_python_does(owner_acts: access.Acting, text: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT customers_fold(%s)", [text])
        assert cursor.fetchone() == (finnish.fold(text),)


# --- the plan ----------------------------------------------------------------------------------------


def test_candidates_come_from_the_trigram_index_even_with_stale_statistics(owner_acts: access.Acting) -> None:
    """3,000 rows arrive after the last ANALYZE: the planner must not walk the table."""
    with connections["owner"].cursor() as cursor, search.held_back():
        cursor.execute(FILL)
    for typed in ("nimi 1234", "imi-77", "@esim77.fi"):
        wanted = search.read(typed)
        assert wanted is not None
        plan = "\n".join(
            row[0]
            for row in search._rows_by_index("EXPLAIN " + search_statements.FIND, search._parameters(wanted))
        )
        assert "Bitmap Index Scan on search_trigrams" in plan
        assert "Seq Scan on customers_searchdocument" not in plan


def test_a_fragment_of_very_many_is_found_by_looking_and_a_rare_one_by_the_index(
    owner_acts: access.Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        cast.person(given_name="Matti", family_name=f"Virtanen{number:02}")
    cast.person(given_name="Maija", family_name="Mäkelä")
    by_index = {typed: sorted(found(typed)) for typed in ("irtanen", "matti virt", "mäkelä", "virtanen07")}
    assert [len(names) for names in by_index.values()] == [12, 12, 1, 1]
    monkeypatch.setattr(search, "_documents", lambda: 10_000_000)
    for fence in (search.FENCE, 12, 5):  # fewer are found by looking, exactly as many, more
        monkeypatch.setattr(search, "FENCE", fence)
        monkeypatch.setattr(search, "_walk", lambda *__: 1000)
        for typed, names in by_index.items():
            seen = sorted(found(typed))
            assert (
                seen == names if fence >= 12 else set(seen) <= set(names) and len(seen) == min(5, len(names))
            )


def test_what_is_misspelt_is_found_by_looking_too(
    owner_acts: access.Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        cast.person(given_name="Matti", family_name=f"Virtanen{number}")
    by_index = sorted(found("virtnen"))
    assert len(by_index) == 6
    monkeypatch.setattr(search, "_walk", lambda *__: 1000)
    for compared in (
        search.COMPARED,
        6,
    ):  # fewer candidates than wanted: the index; enough: what was looked through
        monkeypatch.setattr(search, "COMPARED", compared)
        assert sorted(found("virtnen")) == by_index


@pytest.mark.parametrize(
    ("documents", "expected", "walk"),
    [(100_000, 90_000, 0), (1_000_000, 90_000, search.WALK), (1_000_000, 500, 0)],
)
def test_only_a_great_register_is_looked_through(
    monkeypatch: pytest.MonkeyPatch, documents: int, expected: int, walk: int
) -> None:
    monkeypatch.setattr(search, "_documents", lambda: documents)
    monkeypatch.setattr(access, "ask", lambda *__: [([{"Plan": {"Plan Rows": expected}}],)])
    wanted = search.read("virtanen")
    assert wanted is not None
    assert search._walk(search_statements.EXPECTED, search._parameters(wanted)) == walk


FILL = """
INSERT INTO customers_person (public_id, given_name, family_name, sort_key, language, source, source_detail, entered_at)
SELECT gen_random_uuid(), 'Etu', 'Nimi-' || n, 'nimi ' || n, 'fi', 'told', '', now() FROM generate_series(1, 3000) n
"""


# --- the pages ---------------------------------------------------------------------------------------


def test_the_results_page_and_the_suggestions_record_whom_they_show(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        company = cast.company("Koivu Oy")
        ada = cast.person(given_name="Ada", family_name="Koivu")
    for address, page in ((FIND, "search"), (FIND + "suggestions/", "suggestions")):
        text = as_owner.get(address, {"q": "koivu"}).content.decode()
        assert f"/register/customers/K{company.pk}/" in text
        assert f"/register/people/H{ada.pk}/" in text
        with access.acting("owner"):
            entry = AuditEntry.objects.get(action=AuditEntry.Action.ACCESS, page=page)
        assert entry.numbers == [f"K{company.pk}", f"H{ada.pk}"]


def test_what_is_typed_is_shown_as_text(as_owner: Client) -> None:
    text = as_owner.get(FIND, {"q": "<script>alert(1)</script>"}).content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


def test_the_billing_person_has_no_search_of_the_owners(as_biller: Client) -> None:
    assert as_biller.get(FIND, {"q": "koivu"}).status_code == 404


def test_a_list_filter_says_when_it_was_cut(
    owner_acts: access.Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        cast.company(f"Koivu {n} Oy")
    monkeypatch.setattr(search, "LIST_FENCE", 3)
    matches = search.customers_matching("koivu")
    assert len(matches.ids) == 3
    assert matches.more
    assert Customer.objects.count() == 4
