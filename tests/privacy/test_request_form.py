"""The form by which anybody asks about his data: the same answer to everybody, the rest is the worker's."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from mailing import suppression
from privacy import mails, requests
from privacy.models import Case, CaseStep, MyDataLink
from register import access
from register.models import Registrar, SecurityEvent, User
from tests import cast
from tests.privacy import people

URL = "/privacy/request/"


def ask(browser: Client, contact: str = "ada@example.fi", kind: str = "erasure", **more: Any) -> Any:
    return browser.post(URL, {"kind": kind, "contact": contact} | more)


def case() -> Case:
    with access.acting("worker"):
        return Case.objects.prefetch_related("steps").get()


def steps() -> list[str]:
    with access.acting("worker"):
        return list(CaseStep.objects.order_by("id").values_list("what", flat=True))


@pytest.mark.parametrize(
    ("received", "months", "due"),
    [
        (date(2026, 3, 5), 1, date(2026, 4, 5)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_the_deadline_is_the_same_day_of_a_later_month_or_its_last(
    received: date, months: int, due: date
) -> None:
    assert requests.deadline(received, months=months) == due


def test_a_request_becomes_a_case_with_a_deadline(stranger: Client) -> None:
    answer = ask(stranger, message="Kaikki pois, kiitos.")
    assert (answer.status_code, answer["Location"]) == (302, "/privacy/request/sent/")
    made = case()
    assert (made.kind, made.how, made.contact) == ("erasure", "form", "ada@example.fi")
    assert (made.message, made.identity, made.person_id) == ("Kaikki pois, kiitos.", "none", None)
    assert made.due_on == requests.deadline(cast.today())
    assert people.jobs() == [("privacy.tasks.look_up", {"case_id": made.pk})]


def test_the_case_keeps_the_language_in_which_it_was_asked(stranger: Client) -> None:
    stranger.post(f"{URL}?lang=sv", {"kind": "copy", "contact": "ada@example.fi"})
    assert case().language == "sv"


def test_known_and_unknown_addresses_get_the_same_answer_by_the_same_work(
    stranger: Client, owner: User, mailoutbox: list[Any]
) -> None:
    people.ada(owner)
    seen = []
    for contact in ("ada@example.fi", "nobody@example.fi"):
        with CaptureQueriesContext(connections["link"]) as queries:
            answer = ask(stranger, contact)
        page = stranger.get(answer["Location"]).content
        seen.append((answer.status_code, dict(answer.items()), page, len(queries)))
    assert seen[0] == seen[1]
    assert mailoutbox == []


def test_the_one_person_with_the_address_gets_a_link_to_his_data(
    stranger: Client, owner: User, registrar: Registrar, mailoutbox: list[Any]
) -> None:
    people.ada(owner)
    ask(stranger, " ADA@Example.FI ")
    assert people.work() == 1
    (mail,) = mailoutbox
    assert mail.to == ["ADA@example.fi"] or mail.to == ["ada@example.fi"]
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    assert mail.reply_to == [registrar.contact_email]
    assert len(people.token_in(mail)) == 43
    assert steps() == ["link_sent"]
    assert case().is_open, "an erasure is the owner's to decide"
    page = stranger.get(f"/my/{people.token_in(mail)}", follow=True)
    assert "Ada Asiakas" in page.content.decode()


def test_the_mail_is_in_the_persons_language(
    stranger: Client, owner: User, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    people.ada(owner, language="sv")
    monkeypatch.setattr(mails, "render_to_string", lambda *_: f"in {translation.get_language()}")
    ask(stranger)
    people.work()
    assert [mail.body for mail in mailoutbox] == ["in sv"]


def test_an_unknown_address_gets_no_mail_and_the_owner_sees_it(
    stranger: Client, owner: User, mailoutbox: list[Any]
) -> None:
    people.ada(owner)
    ask(stranger, "nobody@example.fi", kind="copy")
    assert people.work() == 1
    assert mailoutbox == []
    assert steps() == ["unknown"]
    assert case().is_open


def test_an_address_of_two_people_is_left_to_the_owner(
    stranger: Client, owner: User, mailoutbox: list[Any]
) -> None:
    people.ada(owner, emails=("yhteinen@example.fi",))
    with access.acting("owner", user_id=owner.pk):
        cast.person("Eino", "Toinen", emails=("yhteinen@example.fi",))
    ask(stranger, "yhteinen@example.fi", kind="copy")
    people.work()
    assert mailoutbox == []
    assert steps() == ["shared"]
    with access.acting("worker"):
        assert MyDataLink.objects.count() == 0


def test_an_address_of_a_duty_is_left_to_the_owner(
    stranger: Client, owner: User, mailoutbox: list[Any]
) -> None:
    people.ada(owner, emails=("info@example.fi",))
    ask(stranger, "info@example.fi", kind="copy")
    people.work()
    assert mailoutbox == []
    assert steps() == ["shared"]


def test_asking_only_for_the_link_is_answered_without_anybody(
    stranger: Client, owner: User, mailoutbox: list[Any]
) -> None:
    people.ada(owner)
    ask(stranger, kind="view")
    people.work()
    assert len(mailoutbox) == 1
    assert (case().decision, case().contact) == ("done", "ada@example.fi")


def test_the_address_of_somebody_unknown_who_only_wanted_the_link_is_not_kept(
    stranger: Client, owner: User
) -> None:
    ask(stranger, "nobody@example.fi", kind="view", message="hei")
    assert case().contact == "nobody@example.fi"
    people.work()
    assert (case().decision, case().contact, case().message) == ("nothing", "", "")


def test_no_more_marketing_is_honoured_at_once_for_anybody(stranger: Client, mailoutbox: list[Any]) -> None:
    ask(stranger, "nobody@example.fi", kind="marketing")
    with access.acting("worker"):
        assert suppression.is_stopped("nobody@example.fi")
    people.work()
    assert case().decision == "done"
    assert steps() == ["stopped"]
    assert mailoutbox == []


def test_a_job_done_twice_mails_once(stranger: Client, owner: User, mailoutbox: list[Any]) -> None:
    from privacy import tasks

    people.ada(owner)
    ask(stranger)
    people.work()
    tasks.look_up.func(case_id=case().pk)
    assert len(mailoutbox) == 1


def test_nobody_is_flooded_with_links(stranger: Client, owner: User, mailoutbox: list[Any]) -> None:
    people.ada(owner)
    for _ in range(5):
        assert ask(stranger).status_code == 302
    people.work()
    assert len(mailoutbox) == 3


def test_one_address_may_be_asked_about_five_times_a_day(stranger: Client, registrar: Registrar) -> None:
    for _ in range(5):
        assert ask(stranger, "a@example.fi").status_code == 302
    refused = ask(stranger, "A@EXAMPLE.fi")
    assert refused.status_code == 429
    assert registrar.contact_email in refused.content.decode()
    assert ask(stranger, "b@example.fi").status_code == 302
    with access.acting("worker"):
        assert Case.objects.count() == 6
    assert SecurityEvent.objects.using("migrate").filter(what="limit").count() == 1


def test_one_network_may_ask_twenty_times_an_hour(stranger: Client) -> None:
    answers = [ask(stranger, f"a{number}@example.fi").status_code for number in range(21)]
    assert answers == [302] * 20 + [429]
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert ask(other, "c@example.fi").status_code == 302


def test_a_claimed_proxy_is_believed_only_when_the_settings_trust_it(stranger: Client, settings: Any) -> None:
    for number in range(20):
        ask(stranger, f"a{number}@example.fi")
    spoofed = stranger.post(
        URL, {"kind": "copy", "contact": "z@example.fi"}, HTTP_X_FORWARDED_FOR="198.51.100.1"
    )
    assert spoofed.status_code == 429
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    trusted = stranger.post(
        URL, {"kind": "copy", "contact": "z2@example.fi"}, HTTP_X_FORWARDED_FOR="6.6.6.6, 198.51.100.1"
    )
    assert trusted.status_code == 302


@pytest.mark.parametrize(
    "contact",
    ["", "not an address", "a@b@c", "x" * 400 + "@example.fi", "a@example.fi\x00", "väinö@example.fi"],
)
def test_what_is_no_address_is_said_and_nothing_is_stored(stranger: Client, contact: str) -> None:
    answer = ask(stranger, contact)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    with access.acting("worker"):
        assert Case.objects.count() == 0


@pytest.mark.parametrize("more", [{"kind": "everything"}, {"message": "x" * 5000}, {"message": "a\x00b"}])
def test_other_wrong_input_is_said_too(stranger: Client, more: dict[str, str]) -> None:
    answer = ask(stranger, **({"kind": "copy"} | more))
    assert answer.status_code == 200
    with access.acting("worker"):
        assert Case.objects.count() == 0


def test_extra_fields_change_nothing(stranger: Client) -> None:
    ask(stranger, identity="staff", person="1", decision="done", closed_at="2026-01-01", due_on="2040-01-01")
    made = case()
    assert (made.identity, made.person_id, made.decision, made.closed_at) == ("none", None, "", None)


def test_the_form_checks_where_it_came_from(database: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert ask(browser).status_code == 403


def test_looking_at_the_form_changes_nothing(stranger: Client) -> None:
    for _ in range(20):
        assert stranger.get(URL).status_code == 200
        assert stranger.head(URL).status_code == 200
    with access.acting("worker"):
        assert Case.objects.count() == 0
    assert people.jobs() == []


def test_no_log_line_holds_the_address_or_the_token(
    stranger: Client, owner: User, caplog: pytest.LogCaptureFixture, mailoutbox: list[Any]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("register").info("canary")
    people.ada(owner)
    ask(stranger)
    people.work()
    token = people.token_in(mailoutbox[0])
    stranger.get(f"/my/{token}", follow=True)
    written = [record for record in caplog.records if record.name != "django.db.backends"]
    text = " ".join(record.getMessage() for record in written)
    assert "canary" in text
    assert "ada@example.fi" not in text
    assert token not in text


def test_the_queue_holds_ids_only(stranger: Client) -> None:
    ask(stranger, message="salainen viesti")
    ((_task, arguments),) = people.jobs()
    assert all(isinstance(value, int) for value in arguments.values())


@pytest.mark.parametrize("login", ["link"])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT contact FROM privacy_case",
        "UPDATE privacy_case SET decision = 'done'",
        "DELETE FROM privacy_case",
        "SELECT * FROM privacy_casestep",
        "SELECT * FROM privacy_mydatalink",
        "SELECT * FROM privacy_confirmationcode",
        "UPDATE privacy_confirmationcode SET tries = 0",
    ],
)
def test_the_public_login_can_only_add_cases(stranger: Client, login: str, statement: str) -> None:
    from django.db.utils import ProgrammingError

    ask(stranger)
    with pytest.raises(ProgrammingError, match="permission denied"), access.acting(login):
        connections[login].cursor().execute(statement)
