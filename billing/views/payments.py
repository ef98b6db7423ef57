"""Payments that need a person: the queue, one payment and what may be decided about it, payments by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import ledger, remitting, rules
from billing.amounts import ZERO
from billing.bank import correcting, matching, refunds, settling, worklist
from billing.bank_forms import ManualPaymentForm, RefundForm, SettlementForm, shares_of
from billing.forms import chosen
from billing.models import Entry, Payment, PaymentQuestion, Receivable, StatementLine
from billing.views import doors
from customers.models import Customer
from register import audit, lists
from register.doors import one_or_404
from register.finnish import UnreadableText

CANNOT = (
    ledger.NotSoMuch,
    ledger.AlreadyTakenBack,
    rules.RuleMissing,
    correcting.NotItsOriginal,
    settling.NothingChosen,
    settling.NothingLeft,
    settling.NoReason,
    settling.NoConsent,
    refunds.NotSo,
    refunds.NotSoMuchLeft,
    refunds.NoCustomer,
    refunds.WrongAccount,
    remitting.NoReports,
    remitting.SeveralAgencies,
    remitting.AlreadySettled,
    remitting.DoesNotAddUp,
    UnreadableText,
)


class NoSuchCustomer(ValueError):
    """The number that was typed is no customer's."""

    def __init__(self) -> None:
        super().__init__(_("There is no customer with this number."))


@lists.named(gettext_lazy("Payments to look at"))
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """All payments that need a decision, by reason; lines that wait for their specification."""
    reason = request.GET.get("reason", "")
    page = worklist.questions(reason=reason, before=doors.whole(request.GET.get("before")))
    doors.reads((row.payment.customer for row in page.rows if row.payment.customer), page="bank payments")
    audit.record_numbers(Payment, [str(row.payment) for row in page.rows], page="bank payments")
    told, reasons = {value.value for value in PaymentQuestion.TOLD}, worklist.by_reason()
    context = {
        "page": page,
        "reason": reason,
        "reasons": reasons,
        "total": sum(count for _value, _label, count in reasons),
        "lines": worklist.lines(),
        "told": told,
        "some_told": any(row.reason in told for row in page.rows),
    }
    return render(request, "billing/bank_questions.html", context)


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Mark the ticked payments as looked at."""
    wanted = Payment.objects.filter(pk__in=chosen(request.POST, "payment"), question__settled_at__isnull=True)
    some = list(wanted.filter(question__reason__in=PaymentQuestion.TOLD)[: worklist.AT_MOST])
    for payment in some:
        settling.seen(payment, by=doors.actor(request), at=doors.now())
    messages.success(request, _("%(count)d payments were marked as looked at.") % {"count": len(some)})
    return redirect(lists.way_back(request, "billing:bank_questions").url)


@require_POST
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a line without specification as one payment, or say that it is none of our customers'."""
    one: StatementLine = one_or_404(StatementLine.objects, pk=pk)
    try:
        if "book" in request.POST:
            payment = settling.book_line(one, by=doors.actor(request), at=doors.now())
            return redirect("billing:payment", payment.pk)
        settling.dismiss_line(one, by=doors.actor(request), at=doors.now())
    except settling.AlreadyDecided as decided:
        messages.error(request, str(decided))
    return redirect(lists.way_back(request, "billing:bank_questions").url)


@require_http_methods(["GET", "HEAD", "POST"])
def by_hand(request: HttpRequest) -> HttpResponse:
    """Enter a payment that no bank file brings."""
    form = ManualPaymentForm(request.POST or None, today=doors.today())
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        payment = settling.record_by_hand(
            amount=facts["amount"],
            paid_on=facts["paid_on"],
            payer_name=facts["payer_name"],
            client_key=facts["key"],
            by=doors.actor(request),
            at=doors.now(),
        )
        return redirect("billing:payment", payment.pk)
    return render(request, "billing/payment_new.html", {"form": form}, status=422 if form.is_bound else 200)


# --- one payment ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment: what it has met, what it may be meant for, what may be decided."""
    one: Payment = one_or_404(Payment.objects.select_related("customer"), pk=pk)
    if request.method != "POST":
        return _page(request, one)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        act(request, one)
    except (*CANNOT, NoSuchCustomer) as refused:
        return _page(request, one, problem=str(refused))
    except ValidationError as wrong:
        return _page(request, one, problem=" ".join(wrong.messages))
    return _on(request, one)


def _on(request: HttpRequest, one: Payment) -> HttpResponse:
    """To the next payment of the queue when this one is done."""
    open_still = PaymentQuestion.objects.unsettled().filter(payment=one).exists()
    if request.POST.get("act") in STAYS or open_still:
        return redirect("billing:payment", one.pk)
    following = worklist.next_question(one.pk)
    if following is None:
        messages.success(request, _("Saved. No payment is left to look at."))
        return redirect("billing:bank_questions")
    messages.success(request, _("%(payment)s is settled. This is the next one.") % {"payment": one})
    return redirect("billing:payment", following)


def _allocate(request: HttpRequest, one: Payment) -> None:
    settling.allocate(
        one,
        shares_of(request.POST),
        write_off="write_off" in request.POST,
        consent=request.POST.get("consent", ""),
        by=doors.actor(request),
        at=doors.now(),
        on=doors.today(),
    )


def _credit(request: HttpRequest, one: Payment) -> None:
    number = request.POST.get("customer", "").strip().lstrip("Kk")
    pk = one.customer_id if one.customer_id and not number else doors.whole(number)
    customer = Customer.objects.present().filter(pk=pk).first() if pk else None
    if customer is None:
        raise NoSuchCustomer
    settling.leave_as_credit(one, customer, by=doors.actor(request), at=doors.now())


def _not_ours(request: HttpRequest, one: Payment) -> None:
    leave = remitting.withdraw if one.source == Payment.Source.AGENCY else settling.not_ours
    leave(
        one,
        reason=request.POST.get("reason", ""),
        by=doors.actor(request),
        at=doors.now(),
        on=doors.today(),
    )


def _seen(request: HttpRequest, one: Payment) -> None:
    settling.seen(one, by=doors.actor(request), at=doors.now())


def _take_back(request: HttpRequest, one: Payment) -> None:
    entry: Entry = one_or_404(one.entries, pk=doors.whole(request.POST.get("entry")))
    if not _may_be_taken_back(entry):
        raise Http404
    undo = remitting.take_back if entry.kind == Entry.Kind.SETTLEMENT else settling.take_back
    undo(
        entry,
        reason=request.POST.get("reason", ""),
        by=doors.actor(request),
        at=doors.now(),
        on=doors.today(),
    )


def _may_be_taken_back(entry: Entry) -> bool:
    if entry.kind == Entry.Kind.PAYMENT:
        return entry.receivable_id is not None
    return entry.kind in (Entry.Kind.INTEREST, Entry.Kind.SETTLEMENT)


def _settlement(request: HttpRequest, one: Payment) -> None:
    form = SettlementForm(request.POST)
    if not form.is_valid():
        raise ValidationError([said for errors in form.errors.values() for said in map(str, errors)])
    remitting.settle(
        one,
        chosen(request.POST, "report"),
        fee=form.cleaned_data["fee"] or ZERO,
        by=doors.actor(request),
        at=doors.now(),
        on=doors.today(),
    )


def _refund(request: HttpRequest, one: Payment) -> None:
    form = RefundForm(request.POST)
    if not form.is_valid():
        raise ValidationError(
            [f"{form[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items()]
        )
    facts = form.cleaned_data
    refunds.propose(
        one,
        amount=facts["amount"],
        iban=facts["iban"],
        payee_name=facts["payee_name"],
        message=facts["message"],
        by=doors.actor(request),
        at=doors.now(),
    )


def _original(request: HttpRequest, one: Payment) -> None:
    number = doors.whole(request.POST.get("original", "").strip().lstrip("Mm"))
    original = Payment.objects.filter(pk=number).first() if number else None
    if original is None:
        raise correcting.NotItsOriginal
    correcting.correct_by_hand(one, original, on=doors.today(), by=doors.actor(request))


ACTS: dict[str, Callable[[HttpRequest, Payment], None]] = {
    "allocate": _allocate,
    "credit": _credit,
    "not_ours": _not_ours,
    "seen": _seen,
    "take_back": _take_back,
    "refund": _refund,
    "original": _original,
    "settlement": _settlement,
}
STAYS = {"take_back", "refund", "original"}


def _page(request: HttpRequest, one: Payment, *, problem: str = "") -> HttpResponse:
    question = PaymentQuestion.objects.filter(payment=one).select_related("original").first()
    message = question.message if question else ""
    text = request.GET.get("q", "")[:100]
    proposals = matching.proposals(one, message=message, on=doors.today())
    found = matching.search(text) if text else _named(question)
    met = list(one.entries.select_related("receivable__customer", "reversed_by").order_by("pk"))
    debts = [
        *found,
        *(debt for p in proposals for debt, _amount in p.shares),
        *(e.receivable for e in met if e.receivable),
    ]
    doors.reads(
        [*(debt.customer for debt in debts), *([one.customer] if one.customer else [])], page="bank payment"
    )
    audit.record_read(one, page="bank payment")
    reports = remitting.waiting() if one.unallocated > 0 and one.source != Payment.Source.AGENCY else []
    doors.reads(
        (report.payment.customer for each in reports for report in each.reports if report.payment.customer),
        page="bank payment",
    )
    context = {
        "payment": one,
        "question": question,
        "proposals": proposals,
        "found": [(debt, _typed(request, debt, one, alone=len(found) == 1)) for debt in found],
        "text": text,
        "met": [(entry, _may_be_taken_back(entry) and not hasattr(entry, "reversed_by")) for entry in met],
        "settlements": [(each, *_settled_so(request, each, one)) for each in reports],
        "credit": settling.is_credit(one),
        "refund_form": RefundForm(
            request.POST if request.POST.get("act") == "refund" else None, initial=RefundForm.of(one)
        ),
        "refunds": list(one.refunds.order_by("-pk")[:10]),
        "next": worklist.next_question(one.pk),
        "problem": problem,
        "posted": request.POST,
        "told": question is not None and question.reason in PaymentQuestion.TOLD,
    }  # fmt: skip
    return render(request, "billing/payment.html", context, status=422 if problem else 200)


def _settled_so(request: HttpRequest, each: remitting.Waiting, one: Payment) -> tuple[set[int], Any]:
    """Which reports are ticked and what stands as the fee: what was typed, else all and the difference."""
    if request.POST.get("act") == "settlement":
        return set(chosen(request.POST, "report")), request.POST.get("fee", "")
    kept = max(each.sum - one.unallocated, ZERO)
    return {report.pk for report in each.reports}, f"{kept:.2f}".replace(".", ",") if kept else ""


def _named(question: PaymentQuestion | None) -> list[Receivable]:
    """The invoices that the payer has named himself."""
    keys = [key for key, _amount in question.parts] if question and not question.settled_at else []
    found = [debt for key in keys[:20] for debt in matching.search(key, limit=1)]
    return list({debt.pk: debt for debt in found}.values())


def _typed(request: HttpRequest, debt: Receivable, one: Payment, *, alone: bool) -> Any:
    """What stands in the field beside an invoice: what was typed, else all of it when it is the only one."""
    typed = request.POST.get(f"share-{debt.pk}")
    if typed is not None:
        return typed
    return min(debt.outstanding, one.unallocated) if alone and one.unallocated > 0 else ""
