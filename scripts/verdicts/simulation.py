"""Simulated trainings, healthy and sick, as folders with a trainer's files. Standard library only.

Every run is a function of its seed. The shapes are those of fine-tunings: a loss that falls like a power or an exponential
to a floor, with noise of 1 to 8 % that may go from step to step, learning rates as trainers schedule them, evaluations
with noise of 0.1 to 1 %. What a sick run has is put into such a healthy one, of a size that an expert would act on.
"""
import json
import math
import os
import random


class Run:
    """The columns of one training, by the names of HF Trainer's log history."""

    def __init__(self, rng, count=None, every=None):
        self.rng = rng
        self.count = count or rng.choice([40, 60, 80, 120, 200, 300, 500])
        self.every = every or rng.choice([1, 5, 10, 20])
        self.logs = [{"step": (i + 1) * self.every} for i in range(self.count)]
        self.evaluations = []
        self.state = {}
        self.epochs = rng.choice([1, 2, 3])
        for i, entry in enumerate(self.logs):
            entry["epoch"] = round(self.epochs * (i + 1) / self.count, 4)

    def column(self, name):
        return [entry[name] for entry in self.logs]

    def set(self, name, values, digits=4):
        for entry, value in zip(self.logs, values):
            entry[name] = round(value, digits) if isinstance(value, float) and math.isfinite(value) else value

    @property
    def last(self):
        return self.logs[-1]["step"]

    def step(self, share):
        return self.logs[min(self.count - 1, int(share * self.count))]["step"]

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        history = sorted(self.logs + self.evaluations, key=lambda e: (e["step"], "loss" not in e))
        state = {"best_metric": None, "best_model_checkpoint": None, "epoch": self.epochs, "global_step": self.last,
                 "max_steps": self.last, "num_train_epochs": self.epochs, "log_history": history}
        state.update(self.state)
        with open(os.path.join(folder, "trainer_state.json"), "w") as file:
            json.dump(state, file)


# Noise


def noise(rng, count, deviation, rho=None):
    """AR(1) noise with this standard deviation."""
    rho = rng.choice([0, 0, 0.2, 0.4]) if rho is None else rho
    value, values = rng.gauss(0, deviation), []
    for _ in range(count):
        values.append(value)
        value = rho * value + math.sqrt(1 - rho * rho) * rng.gauss(0, deviation)
    return values


# Shapes


def cosine(i, count, warm=0.05):
    return (i + 1) / (warm * count + 1) if i < warm * count else 0.5 * (1 + math.cos(math.pi * (i - warm * count) / (count * (1 - warm))))


def linear(i, count, warm=0.05):
    return (i + 1) / (warm * count + 1) if i < warm * count else max(0.0, (count - i) / (count * (1 - warm)))


def wsd(i, count, warm=0.05):
    return (i + 1) / (warm * count + 1) if i < warm * count else 1.0 if i < 0.8 * count else max(0.0, (count - i) / (0.2 * count))


def falling(rng, count, start=None, floor=None):
    start = start or rng.uniform(1.4, 3.0)
    floor = floor or start * rng.uniform(0.45, 0.8)
    if rng.random() < 0.5:
        scale = rng.uniform(0.06, 0.35)
        return [floor + (start - floor) * math.exp(-i / (scale * count)) for i in range(count)]
    power = rng.uniform(0.5, 1.5)
    return [floor + (start - floor) * (1 + 12 * i / count) ** -power for i in range(count)]


def supervised(rng, schedule=cosine, count=None, deviation=None, evaluations=True):
    run = Run(rng, count)
    clean = falling(rng, run.count)
    deviation = deviation or rng.choice([0.01, 0.02, 0.04, 0.08])
    run.clean, run.deviation = clean, deviation
    run.set("loss", [c * (1 + e) for c, e in zip(clean, noise(rng, run.count, deviation))])
    run.set("learning_rate", [1e-4 * schedule(i, run.count) for i in range(run.count)], 12)
    gradient = rng.uniform(0.3, 3)
    run.set("grad_norm", [gradient * (1 + 3 * math.exp(-20 * i / run.count)) * math.exp(rng.gauss(0, 0.25)) for i in range(run.count)])
    if evaluations and rng.random() < 0.8:
        evaluate(run)
    return run


def evaluate(run, count=None, name="eval_loss", shape=None, deviation=None):
    """Evaluations along the run; `shape` gives the value for the share of the run."""
    rng = run.rng
    count = count or rng.choice([3, 4, 6, 8, 12, 20])
    deviation = rng.choice([0.001, 0.004, 0.01]) if deviation is None else deviation
    offset = rng.uniform(1.0, 1.1)
    for k in range(1, count + 1):
        share = k / count
        index = min(run.count - 1, max(0, int(share * run.count) - 1))
        value = shape(share) if shape else offset * run.clean[index]
        run.evaluations.append({"step": run.logs[index]["step"], "epoch": run.logs[index]["epoch"], name: round(value * (1 + rng.gauss(0, deviation)), 5)})


# Healthy families


def restarts(rng):
    cycles = rng.choice([2, 3])
    run = supervised(rng, lambda i, n: 0.5 * (1 + math.cos(math.pi * (i * cycles / n % 1))))
    bump = rng.uniform(0, 0.06)
    run.set("loss", [v * (1 + bump * math.exp(-8 * (i * cycles / run.count % 1)) * (i > run.count / cycles)) for i, v in enumerate(run.column("loss"))])
    return run


def staircase(rng):
    run = supervised(rng, evaluations=False)
    run.epochs = rng.choice([2, 3, 4])
    drop, rise = rng.uniform(0.08, 0.35), rng.uniform(0, 0.06)
    values = []
    for i, v in enumerate(run.column("loss")):
        place = run.epochs * (i + 1) / run.count
        run.logs[i]["epoch"] = round(place, 4)
        epoch = min(run.epochs - 1, int(place - 1e-9))
        values.append(v * (1 - drop) ** epoch * (1 + rise * (place - epoch if epoch else 0)))
    run.set("loss", values)
    if rng.random() < 0.5:
        evaluate(run, rng.choice([run.epochs, 2 * run.epochs]))
    return run


def preference(rng):
    run = Run(rng)
    n, end, speed = run.count, rng.uniform(0.3, 0.55), rng.uniform(2, 6)
    run.clean = [end + (0.6931 - end) * math.exp(-speed * i / n) for i in range(n)]
    run.set("loss", [c * (1 + e) for c, e in zip(run.clean, noise(rng, n, rng.choice([0.03, 0.06])))])
    run.set("learning_rate", [5e-6 * linear(i, n) for i in range(n)], 12)
    top = rng.uniform(0.68, 0.9)
    run.set("rewards/accuracies", [min(1, max(0, top - (top - 0.5) * math.exp(-speed * 1.5 * i / n) + rng.gauss(0, 0.05))) for i in range(n)])
    run.set("rewards/margins", [(1 - math.exp(-speed * i / n)) * rng.uniform(0.8, 1.2) for i in range(n)])
    run.set("rewards/chosen", [0.3 * rng.gauss(0, 1) for _ in range(n)])
    run.set("rewards/rejected", [0.3 * rng.gauss(-1, 1) for _ in range(n)])
    if rng.random() < 0.6:
        evaluate(run, rng.choice([3, 5, 8]))
    return run


def rewards(rng, count=None):
    """GRPO: the loss is beta times a KL that grows, the reward rises."""
    run = Run(rng, count or rng.choice([60, 120, 200, 300]), 1)
    n, start, gain, spread = run.count, rng.uniform(0.1, 0.4), rng.uniform(0.2, 0.5), rng.uniform(0.2, 0.35)
    kl = rng.uniform(0.02, 0.3)
    speed = rng.uniform(2, 5)
    run.reward = [start + gain * (1 - math.exp(-speed * i / n)) for i in range(n)]
    run.set("reward", [r + rng.gauss(0, 0.06) for r in run.reward])
    run.set("reward_std", [max(0.02, spread + rng.gauss(0, 0.04)) for _ in range(n)])
    run.set("kl", [kl * (0.02 + i / n) * math.exp(rng.gauss(0, 0.2)) for i in range(n)], 6)
    run.set("loss", [0.04 * k + rng.gauss(0, 0.001) for k in run.column("kl")], 6)
    run.set("grad_norm", [math.exp(rng.gauss(-1, 0.3)) for _ in range(n)])
    run.set("learning_rate", [1e-6 * cosine(i, n) for i in range(n)], 12)
    length = rng.uniform(100, 400)
    run.set("completions/mean_length", [length * (1 + 0.3 * i / n) * math.exp(rng.gauss(0, 0.05)) for i in range(n)])
    run.set("completions/clipped_ratio", [min(1, max(0, 0.1 + rng.gauss(0, 0.05))) for _ in range(n)])
    run.set("frac_reward_zero_std", [max(0, 0.15 + rng.gauss(0, 0.08)) for _ in range(n)])
    return run


def classification(rng):
    run = Run(rng)
    n, classes = run.count, rng.choice([2, 3, 4, 10])
    start, end, speed = math.log(classes), math.log(classes) * rng.uniform(0.15, 0.5), rng.uniform(3, 8)
    run.clean = [end + (start - end) * math.exp(-speed * i / n) for i in range(n)]
    run.set("loss", [c * (1 + e) for c, e in zip(run.clean, noise(rng, n, rng.choice([0.05, 0.1])))])
    run.set("learning_rate", [2e-5 * linear(i, n) for i in range(n)], 12)
    rises = rng.random() < 0.4
    top, count = rng.uniform(0.75, 0.93), rng.choice([4, 6, 10])
    for k in range(1, count + 1):
        share = k / count
        index = min(n - 1, int(share * n) - 1)
        loss = run.clean[index] * 1.05 * (1 + (0.4 * max(0, share - 0.4) if rises else 0))
        accuracy = top - (top - 1 / classes) * math.exp(-speed * share)
        run.evaluations.append({"step": run.logs[index]["step"], "epoch": run.logs[index]["epoch"], "eval_loss": round(loss * (1 + rng.gauss(0, 0.005)), 4),
                                "eval_accuracy": round(min(1, accuracy + 0.01 * share + rng.gauss(0, 0.003)), 4)})
    run.state["best_metric"] = max(e["eval_accuracy"] for e in run.evaluations)
    return run


def heavy(rng):
    """Noise with heavy tails: Student's t with three degrees of freedom, or a skewed logarithm with a variation of 15 %."""
    run = supervised(rng, evaluations=False)
    if rng.random() < 0.5:
        def shock():
            return 0.04 * rng.gauss(0, 1) / math.sqrt(sum(rng.gauss(0, 1) ** 2 for _ in range(3)) / 3)
        run.set("loss", [max(0.05, c * (1 + max(-0.5, shock()))) for c in run.clean])
    else:
        scale = rng.choice([1, 0.01])
        run.set("loss", [scale * c * math.exp(rng.gauss(0, 0.15)) for c in run.clean], 6)
    return run


HEALTHY = {
    "SFT, cosine": supervised, "SFT, linear": lambda rng: supervised(rng, linear), "SFT, WSD": lambda rng: supervised(rng, wsd),
    "SFT, restarts": restarts, "SFT, epochs as stairs": staircase, "DPO": preference, "GRPO": rewards,
    "classification": classification, "heavy tails": heavy,
}

# Sick rows: a function of the generator that returns the run and the step of the trouble, nil where it has none.


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
    run = supervised(rng, count=rng.choice([12, 20, 40, 100, 200]), deviation=rng.choice([0.005, 0.01, 0.02, 0.03]), evaluations=False)
    level, fall = rng.uniform(0.9, 3), rng.uniform(0, 0.01)
    run.clean = [level * (1 - fall * i / run.count) for i in range(run.count)]
    run.set("loss", [c * (1 + e) for c, e in zip(run.clean, noise(rng, run.count, run.deviation, 0))])
    if rng.random() < 0.5:
        evaluate(run, deviation=0.002)
    return run, None


def chance(rng):
    run, classes = Run(rng, rng.choice([12, 40, 100])), rng.choice([2, 3, 4, 10])
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
    best, low, rise = rng.uniform(0.25, 0.6), rng.uniform(0.9, 1.5), rng.uniform(0.08, 0.5)
    start = low * rng.uniform(1.1, 1.5)
    def shape(share):
        return low + (start - low) * max(0, 1 - share / best) ** 2 + low * rise * max(0, (share - best) / (1 - best))
    count = rng.choice([6, 8, 10, 15, 25])
    if other:
        evaluate(run, count, other, deviation=0.004)
    evaluate(run, count, name, shape, deviation=rng.choice([0.001, 0.004, 0.01]))
    # The last third falls on, as it does when a training set is learnt by heart.
    run.set("loss", [v * (1 - 0.5 * i / run.count) for i, v in enumerate(run.column("loss"))])
    return run, None


def overfitting_jump(rng):
    run = supervised(rng, evaluations=False)
    count, low, rise = rng.choice([3, 4, 5, 6, 7]), rng.uniform(0.9, 1.5), rng.uniform(0.07, 0.4)
    split = rng.randint(1, count - 2) if count > 3 else 1
    evaluate(run, count, shape=lambda share: low * (1.2 - 0.2 * share) if round(share * count) <= split else low * (1 + rise) * 1.1, deviation=0.003)
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
    run = supervised(rng, count=rng.choice([100, 200, 300, 500]), deviation=rng.choice([0.01, 0.02, 0.04]), evaluations=False)
    at, width, height = int(run.count * rng.uniform(0.4, 0.9)), rng.choice([2, 3, 5]), rng.uniform(3, 6)
    run.set("loss", [v * (1 + (height - 1) * max(0, 1 - (i - at) / (2 * width))) if at <= i < at + width else v for i, v in enumerate(run.column("loss"))])
    return run, run.logs[at]["step"]


def reward_collapse(rng):
    run = rewards(rng, rng.choice([120, 200, 300]))
    at, end = int(run.count * rng.uniform(0.5, 0.85)), run.reward[0] - rng.uniform(0, 0.1)
    run.set("reward", [v if i < at else end + rng.gauss(0, 0.05) for i, v in enumerate(run.column("reward"))])
    return run, run.logs[at]["step"]


def kl_blow_up(rng):
    run = rewards(rng, rng.choice([120, 200, 300]))
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
    run = rewards(rng, rng.choice([60, 120, 200]))
    at = int(run.count * rng.uniform(0.3, 0.8))
    run.set("completions/clipped_ratio", [v if i < at else min(1, 0.97 + rng.gauss(0, 0.02)) for i, v in enumerate(run.column("completions/clipped_ratio"))])
    return run, run.logs[at]["step"]


def reward_flat(rng):
    run = rewards(rng, rng.choice([120, 200, 300]))
    run.set("reward", [run.reward[0] + rng.gauss(0, 0.05) for _ in range(run.count)])
    return run, None


def oscillation(rng):
    run = supervised(rng, count=rng.choice([100, 200, 300]), deviation=rng.choice([0.01, 0.02, 0.03]), evaluations=False)
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
    run = supervised(rng, count=rng.choice([80, 120, 200]), deviation=rng.choice([0.01, 0.02, 0.04]), evaluations=False)
    n = run.count
    at = int(n * rng.uniform(0.4, 0.7))
    low, top = run.clean[at], run.clean[0]
    jump = 0.4 * (top - low) + 0.1 * low
    run.set("loss", [v if i < at else v + jump * math.exp(-1.5 * (i - at) / n) for i, v in enumerate(run.column("loss"))])
    run.set("learning_rate", [1e-4 * (cosine(i, at) if i < at else cosine(i - at, n - at)) for i in range(n)], 12)
    return run, run.logs[at]["step"]


SICK = {
    "zero_throughout": ("loss 0 throughout, gradient 0", zero_throughout, {"zero_loss", "dead_run"}),
    "zero_from": ("loss 0 from a step on", zero_from, {"zero_loss"}),
    "filtered": ("NaN logged as 0", filtered, {"filtered_nan"}),
    "nan_loss": ("loss NaN to the end", nan_loss, {"non_finite"}),
    "nan_evaluations": ("evaluations NaN", nan_evaluations, {"non_finite"}),
    "nothing_learnt": ("nothing learnt", nothing_learnt, {"not_learning"}),
    "chance": ("loss at ln(classes)", chance, {"not_learning"}),
    "rate_zero": ("learning rate 0 throughout", rate_zero, {"zero_learning_rate", "not_learning"}),
    "rate_zero_from": ("learning rate 0 in part", rate_zero_from, {"zero_learning_rate"}),
    "late_divergence": ("divergence", late_divergence, {"diverged"}),
    "early_divergence": ("divergence in the first tenth", early_divergence, {"diverged"}),
    "short_divergence": ("divergence in a short run", short_divergence, {"diverged"}),
    "overfitting": ("overfitting", overfitting, {"overfitting"}),
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
    "explosion": ("gradient explosion", explosion, {"gradient_explosion"}),
    "scale": ("loss scale", scale, {"loss_scale"}),
    "resume_gap": ("resume gap", resume_gap, {"resume_gap"}),
}
