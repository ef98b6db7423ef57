"""Front page and statement: in three languages, for anybody, without scripts."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format

from register.models import Registrar
from register.wording import wording

PAGES = ("/", "/privacy/", "/privacy/request/", "/privacy/request/sent/", "/my/", "/u/broken")


def text(browser: Client, path: str, language: str = "en") -> str:
    return browser.get(path, headers={"accept-language": language}).content.decode()


def test_the_front_page_leads_everywhere(stranger: Client, registrar: Registrar) -> None:
    page = text(stranger, "/")
    assert registrar.name in page
    for path in ("/privacy/", "/privacy/request/", "/accounts/login/"):
        assert f'href="{path}"' in page


def test_the_staff_go_on_to_their_own_start_page(as_owner: Client, as_biller: Client) -> None:
    assert as_owner.get("/")["Location"] == "/register/"
    assert as_biller.get("/")["Location"] == "/billing/"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("way", ["/privacy/{}", "/privacy/?lang={}", "browser"])
def test_the_statement_is_in_the_language_asked_for(
    stranger: Client, registrar: Registrar, language: str, way: str
) -> None:
    by_browser = way == "browser"
    path = "/privacy/" if by_browser else way.format(language)
    page = text(stranger, path, language if by_browser else "de")
    assert f'<html lang="{language}">' in page
    assert f"<h1>{wording(language).title}</h1>" in page
    assert getattr(registrar, f"register_name_{language}") in page


def test_the_language_switch_outranks_the_language_of_the_address(
    stranger: Client, registrar: Registrar
) -> None:
    assert '<html lang="fi">' in text(stranger, "/privacy/sv?lang=fi")
    assert '<html lang="sv">' in text(stranger, "/privacy/sv?lang=xx")


def test_a_chosen_language_is_remembered(stranger: Client, registrar: Registrar) -> None:
    assert '<html lang="sv">' in text(stranger, "/?lang=sv")
    assert '<html lang="sv">' in text(stranger, "/privacy/request/")


@pytest.mark.parametrize("path", ["/privacy/de", "/privacy/xx"])
def test_a_language_that_is_not_spoken_is_no_page(stranger: Client, registrar: Registrar, path: str) -> None:
    assert stranger.get(path).status_code == 404


def test_before_the_register_is_set_up_there_is_nothing_to_tell(stranger: Client) -> None:
    assert stranger.get("/privacy/").status_code == 404
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_need_no_script_and_carry_no_inline_style(
    stranger: Client, registrar: Registrar, path: str
) -> None:
    answer = stranger.get(path)
    page = answer.content.decode()
    assert "<script" not in page
    assert " style=" not in page
    assert "onclick" not in page
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_is_listed_by_search_engines_is_the_front_page_and_the_statement(
    stranger: Client, registrar: Registrar
) -> None:
    listed = [path for path in PAGES if "noindex" not in text(stranger, path)]
    assert listed == ["/", "/privacy/"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_dates_are_written_the_finnish_way_in_every_language(language: str) -> None:
    with translation.override(language):
        assert date_format(date(2026, 11, 22), "SHORT_DATE_FORMAT") == "22.11.2026"
