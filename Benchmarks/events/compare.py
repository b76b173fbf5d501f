#!/usr/bin/env python3
"""Measures comparisons of two runs beside the reading of both, in turn, and prints a row of Markdown a pair: CPU
milliseconds of whole processes (medians), and how many times the reading's they are (medians of the ratios, turn by
turn), of CPU and of wall time.

usage: compare.py FOLDER --program FTREPORT [--runs N]

FOLDER is `compared` as make_data.py fills it. Build `swift build -c release --static-swift-stdlib --product read-events`
in Benchmarks and `make release` in the package first.
"""
import argparse
import os
import statistics
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
READER = os.path.join(HERE, "../.build/release/read-events")
PAIRS = [("base", "seed"), ("base", "order"), ("base", "gaps"), ("base", "copy"), ("trainer_a", "trainer_b")]
GATES = """version: 1
defaults: {x: step, window: 10%, confidence: 0.95, missing: error, inconclusive: warn}
gates:
  - {id: final, metric: train/loss, stat: final, max_increase: 5%}
  - {id: finite, finding: non_finite, max: 0}
"""


def timed(command):
    """CPU and wall seconds of a command."""
    null = os.open(os.devnull, os.O_WRONLY)
    begin = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)])
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - begin
    os.close(null)
    assert status == 0, "%s: status %d" % (" ".join(command), status)
    return usage.ru_utime + usage.ru_stime, wall


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--program", required=True)
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        config = os.path.join(scratch, "ftreport.yml")
        with open(config, "w") as file:
            file.write(GATES)
        for pair in PAIRS:
            runs = [os.path.join(options.folder, name) for name in pair]
            commands = {
                "reading": [READER, *runs],
                "comparison": [options.program, "compare", *runs],
                "with page and picture": [options.program, "compare", "-o", scratch, *runs],
                "gate": [options.program, "gate", runs[1], "--baseline", runs[0], "--config", config],
            }
            results = {name: [] for name in commands}
            for _ in range(options.runs):
                for name, command in commands.items():
                    results[name].append(timed(command))
            cells = []
            for name, times in results.items():
                cell = "%.0f ms" % (1000 * statistics.median(cpu for cpu, _ in times))
                if name != "reading":
                    cell += ", %.2f (wall %.2f)" % tuple(
                        statistics.median(one[kind] / other[kind] for one, other in zip(times, results["reading"]))
                        for kind in (0, 1))
                cells.append(cell)
            print("| `%s`, `%s` | %s |" % (*pair, " | ".join(cells)), flush=True)


if __name__ == "__main__":
    main()
