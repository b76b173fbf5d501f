#!/usr/bin/env python3
"""Writes Tests/RunFolderTests/Fixtures: runs as other trackers keep them, written by these themselves, and truth.json
with what was given to them; and logs.json beside the logs of ms-swift and torchtune, with what the trainer itself kept of
the same numbers. Needs wandb, trackio and lightning; the last three are written when they are named, and need swanlab
(0.7.4 writes swanlab/json, 0.10.3 swanlab/protobuf), ms-swift 4.6.0 and torchtune 0.6.1, each with those of its dependencies
that its logger imports. Times and identifiers in the files are those of the day.

usage: scripts/make-tracker-fixtures.py [wandb] [trackio] [lightning] [swanlab] [swift] [torchtune]
"""
import glob
import json
import math
import os
import shutil
import sys
import tempfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/RunFolderTests/Fixtures/trackers")
LOGGERS = os.path.join(os.path.dirname(FOLDER), "loggers")
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


def swanlab_runs():
    """A run that is not online: by SwanLab up to 0.9 a log of JSON, since then one of protocol buffers."""
    import swanlab
    folder = tempfile.mkdtemp()
    run = swanlab.init(project="p", experiment_name="steps", mode="offline", logdir=folder, config=SETTINGS)
    for call in range(20):
        for numbers, step in values(call):
            run.log(numbers, step=step)
    swanlab.finish()
    path, = glob.glob(os.path.join(folder, "run-*/*.swanlab"))
    old = os.path.basename(path) == "backup.swanlab"
    target = os.path.join(FOLDER, "swanlab", "json" if old else "protobuf")
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(os.path.join(target, "files"))
    shutil.copy(path, os.path.join(target, "backup.swanlab" if old else "run-steps.swanlab"))
    shutil.copy(os.path.join(os.path.dirname(path), "files/config.yaml"), os.path.join(target, "files/config.yaml"))


def swift_runs():
    """A training of a tiny model by transformers' Trainer with ms-swift's own callback, stopped and resumed."""
    import torch
    import transformers
    import swift.trainers.patcher  # noqa: F401 - puts its callbacks in the place of transformers'
    folder = os.path.join(LOGGERS, "swift")
    torch.manual_seed(1)
    config = transformers.GPT2Config(vocab_size=64, n_positions=16, n_embd=16, n_layer=1, n_head=2)
    data = [{"input_ids": torch.randint(0, 64, (16,)), "labels": torch.randint(0, 64, (16,))} for _ in range(64)]

    def train(steps, resume):
        arguments = transformers.TrainingArguments(
            folder, max_steps=24, per_device_train_batch_size=2, logging_steps=2, eval_strategy="steps", eval_steps=6,
            save_strategy="steps", save_steps=6, learning_rate=1e-3, report_to=[], use_cpu=True)
        arguments.max_epochs = None
        trainer = transformers.Trainer(
            transformers.GPT2LMHeadModel(config), arguments, train_dataset=data, eval_dataset=data[:8])
        stop = type("Stop", (transformers.TrainerCallback,), {
            "on_step_end": lambda self, args, state, control, **kw:
                setattr(control, "should_training_stop", control.should_training_stop or state.global_step >= steps)})
        trainer.add_callback(stop())
        trainer.train(resume_from_checkpoint=resume)
        return trainer.state

    train(10, None)
    state = train(24, os.path.join(folder, "checkpoint-6"))
    for save in glob.glob(os.path.join(folder, "checkpoint-*")):
        shutil.rmtree(save)
    return state.log_history


def torchtune_runs():
    import torch
    from torchtune.training.metric_logging import DiskLogger
    logger = DiskLogger(os.path.join(LOGGERS, "torchtune"), filename="log_1764150000.txt")
    kept = []
    for step in range(1, 13):
        numbers = {"loss": 3 * math.exp(-step / 4), "lr": 1e-5 * step, "tokens_per_second_per_gpu": 100.5,
                   "grad_norm": torch.tensor(0.5 / step)}
        logger.log_dict(numbers, step=step)
        kept.append({"step": step, **{key: float(value) for key, value in numbers.items()}})
        if step % 4 == 0:
            logger.log("val_loss", 2 - step / 20, step=step)
            kept.append({"step": step, "val_loss": 2 - step / 20})
    logger.close()
    return kept


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["wandb", "trackio", "lightning"]
    os.makedirs(FOLDER, exist_ok=True)
    for name in wanted:
        folder = LOGGERS if name in ("swift", "torchtune") else FOLDER
        for old in [] if name == "swanlab" else glob.glob(os.path.join(folder, {"wandb": "*.wandb", "trackio": "*.db"}.get(name, name))):
            shutil.rmtree(old) if os.path.isdir(old) else os.remove(old)
        kept = globals()[name + "_runs"]()
        if kept:
            with open(os.path.join(folder, name, "logs.json"), "w") as file:
                json.dump(kept, file, indent=0, separators=(",", ":"))
                file.write("\n")
    with open(os.path.join(FOLDER, "truth.json"), "w") as file:
        json.dump({"series": truth(20), "settings": SETTINGS}, file, indent=0, separators=(",", ":"))
        file.write("\n")
