"""The import through its pages: upload, preview, choices, confirmation, report; nothing before the confirmation."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import tasks
from customers.models import (
    Customer,
    EmailAddress,
    ImportRow,
    ImportRun,
    Interaction,
    Person,
    PhoneNumber,
    PostalAddress,
    Relationship,
    Representation,
)
from register.models import AuditEntry, User
from tests import cast
from tests.customers.importing import (
    ADA,
    BEA,
    START,
    choose,
    confirm,
    counted,
    csv_of,
    imported,
    in_register,
    newest,
    rows,
    staged,
    table,
    upload,
    verdicts,
    work,
)
from tests.samples import CONTACTS, each

pytestmark = pytest.mark.usefixtures("files")


# --- the way through ---


def test_a_spreadsheet_becomes_customers_people_and_contact_details(as_owner: Client, owner: User) -> None:
    run = imported(as_owner, table(ADA, BEA), source_words="Outlook of the sales team")
    assert (run.status, run.counts) == ("done", {"added": 2})
    with in_register(owner):
        ada = Person.objects.get(family_name="Laine")
        assert (ada.given_name, ada.source, ada.import_run_id) == ("Ada", "import", run.pk)
        assert ada.source_detail == "asiakkaat.csv: Outlook of the sales team"
        assert ada.entered_by_id == owner.pk
        company = Customer.objects.get(name="Laine Oy")
        tie = Representation.objects.get()
        assert (tie.person, tie.customer, tie.title) == (ada, company, "johtaja")
        email = EmailAddress.objects.get(person=ada)
        assert (email.address, email.canonical, email.primary, email.import_run_id) == (
            "ada@laine.fi",
            "ada@laine.fi",
            True,
            run.pk,
        )
        phone = PhoneNumber.objects.get(person=ada)
        assert (phone.number, phone.e164, phone.kind) == ("040 123 4567", "+358401234567", "mobile")
        assert (phone.source, phone.source_detail) == ("import", "asiakkaat.csv: Outlook of the sales team")
        bea = Customer.objects.get(person__given_name="Bea")
        assert (bea.kind, bea.name) == ("private", "Bea Virtanen")
        ties = list(Relationship.objects.order_by("pk").values_list("status", "source", "import_run_id"))
        assert ties == [("active", "import", run.pk)] * 2
        assert (company.sort_key, bea.sort_key) == ("laine oy", "virtanen bea")


def test_nothing_is_written_before_the_confirmation_and_exactly_the_counted_rows_after_it(
    as_owner: Client,
) -> None:
    before = counted()
    run = staged(as_owner, table(ADA, BEA, ";;;;;"))
    assert as_owner.get(f"{START}I{run.pk}/").status_code == 200
    page = as_owner.get(f"{START}I{run.pk}/confirm/")
    assert (page.context["plan"].add, page.context["plan"].update, page.context["plan"].skip) == (2, 0, 0)
    assert counted() == before
    confirm(as_owner, run)
    assert counted() == before
    assert work() == 1
    assert counted() == before | {
        "Customer": 2,
        "Person": 2,
        "Relationship": 2,
        "Representation": 1,
        "EmailAddress": 2,
        "PhoneNumber": 2,
    }


def test_the_same_file_again_matches_everything_and_adds_nothing(as_owner: Client) -> None:
    data = table(
        ADA,
        BEA,
        "Carl;Öhman;;;;",
        ";;Pelkkä Firma Oy;;info@firma.fi;09 123 4567",
        ";;;;nimeton@example.fi;",
        "Dora;Salo;;;;kerro alanumero 12",
    )
    first = imported(as_owner, data)
    assert first.counts == {"added": 6}
    before = counted()
    second = staged(as_owner, data)
    assert {verdict for verdict, _reason, _choice in verdicts(second)} == {"match"}
    assert confirm(as_owner, second).status_code == 302
    work()
    assert newest().counts == {"unchanged": 6}
    assert counted() == before


def test_what_has_no_place_of_its_own_goes_into_a_note(as_owner: Client, owner: User) -> None:
    data = table(
        "Ada;Laine;;09 1;ei osoite;Hyvä asiakas",
        header="Etunimi;Sukunimi;Yritys;Faksi;Sähköposti;Lisätiedot",
    )
    imported(as_owner, data)
    with in_register(owner):
        note = Interaction.objects.get()
        assert note.text == "Hyvä asiakas\nE-mail: ei osoite\nFax: 09 1"
        assert note.subject == "From the file asiakkaat.csv"
        assert [str(person) for person in note.people.all()] == [str(Person.objects.get())]
        assert not EmailAddress.objects.exists()


def test_tags_and_company_addresses_are_kept(as_owner: Client, owner: User) -> None:
    header = "Etunimi;Sukunimi;Yritys;Y-tunnus;Katuosoite;Postinumero;Postitoimipaikka;Tunnisteet;Kieli"
    data = table(
        "Ada;Laine;Laine Oy;2345678-0;Katu 1;00100;Helsinki;messut,Turku;ruotsi",
        "Bo;Berg;Laine Oy;;Katu 1;00100;Helsinki;Messut;",
        header=header,
    )
    run = imported(as_owner, data)
    assert run.counts == {"added": 2}
    with in_register(owner):
        company = Customer.objects.get()
        assert (company.business_id, company.kind) == ("2345678-0", "company")
        place = PostalAddress.objects.get()
        assert (place.customer, place.street, place.postal_code, place.city, place.primary) == (
            company,
            "Katu 1",
            "00100",
            "Helsinki",
            True,
        )
        assert sorted(tag.name for tag in company.relationship.tags.all()) == ["Turku", "messut"]
        assert company.representations.count() == 2
        assert Person.objects.get(given_name="Ada").language == "sv"


def test_a_search_finds_who_was_imported(as_owner: Client, owner: User) -> None:
    imported(as_owner, table(ADA))
    with in_register(owner):
        ada = Person.objects.get()
        assert "ada@laine.fi" in ada.search_document.text
        assert "laine oy" in ada.search_document.text


def test_the_audit_holds_the_bulk_act_with_numbers_and_no_values(as_owner: Client, owner: User) -> None:
    run = imported(as_owner, table(ADA))
    with in_register(owner):
        entry = AuditEntry.objects.get(page="import", action=AuditEntry.Action.CREATE)
        numbers = sorted([str(Person.objects.get()), str(Customer.objects.get())])
        assert (sorted(entry.numbers), entry.actor_id) == (numbers, owner.pk)
        assert entry.additional_data == {"import": f"I{run.pk}", "counts": {"added": 1}}
        everything = repr(list(AuditEntry.objects.values()))
    for value in ("Laine Oy", "ada@laine.fi", "040 123 4567", "johtaja", "+358401234567"):
        assert value not in everything


def test_the_preview_records_whose_data_it_shows(as_owner: Client, owner: User) -> None:
    with in_register(owner):
        ada = cast.person(given_name="Ada", family_name="Laine", emails=["ada@laine.fi"])
    run = staged(as_owner, table("Ada;Laine;;;ADA@laine.fi;"))
    as_owner.get(f"{START}I{run.pk}/")
    with in_register(owner):
        read = AuditEntry.objects.get(page="import", action=AuditEntry.Action.ACCESS)
        assert read.numbers == [str(ada)]


def test_the_number_of_queries_of_the_preview_does_not_depend_on_the_rows(as_owner: Client) -> None:
    imported(as_owner, table(*(f"N{n};Laine;Laine {n} Oy;;n{n}@laine.fi;" for n in range(60))))
    counts = []
    for some in (2, 60):
        run = staged(as_owner, table(*(f"N{n};Laine;Laine {n} Oy;;n{n}@laine.fi;" for n in range(some))))
        with CaptureQueriesContext(connections["owner"]) as queries:
            page = as_owner.get(f"{START}I{run.pk}/")
        assert len(page.context["rows"]) == min(some, 50)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 14


def test_the_report_can_be_downloaded_with_inert_cells(as_owner: Client) -> None:
    data = table(ADA, "=cmd();;;;;", ";;;;;040 1")
    run = staged(as_owner, data)
    choose(as_owner, run, choice_3="skip", choice_2="add")
    confirm(as_owner, run)
    work()
    page = as_owner.get(f"{START}I{run.pk}/")
    assert page.status_code == 200
    answer = as_owner.get(f"{START}I{run.pk}/report.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.reader(csv_of(answer), delimiter=";"))
    assert lines[0][:3] == ["Row", "Result", "Reason"]
    assert [line[1] for line in lines[1:]] == ["added", "skipped", "added"]
    assert lines[1][3].startswith("H")
    assert lines[2][5] == "'=cmd()"


def test_after_success_only_what_the_report_needs_is_kept(as_owner: Client) -> None:
    run = imported(as_owner, table(ADA))
    row = rows(run)[0]
    assert (row.name, row.data) == ("", {})
    assert (run.path, row.result) == ("", "added")
    assert not list((Path(settings.MEDIA_ROOT) / "imports").glob("*"))


def test_cancelling_deletes_the_rows_and_the_file(as_owner: Client) -> None:
    run = staged(as_owner, table(ADA))
    kept = Path(settings.MEDIA_ROOT) / run.path
    assert kept.exists()
    assert len(rows(run)) == 1
    as_owner.post(f"{START}I{run.pk}/cancel/")
    assert rows(run) == []
    assert not kept.exists()
    assert newest().status == "cancelled"
    assert as_owner.get(f"{START}I{run.pk}/").status_code == 200


def test_staged_data_is_forgotten_after_thirty_days(as_owner: Client, owner: User) -> None:
    done = imported(as_owner, table(ADA))
    waiting = staged(as_owner, table(BEA))
    kept = Path(settings.MEDIA_ROOT) / waiting.path
    assert kept.exists()
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE customers_importrun SET created_at = created_at - interval '31 days'")
    young = staged(as_owner, table("Eva;Uusi;;;;"))
    tasks.forget_old_imports(timestamp=0)
    assert (rows(done), rows(waiting), len(rows(young))) == ([], [], 1)
    assert not kept.exists()
    with in_register(owner):
        assert dict(ImportRun.objects.values_list("pk", "status")) == {
            done.pk: "done",
            waiting.pk: "cancelled",
            young.pk: "staged",
        }
        assert ImportRow.objects.count() == 1
        assert Person.objects.count() == 1


# --- every sample of other programs ---


@pytest.mark.parametrize("path", each(CONTACTS, ".vcf", ".csv"))
def test_every_sample_file_imports_or_says_why_not(as_owner: Client, path: Path) -> None:
    answer = upload(as_owner, path.read_bytes(), path.name)
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert answer.context["form"].errors["file"]
        return
    work()
    run = newest()
    assert run.status in ("staged", "failed")
    before = counted()
    page = as_owner.get(f"{START}I{run.pk}/")
    assert page.status_code == 200
    for row in rows(run):
        assert row.verdict != "unreadable" or row.problems
    plan = as_owner.get(f"{START}I{run.pk}/confirm/").context["plan"]
    assert plan.total == run.total
    confirm(as_owner, run)
    work()
    done = newest()
    assert done.status == "done", done.problem
    assert sum(done.counts.values()) == run.total
    assert counted()["Person"] <= before["Person"] + plan.add
    assert as_owner.get(f"{START}I{run.pk}/").status_code == 200
    assert as_owner.get(f"{START}I{run.pk}/report.csv").status_code == 200


# --- columns ---


def test_the_mapping_can_be_changed_is_remembered_and_shows_samples(as_owner: Client) -> None:
    data = table("Ada Laine;ada@laine.fi;Turku", header="Kuka;Osoite sähköinen;Alue 51")
    run = staged(as_owner, data)
    page = as_owner.get(f"{START}I{run.pk}/columns/")
    assert page.status_code == 200
    assert "Ada Laine" in page.content.decode()
    sent = {"column0": "full_name::0", "column1": "email:work:0", "column2": "city::0"}
    assert as_owner.post(f"{START}I{run.pk}/columns/", sent).status_code == 302
    row = rows(newest())[0]
    assert (row.name, row.data["emails"][0]["value"]) == ("Ada Laine", "ada@laine.fi")
    assert row.data["addresses"][0]["city"] == "Turku"
    again = staged(as_owner, table("Bo Berg;bo@berg.fi;Oulu", header="kuka;osoite SÄHKÖINEN;alue 51"))
    assert rows(again)[0].data["emails"][0]["value"] == "bo@berg.fi"
    assert rows(again)[0].data["addresses"][0]["city"] == "Oulu"


def test_a_wrong_target_is_refused(as_owner: Client) -> None:
    run = staged(as_owner, table(ADA))
    answer = as_owner.post(f"{START}I{run.pk}/columns/", {f"column{n}": "password::0" for n in range(6)})
    assert answer.status_code == 422
    assert rows(run)[0].name == "Ada Laine, Laine Oy"


# --- who may ---


def test_the_billing_person_finds_no_import(as_owner: Client, as_biller: Client) -> None:
    run = staged(as_owner, table(ADA))
    for path in ("", f"I{run.pk}/", f"I{run.pk}/confirm/", f"I{run.pk}/columns/", f"I{run.pk}/report.csv"):
        assert as_owner.get(START + path).status_code in (200, 404)
        assert as_biller.get(START + path).status_code == 404
    for path in ("choose/", "cancel/", "again/"):
        assert as_biller.post(f"{START}I{run.pk}/{path}").status_code == 404
    assert upload(as_biller, table(ADA)).status_code == 404
    assert newest() == run
    assert newest().status == "staged"
