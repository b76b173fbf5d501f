"""What can go wrong, as exceptions."""

from __future__ import annotations

import re
from typing import Optional

_PLACE = re.compile(r"(?P<file>.+?): (?:(?P<offset>\d+): )?(?P<what>.+)", re.DOTALL)


class FtreportError(Exception):
    """The command did not do what it was asked for.

    Attributes:
        message: what the command said, whole.
        file: the file that it said it about, where it named one.
        offset: the byte of that file, where it named one.
        status: the exit status; negative is the number of the signal that ended it.
    """

    def __init__(self, message: str, status: Optional[int] = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        first = message.split("\n", 1)[0]
        place = _PLACE.fullmatch(first)
        self.file: Optional[str] = place["file"] if place else None
        self.offset: Optional[int] = int(place["offset"]) if place and place["offset"] else None


class UsageError(FtreportError):
    """Wrong arguments, a wrong configuration, or an output that cannot be written (exit status 2)."""


class DataError(FtreportError):
    """Data that is missing or cannot be read (exit status 3)."""


class CrashError(FtreportError):
    """The command was ended by a signal, or by a status of no meaning: a fault of ftreport, or too little memory."""


class BinaryNotFound(FtreportError):
    """The ftreport command was not found."""


class GateFailure(AssertionError):
    """A gate failed, was inconclusive where that counts, or its data is missing."""
