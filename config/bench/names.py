"""Plausible Finnish people and companies without end, the same ones every time.

Common names are common: weights follow the population register's name statistics roughly. Addresses of mail end
in `.example` (RFC 2606), so that nothing made here can ever be mailed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from register.finnish import SECOND_LEVEL, sort_key

FAMILY = (
    "Korhonen 22 Virtanen 22 Mäkinen 20 Nieminen 20 Mäkelä 18 Hämäläinen 18 Laine 18 Heikkinen 17 Koskinen 17 "
    "Järvinen 16 Lehtonen 16 Lehtinen 15 Saarinen 15 Salminen 15 Heinonen 15 Niemi 14 Heikkilä 14 Kinnunen 13 "
    "Salonen 13 Turunen 13 Salo 13 Laitinen 13 Tuominen 12 Rantanen 12 Karjalainen 12 Jokinen 12 Mattila 11 "
    "Savolainen 11 Lahtinen 10 Ahonen 10 Ojala 9 Leppänen 9 Väisänen 9 Hiltunen 9 Kallio 9 Miettinen 9 Leinonen 9 "
    "Pitkänen 9 Aaltonen 9 Manninen 8 Hakala 8 Koivisto 8 Anttila 8 Laaksonen 8 Hirvonen 8 Lehto 8 Räsänen 8 "
    "Toivonen 7 Mustonen 7 Aalto 7 Rantala 7 Partanen 7 Peltonen 7 Seppälä 7 Moilanen 7 Hänninen 7 Vainio 7 "
    "Lappalainen 7 Kettunen 7 Kauppinen 7 Pesonen 7 Salmi 7 Kemppainen 7 Nurmi 6 Peltola 6 Huttunen 6 Oksanen 6 "
    "Kärkkäinen 6 Koskela 6 Nurminen 6 Suominen 6 Harju 6 Ikonen 6 Halonen 6 Eskelinen 6 Immonen 5 Karppinen 5 "
    "Kuusisto 5 Nyman 5 Lindholm 5 Lindström 5 Johansson 5 Andersson 4 Karlsson 4 Nyberg 4 Wikström 3 Åberg 3 "
    "Öhman 3 Wirtanen 2 Sjöberg 3 Ylönen 4 Yli-Hietanen 1 Ala-Kokko 1 Äijälä 1 Österman 2 Hyvärinen 5 Kokkonen 5 "
    "Rautiainen 5 Vuorinen 5 Määttä 5 Tolonen 4 Jääskeläinen 4 Ruotsalainen 4 Kokko 4 Penttilä 4 Sillanpää 4"
)
GIVEN = (
    "Juha 18 Timo 17 Matti 16 Kari 15 Mikko 15 Jari 14 Antti 14 Jukka 13 Mika 13 Markku 12 Pekka 12 Hannu 12 "
    "Heikki 11 Seppo 11 Janne 10 Ari 10 Sami 10 Ville 10 Marko 10 Petri 10 Lauri 9 Erkki 8 Jorma 8 Teemu 8 Harri 8 "
    "Eero 8 Jani 8 Olli 7 Tuomas 7 Joni 7 Väinö 5 Yrjö 3 Åke 1 Björn 1 Göran 1 Onni 5 Leevi 4 Eetu 5 Aleksi 6 "
    "Tuula 16 Anne 15 Päivi 14 Anna 14 Ritva 13 Leena 12 Pirjo 12 Sari 12 Minna 12 Marja 11 Tiina 11 Riitta 11 "
    "Tarja 10 Pirkko 10 Seija 9 Eila 8 Maria 10 Kirsi 9 Laura 9 Hanna 9 Johanna 9 Jaana 8 Heidi 8 Elina 8 Sanna 8 "
    "Satu 8 Merja 8 Katja 7 Jenni 7 Kaisa 6 Noora 5 Emma 6 Aino 6 Venla 4 Hilkka 4 Äiti-Liisa 1 Åsa 1 Gunilla 1"
)
STREETS = (
    "Koivukatu Kauppakatu Keskuskatu Asemakatu Kirkkokatu Koulukatu Rantatie Mäntytie Kuusitie Pihlajatie Puistokatu "
    "Hämeenkatu Vaasankatu Satamakatu Torikatu Rautatienkatu Myllytie Peltotie Niittytie Metsätie Teollisuustie "
    "Yrittäjäntie Sepänkatu Linnankatu Aleksanterinkatu Mannerheimintie Järvitie Harjukatu Kalevankatu Väinölänkatu"
).split()
TOWNS = (
    ("00100", "Helsinki", 30), ("00500", "Helsinki", 20), ("02100", "Espoo", 22), ("01300", "Vantaa", 18),
    ("33100", "Tampere", 20), ("90100", "Oulu", 16), ("20100", "Turku", 15), ("40100", "Jyväskylä", 12),
    ("15110", "Lahti", 9), ("70100", "Kuopio", 9), ("28100", "Pori", 7), ("45100", "Kouvola", 6),
    ("80100", "Joensuu", 6), ("53100", "Lappeenranta", 6), ("13100", "Hämeenlinna", 5), ("65100", "Vaasa", 5),
    ("60100", "Seinäjoki", 5), ("96100", "Rovaniemi", 5), ("50100", "Mikkeli", 4), ("06100", "Porvoo", 4),
    ("22100", "Mariehamn", 2), ("87100", "Kajaani", 3), ("10600", "Tammisaari", 1), ("99800", "Ivalo", 1),
)  # fmt: skip
TRADES = (
    "Kone Rakennus Sähkö LVI Kuljetus Siivous Tilitoimisto Konsultointi Kahvila Ravintola Kampaamo Autokorjaamo Metsä "
    "Maalaus Puutarha Ohjelmisto Suunnittelu Kiinteistö Hoiva Hieronta Painatus Verstas Paja Leipomo Kala Tukku"
).split()
FORMS = ("Oy", "Oy", "Oy", "Oy", "Oy", "Ky", "Tmi", "Ab", "ry", "Oyj")
PREFIXES = ("040", "041", "044", "045", "046", "050", "0400", "09", "014", "03")
POSTBOXES = ("posti", "suomi-mail", "kotiposti", "netti")
PLAIN = str.maketrans("åäöÅÄÖ", "aaoAAO", "- ")


def weighted(text: str) -> tuple[list[str], list[int]]:
    """Words and their cumulated weights."""
    words = text.split()
    return words[::2], list(accumulate(int(weight) for weight in words[1::2]))


FAMILIES, FAMILY_WEIGHTS = weighted(FAMILY)
GIVENS, GIVEN_WEIGHTS = weighted(GIVEN)
TOWN_WEIGHTS = list(accumulate(weight for *_, weight in TOWNS))


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody with a name, a mailbox and a telephone."""

    given: str
    family: str
    key: str
    email: str
    phone: str
    e164: str


@dataclass(frozen=True, slots=True)
class Party:
    """A customer: a company with those who represent it, or one human being."""

    company: bool
    name: str
    key: str
    business_id: str
    street: str
    postal_code: str
    city: str
    people: tuple[Human, ...]


def parties(count: int, *, seed: int = 20261122) -> Iterator[Party]:
    """`count` customers, 35 % of them companies; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - made-up names, no secrets
    ids = business_ids()
    for number in range(1, count + 1):
        company = chance.random() < 0.35
        postal_code, city, _weight = chance.choices(TOWNS, cum_weights=TOWN_WEIGHTS)[0]
        street = f"{chance.choice(STREETS)} {chance.randrange(1, 120)}"
        if company:
            name, domain = company_name(chance)
            staff = 2 if chance.random() < 0.3 else 1
            people = tuple(human(chance, number, f"{domain}{number}.example") for _ in range(staff))
            yield Party(True, name, sort_key(name), next(ids), street, postal_code, city, people)
        else:
            one = human(chance, number, f"{chance.choice(POSTBOXES)}.example")
            name = f"{one.given} {one.family}"
            yield Party(False, name, one.key, "", f"{street} A {number % 60 + 1}", postal_code, city, (one,))


def human(chance: random.Random, number: int, domain: str) -> Human:
    given = chance.choices(GIVENS, cum_weights=GIVEN_WEIGHTS)[0]
    family = chance.choices(FAMILIES, cum_weights=FAMILY_WEIGHTS)[0]
    if chance.random() < 0.04:
        family += "-" + chance.choices(FAMILIES, cum_weights=FAMILY_WEIGHTS)[0]
    mailbox = f"{given}.{family}".translate(PLAIN).lower()
    prefix = chance.choice(PREFIXES)
    rest = f"{chance.randrange(10_000_000):07d}"
    return Human(
        given,
        family,
        both_keys(family, given),
        f"{mailbox}{number}@{domain}",
        f"{prefix} {rest[:3]} {rest[3:]}",
        f"+358{prefix[1:]}{rest}",
    )


def company_name(chance: random.Random) -> tuple[str, str]:
    """A company's name and the beginning of its domain."""
    owner = chance.choices(FAMILIES, cum_weights=FAMILY_WEIGHTS)[0]
    trade = chance.choice(TRADES)
    form = chance.choice(FORMS)
    name = f"{trade} {owner} {form}" if chance.random() < 0.5 else f"{owner}n {trade} {form}"
    return name, f"{trade}-{owner}".translate(PLAIN).lower()


_keys: dict[str, str] = {}


def both_keys(first: str, second: str) -> str:
    """The sort key of two names: their keys side by side where neither has accents, else made as a whole."""
    keys = [_keys.get(name) or _keys.setdefault(name, sort_key(name)) for name in (first, second)]
    if any(SECOND_LEVEL in key for key in keys):
        return sort_key(f"{first} {second}")
    return " ".join(keys)


WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def business_ids() -> Iterator[str]:
    """Business IDs with right check digits, none twice."""
    for number in range(1_000_001, 9_999_999, 7):
        digits = f"{number:07d}"
        rest = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11
        if rest != 1:
            yield f"{digits}-{0 if rest == 0 else 11 - rest}"
