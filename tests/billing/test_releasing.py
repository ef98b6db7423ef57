"""The owner's side: releasing done work, the copy of billing details, the pages' cards, the VAT rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client

from billing import details, drafting, releasing, vat
from billing.models import BillingDetails, ReleasedAssignment, VatRate
from customers import assignments, contacts
from customers.models import Assignment, EmailAddress, PostalAddress
from register import access
from register.models import AuditEntry, Registrar, User
from tests import cast
from tests.billing import bills
from tests.billing.bills import NOW, TODAY


@pytest.fixture
def as_owner(as_owner: Client) -> Client:
    as_owner.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return as_owner


def done(owner: User, *, lines: bool = True) -> Assignment:
    with access.acting("owner", user_id=owner.pk):
        return cast.assignment(status=Assignment.Status.DONE, **({} if lines else {"lines": ()}))


def test_the_owner_releases_and_takes_back_from_the_assignments_page(
    as_owner: Client, owner: User, registrar: Registrar
) -> None:
    work = done(owner)
    page = f"/register/assignments/T{work.pk}/"
    assert "Release for billing" in as_owner.get(page).content.decode()
    release = f"/register/billing/assignments/T{work.pk}/release/"
    asked = as_owner.get(release).content.decode()
    assert "Suunnittelu" in asked
    assert as_owner.post(release, {"note": "x" * 301}).status_code == 422
    assert as_owner.post(release, {"note": "Tilausnumero 77"})["Location"] == page
    as_owner.post(release, {"note": "Toinen kerta"})
    with access.acting("owner"):
        released = ReleasedAssignment.objects.get()
        assert (released.net, released.note) == (Decimal("1016.00"), "Tilausnumero 77")
        assert released.released_by_id == owner.pk
        assert [line.delivered_on for line in released.lines.all()] == [work.done_on, work.done_on]
    shown = as_owner.get(page).content.decode()
    assert "Take the release back" in shown
    as_owner.post(f"/register/billing/assignments/T{work.pk}/withdraw/")
    with access.acting("owner"):
        assert not ReleasedAssignment.objects.exists()
    assert "Release for billing" in as_owner.get(page).content.decode()


def test_work_that_is_not_done_or_has_no_lines_is_not_released(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        offered = cast.assignment()
        with pytest.raises(releasing.NotDone):
            releasing.release(assignment=offered, by=owner, at=NOW)
    with access.acting("owner", user_id=owner.pk), pytest.raises(releasing.NothingToRelease):
        releasing.release(
            assignment=cast.assignment(cast.company("Toinen Oy"), lines=(), status=Assignment.Status.DONE),
            by=owner,
            at=NOW,
        )


def test_a_release_on_a_draft_is_not_taken_back(
    as_owner: Client, owner: User, biller: User, registrar: Registrar
) -> None:
    work = bills.released(owner, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        drafting.draft_from([work], by=biller, on=TODAY)
    answer = as_owner.post(f"/register/billing/assignments/T{work.assignment_id}/withdraw/", follow=True)
    page = answer.content.decode()
    assert "already put this on an invoice" in page
    assert "Billing has drawn up a draft" in page
    with access.acting("owner"):
        assert ReleasedAssignment.objects.count() == 1


def test_the_invoice_is_on_the_assignments_and_the_customers_page(
    as_owner: Client, owner: User, biller: User, registrar: Registrar
) -> None:
    work = bills.released(owner, bills.company(owner))
    with access.acting("billing", user_id=biller.pk):
        draft = drafting.draft_from([work], by=biller, on=TODAY)
    invoice = bills.issue(biller, draft)
    assert (
        "Invoice 20260001" in as_owner.get(f"/register/assignments/T{work.assignment_id}/").content.decode()
    )
    card = as_owner.get(f"/register/customers/K{work.customer_id}/").content.decode()
    assert f"/billing/invoices/D{invoice.pk}/" in card
    assert "laskut@hoylaamo.example" in card


def test_releasing_gives_billing_the_address_that_the_register_knows(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        customer = cast.company()
        contacts.add_postal(whose=customer, street="Käyntikuja 1", postal_code="00100", city="Helsinki",
                            kind=PostalAddress.Kind.VISITING, by=owner)  # fmt: skip
        contacts.add_postal(whose=customer, street="PL 7", postal_code="00101", city="Helsinki",
                            kind=PostalAddress.Kind.BILLING, by=owner)  # fmt: skip
        contacts.add_email(
            whose=customer, address="laskut@kone.example", kind=EmailAddress.Kind.BILLING, by=owner
        )
        cast.person(represents=customer, billing_contact=True)
    bills.released(owner, customer)
    with access.acting("billing"):
        known = BillingDetails.objects.get()
    assert (known.address, known.attention) == (("PL 7", "00101 Helsinki"), "Ada Asiakas")
    assert (known.channel, known.email) == ("email", "laskut@kone.example")


def test_a_private_customers_own_address_is_taken(owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        customer = cast.private_customer(emails=["aino@example.fi"])
        contacts.add_postal(
            whose=customer.person, street="Kotikuja 3", postal_code="90100", city="Oulu", by=owner
        )
    bills.released(owner, customer)
    with access.acting("billing"):
        known = BillingDetails.objects.get()
    assert (known.address, known.email) == (("Kotikuja 3", "90100 Oulu"), "aino@example.fi")


def test_releasing_does_not_touch_details_that_billing_has(owner: User, registrar: Registrar) -> None:
    customer = bills.company(owner, street="Laskukuja 9")
    with access.acting("owner", user_id=owner.pk):
        contacts.add_postal(whose=customer, street="Muu 1", postal_code="00100", city="Helsinki", by=owner)
    bills.released(owner, customer)
    with access.acting("billing"):
        assert details.of(customer).street == "Laskukuja 9"


def test_an_assignment_removed_by_the_owner_takes_its_release_along(owner: User) -> None:
    work = bills.released(owner, bills.company(owner))
    with access.acting("owner", user_id=owner.pk):
        assignments.remove(Assignment.objects.get(pk=work.assignment_id), by=owner)
    with access.acting("billing"):
        assert not ReleasedAssignment.objects.exists()


def test_the_owner_adds_a_rate_and_the_one_before_ends(as_owner: Client, owner: User) -> None:
    page = "/register/billing/vat-rates/"
    assert "25,5" in as_owner.get(page).content.decode() or "25.5" in as_owner.get(page).content.decode()
    form = {
        "code": "standard",
        "rate": "26,5",
        "valid_from": "2030-01-01",
        "statute": "AVL 84 §",
        "source": "vero.fi 1.12.2029",
    }
    assert as_owner.post(page, form).status_code == 302
    with access.acting("owner"):
        assert VatRate.objects.on(date(2029, 12, 31)).get(code="standard").rate == Decimal("25.5")
        added = VatRate.objects.on(date(2030, 1, 1)).get(code="standard")
        assert (added.rate, added.entered_by_id) == (Decimal("26.5"), owner.pk)
        assert AuditEntry.objects.filter(object_id=added.pk, action=AuditEntry.Action.CREATE).exists()
        assert vat.rate_on("standard", date(2035, 1, 1)) == Decimal("26.5")
    as_owner.post(f"{page}{added.pk}/remove/")
    with access.acting("owner"):
        assert vat.rate_on("standard", date(2035, 1, 1)) == Decimal("25.5")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"valid_from": "2024-09-01"}, "valid_from"),
        ({"valid_from": "2020-01-01"}, "valid_from"),
        ({"valid_from": "1066-10-14"}, "valid_from"),
        ({"rate": "0"}, "rate"),
        ({"rate": "100"}, "rate"),
        ({"rate": "NaN"}, "rate"),
        ({"code": "exempt", "rate": "5"}, "rate"),
        ({"code": "luxury"}, "code"),
        ({"source": " "}, "source"),
        ({"statute": "x" * 201}, "statute"),
    ],
)
def test_a_rate_that_cannot_be_is_refused_with_its_field(
    as_owner: Client, changed: dict[str, str], field: str
) -> None:
    form = {
        "code": "standard",
        "rate": "26,5",
        "valid_from": "2030-01-01",
        "statute": "AVL",
        "source": "vero.fi",
    }
    answer = as_owner.post("/register/billing/vat-rates/", form | changed)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    with access.acting("owner"):
        assert not VatRate.objects.filter(entered_by__isnull=False).exists()


def test_rates_that_came_with_the_program_stay(as_owner: Client, owner: User) -> None:
    with access.acting("owner"):
        shipped = VatRate.objects.on(TODAY).get(code="standard")
        count = VatRate.objects.count()
    answer = as_owner.post(f"/register/billing/vat-rates/{shipped.pk}/remove/", follow=True)
    assert "came with the program" in answer.content.decode()
    with access.acting("owner"):
        assert VatRate.objects.count() == count == 8


def test_every_shipped_rate_names_its_law_and_source(database: None) -> None:
    with access.acting("owner"):
        for rate in VatRate.objects.all():
            assert "1501/1993" in rate.statute
            assert rate.source
