"""Gates: as objects, and as tests."""

from __future__ import annotations

import pathlib
import shutil
import subprocess

import pytest

import ftreport as ft


@pytest.fixture
def config(samples: pathlib.Path, tmp_path: pathlib.Path) -> pathlib.Path:
    shutil.copytree(samples / "sft", tmp_path / "sft")
    subprocess.run([ft.binary(), "init", "sft"], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path / "ftreport.yml"


def test_a_pass(samples: pathlib.Path, config: pathlib.Path) -> None:
    report = ft.gate(samples / "sft", samples / "sft", config)
    assert report.verdict == "pass" and report.exit_code == 0
    assert report.raise_for_failure() is report
    assert "text/markdown" in report._repr_mimebundle_()


def test_a_failure(samples: pathlib.Path, config: pathlib.Path) -> None:
    report = ft.gate(samples / "sft_lr1e-4", [samples / "sft"], config)
    assert report.verdict == "fail"
    assert any(gate.status == "fail" for gate in report.gates)
    with pytest.raises(ft.GateFailure, match="eval/loss"):
        report.raise_for_failure()


def test_what_is_missing_is_no_pass(samples: pathlib.Path, config: pathlib.Path, tmp_path: pathlib.Path) -> None:
    with pytest.raises(ft.DataError):
        ft.gate(tmp_path / "nothing", samples / "sft", config)
    with pytest.raises(ft.UsageError, match="ftreport init"):
        ft.gate(samples / "sft", samples / "sft", tmp_path / "no.yml")


def test_the_fixture_fails_a_test(samples: pathlib.Path, config: pathlib.Path, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        f"""
        def test_good(ftreport_gate):
            assert ftreport_gate({str(samples / "sft")!r}, {str(samples / "sft")!r}).verdict == "pass"

        def test_bad(ftreport_gate):
            ftreport_gate({str(samples / "sft_lr1e-4")!r}, {str(samples / "sft")!r})
        """
    )
    pytester.makeini(f"[pytest]\nftreport_config = {config}\n")
    plugins = ["-p", "ftreport.pytest_plugin"] if not _is_installed() else []
    result = pytester.runpytest_subprocess(*plugins)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*GateFailure*", "*eval/loss*"])


def _is_installed() -> bool:
    import importlib.metadata

    return any(point.value == "ftreport.pytest_plugin" for point in importlib.metadata.distribution("ftreport").entry_points) \
        if _has_distribution() else False


def _has_distribution() -> bool:
    import importlib.metadata

    try:
        importlib.metadata.distribution("ftreport")
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
