"""The admin, and the bare page."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from config.bench.stock.views import bare

urlpatterns = [path("admin/", admin.site.urls), path("bare/", bare)]
