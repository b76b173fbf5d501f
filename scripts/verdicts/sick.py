"""Sick trainings: what a sick run has is put into a healthy one, of a size that an expert would act on. A function of the draw
for each row, which gives the run and the step of the trouble, None where it has none of its own."""
import math

from healthy import classification, rewards
from training import Run, cosine, evaluate, linear, noise, supervised


def zero_throughout(rng):
    run = supervised(rng, evaluations=False)
    run.set("loss", [0.0] * run.count)
    run.set("grad_norm", [0.0] * run.count)
    return run, run.logs[0]["step"]


def zero_from(rng):
    run = supervised(rng, evaluations=False)
    at = int(run.count * rng.uniform(0.2, 0.85))
    run.set("loss", [v if i < at else 0.0 for i, v in enumerate(run.column("loss"))])
    return run, run.logs[at]["step"]


def filtered(rng):
    run, step = zero_from(rng)
    run.set("grad_norm", [v if e["step"] < step else float("nan") for e, v in zip(run.logs, run.column("grad_norm"))])
    return run, step


def nan_loss(rng):
    run = supervised(rng, evaluations=False)
    at = int(run.count * rng.uniform(0.1, 0.9))
    run.set("loss", [v if i < at else float("nan") for i, v in enumerate(run.column("loss"))])
    return run, run.logs[at]["step"]


def nan_evaluations(rng):
    run = supervised(rng, evaluations=False)
    evaluate(run)
    for entry in run.evaluations:
        entry["eval_loss"] = float("nan")
    return run, run.evaluations[0]["step"]


def nothing_learnt(rng):
    run = supervised(rng, count=rng.length([12, 20, 40, 100, 200]), deviation=rng.choice([0.005, 0.01, 0.02, 0.03]), evaluations=False)
    level, fall = rng.level(0.9, 3), rng.uniform(0, 0.01)
    run.clean = [level * (1 - fall * i / run.count) for i in range(run.count)]
    run.set("loss", [c * (1 + e) for c, e in zip(run.clean, noise(rng, run.count, run.deviation, 0))])
    if rng.random() < 0.5:
        evaluate(run, deviation=0.002)
    return run, None


def chance(rng):
    run, classes = Run(rng, rng.length([12, 40, 100])), rng.choice([2, 3, 4, 10])
    run.set("loss", [math.log(classes) * (1 + rng.gauss(0, 0.01)) for _ in range(run.count)])
    run.set("learning_rate", [2e-5 * linear(i, run.count) for i in range(run.count)], 12)
    for k in range(1, 7):
        index = int(k / 6 * run.count) - 1
        run.evaluations.append({"step": run.logs[index]["step"], "epoch": round((index + 1) / run.count, 4), "eval_loss": round(math.log(classes) * (1 + rng.gauss(0, 0.001)), 4), "eval_accuracy": round(1 / classes + rng.gauss(0, 0.002), 4)})
    return run, None


def rate_zero(rng):
    run, _ = nothing_learnt(rng)
    run.set("learning_rate", [0.0] * run.count)
    return run, run.logs[0]["step"]


def rate_zero_from(rng):
    run = supervised(rng, evaluations=False)
    at = int(run.count * rng.uniform(0.4, 0.8))
    run.set("learning_rate", [1e-4 * max(0.0, 1 - i / at) for i in range(run.count)], 12)
    run.clean = [run.clean[min(i, at)] for i in range(run.count)]
    run.set("loss", [c * (1 + e) for c, e in zip(run.clean, noise(rng, run.count, run.deviation))])
    return run, run.logs[at]["step"]


def late_divergence(rng):
    run = supervised(rng, evaluations=False)
    at = int(run.count * rng.uniform(0.3, 0.85))
    low, top = run.clean[at], run.clean[0]
    end = low + (top - low) * rng.uniform(0.8, 2.5) + 0.3 * low
    ramp = rng.choice([1, 1, 4, 0.05 * run.count])
    run.set("loss", [v if i < at else v + (end - low) * min(1, (i - at + 1) / ramp) for i, v in enumerate(run.column("loss"))])
    return run, run.logs[at]["step"]


def early_divergence(rng):
    run = supervised(rng, evaluations=False)
    at = rng.randint(1, max(1, run.count // 12))
    end = run.clean[0] * rng.uniform(2, 5)
    run.set("loss", [v if i < at else end * (1 + rng.gauss(0, 0.02)) for i, v in enumerate(run.column("loss"))])
    return run, run.logs[at]["step"]


def short_divergence(rng):
    run = supervised(rng, count=rng.choice([10, 14, 20, 30, 50]), deviation=rng.choice([0.01, 0.02, 0.04]), evaluations=False)
    at = int(run.count * rng.uniform(0.3, 0.7))
    values = [v if i < at else run.clean[0] * 1.8 * (1 + rng.gauss(0, 0.03)) for i, v in enumerate(run.column("loss"))]
    if rng.random() < 0.5:
        values[rng.randrange(0, at)] = rng.choice([0.0, -0.01])
    run.set("loss", values)
    return run, run.logs[at]["step"]


def overfitting(rng, name="eval_loss", other=None):
    run = supervised(rng, evaluations=False)
    best, low, rise = rng.uniform(0.25, 0.6), rng.level(0.9, 1.5, 0.1, 3), rng.uniform(0.08, 0.5)
    # Of a small loss a greater share has to be lost before anybody minds.
    rise = max(rise, 0.04 / low)
    start = low * rng.uniform(1.1, 1.5)
    def shape(share):
        return low + (start - low) * max(0, 1 - share / best) ** 2 + low * rise * max(0, (share - best) / (1 - best))
    count = rng.choice([6, 8, 10, 15, 25, 60] if rng.wide else [6, 8, 10, 15, 25])
    if other:
        evaluate(run, count, other, deviation=0.004)
    evaluate(run, count, name, shape, deviation=rng.choice([0.001, 0.004, 0.01]))
    # The last third falls on, as it does when a training set is learnt by heart.
    run.set("loss", [v * (1 - 0.5 * i / run.count) for i, v in enumerate(run.column("loss"))])
    return run, None


def overfitting_jump(rng):
    run = supervised(rng, evaluations=False)
    count, low = rng.choice([3, 4, 5, 6, 7]), rng.level(0.9, 1.5, 0.1, 3)
    rise = max(rng.uniform(0.07, 0.4), 0.04 / low)
    split = rng.randint(1, count - 2) if count > 3 else 1
    evaluate(run, count, shape=lambda share: low * (1 + rise if round(share * count) > split else 1 + 0.15 * (1 - share * count / split)), deviation=0.003)
    run.set("loss", [v * (1 - 0.5 * i / run.count) for i, v in enumerate(run.column("loss"))])
    return run, None


def overfitting_one_set(rng):
    return overfitting(rng, "eval_code_loss", "eval_chat_loss")


def overfitting_metric(rng):
    run = classification(rng)
    count = len(run.evaluations)
    best, top, fall = max(1, count // 3), rng.uniform(0.8, 0.92), rng.uniform(0.1, 0.3)
    for k, entry in enumerate(run.evaluations):
        accuracy = top - 0.1 * max(0, best - k) / best if k <= best else top * (1 - fall * (0.5 + 0.5 * (k - best) / (count - best)))
        entry["eval_accuracy"] = round(accuracy + rng.gauss(0, 0.003), 4)
    run.state["best_metric"] = max(e["eval_accuracy"] for e in run.evaluations)
    return run, None


def spike(rng):
    run = supervised(rng, count=rng.length([100, 200, 300, 500]), deviation=rng.choice([0.01, 0.02, 0.04]), evaluations=False)
    at, width, height = int(run.count * rng.uniform(0.4, 0.9)), rng.choice([2, 3, 5]), rng.uniform(3, 6)
    run.set("loss", [v * (1 + (height - 1) * max(0, 1 - (i - at) / (2 * width))) if at <= i < at + width else v for i, v in enumerate(run.column("loss"))])
    return run, run.logs[at]["step"]


def reward_collapse(rng):
    run = rewards(rng, rng.length([120, 200, 300], most=2000))
    at, end = int(run.count * rng.uniform(0.5, 0.85)), run.reward[0] - run.scale * rng.uniform(0, 0.1)
    run.set("reward", [v if i < at else end + run.scale * rng.gauss(0, 0.05) for i, v in enumerate(run.column("reward"))])
    return run, run.logs[at]["step"]


def kl_blow_up(rng):
    run = rewards(rng, rng.length([120, 200, 300], most=2000))
    at, speed = int(run.count * rng.uniform(0.4, 0.8)), rng.uniform(0.5, 2)
    run.set("kl", [v if i < at else v + 3 * math.exp(min(3, speed * (i - at) / 10)) * math.exp(rng.gauss(0, 0.2)) for i, v in enumerate(run.column("kl"))])
    return run, run.logs[at]["step"]


def no_signal(rng):
    run = rewards(rng)
    run.set("reward_std", [0.0] * run.count)
    run.set("reward", [0.0] * run.count)
    run.set("frac_reward_zero_std", [1.0] * run.count)
    return run, run.logs[0]["step"]


def clipped(rng):
    run = rewards(rng, rng.length([60, 120, 200], most=2000))
    at = int(run.count * rng.uniform(0.3, 0.8))
    run.set("completions/clipped_ratio", [v if i < at else min(1, 0.97 + rng.gauss(0, 0.02)) for i, v in enumerate(run.column("completions/clipped_ratio"))])
    return run, run.logs[at]["step"]


def reward_flat(rng):
    run = rewards(rng, rng.length([120, 200, 300], most=2000))
    run.set("reward", [run.reward[0] + run.scale * rng.gauss(0, 0.05) for _ in range(run.count)])
    return run, None


def oscillation(rng):
    run = supervised(rng, count=rng.length([100, 200, 300]), deviation=rng.choice([0.01, 0.02, 0.03]), evaluations=False)
    at, period, height = int(run.count * rng.uniform(0.35, 0.6)), rng.uniform(6, 14), rng.uniform(0.4, 0.9)
    run.set("loss", [v * (1 + height * (0.5 - 0.5 * math.cos(2 * math.pi * (i - at) / period))) if i >= at else v for i, v in enumerate(run.column("loss"))])
    return run, None


def explosion(rng):
    run = supervised(rng)
    at, factor = int(run.count * rng.uniform(0.4, 0.8)), 10 ** rng.uniform(1.6, 4)
    run.set("grad_norm", [v if i < at else v * factor for i, v in enumerate(run.column("grad_norm"))])
    return run, run.logs[at]["step"]


def scale(rng):
    run = supervised(rng, evaluations=False)
    evaluate(run, deviation=0.005)
    factor = rng.choice([4, 4.46, 8, 16, 32])
    run.set("loss", [v * factor for v in run.column("loss")])
    return run, None


def resume_gap(rng):
    run = supervised(rng, count=rng.length([80, 120, 200]), deviation=rng.choice([0.01, 0.02, 0.04]), evaluations=False)
    n = run.count
    at = int(n * rng.uniform(0.4, 0.7))
    low, top = run.clean[at], run.clean[0]
    jump = 0.4 * (top - low) + 0.1 * low
    run.set("loss", [v if i < at else v + jump * math.exp(-1.5 * (i - at) / n) for i, v in enumerate(run.column("loss"))])
    run.set("learning_rate", [1e-4 * (cosine(i, at) if i < at else cosine(i - at, n - at)) for i in range(n)], 12)
    return run, run.logs[at]["step"]


def nan_in_part(rng):
    run = supervised(rng, evaluations=False)
    at, width = int(run.count * rng.uniform(0.1, 0.8)), rng.choice([1, 2, 5])
    run.set("loss", [float("nan") if at <= i < at + width else v for i, v in enumerate(run.column("loss"))])
    return run, run.logs[at]["step"]


def nan_in_one_set(rng):
    run = supervised(rng, evaluations=False)
    count = rng.choice([3, 5, 10])
    evaluate(run, count, "eval_code_loss")
    evaluate(run, count, "eval_chat_loss")
    for entry in run.evaluations:
        if "eval_chat_loss" in entry:
            entry["eval_chat_loss"] = float("nan")
    return run, next(e["step"] for e in run.evaluations)


def majority(rng):
    """Always the answer of the greatest class: the accuracy is one number, the loss the entropy of the classes."""
    run, share = Run(rng, rng.length([20, 40, 100])), rng.uniform(0.55, 0.9)
    entropy = -share * math.log(share) - (1 - share) * math.log(1 - share)
    run.set("loss", [entropy * (1 + rng.gauss(0, 0.03)) for _ in range(run.count)])
    run.set("learning_rate", [2e-5 * linear(i, run.count) for i in range(run.count)], 12)
    run.clean = [entropy] * run.count
    evaluate(run, rng.choice([4, 6, 10]), deviation=0.001)
    for entry in run.evaluations:
        entry["eval_accuracy"] = round(share, 4)
    return run, None


def nothing_evaluated(rng):
    """Logged so rarely that only the evaluations can tell."""
    run = Run(rng, rng.choice([4, 6, 8]))
    level = rng.level(0.9, 3)
    run.clean = [level] * run.count
    run.set("loss", [level * (1 + rng.gauss(0, 0.01)) for _ in range(run.count)])
    run.set("learning_rate", [1e-4 * linear(i, run.count) for i in range(run.count)], 12)
    evaluate(run, run.count, deviation=0.002)
    return run, None


def overfitting_from_start(rng):
    run = supervised(rng, evaluations=False)
    low = rng.level(0.9, 1.5, 0.1, 3)
    rise = max(rng.uniform(0.15, 0.8), 0.06 / low)
    evaluate(run, rng.choice([3, 4, 6, 10]), shape=lambda share: low * (1 + rise * share ** 0.7), deviation=0.004)
    run.set("loss", [v * (1 - 0.5 * i / run.count) for i, v in enumerate(run.column("loss"))])
    return run, run.evaluations[0]["step"]


def slow_divergence(rng):
    """A loss that turns and climbs to its end, without a jump."""
    run = supervised(rng, evaluations=False, deviation=rng.choice([0.01, 0.02, 0.04]))
    at = int(run.count * rng.uniform(0.3, 0.6))
    low, top = run.clean[at], run.clean[0]
    end = 0.8 * (top - low) + 0.4 * low
    run.set("loss", [v if i < at else v + end * (i - at) / (run.count - at) for i, v in enumerate(run.column("loss"))])
    return run, None


def resume_rate(rng):
    """Taken up again after a pause with a fresh optimizer: the schedule goes on, the loss starts from higher up."""
    run = supervised(rng, linear, count=rng.length([80, 120, 200]), deviation=rng.choice([0.01, 0.02]), evaluations=False)
    at = int(run.count * rng.uniform(0.4, 0.7))
    jump = 0.5 * (run.clean[0] - run.clean[at]) + 0.12 * run.clean[at]
    run.set("loss", [v if i < at else v + jump * math.exp(-1.0 * (i - at) / run.count) for i, v in enumerate(run.column("loss"))])
    run.pause = run.logs[at]["step"]
    return run, run.pause


# By its key: what it is called, how it is made, the kinds of finding that tell it, and the column without which nobody could.
SICK = {
    "zero_throughout": ("loss 0 throughout, gradient 0", zero_throughout, {"zero_loss", "dead_run"}),
    "zero_from": ("loss 0 from a step on", zero_from, {"zero_loss"}),
    "filtered": ("NaN logged as 0", filtered, {"filtered_nan"}, "grad_norm"),
    "nan_loss": ("loss NaN to the end", nan_loss, {"non_finite"}),
    "nan_in_part": ("loss NaN in part", nan_in_part, {"non_finite"}),
    "nan_evaluations": ("evaluations NaN", nan_evaluations, {"non_finite"}),
    "nan_in_one_set": ("evaluations NaN in one of two sets", nan_in_one_set, {"non_finite"}),
    "nothing_learnt": ("nothing learnt", nothing_learnt, {"not_learning"}),
    "chance": ("loss at ln(classes)", chance, {"not_learning"}),
    "majority": ("one answer to everything", majority, {"not_learning"}),
    "nothing_evaluated": ("nothing learnt, by evaluations", nothing_evaluated, {"not_learning"}),
    "rate_zero": ("learning rate 0 throughout", rate_zero, {"zero_learning_rate", "not_learning"}, "learning_rate"),
    "rate_zero_from": ("learning rate 0 in part", rate_zero_from, {"zero_learning_rate"}, "learning_rate"),
    "late_divergence": ("divergence", late_divergence, {"diverged"}),
    "slow_divergence": ("divergence without a jump", slow_divergence, {"diverged"}),
    "early_divergence": ("divergence in the first tenth", early_divergence, {"diverged"}),
    "short_divergence": ("divergence in a short run", short_divergence, {"diverged"}),
    "overfitting": ("overfitting", overfitting, {"overfitting"}),
    "overfitting_from_start": ("overfitting from the start", overfitting_from_start, {"overfitting"}),
    "overfitting_jump": ("overfitting in one jump", overfitting_jump, {"overfitting"}),
    "overfitting_one_set": ("overfitting in one of two sets", overfitting_one_set, {"overfitting"}),
    "overfitting_metric": ("overfitting by accuracy", overfitting_metric, {"overfitting"}),
    "spike": ("spike", spike, {"spike"}),
    "reward_collapse": ("reward collapse", reward_collapse, {"reward_collapse"}),
    "kl_blow_up": ("KL blow-up", kl_blow_up, {"kl_blow_up"}),
    "no_signal": ("rewards without a signal", no_signal, {"no_reward_signal"}),
    "reward_flat": ("reward flat", reward_flat, {"reward_flat"}),
    "clipped": ("answers cut", clipped, {"clipped_completions"}),
    "oscillation": ("oscillation", oscillation, {"oscillation"}),
    "explosion": ("gradient explosion", explosion, {"gradient_explosion"}, "grad_norm"),
    "scale": ("loss scale", scale, {"loss_scale"}),
    "resume_gap": ("resume gap", resume_gap, {"resume_gap"}, "learning_rate"),
    "resume_rate": ("resume gap after a pause", resume_rate, {"resume_gap"}, "times"),
}
