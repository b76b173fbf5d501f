#!/usr/bin/env python3
"""Prints the percentage points of the umbrella statistic of white noise (Sources/Analysis/Findings/Evidence/UmbrellaTest.swift).

1 - RSS(best fit that falls, then rises) / RSS(best fit that falls), both isotonic. Needs numpy; about two minutes.
"""
import numpy as np


def prefix_errors(values):
    """The squared error of the best falling fit of each prefix, by pool adjacent violators."""
    errors, blocks, total = [0.0], [], 0.0
    for value in values:
        s, q, n = value, value * value, 1
        while blocks and blocks[-1][0] / blocks[-1][2] < s / n:
            ps, pq, pn, pe = blocks.pop()
            total -= pe
            s, q, n = s + ps, q + pq, n + pn
        error = q - s * s / n
        blocks.append((s, q, n, error))
        total += error
        errors.append(total)
    return np.array(errors)


def statistic(values):
    falling, rising = prefix_errors(values), prefix_errors(values[::-1])[::-1]
    return 1 - (falling + rising).min() / falling[-1] if falling[-1] > 0 else 0.0


if __name__ == "__main__":
    random = np.random.default_rng(7)
    print("  n    95 %   99 %  99.5 %  99.9 %")
    for n in (5, 6, 7, 8, 10, 12, 15, 20, 30, 50, 80, 120, 200):
        count = 20_000 if n <= 50 else 4_000
        sample = np.array([statistic(random.standard_normal(n)) for _ in range(count)])
        print(f"{n:3d}  " + "  ".join(f"{np.quantile(sample, q):.3f}" for q in (0.95, 0.99, 0.995, 0.999)))
