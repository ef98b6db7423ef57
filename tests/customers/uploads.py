"""Files that tests put into the register through its pages."""

from __future__ import annotations

PDF = b"%PDF-1.7\n" + b"x" * 500
