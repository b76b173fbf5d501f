"""Gates: is a run worse than a baseline?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Optional

from . import models
from ._process import PathLike, Paths, failure, path_list, run, text
from .errors import GateFailure
from .pages import Page, _inert, page


@dataclass(repr=False)
class GateReport(Page, models.Gating):
    """What the gates of a configuration say of a run."""

    def raise_for_failure(self) -> GateReport:
        """Raises `GateFailure`, an `AssertionError`, with the gates' own report unless the verdict is good.

        The verdict is good where the command's exit status would be 0: passed, passed with warnings, or inconclusive
        without ``strict``.
        """
        if self.exit_code != 0:
            raise GateFailure(text(run([*self._command, "--format", "term"], good=range(5))).rstrip())
        return self

    def __repr__(self) -> str:
        return f"<ftreport gate of {self.run.name}: {self.verdict}>"


def gate(
    run_path: PathLike,
    baseline: Optional[Paths] = None,
    config: PathLike = "ftreport.yml",
    *,
    strict: bool = False,
) -> GateReport:
    """Holds the run at `run_path` against the gates of `config`.

    Args:
        baseline: a run, several runs, or a golden file of ``ftreport calibrate``; those of the configuration without.
        strict: whether an inconclusive gate counts as failed.

    Returns:
        the verdict, whatever it is; `GateReport.raise_for_failure` makes an exception of a bad one.

    Raises:
        UsageError: the configuration is wrong or missing.
        DataError: the run or the baseline cannot be read.
    """
    command = ["gate", _inert(run_path), "--config", str(config)]
    for path in path_list(baseline) if baseline is not None else []:
        command += ["--baseline", path]
    if strict:
        command.append("--strict")
    outcome = run([*command, "--format", "json"], good=(0, 1, 3, 4))
    if not len(outcome.output):  # missing data is a verdict of the gates too; without one there was no gate
        raise failure(outcome)
    return page(GateReport, command, json.loads(text(outcome)))
