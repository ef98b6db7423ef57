"""Passwords: how they are hashed and which are refused. Length counts, composition rules do not (NIST SP 800-63B)."""

from __future__ import annotations

import re
from itertools import pairwise

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MINIMUM = 15
MAXIMUM = 256
FEW_CHARACTERS = 6
"""With fewer different characters than this, length is not strength."""
KEYBOARD = ("qwertyuiopå", "asdfghjklöä", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyzåäö")


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB: 25 ms a password, and fifty sign-ins at once stay within a gigabyte.

    Django's default takes 100 MiB each, which lets strangers exhaust the memory (OWASP's second choice).
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


class MaximumLength:
    """Longer passwords are refused aloud, never cut."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > MAXIMUM:
            raise ValidationError(
                _("The password is too long: at most %(n)d characters.") % {"n": MAXIMUM}, code="too_long"
            )

    def get_help_text(self) -> str:
        return _("At most %(n)d characters.") % {"n": MAXIMUM}


class NotGuessable(CommonPasswordValidator):
    """Refuses long passwords that are guessed all the same: repetitions, runs of keys, common words padded.

    Shorter ones are refused for their length already.
    """

    def validate(self, password: str, user: object = None) -> None:
        plain = password.casefold()
        if len(plain) < MINIMUM:
            return
        if is_monotonous(plain) or is_run(plain) or self._is_padded(plain):
            raise ValidationError(
                _(
                    "This password is easy to guess. Four or five words that do not belong together are better."
                ),
                code="guessable",
            )

    def get_help_text(self) -> str:
        return _("At least %(n)d characters: for example four or five words that do not belong together.") % {
            "n": MINIMUM
        }

    def _is_padded(self, password: str) -> bool:
        """A common password, possibly repeated, with digits and punctuation around it."""
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)
        block = re.fullmatch(r"(.+?)\1*", core)
        return bool(block) and (core in self.passwords or block[1] in self.passwords)  # type: ignore[index]


def is_monotonous(password: str) -> bool:
    """Few different characters, or a short piece said over and over."""
    return len(set(password)) < FEW_CHARACTERS or bool(re.fullmatch(r"(.{1,8}?)\1+.{0,7}", password))


def is_run(password: str) -> bool:
    """Mostly neighbours on the keyboard or in the alphabet: qwertyuiop12345."""
    steps = [_neighbours(one, other) for one, other in pairwise(password)]
    return sum(steps) > 0.7 * len(steps)


def _neighbours(one: str, other: str) -> bool:
    return any(one + other in row or other + one in row for row in KEYBOARD)
