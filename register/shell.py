"""The frame around every page of the staff: company, menu of the door, search box.

What the menus hold is composed in config/menu.py, because the core knows no customer and no invoice; here is
only how a menu is shown. An entry whose page does not exist is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from register.doors import door_of
from register.inventory import Text
from register.models import Registrar

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

    @property
    def separation_is_off(self) -> bool:
        """Whether one database login does everybody's work: every page of the staff says so."""
        return bool(settings.REGISTER_SINGLE_ROLE)

    @cached_property
    def company(self) -> str:
        """The registrar's name; empty until the register is set up."""
        names = Registrar.objects.using(self.door.login).values_list("name", flat=True)
        return names.first() or ""

    @cached_property
    def menu(self) -> Menu | None:
        menus: dict[str, Menu] = import_string(settings.REGISTER_MENUS)
        return menus.get(self.door.login)

    @cached_property
    def groups(self) -> list[tuple[Text, list[Link]]]:
        """The menu's groups with those entries whose pages exist, the current one marked."""
        if self.menu is None:
            return []
        found = [(group.label, self._links(group)) for group in self.menu.groups]
        return [(label, links) for label, links in found if links]

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

    def _links(self, group: Group) -> list[Link]:
        return [
            Link(item.label, url, item.icon, current=url == self._current)
            for item in group.entries
            if (url := address(item.view))
        ]


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` for the templates that extend register/base.html."""
    return {"shell": Shell(request)}


@lru_cache(maxsize=200)
def address(view: str) -> str:
    """The URL of a named page without arguments; empty when there is no such page."""
    try:
        return reverse(view) if view else ""
    except NoReverseMatch:
        return ""
