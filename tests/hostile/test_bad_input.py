"""Everything that people, programs and attackers send to the forms and addresses of each door.

Nothing ends in an error page, what is refused writes nothing, what is sent beside the form's own fields is ignored,
and what is kept is shown as the text it is.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import resolve

from billing.models import ReleasedAssignment
from register import access
from register.models import User
from tests.hostile import forms_in_pages
from tests.hostile.attack import SCRIPT, Attack, Rows, is_page
from tests.hostile.forms_in_pages import Form
from tests.hostile.world import World, addresses
from tests.register.signing import run_jobs

FORM = "application/x-www-form-urlencoded"
TEXTS = {
    "long": "Å" * 300,
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 Zoë",
    "bidi": "\u202egnp.exe\u2066 שלום مرحبا",
    "nul": "a\0b",
    "script": f'{SCRIPT}"><img src=x onerror=alert(7206)>{{{{7*7}}}}{{% load x %}}',
    "header": "x\r\nBcc: eve@example.fi",
    "sql": "x' OR 1=1; DROP TABLE register_user --",
    "formula": '=HYPERLINK("http://evil.example")',
    "number": "9" * 400,
    "not a number": "NaN",
    "exponent": "1e999",
    "negative": "-1",
    "day": "99999-99-99",
    "first day": "0001-01-01",
    "superscript": "²",
    "spaces": " \t\u00a0\u2003",
    "controls": "\x1b[31m\x07\x7f\x85",
}
BYTES = {
    "half a character": b"a\xed\xa0\x80b",
    "not UTF-8": b"\xff\xfe\xc3\x28",
    "overlong": b"\xc0\xaf\xc0\xae",
}
CHOICES = {"unknown": "no-such", "number": "9" * 20, "superscript": "²", "nul": "\0", "negative": "-1"}
EXTRA = [
    ("role", "owner"), ("is_active", "0"), ("is_staff", "1"), ("is_superuser", "1"), ("number", "1"), ("id", "1"),
    ("pk", "1"), ("issued_at", "2000-01-01"), ("issued_on", "2000-01-01"), ("created_at", "2000-01-01"),
    ("entered_by", "1"), ("password", "!"), ("public_id", "0"), ("_connector", "OR 1=1"), ("__class__", "x"),
]  # fmt: skip


def forms_of(attack: Attack) -> list[Form]:
    """Every form that is sent by POST from the pages of this identity, each once."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for address in addresses(attack.world):
        answer = attack.get(address.path)
        if answer.status_code == 200 and is_page(answer):
            for form in forms_in_pages.read(answer.content.decode(), address.path):
                names = tuple(sorted({name for name, _value in form.fields}))
                if form.method == "post" and not form.action.startswith("/accounts/logout"):
                    found.setdefault((resolve(form.action).route, names), form)
        if address.path.startswith("/my/"):
            attack.browser = attack.world.browser(attack.who)
    return list(found.values())


def submit(attack: Attack, what: str, form: Form, fields: list[tuple[str, str]]) -> None:
    if "/my/leave/" in form.action:
        attack.browser = attack.world.browser(attack.who)
    attack.post(what, form.action, data=urlencode(fields), content_type=FORM)


def raw_body(form: Form, raw: bytes) -> str:
    """The form with bytes in its fields that are no text."""
    return "&".join(
        f"{quote(name)}={quote(raw if name in form.typed else value.encode())}" for name, value in form.fields
    )


@pytest.mark.parametrize("who", ["anonymous", "link", "billing", "owner"])
def test_every_form_withstands_every_text(world: World, rows: Rows, who: str, record_property: Any) -> None:
    attack = Attack(world, who, rows)
    users = roles()
    forms = forms_of(attack)
    assert len(forms) >= {"anonymous": 2, "link": 4, "billing": 8, "owner": 35}[who]
    for form in forms:
        hidden = form.hidden - {"csrfmiddlewaretoken"}
        own = {name for name, _value in (*form.fields, *form.buttons)}
        for what, text in TEXTS.items():
            submit(attack, what, form, form.sent(**dict.fromkeys(form.typed, text)))
        for what, raw in BYTES.items():
            attack.post(what, form.action, data=raw_body(form, raw), content_type=FORM)
        for what, text in CHOICES.items():
            submit(attack, f"choice {what}", form, form.sent(**dict.fromkeys(form.chosen, text)))
            submit(attack, f"hidden {what}", form, form.sent(**dict.fromkeys(hidden, text)))
        for name, value in form.buttons:
            for text in CHOICES.values():
                button = [*form.sent(**dict.fromkeys(hidden, text)), (name, value)]
                submit(attack, f"button {name}", form, button)
        submit(attack, "extra", form, [*form.sent(), *(pair for pair in EXTRA if pair[0] not in own)])
        submit(attack, "nothing", form, [])
    for address in addresses(world):
        attack.get(address.path)
    attack.report(record_property)
    assert attack.wrong == {}
    assert attack.statuses[200] > 10
    assert roles() == users


def roles() -> dict[int, tuple[str, bool]]:
    return {
        user.pk: (user.role, user.is_active)
        for user in User.objects.using("default").exclude(email="spare@example.fi")
    }


@pytest.mark.parametrize("who", ["anonymous", "billing", "owner"])
def test_what_is_too_much_or_broken_is_refused_whole(
    world: World, rows: Rows, who: str, record_property: Any
) -> None:
    attack = Attack(world, who, rows)
    for form in forms_of(attack):
        path = form.action
        if not form.typed or "/erase/" in path:
            continue
        field = min(form.typed)
        huge = attack.post("10 MB", path, data={**dict(form.fields), field: "x" * 10_000_000})
        many = attack.post(
            "1,001 fields", path, data="&".join(f"f{n}=1" for n in range(1001)), content_type=FORM
        )
        for answer in (huge, many):
            if answer.status_code not in (404, 429):
                assert answer.status_code == 400, path
                assert "nothing was saved" in answer.content.decode()
        attack.post("deep JSON", path, data="[" * 100_000, content_type="application/json")
        attack.post(
            "no such type", path, data=b"\0\1\2", content_type="application/x-nothing; charset=no-such"
        )
        attack.post("cut off", path, data=MULTIPART[:-40], content_type="multipart/form-data; boundary=b")
        attack.post("no boundary", path, data=MULTIPART, content_type="multipart/form-data")
        attack.post("broken part", path, data=BROKEN, content_type="multipart/form-data; boundary=b")
    attack.report(record_property)
    assert attack.wrong == {}


MULTIPART = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n--b--\r\n' + b" " * 40
BROKEN = (
    b'--b\r\nContent-Disposition: form-data; name="a\0b"; filename="../../\0x\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n%%%\r\n--b--\r\n"
)


@pytest.mark.parametrize("who", ["anonymous", "link", "billing", "owner"])
def test_no_address_fails_whatever_is_asked_of_it(
    world: World, rows: Rows, who: str, record_property: Any
) -> None:
    attack = Attack(world, who, rows)
    queries = [urlencode(dict.fromkeys(PARAMETERS, text)) for text in VALUES]
    queries += ["&".join(f"{name}={raw}" for name in PARAMETERS) for raw in ("%00", "%FF", "%ED%A0%80", "%")]
    for address in addresses(world):
        if address.path.startswith("/my/") and address.path.count("/") == 3:
            continue  # each such address puts another link into the cookie
        answer = attack.get(address.path)
        if answer.status_code == 200:
            for query in queries:
                attack.get(f"{address.path}?{query}")
    for start in ("/", "/register/", "/billing/", "/accounts/", "/my/", "/u/", "/privacy/", "/setup/"):
        for rest in PATHS:
            attack.get(start + rest)
    attack.report(record_property)
    assert attack.wrong == {}


PARAMETERS = (
    "q", "sort", "page", "after", "before", "last", "status", "kind", "tag", "language", "lang", "next", "back",
    "number", "user", "action", "since", "until", "show", "verdict", "_connector", "a.b", "__class__", "id__in",
    "notes__startswith", "person__family_name", "o", "p", "e", "fields", "day", "period", "first", "month",
)  # fmt: skip
VALUES = (
    "²",
    "9" * 30,
    "-1",
    "' OR 1=1 --",
    SCRIPT,
    "no-such",
    "\0",
    "\u202e",
    "//evil.example/",
    "1e9",
    "%s%n{}",
)
PATHS = (
    "%00", "%0d%0aSet-Cookie:x=1", "%FF%FE", "%ED%A0%80", "..%2f..%2fetc/passwd", "../../etc/passwd", "x" * 9000,
    "//evil.example/", "%25", "K1%00/", "customers/K-1/", "customers/K%C2%B2/", ";", "?%00", "\\", "{{7*7}}",
)  # fmt: skip


def test_billing_cannot_ask_by_fields_that_it_may_not_see(world: World) -> None:
    """Scenarios 8, 12 and 18: filters, orders, counts and searches tell nothing."""
    browser = world.browser("billing")
    person = world.bo
    hidden = {
        one.value
        for one in person.canaries
        if one.label
        in ("customers.Person", "customers.EmailAddress", "customers.PhoneNumber", "customers.Task")
    }
    assert len(hidden) > 5
    number = f"K{person.customer.pk}"
    assert f"/{number}/" in browser.get("/billing/customers/", {"q": number}).content.decode()
    for path in ("/billing/", "/billing/customers/", "/billing/invoices/", "/billing/released/"):
        plain = without_token(browser.get(path))
        for value in sorted(hidden):
            for name in (
                "notes__startswith",
                "person__family_name",
                "o",
                "sort",
                "_connector",
                "__class__",
                "a.b",
            ):
                assert without_token(browser.get(path, {name: value})) == plain, (path, name)
    for value in sorted(hidden):
        for path in ("/billing/customers/", "/billing/invoices/"):
            found = browser.get(path, {"q": value}).content.decode()
            assert f"/K{person.customer.pk}/" not in found, value


def without_token(answer: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


# --- who asks, and through what ----------------------------------------------------------------------------


def test_a_closed_account_is_out_at_its_next_request(world: World) -> None:
    browser = world.browser("billing")
    assert browser.get("/billing/").status_code == 200
    assert (
        world.browser("owner").post(f"/register/users/{world.biller.pk}/close/", {"sure": "on"}).status_code
        == 302
    )
    assert browser.get("/billing/")["Location"].startswith("/accounts/login/")


def test_no_header_moves_the_links_in_mails_or_opens_another_host(world: World) -> None:
    browser = Client(raise_request_exception=False)
    forged = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "x-forwarded-for": "10.9.8.7"}
    assert browser.get("/", headers={"host": "evil.example"}).status_code == 400
    answer = browser.post("/accounts/password/reset/", {"email": world.owner.email}, headers=forged)
    assert answer.status_code == 302
    assert "evil.example" not in answer["Location"]
    run_jobs()
    (message,) = [one for one in mail.outbox if one.to == [world.owner.email]]
    assert "evil.example" not in str(message.message())
    assert f"{settings.SITE_URL}/accounts/password/reset/key/" in message.body


def test_billing_draws_up_all_that_was_ticked_or_nothing(world: World, rows: Rows) -> None:
    browser = world.browser("billing")
    with access.acting("billing"):
        released = ReleasedAssignment.objects.waiting().values_list("pk", flat=True)[0]
    before = rows.now()
    answer = browser.post("/billing/released/draw-up/", {"release": [released, 999_999]}, follow=True)
    assert rows.now()["billing_invoice"] == before["billing_invoice"]
    assert "Choose released work that is not on an invoice yet." in answer.content.decode()
