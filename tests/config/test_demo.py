"""The demo company: everything a visitor wants to try is there, made through the use cases."""

from __future__ import annotations

from django.utils import timezone

from billing import limitation
from billing.models import Invoice, ReleasedAssignment
from config import demo, demo_billing
from customers.models import Customer, Interaction, Person, Task
from privacy.models import Case
from register import access
from register.models import StatementVersion


def test_the_demo_company_has_something_to_try_behind_each_door(database: None) -> None:
    made = demo.build(at=timezone.now())
    with access.acting("owner", user_id=made.owner.pk):
        assert Customer.objects.count() == len(demo.COMPANIES) + len(demo.PRIVATE)
        assert Person.objects.count() == sum(len(c.people) for c in demo.COMPANIES) + len(demo.PRIVATE)
        assert Interaction.objects.count() > 10
        assert Task.objects.count() == 4
        assert Case.objects.count() == 1
        assert StatementVersion.objects.count() == 1
    with access.acting("billing", user_id=made.biller.pk):
        assert Invoice.objects.exclude(number="").count() == 1 + len(demo_billing.OVERDUE) + len(
            demo_billing.LATE
        )
        assert limitation.waiting(on=timezone.localdate()) == 1
        assert Invoice.objects.filter(number="").count() == 1
        assert ReleasedAssignment.objects.filter(invoice=None).exists()
    assert made.biller.check_password(demo.PASSWORD)
