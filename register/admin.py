"""The owner's admin site, for forms and small tables: django-unfold's widgets in the register's own frame.

Hot pages (lists, search, the person page) are lean templates of our own under the same address; they come
before this site in config/urls.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from csp.decorators import csp_update
from django.contrib.admin.views.main import ERROR_FLAG
from django.db import models
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from register import audit, inventory, shell
from register.roles import Login, Role

SITE_PAGES = {"index", "jsi18n", "autocomplete"}
"""Of the admin's own pages; signing in, passwords and search have better homes in the register."""

FOR_ALPINE = {"script-src": ["'unsafe-eval'"]}
"""unfold's widgets are driven by Alpine, which evaluates expressions from attributes (docs/decisions.md)."""


class OwnerSite(UnfoldAdminSite):
    """Forms and small tables of the register owner."""

    site_title = site_header = ""
    enable_nav_sidebar = False
    final_catch_all_view = False

    def get_urls(self) -> list[URLPattern]:
        found: list[URLPattern | URLResolver] = super().get_urls()
        return [one for one in found if isinstance(one, URLResolver) or one.name in SITE_PAGES]  # type: ignore[misc]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Owners only; anybody else meets the same 404 as for an unknown page."""

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            return view(request, *args, **kwargs)  # type: ignore[no-any-return]

        answered = csp_update(FOR_ALPINE)(csrf_protect(guarded))
        return answered if cacheable else never_cache(answered)

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_owner", False))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu is the register's own (config/menu.py)."""
        return []

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"colors": None, "site_title": shell.Shell(request).company}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The start page is the menu's first entry."""
        links = [link for _label, group in shell.groups(Login.OWNER, "") for link in group]
        urls = [link.url for link in links if link.url != request.path]
        if not urls:
            raise Http404
        return redirect(urls[0])


owner_site = OwnerSite(name="admin")
owner_site.disable_action("delete_selected")


class RegisterAdmin(ModelAdmin):
    """A model in the owner's site: rights and fields from the inventory, reads and writes recorded by the audit."""

    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    actions: Sequence[Any] | None = ()
    compressed_fields = True
    warn_unsaved_form = True
    page = ""
    """The name under which reads are recorded; the model's name when empty."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "read")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "read")

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Sequence[Any]:
        """What the owner may write here and no more; where he may write nothing, what he may read."""
        word = "add" if obj is None else "change" if self.has_change_permission(request, obj) else "read"
        return self.fields or inventory.fields_for(self.model, Role.OWNER, word)

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm[Any], change: bool) -> None:
        """Save what the form changed and nothing else; column grants count on it."""
        if not change:
            obj.save()
            return
        own = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=[name for name in form.changed_data if name in own])

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self._record([found])
        return found

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if ERROR_FLAG in request.GET:
            return redirect(request.path)  # Django blames the database for a filter that does not exist
        title = capfirst(str(self.model._meta.verbose_name_plural))
        response = super().changelist_view(request, {"title": title, **(extra_context or {})})
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            self._record(list(shown["cl"].result_list))
        return response

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What happened to a row is told by the audit."""
        raise Http404

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing: the audit records it; so do the two below."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing."""

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> None:
        """Nothing."""

    def _may(self, request: HttpRequest, word: str) -> bool:
        access = inventory.entry_for(self.model).access
        return owner_site.has_permission(request) and access.may(Login.OWNER, word)

    def _record(self, rows: Sequence[models.Model]) -> None:
        if inventory.entry_for(self.model).about:
            audit.record_reads(rows, page=self.page or str(self.model._meta.model_name))
