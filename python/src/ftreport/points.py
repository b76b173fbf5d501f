"""The points of the metrics, and the histograms beside them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from typing import Any, Optional, Union

from ._decoding import number
from ._process import Outcome, Paths, failure, path_list, run, text
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
    outcome = _exported("arrow", paths, tags, errors)
    return Table({name: [] for name in _TYPES}, _TYPES) if outcome is None else Table(stream=outcome.output)


_HISTOGRAM_TYPES = {
    "run": "text", "file": "text", "tag": "text", "step": "integer", "wall_time": "number", "superseded": "truth",
    "lefts": "numbers", "rights": "numbers", "counts": "numbers",
}  # fmt: skip


def histograms(
    paths: Paths, tags: Optional[Union[str, Iterable[str]]] = None, *, errors: str = "raise"
) -> Table:
    """Every histogram of the runs at `paths`, a row each, as TensorBoard buckets them.

    Columns: ``run``, ``file``, ``tag`` (texts), ``step`` (int64), ``wall_time`` (float64, seconds since 1970),
    ``superseded`` (bool: a resumed run wrote the step again), and three lists of float64, of equal length in a row:
    ``lefts`` and ``rights``, the edges of the buckets, and ``counts``, how many values lie in each.

    Args:
        paths: run folders, event files, folders of many runs.
        tags: patterns such as ``"weights/*"``; all tags without.
        errors: ``"raise"``, or ``"warn"`` to go on without the paths that cannot be read.

    Raises:
        UsageError: no run has a tag that fits.
        DataError: a path is no run or cannot be read.
    """
    columns: dict[str, list[Any]] = {name: [] for name in _HISTOGRAM_TYPES}
    outcome = _exported("ndjson", paths, tags, errors, "--kind", "histograms")
    for line in text(outcome).splitlines() if outcome else []:
        row = json.loads(line)
        row.setdefault("superseded", False)
        for name, kind in _HISTOGRAM_TYPES.items():
            value = row[name]
            columns[name].append([number(each) for each in value] if kind == "numbers" else value)
    return Table(columns, _HISTOGRAM_TYPES)


def _exported(
    form: str, paths: Paths, tags: Optional[Union[str, Iterable[str]]], errors: str, *options: str
) -> Optional[Outcome]:
    """What ``ftreport export`` wrote; None of no paths."""
    if errors not in ("raise", "warn"):
        raise ValueError(f"errors={errors!r}: 'raise' or 'warn'")
    arguments = ["export", "--format", form, *options]
    for tag in [tags] if isinstance(tags, str) else tags or []:
        arguments += ["--metric", tag]
    listed = path_list(paths)
    if not listed:
        return None
    outcome = run(arguments, paths=listed, good=(0, 3))
    if outcome.status != 0:
        if errors == "raise" or not len(outcome.output):
            raise failure(outcome)
        warnings.warn(outcome.errors, stacklevel=3)
    return outcome
