"""What the pages about sending show: what waits, what went wrong, what is in doubt, what has gone."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import afterwards, sending_many
from billing.models import Sending
from billing.models.sendings import SendingQuerySet
from billing.worklists import Page

Channel, State = Sending.Channel, Sending.State

WAITING, WRONG, DOUBT, SENT = "waiting", "wrong", "doubt", "sent"
SHOWN: tuple[tuple[str, str | Promise], ...] = (
    ("", gettext_lazy("All")),
    (WAITING, gettext_lazy("Waiting")),
    (WRONG, gettext_lazy("Failed or returned")),
    (DOUBT, gettext_lazy("In doubt")),
    (SENT, gettext_lazy("Sent")),
)
COUNTED = 100
PER_PAGE = 50


def page(*, at: datetime, shown: str = "", channel: str = "", before: int | None = None) -> Page:
    """Sendings, the latest first."""
    rows = with_documents(_shown(shown, at)).order_by("-pk")
    if channel:
        rows = rows.filter(channel=channel)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return Page.of(rows, PER_PAGE)


def queue(channel: str, *, after: int | None = None) -> Page:
    """What waits for a person's hands in one channel, the oldest first."""
    rows = with_documents(Sending.objects.waiting().filter(channel=channel)).order_by("pk")
    rows = rows.prefetch_related("invoice__attachments")
    return Page.of(rows.filter(pk__gt=after) if after is not None else rows, PER_PAGE)


def unsent(*, on: date, after: int | None = None) -> Page:
    """Invoices and credit notes that nobody has sent, the oldest first."""
    rows = (
        sending_many.unsent(on=on).select_related("customer", "customer__billing_details").defer("snapshot")
    )
    return Page.of(rows.filter(pk__gt=after).order_by("pk") if after else rows.order_by("pk"), PER_PAGE)


def with_documents(rows: SendingQuerySet) -> SendingQuerySet:
    """The same rows with what is shown of them, and without the frozen documents."""
    return rows.select_related("customer", "invoice", "reminder").defer(
        "invoice__snapshot", "reminder__document"
    )


def counts(*, at: datetime, on: date) -> dict[str, int]:
    """How many need somebody, each counted to a hundred."""
    waiting = Sending.objects.waiting()
    return {
        "unsent": _upto(sending_many.unsent(on=on)),
        "letters": _upto(waiting.filter(channel=Channel.PAPER)),
        "e_invoices": _upto(waiting.filter(channel=Channel.E_INVOICE)),
        "wrong": _upto(_shown(WRONG, at)),
        "doubt": _upto(_shown(DOUBT, at)),
    }


def waiting(*, on: date) -> int:
    """Letters and e-invoices that wait, what went wrong, what was never sent, to a hundred: for the start page."""
    by_hand = Q(state=State.QUEUED, channel__in=[Channel.PAPER, Channel.E_INVOICE])
    sendings = Sending.objects.filter(by_hand | Q(pk__in=_went_wrong().values("pk"))).order_by()
    tried = Sending.objects.filter(invoice=OuterRef("pk"), state__in=[State.FAILED, State.BOUNCED])
    never = sending_many.unsent(on=on).filter(~Exists(tried)).order_by()
    both: int = sendings.values("pk").union(never.values("pk"), all=True)[:COUNTED].count()
    return both


def explained(row: Sending) -> str:
    """In words, what a result's code says."""
    if row.result.startswith("smtp 2"):
        return _("Taken by the mail server.")
    if row.result.startswith("smtp "):
        code = row.result.removeprefix("smtp ")
        if row.state == State.BOUNCED:
            return _("Returned by the recipient's mail server (%(code)s).") % {"code": code}
        if row.state == State.QUEUED:
            return _("The mail server did not take it for now (%(code)s). It is tried again.") % {
                "code": code
            }
        return _("The mail server refused it (%(code)s).") % {"code": code}
    if row.result.startswith(afterwards.BACK):
        why = afterwards.WHY.get(row.result.removeprefix(afterwards.BACK), "")
        return _("Called back before it went: %(why)s.") % {"why": str(why)}
    return str(RESULTS.get(row.result, row.result))


RESULTS: dict[str, str | Promise] = {
    "address": gettext_lazy("The address is missing or wrong. Mend the billing details and send it again."),
    "document": gettext_lazy("The stored document could not be read. Tell the register owner."),
    "login": gettext_lazy("The mail server did not accept the register's password. Tell the register owner."),
    "no server": gettext_lazy("The mail server could not be reached. It is tried again."),
    "no answer": gettext_lazy("The mail server did not answer."),
    "told": gettext_lazy("Written down by hand."),
}


def _shown(shown: str, at: datetime) -> SendingQuerySet:
    if shown == WAITING:
        return Sending.objects.waiting()
    if shown == WRONG:
        return _went_wrong()
    if shown == DOUBT:
        return Sending.objects.in_doubt(at=at)
    return Sending.objects.gone() if shown == SENT else Sending.objects.all()


def _went_wrong() -> SendingQuerySet:
    """What failed or came back and was not sent anew."""
    mine = Q(invoice=OuterRef("invoice")) | Q(reminder=OuterRef("reminder"))
    rows = Sending.objects.filter(state__in=[State.FAILED, State.BOUNCED])
    return rows.filter(~Exists(Sending.objects.live().filter(mine)))


def _upto(rows: object) -> int:
    return rows.order_by()[:COUNTED].count()  # type: ignore[attr-defined, no-any-return]
