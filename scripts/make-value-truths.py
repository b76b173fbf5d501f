#!/usr/bin/env python3
"""Writes Tests/Fixtures/values/truths.json: quantiles of histograms as TensorBoard's compressor gives them, Wasserstein
distances of histograms by numpy's integration, average precisions by scikit-learn, and bootstrap intervals of their
differences by numpy. Needs numpy, scikit-learn and
tensorboard.

usage: scripts/make-value-truths.py
"""
import json
import os

import numpy as np
from sklearn.metrics import average_precision_score
from tensorboard.plugins.distribution import compressor

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/Fixtures/values")
SHARES = [0.05, 0.25, 0.5, 0.75, 0.95]


def histograms():
    random = np.random.default_rng(3)
    made = []
    for elements, bins in [(random.normal(0, 1, 500), 20), (random.exponential(2, 300), 7), (random.normal(5, 0.1, 50), 30),
                           (np.full(40, 2.5), 4), (random.uniform(-1, 1, 1000), 100), (random.normal(0, 1, 3), 12)]:
        counts, edges = np.histogram(elements, bins=bins)
        made.append([[float(a), float(b), int(c)] for a, b, c in zip(edges[:-1], edges[1:], counts)])
    return made


def quantiles(rows):
    # The compressor takes empty buckets at the start for a part of the first that is not empty: they are left out.
    while not rows[0][2]:
        rows = rows[1:]
    points = compressor.compress_histogram(rows, bps=tuple(int(10000 * s) for s in SHARES) + (10000,))
    return [float(value) for _, value in points[:-1]]


def cumulative(rows, places):
    edges = np.array([rows[0][0]] + [row[1] for row in rows])
    shares = np.concatenate([[0], np.cumsum([row[2] for row in rows])]) / sum(row[2] for row in rows)
    return np.interp(places, edges, shares)


def distance(a, b):
    edges = np.unique([x for row in a + b for x in row[:2]])
    places = np.unique(np.concatenate([np.linspace(l, r, 2001) for l, r in zip(edges[:-1], edges[1:])]))
    return float(np.trapezoid(np.abs(cumulative(a, places) - cumulative(b, places)), places))


def precisions():
    random = np.random.default_rng(4)
    made = []
    for count in (11, 21, 101):
        labels = random.random(400) < 0.3
        # Scores on the thresholds, so that those are all there are.
        scores = np.round(np.clip(labels * 0.25 + random.random(400) * 0.75, 0, 1) * (count - 1)) / (count - 1)
        thresholds = np.arange(count) / (count - 1)
        tp = np.array([(labels & (scores >= t)).sum() for t in thresholds], dtype=float)
        fp = np.array([(~labels & (scores >= t)).sum() for t in thresholds], dtype=float)
        fn, tn = labels.sum() - tp, (~labels).sum() - fp
        rows = [tp, fp, tn, fn, tp / np.maximum(tp + fp, 1e-7), tp / np.maximum(tp + fn, 1e-7)]
        made.append({"rows": [row.tolist() for row in rows], "average": float(average_precision_score(labels, scores))})
    return made


def average_precision(positives, negatives):
    """From the counts between thresholds, the lowest first; what lies below all thresholds is the last of each."""
    tp = np.cumsum(positives[..., -2::-1], axis=-1)
    fp = np.cumsum(negatives[..., -2::-1], axis=-1)
    precision = tp / np.maximum(tp + fp, 1)
    return (positives[..., -2::-1] * precision).sum(axis=-1) / positives.sum(axis=-1)


def bootstraps(curves):
    """The 95 % intervals of the differences between curves, each of 40,000 resamples of numpy's multinomial."""
    random = np.random.default_rng(8)
    counts = []
    for curve in curves:
        tp, fp, tn, fn = (np.array(row) for row in curve["rows"][:4])
        pieces = [np.append(row - np.append(row[1:], 0), below[0]) for row, below in ((tp, fn), (fp, tn))]
        counts.append(np.concatenate(pieces))
    made = []
    for before, after in [(0, 1), (1, 2), (2, 0)]:
        sampled = []
        for cells in (counts[before], counts[after]):
            total = int(cells.sum())
            drawn = random.multinomial(total, cells / total, size=40000)
            half = len(cells) // 2
            sampled.append(average_precision(drawn[:, :half].astype(float), drawn[:, half:].astype(float)))
        made.append({"from": before, "to": after, "interval": np.percentile(sampled[1] - sampled[0], [2.5, 97.5]).tolist()})
    return made


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    made = histograms()
    curves = precisions()
    truths = {"histograms": [{"rows": rows, "quantiles": quantiles(rows)} for rows in made],
              "distances": [[distance(a, b) for b in made] for a in made], "curves": curves, "bootstraps": bootstraps(curves)}
    with open(os.path.join(FOLDER, "truths.json"), "w") as file:
        json.dump(truths, file, indent=0, separators=(",", ":"))
        file.write("\n")
