"""What must not reach a log: the secret part of links. Django itself logs the path of a failed request."""

from __future__ import annotations

import logging
import re

SECRET_PATHS = re.compile(r"(/(?:u|my)/)[^\s/?\"']+")


class WithoutTokens(logging.Filter):
    """Handler filter: a link's token is replaced by an ellipsis in whatever is about to be written."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if SECRET_PATHS.search(message):
            record.msg, record.args = SECRET_PATHS.sub(r"\1…", message), ()
        return True
