"""Healthy trainings, a function of the draw for each family."""
import math

from training import Run, cosine, evaluate, linear, noise, supervised, wsd


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

    def stairs(i):
        place = run.epochs * (i + 1) / run.count
        run.logs[i]["epoch"] = round(place, 4)
        epoch = min(run.epochs - 1, int(place - 1e-9))
        return (1 - drop) ** epoch * (1 + rise * (place - epoch if epoch else 0))

    run.set("loss", [v * stairs(i) for i, v in enumerate(run.column("loss"))])
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
    run = Run(rng, count or rng.length([60, 120, 200, 300], least=30, most=2000), 1)
    n, start, gain, spread = run.count, rng.uniform(0.1, 0.4), rng.uniform(0.2, 0.5), rng.uniform(0.2, 0.35)
    kl = rng.uniform(0.02, 0.3)
    speed = rng.uniform(2, 5)
    # Rewards have a scale of their own: a sum of several, or points of a judge.
    scale = rng.choice([0.1, 1, 3, 10]) if rng.wide else 1
    run.scale = scale
    run.reward = [scale * (start + gain * (1 - math.exp(-speed * i / n))) for i in range(n)]
    run.set("reward", [r + rng.gauss(0, 0.06 * scale) for r in run.reward])
    run.set("reward_std", [scale * max(0.02, spread + rng.gauss(0, 0.04)) for _ in range(n)])
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
        index = max(0, min(n - 1, int(share * n) - 1))
        loss = run.clean[index] * 1.05 * (1 + (0.4 * max(0, share - 0.4) if rises else 0))
        accuracy = top - (top - 1 / classes) * math.exp(-speed * share)
        run.evaluations.append({
            "step": run.logs[index]["step"], "epoch": run.logs[index]["epoch"],
            "eval_loss": round(loss * (1 + rng.gauss(0, 0.005)), 4),
            "eval_accuracy": round(min(1, accuracy + 0.01 * share + rng.gauss(0, 0.003)), 4)})
    run.state["best_metric"] = max(e["eval_accuracy"] for e in run.evaluations)
    return run


def heavy(rng):
    """Noise with heavy tails: Student's t with three degrees of freedom, or a skewed logarithm with a variation of 15 %."""
    run = supervised(rng, evaluations=False)
    if rng.random() < 0.5:
        def shock():
            return 0.04 * rng.gauss(0, 1) / math.sqrt(sum(rng.gauss(0, 1) ** 2 for _ in range(3)) / 3)
        run.set("loss", [max(0.05 * c, c * (1 + max(-0.5, shock()))) for c in run.clean])
    else:
        scale = rng.choice([1, 0.01])
        run.set("loss", [scale * c * math.exp(rng.gauss(0, 0.15)) for c in run.clean], 6)
    return run


def quality_against_loss(rng):
    """Selected by accuracy, which rises to the end, while the evaluation loss rises from its middle on."""
    run = classification(rng)
    for k, entry in enumerate(run.evaluations):
        entry["eval_loss"] = round(0.4 + 0.25 * abs((k + 1) / len(run.evaluations) - 0.5) ** 1.5 + rng.gauss(0, 0.002), 4)
    run.settings = {"metric_for_best_model": "accuracy", "greater_is_better": True}
    return run


def by_heart(rng):
    """A small set learnt by heart over many epochs: the loss falls to the trainer's last decimals."""
    run = supervised(rng, evaluations=False)
    run.epochs = rng.choice([5, 10])
    decades = rng.uniform(2, 4)
    run.set("loss", [v * 10 ** (-decades * i / run.count) for i, v in enumerate(run.column("loss"))], 4)
    return run


def flat_evaluations(rng):
    """Evaluations that reach their floor early and only scatter from there."""
    run = supervised(rng, evaluations=False)
    low = rng.uniform(0.9, 1.3) * run.clean[-1]
    evaluate(run, rng.choice([4, 5, 6, 8, 10, 15, 25, 60]), shape=lambda s: low * (1 + 0.3 * math.exp(-12 * s)), deviation=rng.choice([0.002, 0.005, 0.01]))
    return run


def scaler(rng):
    """A few gradient norms that overflow while the loss scaler looks for its scale."""
    run = supervised(rng)
    for i in range(rng.choice([1, 2, 3])):
        run.logs[i * rng.choice([1, 2])]["grad_norm"] = rng.choice([float("inf"), float("nan")])
    return run


def untrained_head(rng):
    """A new head: the loss falls from high up within the first points, and the gradient norm with it."""
    run = supervised(rng, evaluations=False)
    height = rng.uniform(1, 6)
    run.set("loss", [v * (1 + height * math.exp(-i / 1.5)) for i, v in enumerate(run.column("loss"))])
    run.set("grad_norm", [v * (1 + 10 * height * math.exp(-i / 1.5)) for i, v in enumerate(run.column("grad_norm"))])
    return run


HEALTHY = {
    "SFT, cosine": supervised, "SFT, linear": lambda rng: supervised(rng, linear), "SFT, WSD": lambda rng: supervised(rng, wsd),
    "SFT, restarts": restarts, "SFT, epochs as stairs": staircase, "SFT, learnt by heart": by_heart,
    "SFT, flat evaluations": flat_evaluations, "SFT, loss scaler": scaler, "SFT, new head": untrained_head, "DPO": preference,
    "GRPO": rewards, "classification": classification, "accuracy against loss": quality_against_loss, "heavy tails": heavy,
}
