"""Histograms as rows, beside the command's own lines and a histogram that numpy makes."""

from __future__ import annotations

import json
import pathlib
import subprocess

import pytest

import ftreport as ft

PLUGINS = pathlib.Path(__file__).resolve().parents[2] / "Tests/EventFileTests/Fixtures"


def recorded() -> pathlib.Path:
    """A fixture that holds histograms."""
    for path in sorted(PLUGINS.rglob("*tfevents*")):
        lines = subprocess.run(
            [ft.binary(), "export", "--kind", "histograms", str(path)], capture_output=True, text=True, check=False
        ).stdout
        if '"counts"' in lines:
            return path
    raise AssertionError("no fixture has histograms")


def test_rows_are_the_lines_of_the_command() -> None:
    path = recorded()
    lines = subprocess.run(
        [ft.binary(), "export", "--kind", "histograms", str(path)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    table = ft.histograms(path)
    assert len(table) == len(lines) > 0
    for row, line in zip(table.rows(), lines):
        wanted = json.loads(line)
        assert {name: row[name] for name in ("run", "tag", "step", "wall_time")} == {
            name: wanted[name] for name in ("run", "tag", "step", "wall_time")
        }
        assert row["counts"] == [float(count) for count in wanted["counts"]]
        assert len(row["lefts"]) == len(row["rights"]) == len(row["counts"])
        assert all(left <= right for left, right in zip(row["lefts"], row["rights"]))
    assert "numbers" in table._repr_html_()


def test_frames_have_lists(tmp_path: pathlib.Path) -> None:
    pa = pytest.importorskip("pyarrow")
    table = ft.histograms(recorded())
    arrow = table.to_arrow()
    arrow.validate(full=True)
    assert arrow.schema.field("counts").type == pa.list_(pa.float64())
    pl = pytest.importorskip("polars")
    assert table.to_polars().schema["lefts"] == pl.List(pl.Float64)
    assert len(table.to_pandas()) == len(table)


def test_a_run_without_any_and_a_tag_that_is_not_there(samples: pathlib.Path) -> None:
    assert len(ft.histograms(samples / "sft")) == 0
    assert len(ft.histograms([])) == 0
    with pytest.raises(ft.UsageError):
        ft.histograms(recorded(), tags="no/such")
    with pytest.raises(ft.DataError):
        ft.histograms("nowhere")
