"""Many runs as tables."""

from __future__ import annotations

import json
import pathlib

import pytest

import ftreport as ft


def test_a_row_a_run(samples: pathlib.Path) -> None:
    table = ft.runs(samples)
    assert len(table) == 4
    row = next(row for row in table.rows() if row["path"].endswith("/sft"))
    assert (row["severity"], row["best_evaluation_step"], row["last_step"]) == ("none", 1000, 1000)
    assert row["best_evaluation"] == pytest.approx(4.7534, abs=1e-4)
    assert json.loads(row["settings"])["learning_rate"] == "0.005"


def test_a_path_that_is_no_run_has_a_row_too(samples: pathlib.Path, tmp_path: pathlib.Path) -> None:
    paths = [samples / "sft", tmp_path / "no\nrun", samples / "sft_resumed"]
    table = ft.runs(paths)
    assert [row["path"] for row in table.rows()] == [str(path) for path in paths]
    assert [bool(error) for error in table["error"]] == [False, True, False]
    with pytest.raises(ft.DataError, match="no such file"):
        ft.runs(paths, errors="raise")


def test_findings(samples: pathlib.Path) -> None:
    table = ft.findings([samples / "sft_diverged", samples / "sft"])
    assert {"non_finite"} <= set(table["kind"])
    assert all(path.endswith("sft_diverged") for path, kind in zip(table["path"], table["severity"]) if kind == "failure")


def test_checkpoints(samples: pathlib.Path) -> None:
    table = ft.checkpoints(samples / "sft")
    assert table["step"] == [500, 1000]
    assert table["relative_change"][1] == pytest.approx(0.308, abs=1e-3)


@pytest.mark.parametrize("make", [ft.runs, ft.findings, ft.checkpoints])
def test_for_every_library(samples: pathlib.Path, make) -> None:  # type: ignore[no-untyped-def]
    table = make(samples)
    assert len(table) > 0
    if_there = {"pyarrow": table.to_arrow, "pandas": table.to_pandas, "polars": table.to_polars}
    for library, convert in if_there.items():
        try:
            __import__(library)
        except ImportError:
            continue
        frame = convert()
        assert list(frame.column_names if library == "pyarrow" else frame.columns) == table.columns
        assert len(frame) == len(table)
