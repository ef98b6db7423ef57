"""The published privacy statement of the company, clause by clause, and where the generated one says it."""

from __future__ import annotations

Clauses = tuple[tuple[str, tuple[str, ...]], ...]
"""The document cut into clauses, in order and without a gap; to each, the passages that say it."""

FI: Clauses = (
    ("Rekisteriseloste", ("# Rekisteriseloste",)),
    ("Rekisterinpitäjä: THEWIND Oy", ("**Rekisterinpitäjä:** THEWIND Oy",)),
    (
        "Aittokalliontie 6, 40400 Jyväskylä, www.thewind.fi",
        ("Aittokalliontie 6, 40400 Jyväskylä", "www.thewind.fi"),
    ),
    (
        "Vastuuhenkilö/yhteyshenkilö: Tuuli Kirsikka Pirttiaho, tuulikirsikka@thewind.fi",
        (
            "**Rekisteristä vastaava henkilö ja yhteyshenkilö:** Tuuli Kirsikka Pirttiaho, "
            "tuulikirsikka@thewind.fi",
        ),
    ),
    (
        "Rekisterin nimi: Yrityksen sähköpostirekisteri ja asiakasrekisteri",
        ("**Rekisterin nimi:** Yrityksen sähköpostirekisteri ja asiakasrekisteri",),
    ),
    (
        "Henkilötietoja rekisterissä käytetään yrityksen asiakassuhteiden hoitamiseen, hallintaan ja "
        "asiakasviestintään, sekä yritysviestintään ja markkinointiin.",
        (
            "Rekisterin henkilötietoja käytetään yrityksen asiakassuhteiden hoitamiseen ja hallintaan, "
            "asiakasviestintään sekä yritysviestintään ja markkinointiin.",
        ),
    ),
    (
        "Asiakasrekisterin tarkoitus on asiakasprojekteihin ja -palveluihin liittyvien toimenpiteiden "
        "hoitaminen.",
        (
            "Asiakasrekisterin tarkoitus on asiakasprojekteihin ja -palveluihin liittyvien toimenpiteiden "
            "hoitaminen.",
        ),
    ),
    (
        "Markkinointi-, viestintä- ja tiedotustarkoituksiin perustuvasta sähköpostirekisteristä voidaan "
        "asiakkaan omalla päätöksellä poistaa hänen tietonsa.",
        (
            "Sähköpostirekisteri on markkinointia, viestintää ja tiedottamista varten. Asiakkaan tiedot "
            "poistetaan siitä hänen omalla päätöksellään",
        ),
    ),
    (
        "Rekisteriin tallennetaan henkilöiden nimi, yhteystiedot (edustamansa yritys, postiosoitteet, "
        "puhelinnumerot, sähköpostiosoitteet)",
        (
            "Rekisteriin tallennetaan henkilöiden nimi, yhteystiedot (edustettu yritys, postiosoitteet, "
            "puhelinnumerot ja sähköpostiosoitteet)",
            "### Yhteystiedot: edustettu yritys, postiosoitteet, puhelinnumerot, sähköpostiosoitteet",
        ),
    ),
    (
        "sekä asiakkuuden hoitamiseen liittyvät tiedot: asiakkuuteen liittyvä yhteydenpito ja viestintä, "
        "toimeksiantojen hoitamiseen, laskutukseen ja perintään liittyvät tiedot, sekä muut toimenpiteet "
        "asiakassuhteen ylläpitämiseksi.",
        (
            "sekä asiakkuuden hoitamiseen liittyvät tiedot: asiakkuuteen liittyvä yhteydenpito ja viestintä, "
            "toimeksiantojen hoitamiseen, laskutukseen ja perintään liittyvät tiedot sekä muut toimenpiteet "
            "asiakassuhteen ylläpitämiseksi.",
            "### Yhteydenpito ja viestintä asiakkaan kanssa",
            "### Toimeksiannot",
            "### Laskut ja hyvityslaskut",
            "### Tehtävät ja muut toimenpiteet asiakassuhteen ylläpitämiseksi",
        ),
    ),
    (
        "Tietolähteinä ovat asiakkaan itsensä antamat tiedot.",
        ("Tietolähteinä ovat asiakkaan itsensä antamat tiedot.",),
    ),
    (
        "Asiakasrekisteritietoja tai sähköpostirekisteritietoja ei luovuteta yleisesti muille tahoille.",
        (
            "Asiakasrekisterin tietoja tai sähköpostirekisterin tietoja ei luovuteta yleisesti muille "
            "tahoille.",
        ),
    ),
    (
        "Tiedot on tallennettu yrityksen sähköpostijärjestelmään ja paikallisille työasemille.",
        (
            "Tiedot on tallennettu tämän rekisterin omaan tietokantaan ja tiedostoihin. Aiemmin ne olivat "
            "yrityksen sähköpostijärjestelmässä ja paikallisilla työasemilla",
        ),
    ),
    (
        "Rekisterin tietoturva on järjestetty standardilla tavalla.",
        ("Rekisterin tietoturva on järjestetty standardilla tavalla.",),
    ),
    (
        "Tiedostojen avaamiseen ja käyttöön vaaditaan tunnus ja salasana.",
        ("Rekisterin avaamiseen ja käyttöön vaaditaan tunnus ja salasana.",),
    ),
    (
        "Ainoastaan rekisteristä vastaavalla henkilöllä on pääsy kaikkiin rekisterin sisältämiin tietoihin.",
        (
            "Ainoastaan rekisteristä vastaavalla henkilöllä on pääsy kaikkiin rekisterin sisältämiin "
            "tietoihin.",
        ),
    ),
    (
        "Pääsy rekisterin tietoihin edellyttää henkilökohtaisen käyttäjätunnuksen ja salasanan antamista.",
        ("Pääsy rekisterin tietoihin edellyttää henkilökohtaisen käyttäjätunnuksen ja salasanan antamista.",),
    ),
    (
        "Laskutusta hoitavalla henkilöllä on pääsy asiakkuuden laskutukseen ja perintään liittyviin "
        "tietoihin.",
        (
            "Laskutusta hoitavalla henkilöllä on pääsy asiakkuuden laskutukseen ja perintään liittyviin "
            "tietoihin.",
        ),
    ),
)

EN: Clauses = (
    ("Privacy Statement", ("# Privacy Statement",)),
    ("Registrar: THEWIND Oy", ("**Registrar:** THEWIND Oy",)),
    (
        "Aittokalliontie 6, 40400 Jyväskylä, www.thewind.fi",
        ("Aittokalliontie 6, 40400 Jyväskylä", "www.thewind.fi"),
    ),
    (
        "Person in charge of the register & contact person: Tuuli Kirsikka Pirttiaho, "
        "tuulikirsikka@thewind.fi",
        (
            "**Person in charge of the register and contact person:** Tuuli Kirsikka Pirttiaho, "
            "tuulikirsikka@thewind.fi",
        ),
    ),
    (
        "Register name: Company e-mail register and customer register",
        ("**Register name:** Company e-mail register and customer register",),
    ),
    (
        "The personal data in the register is used for the customer management and communication of the "
        "company, as well as for corporate communication and marketing.",
        (
            "The personal data in the register is used for the customer management and communication of the "
            "company, as well as for corporate communication and marketing.",
        ),
    ),
    (
        "The purpose of the register is to manage the actions and tasks related to customer projects and "
        "services.",
        (
            "The purpose of the customer register is to manage the actions and tasks related to customer "
            "projects and services.",
        ),
    ),
    (
        "The personal data included in the register can be erased, if the customer wishes so.",
        ("The personal data included in the register is erased if the customer wishes so.",),
    ),
    (
        "Name, contact details (company, postal addresses, phone numbers, e-mail addresses) and customer "
        "relationship information are stored in the register:",
        (
            "Name, contact details (company represented, postal addresses, phone numbers and e-mail "
            "addresses) and customer relationship information are stored in the register:",
        ),
    ),
    (
        "customer relationship communication and communication, order management, billing and collection "
        "information, and other measures to maintain customer relationship.",
        (
            "contact and communication with the customer, information on managing assignments, billing and "
            "collection, and other measures to maintain the customer relationship.",
            "### Communication with the customer",
            "### Assignments",
            "### Invoices and credit notes",
            "### Tasks and other measures to maintain the customer relationship",
        ),
    ),
    (
        "The data sources are information provided by the customer himself.",
        ("The data sources are information provided by the customer himself.",),
    ),
    (
        "Customer register information or e-mail register information is not generally disclosed to other "
        "parties.",
        (
            "Customer register information or e-mail register information is not generally disclosed to "
            "other parties.",
        ),
    ),
    (
        "The information is stored in the company’s email system and local workstations.",
        (
            "The information is stored in this register's own database and files. It used to be in the "
            "company's e-mail system and on local workstations",
        ),
    ),
    (
        "Registry security is organized in a standard way.",
        ("Registry security is organized in a standard way.",),
    ),
    (
        "Accessing and using the files requires an ID and password.",
        ("Opening and using the register requires an ID and password.",),
    ),
    (
        "Only the person in charge of the register has access to all the information contained in the "
        "register.",
        (
            "Only the person in charge of the register has access to all the information contained in the "
            "register.",
        ),
    ),
    (
        "Access to the registry information requires a personal username and password.",
        ("Access to the registry information requires a personal username and password.",),
    ),
    (
        "The billing person has access to billing and debt collection information.",
        ("The billing person has access to billing and debt collection information.",),
    ),
)
