#!/usr/bin/env python3
"""Writes Tests/RunFolderTests/Fixtures: runs as other trackers keep them, written by these themselves, and truth.json
with what was given to them. Needs wandb, trackio and lightning. Times and identifiers in the files are those of the day.

usage: scripts/make-tracker-fixtures.py
"""
import glob
import json
import math
import os
import shutil
import tempfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/RunFolderTests/Fixtures/trackers")
SETTINGS = {"lr": 1e-4, "optimizer": "adamw", "rank": 8}


def values(call):
    """What HF Trainer logs at a call: the loss every 5 steps, an evaluation every 25."""
    step = 5 * (call + 1)
    yield {"train/loss": 3 * math.exp(-step / 40), "train/learning_rate": 1e-4 * (1 - step / 100)}, step
    if step % 25 == 0:
        yield {"eval/loss": 2 - step / 100, "bad": math.nan if step == 50 else 1.0}, step


def truth(calls):
    series = {}
    for call in range(calls):
        for numbers, step in values(call):
            for tag, value in numbers.items():
                series.setdefault(tag, []).append([step, value if math.isfinite(value) else str(value)])
    return series


def wandb_runs():
    import wandb
    folder = tempfile.mkdtemp()
    os.environ["WANDB_SILENT"] = "true"
    for name, is_hf in [("steps", False), ("trainer", True)]:
        settings = wandb.Settings(console="off", disable_git=True, x_disable_machine_info=True, x_disable_stats=True)
        run = wandb.init(project="p", mode="offline", dir=folder, config=SETTINGS, name=name, id=name, settings=settings)
        for call in range(20):
            for numbers, step in values(call):
                # The callback of transformers leaves the counting of calls to wandb.
                run.log(dict(numbers, **{"train/global_step": step})) if is_hf else run.log(numbers, step=step)
        run.summary["best"] = 0.5
        run.finish()
        wandb.teardown()  # which waits until all is written
        path, = glob.glob(os.path.join(folder, f"wandb/offline-run-*-{name}/run-{name}.wandb"))
        shutil.copy(path, os.path.join(FOLDER, f"run-{name}.wandb"))


def trackio_runs():
    folder = tempfile.mkdtemp()
    os.environ["TRACKIO_DIR"] = folder
    import trackio
    for name in ("first", "second"):
        trackio.init(project="project", name=name, config=SETTINGS, auto_log_gpu=False, auto_log_cpu=False)
        for call in range(20):
            for numbers, step in values(call):
                trackio.log(numbers, step=step)
        trackio.finish()
    shutil.copy(os.path.join(folder, "project.db"), os.path.join(FOLDER, "project.db"))


def lightning_runs():
    from lightning.pytorch.loggers import CSVLogger
    logger = CSVLogger(FOLDER, name="lightning", version=0)
    logger.log_hyperparams(SETTINGS)
    for call in range(20):
        for numbers, step in values(call):
            logger.log_metrics(numbers, step=step)
    logger.save()


if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    wandb_runs()
    trackio_runs()
    lightning_runs()
    with open(os.path.join(FOLDER, "truth.json"), "w") as file:
        json.dump({"series": truth(20), "settings": SETTINGS}, file, indent=0, separators=(",", ":"))
        file.write("\n")
