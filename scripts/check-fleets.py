#!/usr/bin/env python3
"""Runs the examples of examples/fleets over many copies of the samples, and checks what they wrote.

    FTREPORT_BINARY=.build/release/ftreport PYTHONPATH=python/src python scripts/check-fleets.py 1000 duckdb dask spark

The first argument is the number of runs; engines that are not installed are named and left out. For each engine it
checks that every run has its row and every point is there, that figures are those of the run itself, that a path that
is no run has a row with its error, and prints the time a run.
"""

from __future__ import annotations

import importlib.util
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import pyarrow.compute as pc
import pyarrow.parquet as pq

import ftreport as ft

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "samples/saves/tiny-random-qwen3/lora").iterdir())
MODULES = {"duckdb": "duckdb", "dask": "dask", "ray": "ray", "spark": "pyspark"}


def copies(folder: pathlib.Path, count: int) -> list[str]:
    """`count` runs: copies of the samples without their weights, each a folder of its own."""
    paths = []
    for index in range(count):
        target = folder / f"{index // 100:04}" / f"run-{index:06}"
        source = SAMPLES[index % len(SAMPLES)]
        # The log alone, as most folders of runs have it.
        target.mkdir(parents=True)
        for file in source.glob("runs/*/*"):
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
        paths.append(str(target))
    return paths


def check(output: pathlib.Path, paths: list[str], missing: str) -> None:
    def table(name: str):
        place = output / name
        return pq.read_table(place if place.is_dir() else f"{place}.parquet")

    runs, points = table("runs"), table("points")
    assert runs.num_rows == len(paths) + 1, (runs.num_rows, len(paths) + 1)
    (error,) = runs.filter(pc.is_valid(runs["error"])).to_pylist()
    assert error["path"] == missing and "no such file" in error["error"], error
    # A run's own path is where its event files are, within the folder that was named.
    by_path = {row["path"].split("/runs")[0]: row for row in runs.to_pylist()}
    assert set(by_path) == {*paths, missing}

    expected_points = 0
    for index, _ in enumerate(SAMPLES):
        alone, (reference,) = ft.scalars(paths[index]), ft.runs(paths[index]).rows()
        share = len(paths[index :: len(SAMPLES)])
        expected_points += share * len(alone)
        for path in paths[index :: len(SAMPLES)]:
            row = by_path[path]
            for name, value in reference.items():
                if name not in ("name", "path"):
                    assert row[name] == value or value != value, (path, name, row[name], value)
    assert points.num_rows == expected_points, (points.num_rows, expected_points)
    assert pc.sum(points["superseded"]).as_py() == sum(
        sum(ft.scalars(paths[index])["superseded"]) * len(paths[index :: len(SAMPLES)]) for index in range(len(SAMPLES))
    )


def main() -> None:
    count, engines = int(sys.argv[1]), sys.argv[2:] or list(MODULES)
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        paths = copies(folder / "saves", count)
        missing = str(folder / "saves/no-run")
        listed = "\n".join([*paths[: count // 2], missing, *paths[count // 2 :]]) + "\n"
        for engine in engines:
            if importlib.util.find_spec(MODULES[engine]) is None:
                print(f"{engine}: {MODULES[engine]} is not installed, left out")
                continue
            output = folder / engine
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, ROOT / f"examples/fleets/{engine}.py", output], input=listed, text=True, check=True,
                # Spark's workers are to be this Python, which has what the example imports.
                env={**os.environ, "PYSPARK_PYTHON": sys.executable},
                stdout=subprocess.DEVNULL, stderr=None if os.environ.get("VERBOSE") else subprocess.DEVNULL,
            )  # fmt: skip
            wall = time.perf_counter() - start
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            check(output, paths, missing)
            print(
                f"{engine}: {count:,} runs right; {wall:.1f} s wall, {cpu:.1f} s CPU, {1000 * wall / count:.2f} ms a run"
            )


if __name__ == "__main__":
    main()
