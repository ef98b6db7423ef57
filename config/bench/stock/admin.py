"""Django's own admin over the plain models, a hundred rows a page."""

from __future__ import annotations

from django.contrib import admin

from config.bench.stock.models import Customer, Invoice, Message


class MessageInline(admin.TabularInline):
    model = Message
    extra = 0


class InvoiceInline(admin.TabularInline):
    model = Invoice
    extra = 0


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ("name", "business_id", "email", "phone", "city")
    list_per_page = 100
    search_fields = ("name", "email", "phone")
    inlines = (MessageInline, InvoiceInline)


@admin.register(Invoice)
class InvoiceAdmin(admin.ModelAdmin):
    list_display = ("number", "customer", "total", "open", "due_on")
    list_select_related = ("customer",)
    list_per_page = 100
