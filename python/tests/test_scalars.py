"""Points through Arrow, read by every library that is here, beside NDJSON as the reference."""

from __future__ import annotations

import json
import math
import pathlib
import subprocess
import sys

import pytest

import ftreport as ft

COLUMNS = ["run", "file", "tag", "step", "wall_time", "value", "superseded", "duplicate"]
NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def reference(*arguments: str) -> list[dict]:
    """The same points as the command writes them line by line."""
    lines = subprocess.run([ft.binary(), "export", *arguments], capture_output=True, check=True, text=True).stdout
    points = [json.loads(line) for line in lines.splitlines()]
    for point in points:
        point["value"] = NOT_FINITE.get(point["value"], point["value"])
        point.setdefault("superseded", False)
        point.setdefault("duplicate", False)
    return points


def same(table: dict[str, list], points: list[dict]) -> None:
    assert list(table) == COLUMNS
    assert len(table["step"]) == len(points) > 0
    for name in COLUMNS:
        for found, point in zip(table[name], points):
            expected = point[name]
            assert found == expected or (expected != expected and found != found), (name, point)


@pytest.mark.parametrize("name", ["sft", "sft_resumed", "sft_diverged", "."])
def test_as_the_lines_have_them_without_any_library(samples: pathlib.Path, name: str) -> None:
    same(ft.scalars(samples / name).to_dict(), reference(str(samples / name)))


def test_pyarrow(samples: pathlib.Path) -> None:
    pa = pytest.importorskip("pyarrow")
    table = ft.scalars(samples).to_arrow()
    table.validate(full=True)
    text = pa.dictionary(pa.int32(), pa.string())
    assert table.schema == pa.schema([
        pa.field("run", text, nullable=False), pa.field("file", text, nullable=False),
        pa.field("tag", text, nullable=False), pa.field("step", pa.int64(), nullable=False),
        pa.field("wall_time", pa.float64()), pa.field("value", pa.float64(), nullable=False),
        pa.field("superseded", pa.bool_(), nullable=False), pa.field("duplicate", pa.bool_(), nullable=False),
    ])  # fmt: skip
    same(table.to_pydict(), reference(str(samples)))


def test_pandas(samples: pathlib.Path) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = ft.scalars(samples / "sft_diverged", tags="eval/loss").to_pandas()
    assert frame["tag"].dtype == "category"
    assert frame["step"].dtype == "int64"
    assert frame["value"].isna().all() and len(frame) == 3


def test_polars(samples: pathlib.Path) -> None:
    pytest.importorskip("polars")
    frame = ft.scalars(samples / "sft_resumed").to_polars()
    same(frame.to_dict(as_series=False), reference(str(samples / "sft_resumed")))


def test_nanoarrow_and_the_capsule_protocol(samples: pathlib.Path) -> None:
    na = pytest.importorskip("nanoarrow")
    pytest.importorskip("pyarrow")
    points = reference(str(samples / "sft_resumed"))
    table = ft.scalars(samples / "sft_resumed")
    # Of the protocol, and of the bytes, by nanoarrow's own reader.
    import nanoarrow.ipc

    stream = nanoarrow.ipc.InputStream.from_readable(memoryview(table._stream))
    for array in (na.Array(table), na.Array(stream)):
        assert len(array) == len(points)
        assert array.child(3).to_pylist() == [point["step"] for point in points]
        assert array.child(6).to_pylist() == [point["superseded"] for point in points]


def test_duckdb(samples: pathlib.Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    points = ft.scalars(samples / "sft_resumed").to_arrow()  # noqa: F841  # DuckDB finds it by its name
    rows = duckdb.sql("select count(*), count(*) filter (superseded), max(step) from points").fetchall()[0]
    expected = reference(str(samples / "sft_resumed"))
    assert rows == (len(expected), sum(point["superseded"] for point in expected), 1000)


def test_more_rows_than_a_batch_holds(tmp_path: pathlib.Path) -> None:
    count = 2 * 65_536 + 3
    lines = (f'{{"current_steps": {step}, "loss": {step / 7}}}\n' for step in range(1, count + 1))
    (tmp_path / "trainer_log.jsonl").write_text("".join(lines))
    table = ft.scalars(tmp_path)
    columns = table.to_dict()
    assert columns["step"] == list(range(1, count + 1))
    assert columns["value"] == [step / 7 for step in columns["step"]]
    assert columns["wall_time"] == [None] * count
    assert set(columns["superseded"]) == set(columns["duplicate"]) == {False}
    if "pyarrow" in sys.modules:
        arrow = table.to_arrow()
        arrow.validate(full=True)
        assert [len(batch) for batch in arrow.to_batches()] == [65_536, 65_536, 3]
        assert arrow["wall_time"].null_count == count


def test_runs_of_one_name_are_told_apart(samples: pathlib.Path, tmp_path: pathlib.Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x").symlink_to(samples / "sft/runs/Nov23_19-39-41_vm")
    named = tmp_path / "c/x", tmp_path / "d/x"
    for folder in named:
        folder.mkdir(parents=True)
        (folder / "trainer_log.jsonl").write_text('{"current_steps": 1, "loss": 2}\n')
    assert set(ft.scalars(named)["run"]) == {"c/x", "d/x"}


def test_odd_names_come_through(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "-o a\nb'\"$(x)é"
    folder.mkdir()
    (folder / "trainer_log.jsonl").write_text('{"current_steps": 1, "loss": 2}\n')
    assert ft.scalars(folder)["file"] == [f"{folder}/trainer_log.jsonl"]


def test_a_path_that_is_no_run(samples: pathlib.Path, tmp_path: pathlib.Path) -> None:
    with pytest.raises(ft.DataError, match="no such file or folder") as found:
        ft.scalars(tmp_path / "missing")
    assert found.value.file == str(tmp_path / "missing")
    paths = [samples / "sft", tmp_path / "missing"]
    with pytest.raises(ft.DataError):
        ft.scalars(paths)
    with pytest.warns(UserWarning, match="no such file or folder"):
        assert len(ft.scalars(paths, errors="warn")) == len(reference(str(samples / "sft")))


def test_a_pattern_that_fits_nothing(samples: pathlib.Path) -> None:
    with pytest.raises(ft.UsageError, match="did you mean 'eval/loss'"):
        ft.scalars(samples / "sft", tags=["eval/lss"])


def test_a_table_says_what_it_is(samples: pathlib.Path) -> None:
    table = ft.scalars(samples / "sft")
    assert repr(table) == "<ftreport.Table: 461 rows of run, file, tag, step, wall_time, value, superseded, duplicate>"
    assert table._repr_html_().count("<tr>") == 11
    assert next(table.rows())["tag"] == "train/loss"
