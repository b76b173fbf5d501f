#!/usr/bin/env python3
"""Writes Tests/Fixtures/analysis/forecasts.json: continuations of noisy curves, by numpy's least squares.

    pip install numpy
    scripts/make-forecast-truths.py
"""
import json
import pathlib

import numpy

random = numpy.random.default_rng(11)


def fit(y, t, ends, shape, jumps):
    """The squares that remain, the floor, and the mean of the best fit at `ends`."""
    steps = [(numpy.arange(len(y)) >= jump).astype(float) for jump in jumps]
    ones = numpy.ones(len(y))
    matrix = numpy.column_stack([ones, shape(t), *steps])
    beta = numpy.linalg.lstsq(matrix, y, rcond=None)[0]
    if beta[1] < 0:
        level = numpy.linalg.lstsq(numpy.column_stack([ones, *steps]), y, rcond=None)[0]
        beta = numpy.concatenate([[level[0], 0], level[1:]])
    floor = beta[0] + sum(beta[2:])
    return ((y - matrix @ beta) ** 2).sum(), floor, (floor + beta[1] * shape(ends)).mean()


cases = []
for count, planned, jumps, slope in ((40, 80, [], -1), (60, 100, [25], -1), (200, 260, [], -1), (50, 90, [], 0.004)):
    t = numpy.arange(1, count + 1, dtype=float)
    y = (1.2 + 2 * t**-0.5 if slope < 0 else 1.5 + slope * t) + 0.03 * random.standard_normal(count)
    for jump in jumps:
        y[jump:] -= 0.3
    interval = 5
    ends = planned * (0.9 + 0.1 * (numpy.arange(10) + 0.5) / 10)
    share = max(3, count // 10)
    powers = [fit(y, t, ends, lambda x, c=c: x**-c, jumps) for c in (0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2)]
    decays = [fit(y, t, ends, lambda x, k=k: numpy.exp(-x / (k * count)), jumps)
              for k in (0.02, 0.04, 0.08, 0.15, 0.25, 0.4, 0.7, 1.2, 2)]
    fifth = count // 5
    fall = numpy.log(y[-2 * fifth:-fifth].mean() / y[-fifth:].mean())
    cases.append({
        "steps": [int(interval * v) for v in t], "planned": planned * interval, "jumps": jumps,
        "values": [float(v) for v in y],
        "continuations": [
            float(y[-share:].mean()), float(min(p for p in powers if p[1] >= 0)[2]),
            float(y[-share:].mean() * numpy.exp(-numpy.clip(fall, -0.1, 1))), float(min(decays)[2]),
        ],
    })
path = pathlib.Path(__file__).parent.parent / "Tests/Fixtures/analysis/forecasts.json"
path.write_text(json.dumps({"numpy": numpy.__version__, "curves": cases}, indent=1) + "\n")
