"""The kind of work goes from the assignment to the invoice's lines, and its sales add up to the cent."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from billing import drafting, recurring, releasing
from billing.models import Invoice, InvoiceLine
from billing.recurring import Schedule
from billing.reports import sales
from customers import assignments, kinds
from customers.models import AssignmentKind, Customer
from register import access
from register.models import User
from tests import cast
from tests.billing import bills
from tests.billing.bills import NOW, TODAY, line
from tests.billing.pages import as_biller, customer, english, fields, url  # noqa: F401  (fixtures)
from tests.billing.test_crediting import part
from tests.billing.test_reports import made

D = Decimal
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def kind(owner: User, name: str) -> AssignmentKind:
    with access.acting("owner", user_id=owner.pk):
        found = kinds.named(name)
    assert found is not None
    return found


def kinds_of(invoice: Invoice) -> list[str | None]:
    with access.acting("billing"):
        return [one.kind and one.kind.name for one in invoice.lines.select_related("kind")]


def by_kind() -> dict[str, tuple[Any, ...]]:
    return {str(row.values[0]): row.values[1:] for row in made(sales.BY_KIND, *YEAR).rows}


def released(owner: User, customer: Customer, name: str) -> Any:
    with access.acting("owner", user_id=owner.pk):
        work = assignments.offer(
            customer=customer, title="Esite", kind=name, lines=cast.LINES, by=owner, on=TODAY
        )
        assignments.agree(work, on=TODAY, by=owner)
        assignments.finish(work, on=TODAY, by=owner)
        return releasing.release(assignment=work, by=owner, at=NOW)


def test_the_kind_goes_from_released_work_through_the_draft_to_what_takes_it_back(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    release = released(owner, customer, "Studiotyö")
    other = kind(owner, "Käännös")
    with access.acting("billing", user_id=biller.pk):
        draft = drafting.draft_from([release], by=biller, on=TODAY)
    assert kinds_of(draft) == ["Studiotyö", "Studiotyö"]
    page = as_biller.get(url(draft)).content.decode()
    assert page.count(f'<option value="{release.kind_id}" selected>Studiotyö</option>') == 2
    sent = fields(**{"lines-0-kind_id": str(release.kind_id), "lines-1-description": "Teksti"})
    sent |= {"lines-1-unit_price": "80", "lines-1-kind_id": str(other.pk)}
    assert as_biller.post(url(draft), sent).status_code == 302
    assert kinds_of(draft) == ["Studiotyö", "Käännös"]
    wrong = as_biller.post(url(draft), sent | {"lines-1-kind_id": "9" * 30})
    assert (wrong.status_code, 'value="Teksti"' in wrong.content.decode()) == (422, True)

    issued = bills.issue(biller, draft)
    assert "Studiotyö" not in bills.paper(issued)
    with access.acting("billing", user_id=biller.pk):
        assert "Studiotyö" not in str(Invoice.objects.get(pk=issued.pk).snapshot)
        again = drafting.draft_again(issued, by=biller, on=TODAY)
    assert kinds_of(again) == ["Studiotyö", "Käännös"]
    note = part(biller, issued, {2: "1"}, {})
    assert kinds_of(note) == ["Käännös"]
    assert by_kind() == {
        "Studiotyö": (1, D("100.00"), 0, D("100.00")),
        "Käännös": (1, D("80.00"), D("-80.00"), D("0.00")),
    }
    with pytest.raises(DatabaseError, match="cannot be changed"), access.acting("billing"):
        InvoiceLine.objects.filter(invoice=issued).update(kind=other)


def test_where_there_are_no_kinds_a_draft_asks_for_none(
    as_biller: Client, biller: User, customer: Customer
) -> None:
    draft = bills.draft(biller, customer)
    assert "kind_id" not in as_biller.get(url(draft)).content.decode()
    assert as_biller.post(url(draft), fields()).status_code == 302
    assert kinds_of(draft) == [None]


def test_a_template_gives_its_drafts_the_kind(owner: User, biller: User, customer: Customer) -> None:
    upkeep = replace(line(), kind_id=kind(owner, "Ylläpito").pk)
    with access.acting("billing", user_id=biller.pk):
        template = recurring.plan(
            customer,
            facts=drafting.usual_facts(customer),
            lines=[upkeep],
            schedule=Schedule(interval=1, first_on=TODAY),
            by=biller,
        )
        draft = recurring.make_next(template, on=TODAY)
    assert kinds_of(draft) == ["Ylläpito"]


def test_a_merged_kinds_past_sales_count_as_the_others_and_a_draft_shows_the_other(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    old, new = kind(owner, "Kuva"), kind(owner, "Kuvaus")
    bills.issued(biller, customer, [line(kind_id=old.pk), line(kind_id=new.pk)])
    draft = bills.draft(biller, customer, [line(kind_id=old.pk)])
    with access.acting("owner", user_id=owner.pk):
        kinds.merge(old, into=new, by=owner)
    assert by_kind() == {"Kuvaus": (1, D("200.00"), 0, D("200.00"))}
    assert f'<option value="{new.pk}" selected>Kuvaus</option>' in as_biller.get(url(draft)).content.decode()
    with pytest.raises(kinds.InUse), access.acting("owner", user_id=owner.pk):
        kinds.remove(new, by=owner)


def test_a_discount_on_the_total_is_shared_out_but_not_to_what_was_credited_in_euros(
    owner: User, biller: User, customer: Customer
) -> None:
    film, text = kind(owner, "Kuvaus").pk, kind(owner, "Käännös").pk
    lines = [line(kind_id=film), line(price="50.00", kind_id=text), line(price="10.00")]
    invoice = bills.issued(biller, customer, lines, discount_percent=D(10))
    assert by_kind() == {
        "Kuvaus": (1, D("90.00"), 0, D("90.00")),
        "Käännös": (1, D("45.00"), 0, D("45.00")),
        "no kind": (1, D("9.00"), 0, D("9.00")),
    }
    assert list(by_kind()) == ["Kuvaus", "Käännös", "no kind"]
    part(biller, invoice, {1: "1"}, {("S", D("25.5")): "20"})
    assert by_kind()["Kuvaus"] == (1, D("90.00"), D("-90.00"), D("0.00"))
    assert by_kind()["no kind"] == (1, D("9.00"), D("-20.00"), D("-11.00"))


def test_every_report_of_sales_comes_to_the_same(owner: User, biller: User, customer: Customer) -> None:
    chance = random.Random(8)
    several = [None, *(kind(owner, name).pk for name in ("Kuvaus", "Käännös", "Ylläpito"))]
    for n in range(12):
        day = TODAY - timedelta(days=20 * (12 - n))
        lines = [
            line(
                chance.choice(["standard", "reduced", "zero"]),
                str(chance.randint(1, 99999) / D(100)),
                discount_percent=D(chance.choice([0, 0, 7])),
                kind_id=chance.choice(several),
            )
            for _ in range(chance.randint(1, 6))
        ]
        discount = chance.choice(
            [
                {},
                {"discount_percent": D("3.33")},
                {"discount_amount": D("0.01")},
                {"discount_amount": D("0.97")},
            ]
        )
        invoice = bills.issued(biller, customer, lines, on=day, prices_include_vat=bool(n % 2), **discount)
        if n % 3 == 0:
            part(biller, invoice, {1: "0.333"}, {}, on=day)
        if n % 4 == 0:
            bills.credit(biller, invoice, on=day)
    month, others = made(sales.BY_MONTH, *YEAR), (sales.BY_CUSTOMER, sales.BY_GROUP, sales.BY_KIND)
    assert [made(one, *YEAR).totals[-1] for one in others] == [month.totals[-1]] * 3
    assert made(sales.BY_KIND, *YEAR).totals[2:] == month.totals[2:]


def test_the_report_is_a_page_with_a_chart_and_files(
    as_biller: Client, owner: User, biller: User, customer: Customer
) -> None:
    bills.issued(biller, customer, [line(kind_id=kind(owner, "=Kuvaus").pk), line()])
    asked = "period=free&first=2026-01-01&last=2026-12-31"
    page = as_biller.get(f"/billing/reports/sales-kinds/?{asked}").content.decode()
    assert page.count("=Kuvaus") >= 2
    assert "no kind" in page
    csv = as_biller.get(f"/billing/reports/sales-kinds.csv?{asked}").content.decode("utf-8-sig")
    assert "'=Kuvaus" in csv
    assert as_biller.get(f"/billing/reports/sales-kinds.xlsx?{asked}").status_code == 200
    assert "no kinds" not in as_biller.get(f"/billing/reports/sales-groups/?{asked}").content.decode()
