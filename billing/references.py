"""The numbers a payer copies: viitenumero, RF creditor reference and account number.

Sources: the banks' guide on reference numbers (Kotimaisen viitteen rakenneohje) and ISO 11649.
python-stdnum knows no viitenumero. Its ``iso11649`` reads RF references too kindly for money: it ignores
``/``, ``:``, ``,`` and ``.``, lets letters and the impossible values 00, 01 and 99 stand as check digits and
counts non-ASCII digits; so only its modulo arithmetic is used. schwifty does account numbers right.
"""

import re
from itertools import cycle
from operator import mul

import schwifty
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.iso7064 import mod_97_10

LONGEST_NATIONAL = 20
SHORTEST_MADE = 4

_WEIGHTS = (7, 3, 1)
_DIGITS = re.compile(r"[0-9]+")
_RF = re.compile(r"RF([0-9]{2})([A-Z0-9]{1,21})")
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")


class InvalidReference(ValueError):
    """What was typed is no reference number. The text says why and repeats nothing of what was typed."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)


def check_digit(base: str) -> str:
    """The viitenumero's last digit: weights 7, 3, 1 from the right, complemented to ten."""
    total = sum(map(mul, map(int, reversed(base)), cycle(_WEIGHTS)))
    return str(-total % 10)


def make(base: int | str) -> str:
    """A viitenumero of 4–20 digits without leading zeros. Never build the base from an identity code."""
    digits = str(base)
    if not _DIGITS.fullmatch(digits) or digits.startswith("0"):
        raise InvalidReference(_("A reference number is made from digits that do not begin with a zero."))
    if not SHORTEST_MADE <= len(digits) + 1 <= LONGEST_NATIONAL:
        raise InvalidReference(_("A reference number is made from 3 to 19 digits."))
    return digits + check_digit(digits)


def make_rf(reference: str) -> str:
    """The RF creditor reference (ISO 11649) that carries this viitenumero."""
    national = check(reference)
    if national.startswith("RF"):
        return national
    return f"RF{_rf_check_digits(national)}{national}"


def like(reference: str, other: str) -> str:
    """The reference in the form of another one: RF where that is RF."""
    return make_rf(reference) if is_rf(other) else reference


def check(text: str) -> str:
    """The reference as it travels to the bank: no spaces, no padding zeros.

    Raises InvalidReference. Accepts a viitenumero of 2–20 significant digits (banks' own samples hold ``13``)
    and any RF reference, also one whose body is no viitenumero.
    """
    compact = _SPACES.sub("", text).upper()
    if compact.startswith("RF"):
        return _check_rf(compact)
    return _check_national(compact)


def is_valid(text: str) -> bool:
    try:
        check(text)
    except InvalidReference:
        return False
    return True


def is_rf(reference: str) -> bool:
    return reference.lstrip()[:2].upper() == "RF"


def matching_key(text: str) -> str | None:
    """What equal references have in common: ``13``, ``0013``, ``RF4113`` and ``RF410013`` are one.

    None for a reference that fails its check: banks do deliver such, and a person must match them.
    """
    try:
        reference = check(text)
    except InvalidReference:
        return None
    return reference[4:] if reference.startswith("RF") else reference


def print_format(reference: str) -> str:
    """As printed: viitenumero in fives from the right, RF reference in fours from the left."""
    canonical = check(reference)
    if canonical.startswith("RF"):
        return " ".join(canonical[start : start + 4] for start in range(0, len(canonical), 4))
    first = len(canonical) % 5
    groups = [canonical[:first]] + [canonical[start : start + 5] for start in range(first, len(canonical), 5)]
    return " ".join(group for group in groups if group)


def written(reference: str) -> str:
    """As printed; one that fails its check as it came."""
    return print_format(reference) if is_valid(reference) else reference


def print_account(iban: str) -> str:
    """An account number in fours: ``FI21 1234 5600 0007 85``. Raises schwifty's SchwiftyException."""
    return schwifty.IBAN(iban).formatted


def _check_national(compact: str) -> str:
    if not _DIGITS.fullmatch(compact):
        raise InvalidReference(_("A reference number has digits only, or begins with RF."))
    significant = compact.lstrip("0")
    if not 2 <= len(significant) <= LONGEST_NATIONAL:
        raise InvalidReference(_("A reference number has at most 20 digits."))
    if check_digit(significant[:-1]) != significant[-1]:
        raise InvalidReference(_("The reference number's check digit does not fit: a digit is mistyped."))
    return significant


def _check_rf(compact: str) -> str:
    parts = _RF.fullmatch(compact)
    if parts is None:
        raise InvalidReference(_("An RF reference has two check digits and at most 21 letters and digits."))
    body = parts[2].lstrip("0")
    if not body or _rf_check_digits(body) != parts[1]:
        raise InvalidReference(_("The RF reference's check digits do not fit: a character is mistyped."))
    return f"RF{parts[1]}{body}"


def _rf_check_digits(body: str) -> str:
    return mod_97_10.calc_check_digits(body + "RF")
