"""What the e-mail register holds, in words a customer understands.

The suppression list knows no customer, so its rows are about nobody whom the register could name;
a keyed hash is personal data all the same, therefore the list is declared as a place and stands in the
privacy statement.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from register.inventory import Basis, Kind, Place, Statute, Until, declare, keep_by_law

OBJECTION = Statute(
    name=_("GDPR Art. 21(3)"),
    years=0,
    words=_("for as long as the wish not to be mailed stands"),
)
SUPPRESSED = Kind(
    label=_("Addresses that must not be mailed, as keyed hashes"),
    purpose=_("to honour the wish not to be mailed, also after everything else was erased"),
    basis=Basis.LEGAL_OBLIGATION,
    keep=Until(_("for as long as the wish not to be mailed stands")),
    on_erasure=keep_by_law(OBJECTION),
)

declare(
    Place(
        "stopped mailings",
        SUPPRESSED,
        where=_("a list without names or addresses: only a code computed from the address with a secret key"),
        erased_by=_("kept after erasure, so that the address is not mailed again by mistake"),
    ),
)
