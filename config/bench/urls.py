"""The register's own pages, and one bare page behind the owner's door: what the doors themselves cost."""

from __future__ import annotations

from django.urls import path

from config.bench.views import bare
from config.urls import handler404, handler500
from config.urls import urlpatterns as pages

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [path("register/bench/bare/", bare), *pages]
