"""“Explain this debt”: one page and one PDF per debtor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing import debt, debt_paper, details, documents, pdf
from billing.views import doors
from billing.views.downloads import as_pdf
from register import audit


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything the customer owes, and by which rule."""
    customer = doors.customer(pk)
    audit.record_read(customer, page="billing debt")
    statement = debt.explain(customer, on=doors.today())
    context = {
        "statement": statement,
        "customer": customer,
        "complain": debt.COMPLAIN,
        "complain_further": debt.COMPLAIN_CONSUMER if statement.is_consumer else debt.COMPLAIN_BUSINESS,
        "law": debt.COLLECTION,
    }
    return render(request, "billing/debt.html", context)


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for the debtor, in his language."""
    customer, today = doors.customer(pk), doors.today()
    audit.record_read(customer, page="billing debt")
    try:
        content = debt_paper.render(
            customer, on=today, seller=documents.registrar(), details=details.of(customer)
        )
    except documents.RegistrarMissing as missing:
        messages.error(request, str(missing))
        return redirect("billing:debt", customer.pk)
    except pdf.NotTypeset:
        messages.error(request, _("The PDF could not be made. Tell the register owner."))
        return redirect("billing:debt", customer.pk)
    return as_pdf(content, f"K{customer.pk}-{today.isoformat()}.pdf")
