#!/usr/bin/env python3
"""Writes statistics.json and golden-curves.json into Tests/Fixtures/analysis.

They hold what scipy and numpy say, for the tests of Sources/Analysis.

Needs numpy and scipy (made with scipy 1.17). Run from anywhere; the output is the same every time.
"""
import json
import math
import pathlib

import numpy
from scipy import integrate, stats

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/analysis/statistics.json"


def student_t():
    rows = []
    for df in [0.3, 1, 1.5, 2, 3, 4.7, 10, 18.25, 30, 99.5, 148, 1000, 12345.6, 1e6]:
        for p in [1e-9, 0.001, 0.025, 0.05, 0.2, 0.5, 0.8, 0.95, 0.975, 0.9995]:
            rows.append({"df": df, "p": p, "quantile": float(stats.t.ppf(p, df))})
        for t in [-40.0, -3.3, -1.0, -1e-3, 0.0, 0.2, 1.96, 6.0, 25.0]:
            rows.append({"df": df, "t": t, "cdf": float(stats.t.cdf(t, df)), "sf": float(stats.t.sf(t, df))})
    return rows


def extremes():
    """The mean and the deviation of the least of k standard normal numbers, by integrating over its density."""
    rows = []
    for k in [1, 2, 3, 5, 10, 20, 50, 100, 1000]:
        def moment(power):
            def term(x):
                return x**power * k * stats.norm.pdf(x) * stats.norm.sf(x) ** (k - 1)
            return integrate.quad(term, -12, 12, limit=500, epsabs=1e-12)[0]
        mean = moment(1)
        rows.append({"count": k, "depth": -mean, "deviation": math.sqrt(moment(2) - mean**2)})
    return rows


def geyer(centred):
    n = len(centred)
    autocovariance = [float(numpy.dot(centred[: n - k], centred[k:])) for k in range(n)]
    if autocovariance[0] == 0:
        return 1.0
    rho = [c / autocovariance[0] for c in autocovariance]
    total, previous = 0.0, math.inf
    for m in range(n // 2):
        pair = rho[2 * m] + rho[2 * m + 1]
        if pair <= 0:
            break
        previous = min(previous, pair)
        total += previous
    return max(1.0, -1 + 2 * total)


def first_order(residuals):
    """(1 + rho)/(1 - rho) of an AR(1) process, rho freed from the bias -(2 + 4 rho)/n that a fitted line leaves."""
    n = len(residuals)
    if not residuals.any():
        return 1.0
    r = float(numpy.dot(residuals[:-1], residuals[1:]) / numpy.dot(residuals, residuals))
    rho = min(0.95, max(0.0, (n * r + 2) / (n - 4))) if n > 4 else 0.0
    if n < 20:
        rho = max(rho, rho * n / 20 + 0.7 * (1 - n / 20))
    return (1 + rho) / (1 - rho)


def window_means(values, size):
    """The variance of a mean of the last `size` values by all overlapping means over the last 80 % of the curve."""
    n = len(values)
    m = int(min(8 * size, 0.8 * n))
    t = numpy.arange(n - m, n) + 1.0
    columns = numpy.stack([numpy.ones(m), t, numpy.log(t)], axis=1)
    left = values[-m:] - columns @ numpy.linalg.lstsq(columns, values[-m:], rcond=None)[0]
    limit = 4 * 1.4826 * numpy.median(abs(left))
    left = numpy.clip(left, -limit, limit)
    length = size
    while length > 1 and m < 4.5 * length:
        length //= 2
    means = numpy.convolve(left, numpy.ones(length) / length, mode="valid")
    return float((means**2).mean()) / max(0.15, 1 - 3 * length / m) * length / size


def window(steps, values, confidence=0.95, curve=None):
    steps, values = numpy.array(steps, dtype=float), numpy.array(values)
    keep = numpy.isfinite(values)
    line = stats.linregress(steps[keep], values[keep])
    residuals = values[keep] - line.intercept - line.slope * steps[keep]
    n = int(keep.sum())
    tau = min(float(n), max(geyer(residuals), first_order(residuals)))
    variance = float((residuals**2).sum() / (n - 2))
    degrees = max(1.0, n / tau - 2)
    if curve is not None:
        slow = min(float(n), window_means(numpy.array(curve), n) * n / variance)
        if slow > tau:
            tau = slow
            degrees = max(1.0, n / tau - 2, min(4.0, degrees))
    half = float(stats.t.ppf(0.5 + confidence / 2, degrees))
    error = math.sqrt(variance * tau / n)
    slope_error = math.sqrt(variance * tau / float(((steps[keep] - steps[keep].mean()) ** 2).sum()))
    # linregress knows white noise only: its own error of the slope must be ours at tau = 1.
    assert abs(slope_error / math.sqrt(tau) - line.stderr) < 1e-9 * line.stderr
    return {
        "steps": [int(s) for s in steps],
        "values": ["NaN" if math.isnan(v) else float(v) for v in values],
        "mean": float(values[keep].mean()),
        "tau": tau,
        "deviation": math.sqrt(variance),
        "error": error,
        "half": half * error,
        "slope": float(line.slope),
        "slope_half": half * slope_error,
    }


def windows():
    random = numpy.random.default_rng(20240107)
    cases = {}
    for name, n, rho, slope in [("white", 60, 0.0, 0.0), ("falling", 40, 0.2, -0.004), ("correlated", 150, 0.8, 0.0),
                                ("alternating", 30, -0.6, 0.0), ("short", 3, 0.0, 0.1)]:
        noise = [0.0]
        for _ in range(n + 50):
            noise.append(rho * noise[-1] + random.normal(0, 0.05))
        steps = 9_000_000_000_000_000 + 10 * numpy.arange(n) if name == "falling" else 10 * numpy.arange(n) + 500
        values = 2.5 + numpy.array(noise[-n:]) + slope * numpy.arange(n)
        if name == "white":
            values[[3, 17]] = math.nan
        if name == "falling":
            origin = int(steps[0])
            case = window(steps - origin, values)
            case["steps"] = [int(s) for s in steps]
        else:
            case = window(steps, values)
        cases[name] = case
    return cases


def smoothing():
    """TensorBoard's formula, written out independently: a sum of weights instead of a running state."""
    random = numpy.random.default_rng(7)
    cases = [{"weight": 0.6, "values": [1, 0.5, 0]}, {"weight": 0.6, "values": [3.5, 3.5, 3.5]},
             {"weight": 0.0, "values": [1, 5, 2]}]
    values = [float(v) for v in random.normal(2, 0.3, 40)]
    values[0] = values[7] = "NaN"
    values[8] = "Infinity"
    for weight in [0.3, 0.9, 0.999]:
        cases.append({"weight": weight, "values": values})
    for case in cases:
        finite, out = [], []
        for v in case["values"]:
            if isinstance(v, str):
                out.append(v)
                continue
            finite.append(v)
            if len(set(case["values"])) == 1:
                out.append(v)
                continue
            w = case["weight"]
            weights = [(1 - w) * w ** (len(finite) - 1 - i) for i in range(len(finite))]
            out.append(math.fsum(a * b for a, b in zip(weights, finite)) / (1 - w ** len(finite)))
        case["smoothed"] = out
    return cases


def samples():
    """The figures of the sample runs, from their trainer_state.json alone: the product reads their event files."""
    runs = {}
    root = OUTPUT.parent.parent.parent.parent / "samples/saves/tiny-random-qwen3/lora"
    for name in ["sft", "sft_lr1e-4", "sft_resumed"]:
        history = json.loads((root / name / "trainer_state.json").read_text())["log_history"]
        train = [(e["step"], e["loss"]) for e in history if "loss" in e]
        evals = [(e["step"], e["eval_loss"]) for e in history if "eval_loss" in e]
        size = max(math.ceil(0.1 * len(train)), min(20, max(3, (len(train) + 1) // 2)))
        last = window([s for s, _ in train[-size:]], [v for _, v in train[-size:]], curve=[v for _, v in train])
        plain = window([s for s, _ in train[-size:]], [v for _, v in train[-size:]])
        best = min(evals, key=lambda e: e[1])
        # The evaluation every 100 steps follows ten logged steps.
        level = numpy.mean([v for s, v in train if evals[-2][0] < s <= evals[-1][0]])
        runs[name] = {
            "points": len(train), "evaluations": len(evals), "mean": float(numpy.mean([v for _, v in train])),
            "final": last["mean"], "half": plain["half"], "tau": plain["tau"],
            "whole_tau": last["tau"], "whole_error": last["error"],
            "best_step": best[0], "best": best[1], "gap": float(evals[-1][1] - level),
        }
    return runs


def second_difference_variance(values, start, end, rho):
    """The variance of the noise of values[start:end], widened to twenty second differences."""
    def inner(a, b):
        return [i for i in range(a, b) if 0 < i < len(values) - 1]
    while len(inner(start, end)) < 20 and (start > 0 or end < len(values)):
        start, end = max(0, start - 1), min(len(values), end + 1)
    squares = [(values[i - 1] - 2 * values[i] + values[i + 1]) ** 2 for i in inner(start, end)]
    return float(numpy.mean(squares)) / (6 - 8 * rho + 2 * rho * rho)


def stretch_levels(steps, values, starts, last_step):
    """The mean of each stretch and its standard error."""
    count = sum(1 for s in steps if s <= last_step)
    values = values[:count]
    size = max(math.ceil(0.1 * count), min(20, max(3, (count + 1) // 2)))
    tau = window(steps[count - size:count], values[count - size:])["tau"]
    rho = max(0.0, min(0.9, (tau - 1) / (tau + 1)))
    bounds = [0] + [sum(1 for s in steps[:count] if s < start) for start in starts[1:]] + [count]
    levels = []
    for a, b in zip(bounds, bounds[1:]):
        variance = second_difference_variance(values, a, b, rho)
        levels.append((float(numpy.mean(values[a:b])), math.sqrt(variance * tau / (b - a))))
    return levels


def golden_curve(runs, last_step):
    """The reduced curve of several runs, each a pair of steps and values."""
    steps = [s for s in runs[0][0] if s <= last_step]
    wanted = min(64, len(steps))
    starts = [steps[i * len(steps) // wanted] for i in range(wanted)]
    each = [stretch_levels(*run, starts, last_step) for run in runs]
    return [
        {
            "first_step": start,
            "level": float(numpy.mean([e[i][0] for e in each])),
            "noise": math.sqrt(numpy.mean([e[i][1] ** 2 for e in each])),
            "spread": float(numpy.std([e[i][0] for e in each], ddof=1)) if len(runs) > 1 else None,
        }
        for i, start in enumerate(starts)
    ]


def left_at(curve, count, steps, values, last_step, sign):
    """The first step of the place where a run left a curve of `count` runs, by trying every place.

    A sign of 1 looks above the curve, -1 below.
    """
    levels = stretch_levels(steps, values, [p["first_step"] for p in curve], last_step)
    factor = 0.0
    if count == 2:
        factor = 2.8
    if count > 2:
        factor = float(stats.t.ppf(0.95, count - 1)) * math.sqrt(1 + 1 / count)
    difference = numpy.array([sign * (m - p["level"]) for (m, _), p in zip(levels, curve)])
    error = numpy.sqrt([e**2 + p["noise"] ** 2 / count for (_, e), p in zip(levels, curve)])
    seeds = numpy.array([(p["spread"] or 0) ** 2 - p["noise"] ** 2 for p in curve])
    band = factor * math.sqrt(max(0.0, seeds[len(curve) // 2:].mean()))
    difference = numpy.clip(difference, -band - 8 * error, band + 8 * error)

    def score(start):
        weights = 1 / error[start:] ** 2
        return ((weights * difference[start:]).sum() / weights.sum() - band) * math.sqrt(weights.sum())

    tail = len(curve) - max(3, len(curve) // 10)
    scores = [score(i) for i in range(len(curve) - 2)]
    best = int(numpy.argmax(scores))
    return curve[best]["first_step"] if score(tail) > 1.645 and scores[best] > 4 else None


def golden_curves():
    random = numpy.random.default_rng(64)
    steps = [10 * (i + 1) for i in range(150)]
    trend = 2 + 2 / (1 + 0.1 * numpy.arange(150))

    def run(offset):
        return [round(float(v), 4) for v in trend + offset + random.normal(0, 0.05, 150)]

    cases = []
    for offsets, new_offset, left, rise in [([0.0], 0.0, None, 0.0), ([0.0], 0.0, 90, 0.1),
                                            ([0.03, -0.03, 0.0], 0.02, None, 0.0), ([0.03, -0.03, 0.0], 0.0, 75, -0.4),
                                            ([0.02, -0.02], -0.01, 120, 0.5)]:
        runs = [run(offset) for offset in offsets]
        new = run(new_offset)
        if left is not None:
            new = [round(v + (rise if i >= left else 0.0), 4) for i, v in enumerate(new)]
        curve = golden_curve([(steps, r) for r in runs], 1500)
        above, below = (left_at(curve, len(runs), steps, new, 1500, sign) for sign in [1, -1])
        cases.append({"runs": runs, "new": new, "changed_at": None if left is None else steps[left], "curve": curve,
                      "above": above, "below": below})
    return cases


truths = {"samples": samples(), "student_t": student_t(), "windows": windows(), "smoothing": smoothing(),
          "extremes": extremes()}
OUTPUT.parent.mkdir(parents=True, exist_ok=True)
OUTPUT.write_text(json.dumps(truths, indent=1) + "\n")
print(f"{OUTPUT}: {OUTPUT.stat().st_size} bytes")
curves = OUTPUT.with_name("golden-curves.json")
curves.write_text('{"cases": [\n' + ",\n".join(json.dumps(case) for case in golden_curves()) + "\n]}\n")
print(f"{curves}: {curves.stat().st_size} bytes")
