"""The pages behind a person's own link, from the token to the code, and what nobody gets through them."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.db.utils import DatabaseError, ProgrammingError
from django.test import Client
from django.utils import timezone, translation

from customers.inventory import CONTACT
from customers.models import Customer, EmailAddress, Person, PhoneNumber, PostalAddress
from mailing import suppression
from privacy import codes, links, requests
from privacy.models import Case, ConfirmationCode, MyDataLink, OutlineLine
from register import access
from register.models import AuditEntry, Registrar, User
from tests import cast
from tests.privacy import people


@pytest.fixture
def ada(owner: User, registrar: Registrar) -> Person:
    """The person whose link it is."""
    return people.ada(owner)


@pytest.fixture
def eino(owner: User) -> Person:
    """Somebody else in the register."""
    with access.acting("owner", user_id=owner.pk):
        other = cast.company("Toisen Yritys Oy", emails=("toimisto@toinen.fi",))
        return cast.person(
            "Eino", "Toinen", emails=("eino@toinen.fi",), phones=("050 765 4321",), represents=other
        )


def set_link(sha256: str) -> None:
    connections["link"].cursor().execute("SELECT set_config('register.link', %s, true)", [sha256])


def through_link(token: str, act: Callable[[], Any]) -> None:
    """Do something as the public pages do it behind a link."""
    with access.acting("link"):
        links.enter(token)
        act()


def run(*statements: str) -> None:
    with connections["link"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def receive(person: Person, code_id: int | None = None) -> Case:
    return requests.receive(
        kind="erasure", how="link", language="fi", at=timezone.now(), person=person, code_id=code_id
    )


def seen_through_link() -> dict[str, int]:
    tables = (Person, Customer, EmailAddress, PhoneNumber, PostalAddress, OutlineLine)
    return {model.__name__: model.objects.count() for model in tables}


NOTHING = dict.fromkeys(
    ["Person", "Customer", "EmailAddress", "PhoneNumber", "PostalAddress", "OutlineLine"], 0
)


# --- row-level security ----------------------------------------------------------------------------


def test_a_link_opens_the_rows_of_its_person_and_no_others(ada: Person, eino: Person) -> None:
    token = people.link_of(ada)
    with access.acting("link"):
        assert links.enter(token) == ada
        assert [customer.name for customer in Customer.objects.all()] == ["Koivukylän Kone Oy"]
        assert [email.address for email in EmailAddress.objects.all()] == ["ada@example.fi"]
        assert PhoneNumber.objects.count() == 1
        assert OutlineLine.objects.filter(table="customers.Interaction").get().count == 1


def test_a_private_customer_sees_what_is_held_under_his_customership(owner: User) -> None:
    from customers import contacts

    with access.acting("owner", user_id=owner.pk):
        private = cast.private_customer("Aino", "Yksityinen", emails=("aino@example.fi",))
        contacts.add_email(whose=private, address="laskut@example.fi", by=owner)
    token = people.link_of(private.person)
    with access.acting("link"):
        links.enter(token)
        assert {email.address for email in EmailAddress.objects.all()} == {
            "aino@example.fi",
            "laskut@example.fi",
        }
        assert Customer.objects.get() == private


def test_without_a_link_the_public_login_sees_nobody(ada: Person) -> None:
    people.link_of(ada)
    with access.acting("link"):
        assert seen_through_link() == NOTHING


@pytest.mark.parametrize("forged", ["", "1", "0" * 64, "' OR true --", "null", "5eed" * 16, "ä" * 64])
def test_a_forged_setting_opens_nothing(ada: Person, forged: str) -> None:
    people.link_of(ada)
    with access.acting("link"):
        set_link(forged)
        assert seen_through_link() == NOTHING


def test_the_persons_id_or_the_raw_token_as_setting_opens_nothing(ada: Person) -> None:
    token = people.link_of(ada)
    for forged in (str(ada.pk), ada.number, token, str(ada.public_id)):
        with access.acting("link"):
            set_link(forged)
            assert seen_through_link() == NOTHING


def test_an_expired_and_a_revoked_link_open_nothing(ada: Person, owner: User) -> None:
    expired = people.link_of(ada, at=timezone.now() - links.LIFETIME - people.minutes(1))
    revoked = people.link_of(ada)
    with access.acting("link"):
        assert links.enter(revoked) == ada
    with access.acting("owner", user_id=owner.pk):
        assert links.revoke_all(ada, at=timezone.now()) == 1
    for token in (expired, revoked):
        with access.acting("link"):
            assert links.enter(token) is None
            assert seen_through_link() == NOTHING


def test_a_link_works_until_the_last_minute_of_its_seventh_day(ada: Person) -> None:
    token = people.link_of(ada, at=timezone.now() - links.LIFETIME + people.minutes(1))
    with access.acting("link"):
        assert links.enter(token) == ada


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customers_person SET given_name = 'x'",
        "DELETE FROM customers_person",
        "INSERT INTO customers_emailaddress (address) VALUES ('x')",
        "DELETE FROM customers_emailaddress",
        "DELETE FROM privacy_outlineline",
        "SELECT * FROM customers_representation",
        "SELECT * FROM customers_interaction",
        "SELECT * FROM mailing_suppression",
        "ALTER TABLE customers_person DISABLE ROW LEVEL SECURITY",
        "DROP POLICY by_link ON customers_person",
        "SET row_security = off",
    ],
)
def test_a_link_holder_changes_nothing_and_reads_no_further(ada: Person, statement: str) -> None:
    token = people.link_of(ada)
    refused = "permission denied|must be owner|would be affected by row-level security"
    with pytest.raises(DatabaseError, match=refused):
        through_link(token, lambda: run(statement, "SELECT * FROM customers_person"))


@pytest.mark.parametrize("login", ["owner", "worker"])
def test_the_other_logins_see_everybody_at_no_cost(ada: Person, eino: Person, login: str) -> None:
    with access.acting(login):
        assert Person.objects.count() == 2
        with connections[login].cursor() as cursor:
            cursor.execute("EXPLAIN SELECT * FROM customers_person")
            plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Filter" not in plan
    assert "privacy_link" not in plan


def test_the_billing_login_still_sees_customers(ada: Person) -> None:
    with access.acting("billing"):
        assert Customer.objects.count() == 1


def test_a_links_token_is_kept_nowhere(ada: Person) -> None:
    token = people.link_of(ada)
    assert len(token) == 43
    with access.acting("worker"):
        assert MyDataLink.objects.get().token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    with connections["migrate"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM privacy_mydatalink l WHERE l::text LIKE %s", [f"%{token}%"])
        assert cursor.fetchone() == (0,)


def test_a_case_for_somebody_else_is_refused_by_the_database(ada: Person, eino: Person) -> None:
    token = people.link_of(ada)
    with pytest.raises(ProgrammingError, match="not that person"):
        through_link(token, lambda: receive(eino))


def test_a_case_with_a_code_that_was_not_given_is_refused_by_the_database(ada: Person) -> None:
    token = people.link_of(ada)
    with pytest.raises(ProgrammingError, match="this code was not given"):
        through_link(token, lambda: receive(ada, code_id=codes.ask(kind="erasure")))


# --- the pages -------------------------------------------------------------------------------------


def test_the_token_leaves_the_address_at_the_first_hit(stranger: Client, ada: Person) -> None:
    token = people.link_of(ada)
    answer = stranger.get(f"/my/{token}")
    assert (answer.status_code, answer["Location"]) == (303, "/my/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store, private"
    cookie = answer.cookies["my"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
        True,
        "Lax",
        "/",
        1800,
    )
    page = stranger.get("/my/")
    assert page.status_code == 200
    assert token not in page.content.decode()


def outline_in(page: str) -> dict[str, str]:
    return dict(re.findall(r'<th scope="row">(.*?)</th><td class="number">(.*?)</td>', page))


def test_the_page_shows_own_details_and_numbers_but_no_contents(ada: Person) -> None:
    page = people.entered(ada).get("/my/").content.decode()
    for shown in ("Ada Asiakas", "ada@example.fi", "040 123 4567", "Koivukylän Kone Oy"):
        assert shown in page
    assert outline_in(page)["Communication with the customer"] == "1"
    with translation.override("en"):
        details = str(CONTACT.label)
    assert outline_in(page)[details] == "3", "an e-mail, a telephone, a company represented"
    assert "Puhelu tarjouksesta" not in page
    assert "/privacy/" in page
    assert "<script" not in page


def test_looking_any_number_of_times_changes_nothing(ada: Person, mailoutbox: list[Any]) -> None:
    token = people.link_of(ada)
    scanner = Client()
    for _ in range(30):
        assert scanner.get(f"/my/{token}").status_code == 303
        assert scanner.head(f"/my/{token}/").status_code == 303
        assert scanner.head("/my/").status_code == 200
        for action in ("ask", "stop", "leave"):
            assert scanner.get(f"/my/{action}/").status_code == 405
    with access.acting("worker"):
        assert Case.objects.count() == ConfirmationCode.objects.count() == 0
        assert MyDataLink.objects.get().revoked_at is None
    assert mailoutbox == []
    assert people.entered(ada).get("/my/").status_code == 200


def test_reading_ones_own_data_is_recorded(ada: Person, owner: User) -> None:
    people.entered(ada).get("/my/")
    with access.acting("owner", user_id=owner.pk):
        entry = AuditEntry.objects.filter(action=AuditEntry.Action.ACCESS, page="my data").latest()
    assert (entry.numbers, entry.actor_id) == ([ada.number], None)


@pytest.mark.parametrize("wrong", ["", "short", "A" * 43, "ä" * 43, "x" * 5000])
def test_a_wrong_link_gets_a_neutral_page_with_a_way_on(stranger: Client, ada: Person, wrong: str) -> None:
    if wrong:
        stranger.get(f"/my/{wrong}")
    answer = stranger.get("/my/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert 'href="/privacy/request/"' in page
    assert "Ada" not in page


def test_wrong_expired_and_revoked_links_look_alike(ada: Person, owner: User) -> None:
    expired = people.link_of(ada, at=timezone.now() - links.LIFETIME - people.minutes(1))
    revoked = people.link_of(ada)
    with access.acting("owner", user_id=owner.pk):
        links.revoke_all(ada, at=timezone.now())
    pages = set()
    for token in (expired, revoked, secrets.token_urlsafe(32)):
        pages.add(Client().get(f"/my/{token}", follow=True).content)
    assert len(pages) == 1


def test_a_correction_is_a_case_at_once(ada: Person) -> None:
    answer = people.entered(ada).post(
        "/my/ask/", {"kind": "correction", "message": "Nimeni on Ada Lovelace."}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/my/asked/")
    with access.acting("worker"):
        made = Case.objects.get()
    assert (made.kind, made.how, made.identity, made.person_id) == ("correction", "link", "link", ada.pk)
    assert (made.contact, made.message) == ("ada@example.fi", "Nimeni on Ada Lovelace.")


@pytest.mark.parametrize("kind", ["copy", "erasure", "portability"])
def test_a_copy_or_an_erasure_never_follows_from_the_link_alone(
    ada: Person, kind: str, mailoutbox: list[Any]
) -> None:
    colleague = people.entered(ada)
    answer = colleague.post("/my/ask/", {"kind": kind})
    assert answer["Location"] == f"/my/code/{kind}/"
    people.work()
    with access.acting("worker"):
        assert Case.objects.count() == 0
    (mail,) = mailoutbox
    assert mail.to == ["ada@example.fi"], "the address on file, not one that was typed"
    assert people.code_in(mail) not in colleague.get(answer["Location"]).content.decode()


def test_with_the_mailed_code_the_request_is_received(ada: Person, mailoutbox: list[Any]) -> None:
    browser = people.entered(ada)
    browser.post("/my/ask/", {"kind": "erasure"})
    people.work()
    answer = browser.post("/my/code/erasure/", {"code": people.code_in(mailoutbox[0])})
    assert answer["Location"] == "/my/asked/"
    with access.acting("worker"):
        made = Case.objects.get()
    assert (made.kind, made.identity, made.person_id) == ("erasure", "code", ada.pk)


def test_a_code_serves_once(ada: Person, mailoutbox: list[Any]) -> None:
    browser = people.entered(ada)
    browser.post("/my/ask/", {"kind": "erasure"})
    people.work()
    for _ in range(2):
        browser.post("/my/code/erasure/", {"code": people.code_in(mailoutbox[0])})
    with access.acting("worker"):
        assert Case.objects.count() == 1


def test_a_code_serves_one_kind_of_request(ada: Person, mailoutbox: list[Any]) -> None:
    browser = people.entered(ada)
    browser.post("/my/ask/", {"kind": "copy"})
    browser.post("/my/ask/", {"kind": "erasure"})
    people.work()
    for_copy = people.code_in(mailoutbox[0])
    answer = browser.post("/my/code/erasure/", {"code": for_copy})
    assert answer.status_code == 200
    assert "This code is wrong" in answer.content.decode()


def test_another_links_code_does_not_serve(ada: Person, mailoutbox: list[Any]) -> None:
    one, other = people.entered(ada), people.entered(ada)
    one.post("/my/ask/", {"kind": "copy"})
    other.post("/my/ask/", {"kind": "copy"})
    people.work()
    one.post("/my/code/copy/", {"code": people.code_in(mailoutbox[1])})
    with access.acting("worker"):
        assert Case.objects.count() == 0


def test_after_five_wrong_tries_the_right_code_is_too_late(ada: Person, mailoutbox: list[Any]) -> None:
    browser = people.entered(ada)
    browser.post("/my/ask/", {"kind": "erasure"})
    people.work()
    right = people.code_in(mailoutbox[0])
    wrong = "0000 0000" if right != "0000 0000" else "1111 1111"
    for _ in range(5):
        assert "This code is wrong" in browser.post("/my/code/erasure/", {"code": wrong}).content.decode()
    assert "This code is wrong" in browser.post("/my/code/erasure/", {"code": right}).content.decode()
    with access.acting("worker"):
        assert Case.objects.count() == 0
        assert ConfirmationCode.objects.get().tries == 5


def test_a_code_is_too_late_after_fifteen_minutes(ada: Person, mailoutbox: list[Any]) -> None:
    browser = people.entered(ada)
    browser.post("/my/ask/", {"kind": "erasure"})
    people.work()
    with access.acting("worker"):
        code = ConfirmationCode.objects.get()
        assert people.minutes(14) < code.expires_at - timezone.now() <= people.minutes(15)
        code.expires_at -= people.minutes(15)
        code.save(update_fields=["expires_at"])
    answer = browser.post("/my/code/erasure/", {"code": people.code_in(mailoutbox[0])})
    assert answer.status_code == 200
    with access.acting("worker"):
        assert Case.objects.count() == 0


def test_a_code_is_kept_as_a_hash_only(ada: Person, mailoutbox: list[Any]) -> None:
    people.entered(ada).post("/my/ask/", {"kind": "erasure"})
    people.work()
    digits = people.code_in(mailoutbox[0]).replace(" ", "")
    with connections["migrate"].cursor() as cursor:
        cursor.execute("SELECT c::text FROM privacy_confirmationcode c")
        row = str(cursor.fetchone())
    assert digits not in row
    assert hashlib.sha256(digits.encode()).hexdigest() not in row


def test_codes_are_not_asked_for_without_end(ada: Person) -> None:
    browser = people.entered(ada)
    answers = [browser.post("/my/ask/", {"kind": "copy"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_two_confirmations_at_once_make_one_case(ada: Person, mailoutbox: list[Any]) -> None:
    token = people.link_of(ada)
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.get(f"/my/{token}")
    browsers[0].post("/my/ask/", {"kind": "erasure"})
    people.work()
    typed = people.code_in(mailoutbox[0])
    start = threading.Barrier(2)

    def confirm(browser: Client) -> None:
        start.wait()
        try:
            browser.post("/my/code/erasure/", {"code": typed})
        finally:
            connections.close_all()

    threads = [threading.Thread(target=confirm, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with access.acting("worker"):
        assert Case.objects.count() == 1


def test_who_has_no_address_on_file_is_received_with_the_link_as_proof(owner: User) -> None:
    person = people.ada(owner, emails=())
    answer = people.entered(person).post("/my/ask/", {"kind": "erasure"})
    assert answer["Location"] == "/my/asked/"
    with access.acting("worker"):
        assert Case.objects.get().identity == "link"


def test_stop_all_marketing_stops_each_own_address(owner: User) -> None:
    person = people.ada(owner, emails=("ada@example.fi", "ada@home.fi"))
    assert people.entered(person).post("/my/stop/").status_code == 200
    with access.acting("worker"):
        assert suppression.is_stopped("ada@example.fi")
        assert suppression.is_stopped("ada@home.fi")


def test_leaving_forgets_the_link_in_the_browser(ada: Person) -> None:
    browser = people.entered(ada)
    assert browser.get("/my/").status_code == 200
    browser.post("/my/leave/")
    assert browser.get("/my/").status_code == 404


@pytest.mark.parametrize("path", ["/my/", "/my/asked/", "/my/code/copy/"])
def test_pages_behind_the_link_are_stored_and_listed_nowhere(ada: Person, path: str) -> None:
    browser = people.entered(ada)
    browser.post("/my/ask/", {"kind": "copy"})
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_form_from_elsewhere_is_refused(ada: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get(f"/my/{people.link_of(ada)}", follow=True)
    for path in ("/my/ask/", "/my/stop/", "/my/code/copy/"):
        assert browser.post(path, {"kind": "erasure", "code": "1"}).status_code == 403


@pytest.mark.parametrize("kind", ["marketing", "view", "other", ""])
def test_what_the_page_does_not_offer_is_not_asked_through_it(ada: Person, kind: str) -> None:
    people.entered(ada).post("/my/ask/", {"kind": kind})
    with access.acting("worker"):
        assert Case.objects.count() == 0


def test_expired_links_are_forgotten_with_what_hangs_on_them(ada: Person) -> None:
    people.link_of(ada, at=timezone.now() - links.LIFETIME - people.minutes(1))
    kept = people.link_of(ada)
    with access.acting("worker"):
        assert OutlineLine.objects.count() > 1
        links.forget_expired(at=timezone.now())
        assert MyDataLink.objects.get().token_sha256 == links.hash_of(kept)
        assert set(OutlineLine.objects.values_list("link__token_sha256", flat=True)) == {links.hash_of(kept)}
