"""Setting the register up and signing in, as the browser shows it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from register import setup
from register.models import Registrar, User
from tests.browser.visitors import DESKTOP, PHONE, Visitors, look
from tests.conftest import PASSWORD, give_second_factor
from tests.register.signing import code_of

pytestmark = pytest.mark.browser


def type_password(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def type_code(page: Page, secret: str) -> None:
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()


def own_passkey(page: Page) -> Any:
    """Give the browser a device that keeps passkeys and whose owner always agrees."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def heading(page: Page) -> Any:
    return expect(page.get_by_role("heading", level=1))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_first_owner_sets_the_register_up_through_the_one_time_link(
    visitors: Visitors, database: None, size: dict[str, Any]
) -> None:
    page = visitors.arrive(size)
    link = urlsplit(setup.setup_link() or "").path
    page.goto(link)
    look(page, "setup-account")
    page.get_by_label("Your name").fill("Olga Omistaja")
    page.get_by_label("Your e-mail").fill("olga@example.fi")
    page.get_by_label("Your language").select_option("en")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()

    heading(page).to_have_text("Add a second factor")
    look(page, "setup-second-factor")
    page.get_by_role("link", name="Authenticator app").click()
    page.get_by_text("On this phone, or cannot scan?").click()
    look(page, "setup-app")
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Add").click()
    heading(page).to_have_text("Recovery codes")
    expect(page.locator(".codes li")).to_have_count(10)
    look(page, "setup-recovery-codes")
    page.get_by_role("link", name="I have kept them, continue").click()

    heading(page).to_have_text("Your company")
    look(page, "setup-registrar")
    fill_registrar(page, business_id="2345678-1")
    page.get_by_role("button", name="Open the register").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet")
    assert page.get_by_label("Street").input_value() == "Esimerkkikatu 1"
    look(page, "setup-registrar-wrong")
    page.get_by_label("Business ID").fill("2345678-0")
    page.get_by_role("button", name="Open the register").click()

    heading(page).to_have_text("Welcome")
    for way in ("Import contacts", "Add the first customer", "Invite the billing person"):
        expect(page.locator("main").get_by_role("link", name=re.compile(way))).to_be_visible()
    look(page, "start-empty")
    assert Registrar.objects.using("owner").get().business_id == "2345678-0"

    stranger = visitors.arrive(size)
    stranger.goto(link)
    heading(stranger).to_have_text("Page not found")


def fill_registrar(page: Page, *, business_id: str) -> None:
    values = {
        "Name of the company": "Esimerkki Oy",
        "Business ID": business_id,
        "Street": "Esimerkkikatu 1",
        "Postal code": "40100",
        "Town": "Jyväskylä",
        "Person responsible": "Olga Omistaja",
        "Bank account": "FI21 1234 5600 0007 85",
    }
    for label, value in values.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("E-mail", exact=True).fill("olga@example.fi")


def test_a_passkey_is_registered_and_signs_in_without_a_password(desktop: Page, owner: User) -> None:
    device = own_passkey(desktop)
    type_password(desktop, owner.email)
    heading(desktop).to_have_text("Add a second factor")
    desktop.get_by_role("link", name="Passkey").click()
    desktop.get_by_label("Name of the passkey").fill("work laptop")
    desktop.get_by_label("Sign in with it alone, without the password").check()
    look(desktop, "passkey-add")
    desktop.get_by_role("button", name="Add").click()
    heading(desktop).to_have_text("Recovery codes")
    desktop.context.clear_cookies()

    desktop.goto("/accounts/login/")
    desktop.get_by_role("button", name="Sign in with a passkey").click()
    expect(desktop).to_have_url(re.compile("/register/registrar/$"))
    device.send("WebAuthn.disable")


def test_password_and_code_open_the_register_and_signing_out_closes_it(
    desktop: Page, owner: User, registrar: Registrar
) -> None:
    secret = give_second_factor(owner)
    type_password(desktop, owner.email, "not the right password at all")
    expect(desktop.get_by_role("alert")).to_contain_text("not correct")
    assert desktop.get_by_label("E-mail").input_value() == owner.email
    look(desktop, "sign-in-wrong")

    type_password(desktop, owner.email)
    heading(desktop).to_have_text("Your second factor")
    look(desktop, "sign-in-code")
    type_code(desktop, secret)
    heading(desktop).to_have_text("Welcome")
    desktop.get_by_role("button", name="Sign out").click()
    expect(desktop).to_have_url(re.compile("/accounts/login/"))
    desktop.goto("/register/customers/")
    expect(desktop).to_have_url(re.compile("/accounts/login/"))


def test_signing_in_needs_no_scripts(visitors: Visitors, owner: User, registrar: Registrar) -> None:
    secret = give_second_factor(owner)
    page = visitors.arrive(PHONE, java_script_enabled=False)
    type_password(page, owner.email)
    type_code(page, secret)
    heading(page).to_have_text("Welcome")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Customers").click()
    heading(page).to_have_text("Customers")
