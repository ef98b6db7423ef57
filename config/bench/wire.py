"""A browser reduced to what measuring needs: one kept-alive connection, cookies, forms."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass
class Answer:
    """What came back, and how long it took in milliseconds."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    ms: float

    queries: int = 0

    def after(self, earlier: Answer) -> Answer:
        """Two answers as one act: their times and queries together."""
        self.ms += earlier.ms
        self.queries += earlier.queries
        return self

    def failed(self) -> Answer:
        """An act that should have led elsewhere."""
        self.status = self.status if self.status >= 400 else 422
        return self

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


@dataclass
class Browser:
    """Signed in at one site on this machine."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    counting: bool = False
    _socket: socket.socket | None = None

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"")

    def post(self, path: str, fields: list[tuple[str, str]]) -> Answer:
        return self._ask("POST", path, urlencode(fields).encode())

    def submit(self, path: str, **changed: str) -> Answer:
        """Fill in the page's form (the one that holds the changed fields) and send it.

        Where there is no such form, the page itself comes back, never with status 302.
        """
        page = self.get(path)
        for form in forms(page):
            if changed.keys() <= {name for name, _value in form.fields} | {"_continue"}:
                known = {name for name, _value in form.fields}
                fields = [(name, changed.get(name, value)) for name, value in form.fields]
                fields += [(name, value) for name, value in changed.items() if name not in known]
                return self.post(urljoin(path, form.action), fields)
        return page

    def clone(self) -> Browser:
        """The same person in another window: same cookies, a connection of its own."""
        return Browser(self.port, dict(self.cookies))

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, method: str, path: str, body: bytes) -> Answer:
        fresh = self._socket is None
        began = time.perf_counter()
        try:
            answer = self._exchange(method, path, body)
        except (ConnectionError, EOFError):
            self.close()
            if fresh:
                raise
            began = time.perf_counter()
            answer = self._exchange(method, path, body)
        answer.ms = (time.perf_counter() - began) * 1000
        answer.queries = int(answer.header("x-queries") or 0)
        self._keep_cookies(answer)
        return answer

    def _exchange(self, method: str, path: str, body: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(self._head(method, path, body) + body)
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        status, headers = _parse_head(bytes(received[:end]))
        length = int(dict(headers).get("content-length", "0"))
        while len(received) < end + 4 + length:
            received += self._more()
        if dict(headers).get("connection") == "close":
            self.close()
        return Answer(status, headers, bytes(received[end + 4 :]), 0.0)

    def _more(self) -> bytes:
        assert self._socket is not None
        part = self._socket.recv(262_144)
        if not part:
            raise EOFError
        return part

    def _head(self, method: str, path: str, body: bytes) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}", "Accept-Language: fi"]
        if self.counting:
            lines.append("X-Count: 1")
        if cookies:
            lines.append(f"Cookie: {cookies}")
        if method == "POST":
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
                f"Origin: http://localhost:{self.port}",
            ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _keep_cookies(self, answer: Answer) -> None:
        for name, value in answer.headers:
            if name == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]


def _parse_head(head: bytes) -> tuple[int, list[tuple[str, str]]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return int(first.split()[1]), [(name.lower(), value.strip()) for name, _, value in pairs]


@dataclass
class Form:
    """A form of a page, filled in as it came."""

    action: str
    fields: list[tuple[str, str]]


class _Forms(HTMLParser):
    """Collects forms with the values they would send."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(known.get("action", ""), []))
        elif not self.found:
            return
        elif tag == "input" and known.get("name"):
            self._input(known)
        elif tag == "select":
            self._select = known.get("name", "")
        elif tag == "option" and self._select and "selected" in known:
            self.found[-1].fields.append((self._select, known.get("value", "")))
        elif tag == "textarea" and known.get("name"):
            self._area = known["name"]
            self.found[-1].fields.append((self._area, ""))

    def _input(self, known: dict[str, str]) -> None:
        kind = known.get("type", "text")
        if kind in ("submit", "button", "file", "image", "reset"):
            return
        if kind in ("checkbox", "radio") and "checked" not in known:
            return
        self.found[-1].fields.append((known["name"], known.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            name, value = self.found[-1].fields[-1]
            self.found[-1].fields[-1] = (name, value + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = ""


def forms(answer: Answer) -> list[Form]:
    parser = _Forms()
    parser.feed(answer.body.decode())
    return parser.found


def path_of(address: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
