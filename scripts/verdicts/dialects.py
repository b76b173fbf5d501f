"""How trainers write what they measured: one training, as the files of a trainer, by its names and in its steps."""
import csv
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from event_records import scalar, version  # noqa: E402

START = 1.76e9


def state(run, folder):
    """HF Trainer's trainer_state.json."""
    os.makedirs(folder, exist_ok=True)
    value = {"best_metric": None, "best_model_checkpoint": None, "epoch": run.epochs, "global_step": run.last,
             "max_steps": run.last, "num_train_epochs": run.epochs, "log_history": run.history()}
    value.update(run.state)
    with open(os.path.join(folder, "trainer_state.json"), "w") as file:
        json.dump(value, file)
    if run.settings:
        with open(os.path.join(folder, "training_args.yaml"), "w") as file:
            file.writelines("%s: %s\n" % (name, json.dumps(value)) for name, value in run.settings.items())


def saved_state(run, folder):
    """The state of the last checkpoint alone."""
    state(run, os.path.join(folder, "checkpoint-%d" % run.last))


def clock(seconds):
    return "%d:%02d:%02d" % (seconds // 3600, seconds // 60 % 60, seconds % 60)


def trainer_log(run, folder):
    """LLaMA-Factory's trainer_log.jsonl."""
    os.makedirs(folder, exist_ok=True)
    names = {"loss": "loss", "eval_loss": "eval_loss", "learning_rate": "lr", "epoch": "epoch"}
    with open(os.path.join(folder, "trainer_log.jsonl"), "w") as file:
        for entry in run.history():
            line = {"current_steps": entry["step"], "total_steps": run.last}
            line.update({mine: entry[name] for name, mine in names.items() if name in entry})
            line.update({"percentage": round(100 * entry["step"] / run.last, 2), "elapsed_time": clock(entry["step"]),
                         "remaining_time": clock(run.last - entry["step"])})
            file.write(json.dumps(line) + "\n")


def events(path, points):
    """An event file of (tag, step, value, seconds since the start)."""
    points = list(points)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(version(START + min([p[3] for p in points], default=0)))
        for tag, step, value, seconds in points:
            if isinstance(value, (int, float)):
                file.write(scalar(tag.encode(), step, value, START + seconds))


def times(run):
    """The seconds since the start by step, with the pause that the run has."""
    return lambda step: step + (7200 + 60 * run.every if run.pause is not None and step >= run.pause else 0)


def points(run, names, steps=lambda step: step):
    at = times(run)
    for entry in run.history():
        for name, value in entry.items():
            tag = names(name)
            if name != "step" and tag:
                yield tag, steps(entry["step"]), value, at(entry["step"])


def file_name(folder, *parts):
    return os.path.join(folder, *parts, "events.out.tfevents.1760000000.host.1.0")


def hf_name(name):
    return "eval/" + name[5:] if name.startswith("eval_") else "train/" + name


def hf_events(run, folder):
    """HF Trainer's and TRL's TensorBoard callback."""
    events(file_name(folder, "runs", "Jan08_02-43-26_host"), points(run, hf_name))


def renamed(names):
    return lambda run, folder: events(file_name(folder), points(run, names.get))


megatron = renamed({"loss": "lm loss", "eval_loss": "lm loss validation", "learning_rate": "learning-rate", "grad_norm": "grad-norm"})
lightning = renamed({"loss": "train_loss_step", "eval_loss": "val_loss", "learning_rate": "lr-AdamW", "epoch": "epoch", "grad_norm": "grad_2.0_norm_total"})
torch = renamed({"loss": "Loss/train", "eval_loss": "Loss/val", "learning_rate": "lr", "grad_norm": "grad_norm"})


def deepspeed(run, folder):
    """DeepSpeed's monitor, which counts samples."""
    names = {"loss": "Train/Samples/train_loss", "learning_rate": "Train/Samples/lr"}
    events(file_name(folder, "job"), points(run, names.get, lambda step: 16 * step))


def add_scalars(run, folder):
    """torch's add_scalars: a writer a curve, each in a folder of its own, beside the writer's own file."""
    events(file_name(folder), points(run, {"learning_rate": "lr"}.get))
    for name, sub in (("loss", "loss_train"), ("eval_loss", "loss_val")):
        events(file_name(folder, sub), points(run, {name: "loss"}.get))


def keras(run, folder):
    """Keras' callback, which counts epochs: here one a point."""
    for name, sub in (("loss", "train"), ("eval_loss", "validation")):
        events(file_name(folder, sub) + ".v2", points(run, {name: "epoch_loss"}.get, lambda step: step // run.every - 1))


def lightning_table(run, folder):
    """Lightning's CSVLogger."""
    folder = os.path.join(folder, "lightning_logs", "version_0")
    os.makedirs(folder, exist_ok=True)
    names = {"step": "step", "loss": "train_loss_step", "eval_loss": "val_loss", "learning_rate": "lr-AdamW", "epoch": "epoch", "grad_norm": "grad_norm"}
    with open(os.path.join(folder, "metrics.csv"), "w", newline="") as file:
        writer = csv.DictWriter(file, list(names.values()))
        writer.writeheader()
        for entry in run.history():
            writer.writerow({names[name]: value for name, value in entry.items() if name in names})


PLAIN = {"loss", "eval_loss", "learning_rate", "epoch", "grad_norm", "times"}
# How each writes, and the columns that it has.
DIALECTS = {
    "trainer_state": (state, None), "saved state": (saved_state, None), "trainer_log": (trainer_log, PLAIN - {"grad_norm", "times"}),
    "HF events": (hf_events, None), "Megatron": (megatron, PLAIN), "Lightning": (lightning, PLAIN), "torch": (torch, PLAIN),
    "DeepSpeed": (deepspeed, PLAIN - {"eval_loss", "grad_norm"}), "add_scalars": (add_scalars, {"loss", "eval_loss", "learning_rate", "times"}),
    "Keras": (keras, {"loss", "eval_loss", "times"}), "Lightning's table": (lightning_table, PLAIN - {"times"}),
}
OPTIONAL = {"epoch", "learning_rate", "grad_norm"}


def dialects(run, needed=None):
    """The names of those that can write what is in `run`, and that without which its trouble cannot be told."""
    wanted = run.columns - OPTIONAL | {needed} - {None}
    if run.settings or run.state:
        return ["trainer_state"]
    has = {name: columns is None or wanted <= columns for name, (_, columns) in DIALECTS.items()}
    if needed == "times":
        has["trainer_state"] = has["saved state"] = False
    return [name for name, can in has.items() if can]


