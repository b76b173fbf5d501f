"""``%load_ext ftreport`` gives ``%ftreport PATH…`` in a notebook: the report, with its picture.

``%ftreport A B`` is an overview of both, ``%ftreport compare A B`` their comparison, and ``inspect``, ``verify`` and
``gate`` show their pages; any other verb (``export``, ``init``, …) is run as at a shell. A line's ``$name`` and ``{expression}`` are Python's, as in ``!``.
"""

from __future__ import annotations

import shlex
from typing import Any

from ._process import run, text
from .pages import bundle

_SHOWN = ("report", "compare", "inspect", "verify", "gate")
_VERBS = ("export", "calibrate", "init", "help", "watch")


class Shown:
    """What the last line of a cell shows."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.data

    def __repr__(self) -> str:
        return str(self.data.get("text/plain", ""))


def ftreport_magic(line: str) -> Any:
    """Runs the command as the rest of the line says."""
    words = shlex.split(line)
    plain = ("--help", "-h", "--version", "--self-test")
    asks = any(word in plain or word.startswith("--format") for word in words)
    if asks or not words or words[0] in _VERBS:
        outcome = run(words, good=range(5))
        print(text(outcome) or outcome.errors, end="")
        return None
    command = words if words[0] in _SHOWN else ["report", *words]
    return Shown(bundle(command))


def load_ipython_extension(ipython: Any) -> None:
    """What ``%load_ext ftreport`` calls."""
    ipython.register_magic_function(ftreport_magic, magic_kind="line", magic_name="ftreport")
