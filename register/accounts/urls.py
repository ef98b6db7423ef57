"""Addresses of signing in and of one's own account. Of allauth's pages only those that are used."""

from __future__ import annotations

from allauth.account import views
from django.urls import include, path, re_path

from register.accounts import pages

own = [
    path("", pages.account, name="account"),
    path("continue/", pages.go_on, name="continue"),
    path("sessions/", pages.own_sessions, name="sessions"),
    path("sessions/end/", pages.end_session, name="end_session"),
    path("invitation/", pages.join, name="join"),
    path("invitation/<str:token>/", pages.invited, name="invited"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", include("allauth.mfa.urls")),
]
