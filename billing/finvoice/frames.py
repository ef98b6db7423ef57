"""What stands around a Finvoice: an operator's transmission details inside it, a bank's envelope before it.

Banks want two XML documents in one file: a SOAP 1.1 envelope with ebXML headers, then the Finvoice with a
declaration of its own; the file as a whole is not well-formed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from lxml import etree
from lxml.builder import E, ElementMaker

from billing.finvoice.writing import CannotWrite, Problem, serialised, tree
from billing.pdf import Account, InvoiceDocument

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
EBXML = "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"
XLINK = "http://www.w3.org/1999/xlink"
OVT = "0037"
"""The scheme of Finnish e-invoice addresses; others (IBAN, Peppol) are written without a scheme."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """From whom and to whom, each an e-invoice address and the operator or bank that serves it."""

    sender: str
    sender_operator: str
    receiver: str
    receiver_operator: str

    def problems(self) -> list[Problem]:
        found = []
        if not self.sender or not self.sender_operator:
            found.append(
                Problem(
                    "FromIdentifier", _("Your own e-invoice address or operator is missing: see Registrar.")
                )
            )
        if not self.receiver or not self.receiver_operator:
            found.append(
                Problem("ToIdentifier", _("The customer's e-invoice address or operator is missing."))
            )
        return found


def for_operator(
    document: InvoiceDocument, route: Route, *, message: str, at: datetime, account: Account | None = None
) -> bytes:
    """The Finvoice with MessageTransmissionDetails; `message` identifies this sending. Raises CannotWrite."""
    _require(route)
    root = tree(document, account=account)
    root.insert(0, _transmission(route, message=message, at=at))
    return serialised(root)


def for_bank(
    document: InvoiceDocument, route: Route, *, message: str, at: datetime, account: Account | None = None
) -> bytes:
    """The envelope, then the Finvoice. Raises CannotWrite."""
    _require(route)
    envelope = serialised(_envelope(route, message=message, at=at))
    return envelope + for_operator(document, route, message=message, at=at, account=account)


def _require(route: Route) -> None:
    found = route.problems()
    if found:
        raise CannotWrite(found)


def _transmission(route: Route, *, message: str, at: datetime) -> etree._Element:
    return E.MessageTransmissionDetails(
        E.MessageSenderDetails(
            _address("FromIdentifier", route.sender), E.FromIntermediator(route.sender_operator)
        ),
        E.MessageReceiverDetails(
            _address("ToIdentifier", route.receiver), E.ToIntermediator(route.receiver_operator)
        ),
        E.MessageDetails(
            E.MessageIdentifier(message),
            E.MessageTimeStamp(at.isoformat(timespec="seconds")),
            E.SpecificationIdentifier("EN16931"),
        ),
    )


def _address(name: str, address: str) -> etree._Element:
    element = etree.Element(name)
    if address.startswith(OVT):
        element.set("SchemeID", OVT)
    element.text = address
    return element


def _envelope(route: Route, *, message: str, at: datetime) -> etree._Element:
    soap = ElementMaker(namespace=SOAP, nsmap={"SOAP-ENV": SOAP, "xlink": XLINK, "eb": EBXML})
    eb = ElementMaker(namespace=EBXML, nsmap={"eb": EBXML})
    header = eb.MessageHeader(
        eb.From(eb.PartyId(route.sender), eb.Role("Sender")),
        eb.From(eb.PartyId(route.sender_operator), eb.Role("Intermediator")),
        eb.To(eb.PartyId(route.receiver), eb.Role("Receiver")),
        eb.To(eb.PartyId(route.receiver_operator), eb.Role("Intermediator")),
        eb.CPAId("yoursandmycpa"),
        eb.ConversationId(message),
        eb.Service("Routing"),
        eb.Action("ProcessInvoice"),
        eb.MessageData(eb.MessageId(message), eb.Timestamp(at.isoformat(timespec="seconds"))),
    )
    header.set(f"{{{SOAP}}}mustUnderstand", "1")
    header.set(f"{{{EBXML}}}version", "2.0")
    schema = eb.Schema()
    schema.set(f"{{{EBXML}}}location", "Finvoice3.0.xsd")
    schema.set(f"{{{EBXML}}}version", "3.0")
    reference = eb.Reference(schema)
    reference.set(f"{{{EBXML}}}id", "Finvoice")
    reference.set(f"{{{XLINK}}}href", message)
    manifest = eb.Manifest(reference)
    manifest.set(f"{{{EBXML}}}id", "Manifest")
    manifest.set(f"{{{EBXML}}}version", "2.0")
    return soap.Envelope(soap.Header(header), soap.Body(manifest))
