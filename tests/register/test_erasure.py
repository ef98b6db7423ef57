"""Erasure and copies where people share rows, where a law keeps things, and where files are involved."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from billing import details, drafting
from billing.models import Invoice, InvoicePdf, ReleasedAssignment
from customers import assignments, attachments
from customers.models import Assignment, Attachment, Customer, Interaction, Person, SearchDocument, Task
from register import access, erasure, export, redaction, subjects
from register.models import AuditEntry, Erasure, Registrar, User
from tests import canary, cast
from tests.billing import bills

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> None:
    """Files of other tests do not get into the scans of these."""
    settings.MEDIA_ROOT = tmp_path


def erase(subject: Any, owner: User, *, at: datetime = NOW) -> erasure.Outcome:
    with access.acting("owner", user_id=owner.pk):
        found = type(subject).objects.get(pk=subject.pk)
        return erasure.erase(found, by=owner, at=at, reason=Erasure.Reason.ASKED)


def copied(subject: Any, owner: User) -> str:
    with access.acting("owner", user_id=owner.pk):
        return export.copy_of(type(subject).objects.get(pk=subject.pk), by=owner, at=NOW).json()


# --- rows that several people share ------------------------------------------------------------------


def shared_entry(owner: User) -> tuple[Person, Person, Interaction]:
    with access.acting("owner", user_id=owner.pk):
        firm = cast.company()
        ada = cast.person("Ada", "Virtanen", represents=firm, emails=["ada@yhteinen.fi"])
        bertta = cast.person("Bertta", "Koskinen", represents=firm, emails=["bertta@yhteinen.fi"])
        entry = cast.entry(
            customer=firm,
            people=[ada, bertta],
            subject="Palaveri",
            text="Ada (ADA@yhteinen.fi) lupasi tarjouksen. Bertta Koskinen soittaa Adalle.",
        )
        return ada, bertta, entry


def test_a_shared_entry_stays_for_the_other_without_the_erased_person(owner: User) -> None:
    ada, bertta, entry = shared_entry(owner)
    erase(ada, owner)
    with access.acting("owner", user_id=owner.pk):
        left = Interaction.objects.get(pk=entry.pk)
        assert left.text == "— (—) lupasi tarjouksen. Bertta Koskinen soittaa —."
        assert list(left.people.all()) == [bertta]


def test_a_namesake_on_the_same_entry_keeps_his_name(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        ada = cast.person("Ada", "Virtanen", emails=["ann@firma.fi"])
        other = cast.person("Joann", "Virtanen", emails=["joann@firma.fi"])
        entry = cast.entry(people=[ada, other], text="Ada ja Joann Virtanen, ann@firma.fi ja joann@firma.fi")
    erase(ada, owner)
    with access.acting("owner", user_id=owner.pk):
        assert Interaction.objects.get(pk=entry.pk).text == "— ja Joann Virtanen, — ja joann@firma.fi"


def test_the_copy_leaves_the_other_persons_names_and_addresses_out(owner: User) -> None:
    ada, _bertta, _entry = shared_entry(owner)
    told = copied(ada, owner)
    assert "lupasi tarjouksen" in told
    assert "Ada" in told
    for foreign in ("Bertta", "Koskinen", "bertta@yhteinen.fi"):
        assert foreign not in told


def test_the_copy_tells_which_company_the_person_represents(owner: User) -> None:
    ada, _bertta, _entry = shared_entry(owner)
    assert "Koivukylän Kone Oy" in copied(ada, owner)


def test_an_entry_with_the_erased_person_alone_goes_although_a_company_is_named(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        firm = cast.company()
        ada = cast.person(represents=firm)
        entry = cast.entry(customer=firm, people=[ada], text="Adan oma asia")
    erase(ada, owner)
    with access.acting("owner", user_id=owner.pk):
        assert not Interaction.objects.filter(pk=entry.pk).exists()
        assert Customer.objects.get(pk=firm.pk).name == firm.name


def test_a_companys_assignment_loses_its_contact_person_and_nothing_else(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        firm = cast.company()
        ada = cast.person("Ada", "Asiakas", represents=firm)
        work = assignments.offer(
            customer=firm,
            contact=ada,
            title="Halli, yhteys Ada Asiakas",
            lines=cast.LINES,
            by=owner,
            on=cast.today(),
        )
    outcome = erase(ada, owner)
    assert ("untie", 1) in [(one.act, one.rows) for one in outcome.gone]
    with access.acting("owner", user_id=owner.pk):
        left = Assignment.objects.get(pk=work.pk)
        assert left.contact_id is None
        assert left.title == "Halli, yhteys — —"
        assert left.lines.count() == len(cast.LINES)


def test_a_private_customer_goes_with_the_person_whichever_is_named(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        first, second = (
            cast.private_customer("Aino", name, emails=[f"{name}@x.fi"]) for name in ("Eka", "Toka")
        )
        for one in (first, second):
            cast.assignment(one, title=f"Työ {one.name}")
            cast.task(f"Soita {one.name}", customer=one)
    erase(first.person, owner)
    erase(second, owner)
    with access.acting("owner", user_id=owner.pk):
        assert set(Customer.objects.values_list("name", "sort_key")) == {("—", "—")}
        assert set(Person.objects.values_list("given_name", "family_name")) == {("—", "—")}
        assert set(Assignment.objects.values_list("title", flat=True)) == {""}
        assert not Task.objects.exists()
        assert not SearchDocument.objects.exists()


def test_two_private_customers_without_business_id_can_both_be_erased_twice(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        customers = [cast.private_customer("Aino", "Eka"), cast.private_customer("Aino", "Toka")]
    for customer in customers * 2:
        erase(customer, owner)
    with access.acting("owner", user_id=owner.pk):
        assert Erasure.objects.count() == 4


# --- what a law keeps --------------------------------------------------------------------------------


def billed(owner: User, biller: User, *, on: date) -> tuple[Customer, Invoice]:
    with access.acting("owner", user_id=owner.pk):
        customer = cast.private_customer("Velma", "Velallinen", emails=["velma@velka.fi"])
        details.record(customer, **(bills.DETAILS | {"email": "velma@velka.fi"}), by=owner)
    return customer, bills.issued(biller, customer, on=on)


def test_an_invoice_stays_with_its_addressee_and_the_answer_says_which_law_and_until_when(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer, invoice = billed(owner, biller, on=date(2026, 9, 1))
    outcome = erase(customer, owner)
    assert {kept.until for kept in outcome.kept} == {date(2032, 12, 31), date(2036, 12, 31)}
    assert all("1336/1997" in kept.law for kept in outcome.kept)
    with access.acting("owner", user_id=owner.pk):
        assert Customer.objects.get(pk=customer.pk).name == "—"
        assert "Velallinen" in str(Invoice.objects.get(pk=invoice.pk).snapshot)
    assert {place for places in canary.in_database(["velma@velka.fi"]).values() for place in places} <= {
        "billing_invoice.snapshot"
    }
    assert set(canary.in_database(["Velallinen"])["Velallinen"]) == {"billing_invoice.snapshot"}


def test_the_last_day_follows_the_registrars_financial_year(
    owner: User, biller: User, registrar: Registrar
) -> None:
    with access.acting("owner", user_id=owner.pk):
        Registrar.objects.update(financial_year_end_month=6, financial_year_end_day=30)
    customer, _invoice = billed(owner, biller, on=date(2026, 9, 1))
    assert {one.until for one in erase(customer, owner).kept} == {date(2033, 12, 31), date(2037, 6, 30)}


def test_a_draft_invoice_is_under_no_law(owner: User, biller: User, registrar: Registrar) -> None:
    with access.acting("owner", user_id=owner.pk):
        customer = cast.private_customer()
    bills.draft(biller, customer)
    outcome = erase(customer, owner)
    assert outcome.kept == ()
    with access.acting("owner", user_id=owner.pk):
        assert not Invoice.objects.exists()


@pytest.mark.parametrize("kind", ["company", "private"])
def test_drafts_and_released_work_go_and_what_was_issued_stays(
    kind: str, owner: User, biller: User, registrar: Registrar
) -> None:
    if kind == "private":
        customer, issued = billed(owner, biller, on=date(2026, 9, 1))
    else:
        customer = bills.company(owner)
        issued = bills.issued(biller, customer)
    taken = bills.released(owner, customer, title="zqataken työ")
    bills.released(owner, customer, title="zqawaiting työ")
    with access.acting("billing", user_id=biller.pk):
        drafting.draft_from([taken], by=biller, on=date(2026, 9, 2))
    bills.draft(biller, customer, note="zqanote")
    planted = {"zqataken", "zqawaiting", "zqanote"}
    places = canary.in_database(planted)
    assert set(places) == planted
    assert "billing_invoice.subject" in places["zqataken"]
    outcome = erase(customer, owner)
    left = {
        value: [place for place in found if place.startswith("billing_")]
        for value, found in canary.in_database(planted).items()
    }
    assert {value: found for value, found in left.items() if found} == {}
    assert {one.until for one in outcome.kept} == {date(2032, 12, 31), date(2036, 12, 31)}
    with access.acting("owner", user_id=owner.pk):
        assert [one.pk for one in Invoice.objects.all()] == [issued.pk]
        assert issued.lines.count() == len(bills.CONSULTING)
        assert not ReleasedAssignment.objects.exists()


def test_what_only_issuing_fills_reaches_the_copy_and_is_told_as_kept(
    owner: User, biller: User, registrar: Registrar
) -> None:
    customer, invoice = billed(owner, biller, on=date(2026, 9, 1))
    told = copied(customer, owner)
    assert "Velallinen" in told
    with access.acting("owner", user_id=owner.pk):
        document = InvoicePdf.objects.get(invoice=invoice)
    assert base64.b64encode(bytes(document.content)).decode() in told
    assert {"billing.Invoice.snapshot", "billing.InvoicePdf.content"} < canary.ISSUED_ONLY
    outcome = erase(customer, owner)
    invoice_and_lines = 1 + len(bills.CONSULTING)
    assert sorted(one.rows for one in outcome.kept) == [invoice_and_lines + 1, invoice_and_lines + 1]


# --- files, the audit, the answer --------------------------------------------------------------------


def stored(owner: User) -> tuple[Person, Path]:
    with access.acting("owner", user_id=owner.pk):
        ada = cast.person("Ada", "Tiedosto")
        entry = cast.entry(people=[ada], text="liitteenä")
        (kept,) = attachments.store([ContentFile(b"%PDF-1.7 Ada Tiedosto", "ada.pdf")], of=entry, by=owner)
        return ada, Path(settings.MEDIA_ROOT) / kept.path


def test_a_file_leaves_the_disk_after_the_commit(owner: User) -> None:
    ada, file = stored(owner)
    assert canary.in_files(["Ada Tiedosto"]) != {}
    assert erase(ada, owner).files == 1
    assert not file.exists()
    assert canary.in_files(["Ada Tiedosto"]) == {}


def test_a_file_stays_when_the_erasure_is_rolled_back(owner: User) -> None:
    ada, file = stored(owner)
    with access.acting("owner", user_id=owner.pk):
        erasure.erase(Person.objects.get(pk=ada.pk), by=owner, at=NOW, reason=Erasure.Reason.ASKED)
        transaction.set_rollback(True, using="owner")
    assert file.exists()
    with access.acting("owner", user_id=owner.pk):
        assert Person.objects.get(pk=ada.pk).given_name == "Ada"
        assert Attachment.objects.count() == 1


def test_looking_at_the_plan_changes_nothing(owner: User) -> None:
    ada, file = stored(owner)
    with access.acting("owner", user_id=owner.pk):
        planned = erasure.plan(Person.objects.get(pk=ada.pk), on=date(2026, 11, 22)).outcome()
    assert planned.files == 1
    done = erase(ada, owner)
    assert planned.gone == done.gone
    assert not file.exists()


def test_the_answer_is_kept_as_it_was_given(owner: User) -> None:
    ada, _file = stored(owner)
    done = erase(ada, owner)
    with access.acting("owner", user_id=owner.pk):
        assert erasure.answer(Erasure.objects.get(pk=done.pk)) == done


def test_the_audit_says_that_why_and_by_whom(owner: User) -> None:
    ada, _file = stored(owner)
    erase(ada, owner)
    with access.acting("owner", user_id=owner.pk):
        entry = AuditEntry.objects.get(page="erasure", action=AuditEntry.Action.DELETE)
    assert entry.numbers == [str(ada)]
    assert entry.actor_id == owner.pk
    assert entry.reason == str(Erasure.Reason.ASKED.label)


def test_a_reason_in_free_words_is_refused(owner: User) -> None:
    ada, _file = stored(owner)
    with access.acting("owner", user_id=owner.pk), pytest.raises(erasure.UnknownReason):
        erasure.erase(Person.objects.get(pk=ada.pk), by=owner, at=NOW, reason="Ada Tiedosto pyysi")


def test_other_peoples_data_does_not_change_by_a_byte(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        ada = cast.person("Ada", "Virtanen", emails=["ann@firma.fi"], phones=["040 123 4567"])
        other = cast.person("Ada", "Virtanen", emails=["joann@firma.fi"], phones=["040 123 45678"])
        cast.entry(people=[other], text="Ada Virtanen, joann@firma.fi, 040 123 45678")
    before = copied(other, owner)
    erase(ada, owner)
    after = copied(other, owner)
    assert len(json.loads(before)["tables"]) > 3
    assert json.loads(after)["tables"] == json.loads(before)["tables"]


# --- the copy ----------------------------------------------------------------------------------------


def test_the_copy_tells_who_has_read_it_by_role_and_not_by_name(owner: User) -> None:
    ada, _file = stored(owner)
    copied(ada, owner)
    told = copied(ada, owner)
    assert '"page": "copy"' in told
    assert "Olga" not in told


def test_the_portable_copy_holds_what_the_person_gave_and_no_more(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        ada = cast.person("Ada", "Antaja", emails=["ada@antaja.fi"], phones=["040 123 4567"])
        cast.entry(people=[ada], text="oma muistiinpanomme")
        copy = export.portable_copy_of(ada, by=owner, at=NOW)
    fields = {
        (table["table"], name) for table in copy.tables() for row in table["rows"] for name in row["fields"]
    }
    assert ("customers.Person", "given_name") in fields
    assert ("customers.EmailAddress", "address") in fields
    assert "muistiinpano" not in copy.json()
    assert "read_by" not in copy.content


def test_the_copy_is_written_in_the_persons_language(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        ada = cast.person("Ada", "Antaja", language="sv")
        copy = export.copy_of(ada, by=owner, at=NOW)
    assert "Personens namn" in {kind["label"] for kind in copy.kinds()}


# --- finding values in texts -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Soitin Annalle", "Soitin —"),
        ("Joanna kävi", "Joanna kävi"),
        ("ANNA", "—"),
        ("anna.b@x.fi ja joanna.b@x.fi", "— ja joanna.b@x.fi"),
        ("040 123 4567", "—"),
        ("0401234567", "—"),
        ("040-123-4567 8", "— 8"),
        ("040 123 45678", "040 123 45678"),
        ("+358 40 1234567", "—"),
        ("Bo tuli, Boris ei", "— tuli, Boris ei"),
        ("Bolle ja Bon", "— ja —"),
    ],
)
def test_identifying_values_are_found_in_texts_and_look_alikes_are_not(text: str, left: str) -> None:
    found = redaction.pattern({"Anna", "anna.b@x.fi", "040 123 4567", "+358401234567", "Bo"})
    assert redaction.without(text, found) == left
    assert redaction.without({"a": [text]}, found) == {"a": [left]}


def test_nobody_to_find_changes_nothing() -> None:
    assert redaction.without("Anna", redaction.pattern(set())) == "Anna"


def test_a_company_may_be_named_to_others_and_a_human_may_not(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        firm, private = cast.company(), cast.private_customer()
        assert not subjects.is_human(firm)
        assert subjects.is_human(private)
        assert private.person is not None
        assert subjects.guises(private) == [private, private.person]
        assert subjects.guises(private.person) == [private.person, private]
        assert subjects.by_number(str(firm)) == firm
        assert subjects.by_number("K0") is None
