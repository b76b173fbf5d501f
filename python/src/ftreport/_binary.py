"""Where the command is."""

from __future__ import annotations

import os
import shutil
import site
import sys
import sysconfig
from collections.abc import Iterator
from functools import lru_cache

from .errors import BinaryNotFound

_NAME = "ftreport.exe" if os.name == "nt" else "ftreport"


def _places() -> Iterator[str]:
    """The folders that installers put the scripts of a wheel into."""
    yield sysconfig.get_path("scripts")
    package = os.path.dirname(os.path.abspath(__file__))
    packages = os.path.dirname(package)
    yield os.path.join(packages, "bin")  # pip install --target
    # lib/python3.X/site-packages under a prefix
    yield os.path.normpath(os.path.join(packages, "..", "..", "..", "bin"))
    yield os.path.join(sys.prefix, "bin")
    yield os.path.join(site.getuserbase(), "bin")


@lru_cache(maxsize=None)
def _find(override: str | None) -> str:
    if override:
        if not os.path.isfile(override):
            raise BinaryNotFound(f"{override}: no such file (named by FTREPORT_BINARY)")
        return override
    for place in _places():
        path = os.path.join(place, _NAME)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    found = shutil.which("ftreport")
    if found:
        return found
    raise BinaryNotFound(
        "the ftreport command is neither beside this package nor on PATH; install the wheel, "
        "or name a binary in FTREPORT_BINARY"
    )


def binary() -> str:
    """The path of the command: ``FTREPORT_BINARY``, else the wheel's own, else the one on ``PATH``."""
    return _find(os.environ.get("FTREPORT_BINARY"))
