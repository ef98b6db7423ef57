"""Jobs of billing, done by the worker's login."""

from __future__ import annotations

from django.utils import timezone

from billing import releasing
from register import access
from register.jobs import app
from register.models import User


@app.task(queue="billing")
def mark_invoiced(invoice_id: int, user_id: int) -> None:
    """The assignments on an issued invoice become invoiced for the owner."""
    by = User.objects.using("default").get(pk=user_id)
    with access.acting("worker", user_id=user_id):
        releasing.mark_invoiced(invoice_id=invoice_id, on=timezone.localdate(), by=by)
