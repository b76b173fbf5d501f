"""ftreport in Python: what a fine-tuning left behind, as objects, tables and pages.

    import ftreport as ft
    ft.report("saves/a")                    # the report; in a notebook with its picture
    ft.scalars("saves/a").to_pandas()       # every point
    ft.gate("saves/new", "saves/good").raise_for_failure()

Every call runs the ``ftreport`` command that the wheel brings, in a process of its own. See the project's
documentation for the verbs; docstrings say what the Python side adds.
"""

from __future__ import annotations

# Known to type checkers by its name; importing typing would take most of the time of an import of this package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from . import models
    from ._binary import binary
    from .errors import BinaryNotFound, CrashError, DataError, FtreportError, GateFailure, UsageError
    from .fleets import checkpoints, findings, runs
    from .gates import GateReport, gate
    from .pages import (
        CheckpointComparison,
        Inspection,
        OverviewReport,
        RunComparison,
        RunReport,
        Spectrum,
        Verification,
        compare,
        inspect,
        overview,
        report,
        spectrum,
        verify,
    )
    from .points import histograms, scalars
    from .tables import Table

# Where each name comes from. Modules are imported when they are first asked for, so that the package costs a training
# script, which imports it at its start, next to nothing.
_PLACES = {
    "models": "",
    "binary": "_binary",
    **dict.fromkeys(
        ["BinaryNotFound", "CrashError", "DataError", "FtreportError", "GateFailure", "UsageError"], "errors"
    ),
    **dict.fromkeys(["checkpoints", "findings", "runs"], "fleets"),
    **dict.fromkeys(["GateReport", "gate"], "gates"),
    **dict.fromkeys(
        [
            "CheckpointComparison", "Inspection", "OverviewReport", "RunComparison", "RunReport", "Spectrum",
            "Verification",
        ],
        "pages",
    ),
    **dict.fromkeys(["compare", "inspect", "overview", "report", "spectrum", "verify"], "pages"),
    **dict.fromkeys(["histograms", "scalars"], "points"),
    "Table": "tables",
}

__all__ = [
    "BinaryNotFound",
    "CheckpointComparison",
    "CrashError",
    "DataError",
    "FtreportError",
    "GateFailure",
    "GateReport",
    "Inspection",
    "OverviewReport",
    "RunComparison",
    "RunReport",
    "Spectrum",
    "Table",
    "UsageError",
    "Verification",
    "binary",
    "checkpoints",
    "compare",
    "findings",
    "gate",
    "histograms",
    "inspect",
    "models",
    "overview",
    "report",
    "runs",
    "scalars",
    "spectrum",
    "verify",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module 'ftreport' has no attribute '{name}'")
    found = import_module(f"ftreport.{place or name}")
    value = getattr(found, name) if place else found
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACES])


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext ftreport``."""
    from .magic import load_ipython_extension as load

    load(ipython)
