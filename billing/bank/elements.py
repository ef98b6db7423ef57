"""Elements of the banks' XML: parsed without trusting it, found by local names, freed as they have been read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, BinaryIO, TypeAlias

from django.utils.translation import gettext_lazy as _
from lxml import etree

from billing.bank.transactions import Unreadable

Element: TypeAlias = Any
"""An element of lxml, which brings no types."""
Facts = Mapping[str, str]
"""Texts by path of local names, `RmtInf/Ustrd`; an amount's currency by `…/Amt@`."""

DISTRUST = {"resolve_entities": False, "load_dtd": False, "no_network": True, "huge_tree": False}
"""Of files that strangers wrote: no DTD, no entities, no network, no huge nodes."""


def events(source: BinaryIO, heard: Sequence[str]) -> Iterator[tuple[str, Element]]:
    """The elements of these names, as they begin and end. Raises Unreadable."""
    tags = [f"{{*}}{name}" for name in heard]
    parser = etree.iterparse(
        source, events=("start", "end"), tag=tags, remove_comments=True, remove_pis=True, **DISTRUST
    )
    looked = False
    try:
        for event, element in parser:
            if not looked:
                _refuse_document_type(element)
            looked = True
            yield event, element
    except etree.XMLSyntaxError as broken:
        raise _not_whole(broken) from None


def whole(content: bytes) -> Element:
    """The root of a small file that is read at once, trusted as little. Raises Unreadable."""
    try:
        root = etree.fromstring(content, etree.XMLParser(**DISTRUST))
    except etree.XMLSyntaxError as broken:
        raise _not_whole(broken) from None
    _refuse_document_type(root)
    return root


def _refuse_document_type(element: Element) -> None:
    if element.getroottree().docinfo.doctype:
        raise Unreadable(_("The file brings a document type of its own; bank files have none."), 1)


def _not_whole(broken: etree.XMLSyntaxError) -> Unreadable:
    return Unreadable(_("The file is no whole XML document."), broken.lineno or 0)


def count(text: str, where: int) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Unreadable(_("A number cannot be read."), where)
    return int(text) if text else None


def day(facts: Facts, path: str, where: int) -> date | None:
    """A day, written as one or as a moment, within `Dt`, `DtTm` or by itself."""
    text = facts.get(f"{path}/Dt") or facts.get(f"{path}/DtTm") or facts.get(path)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Unreadable(_("There is no such day."), where) from None


def facts(element: Element) -> dict[str, str]:
    """What stands below an element. Repeated texts are joined, of other repetitions the first counts."""
    into: dict[str, str] = {}
    _gather(element, "", into)
    return into


def _gather(element: Element, path: str, into: dict[str, str]) -> None:
    for child in element:
        name = name_of(child)
        below = f"{path}/{name}" if path else name
        if len(child):
            if name not in ("NtryDtls", "TxDtls"):
                _gather(child, below, into)
            continue
        text = (child.text or "").strip()
        if not text:
            continue
        if below not in into:
            into[below] = text
            if currency := child.get("Ccy"):
                into[f"{below}@"] = currency
        elif name == "Ustrd":
            into[below] += f" {text}"


def name_of(element: Element | None) -> str:
    return _local(element.tag) if element is not None else ""


@lru_cache(maxsize=1000)
def _local(tag: object) -> str:
    """The name without its namespace; "" for what is no element."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def drop(element: Element) -> None:
    """Free what has been read: this element's content and its like before it (itself the parser still needs)."""
    name, parent = name_of(element), element.getparent()
    element.clear()
    before = element.getprevious()
    while parent is not None and before is not None and name_of(before) == name:
        parent.remove(before)
        before = element.getprevious()
