"""ZIP archives that people upload: what the standard library raises for those that cannot be read."""

from __future__ import annotations

import lzma
import zipfile
import zlib

UNREADABLE = (
    zipfile.BadZipFile,  # no archive at all, a wrong directory, header or checksum
    zlib.error,  # a member whose deflate stream is damaged
    lzma.LZMAError,  # the same of LZMA
    OSError,  # the same of bzip2; a place before the beginning of the file
    EOFError,  # cut off within a member
    NotImplementedError,  # a compression, an encryption or a version that Python does not know
    RuntimeError,  # encrypted with a password
    ValueError,  # offsets below zero, names that are not text in their own encoding
)
"""Each was met by changing single bytes of sound archives; the parsers' fuzz tests do the same."""
