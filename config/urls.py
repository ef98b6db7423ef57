"""Where everything is: one namespace per door (register.doors)."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from register.admin import owner_site

# The owner's own pages come before the admin site, which stands last under /register/.
urlpatterns: list[URLPattern | URLResolver] = [
    path("register/", owner_site.urls),
    path("", include("mailing.urls")),
]
handler404 = "register.doors.not_found"
