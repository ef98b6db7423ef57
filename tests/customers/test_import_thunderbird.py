"""Thunderbird's address book, exported as CSV in English, Finnish and Swedish: where each of its columns lands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from customers.models import (
    Customer,
    EmailAddress,
    Interaction,
    Person,
    PhoneNumber,
    PostalAddress,
    Representation,
)
from register.models import User
from tests.customers.importing import START, imported, in_register, rows, staged

ENGLISH = (
    "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,"
    "Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,"
    "Home Country,Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,Job Title,Department,"
    "Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Custom 2,Custom 3,Custom 4,Notes,"
)
FINNISH = (
    "Etunimi,Sukunimi,Näyttönimi,Lempinimi,Ensisijainen sähköposti,Toissijainen sähköposti,Pikaviestinimi,"
    "Työpuhelin,Kotipuhelin,Faksin numero,Hakulaitteen numero,Matkapuhelinnumero,Kotiosoite,Kotiosoite 2,"
    "Kotikaupunki,Kodin lääni,Kodin postinumero,Kotimaa,Työosoite,Työosoite 2,Työpaikan kaupunki,Työpaikan lääni,"
    "Työpaikan postinumero,Työpaikan maa,Ammattinimi,Osasto,Järjestö,Verkkosivu 1,Verkkosivu 2,Syntymävuosi,"
    "Syntymäkuukausi,Syntymäpäivä,Oma 1,Oma 2,Oma 3,Oma 4,Muistiinpanot,"
)
SWEDISH = (
    "Förnamn,Efternamn,Visningsnamn,Smeknamn,E-post,Ytterligare e-post,Skärmnamn,Telefon arbete,Telefon privat,"
    "Faxnummer,Personsökare,Mobiltelefon,Adress privat (rad 1),Adress privat (rad 2),Stad privat,"
    "Landsdel (Stat) privat,Postnummer privat,Land privat,Adress arbete (rad 1),Adress arbete (rad 2),Stad arbete,"
    "Landsdel (Stat) arbete,Postnummer arbete,Land arbete,Titel,Avdelning,Organisation,Webbplats privat,"
    "Webbplats arbete,Född år,Född månad,Född dag,Uppgift 1,Uppgift 2,Uppgift 3,Uppgift 4,Anteckningar,"
)
SIRKKA = (
    "Sirkka,Koskelo-Åberg,Sirkka Koskelo-Åberg (tilinpito),Sirre,sirkka@koskelo.example,sirre@kotona.example,"
    "sirre77,014 555 111,014 555 222,014 555 333,0409 1,040 555 4444,Rantatie 3 B 12,c/o Åberg,Jyväskylä,"
    "Keski-Suomi,40100,Suomi,Tehtaankatu 8,PL 15,Äänekoski,Saarijärven seutu,44100,Suomi,talouspäällikkö,hallinto,"
    "Koskelon Saha Oy,https://koskelo.example,https://sirre.example,1971,2,28,kissa,koira,kani,kala,"
    '"Soittaa ""aina"" iltapäivällä.\r\nPitää kahvista.",'
)
NOT_KEPT = (3, 6, 27, 28, 29, 30, 31, 32, 33, 34, 35)
"""Columns that have no place in the register; each is named in the preview and in the report."""


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    """Uploaded files of one test lie in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("header", [ENGLISH, FINNISH, SWEDISH], ids=["English", "Finnish", "Swedish"])
def test_every_column_of_thunderbird_lands_or_is_said_to_be_left_out(
    as_owner: Client, owner: User, header: str
) -> None:
    run = staged(as_owner, f"{header}\r\n{SIRKKA}\r\n".encode(), "osoitekirja.csv")
    assert (run.layout, run.total) == ("thunderbird", 1)
    titles = header.split(",")
    assert rows(run)[0].data["left_out"] == [titles[index] for index in NOT_KEPT]
    page = as_owner.get(f"{START}I{run.pk}/").content.decode()
    assert all(titles[index] in page for index in NOT_KEPT)
    as_owner.post(f"{START}I{run.pk}/cancel/")

    done = imported(as_owner, f"{header}\r\n{SIRKKA}\r\n".encode(), "osoitekirja.csv")
    assert done.counts == {"added": 1}
    with in_register(owner):
        sirkka, company = Person.objects.get(), Customer.objects.get()
        assert (sirkka.given_name, sirkka.family_name) == ("Sirkka", "Koskelo-Åberg")
        assert company.name == "Koskelon Saha Oy"
        assert Representation.objects.get().title == "talouspäällikkö, hallinto"
        emails = EmailAddress.objects.filter(person=sirkka).order_by("pk")
        assert [(one.address, one.primary) for one in emails] == [
            ("sirkka@koskelo.example", True),
            ("sirre@kotona.example", False),
        ]
        phones = PhoneNumber.objects.filter(person=sirkka).order_by("pk")
        assert [(one.number, one.kind, one.e164) for one in phones] == [
            ("014 555 111", "work", "+35814555111"),
            ("014 555 222", "home", "+35814555222"),
            ("040 555 4444", "mobile", "+358405554444"),
        ]
        home = PostalAddress.objects.get(person=sirkka)
        assert (home.street, home.postal_code, home.city, home.country) == (
            "c/o Åberg, Rantatie 3 B 12",
            "40100",
            "Jyväskylä",
            "FI",
        )
        work = PostalAddress.objects.get(customer=company)
        assert (work.street, work.postal_code, work.city) == ("PL 15, Tehtaankatu 8", "44100", "Äänekoski")
        assert Interaction.objects.get().text.splitlines() == [
            'Soittaa "aina" iltapäivällä.',
            "Pitää kahvista.",
            "Whole name: Sirkka Koskelo-Åberg (tilinpito)",
            "Fax: 014 555 333",
            "Phone: 0409 1",
            "Region: Keski-Suomi",
            "Region: Saarijärven seutu",
        ]
    report = as_owner.get(f"{START}I{done.pk}/report.csv").content.decode("utf-8-sig")
    assert ", ".join(titles[index] for index in NOT_KEPT) in report


def test_who_has_only_a_display_name_in_thunderbird_keeps_it(as_owner: Client, owner: User) -> None:
    row = ",,Kalle Kustaa Nieminen,,kalle@nieminen.example" + "," * 33
    imported(as_owner, f"{ENGLISH}\r\n{row}\r\n".encode())
    with in_register(owner):
        assert Person.objects.get().full_name == "Kalle Kustaa Nieminen"
        assert not Interaction.objects.exists()
