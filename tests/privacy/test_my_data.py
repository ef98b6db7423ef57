"""The pages behind a person's own link, from the token to the code."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone, translation

from customers.inventory import CONTACT
from customers.models import Person
from mailing import suppression
from privacy import links
from privacy.models import Case, ConfirmationCode, MyDataLink, OutlineLine
from register import access
from register.models import AuditEntry, User
from tests.privacy import people


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
