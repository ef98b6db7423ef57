"""The frame around every page of the staff: company, menu of the door, search box.

What the menus hold is composed in config/menu.py, because the core knows no customer and no invoice; here is
only how a menu is shown. An entry whose page does not exist is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from register.doors import door_of
from register.inventory import Text

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Item:
    """One entry: its words, the name of its URL, a symbol of static/register/icons.svg."""

    label: Text
    view: str
    icon: str


@dataclass(frozen=True)
class Group:
    """Entries that belong together, under a heading that may be empty."""

    label: Text
    entries: tuple[Item, ...]


@dataclass(frozen=True)
class Menu:
    """What a door offers: its start page, its groups, and the URL names of its search and suggestions."""

    home: str
    groups: tuple[Group, ...]
    search: str = ""
    suggest: str = ""


@dataclass(frozen=True)
class Link:
    """An entry that leads somewhere, as the template shows it."""

    label: Text
    url: str
    icon: str
    current: bool


class Shell:
    """The frame of one request; each part is worked out when the template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.door = door_of(request.path_info)

    @cached_property
    def company(self) -> str:
        """The registrar's name; empty until the register is set up."""
        session = getattr(self.request, "session", None)
        if session is not None and session.company:
            return str(session.company)
        with connections[self.door.login].cursor() as cursor:
            cursor.execute("SELECT name FROM register_registrar")
            row = cursor.fetchone()
        return row[0] if row else ""

    @property
    def most_sent(self) -> int:
        """How many bytes of texts a form may send."""
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    @cached_property
    def menu(self) -> Menu | None:
        return menu_of(self.door.login)

    @cached_property
    def entries(self) -> SafeString:
        """The menu's groups as HTML."""
        return menu_html(self.door.login, self._current, get_language())

    @cached_property
    def home_url(self) -> str:
        return (self.menu and address(self.menu.home)) or "/"

    @cached_property
    def search_url(self) -> str:
        return address(self.menu.search) if self.menu else ""

    @cached_property
    def suggest_url(self) -> str:
        return address(self.menu.suggest) if self.menu else ""

    @cached_property
    def account_url(self) -> str:
        return address("accounts:account")

    @cached_property
    def sign_out_url(self) -> str:
        return address("account_logout")

    @cached_property
    def _current(self) -> str:
        """The longest address of the menu under which the asked page lies."""
        path = self.request.path
        items = [item for group in self.menu.groups for item in group.entries] if self.menu else []
        addresses = [url for item in items if (url := address(item.view)) and path.startswith(url)]
        home = [url for url in addresses if url == self.home_url and path != url]
        return max((url for url in addresses if url not in home), key=len, default="")


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` for the templates that extend register/base.html."""
    return {"shell": Shell(request)}


def menu_of(login: str) -> Menu | None:
    """The menu of a door; None where the staff have none."""
    menus: dict[str, Menu] = import_string(settings.REGISTER_MENUS)
    return menus.get(login)


def groups(login: str, current: str) -> list[tuple[Text, list[Link]]]:
    """The menu's groups with those entries whose pages exist, the current one marked."""
    menu = menu_of(login)
    found = [(group.label, _links(group, current)) for group in menu.groups] if menu else []
    return [(label, links) for label, links in found if links]


@lru_cache(maxsize=500)
def menu_html(login: str, current: str, language: str | None) -> SafeString:
    """The groups as HTML: the same for everybody at a door, so each is written once per language."""
    return render_to_string("register/menu.html", {"groups": groups(login, current)})


def _links(group: Group, current: str) -> list[Link]:
    return [
        Link(item.label, url, item.icon, current=url == current)
        for item in group.entries
        if (url := address(item.view))
    ]


@lru_cache(maxsize=200)
def address(view: str) -> str:
    """The URL of a named page without arguments; empty when there is no such page."""
    try:
        return reverse(view) if view else ""
    except NoReverseMatch:
        return ""
