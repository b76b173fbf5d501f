"""The points of the metrics."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Optional, Union

from ._process import Paths, failure, path_list, run
from .tables import Table

_TYPES = {
    "run": "text", "file": "text", "tag": "text", "step": "integer", "wall_time": "number", "value": "number",
    "superseded": "truth", "duplicate": "truth",
}  # fmt: skip


def scalars(
    paths: Paths, tags: Optional[Union[str, Iterable[str]]] = None, *, errors: str = "raise"
) -> Table:
    """Every point of the runs at `paths`, as it stands in their files.

    Columns: ``run``, ``file``, ``tag`` (texts, as dictionaries), ``step`` (int64), ``wall_time`` (float64, seconds
    since 1970; null where a trainer's file has none), ``value`` (float64, NaN and infinities as such), ``superseded``
    (bool: a resumed run wrote the step again, or it is of another training in the folder), ``duplicate`` (bool: repeats a
    step that stands).

    Args:
        paths: run folders, event files, trainers' output folders, folders of many runs.
        tags: patterns such as ``"eval/*"``; all tags without.
        errors: ``"raise"``, or ``"warn"`` to go on without the paths that cannot be read.

    Raises:
        UsageError: no run has a tag that fits.
        DataError: a path is no run or cannot be read.
    """
    if errors not in ("raise", "warn"):
        raise ValueError(f"errors={errors!r}: 'raise' or 'warn'")
    arguments = ["export", "--format", "arrow"]
    for tag in [tags] if isinstance(tags, str) else tags or []:
        arguments += ["--metric", tag]
    listed = path_list(paths)
    if not listed:
        return Table({name: [] for name in _TYPES}, _TYPES)
    outcome = run(arguments, paths=listed, good=(0, 3))
    if outcome.status != 0:
        if errors == "raise" or not len(outcome.output):
            raise failure(outcome)
        warnings.warn(outcome.errors, stacklevel=2)
    return Table(stream=outcome.output)
