"""The magic."""

from __future__ import annotations

import pathlib

import pytest


def test_the_magic_shows_a_report(samples: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    testing = pytest.importorskip("IPython.testing.globalipapp")
    shell = testing.start_ipython() or testing.get_ipython()
    shell.run_line_magic("load_ext", "ftreport")
    shown = shell.run_line_magic("ftreport", f"{samples / 'sft'}")
    data, _ = shell.display_formatter.format(shown)
    assert "data:image/svg+xml" in data["text/html"] and "4.753" in data["text/plain"]
    compared = shell.run_line_magic("ftreport", f"compare {samples / 'sft'} {samples / 'sft_lr1e-4'}")
    assert "orse" in compared.data["text/plain"]
    assert shell.run_line_magic("ftreport", f"verify {samples / 'sft'}") is None
    assert "records" in capsys.readouterr().out
