"""What the handling of people's own requests holds about them, in words a customer understands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from register.inventory import ROW, After, Basis, Event, Kind, Routine, Statute, declare, keep_by_law
from register.roles import Login

ACCOUNTABILITY = Statute(
    name=_("GDPR Art. 5(2), 12(3)"),
    years=3,
    words=_("three years from the end of the year of the request, to show that it was answered"),
)
REQUEST = Kind(
    label=_("Requests about one's own data, and the answers"),
    purpose=_("to answer in time, and to be able to show that it was answered"),
    basis=Basis.LEGAL_OBLIGATION,
    keep=ACCOUNTABILITY,
    on_erasure=keep_by_law(ACCOUNTABILITY),
)
LINK = Kind(
    label=_("Links to one's own data"),
    purpose=_("to let the person see his own data without a user account"),
    basis=Basis.LEGAL_OBLIGATION,
    keep=After(Event.ENTRY, days=7),
    on_erasure=ROW,
    source=_("the register itself"),
)

PUBLIC = frozenset({Login.LINK})

declare(
    Routine("privacy_link_id()", PUBLIC),
    Routine("privacy_link_person()", PUBLIC),
    Routine("privacy_link_own_customer()", PUBLIC),
    Routine("privacy_link_customers()", PUBLIC),
    Routine("privacy_ask_code(character varying)", PUBLIC),
    Routine("privacy_use_code(character varying,character varying)", PUBLIC),
)
