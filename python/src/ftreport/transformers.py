"""A callback for Hugging Face's Trainer that stops a training on a finding.

    from ftreport.transformers import FtreportCallback
    trainer = Trainer(..., callbacks=[FtreportCallback(until=["non_finite", "diverged"])])
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Optional

from . import models
from .errors import FtreportError
from .pages import report

if TYPE_CHECKING:

    class TrainerCallback:
        pass

else:
    from transformers import TrainerCallback

_log = logging.getLogger("ftreport")


class FtreportCallback(TrainerCallback):
    """Examines what the Trainer has logged so far, and stops the training on a finding.

    It reads the history in the Trainer's memory, so that it works whatever the run reports to. All ranks have the same
    history, look at the same moments and stop at the same step.

    Args:
        until: the kinds of findings that end the training, such as ``non_finite``, ``diverged``, ``overfitting``; none
            only keeps `findings` current.
        every: the number of log entries between two looks. A look takes some milliseconds.

    Attributes:
        findings: those of the last look.
        finding: the one that ended the training.
    """

    def __init__(self, until: Iterable[str] = ("non_finite", "diverged"), *, every: int = 1) -> None:
        self.until = frozenset([until] if isinstance(until, str) else until)
        self.every = max(1, every)
        self.findings: list[models.Finding] = []
        self.finding: Optional[models.Finding] = None
        self._next = self.every

    def on_log(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Called by the Trainer after each log entry."""
        entries = len(state.log_history)
        if entries < self._next:
            return
        # A history is read whole: the longer it is, the rarer the looks, so that all of them stay linear.
        self._next = entries + max(self.every, entries // 500)
        self._look(state)
        for finding in self.findings:
            if finding.kind in self.until:
                self.finding = finding
                control.should_training_stop = True
                _log.warning("training stopped at step %s: %s", state.global_step, finding.title)
                return

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Called by the Trainer at the end."""
        self._look(state)

    def _look(self, state: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="ftreport-") as folder:
            path = os.path.join(folder, "trainer_state.json")
            state.save_to_json(path)
            try:
                self.findings = report(path).findings
            except FtreportError as error:  # a training is worth more than its report
                _log.warning("ftreport: %s", error)
