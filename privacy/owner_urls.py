"""The register owner's pages of privacy requests, under /register/privacy/."""

from __future__ import annotations

from django.urls import path

from privacy.views import owner

app_name = "privacy_owner"
urlpatterns = [
    path("requests/", owner.cases, name="requests"),
    path("requests/add/", owner.add, name="add"),
    path("requests/Q<int:pk>/", owner.case, name="request"),
    path("requests/Q<int:pk>/identify/", owner.identify, name="identify"),
    path("requests/Q<int:pk>/note/", owner.note, name="note"),
    path("requests/Q<int:pk>/extend/", owner.extend, name="extend"),
    path("requests/Q<int:pk>/close/", owner.close, name="close"),
    path("people/H<int:pk>/link/", owner.link, name="link"),
]
