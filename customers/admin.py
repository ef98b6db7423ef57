"""The customers' small tables in the owner's admin site."""

from __future__ import annotations

from django.contrib import admin

from customers.models import Tag
from register.admin import RegisterAdmin, owner_site


@admin.register(Tag, site=owner_site)
class TagAdmin(RegisterAdmin):
    list_display = ("name",)
    search_fields = ("name",)
