"""The magic."""

from __future__ import annotations

import pathlib

import pytest

import ftreport as ft
from ftreport.magic import ftreport_magic


def test_the_magic_shows_a_report(samples: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    testing = pytest.importorskip("IPython.testing.globalipapp")
    shell = testing.start_ipython() or testing.get_ipython()
    shell.run_line_magic("load_ext", "ftreport")
    shown = shell.run_line_magic("ftreport", f"{samples / 'sft'}")
    data, _ = shell.display_formatter.format(shown)
    assert "data:image/svg+xml" in data["text/html"] and "4.753" in data["text/plain"]
    compared = shell.run_line_magic("ftreport", f"compare {samples / 'sft'} {samples / 'sft_lr1e-4'}")
    assert "orse" in compared.data["text/plain"]
    verified = shell.run_line_magic("ftreport", f"verify {samples / 'sft'}")
    assert "0 faults" in verified.data["text/plain"] and "<table" in verified.data["text/html"]
    assert shell.run_line_magic("ftreport", f"export {samples / 'sft'}") is None
    assert "train/loss" in capsys.readouterr().out


def test_a_gate_that_fails_and_one_without_data_are_pages_too(samples: pathlib.Path, tmp_path: pathlib.Path) -> None:
    config = tmp_path / "ftreport.yml"
    config.write_text("version: 1\ngates:\n- {id: low, metric: eval/loss, stat: best, max: 0.1}\n")
    failed = ftreport_magic(f"gate {samples / 'sft'} --config {config}").data
    assert failed["text/plain"].startswith("FAIL") and "low" in failed["text/html"]
    config.write_text("version: 1\ngates:\n- {id: none, metric: eval/nothing, stat: best, max: 0.1}\n")
    assert "without data" in ftreport_magic(f"gate {samples / 'sft'} --config {config}").data["text/markdown"]
    with pytest.raises(ft.DataError, match="nowhere"):
        ftreport_magic(f"gate {tmp_path / 'nowhere'} --config {config}")
