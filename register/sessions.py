"""Sessions in the auth login's table: hashed keys, sealed contents, ended by idleness, age or anybody's wish.

What is stored cannot be replayed: the cookie's key is looked up by its SHA-256. Idle after 30 minutes, over
after 12 hours, by the database's clock. A request touches its row at most once a minute.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, connections, transaction
from django.db.models.functions import Now
from django.http import HttpRequest  # noqa: TID253

from register.accounts.models import ABSOLUTE, IDLE
from register.sealing import BrokenSeal, seal, unseal

if TYPE_CHECKING:
    from register.models import User

BROWSER = "browser"
"""Where in a session the browser's coarse name is kept."""
TOUCH = timedelta(seconds=60)
PURPOSE = "session"
USER_FIELDS = (
    "id", "email", "name", "role", "language", "is_active", "invited_by_id", "joined_at", "closed_at", "password",
    "last_login",
)  # fmt: skip

# The session, whose it is and the name over every page: asked by each request of the staff, so in one round trip.
LOAD = """
SELECT s.data, s.last_seen_at < statement_timestamp() - %(touch)s AS unused,
       (SELECT name FROM register_registrar) AS company,
       u.id, u.email, u.name, u.role, u.language, u.is_active, u.invited_by_id, u.joined_at, u.closed_at, u.password,
       u.last_login
  FROM register_session s LEFT JOIN register_user u ON u.id = s.user_id
 WHERE s.key_hash = %(key)s
   AND s.last_seen_at > statement_timestamp() - %(idle)s AND s.created_at > statement_timestamp() - %(age)s
"""


class SessionStore(SessionBase):
    """Django's session store over register.Session."""

    company: str | None = None
    """The registrar's name, when the session was loaded by this request and there is a registrar."""
    _user: User | None = None

    def load(self) -> dict[str, Any]:
        with connections["default"].cursor() as cursor:
            wanted: Any = {"key": hashed(self.session_key), "idle": IDLE, "age": ABSOLUTE, "touch": TOUCH}
            cursor.execute(LOAD, wanted)
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        data, unused, self.company, *values = row
        if values[0] is not None:
            self._user = _user(values)
        if unused:
            _sessions().alive().filter(key_hash=hashed(self.session_key)).update(last_seen_at=Now())
        return self.decode(data)

    def take_user(self) -> User | None:
        """Who has signed in, as he stood in his table when the session was loaded; None a second time."""
        user, self._user = self._user, None
        return user

    def exists(self, session_key: str) -> bool:
        return _sessions().filter(key_hash=hashed(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        contents = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        values = {
            "data": self.encode(contents),
            "user_id": contents.get(USER_KEY),
            "browser": str(contents.get(BROWSER, ""))[:60],
        }
        if must_create:
            self._insert(values)
        elif not _sessions().filter(key_hash=hashed(self.session_key)).update(last_seen_at=Now(), **values):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            _sessions().filter(key_hash=hashed(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        _sessions().over().delete()

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(json.dumps(session_dict), purpose=PURPOSE)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            return dict(json.loads(unseal(str(session_data), purpose=PURPOSE)))
        except BrokenSeal:
            return {}

    def _insert(self, values: dict[str, Any]) -> None:
        try:
            with transaction.atomic(using="default"):  # noqa: TID251
                _sessions().create(key_hash=hashed(self.session_key), **values)
        except IntegrityError:
            raise CreateError from None


def hashed(key: str | None) -> str:
    """What is stored of a cookie's key."""
    return hashlib.sha256((key or "").encode()).hexdigest()


def end_all(user_id: int) -> None:
    """Sign somebody out everywhere."""
    _sessions().filter(user_id=user_id).delete()


def end_others(request: HttpRequest) -> int:
    """Sign this user out of every other browser; returns how many that were."""
    others = _sessions().filter(user_id=request.user.pk).exclude(key_hash=hashed(request.session.session_key))
    return others.delete()[0]


def end_one(request: HttpRequest, *, session_id: int) -> bool:
    """Sign this user out of one browser; False when it is not one of his sessions."""
    return bool(_sessions().filter(user_id=request.user.pk, pk=session_id).delete()[0])


def _sessions() -> Any:
    from register.models import Session

    return Session.objects


def _user(values: list[Any]) -> User:
    from register.models import User

    return User.from_db("default", USER_FIELDS, values)
