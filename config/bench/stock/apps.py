"""The controls' app."""

from __future__ import annotations

from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "config.bench.stock"
    label = "stock"
