"""The demo company: a small design office whose register is filled through the use cases, as its people would.

Everybody here is made up: e-mail addresses are under the reserved top-level domain "example" (RFC 2606),
business IDs have right check digits in a range that has not been given out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from django.utils import timezone

from billing import details, releasing
from config import demo_billing, demo_note
from customers import assignments, communication, contacts, intake, representing, worklist
from customers.models import Assignment, Customer, Interaction, Person, PostalAddress, Relationship, VatCode
from mailing import tokens
from mailing.models import EVERYTHING
from privacy import links, requests
from privacy.models import Case
from register import access, statement
from register.models import Registrar, User
from register.roles import Role

PASSWORD = "kirsikankukka-demo-2026"  # noqa: S105  (a made-up company on localhost)
OWNER_EMAIL = "omistaja@demo.example"
BILLER_EMAIL = "laskutus@demo.example"

Kind, Status = Interaction.Kind, Assignment.Status


@dataclass(frozen=True)
class Contact:
    """A person as the demo tells him: names, title, e-mail, phone, language."""

    given_name: str
    family_name: str
    title: str
    email: str
    phone: str = ""
    language: str = "fi"


@dataclass(frozen=True)
class Company:
    """A customer company with its people."""

    name: str
    business_id: str
    street: str
    postal_code: str
    city: str
    since_days: int
    tags: tuple[str, ...]
    people: tuple[Contact, ...]
    language: str = "fi"
    status: str = Relationship.Status.ACTIVE


COMPANIES = (
    Company(
        "Koivukylän Kone Oy",
        "9900101-0",
        "Konepajankatu 4",
        "40100",
        "Jyväskylä",
        1900,
        ("teollisuus",),
        (
            Contact(
                "Väinö", "Öhman-Ääkkönen", "toimitusjohtaja", "vaino@koivukylankone.example", "0457 000 0101"
            ),
            Contact("Aino", "Mäkelä", "taloushallinto", "laskut@koivukylankone.example", "014 000 0102"),
        ),
    ),
    Company(
        "Puutarha Ruusunen Tmi",
        "9900138-7",
        "Ruusutie 12",
        "40520",
        "Jyväskylä",
        800,
        ("kotisivut",),
        (Contact("Helena", "Ruusunen", "yrittäjä", "helena@puutarharuusunen.example", "0457 000 0103"),),
    ),
    Company(
        "Äänekosken Leipä ja Kahvila Oy",
        "9900175-8",
        "Torikatu 1",
        "44100",
        "Äänekoski",
        640,
        ("kotisivut", "kuvaus"),
        (
            Contact(
                "Matti", "Virtanen", "kauppias", "matti.virtanen@aanekoskenleipa.example", "0457 000 0104"
            ),
            Contact("Liisa", "Virtanen", "leipuri", "liisa.virtanen@aanekoskenleipa.example"),
        ),
    ),
    Company(
        "Ab Västnylands Segelsällskap",
        "9900212-8",
        "Hamngatan 3",
        "10600",
        "Ekenäs",
        420,
        ("yhdistys",),
        (Contact("Åsa", "Wikström", "ordförande", "asa@segelsallskap.example", "0457 000 0105", "sv"),),
        language="sv",
    ),
    Company(
        "Northern Light Exhibitions Ltd Oy",
        "9900249-4",
        "Satamakatu 8 B",
        "33200",
        "Tampere",
        210,
        ("messut",),
        (Contact("Zoë", "O'Connor", "producer", "zoe@northernlight.example", "+44 20 7946 0958", "en"),),
        language="en",
    ),
    Company(
        "Keski-Suomen Kuljetus ja Maansiirto Korhonen & Pojat Oy",
        "9900286-5",
        "Tehdaskatu 22",
        "40320",
        "Jyväskylä",
        2400,
        ("teollisuus", "vuosisopimus"),
        (
            Contact("Pekka", "Korhonen", "toimitusjohtaja", "pekka@kskorhonen.example", "0457 000 0106"),
            Contact("Johanna", "von Wright", "markkinointi", "johanna@kskorhonen.example", "0457 000 0107"),
        ),
    ),
    Company(
        "Saaristoravintola Majakka Oy",
        "9900323-5",
        "Laivuri 2",
        "21600",
        "Parainen",
        0,
        (),
        (Contact("Eero", "Åström", "ravintoloitsija", "eero@majakka.example"),),
        status=Relationship.Status.PROSPECT,
    ),
)

PRIVATE = (
    Contact("Anneli", "Nieminen", "", "anneli.nieminen@posti.example", "0457 000 0110"),
    Contact("Juhani", "Mäkinen", "", "juhani@posti.example"),
)


@dataclass(frozen=True)
class Demo:
    """Who can sign in to the demo."""

    owner: User
    biller: User


def build(*, at: datetime) -> Demo:
    """Fill an empty register with the demo company; `at` is the demo's present moment."""
    owner = _account(OWNER_EMAIL, "Tuuli Esimerkki", Role.OWNER)
    biller = _account(BILLER_EMAIL, "Lasse Laskuttaja", Role.BILLING)
    with access.acting("owner", user_id=owner.pk):
        _registrar()
        statement.publish(by=owner, on=at.date() - timedelta(days=30))
        for number, company in enumerate(COMPANIES):
            _admit(company, number, owner, at)
        for contact in PRIVATE:
            _admit_private(contact, owner, at)
        _worklist(owner, at)
        _release(owner, at)
        requests.receive(
            kind=Case.Kind.COPY,
            how=Case.How.MAIL,
            language="fi",
            at=at - timedelta(days=25),
            contact=PRIVATE[1].email,
            message="Mitä tietoja teillä on minusta?",
        )
    with access.acting("billing", user_id=biller.pk):
        demo_billing.bill(biller, at=at)
    return Demo(owner, biller)


def new_links(*, at: datetime) -> demo_note.Note:
    """Who can sign in, and new links: of a customer to stop mailings, and of somebody to his own data."""
    owner = User.objects.filter(role=Role.OWNER, is_active=True).earliest("pk")
    with access.acting("owner", user_id=owner.pk):
        person = Person.objects.present().earliest("pk")
        token = links.make(person, by=owner, at=at)[1]
    return demo_note.Note(
        owner=OWNER_EMAIL,
        biller=BILLER_EMAIL,
        password=PASSWORD,
        stop_path=f"/u/{tokens.make(PRIVATE[0].email, topic=EVERYTHING)}",
        data_path=urlsplit(links.address(token)).path,
    )


def _account(email: str, name: str, role: str) -> User:
    return User.objects.create_user(email, role=role, password=PASSWORD, name=name)


def _registrar() -> Registrar:
    return Registrar.objects.create(
        name="Muotoilutoimisto Tuuli Oy",
        business_id="2345678-0",
        street="Esimerkkikatu 6",
        postal_code="40400",
        city="Jyväskylä",
        website="www.muotoilutuuli.example",
        contact_person="Tuuli Esimerkki",
        contact_email=OWNER_EMAIL,
        phone="0457 000 0100",
        register_name_fi="Yrityksen sähköpostirekisteri ja asiakasrekisteri",
        register_name_sv="Företagets e-postregister och kundregister",
        register_name_en="Company e-mail register and customer register",
        iban="FI2112345600000785",
        bic="NDEAFIHH",
    )


def _admit(company: Company, number: int, owner: User, at: datetime) -> None:
    today = at.date()
    customer = intake.admit_company(
        name=company.name,
        business_id=company.business_id,
        language=company.language,
        status=company.status,
        since=today - timedelta(days=company.since_days) if company.since_days else None,
        tags=company.tags,
        by=owner,
        on=today,
    )
    contacts.add_postal(
        whose=customer,
        street=company.street,
        postal_code=company.postal_code,
        city=company.city,
        kind=PostalAddress.Kind.POSTAL,
        primary=True,
        by=owner,
    )
    people = []
    for place, contact in enumerate(company.people):
        person = _person(contact, owner, at)
        representing.represent(
            person=person,
            customer=customer,
            title=contact.title,
            primary=place == 0,
            billing_contact=place == len(company.people) - 1,
            by=owner,
        )
        people.append(person)
    if company.status == Relationship.Status.ACTIVE:
        _history(customer, people, number, owner, at)


def _person(contact: Contact, owner: User, at: datetime) -> Person:
    person = intake.admit_person(
        given_name=contact.given_name,
        family_name=contact.family_name,
        language=contact.language,
        by=owner,
        on=at.date(),
    )
    contacts.add_email(whose=person, address=contact.email, primary=True, by=owner)
    if contact.phone:
        contacts.add_phone(whose=person, number=contact.phone, primary=True, by=owner)
    return person


def _admit_private(contact: Contact, owner: User, at: datetime) -> None:
    customer = intake.admit_private(
        given_name=contact.given_name, family_name=contact.family_name, by=owner, on=at.date()
    )
    person = customer.person
    assert person is not None
    contacts.add_email(whose=person, address=contact.email, primary=True, by=owner)
    if contact.phone:
        contacts.add_phone(whose=person, number=contact.phone, primary=True, by=owner)
    contacts.add_postal(
        whose=person, street="Kotikatu 5 A 12", postal_code="40100", city="Jyväskylä", primary=True, by=owner
    )


WORK = (
    ("Kotisivujen uudistus", "Suunnittelu ja toteutus", "Verkkopalvelut", Decimal("38.5"), Decimal("92.00")),
    ("Yritysilme ja logo", "Muotoilutyö", "Graafinen suunnittelu", Decimal(24), Decimal("88.00")),
    ("Tuotekuvaus", "Kuvauspäivä", "Valokuvaus", Decimal(2), Decimal("780.00")),
    ("Messuosaston suunnittelu", "Suunnittelutyö", "Graafinen suunnittelu", Decimal(31), Decimal("95.00")),
    ("Esite suomeksi ja ruotsiksi", "Taitto", "Graafinen suunnittelu", Decimal(12), Decimal("85.00")),
    ("Verkkokaupan ylläpito", "Kuukausityö", "Verkkopalvelut", Decimal(6), Decimal("95.00")),
)
TALK = (
    (Kind.EMAIL, "in", "Tarjouspyyntö", "Hei! Voisitteko tehdä tarjouksen? Aikataulu olisi ensi kuussa."),
    (Kind.CALL, "out", "Soitto tarjouksesta", "Kävimme tarjouksen läpi. Asiakas palaa asiaan perjantaina."),
    (Kind.MEETING, "", "Aloituspalaveri", "Sovittiin vaiheet, yhteyshenkilöt ja hyväksynnät."),
    (
        Kind.EMAIL,
        "out",
        "Luonnokset liitteenä",
        "Ensimmäiset luonnokset. Kommentit mielellään torstaihin mennessä.",
    ),
    (Kind.NOTE, "", "Muista", "Toivoo, että soitetaan aamupäivällä."),
)
STEPS = (assignments.agree, assignments.start, assignments.finish)


def _history(customer: Customer, people: list[Person], number: int, owner: User, at: datetime) -> None:
    for place, (kind, direction, subject, text) in enumerate(TALK[: 2 + number % 4]):
        communication.log(
            kind=kind,
            direction=direction,
            subject=subject,
            text=text,
            customer=customer,
            people=people[:1],
            at=_office_hour(at, days=3 + 9 * place + number, hour=9 + (place + number) % 7),
            by=owner,
        )
    for place in range(1 + number % 2):
        title, what, sort, quantity, price = WORK[(number + place) % len(WORK)]
        made = assignments.offer(
            customer=customer,
            title=title,
            contact=people[0],
            kind=sort,
            by=owner,
            on=at.date() - timedelta(days=40),
            due_on=at.date() + timedelta(days=number - 2),
            lines=(
                assignments.Line(what, quantity, price, delivered_on=at.date() - timedelta(days=2)),
                assignments.Line(
                    "Matkakulut",
                    Decimal(84 + number),
                    Decimal("0.57"),
                    unit="km",
                    vat_code=VatCode.STANDARD,
                    delivered_on=at.date() - timedelta(days=2),
                ),
            ),
        )
        for days, step in zip(
            (35, 30, 2), STEPS[: 3 if (number + place) % 2 == 0 else number % 3], strict=False
        ):
            step(made, on=at.date() - timedelta(days=days), by=owner)


def _release(owner: User, at: datetime) -> None:
    """The owner has released what is done, so that the billing person has something to do."""
    for customer in Customer.objects.order_by("id"):
        details.take_over(customer, by=owner)
    for made in Assignment.objects.filter(status=Status.DONE).order_by("id"):
        releasing.release(assignment=made, by=owner, at=at)


def _office_hour(at: datetime, *, days: int, hour: int) -> datetime:
    """So many days before, at an hour when people work, Finnish time."""
    return timezone.localtime(at - timedelta(days=days)).replace(hour=hour, minute=15)


def _worklist(owner: User, at: datetime) -> None:
    customers = list(Customer.objects.order_by("id")[:4])
    for days, title, customer in zip(
        (-1, 0, 0, 3),
        ("Lähetä tarjous", "Soita luonnoksista", "Pyydä kuvat esitteeseen", "Sovi vuosipalaveri"),
        customers,
        strict=False,
    ):
        worklist.add(title=title, due_on=at.date() + timedelta(days=days), customer=customer, by=owner)
