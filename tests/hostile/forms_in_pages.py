"""The forms that stand on a page, as a browser would send them back."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

TYPED = {"text", "search", "email", "tel", "url", "number", "date", "datetime-local", "password", ""}
"""Types of input into which people type."""


@dataclass
class Form:
    """A form: where and how it is sent, its fields with what they hold, and of what sort they are."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    typed: set[str] = field(default_factory=set)
    chosen: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def sent(self, **changes: str) -> list[tuple[str, str]]:
        """What is sent, with some fields changed."""
        return [(name, changes.get(name, value)) for name, value in self.fields]


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms = page, list[Form]()
        self.form: Form | None = None
        self.select = self.text = ""
        self.content: list[str] = []
        self.given = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urlsplit(urljoin(self.page, facts.get("action", "") or self.page))
            self.form = Form(action.path, facts.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form is not None:
            getattr(self, f"_{tag}", lambda form, facts: None)(self.form, facts)

    def _input(self, form: Form, facts: dict[str, str]) -> None:
        name, sort = facts.get("name", ""), facts.get("type", "")
        if not name:
            return
        if sort in ("submit", "image"):
            form.buttons.append((name, facts.get("value", "")))
        elif sort == "file":
            form.files.add(name)
        elif sort in ("checkbox", "radio"):
            form.chosen.add(name)
            if "checked" in facts or sort == "checkbox":
                form.fields.append((name, facts.get("value", "on")))
        else:
            form.fields.append((name, facts.get("value", "")))
            (form.typed if sort in TYPED else form.hidden).add(name)

    def _button(self, form: Form, facts: dict[str, str]) -> None:
        if facts.get("name"):
            form.buttons.append((facts["name"], facts.get("value", "")))

    def _select(self, form: Form, facts: dict[str, str]) -> None:
        self.select, self.given = facts.get("name", ""), False
        form.chosen.add(self.select)

    def _option(self, form: Form, facts: dict[str, str]) -> None:
        if not self.select or (self.given and "selected" not in facts):
            return
        if self.given:
            form.fields.pop()
        form.fields.append((self.select, facts.get("value", "")))
        self.given = True

    def _textarea(self, form: Form, facts: dict[str, str]) -> None:
        self.text, self.content = facts.get("name", ""), []

    def handle_data(self, data: str) -> None:
        if self.text:
            self.content.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.text and self.form is not None:
            self.form.fields.append((self.text, "".join(self.content)))
            self.form.typed.add(self.text)
            self.text = ""


def read(html: str, page: str) -> list[Form]:
    """The forms of a page that lies at an address."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms
