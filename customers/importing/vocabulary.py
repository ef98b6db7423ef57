"""The titles of columns in contact tables, in Finnish, Swedish, English and German, and what they hold.

A title is taken apart into a kind (work, home, other), a number and the word that is left, so that
`Business Postal Code`, `Postleitzahl geschäftlich` and `Toimipaikan postinumero` need no list of their own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a column can hold. The values are stored with remembered mappings."""

    NOTHING = "nothing"
    FULL_NAME = "full_name"
    GIVEN_NAME = "given_name"
    MIDDLE_NAME = "middle_name"
    FAMILY_NAME = "family_name"
    COMPANY = "company"
    DEPARTMENT = "department"
    TITLE = "title"
    BUSINESS_ID = "business_id"
    EMAIL = "email"
    EMAIL_LABEL = "email_label"
    PHONE = "phone"
    PHONE_LABEL = "phone_label"
    STREET = "street"
    EXTRA = "extra"
    POSTAL_CODE = "postal_code"
    CITY = "city"
    POSTAL_LINE = "postal_line"
    REGION = "region"
    COUNTRY = "country"
    FORMATTED_ADDRESS = "formatted_address"
    ADDRESS_LABEL = "address_label"
    NOTE = "note"
    LANGUAGE = "language"
    TAGS = "tags"
    MARKETING = "marketing"


MANY = frozenset({Field.EMAIL, Field.PHONE, Field.NOTE, Field.TAGS, Field.EXTRA, Field.NOTHING})
"""May be held by several columns of one kind and number."""

PLACE = frozenset(
    {Field.STREET, Field.EXTRA, Field.POSTAL_CODE, Field.CITY, Field.POSTAL_LINE, Field.REGION, Field.COUNTRY}
)
LABELS = frozenset({Field.EMAIL_LABEL, Field.PHONE_LABEL, Field.ADDRESS_LABEL})


@dataclass(frozen=True, slots=True)
class Target:
    field: Field
    kind: str = ""
    """work, home, other, mobile, fax, visiting, postal, billing …"""
    group: int = 0
    """Which one of several: ties a label or the parts of an address to their value."""

    def __str__(self) -> str:
        return f"{self.field}:{self.kind}:{self.group}"

    @classmethod
    def read(cls, text: str) -> Target:
        """The target that `str()` wrote. Raises ValueError for anything else."""
        name, kind, group = (*text.split(":"), "", "")[:3]
        return cls(Field(name), kind, int(group or 0))


def normal(title: str) -> str:
    """A column title without case and punctuation: `E-mail 1 - Value` → `email 1 value`."""
    text = unicodedata.normalize("NFKC", title).casefold().encode("utf-8", "replace").decode("utf-8")
    text = re.sub(r"\b(e|s|y|fo|alv|vat)[-‐‑](?=[^\W\d_])", r"\1", text)
    return " ".join(re.findall(r"[^\W_]+", text))


KINDS = {
    "work": "business work office työ työn työpaikka työpaikan toimipaikka toimipaikan toimisto toimiston "
    "yritys yrityksen geschäftlich arbete arbetet företag",
    "home": "home private personal koti kodin kotiin yksityinen privat hem bostad",
    "other": "other muu muut weitere weiterer övrigt annan",
    "billing": "billing laskutus laskutuksen fakturering",
    "visiting": "visiting käynti besöks",
}
KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()}

WORDS = """
full_name
    name | full name | display name | contact | contact name | contact person | nimi | koko nimi |
    näyttönimi | näytettävä nimi | asiakkaan nimi | yhteyshenkilö | yhteyshenkilön nimi | kontaktihenkilö |
    kontakti | namn | fullständigt namn | visningsnamn | kontaktperson | anzeigename | vollständiger name |
    ansprechpartner | sukunimi etunimi | etunimi sukunimi
given_name
    first name | given name | firstname | forename | etunimi | etunimet | kutsumanimi | förnamn |
    tilltalsnamn | vorname
middle_name
    middle name | additional name | toinen nimi | toiset nimet | mellannamn | andra namn | zweiter vorname |
    weitere vornamen
family_name
    last name | family name | surname | lastname | sukunimi | efternamn | nachname | familienname
company
    company | company name | organization | organisation | organization name | organization 1 name |
    yritys | yrityksen nimi | yritysnimi | organisaatio | firma | toiminimi | asiakas | asiakasyritys |
    yhtiö | yhteisö | järjestö | företag | företagsnamn | bolag | företagets namn | employer |
    työnantaja
department
    department | organization department | organization 1 department | osasto | yksikkö | avdelning |
    abteilung
title
    title | job title | organization title | organization 1 title | position | titteli | tehtävänimike |
    tehtävä | asema | nimike | ammattinimi | toimenkuva | rooli | befattning | titel | yrkestitel | jobtitel
business_id
    ytunnus | y tunnus | yritystunnus | yrityksen ytunnus | ly tunnus | business id | company id |
    vat number | vatnumber | vat id | vatid | alvtunnus | alv tunnus | alv numero | fonummer | fo nummer |
    organisationsnummer | orgnr
email
    email | mail | email address | mail address | emailaddress | primary email | secondary email |
    email value | sähköposti | sähköpostiosoite | sähköposti osoite | spostiosoite | sposti | s posti |
    emailosoite |
    email osoite | meili | maili | epost | epostadress | epost adress | emailadresse | email adresse |
    additional email | ensisijainen sähköposti | toissijainen sähköposti | ytterligare epost
email_label
    email label
phone
    phone | phone number | telephone | tel | puhelin | puhelinnumero | puhelinnro | puh | puh nro | puhnro |
    telefon | telefonnummer | tfn | tel nr | phone value | primary phone | radio phone | callback |
    callback number | lankapuhelin | varanumero
phone:work
    työpuhelin | arbetstelefon
phone:home
    kotipuhelin | hemtelefon
phone:mobile
    mobile | mobile phone | mobile number | cell | cell phone | cellphone | gsm | gsm numero |
    matkapuhelin | matkapuhelinnumero | kännykkä | kännykkänumero | mobiili | mobil | mobilnummer |
    mobiltelefon | mobilfunknummer | handy
phone:fax
    fax | fax number | faksi | faksinumero | faksin numero | faxnummer | telefax | telekopio
phone:pager
    pager | pager number | hakulaite | hakulaitteen numero | personsökare
phone:main
    company main phone | main phone | vaihde | puhelinvaihde | växel | yrityksen puhelin | firmentelefon
phone:car
    car phone | autopuhelin | autotelefon | biltelefon
phone:assistant
    assistant s phone | assistant phone | phone assistant | assistentin puhelin | avustajan puhelin
phone_label
    phone label
street
    address | street | street address | address line | katu | katuosoite | osoite | lähiosoite |
    katuosoiterivi | adress | adress rad | gatuadress | gata | straße | strasse | adresse
street:postal
    postiosoite | mailing address | postal address | postadress | utdelningsadress | postilähiosoite
street:visiting
    käyntiosoite | visiting address | besöksadress
street:billing
    laskutusosoite | laskutus osoite | billing address | faktureringsadress | laskutuskatuosoite |
    rechnungsadresse
street:home
    kotiosoite | hemadress | bostadsadress
street:work
    työosoite | arbetsadress | yritysosoite
extra
    address po box | po box | postilokero | pl | box | postbox | postfach | co | c o | co osoite |
    lisäosoite | extended address | osoiterivi
postal_code
    postal code | postcode | post code | zip | zip code | zipcode | postinumero | postinro | postino |
    pnro | pno | postnummer | postnr | postleitzahl | plz
city
    city | town | locality | kaupunki | kunta | paikkakunta | postitoimipaikka | ptp | toimipaikka |
    postort | ort | stad | stadt
city:home
    kotikaupunki | kotipaikkakunta | hemort
postal_line
    postinumero ja toimipaikka | postinumero ja postitoimipaikka | postinumero postitoimipaikka |
    postinro ja toimipaikka | postnummer och ort | postnummer och postort | zip city | plz ort |
    postinumero ja kaupunki
region
    state | landsdel stat | region | province | county | osavaltio | maakunta | lääni | bundesland | län |
    landskap |
    state province
country
    country | country region | maa | maa alue | land | land region | kotimaa
note
    note | notes | comment | comments | huomautus | huomautukset | huomio | huomioita | huom |
    muistiinpano | muistiinpanot | lisätieto | lisätiedot | kommentti | kommentit | anteckning |
    anteckningar | kommentar | notizen | notiz | bemerkung | memo
language
    language | preferred language | kieli | asiointikieli | yhteydenpitokieli | språk | sprache | lang
tags
    tags | tag | labels | groups | group membership | categories | category | ryhmä | ryhmät | tunniste |
    tunnisteet | luokka | luokat | kategoria | kategoriat | grupp | grupper | kategori | kategorier |
    kategorien | etiketter | asiakasryhmä
marketing
    status | state of subscription | subscription status | subscribed | active | aktiivinen | tila |
    newsletter | opt in | opt out | unsubscribed | email marketing | email marketing status | consent |
    marketing | marketing consent | marketing permission | markkinointilupa | suoramarkkinointilupa |
    sähköinen markkinointilupa | markkinointi | suoramarkkinointi | markkinointikielto |
    suoramarkkinointikielto | uutiskirje | uutiskirjelupa | lupa | suostumus | samtycke | marknadsföring |
    marknadsföringstillstånd | marknadsföringsförbud | nyhetsbrev | do not mail | do not email |
    peruutettu | peruttu
"""


def _read_words(text: str) -> dict[str, Target]:
    """The table above: a line at the margin names what the titles in the indented lines after it hold."""
    found: dict[str, Target] = {}
    target = Target(Field.NOTHING)
    for line in text.splitlines():
        if line.startswith(" "):
            found |= {word.strip(): target for word in line.split("|") if word.strip()}
        elif line:
            target = Target.read(line)
    return found


VOCABULARY = _read_words(WORDS)

NUMBERED = re.compile(r"(email|phone|address|organization|website|im|event|relation|custom field) (\d+) (.+)")
GOOGLE_ADDRESS = {
    "label": Field.ADDRESS_LABEL,
    "type": Field.ADDRESS_LABEL,
    "formatted": Field.FORMATTED_ADDRESS,
    "street": Field.STREET,
    "city": Field.CITY,
    "po box": Field.EXTRA,
    "extended address": Field.EXTRA,
    "region": Field.REGION,
    "postal code": Field.POSTAL_CODE,
    "country": Field.COUNTRY,
}
GOOGLE_VALUE = {
    "email": {"label": Field.EMAIL_LABEL, "type": Field.EMAIL_LABEL, "value": Field.EMAIL},
    "phone": {"label": Field.PHONE_LABEL, "type": Field.PHONE_LABEL, "value": Field.PHONE},
    "address": GOOGLE_ADDRESS,
    "organization": {"name": Field.COMPANY, "title": Field.TITLE, "department": Field.DEPARTMENT},
}


def target_of(title: str) -> Target | None:
    """What a column of this title holds, judged by the title alone."""
    text = normal(title)
    if match := NUMBERED.fullmatch(text):
        found = GOOGLE_VALUE.get(match[1], {}).get(match[3])
        if found:
            return Target(found, "", 0 if match[1] == "organization" and match[2] == "1" else int(match[2]))
    if text in VOCABULARY:
        return VOCABULARY[text]
    kinds = [KIND_OF[word] for word in text.split() if word in KIND_OF]
    numbers = [int(word) for word in text.split() if word.isascii() and word.isdigit() and len(word) < 3]
    rest = " ".join(word for word in text.split() if word not in KIND_OF and not word.isdigit())
    found_target = VOCABULARY.get(rest)
    if found_target is None:
        return None
    number = numbers[0] if numbers else 0
    if found_target.field is Field.STREET and number > 1:
        return Target(Field.EXTRA, found_target.kind or (kinds or [""])[0])
    if found_target.field in PLACE or found_target.field in (Field.NOTE, Field.TAGS):
        number = 0
    kind = found_target.kind or (kinds[0] if kinds else "")
    return Target(found_target.field, kind, number)


def recognised(header: list[str]) -> int:
    """How many titles of a row are known; the row with most of them is the header."""
    return sum(target_of(title) is not None for title in header if title.strip())
