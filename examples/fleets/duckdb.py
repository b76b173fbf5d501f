"""A table of many runs, in DuckDB.

    python examples/fleets/duckdb.py OUTPUT <paths.txt

Writes OUTPUT/runs.parquet (a row a run) and OUTPUT/points.parquet (every point); prints the best runs.
"""

from __future__ import annotations

import os
import sys

# A script's folder comes first on the path, and this one holds a file of the library's name.
sys.path = [place for place in sys.path if os.path.realpath(place) != os.path.dirname(os.path.realpath(__file__))]

import duckdb  # noqa: E402

import ftreport as ft  # noqa: E402


def main() -> None:
    output = sys.argv[1]
    paths = sys.stdin.read().splitlines()
    os.makedirs(output, exist_ok=True)
    runs = ft.runs(paths).to_arrow()  # noqa: F841  # DuckDB finds tables by their names here
    points = ft.scalars(paths, errors="warn").to_arrow()  # noqa: F841
    duckdb.execute(f"copy (from runs) to '{output}/runs.parquet'")
    duckdb.execute(f"copy (from points) to '{output}/points.parquet'")
    best = duckdb.sql(
        """
        select name, best_evaluation, best_evaluation_step, settings->>'$.learning_rate' as learning_rate
        from runs where error is null order by best_evaluation limit 10
        """
    )
    print(best)


if __name__ == "__main__":
    main()
