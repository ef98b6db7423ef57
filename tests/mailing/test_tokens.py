"""The stop token: 48 characters, nobody else can make one, and no change of key makes an old one useless."""

from __future__ import annotations

import base64
import random
import statistics
import time
from typing import Any

import pytest

from customers import addresses
from mailing import hashes, headers, tokens

ADDRESS = "aino.virtanen@example.fi"


def test_a_token_has_48_characters_and_holds_no_address() -> None:
    token = tokens.make(ADDRESS, topic=7)
    assert len(token) == 48
    raw = base64.urlsafe_b64decode(token)
    assert len(raw) == 36
    assert b"aino" not in raw
    assert raw[0] == tokens.VERSION
    assert int.from_bytes(raw[2:4], "big") == 7
    assert raw[4:20] == hashes.of(ADDRESS)


def test_a_token_says_its_topic_and_the_hash_of_its_address() -> None:
    assert tokens.read(tokens.make(ADDRESS, topic=7)) == tokens.Stop(7, hashes.of(ADDRESS))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A.B+x@EXAMPLE.fi", "a.b+x@example.fi"),
        ("  aino@example.fi ", "aino@example.fi"),
        ("asiakas@käyttäjä.fi", "asiakas@xn--kyttj-gradb.fi"),
    ],
)
def test_the_same_address_written_differently_has_the_same_hash(one: str, other: str) -> None:
    assert hashes.of(one) == hashes.of(other)


def test_look_alike_addresses_have_different_hashes() -> None:
    assert hashes.of("ann@firma.fi") != hashes.of("joann@firma.fi")
    assert hashes.of("a.b+x@example.fi") != hashes.of("a.b@example.fi")


def test_what_is_no_address_gets_no_token() -> None:
    with pytest.raises(addresses.WrongAddress):
        tokens.make("not an address", topic=1)


def test_one_changed_bit_anywhere_is_noticed() -> None:
    raw = base64.urlsafe_b64decode(tokens.make(ADDRESS, topic=7))
    for position in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[position // 8] ^= 1 << position % 8
        assert tokens.read(base64.urlsafe_b64encode(bytes(changed)).decode()) is None


@pytest.mark.parametrize(
    "broken", ["", "A" * 48, "cut", "doubled", "slash", "padding", "space", "newline", "ä" * 48, "\0" * 48]
)
def test_cut_doubled_and_foreign_tokens_are_refused(broken: str) -> None:
    good = tokens.make(ADDRESS, topic=7)
    token = {
        "cut": good[:-1],
        "doubled": good * 2,
        "slash": good[:-1] + "/",
        "padding": good + "=",
        "space": " " + good,
        "newline": good + "\n",
    }.get(broken, broken)
    assert tokens.read(good) is not None
    assert tokens.read(token) is None


def test_a_hundred_thousand_random_tokens_hit_nothing() -> None:
    dice = random.Random(1)
    for _ in range(100_000):
        assert tokens.read(base64.urlsafe_b64encode(dice.randbytes(36)).decode()) is None


def test_a_token_survives_two_changes_of_key(settings: Any) -> None:
    token, code = tokens.make(ADDRESS, topic=7), hashes.of(ADDRESS)
    first = settings.REGISTER_LINK_KEY
    settings.REGISTER_LINK_KEY, settings.REGISTER_OLD_LINK_KEYS = "second key", [first]
    assert tokens.read(token) == tokens.Stop(7, code)
    settings.REGISTER_LINK_KEY, settings.REGISTER_OLD_LINK_KEYS = "third key", ["second key", first]
    assert tokens.read(token) == tokens.Stop(7, code)
    assert tokens.make(ADDRESS, topic=7) != token


def test_a_token_of_a_key_that_was_never_ours_is_refused(settings: Any) -> None:
    settings.REGISTER_LINK_KEY = "somebody else's key"
    token = tokens.make(ADDRESS, topic=7)
    settings.REGISTER_LINK_KEY = "our key"
    assert tokens.read(token) is None


def test_an_address_is_recognised_by_its_hash_under_an_earlier_key(settings: Any) -> None:
    earlier = hashes.of(ADDRESS)
    old = settings.REGISTER_ADDRESS_KEY
    settings.REGISTER_ADDRESS_KEY, settings.REGISTER_OLD_ADDRESS_KEYS = "new key", [old]
    assert hashes.of(ADDRESS) != earlier
    assert earlier in hashes.every(ADDRESS)


def test_a_forged_token_takes_as_long_as_a_good_one() -> None:
    good = tokens.make(ADDRESS, topic=7)
    forged = good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB")

    def took(token: str) -> float:
        times = []
        for _ in range(400):
            start = time.perf_counter()
            tokens.read(token)
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    ratios = [took(forged) / took(good) for _ in range(5)]
    assert 0.5 < statistics.median(ratios) < 2


def test_mails_carry_one_https_uri_and_the_one_click_field(settings: Any) -> None:
    settings.SITE_URL, settings.HTTPS = "https://rekisteri.example.fi", True
    token = "T" * 48
    assert headers.unsubscribe(token, mailbox="peru@example.fi") == {
        "List-Unsubscribe": f"<https://rekisteri.example.fi/u/{token}>, <mailto:peru+{token}@example.fi>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_without_https_no_one_click_is_promised(settings: Any) -> None:
    settings.SITE_URL, settings.HTTPS = "http://localhost:8000", False
    assert headers.unsubscribe("T" * 48) == {"List-Unsubscribe": f"<http://localhost:8000/u/{'T' * 48}>"}
