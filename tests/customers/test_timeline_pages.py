"""The timeline through the owner's pages: entries are written, read, corrected and deleted, with their files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from customers import communication
from customers.models import Attachment, Customer, Interaction, Person
from register import access
from register.models import User
from tests import cast
from tests.customers.uploads import PDF

pytestmark = pytest.mark.usefixtures("alone")


def test_an_entry_is_written_with_people_and_files(
    as_owner: Client, koivu: Customer, ada: Person, look: None
) -> None:
    sent = {
        "kind": "email", "direction": "in", "at": "2026-11-22T09:30", "subject": "Tarjous 🏗️",
        "text": "Rivi 1\nRivi 2", "people": [str(ada.pk)],
        "attach": [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.txt", b"Hei")],
    }  # fmt: skip
    response = as_owner.post(f"/register/customers/K{koivu.pk}/timeline/add/", sent)
    assert response.status_code == 302
    entry = Interaction.objects.get(subject="Tarjous 🏗️")
    assert timezone.localtime(entry.at).isoformat() == "2026-11-22T09:30:00+02:00"
    assert (entry.text, entry.customer, entry.people.get()) == ("Rivi 1\nRivi 2", koivu, ada)
    assert sorted(file.name for file in entry.attachments.all()) == ["a.pdf", "b.txt"]


def test_the_composer_comes_as_a_page_or_as_a_part_of_one(as_owner: Client, koivu: Customer) -> None:
    url = f"/register/customers/K{koivu.pk}/timeline/add/"
    whole, part = as_owner.get(url), as_owner.get(url, headers={"X-Fragment": "1"})
    assert ("<html" in whole.content.decode(), "<html" in part.content.decode()) == (True, False)
    for response in (whole, part):
        assert f'action="{url}"' in response.content.decode()
        assert "Ada Asiakas" in response.content.decode()


def test_a_refused_file_keeps_what_was_written(as_owner: Client, koivu: Customer, look: None) -> None:
    sent = {
        "kind": "note", "at": "2026-11-22T09:30", "text": "Tärkeä teksti",
        "attach": [SimpleUploadedFile("virus.exe", b"MZ" + b"\0" * 99)],
    }  # fmt: skip
    response = as_owner.post(f"/register/customers/K{koivu.pk}/timeline/add/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "virus.exe: Files of this sort are not taken." in page
    assert "Tärkeä teksti" in page
    assert Interaction.objects.count() == 1


def test_a_text_longer_than_a_letter_is_refused_and_given_back(
    as_owner: Client, koivu: Customer, look: None
) -> None:
    text = "a" * (communication.TEXT_LIMIT + 1)
    sent = {"kind": "note", "at": "2026-11-22T09:30", "text": text}
    page = as_owner.post(f"/register/customers/K{koivu.pk}/timeline/add/", sent).content.decode()
    assert "The text has 100001 characters; at most 100000 fit. Nothing was cut" in page
    assert text in page
    assert Interaction.objects.count() == 1


def test_ten_megabytes_of_text_get_an_answer_that_says_what_to_do(as_owner: Client, koivu: Customer) -> None:
    sent = {"kind": "note", "at": "2026-11-22T09:30", "text": "a" * 10_000_000}
    response = as_owner.post(f"/register/customers/K{koivu.pk}/timeline/add/", sent)
    assert response.status_code == 400
    assert "Go back" in response.content.decode()


def test_the_people_of_another_customer_cannot_be_put_on_an_entry(
    as_owner: Client, koivu: Customer, owner: User
) -> None:
    with access.acting("owner", user_id=owner.pk):
        vieras = cast.person("Vieras", emails=[])
    sent = {"kind": "note", "at": "2026-11-22T09:30", "text": "x", "people": [str(vieras.pk)]}
    response = as_owner.post(f"/register/customers/K{koivu.pk}/timeline/add/", sent)
    assert response.status_code == 422


def test_an_entry_from_a_persons_page_goes_to_his_company(
    as_owner: Client, koivu: Customer, ada: Person, look: None
) -> None:
    sent = {"kind": "call", "at": "2026-11-22T09:30", "subject": "Soitto", "customer": str(koivu.pk)}
    as_owner.post(f"/register/people/H{ada.pk}/timeline/add/", sent)
    entry = Interaction.objects.get(subject="Soitto")
    assert (entry.customer, entry.people.get()) == (koivu, ada)


def test_older_entries_come_as_a_page_or_as_a_part_of_one(
    as_owner: Client, koivu: Customer, owner: User
) -> None:
    with access.acting("owner", user_id=owner.pk):
        for number in range(20):
            cast.entry(
                customer=koivu, subject=f"Viesti {number}", at=timezone.now() - timedelta(days=number + 1)
            )
    page = as_owner.get(f"/register/customers/K{koivu.pk}/")
    older = page.context["timeline"]["page"].next
    url = f"/register/customers/K{koivu.pk}/timeline/"
    whole = as_owner.get(url, {"before": str(older)}).content.decode()
    part = as_owner.get(url, {"before": str(older)}, headers={"X-Fragment": "1"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    for content in (whole, part):
        assert "Viesti 19" in content
        assert "Viesti 1<" not in content


@pytest.mark.parametrize("query", ["kind=emperor", "before=x", "before=%00", "kind=%00&before=" + "9" * 500])
def test_a_strange_query_shows_the_timeline_from_its_beginning(
    as_owner: Client, koivu: Customer, query: str
) -> None:
    response = as_owner.get(f"/register/customers/K{koivu.pk}/timeline/?{query}")
    assert response.status_code == 200
    assert "Puhelu tarjouksesta" in response.content.decode()


def test_an_entry_is_corrected_and_deleted_with_its_files(
    as_owner: Client, owner: User, koivu: Customer, settings: Any
) -> None:
    with access.acting("owner", user_id=owner.pk):
        entry = Interaction.objects.get()
        stored = settings.MEDIA_ROOT / Attachment.objects.get().path
    url = f"/register/entries/Y{entry.pk}/"
    as_owner.post(url, {"kind": "call", "direction": "out", "at": "2026-11-22T09:30", "text": "Korjattu"})
    with access.acting("owner", user_id=owner.pk):
        entry.refresh_from_db()
        assert (entry.kind, entry.text, entry.people.count()) == ("call", "Korjattu", 0)
    assert stored.exists()
    assert "Delete the entry and its files?" in as_owner.post(url, {"remove": "1"}).content.decode()
    assert stored.exists()
    as_owner.post(url, {"remove": "yes"})
    with access.acting("owner", user_id=owner.pk):
        assert not Interaction.objects.exists()
        assert not Attachment.objects.exists()
    assert not stored.exists()


def test_a_file_is_only_downloaded_and_never_trusted(
    as_owner: Client, owner: User, koivu: Customer, ada: Person
) -> None:
    with access.acting("owner", user_id=owner.pk):
        file = Attachment.objects.get()
        text = cast.entry(
            customer=koivu, files=[SimpleUploadedFile('hy"vä\r\n.html', b"<script>alert(1)</script>")]
        ).attachments.get()
    response = as_owner.get(f"/register/files/F{file.pk}/")
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == 'attachment; filename="tarjous.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    script = as_owner.get(f"/register/files/F{text.pk}/")
    assert script["Content-Type"] == "application/octet-stream"
    assert script["Content-Disposition"].startswith("attachment;")
