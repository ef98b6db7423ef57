"""The owner's daily work: import an export, find somebody by half a name, write on the timeline."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from customers.models import Interaction, Person
from register import access
from register.models import Registrar, User
from tests import cast
from tests.browser import running
from tests.browser.running import Site
from tests.browser.visitors import DESKTOP, PHONE, look
from tests.samples import CONTACTS, sample

pytestmark = pytest.mark.browser

GOOGLE = (
    "First Name,Middle Name,Last Name,Organization Name,Organization Title,Notes,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\r\n"
    "Väinö,,Öhman-Ääkkönen,Koivukylän Kone Oy,toimitusjohtaja,,* myContacts,"
    "* ,vaino@koivu.example,Mobile,040 123 4567\r\n"
    "Ada,,Asiakas,,,,,,ada@example.fi,Work,014 123 456\r\n"
    "Zoë,,O'Connor,Northern Light Ltd,,Soittaa aamulla,,"
    ",zoe@northern.example ::: zoe@home.example,,+44 20 7946 0958\r\n"
    ",,,,,,,,not an address,,\r\n"
)


@pytest.fixture
def ada(owner: User, registrar: Registrar) -> Person:
    """Somebody who is in the register already, with her company."""
    with access.acting("owner", user_id=owner.pk):
        company = cast.company("Mäntylän Saha Oy", business_id="2345678-0")
        return cast.person(represents=company, phones=("040 765 4321",), title="toimitusjohtaja")


def heading(page: Page) -> Any:
    return expect(page.get_by_role("heading", level=1))


def upload(page: Page, name: str, data: bytes) -> None:
    page.goto("/register/import/")
    page.get_by_label("Choose a contact file").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": data}
    )
    page.get_by_role("button", name="Read the file").click()


def verdict(page: Page, words: str) -> str:
    """The number before a verdict, as the preview counts."""
    link = page.get_by_role("navigation", name="Rows").get_by_role("link", name=re.compile(words))
    return link.locator("strong").inner_text()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_export_is_looked_through_confirmed_and_imported(
    at_work: Callable[..., Page], owner: User, ada: Person, site: Site, home: Path, size: dict[str, Any]
) -> None:
    page = at_work(owner, size)
    page.goto("/register/import/")
    look(page, "import-start")
    upload(page, "contacts.csv", GOOGLE.encode())
    heading(page).to_have_text("contacts.csv")
    look(page, "import-preview")
    assert (verdict(page, "new"), verdict(page, "already in the register")) == ("3", "1")
    page.get_by_label("Row 5: what to do").select_option(label="skip")
    page.get_by_role("button", name="Save and continue").click()
    heading(page).to_have_text("Import now?")
    look(page, "import-confirm")
    assert Person.objects.using("owner").count() == 1
    page.get_by_role("button", name="Import 3 contacts").click()
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    look(page, "import-waiting")

    with running.worked(home, site):
        report = page.get_by_role("link", name="Download the report")
        expect(report).to_be_visible(timeout=30_000)
    look(page, "import-report")
    with page.expect_download() as download:
        report.click()
    lines = list(csv.reader(download.value.path().read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert len(lines) == 1 + 4
    names = Person.objects.using("owner").order_by("pk").values_list("family_name", flat=True)
    assert list(names) == ["Asiakas", "Öhman-Ääkkönen", "O'Connor"]
    page.get_by_role("link", name="Väinö Öhman-Ääkkönen").click()
    expect(page.get_by_text("040 123 4567")).to_be_visible()


def test_an_export_of_another_program_is_imported_by_the_worker(
    at_work: Callable[..., Page], owner: User, site: Site, home: Path
) -> None:
    content = sample(f"{CONTACTS}/roundcubemail/gmail.csv").read_bytes()
    page = at_work(owner)
    upload(page, "gmail.csv", content)
    heading(page).to_have_text("gmail.csv")
    total = int(verdict(page, "all"))
    assert total > 0
    look(page, "import-sample")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name=f"Import {total} contact").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    with running.worked(home, site):
        report = page.get_by_role("link", name="Download the report")
        expect(report).to_be_visible(timeout=30_000)
    look(page, "import-sample-report")
    assert (verdict(page, "added"), verdict(page, "skipped")) == (str(total), "0")
    with page.expect_download() as download:
        report.click()
    lines = csv.DictReader(download.value.path().read_text("utf-8-sig").splitlines(), delimiter=";")
    found = {line["Person"] or line["Customer"]: line["Result"] for line in lines}
    assert set(found.values()) == {"added"}
    people = {str(one): one.full_name for one in Person.objects.using("owner").order_by("pk")}
    assert people
    assert set(people) <= set(found)
    number, name = next(iter(people.items()))
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()
    heading(page).to_have_text(name)
    expect(page.locator(".facts").get_by_text("imported file: gmail.csv")).to_be_visible()
    expect(page.get_by_text(number, exact=True).first).to_be_visible()
    look(page, "person-imported")


def test_a_mistyped_name_is_found_by_the_keyboard_alone(
    at_work: Callable[..., Page], owner: User, ada: Person
) -> None:
    page = at_work(owner)
    page.goto("/register/")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("Mäntilän")
    option = page.get_by_role("option", name="Mäntylän Saha Oy 2345678-0")
    expect(option).to_be_visible()
    look(page, "suggestions")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    heading(page).to_have_text("Mäntylän Saha Oy")
    look(page, "customer")


def test_a_phone_number_in_any_notation_finds_its_person(
    at_work: Callable[..., Page], owner: User, ada: Person
) -> None:
    page = at_work(owner, PHONE)
    page.goto("/register/")
    page.get_by_role("combobox").fill("+358 (0)40-7654321")
    page.get_by_role("combobox").press("Enter")
    look(page, "search")
    page.locator("main").get_by_role("link", name="Ada Asiakas").click()
    heading(page).to_have_text("Ada Asiakas")
    look(page, "person")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_is_written_on_a_person_stands_on_the_timeline(
    at_work: Callable[..., Page], owner: User, ada: Person, scripts: bool
) -> None:
    page = at_work(owner, java_script_enabled=scripts)
    page.goto(f"/register/people/H{ada.pk}/")
    if scripts:
        look(page, "person")
    page.get_by_role("link", name="Write on the timeline").click()
    composer = page.locator("form.composer")
    composer.get_by_label("What", exact=True).select_option(label="Call")
    composer.get_by_label("Direction").select_option(label="from the customer")
    composer.get_by_label("Subject").fill("Kysyi tarjousta")
    composer.get_by_label("Text").fill("Palaa asiaan perjantaina.\n<script>alert(1)</script>")
    if scripts:
        look(page, "person-composer")
    page.get_by_role("button", name="Save").click()
    entry = page.locator("ol.timeline > li")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("Kysyi tarjousta")
    expect(entry).to_contain_text("<script>alert(1)</script>")
    if scripts:
        look(page, "person-timeline")
    page.get_by_text("Narrow down").click()
    page.get_by_label("Direction").select_option(label="to the customer")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("No entry matches.")).to_be_visible()
    expect(page.get_by_label("Direction")).to_have_value("out")
    if scripts:
        look(page, "person-narrowed")
    page.get_by_role("link", name="Show the whole timeline").click()
    expect(entry).to_have_count(1)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_text_that_is_too_large_is_not_lost(
    at_work: Callable[..., Page], owner: User, ada: Person, scripts: bool
) -> None:
    """With scripts it is not sent; without them it is refused, and still there when one goes back."""
    page = at_work(owner, java_script_enabled=scripts)
    page.goto(f"/register/people/H{ada.pk}/")
    page.get_by_role("link", name="Write on the timeline").click()
    text = page.locator("form.composer").get_by_label("Text")
    text.fill("ä" * 2_000_000)
    save = page.get_by_role("button", name="Save")
    save.click()
    if scripts:
        assert "Shorten the text" in text.evaluate("field => field.validationMessage")
        expect(text).to_be_focused()
    else:
        heading(page).to_have_text("Too much at once")
        page.go_back()
    assert len(text.input_value()) == 2_000_000
    assert not Interaction.objects.using("owner").exists()
    text.fill("Lyhyesti")
    save.click()
    expect(page.locator("ol.timeline > li")).to_contain_text("Lyhyesti")
