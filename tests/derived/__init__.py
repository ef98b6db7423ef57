"""Tests that follow from the inventory: a new field or model is covered on the day it is declared."""
