"""A pytest plugin: a gate as a test.

    def test_not_worse(ftreport_gate):
        ftreport_gate("saves/new", baseline="saves/good")

Set in ``pytest.ini`` or ``pyproject.toml``: ``ftreport_config`` (``ftreport.yml``) and ``ftreport_strict`` (false), seen
from the root of the tests. ``pytest --ftreport-strict`` counts an inconclusive gate as failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, Protocol

import pytest

if TYPE_CHECKING:
    from ._process import PathLike, Paths
    from .gates import GateReport


class RunGate(Protocol):
    """What the fixture ``ftreport_gate`` is."""

    def __call__(
        self,
        run: PathLike,
        baseline: Optional[Paths] = None,
        config: Optional[PathLike] = None,
        strict: Optional[bool] = None,
    ) -> GateReport:
        """Holds `run` against its baseline; fails the test with the gates' report where the verdict is bad."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ftreport")
    group.addoption("--ftreport-strict", action="store_true", help="count an inconclusive ftreport gate as failed")
    parser.addini("ftreport_config", "the configuration of ftreport's gates", default="ftreport.yml")
    parser.addini("ftreport_strict", "whether an inconclusive gate fails", type="bool", default=False)


@pytest.fixture
def ftreport_gate(request: pytest.FixtureRequest) -> RunGate:
    """Holds a run against the gates of ``ftreport.yml``; fails the test where the verdict is bad."""
    from .gates import gate

    settings = request.config

    def check(
        run: PathLike,
        baseline: Optional[Paths] = None,
        config: Optional[PathLike] = None,
        strict: Optional[bool] = None,
    ) -> GateReport:
        __tracebackhide__ = True
        if strict is None:
            strict = bool(settings.getoption("--ftreport-strict") or settings.getini("ftreport_strict"))
        report = gate(run, baseline, config or settings.rootpath / settings.getini("ftreport_config"), strict=strict)
        return report.raise_for_failure()

    return check
