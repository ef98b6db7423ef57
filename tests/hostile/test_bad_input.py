"""Everything that people, programs and attackers send to the forms and addresses of each door.

Nothing ends in an error page, what is refused writes nothing, what is sent beside the form's own fields is ignored,
and what is kept is shown as the text it is.
"""

from __future__ import annotations

import csv
import io
import logging
import re
import sys
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import resolve
from psycopg import sql

from billing.models import ReleasedAssignment
from customers.importing.cells import restore
from customers.models import AssignmentLine, Attachment, Customer, ImportRun
from register import access, logs
from register.models import Registrar, User
from tests import cast
from tests.cluster import admin_url
from tests.hostile import forms_in_pages
from tests.hostile.forms_in_pages import Form
from tests.hostile.world import World, addresses, populate
from tests.register.signing import run_jobs

FORM = "application/x-www-form-urlencoded"
SCRIPT = "<script>alert(7206)</script>"
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

ALWAYS_WRITTEN = {
    "register_auditentry",
    "register_securityevent",
    "register_session",
    "register_cache",
}
"""Tables that also tell of what was refused."""


@pytest.fixture
def world(owner: User, biller: User, registrar: Registrar) -> World:
    return populate(owner, biller, registrar)


class Rows:
    """How many rows each table has, and the newest change of each: what a refusal must leave alone."""

    def __init__(self) -> None:
        self.connection = psycopg.connect(admin_url(settings.DATABASES["owner"]["NAME"]), autocommit=True)
        names = self.connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        self.query = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, count(*), max(xmin::text::bigint) FROM {}").format(
                sql.Literal(name), sql.Identifier(name)
            )
            for (name,) in names
            if name not in ALWAYS_WRITTEN
        )

    def now(self) -> dict[str, Any]:
        return {name: state for name, *state in self.connection.execute(self.query).fetchall()}


@pytest.fixture
def rows(database: None) -> Iterator[Rows]:
    found = Rows()
    yield found
    found.connection.close()


class Attack:
    """Sends things as one identity, and keeps what went wrong."""

    def __init__(self, world: World, who: str, rows: Rows) -> None:
        self.world, self.who, self.rows = world, who, rows
        self.browser = world.browser(who)
        self.wrong: dict[str, list[str]] = {}
        self.statuses: Counter[int] = Counter()
        self.before: dict[str, Any] | None = None

    def get(self, path: str, **options: Any) -> Any:
        self.before = None
        return self._judged("GET " + path, self.browser.get(path, **options))

    def post(self, what: str, path: str, *, data: Any, content_type: str = "") -> Any:
        """A POST, raw when a content type is given; when it is refused, the rows are as before."""
        before = self.before or self.rows.now()
        if content_type:
            sent = self.browser.generic("POST", path, data, content_type=content_type)
        else:
            sent = self.browser.post(path, data)
        answer = self._judged(f"POST {path} ({what})", sent)
        self.before = None
        if answer.status_code >= 400:
            self.before = self.rows.now()
            changed = [name for name in before if self.before[name] != before[name]]
            if changed:
                self._note("written", f"{path} ({what}) → {answer.status_code}: {changed}")
        return answer

    def _judged(self, what: str, answer: Any) -> Any:
        self.statuses[answer.status_code] += 1
        there = answer.get("Location", "/")
        if answer.status_code >= 500:
            self._note("failed", f"{what} → {answer.status_code}")
        if is_page(answer) and SCRIPT.encode() in answer.content:
            self._note("script", what)
        if not there.startswith(("/", "?")) or there.startswith("//"):
            self._note("elsewhere", f"{what} → {there}")
        if there.startswith("/accounts/login") and self.who in ("owner", "billing"):
            self.browser = self.world.browser(self.who)
        return answer

    def _note(self, sort: str, what: str) -> None:
        self.wrong.setdefault(sort, []).append(what)

    def report(self, record: Any) -> None:
        total = sum(self.statuses.values())
        record("requests", total)
        print(f"{self.who}: {total} requests, {dict(sorted(self.statuses.items()))}")
        for sort, found in self.wrong.items():
            print(f"  {sort}: {found}")


def is_page(answer: Any) -> bool:
    return not answer.streaming and answer.get("Content-Type", "").startswith("text/html")


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
    assert f"K{person.customer.pk}" in browser.get("/billing/customers/").content.decode()
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


# --- forms that came too late ----------------------------------------------------------------------------


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


# --- what goes out -------------------------------------------------------------------------------------------


FORMULAS = ("=cmd|'/c calc'!A1", "+358 yritys", "-1+1", "@SUM(A1)", ";=1+1", "|x", "%=x")


def test_names_that_look_like_formulas_leave_inert_and_come_back_as_they_were(world: World) -> None:
    with access.acting("owner", user_id=world.owner.pk):
        for name in FORMULAS:
            cast.company(name)
    browser = world.browser("owner")
    with access.acting("owner"):
        ids = list(Customer.objects.filter(name__in=FORMULAS).values_list("pk", flat=True))
    answer = browser.post(
        "/register/customers/many/", {"act": "export", "chosen": ids, "sure": "1", "reason": "koe"}
    )
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    names = [line["name"] for line in lines]
    assert len(names) == len(FORMULAS)
    assert [name for name in names if name[:1] in "=+-@\t\r"] == []
    assert sorted(restore(name) for name in names) == sorted(FORMULAS)


def test_a_log_line_stays_one_line_and_tells_no_values(world: World) -> None:
    formatter = logs.OneLine("%(levelname)s %(message)s")
    record = logging.LogRecord(
        "register", logging.INFO, "", 0, "page %s", ("x\n2026 ERROR \x1b[31mroot",), None
    )
    assert formatter.format(record) == r"INFO page x\n2026 ERROR \x1b[31mroot"
    secret, work = "Salainen työ", world.keys["assignment"][0]
    try:
        with access.acting("owner", user_id=world.owner.pk):
            AssignmentLine.objects.create(assignment_id=work, description=secret, quantity=0, unit_price=1)
    except IntegrityError:
        told = logging.LogRecord("django.request", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    assert secret in "".join(traceback.format_exception(*told.exc_info))  # type: ignore[misc]
    text = formatter.format(told)
    assert "assignment_line_has_quantity" in text
    assert secret not in text


# --- uploads -------------------------------------------------------------------------------------------------


def bomb() -> bytes:
    """An XLSX of 500 MB in a few hundred kilobytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(500):
                sheet.write(b" " * 1_000_000)
    return out.getvalue()


def broken_files() -> dict[str, bytes]:
    return {
        "bomb.xlsx": bomb(),
        "cut.xlsx": bomb()[:2000],
        "entities.xlsx": b"PK\x03\x04" + b"\0" * 100,
        "nul.csv": b"\0" * 5000,
        "binary.csv": bytes(range(256)) * 20,
        "quotes.csv": b'"' * 5001,
        "wide.csv": b";" * 100_000 + b"\n" + b"1;2\n",
        "empty.csv": b"",
        "only-bom.csv": b"\xef\xbb\xbf",
        "utf16.csv": "\ufeffNimi;Sähköposti\n".encode("utf-16-le")[:-1],
        "surrogate.csv": b"Nimi;S\xc3\xa4hk\xc3\xb6posti\n\xed\xa0\x80;a@b.fi\n",
        "deep.vcf": b"BEGIN:VCARD\r\n" * 3000,
        "folded.vcf": b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x" + b"\r\n " * 5000 + b"\r\nEND:VCARD\r\n",
        "html.vcf": b"<html><script>alert(7206)</script></html>",
        "../../../etc/passwd": b"root:x:0:0\n",
        "a\0b\r\nX: y.csv": b"Nimi\nAda\n",
        "\u202efdp.csv" + "x" * 300 + ".csv": b"Nimi\nAda\n",
        "polyglot.csv": b"GIF89a;<script>alert(7206)</script>\n1;2\n",
        "macro.docx": b"PK\x03\x04broken",
    }


def test_broken_and_hostile_files_are_refused_or_kept_harmless(
    world: World, rows: Rows, record_property: Any
) -> None:
    attack = Attack(world, "owner", rows)
    work = world.keys["assignment"][-1]
    for name, content in broken_files().items():
        file = SimpleUploadedFile("x", content)
        file._name = name  # past Django's own cleaning, as a raw request would be
        attack.post(name, "/register/import/", data={"file": file, "relation": "active", "source_words": ""})
        file.seek(0)
        attack.post(name, f"/register/assignments/T{work}/files/", data={"attach": file})
    with access.acting("owner"):
        stored = list(Attachment.objects.filter(assignment=work))
        runs = list(ImportRun.objects.order_by("-pk")[:20])
    for run in runs:
        attack.get(f"/register/import/I{run.pk}/")
    for one in stored:
        answer = attack.get(f"/register/files/F{one.pk}/")
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "/" not in one.name
        assert len(one.name) <= 200
        assert not re.search("[\0-\x1f\u202a-\u202e]", one.name)
    folder = Path(settings.MEDIA_ROOT).resolve()
    assert all((folder / one.path).resolve().is_relative_to(folder) for one in stored)
    attack.report(record_property)
    assert attack.wrong == {}
