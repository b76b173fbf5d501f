"""Many runs as tables: a row a run, a finding, a checkpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Optional, Union

from . import models
from ._decoding import decode
from ._process import Paths, path_list, run, text
from .errors import DataError
from .tables import Table


class _Unreadable:
    """A path that is no run."""

    def __init__(self, path: str, error: str) -> None:
        self.path = path
        self.error = error


def _documents(paths: Paths, errors: str, *options: str) -> Iterator[Union[models.Run, _Unreadable]]:
    if errors not in ("raise", "row"):
        raise ValueError(f"errors={errors!r}: 'raise' or 'row'")
    listed = path_list(paths)
    if not listed:
        return
    outcome = run(["report", "--format", "ndjson", *options], paths=listed, good=(0, 3))
    for line in text(outcome).splitlines():
        value = json.loads(line)
        if "error" in value:
            if errors == "raise":
                raise DataError(value["error"], 3)
            yield _Unreadable(value["path"], value["error"])
        else:
            yield decode(models.Run, value)


_RUN_COLUMNS = {
    "name": "text", "path": "text", "error": "text", "severity": "text", "verdict": "text", "sentence": "text",
    "training": "text", "objective": "text", "objective_direction": "text", "objective_best": "number",
    "objective_best_step": "integer", "findings": "integer", "final_training_loss": "number", "final_training_loss_low": "number",
    "final_training_loss_high": "number", "evaluation_metric": "text", "best_evaluation": "number",
    "best_evaluation_step": "integer", "last_evaluation": "number", "first_step": "integer", "last_step": "integer",
    "planned_steps": "integer", "epochs": "number", "seconds": "number", "start_time": "number",
    "steps_per_second": "number", "samples_per_second": "number", "tokens": "number", "checkpoints": "integer",
    "faults": "integer", "settings": "text",
}  # fmt: skip


def runs(paths: Paths, *, errors: str = "row") -> Table:
    """A row for each run at `paths`: its verdict, figures and settings.

    ``settings`` is a JSON object of the launch's settings, which DuckDB and polars look into
    (``settings->>'$.learning_rate'``). Times are seconds, ``start_time`` since 1970.

    Args:
        paths: run folders, event files, trainers' output folders, folders of many runs.
        errors: ``"row"`` gives a path that cannot be read a row with ``path`` and ``error`` alone; ``"raise"`` raises.
    """
    columns: dict[str, list[Any]] = {name: [] for name in _RUN_COLUMNS}
    for document in _documents(paths, errors):
        row = (
            {"path": document.path, "error": document.error}
            if isinstance(document, _Unreadable)
            else _run_row(document)
        )
        for name, values in columns.items():
            values.append(row.get(name))
    return Table(columns, _RUN_COLUMNS)


def _run_row(run: models.Run) -> dict[str, Any]:
    level, evaluation, extent = run.final_training_loss, run.evaluation, run.extent
    best = evaluation.best if evaluation else None
    objective = run.objective
    settings = {
        name: value for section in reversed(run.configuration) for name, value in section.settings.items()
    }
    return {
        "name": run.name, "path": run.path, "severity": run.verdict.severity, "verdict": run.verdict.label,
        "sentence": run.verdict.sentence, "training": run.training,
        "objective": objective and objective.metric, "objective_direction": objective and objective.direction,
        "objective_best": objective and objective.best and objective.best.value,
        "objective_best_step": objective and objective.best and objective.best.step, "findings": len(run.findings),
        "final_training_loss": level and level.mean, "final_training_loss_low": level and level.low,
        "final_training_loss_high": level and level.high, "evaluation_metric": evaluation and evaluation.tag,
        "best_evaluation": best and best.value, "best_evaluation_step": best and best.step,
        "last_evaluation": evaluation and evaluation.last.value, "first_step": extent.first_step,
        "last_step": extent.last_step, "planned_steps": extent.planned_steps, "epochs": extent.epochs,
        "seconds": extent.seconds, "start_time": extent.start_time, "steps_per_second": extent.steps_per_second,
        "samples_per_second": extent.samples_per_second, "tokens": extent.tokens,
        "checkpoints": len(run.checkpoints), "faults": run.quality.fault_count,
        "settings": json.dumps(settings, ensure_ascii=False),
    }  # fmt: skip


_FINDING_COLUMNS = {
    "run": "text", "path": "text", "kind": "text", "severity": "text", "metric": "text", "step": "integer",
    "last_step": "integer", "value": "number", "reference": "number", "count": "integer", "title": "text",
    "text": "text",
}  # fmt: skip


def findings(paths: Paths, *, errors: str = "raise") -> Table:
    """A row for each finding of the runs at `paths`; ``errors="row"`` passes over what cannot be read."""
    columns: dict[str, list[Any]] = {name: [] for name in _FINDING_COLUMNS}
    for document in _documents(paths, errors):
        if isinstance(document, _Unreadable):
            continue
        for finding in document.findings:
            for name, values in columns.items():
                value = document.name if name == "run" else document.path if name == "path" else getattr(finding, name)
                values.append(value)
    return Table(columns, _FINDING_COLUMNS)


_CHECKPOINT_COLUMNS = {
    "run": "text", "path": "text", "step": "integer", "train_loss": "number", "eval_loss": "number", "norm": "number",
    "change_norm": "number", "relative_change": "number", "cosine": "number", "movement": "text", "best": "truth",
    "problem": "text",
}  # fmt: skip


def checkpoints(paths: Paths, *, errors: str = "raise") -> Table:
    """A row for each checkpoint of the runs at `paths`, with the losses at its step and how its weights moved.

    ``norm`` is that of the weights or of the adapter's change, ``change_norm`` that of their move since the checkpoint
    before, ``relative_change`` their ratio, ``cosine`` the direction of the move beside the one before.
    """
    columns: dict[str, list[Any]] = {name: [] for name in _CHECKPOINT_COLUMNS}
    for document in _documents(paths, errors, "--weights"):
        if isinstance(document, _Unreadable):
            continue
        for checkpoint in document.checkpoints:
            for name, values in columns.items():
                values.append(document.name if name == "run" else _figure(checkpoint, name))
    return Table(columns, _CHECKPOINT_COLUMNS)


def _figure(checkpoint: Any, name: str) -> Optional[Any]:
    value = getattr(checkpoint, name, None)
    return None if isinstance(value, dict) else value
