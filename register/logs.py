"""What must not reach a log: the secret part of links, the values in a database's complaint, forged lines.

Django itself logs the path of a failed request and its traceback; PostgreSQL's DETAIL repeats the whole row.
"""

from __future__ import annotations

import logging
import re

SECRET_PATHS = re.compile(r"(/(?:u|my)/)[^\s/?\"']+")
VALUES = re.compile(r"\n(?:DETAIL|CONTEXT): .*?(?=\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL)
CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


class WithoutTokens(logging.Filter):
    """Handler filter: a link's token is replaced by an ellipsis in whatever is about to be written."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if SECRET_PATHS.search(message):
            record.msg, record.args = SECRET_PATHS.sub(r"\1…", message), ()
        return True


class OneLine(logging.Formatter):
    """A message is one line, whatever was put into it; a traceback tells no values of the database."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        record.message = CONTROLS.sub(lambda found: repr(found[0])[1:-1], record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802  (logging's name)
        return VALUES.sub("", super().formatException(ei))  # type: ignore[arg-type]
