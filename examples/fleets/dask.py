"""A table of many runs, with Dask: some dozens of paths a process.

    python examples/fleets/dask.py OUTPUT <paths.txt

Writes OUTPUT/runs (Parquet, a row a run) and OUTPUT/points (every point).
"""

from __future__ import annotations

import os
import sys

sys.path = [place for place in sys.path if os.path.realpath(place) != os.path.dirname(os.path.realpath(__file__))]

import dask  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

import ftreport as ft  # noqa: E402

PATHS_A_PROCESS = 64


@dask.delayed
def convert(paths: list[str], output: str, part: int) -> int:
    """Writes a part of both tables; returns its number of runs."""
    runs = ft.runs(paths)
    pq.write_table(runs.to_arrow(), f"{output}/runs/{part:06}.parquet")
    pq.write_table(ft.scalars(paths, errors="warn").to_arrow(), f"{output}/points/{part:06}.parquet")
    return len(runs)


def main() -> None:
    output = sys.argv[1]
    paths = sys.stdin.read().splitlines()
    for table in ("runs", "points"):
        os.makedirs(f"{output}/{table}", exist_ok=True)
    parts = [paths[start : start + PATHS_A_PROCESS] for start in range(0, len(paths), PATHS_A_PROCESS)]
    # Threads do: the work is done by the command, in processes of its own.
    counts = dask.compute(*[convert(part, output, index) for index, part in enumerate(parts)], scheduler="threads")
    print(sum(counts), "runs")


if __name__ == "__main__":
    main()
