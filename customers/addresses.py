"""E-mail addresses: what is one, when two are the same, and how one is shown and sent to.

An address is kept as typed; it is compared (doubles, suppression) by its canonical form: the whole of it in
lower case, the domain in its ASCII form (IDNA 2008 with the UTS 46 mapping). `A.B+x@EXAMPLE.fi` is
`a.b+x@example.fi` but not `a.b@example.fi`: what follows a plus, and dots, belong to the mailbox's owner,
not to us.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import idna
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register import finnish

LOCAL_LIMIT = 64
"""Octets before the @ (RFC 5321, 4.5.3.1.1)."""

ADDRESS_LIMIT = 254
"""Octets of a whole address (RFC 5321, 4.5.3.1.3, less the angle brackets)."""

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
DOT_ATOM = re.compile(rf"{ATOM}(?:\.{ATOM})*")
QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"')
IN_BRACKETS = re.compile(
    r'(?P<name>(?:[^<>"]|"(?:[^"\\]|\\.)*")*)<(?P<address>(?:[^<>"]|"(?:[^"\\]|\\.)*")*)>'
)
COMMENTS = re.compile(r"\A(?:\([^()]*\)\s*)+|(?:\s*\([^()]*\))+\Z")
ASCII_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")

ROLE_WORDS = """
asiakaspalvelu asiakaspalvelut avoimet hallinto henkilosto huolto ilmoitukset kassa kirjaamo kirjanpito
lasku laskut laskutus markkinointi myynti myyntireskontra neuvonta osto ostolaskut ostoreskontra ostot
palaute palkanlaskenta palvelu rekry rekrytointi reskontra sihteeri sisaanosto talous taloushallinto
tiedotus tietosuoja tilaukset tilaus toimisto tuki varaukset varaus verkkokauppa viestinta yhteys yllapito
bokning ekonomi faktura fakturor forsaljning inkop kansli kontakt kontoret kundservice kundtjanst lager
order personal reklam stod styrelsen
abuse accounting accounts admin administration billing booking bookings contact customerservice enquiries
feedback finance ftp hello help helpdesk hostmaster hr info information inquiries invoice invoices invoicing
it jobs legal mail mailer-daemon marketing news newsletter no-reply noc noreply office orders payroll
postmaster press privacy purchase purchasing reception recruitment registry root sales security service
support team usenet uucp web webmaster www
"""
ROLES = frozenset(ROLE_WORDS.split())
"""Local parts that are a duty: Finnish, Swedish, English, RFC 2142; without dots and rings."""

PARTS_OF_ROLES = re.compile(
    r"(?:^|[._-])(asiakaspalvelu|faktura|info|invoices?|laskutus|myynti|noreply|ostolaskut)(?:$|[._-])"
)
"""Words that make a role address also as a part: info.helsinki@, myynti-turku@, ostolaskut.fi@."""


class WrongAddress(ValueError):
    """The text is not an e-mail address."""

    message: Promise | str = _("This is not an e-mail address.")

    def __init__(self) -> None:
        super().__init__(self.message)


class LocalPartNotAscii(WrongAddress):
    """An address such as väinö@… is well formed (RFC 6531), but cannot be reached without SMTPUTF8."""

    message = _("Mail cannot be sent to an address with letters such as ä or ö before the @ sign.")


class WrongDomain(WrongAddress):
    """What follows the @ cannot be a domain name."""

    message = _("What follows the @ sign is not a domain name.")


class AddressTooLong(WrongAddress):
    """Longer than mail can carry: 64 characters before the @, 254 in all."""

    message = _("The e-mail address is too long.")


@dataclass(frozen=True, slots=True)
class EmailAddress:
    as_typed: str
    """The address itself, as written, without a name or angle brackets around it."""
    canonical: str
    """What two addresses are compared by."""
    ascii_domain: str
    display: str
    """For people: as typed before the @, the domain in its own letters after it."""
    name: str = ""
    """The name that stood before `<address>`, if any."""

    @property
    def for_sending(self) -> str:
        """What goes to the mail server: the local part as typed, the domain in ASCII."""
        return f"{self.as_typed.rpartition('@')[0]}@{self.ascii_domain}"

    @property
    def is_role(self) -> bool:
        return is_role_address(self.canonical)

    @property
    def is_doubtful(self) -> bool:
        """Well formed, but nothing on the public internet: no dot in the domain, or numbers for a country."""
        __, dot, last = self.ascii_domain.rpartition(".")
        return not dot or last.isdigit()


COMMON = re.compile(
    r"([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@((?!xn--)[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?"
    r"(?:\.(?!xn--)[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?)*)"
)
"""Plain addresses with a lower-case domain, nearly all there are: read without the rules for the others."""


def parse(text: str) -> EmailAddress:
    """The address in the text: bare, as `Name <address>`, after `mailto:`, or with a comment at either end.

    Raises WrongAddress or one of its kinds; never an error that repeats the address.
    """
    match = COMMON.fullmatch(text) if len(text) <= LOCAL_LIMIT else None
    if match:
        return EmailAddress(text, text.lower(), match[2], text)
    name, address = _unwrapped(text)
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise WrongAddress
    plain_local = _local(local)
    ascii_domain = _ascii(domain)
    if len(local) > LOCAL_LIMIT or len(local) + 1 + len(ascii_domain) > ADDRESS_LIMIT:
        raise AddressTooLong
    return EmailAddress(
        as_typed=address,
        canonical=f"{plain_local.lower()}@{ascii_domain}",
        ascii_domain=ascii_domain,
        display=f"{local}@{_unicode(ascii_domain)}",
        name=name,
    )


def _unwrapped(text: str) -> tuple[str, str]:
    """The name beside the address, and the address."""
    try:
        text = finnish.clean_line(text, limit=2 * ADDRESS_LIMIT)
    except finnish.TextTooLong:
        raise AddressTooLong from None
    except finnish.UnreadableText:
        raise WrongAddress from None
    if match := IN_BRACKETS.fullmatch(text):
        name = re.sub(r"\\(.)", r"\1", match["name"].strip().strip('"'))
        return name.strip(), match["address"].strip()
    text = COMMENTS.sub("", text)
    return "", re.sub(r"\Amailto:", "", text, flags=re.IGNORECASE)


def _local(local: str) -> str:
    """The local part, without quotation marks that it does not need."""
    if local.startswith('"'):
        if not QUOTED.fullmatch(local):
            raise WrongAddress
        inner = re.sub(r"\\(.)", r"\1", local[1:-1])
        if not inner:
            raise WrongAddress
        if not inner.isascii():
            raise LocalPartNotAscii
        return inner if DOT_ATOM.fullmatch(inner) else '"' + re.sub(r'(["\\])', r"\\\1", inner) + '"'
    if DOT_ATOM.fullmatch(local):
        return local
    if not local.isascii() and DOT_ATOM.fullmatch("".join("x" if _is_letter(one) else one for one in local)):
        raise LocalPartNotAscii
    raise WrongAddress


def _is_letter(character: str) -> bool:
    """Whether this is a character from outside ASCII that may stand in a local part (RFC 6531)."""
    return not character.isascii() and unicodedata.category(character)[0] in "LMNS"


@lru_cache(maxsize=10_000)
def _ascii(domain: str) -> str:
    """The domain in lower-case ASCII; raises WrongDomain."""
    try:
        labels = idna.uts46_remap(domain, std3_rules=False, transitional=False).split(".")
        ascii_domain = ".".join(map(_ascii_label, labels))
    except (idna.IDNAError, UnicodeError):
        raise WrongDomain from None
    if len(ascii_domain) > ADDRESS_LIMIT:
        raise AddressTooLong
    return ascii_domain


def _ascii_label(label: str) -> str:
    if label.isascii() and not label.startswith("xn--"):
        if not ASCII_LABEL.fullmatch(label):
            raise WrongDomain
        return label
    if label.isascii():
        idna.ulabel(label)
        return label
    return idna.alabel(label).decode("ascii")


@lru_cache(maxsize=10_000)
def _unicode(ascii_domain: str) -> str:
    return ".".join(
        idna.ulabel(label) if label.startswith("xn--") else label for label in ascii_domain.split(".")
    )


def is_role_address(address: str) -> bool:
    """Whether the address belongs to a duty (info@, laskutus@), so that no single person consents by it."""
    local = address.rpartition("@")[0].casefold().partition("+")[0]
    folded = finnish.bare(local)
    return folded in ROLES or bool(PARTS_OF_ROLES.search(folded))
