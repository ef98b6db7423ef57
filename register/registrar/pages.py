"""The page of the registrar's details: the last step of setting up, and for changes afterwards."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from register.accounts.signing_in import actor
from register.models import Registrar
from register.registrar.forms import NAMES_OF_THE_REGISTER, RegistrarForm


@never_cache
def details(request: HttpRequest) -> HttpResponse:
    """Enter or change the registrar's details."""
    registrar = Registrar.objects.first()
    suggested = NAMES_OF_THE_REGISTER | {
        "contact_person": actor(request).name,
        "contact_email": actor(request).email,
    }
    form = RegistrarForm(request.POST or None, instance=registrar, initial={} if registrar else suggested)
    if request.method == "POST" and form.is_valid():
        save(form, is_new=registrar is None)
        messages.success(request, _("The registrar's details were saved."))
        return redirect("register:registrar") if registrar else redirect("/register/")
    return render(request, "register/registrar/details.html", {"form": form, "is_new": registrar is None})


def save(form: RegistrarForm, *, is_new: bool) -> None:
    """Store what changed (the BIC too, which the IBAN may have brought)."""
    if is_new:
        form.instance.save()
    else:
        form.instance.save(update_fields={*form.changed_data, "bic"})
