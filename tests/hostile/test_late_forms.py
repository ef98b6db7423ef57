"""Forms that came too late, or from elsewhere: what was written is given back to who wrote it, and to nobody else."""

from __future__ import annotations

from django.test import Client

from tests.hostile.world import World

ORIGIN = "http://testserver"
LETTER = "Rakas asiakas, tämä on pitkä kirje, jota en halua menettää."


def test_a_form_with_an_old_token_gives_back_what_was_written(world: World) -> None:
    browser = world.browser("owner")
    browser.handler.enforce_csrf_checks = True
    url = f"/register/customers/K{world.ada.customer.pk}/timeline/add/"
    page = f"{ORIGIN}/register/customers/K{world.ada.customer.pk}/"
    data = {
        "kind": "note",
        "text": LETTER,
        "password": "a password long enough",
        "csrfmiddlewaretoken": "x" * 64,
    }
    answer = browser.post(url, data, headers={"origin": ORIGIN, "referer": page})
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "This form is too old" in text
    assert LETTER in text
    assert "a password long enough" not in text
    assert "x" * 64 not in text
    assert f'href="/register/customers/K{world.ada.customer.pk}/"' in text
    assert "no-store" in answer["Cache-Control"]


def test_a_form_from_another_site_is_told_nothing_of_what_it_sent(world: World) -> None:
    browser = world.browser("owner")
    browser.handler.enforce_csrf_checks = True
    answer = browser.post("/register/tasks/add/", {"text": LETTER}, headers={"origin": "http://evil.example"})
    assert answer.status_code == 403
    assert LETTER not in answer.content.decode()


def test_a_form_sent_after_the_session_ended_gives_back_what_was_written(world: World) -> None:
    browser = Client(headers={"accept-language": "en", "origin": ORIGIN})
    answer = browser.post("/register/tasks/add/", {"text": LETTER})
    assert answer.status_code == 403
    assert "You have been signed out" in answer.content.decode()
    assert LETTER in answer.content.decode()
    assert browser.post("/register/tasks/add/", {})["Location"].startswith("/accounts/login/")
