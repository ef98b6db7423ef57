"""The stop link, with and without a slash at the end (mail programs add and drop it)."""

from __future__ import annotations

from django.urls import re_path

from mailing import views

app_name = "mailing"
urlpatterns = [re_path(r"^u/(?P<token>[^/]*)/?$", views.stop, name="stop")]
