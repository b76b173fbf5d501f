"""Simulated trainings: their columns, their noise and the shapes of their curves. Standard library only.

Every training is a function of its seed. The shapes are those of fine-tunings: a loss that falls like a power or an
exponential to a floor, with noise of 1 to 8 % that may go from step to step, learning rates as trainers schedule them,
evaluations with noise of 0.1 to 1 %. A wide draw goes far beyond: levels from 0.03 to 12, 12 to 5,000 points, noise that
remembers, has heavy tails or is skewed, values rounded to four or six decimals.
"""
import math
import random


class Draw(random.Random):
    """What a training is drawn by; `wide` where it may be far from the usual."""

    def __init__(self, seed, wide=False):
        super().__init__(seed)
        self.wide = wide

    def log_uniform(self, low, high):
        return math.exp(self.uniform(math.log(low), math.log(high)))

    def length(self, usual, least=None, most=5000):
        """A number of points: one of the usual ones, or from `least` (that of the usual) to `most`."""
        return round(self.log_uniform(least or min(usual), most)) if self.wide else self.choice(usual)

    def level(self, low, high, least=0.03, most=12.0):
        return self.log_uniform(least, most) if self.wide else self.uniform(low, high)


class Run:
    """The columns of one training, by the names of HF Trainer's log history."""

    def __init__(self, rng, count=None, every=None):
        self.rng = rng
        self.count = count or rng.length([40, 60, 80, 120, 200, 300, 500])
        self.every = every or rng.choice([1, 2, 5, 10, 20, 50, 100, 500] if rng.wide else [1, 5, 10, 20])
        self.logs = [{"step": (i + 1) * self.every} for i in range(self.count)]
        self.evaluations = []
        self.state = {}
        self.settings = {}
        # The step before which the training paused.
        self.pause = None
        self.digits = rng.choice([4, 6]) if rng.wide else 4
        self.epochs = rng.choice([1, 2, 3])
        for i, entry in enumerate(self.logs):
            entry["epoch"] = round(self.epochs * (i + 1) / self.count, 4)

    def column(self, name):
        return [entry[name] for entry in self.logs]

    def set(self, name, values, digits=None):
        digits = digits or self.digits
        for entry, value in zip(self.logs, values):
            entry[name] = round(value, digits) if isinstance(value, float) and math.isfinite(value) else value

    @property
    def last(self):
        return self.logs[-1]["step"]

    @property
    def columns(self):
        """The names of everything that was measured, the evaluations' too."""
        return {key for entry in self.logs[:1] + self.logs[-1:] + self.evaluations for key in entry} - {"step"}

    def history(self):
        return sorted(self.logs + self.evaluations, key=lambda e: (e["step"], "loss" not in e))


# Noise


def noise(rng, count, deviation, rho=None):
    """Noise with this standard deviation: AR(1), and of a wide draw with heavy tails or skewed too."""
    rho = rng.choice([0, 0.3, 0.6] if rng.wide else [0, 0, 0.2, 0.4]) if rho is None else rho
    kind = rng.choice(["normal", "normal", "tails", "skewed"]) if rng.wide else "normal"

    def shock():
        if kind == "tails":
            # Student's t with four degrees of freedom, whose variance is 2.
            return deviation * rng.gauss(0, 1) / math.sqrt(sum(rng.gauss(0, 1) ** 2 for _ in range(4)) / 4) / math.sqrt(2)
        if kind == "skewed":
            return math.exp(rng.gauss(0, deviation) - deviation ** 2 / 2) - 1
        return rng.gauss(0, deviation)

    value, values = shock(), []
    for _ in range(count):
        values.append(max(-0.9, value))
        value = rho * value + math.sqrt(1 - rho * rho) * shock()
    return values


# Shapes


def cosine(i, count, warm=0.05):
    return (i + 1) / (warm * count + 1) if i < warm * count else 0.5 * (1 + math.cos(math.pi * (i - warm * count) / (count * (1 - warm))))


def linear(i, count, warm=0.05):
    return (i + 1) / (warm * count + 1) if i < warm * count else max(0.0, (count - i) / (count * (1 - warm)))


def wsd(i, count, warm=0.05):
    return (i + 1) / (warm * count + 1) if i < warm * count else 1.0 if i < 0.8 * count else max(0.0, (count - i) / (0.2 * count))


def falling(rng, count, start=None, floor=None):
    start = start or rng.level(1.4, 3.0)
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
    count = min(run.count, count or rng.choice([3, 4, 6, 8, 12, 20]))
    deviation = rng.choice([0.001, 0.004, 0.01]) if deviation is None else deviation
    offset = rng.uniform(1.0, 1.1)
    for k in range(1, count + 1):
        share = k / count
        index = min(run.count - 1, max(0, int(share * run.count) - 1))
        value = shape(share) if shape else offset * run.clean[index]
        run.evaluations.append({"step": run.logs[index]["step"], "epoch": run.logs[index]["epoch"], name: round(value * (1 + rng.gauss(0, deviation)), 5)})
