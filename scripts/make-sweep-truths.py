#!/usr/bin/env python3
"""Writes sweep.json into Tests/Fixtures/analysis: what numpy, scipy and pandas say of groups of runs.

Needs numpy, scipy and pandas (made with scipy 1.17 and pandas 3.1). Run from anywhere; the output is the same every time.
The columns of `reduced` are those of tensorboard-reducer, which calls the same methods of pandas.
"""
import json
import pathlib

import numpy
import pandas
from scipy import stats

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/analysis/sweep.json"


def epsilon(figures, codes, cells):
    """Kelley's epsilon squared; the error is that within the cells, by scipy's F of these."""
    total = float(numpy.sum((figures - figures.mean()) ** 2))
    parts = [figures[cells == cell] for cell in numpy.unique(cells)]
    freedom = len(figures) - len(parts)
    f = stats.f_oneway(*parts).statistic
    error = total / (freedom + f * (len(parts) - 1))
    between = total - residual(figures, indicators(codes))
    return max(0.0, float((between - (len(numpy.unique(codes)) - 1) * error) / total))


def residual(figures, design):
    solution = numpy.linalg.lstsq(design, figures, rcond=None)[0]
    return float(numpy.sum((figures - design @ solution) ** 2))


def indicators(codes):
    return (codes[:, None] == numpy.unique(codes)[None, :]).astype(float)


def interaction(figures, left, right):
    cells = numpy.unique(numpy.stack([left, right], 1), axis=0, return_inverse=True)[1].reshape(-1)
    additive = residual(figures, numpy.hstack([indicators(left), indicators(right)]))
    whole = residual(figures, indicators(cells))
    count = cells.max() + 1
    freedom = count - len(numpy.unique(left)) - len(numpy.unique(right)) + 1
    total = float(numpy.sum((figures - figures.mean()) ** 2))
    return max(0.0, (additive - whole - freedom * whole / (len(figures) - count)) / total)


def importance(random, left_count, right_count, seeds, drop):
    rows = []
    for left in range(left_count):
        for right in range(right_count):
            for _ in range(seeds):
                value = 1 + 0.1 * abs(left - 1) + 0.03 * right + 0.05 * (left == 2 and right == 1)
                rows.append((left, right, value + random.normal(0, 0.02)))
    keep = random.permutation(len(rows))[: len(rows) - drop]
    rows = [rows[index] for index in sorted(keep)]
    left, right = (numpy.array([row[column] for row in rows]) for column in (0, 1))
    figures = numpy.array([row[2] for row in rows])
    cells = left * right_count + right
    return {
        "left": left.tolist(), "right": right.tolist(), "figures": figures.tolist(),
        "left_share": epsilon(figures, left, cells), "right_share": epsilon(figures, right, cells),
        "interaction": interaction(figures, left, right), "remainder": 1 - epsilon(figures, cells, cells),
        "left_rank_correlation": float(stats.spearmanr(left, figures).statistic),
        "right_rank_correlation": float(stats.spearmanr(right, figures).statistic),
    }


def welch(random, n, m, shift):
    left, right = random.normal(1, 0.01, n), random.normal(1 + shift, 0.02, m)
    test = stats.ttest_ind(right, left, equal_var=False)
    interval = test.confidence_interval(0.9)
    return {
        "left": left.tolist(), "right": right.tolist(), "df": float(test.df),
        "difference": float(right.mean() - left.mean()), "low": float(interval.low), "high": float(interval.high),
        "mean": float(left.mean()), "median": float(numpy.median(left)), "std": float(left.std(ddof=1)),
    }


def reduced(random):
    steps = [range(10, 60, 10), range(10, 80, 10), range(20, 60, 20)]
    series = [{step: float(random.normal(2, 0.3)) for step in one} for one in steps]
    frame = pandas.DataFrame(series).T.sort_index()
    return {
        "series": [{"steps": list(one), "values": list(one.values())} for one in series],
        "steps": [int(step) for step in frame.index],
        **{name: [None if numpy.isnan(value) else float(value) for value in getattr(frame, name)(axis=1)]
           for name in ["mean", "median", "min", "max", "std", "count"]},
    }


def main():
    random = numpy.random.default_rng(12)
    truth = {
        "importance": [importance(random, 3, 2, 4, 0), importance(random, 4, 3, 3, 7), importance(random, 2, 2, 12, 5)],
        "welch": [welch(random, 12, 12, 0.02), welch(random, 3, 5, 0.0), welch(random, 2, 2, 0.1)],
        "reduced": reduced(random),
    }
    OUTPUT.write_text(json.dumps(truth, indent=1) + "\n")


if __name__ == "__main__":
    main()
