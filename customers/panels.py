"""What other apps add to the customers' pages: a card of billing on one, a button on another."""

from __future__ import annotations

from register.panels import Panel, Slot

__all__ = ["ASSIGNMENT", "CUSTOMER", "PERSON", "TODAY", "Panel", "Slot"]

TODAY = Slot()
"""Cards of the owner's start page; the subject is the day."""
CUSTOMER = Slot()
"""Cards of a customer's page."""
PERSON = Slot()
"""Cards of a person's page."""
ASSIGNMENT = Slot()
"""Buttons of an assignment's page, beside its own steps."""
