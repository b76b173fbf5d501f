"""A table of many runs, with Spark's mapInArrow.

    spark-submit examples/fleets/spark.py OUTPUT <paths.txt

Writes OUTPUT/runs (Parquet, a row a run) and OUTPUT/points (every point). The workers need the wheels of ftreport and
pyarrow (PYSPARK_PYTHON names a Python that has them), and see the runs at the same paths.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession

import ftreport as ft

if TYPE_CHECKING:
    import pyarrow

PATHS_A_PROCESS = 64

SQL = {"text": "string", "integer": "bigint", "number": "double", "truth": "boolean"}
POINTS = (
    "run string, file string, tag string, step bigint, wall_time double, value double, superseded boolean, "
    "duplicate boolean"
)


def runs(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    for batch in batches:
        yield from ft.runs(batch["path"].to_pylist()).to_arrow().to_batches()


def points(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    import pyarrow as pa

    for batch in batches:
        table = ft.scalars(batch["path"].to_pylist(), errors="warn").to_arrow()
        # Spark knows no dictionaries.
        plain = [(name, pa.string() if name in ("run", "file", "tag") else table.schema.field(name).type)
                 for name in table.column_names]  # fmt: skip
        yield from table.cast(pa.schema(plain)).to_batches()


def main() -> None:
    output = sys.argv[1]
    paths = sys.stdin.read().splitlines()
    spark = (
        SparkSession.builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", PATHS_A_PROCESS)
        .config("spark.sql.parquet.compression.codec", "gzip")
        .getOrCreate()
    )
    count = max(1, min(len(paths) // PATHS_A_PROCESS, 4 * spark.sparkContext.defaultParallelism))
    table = spark.createDataFrame([(path,) for path in paths], "path string").repartition(count)
    columns = ", ".join(f"{name} {SQL[kind]}" for name, kind in ft.runs([]).types.items())
    table.mapInArrow(runs, columns).write.mode("overwrite").parquet(f"{output}/runs")
    table.mapInArrow(points, POINTS).write.mode("overwrite").parquet(f"{output}/points")
    spark.stop()


if __name__ == "__main__":
    main()
