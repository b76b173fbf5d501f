"""Trainings whose trouble lies in their files: several in one folder, several writers, files that are damaged, steps that
were not counted. A function of the draw and the folder for each row; it writes, and gives the step of the trouble or None."""
import json
import os

from dialects import events, hf_events, hf_name, points, saved_state, state, trainer_log
from training import supervised


def usual(rng, **arguments):
    return supervised(rng, count=rng.length([50, 100, 200], most=1000), deviation=rng.choice([0.01, 0.03]), **arguments)


def another(rng, run):
    """A training of the same length and steps by other numbers."""
    other = supervised(rng, count=run.count, deviation=run.deviation, evaluations=False)
    factor = rng.uniform(1.2, 1.6)
    other.set("loss", [v * factor for v in other.column("loss")])
    for mine, entry in zip(run.logs, other.logs):
        entry["step"], entry["epoch"] = mine["step"], mine["epoch"]
    other.every = run.every
    return other


def event_file(folder, suffix, number=0):
    return os.path.join(folder, "events.out.tfevents.%d.host.%s" % (1760000000 + number, suffix))


def later(run, seconds):
    return [(tag, step, value, time + seconds) for tag, step, value, time in points(run, hf_name)]


# Sick


def two_writers(rng, folder):
    """Two trainings that wrote into one folder at the same time."""
    run = usual(rng, evaluations=False)
    events(event_file(folder, "a"), points(run, hf_name))
    events(event_file(folder, "b"), points(another(rng, run), hf_name))


def interleaved_file(rng, folder):
    """Two trainings that wrote into one event file."""
    run = usual(rng, evaluations=False)
    both = list(points(run, hf_name)) + later(another(rng, run), 0.1)
    events(event_file(folder, "a"), sorted(both, key=lambda p: p[3]))


def local_losses(rng, folder):
    """Every process of a DDP training writes the loss of its own batches."""
    run = usual(rng, evaluations=False)
    for rank in range(rng.choice([2, 4, 8])):
        values = [(tag, step, value * (1 + rng.gauss(0, 0.03)) if tag == "train/loss" else value, time + rank / 1000)
                  for tag, step, value, time in points(run, hf_name)]
        events(event_file(folder, "r%d" % rank), values)


def fresh_trainings(rng, folder):
    """Trainings one after the other in one folder, each from the first step on."""
    begin = 0
    for number in range(rng.choice([2, 3])):
        run = supervised(rng, count=rng.choice([40, 90, 150]), deviation=0.02, evaluations=False)
        events(event_file(folder, "k%d" % number, begin), later(run, begin))
        begin += 2 * run.last + rng.choice([60, 86400])


def lines(run):
    return [json.dumps({"current_steps": e["step"], "total_steps": run.last, "loss": e["loss"], "lr": e["learning_rate"], "epoch": e["epoch"],
                        "percentage": 1.0, "elapsed_time": "0:00:%02d" % (i % 60), "remaining_time": "0:10:00"}) for i, e in enumerate(run.logs)]


def write_log(folder, text):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "trainer_log.jsonl"), "w") as file:
        file.write("\n".join(text) + "\n")


def interleaved_log(rng, folder):
    run = usual(rng, evaluations=False)
    write_log(folder, [line for pair in zip(lines(run), lines(another(rng, run))) for line in pair])


def log_begun_anew(rng, folder):
    """A second training that was appended to the log of a first."""
    run = usual(rng, evaluations=False)
    write_log(folder, lines(run) + lines(another(rng, run)))


def checkpoints_of_two(rng, folder):
    """States of checkpoints that come from two trainings."""
    first = supervised(rng, count=40, deviation=0.02, evaluations=False)
    saved_state(first, folder)
    second = supervised(rng, count=rng.choice([60, 100]), deviation=0.02, evaluations=False)
    for i, entry in enumerate(second.logs):
        entry["step"] = (i + 1) * first.every
    saved_state(second, folder)


def cut_in_the_middle(rng, folder):
    """An event file with bytes that were overwritten in its middle."""
    run = usual(rng, evaluations=False)
    path = event_file(folder, "a")
    events(path, points(run, hf_name))
    with open(path, "r+b") as file:
        size = os.path.getsize(path)
        file.seek(int(size * rng.uniform(0.2, 0.8)))
        file.write(os.urandom(1) * rng.choice([1, 40, 400]))


def state_text(run):
    return json.dumps(dict({"epoch": run.epochs, "global_step": run.last, "max_steps": run.last, "num_train_epochs": run.epochs,
                            "log_history": run.history()}, **run.state), indent=2)


def write_state(folder, text):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "trainer_state.json"), "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def state_cut(rng, folder):
    text = state_text(usual(rng, evaluations=False))
    write_state(folder, text[:int(len(text) * rng.uniform(0.1, 0.95))])


def state_pointer(rng, folder):
    write_state(folder, "version https://git-lfs.github.com/spec/v1\noid sha256:%064x\nsize %d\n" % (rng.getrandbits(256), rng.randint(1000, 10**6)))


def state_cut_beside_events(rng, folder):
    run = usual(rng, evaluations=False)
    hf_events(run, folder)
    text = state_text(run)
    write_state(folder, text[:len(text) // 2])


def log_lines_broken(rng, folder):
    text = lines(usual(rng, evaluations=False))
    at = rng.randint(3, len(text) - 8)
    for i in range(at, at + rng.choice([1, 3, 5])):
        text[i] = rng.choice([text[i][:len(text[i]) // 2], "\0" * 80, "Traceback (most recent call last):", ""]) or "{"
    write_log(folder, text)


def no_steps(rng, folder):
    """A writer that was given no step: all points are at step 0."""
    run = usual(rng)
    events(event_file(folder, "a"), points(run, hf_name, lambda step: 0))


# Healthy


def processes_alike(rng, folder):
    """Every process of a DDP training writes the same reduced loss."""
    run = usual(rng, evaluations=False)
    for rank in range(rng.choice([2, 4, 8])):
        events(event_file(folder, "r%d" % rank), later(run, rank / 1000))


def resumed(rng, folder):
    """Taken up again from a checkpoint: some steps a second time, by almost the same values."""
    run = usual(rng)
    at = int(run.count * rng.uniform(0.3, 0.7))
    back = at - rng.choice([0, 2, 5])
    split, again = run.logs[at]["step"], run.logs[back]["step"]
    whole = list(points(run, hf_name))
    events(event_file(folder, "a"), [p for p in whole if p[1] <= split])
    events(event_file(folder, "b", 90000), [(tag, step, value, time + 90000) for tag, step, value, time in whole if step >= again])


def resumed_log(rng, folder):
    run = usual(rng, evaluations=False)
    at = int(run.count * rng.uniform(0.3, 0.7))
    write_log(folder, lines(run)[:at] + lines(run)[at - rng.choice([0, 2, 5]):])


def killed(rng, folder):
    """An event file that ends in the middle of its last record."""
    run = usual(rng)
    path = event_file(folder, "a")
    events(path, points(run, hf_name))
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) - rng.randint(1, 30))


def state_with_mark(rng, folder):
    """A state that an editor saved with a byte order mark."""
    write_state(folder, b"\xef\xbb\xbf" + state_text(usual(rng)).encode())


def all_sources(rng, folder):
    run = usual(rng, evaluations=False)
    hf_events(run, folder)
    state(run, folder)
    trainer_log(run, folder)


def saved_twice(rng, folder):
    """The states of two checkpoints of one training."""
    run = usual(rng)
    part = run.logs[run.count // 2]["step"]
    saved_state(run, folder)
    logs, evaluations, last = run.logs, run.evaluations, run.last
    run.logs = [e for e in logs if e["step"] <= part]
    run.evaluations = [e for e in evaluations if e["step"] <= part]
    run.state = dict(run.state, max_steps=last)
    saved_state(run, folder)


def repeated_points(rng, folder):
    """Points that were written twice, and a step out of order, as asynchronous writers do."""
    run = usual(rng)
    whole = list(points(run, hf_name))
    for _ in range(3):
        i = rng.randrange(1, len(whole) - 1)
        whole.insert(i, whole[i])
    i = rng.randrange(2, len(whole) - 12)
    whole[i:i + 10] = sorted(whole[i:i + 10], key=lambda p: -p[1])
    events(event_file(folder, "a"), whole)


DAMAGE = {"damaged_file", "sources_disagree"}
MIXED = {"mixed_trainings", "interleaved", "sources_disagree"}
SICK_FOLDERS = {
    "two_writers": ("two trainings at once", two_writers, MIXED),
    "interleaved_file": ("two trainings in one event file", interleaved_file, MIXED),
    "local_losses": ("processes with losses of their own", local_losses, MIXED),
    "fresh_trainings": ("trainings one after the other", fresh_trainings, MIXED),
    "interleaved_log": ("two trainings in one trainer_log", interleaved_log, MIXED),
    "log_begun_anew": ("trainer_log begun anew", log_begun_anew, MIXED),
    "checkpoints_of_two": ("checkpoints of two trainings", checkpoints_of_two, MIXED),
    "cut_in_the_middle": ("event file damaged", cut_in_the_middle, DAMAGE),
    "state_cut": ("trainer_state cut", state_cut, DAMAGE),
    "state_pointer": ("trainer_state is a pointer", state_pointer, DAMAGE),
    "state_cut_beside_events": ("trainer_state cut, beside events", state_cut_beside_events, DAMAGE),
    "log_lines_broken": ("trainer_log with broken lines", log_lines_broken, DAMAGE),
    "no_steps": ("no step counted", no_steps, {"no_step_counter"}),
}
HEALTHY_FOLDERS = {
    "processes alike": processes_alike, "resumed": resumed, "trainer_log resumed": resumed_log, "killed while writing": killed,
    "state with a byte order mark": state_with_mark, "events, state and log": all_sources, "two states of one training": saved_twice,
    "points twice and out of order": repeated_points,
}
