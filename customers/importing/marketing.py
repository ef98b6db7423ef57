"""What a contact file says about marketing: only a refusal may ever be acted on, a file makes no one a
subscriber.
"""

from __future__ import annotations

import re
import unicodedata

from customers.importing.records import ContactRecord

REFUSALS = frozenset(
    """
    ei kielletty kielto lopetettu passiivinen peruttu perunut peruutettu poistettu poistunut estetty
    nej avregistrerad avslutad förbjuden inaktiv spärrad
    0 bounced cleaned complained denied disabled false inactive n no off opt-out opted-out out stopped
    suppressed unsubscribed
    """.split()
)
AGREEMENTS = frozenset(
    """
    aktiivinen kyllä k lupa on sallittu tilannut voimassa x
    aktiv ja prenumererar tillåten
    1 active allowed enabled in opt-in opted-in true subscribed y yes
    """.split()
)
BANS = re.compile(
    r"kielto|kieltä|peru|poistu|opt[ _-]?out|unsubscri|do[ _-]?not|förbud|spärr|suppress|blocked",
    re.IGNORECASE,
)


def marketing_refused(record: ContactRecord) -> bool | None:
    """Whether the file says that this person wants no marketing; None when it says neither.

    True may be acted on; False gives no permission.
    """
    said = re.sub(
        r"[\s_]+", "-", unicodedata.normalize("NFC", record.marketing_status).casefold().strip(" .!")
    )
    if not said:
        return None
    answer = True if said in REFUSALS else False if said in AGREEMENTS else None
    if BANS.search(record.marketing_header):
        return True if answer is None else not answer
    return answer
