"""Tables as other programs write them, and what tests ask of how they are read."""

from __future__ import annotations

from customers.importing import reading
from customers.importing.records import ContactRecord, ReadResult

FINNISH = (
    "Yritys;Y-tunnus;Etunimi;Sukunimi;Titteli;Sähköposti;Puhelin;Katuosoite;Postinumero;Postitoimipaikka;Kieli;"
    "Markkinointilupa;Lisätiedot\r\n"
    "Törmälän Leipä Oy;2077474-0;Päivi;Mäkelä;toimitusjohtaja;paivi@example.fi;040 123 4567;Hämeenkatu 1 A;"
    '00100;Helsinki;suomi;ei;"Soittaa ""aina""\r\nmaanantaisin; ei perjantaisin"\r\n'
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Organization Name,Organization Title,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,"
    "Address 1 - Country,Website 1 - Label,Website 1 - Value\n"
    "Ada,Maria,Laine,Laine Oy,johtaja,1970-01-01,hei,https://example.fi/p.jpg,Asiakas ::: * myContacts,"
    "* Work,ada@example.fi,Mökki,a@example.fi ::: b@example.fi,Mobile,0401234567 ::: 0501234567,"
    'Work,"Katu 1\n20100 Turku\nSuomi",Katu 1,Turku,20100,Suomi,,www.example.fi\n'
)


def read(text: str | bytes, encoding: str = "utf-8") -> ReadResult:
    return reading.read(text if isinstance(text, bytes) else text.encode(encoding), "contacts.csv")


def one(text: str | bytes, encoding: str = "utf-8") -> ContactRecord:
    result = read(text, encoding)
    assert len(result.records) == 1, result.problems
    return result.records[0]


def codes(found: ContactRecord | ReadResult) -> set[str]:
    return {problem.code for problem in found.problems}


def emails(record: ContactRecord) -> list[str]:
    return [email.value for email in record.emails]
