#!/usr/bin/env python3
"""Writes Tests/Fixtures/analysis/statistics.json: what scipy and numpy say, for the tests of Sources/Analysis.

Needs numpy and scipy (made with scipy 1.17). Run from anywhere; the output is the same every time.
"""
import json
import math
import pathlib

import numpy
from scipy import stats

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/analysis/statistics.json"


def student_t():
    rows = []
    for df in [0.3, 1, 1.5, 2, 3, 4.7, 10, 18.25, 30, 99.5, 148, 1000, 12345.6, 1e6]:
        for p in [1e-9, 0.001, 0.025, 0.05, 0.2, 0.5, 0.8, 0.95, 0.975, 0.9995]:
            rows.append({"df": df, "p": p, "quantile": float(stats.t.ppf(p, df))})
        for t in [-40.0, -3.3, -1.0, -1e-3, 0.0, 0.2, 1.96, 6.0, 25.0]:
            rows.append({"df": df, "t": t, "cdf": float(stats.t.cdf(t, df)), "sf": float(stats.t.sf(t, df))})
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
    if n <= 8 or not residuals.any():
        return 1.0
    r = float(numpy.dot(residuals[:-1], residuals[1:]) / numpy.dot(residuals, residuals))
    rho = min(0.95, max(0.0, (n * r + 2) / (n - 4)))
    return (1 + rho) / (1 - rho)


def first_order(residuals):
    """The time of an AR(1) process, with the bias of few points taken out."""
    n = len(residuals)
    if n <= 8:
        return 1.0
    rho = (n * float(numpy.dot(residuals[1:], residuals[:-1]) / numpy.dot(residuals, residuals)) + 2) / (n - 4)
    rho = min(max(rho, 0.0), 0.95)
    return (1 + rho) / (1 - rho)


def window(steps, values, confidence=0.95):
    steps, values = numpy.array(steps, dtype=float), numpy.array(values)
    keep = numpy.isfinite(values)
    line = stats.linregress(steps[keep], values[keep])
    residuals = values[keep] - line.intercept - line.slope * steps[keep]
    n = int(keep.sum())
    tau = min(float(n), max(geyer(residuals), first_order(residuals)))
    variance = float((residuals**2).sum() / (n - 2))
    degrees = max(1.0, n / tau - 2)
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
        last = window([s for s, _ in train[-size:]], [v for _, v in train[-size:]])
        best = min(evals, key=lambda e: e[1])
        # The evaluation every 100 steps follows ten logged steps.
        level = numpy.mean([v for s, v in train if evals[-2][0] < s <= evals[-1][0]])
        runs[name] = {
            "points": len(train), "evaluations": len(evals), "mean": float(numpy.mean([v for _, v in train])),
            "final": last["mean"], "half": last["half"], "tau": last["tau"],
            "best_step": best[0], "best": best[1], "gap": float(evals[-1][1] - level),
        }
    return runs


truths = {"samples": samples(), "student_t": student_t(), "windows": windows(), "smoothing": smoothing()}
OUTPUT.parent.mkdir(parents=True, exist_ok=True)
OUTPUT.write_text(json.dumps(truths, indent=1) + "\n")
print(f"{OUTPUT}: {OUTPUT.stat().st_size} bytes")
