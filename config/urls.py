"""Where everything is: one namespace per door (register.doors)."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
handler404 = "register.doors.not_found"
