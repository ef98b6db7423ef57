"""What the customer register holds about people, in words a customer understands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from register.inventory import (
    BLANK,
    ROW,
    After,
    Basis,
    Event,
    Kind,
    Place,
    Routine,
    StoredFile,
    declare,
    replace,
)
from register.roles import Login, Role

IDENTITY = Kind(
    label=_("Customer's name"),
    purpose=_("to know who the customer is, to manage the customer relationship and to bill"),
    basis=Basis.CONTRACT,
    keep=After(Event.RELATIONSHIP_END, years=2),
    seen_by={Role.BILLING},
    on_erasure=replace("—"),
)
BUSINESS_ID = Kind(
    label=_("Customer's business ID"),
    purpose=_("to tell customers with the same name apart and to bill the right one"),
    basis=Basis.CONTRACT,
    keep=After(Event.RELATIONSHIP_END, years=2),
    seen_by={Role.BILLING},
    on_erasure=BLANK,
)
PERSON = Kind(
    label=_("Person's name"),
    purpose=_("to know whom we deal with at the customer, and to manage the customer relationship"),
    basis=Basis.LEGITIMATE_INTEREST,
    keep=After(Event.RELATIONSHIP_END, years=2),
    on_erasure=replace("—"),
)
CONTACT = Kind(
    label=_("Contact details: company represented, postal addresses, phone numbers, e-mail addresses"),
    purpose=_("to reach the customer in matters of the customer relationship"),
    basis=Basis.LEGITIMATE_INTEREST,
    keep=After(Event.RELATIONSHIP_END, years=2),
    on_erasure=ROW,
)
SOURCE = Kind(
    label=_("Where the data came from"),
    purpose=_("to be able to tell the person where his data came from"),
    basis=Basis.LEGAL_OBLIGATION,
    keep=After(Event.RELATIONSHIP_END, years=2),
    on_erasure=BLANK,
)
COMMUNICATION = Kind(
    label=_("Communication with the customer"),
    purpose=_("customer communication: to remember what was discussed and agreed"),
    basis=Basis.LEGITIMATE_INTEREST,
    keep=After(Event.ENTRY, years=3),
    on_erasure=ROW,
)
ASSIGNMENT = Kind(
    label=_("Assignments"),
    purpose=_("to carry out customer projects and services"),
    basis=Basis.CONTRACT,
    keep=After(Event.RELATIONSHIP_END, years=2),
    on_erasure=BLANK,
)
MEASURE = Kind(
    label=_("Tasks and other measures to maintain the customer relationship"),
    purpose=_("to do in time what was promised to the customer"),
    basis=Basis.LEGITIMATE_INTEREST,
    keep=After(Event.RELATIONSHIP_END, years=1),
    on_erasure=ROW,
)
IMPORTED = Kind(
    label=_("Contact files being imported"),
    purpose=_("to bring customers' contact details from the company's earlier systems into the register"),
    basis=Basis.LEGITIMATE_INTEREST,
    keep=After(Event.ENTRY, days=30),
    on_erasure=ROW,
    source=_("the company's e-mail system and workstations, where the customer's own details were kept"),
)
SEARCHED = Kind(
    label=_("Search index"),
    purpose=_("to find the customer quickly"),
    basis=Basis.LEGITIMATE_INTEREST,
    keep=After(Event.RELATIONSHIP_END, years=2),
    on_erasure=ROW,
    source=_("the register itself"),
)

SEARCH_ROUTINES = (
    "customers_analyze()",
    "customers_analyze_search()",
    "customers_fold(text)",
    "customers_phone_forms(text,text)",
    "customers_refresh_search(bigint[],bigint[])",
    "customers_search_texts(bigint[],bigint[])",
    "customers_searchable(text)",
    "customers_settle_search()",
    "customers_touch_search(bigint[],bigint[])",
)
"""What the triggers that keep search documents call, as whoever changes the facts."""

declare(
    *(Routine(signature, frozenset({Login.OWNER, Login.WORKER})) for signature in SEARCH_ROUTINES),
    Place(
        "attachments",
        COMMUNICATION,
        where=_("files of the register, outside the web server's reach, under random names"),
        erased_by=_("deleted together with the entry they belong to"),
        title=_("Files of the timeline and of assignments"),
    ),
    StoredFile("customers.Attachment", "path"),
)

declare(
    Routine("customers_analyze_imports()", frozenset({Login.OWNER, Login.WORKER})),
    Place(
        "imports",
        IMPORTED,
        where=_("files of the register, outside the web server's reach, under random names"),
        erased_by=_("deleted when the import is done or cancelled, after 30 days at the latest"),
        title=_("Uploaded contact files"),
    ),
)
