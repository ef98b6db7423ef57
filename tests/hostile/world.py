"""A register full of canaries and the addresses of everything in it, for tests that attack it over HTTP.

`populate` plants a canary in every personal field about two people (tests.canary), adds an invoice, an import, a
request and the like through the use cases, and remembers the keys. `addresses` fills the converters of every URL of
the resolver with those keys; a route that cannot be filled fails, so that a new one cannot be forgotten.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from billing import agreed_rates, issuing_many, sending_many
from billing.issuing_many import Chosen
from billing.models import (
    Agency,
    AgreedRate,
    BankFile,
    Charge,
    CollectionCase,
    CollectiveRun,
    Dispute,
    Handover,
    Hold,
    Invoice,
    InvoiceAttachment,
    IssuingRun,
    LimitationEvent,
    Payment,
    Plan,
    Recurring,
    Refund,
    RefundFile,
    Reminder,
    ReminderRun,
    Rule,
    Sending,
    SendingRun,
    StatementLine,
    VatGround,
    VatRate,
)
from customers.models import (
    Assignment,
    AssignmentKind,
    Attachment,
    Customer,
    EmailAddress,
    ImportRun,
    Interaction,
    Representation,
    Tag,
    Task,
)
from mailing import tokens
from privacy import links
from privacy.models import Case
from register import access, erasure, statement
from register.accounts.models import Invitation
from register.models import Erasure, Registrar, StatementVersion, User
from register.roles import Role
from register.staff import invitations
from tests import canary, cast, conftest
from tests.billing import bankfiles, bills

ADA, BO = "zqa", "zqb"
"""The marks of the two people's canaries."""

LETTERS = {
    "K": "customer", "H": "person", "Y": "entry", "F": "file", "T": "assignment", "M": "task", "I": "import",
    "D": "invoice", "N": "collective", "S": "recurring", "U": "invoice_file", "R": "erasure", "V": "statement",
    "Q": "case", "MA": "reminders", "MU": "reminder", "L": "sending", "LM": "sendings", "P": "collection",
    "DM": "issuings",
}  # fmt: skip
"""The letter before a number in an address, and what it numbers."""

BANK_LETTERS = {"P": "bank_file", "M": "payment", "R": "statement_line", "PAL": "refund"}
"""The same below the bank's pages."""

WORDS = {
    "code": ["ageing", "vat", "reference_rate", "cost_cap_consumer"],
    "sort": ["email", "phone", "postal"],
    "ending": ["csv", "md"],
    "language": ["fi", "sv", "en"],
    "kind": ["erasure"],
    "uidb36": ["1"],
    "key": ["abc-def"],
    "app_label": ["customers"],
    "content_type_id": [1],
}


@dataclass(frozen=True)
class World:
    """Who is there, what was planted, and the keys of rows by the names of LETTERS."""

    owner: User
    biller: User
    spare: User
    ada: canary.Planted
    bo: canary.Planted
    keys: dict[str, list[int]]
    my_token: str
    stop_token: str

    def secrets_about(self, planted: canary.Planted, *, but: set[str] = frozenset()) -> dict[str, str]:  # type: ignore[assignment]
        """Every canary about somebody by its value, except those of the named fields."""
        return {one.value: one.name for one in planted.canaries if one.name not in but and len(one.value) > 4}

    def browser(self, who: str) -> Client:
        """A browser of "anonymous", "billing", "owner" or the "link" holder (Ada)."""
        browser = Client(raise_request_exception=False, headers={"accept-language": "en"})
        if who == "link":
            browser.get(f"/my/{self.my_token}")
        elif who != "anonymous":
            user = self.owner if who == "owner" else self.biller
            conftest.give_second_factor(user)
            browser.force_login(user)
        return browser


def populate(owner: User, biller: User, registrar: Registrar) -> World:
    """Fill the register."""
    for user in (owner, biller):
        user.set_password(conftest.PASSWORD)
        user.save(using="default", update_fields=["password"])
    spare = User.objects.using("default").create(
        email="spare@example.fi",
        name="Sari Sijainen",
        role=Role.BILLING,
        language="en",
        password="zqpassword!",
    )
    ada, bo = canary.plant(ADA), canary.plant(BO)
    customer = bills.company(owner)
    bills.released(owner, customer)
    bills.issued(biller, customer)
    draft = bills.draft(biller, customer)
    with access.acting("billing", user_id=biller.pk):
        issuing_many.start(
            Chosen(),
            seen=issuing_many.told(Chosen()),
            send=False,
            client_key=uuid.uuid4(),
            by=biller,
            at=bills.NOW,
        )
        sending_many.send_many(invoices=None, client_key=uuid.uuid4(), by=biller, at=bills.NOW)
        agreed_rates.agree(customer, rate=Decimal(16), valid_from=bills.TODAY, agreement="Sopimus", by=biller)
    bank(biller)
    given(biller)
    with access.acting("owner", user_id=owner.pk):
        statement.publish(by=owner, on=timezone.localdate())
        work = cast.assignment(customer)
        cast.task(customer=customer)
        Tag.objects.create(name="tärkeä")
        AssignmentKind.objects.create(name="huolto")
        erasure.erase(
            cast.person("Elli", "Entinen"), by=owner, at=timezone.now(), reason=Erasure.Reason.values[0]
        )
        token = links.make(ada.person, by=None, at=timezone.now())[1]
    invitations.invite(
        email="new@example.fi", name="Uusi", role=Role.BILLING, language="en", by=owner, at=timezone.now()
    )
    return World(
        owner, biller, spare, ada, bo, _keys(ada, customer, draft, work, spare), token,
        tokens.make("somebody@example.fi", topic=0),
    )  # fmt: skip


def bank(biller: User) -> None:
    """A payment without reference, a line that waits for its specification, a file of refunds."""
    paid = bankfiles.entry("5.00", bankfiles.details("5.00", payer="Maksaja"))
    bare = bankfiles.batch(amount="9.00", count=2)
    bankfiles.imported(biller, bankfiles.camt(paid, bare, kind="053"))
    with access.acting("billing", user_id=biller.pk):
        RefundFile.objects.create(
            message_id="PALAUTUS-1",
            execute_on=bills.TODAY,
            count=1,
            sum=1,
            exported_at=bills.NOW,
            exported_by=biller,
        )


def given(biller: User) -> None:
    """A package that an agency got."""
    with access.acting("migrate"):
        Handover.objects.create(
            case=CollectionCase.objects.order_by("pk").first(),
            agency=Agency.objects.create(name="Perintä Oy", business_id="1680235-8"),
            on=bills.TODAY,
            principal=1,
            costs=0,
            interest=0,
            package=b"PK",
            by_id=biller.pk,
        )


def _keys(
    ada: canary.Planted, customer: Customer, draft: Invoice, work: Assignment, spare: User
) -> dict[str, list[int]]:
    models: dict[str, type[Any]] = {
        "entry": Interaction, "file": Attachment, "task": Task, "erasure": Erasure, "statement": StatementVersion,
        "case": Case, "representatives": Representation, "email": EmailAddress, "vat-rates": VatRate,
        "import": ImportRun, "invoice": Invoice, "assignment": Assignment, "tag": Tag, "kinds": AssignmentKind,
        "collective": CollectiveRun, "recurring": Recurring, "invoice_file": InvoiceAttachment,
        "vat-grounds": VatGround, "dispute": Dispute, "plan": Plan, "hold": Hold, "waive": Charge,
        "reminder": Reminder, "reminders": ReminderRun, "rules": Rule, "agreed-rates": AgreedRate,
        "interruptions": LimitationEvent, "bank_file": BankFile, "payment": Payment, "refund": Refund,
        "statement_line": StatementLine, "files": RefundFile, "sending": Sending, "sendings": SendingRun,
        "collection": CollectionCase, "packages": Handover, "issuings": IssuingRun,
    }  # fmt: skip
    with access.acting("migrate"):
        keys = {
            name: list(model._default_manager.order_by("pk").values_list("pk", flat=True)[:2])
            for name, model in models.items()
        }
    empty = [name for name, found in keys.items() if not found]
    assert empty == [], f"populate() made no {empty}"
    keys["assignment"] = [keys["assignment"][0], work.pk]
    keys["invoice"] = [*keys["invoice"], draft.pk]
    keys["customer"], keys["person"] = [ada.customer.pk, customer.pk], [ada.person.pk]
    keys["users"] = [spare.pk]
    keys["invitations"] = list(Invitation.objects.using("default").values_list("pk", flat=True))
    return keys


# --- the addresses of everything -------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """One address: the route it fills, and the path."""

    route: str
    path: str


def routes() -> Iterator[str]:
    """Every route of the resolver as written in the urls modules, regular expressions included."""
    yield from _below(get_resolver(), "")


def _below(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from _below(one, route)


def addresses(world: World) -> list[Address]:
    """Every route with the real keys, and once more with a key that nothing has."""
    found = [
        Address(route, "/" + path) for route in routes() for path in [*_filled(route, world), _unknown(route)]
    ]
    return list(dict.fromkeys(found))


CONVERTER = re.compile(r"(?P<before>[\w-]*/?)<(?:(?P<type>\w+):)?(?P<name>\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


def _filled(route: str, world: World) -> list[str]:
    """The route with each of its converters' values; of several converters only the first combinations."""
    values = {match["name"]: _values(route, match, world) for match in CONVERTER.finditer(_plain(route))}
    count = max((len(one) for one in values.values()), default=1)
    return [_with(route, {name: ones[n % len(ones)] for name, ones in values.items()}) for n in range(count)]


def _with(route: str, values: dict[str, Any]) -> str:
    return CONVERTER.sub(lambda m: m["before"] + str(values[m["name"]]), _plain(route))


def _values(route: str, match: re.Match[str], world: World) -> list[Any]:
    name, before = match["name"], match["before"]
    if name == "token":
        return [{"u": world.stop_token, "my": world.my_token}.get(before.strip("/"), "no-such-token")]
    if name == "number":
        return [world.ada.person, world.ada.customer]
    if name == "sort" and "<int:pk>" in route:
        return ["email"]
    if name in WORDS:
        return WORDS[name]
    if route.startswith("billing/bank/") and before in BANK_LETTERS:
        return world.keys[BANK_LETTERS[before]]
    if before in LETTERS:
        return world.keys[LETTERS[before]]
    folder = "email" if before == "/" and "details" in route else before.rstrip("/")
    if folder == "keys":
        return [1]
    assert folder in world.keys, f"say in tests/hostile/world.py how to fill {match[0]} of {route}"
    return world.keys[folder]


def _unknown(route: str) -> str:
    """The route with values that nothing has."""
    return CONVERTER.sub(
        lambda m: m["before"] + ("99999999999999999999" if m["type"] == "int" else "no-such"), _plain(route)
    )


def _plain(route: str) -> str:
    """A regular expression as a route with converters."""
    if "(?P<" not in route:
        return route
    return GROUP.sub(r"<\1>", route).replace("^", "").replace("$", "").removesuffix("?").replace("/?", "/")
