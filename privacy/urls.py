"""The public pages of privacy: front page, statement, request form, and the person's own link."""

from __future__ import annotations

from django.urls import path, re_path

from privacy.views import my_data, public

app_name = "privacy"
urlpatterns = [
    path("", public.front, name="front"),
    path("privacy/", public.current_statement, name="statement"),
    path("privacy/request/", public.ask, name="ask"),
    path("privacy/request/sent/", public.asked, name="asked"),
    path("privacy/<str:language>", public.current_statement, name="statement_in"),
    path("my/", my_data.my, name="my"),
    path("my/ask/", my_data.ask, name="my_ask"),
    path("my/asked/", my_data.thanks, name="my_asked"),
    path("my/code/<str:kind>/", my_data.code, name="my_code"),
    path("my/stop/", my_data.stop, name="my_stop"),
    path("my/leave/", my_data.leave, name="my_leave"),
    re_path(r"^my/(?P<token>[^/]+)/?$", my_data.first_hit, name="first_hit"),
]
