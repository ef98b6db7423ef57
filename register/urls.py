"""The owner's pages of the core, under /register/."""

from __future__ import annotations

from django.urls import path

from register.registrar import pages as registrar
from register.staff import pages as staff

app_name = "register"
urlpatterns = [
    path("registrar/", registrar.details, name="registrar"),
    path("users/", staff.users, name="users"),
    path("users/invite/", staff.invite, name="invite"),
    path("users/<int:pk>/", staff.user, name="user"),
    path("users/<int:pk>/role/", staff.change_role, name="change_role"),
    path("users/<int:pk>/close/", staff.close, name="close_user"),
    path("users/<int:pk>/reopen/", staff.reopen, name="reopen_user"),
    path("users/<int:pk>/second-factor/", staff.reset_second_factor, name="reset_second_factor"),
    path("users/invitations/<int:pk>/again/", staff.invite_again, name="invite_again"),
    path("users/invitations/<int:pk>/withdraw/", staff.withdraw, name="withdraw_invitation"),
]
