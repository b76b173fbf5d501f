"""A table of many runs, with Ray Data.

    python examples/fleets/ray.py OUTPUT <paths.txt

Writes OUTPUT/runs (Parquet, a row a run) and OUTPUT/points (every point).
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

sys.path = [place for place in sys.path if os.path.realpath(place) != os.path.dirname(os.path.realpath(__file__))]

import ray  # noqa: E402

import ftreport as ft  # noqa: E402

if TYPE_CHECKING:
    import pyarrow

PATHS_A_PROCESS = 64


def runs(paths: pyarrow.Table) -> pyarrow.Table:
    return ft.runs(paths["item"].to_pylist()).to_arrow()


def points(paths: pyarrow.Table) -> pyarrow.Table:
    return ft.scalars(paths["item"].to_pylist(), errors="warn").to_arrow().unify_dictionaries()


def main() -> None:
    output = os.path.abspath(sys.argv[1])
    paths = ray.data.from_items(sys.stdin.read().splitlines())
    for name, convert in {"runs": runs, "points": points}.items():
        table = paths.map_batches(convert, batch_size=PATHS_A_PROCESS, batch_format="pyarrow")
        table.write_parquet(f"{output}/{name}")


if __name__ == "__main__":
    main()
