#!/usr/bin/env python3
"""Cuts finished runs and holds the command's forecasts against how they ended.

    scripts/check-forecasts.py .build/release/ftreport FOLDER...

Each folder holds a run. Its training loss, with steps and epochs, is cut at shares of the run and written as a trainer's
log whose plan is the whole; the truth is the mean of the last tenth of the points. Printed for each share: how many runs
were cut, on how many the command speaks, why not on the others, how far it is off, and how often the end lies in the
interval. Runs that the command does not call healthy, of fewer than 40 points, or judged by a reward stay out.
"""
import collections
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

binary, folders = sys.argv[1], sys.argv[2:]


def lines(*arguments: str) -> list[dict]:
    output = subprocess.run([binary, *arguments], capture_output=True, text=True, check=False).stdout
    return [json.loads(line) for line in output.splitlines()]


def curves() -> list[tuple[list[int], list[float], dict[int, float]]]:
    found = []
    for folder in folders:
        for run in lines("report", "--format", "ndjson", folder):
            loss = run.get("training_loss")
            if not loss or run["verdict"]["severity"] in ("warning", "failure"):
                continue
            if not run["objective"] or "loss" not in run["objective"]["metric"]:
                continue
            points: dict[int, float] = {}
            epochs: dict[int, float] = {}
            for point in lines("export", run["path"]):
                if point.get("superseded") or point.get("duplicate") or point["run"] != run["name"]:
                    continue
                if point["tag"] == loss["tag"]:
                    points[point["step"]] = point["value"]
                elif point["tag"].endswith("epoch"):
                    epochs[point["step"]] = point["value"]
            values = [points[step] for step in sorted(points)]
            if len(values) >= 40 and all(isinstance(v, (int, float)) and v > 0 for v in values):
                found.append((sorted(points), values, epochs))
    return found


def main() -> None:
    known = curves()
    print("| seen | runs | forecasts | within the interval | median error | 90 % of errors | median half-width | none because |")
    print("|---:|---:|---:|---:|---:|---:|---:|---|")
    for share in (0.5, 0.6, 0.75, 0.9):
        errors, hits, widths = [], 0, []
        reasons: collections.Counter[str] = collections.Counter()
        for steps, values, epochs in known:
            planned = steps[-1]
            kept = [i for i, step in enumerate(steps) if step <= share * planned]
            # The log ends at the very share, so that its last point tells it.
            truth = statistics.fmean(values[int(0.9 * len(values)):])
            with tempfile.TemporaryDirectory() as folder:
                with open(pathlib.Path(folder) / "trainer_log.jsonl", "w") as log:
                    for i in kept:
                        row = {"current_steps": steps[i], "total_steps": planned, "loss": values[i]}
                        if steps[i] in epochs:
                            row["epoch"] = epochs[steps[i]]
                        log.write(json.dumps(row) + "\n")
                [run] = lines("report", "--format", "ndjson", folder) or [{}]
            forecast = run.get("forecast")
            if not forecast or forecast["level"] is None:
                reasons[(forecast or {}).get("obstacle") or "not asked"] += 1
                continue
            errors.append(abs(math.log(truth / forecast["level"])))
            hits += forecast["low"] <= truth <= forecast["high"]
            widths.append(math.log(forecast["high"] / forecast["low"]) / 2)
        count = len(errors)
        if not count:
            print(f"| {share:.0%} | {len(known)} | 0 | | | | | {dict(reasons)} |")
            continue
        order = sorted(errors)
        why = "; ".join(f"{n} {reason}" for reason, n in reasons.most_common())
        print(
            f"| {share:.0%} | {len(known)} | {count} ({count / len(known):.0%}) | {hits / count:.0%} "
            f"| {statistics.median(order):.1%} | {order[int(0.9 * (count - 1))]:.1%} | {statistics.median(widths):.1%} | {why} |")


main()
