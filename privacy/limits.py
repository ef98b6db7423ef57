"""How often one network address, or one e-mail address, may ask: counted by all web processes together.

Each allowed attempt takes one of a fixed number of slots that become free again after a while; taking a slot
is one atomic act of the cache, so parallel requests cannot squeeze through.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Limit:
    """So many attempts in so many seconds."""

    name: str
    most: int
    seconds: int

    def allows(self, who: str) -> bool:
        """Take a slot for somebody, known by a keyed hash only; False when none is free."""
        code = hmac.new(settings.SECRET_KEY.encode(), f"{self.name}|{who}".encode(), hashlib.sha256)
        key = f"limit|{self.name}|{code.hexdigest()}"
        return any(cache.add(f"{key}|{slot}", 1, self.seconds) for slot in range(self.most))


FORM_BY_NETWORK = Limit("request form, network", most=20, seconds=3600)
FORM_BY_ADDRESS = Limit("request form, address", most=5, seconds=24 * 3600)
CODE_BY_LINK = Limit("code, link", most=5, seconds=3600)
CASE_BY_LINK = Limit("case, link", most=10, seconds=24 * 3600)
WRONG_LINKS = Limit("wrong link, network", most=30, seconds=3600)


def network_address(request: HttpRequest) -> str:
    """Where a request came from, behind the reverse proxies that the settings say to trust."""
    hops = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return passed[-hops] if hops and len(passed) >= hops else str(request.META.get("REMOTE_ADDR", ""))
