#!/usr/bin/env python3
"""Measures how long the points of a run take to get into a data frame: ftreport beside TensorBoard's own reader and tbparse.

    FTREPORT_BINARY=… PYTHONPATH=../python/src python python/measure.py data/one_tag [--peers]

Each way runs in a process of its own, the imports of the libraries outside the time; of some runs the one with the
least CPU time is printed (that of the command included), with the peak of memory.
"""

import json
import subprocess
import sys
import time

WAYS = {
    "export --format arrow": None,
    "export --format csv": None,
    "export --format ndjson": None,
    "ft.scalars to pyarrow": ("import ftreport as ft, pyarrow", "ft.scalars(path).to_arrow()"),
    "ft.scalars to pandas": ("import ftreport as ft, pandas, pyarrow", "ft.scalars(path).to_pandas()"),
    "ft.scalars to polars": ("import ftreport as ft, polars", "ft.scalars(path).to_polars()"),
    "ft.scalars to lists": ("import ftreport as ft", "ft.scalars(path).to_dict()"),
    "tbparse": ("from tbparse import SummaryReader", "SummaryReader(path).scalars"),
    "EventAccumulator": (
        "from tensorboard.backend.event_processing.event_accumulator import EventAccumulator\nimport pandas",
        "a = EventAccumulator(path, size_guidance={'scalars': 0}); a.Reload();"
        "pandas.concat([pandas.DataFrame(a.Scalars(tag)) for tag in a.Tags()['scalars']])",
    ),
}
PEERS = ("tbparse", "EventAccumulator")


def command(arguments, path):
    """CPU and wall seconds and peak memory of a run of the command, its output thrown away through a pipe."""
    import os

    binary = os.environ.get("FTREPORT_BINARY", "ftreport")
    start = time.perf_counter()
    process = subprocess.Popen([binary, *arguments.split(), path], stdout=subprocess.PIPE)
    while process.stdout.read(1 << 20):
        pass
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measured(setup, statement, path):
    code = (
        f"{setup}\nimport json, resource, time\n"
        "cpu = lambda: sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))\n"
        f"path = {path!r}\nbefore = cpu()\nstart = time.perf_counter()\n{statement}\n"
        "wall = time.perf_counter() - start\n"
        "print(json.dumps([cpu() - before, wall, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(outcome.stdout.splitlines()[-1])


def main():
    path = sys.argv[1]
    for name, way in WAYS.items():
        if name in PEERS and "--peers" not in sys.argv:
            continue
        if way is None:
            wall, cpu, peak = min((command(name, path) for _ in range(5)), key=lambda run: run[1])
            print(f"{name:24} {wall:6.3f} s wall {cpu:6.3f} s CPU {peak:5.0f} MB")
        else:
            cpu, wall, peak = min(measured(*way, path) for _ in range(1 if name in PEERS else 5))
            print(f"{name:24} {wall:6.3f} s wall {cpu:6.3f} s CPU {peak:5.0f} MB")


main()
