#!/usr/bin/env python3
"""Writes Tests/Fixtures/analysis/trends.json: local lines through noisy curves, by numpy's weighted least squares.

    pip install numpy
    scripts/make-trend-truths.py
"""
import json
import pathlib

import numpy

random = numpy.random.default_rng(7)
cases = []
for count, half in ((12, 1.6), (40, 5.4), (60, 23.0), (25, 60.0)):
    x = numpy.arange(count)
    y = 4 * numpy.exp(-x / 9) + 1 + 0.05 * random.standard_normal(count)
    fitted = []
    for place in x:
        weight = 1 - ((x - place) / half) ** 2
        kept = weight > 0
        # numpy's weights multiply the residuals, not their squares.
        line = numpy.polynomial.polynomial.polyfit(x[kept] - place, y[kept], 1, w=numpy.sqrt(weight[kept]))
        fitted.append(line[0])
    cases.append({"half": half, "values": [float(v) for v in y], "fitted": [float(v) for v in fitted]})
path = pathlib.Path(__file__).parent.parent / "Tests/Fixtures/analysis/trends.json"
path.write_text(json.dumps({"numpy": numpy.__version__, "lines": cases}, indent=1) + "\n")
