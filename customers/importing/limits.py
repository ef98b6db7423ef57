"""How large a contact file may be. Beyond this a file is refused with a message, never read in part in
silence.
"""

from __future__ import annotations

MAX_BYTES = 25 * 1024 * 1024
"""Of an uploaded file."""

MAX_ROWS = 200_000
"""Rows of a table, or cards of a vCard file."""

MAX_COLUMNS = 300
"""An export of Outlook has about 90 columns, one of Google up to 200."""

MAX_UNPACKED_BYTES = 400 * 1024 * 1024
"""Of everything inside an XLSX file (which is a ZIP archive), counted while unpacking: a bomb stops here."""

MAX_CELLS = 20_000_000
"""Of one sheet, as a rectangle up to its last used row and column."""

LONGEST_LINE = 200
"""Characters of a name, a title, a street; a longer value is reported and the person shortens it."""

LONGEST_NOTE = 20_000
