"""The owner's pages of customers and people."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from register import access
from register.models import User
from tests import cast


def test_smoke(as_owner: Client, owner: User) -> None:
    with access.acting("owner", user_id=owner.pk):
        company = cast.company(emails=["info@koivu.fi"])
        ada = cast.person(represents=company, title="Boss", phones=["0401234567"])
        work = cast.assignment(company)
        entry = cast.entry(customer=company, people=[ada])
        task = cast.task(customer=company)
        rep = ada.representations.get()
        email = ada.emailaddress_set.get()
        aino = cast.private_customer()
    urls = [
        "/register/", f"/register/customers/K{company.pk}/", f"/register/customers/K{aino.pk}/", f"/register/people/H{ada.pk}/",
        f"/register/people/H{ada.pk}/readers/",f"/register/people/H{ada.pk}/edit/", f"/register/customers/K{company.pk}/edit/",
        f"/register/customers/K{company.pk}/people/add/", f"/register/customers/K{company.pk}/people/choose/?q=asi", f"/register/people/H{ada.pk}/customers/choose/?q=koi",
        f"/register/customers/K{company.pk}/details/email/add/", f"/register/customers/K{company.pk}/timeline/", f"/register/customers/K{company.pk}/timeline/add/",
        f"/register/customers/K{company.pk}/assignments/add/", f"/register/assignments/T{work.pk}/", f"/register/assignments/T{work.pk}/edit/",
        f"/register/tasks/M{task.pk}/", f"/register/entries/Y{entry.pk}/", f"/register/representatives/{rep.pk}/", f"/register/representatives/{rep.pk}/leave/",
        f"/register/details/email/{email.pk}/", "/register/customers/add/", "/register/customers/add/private/", "/register/people/add/",
    ]
    for url in urls:
        response = as_owner.get(url)
        assert response.status_code == 200, url
