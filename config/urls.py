"""Where everything is: one namespace per door (register.doors)."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from register.accounts.pages import set_up
from register.admin import owner_site

# The owner's own pages come before the admin site, which stands last under /register/.
urlpatterns: list[URLPattern | URLResolver] = [
    path("register/", include("customers.urls")),
    path("register/", include("register.urls")),
    path("register/privacy/", include("privacy.owner_urls")),
    path("register/billing/", include("billing.owner_urls")),
    path("register/", owner_site.urls),
    path("billing/", include("billing.urls")),
    path("accounts/", include("register.accounts.urls")),
    path("setup/<str:token>/", set_up, name="setup"),
    path("", include("mailing.urls")),
    path("", include("privacy.urls")),
]
handler500 = "register.outage.failed"
handler404 = "register.doors.not_found"
handler429 = "register.accounts.pages.too_many"
