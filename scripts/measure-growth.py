"""Measures how time and memory grow with points, tags, runs, output folders and tensors.

    make release && pip install crc32c && python3 scripts/measure-growth.py [--binary .build/release/ftreport] [kind ...]

Each input is made three times, each twice as large as the one before. The exponent is the slope of time over size on
logarithmic axes between the first and the last, start-up taken off: 1 is linear.
"""
import argparse, json, math, os, struct, subprocess, sys, tempfile, time
from pathlib import Path

from event_records import scalar

parser = argparse.ArgumentParser()
parser.add_argument("--binary", default=".build/release/ftreport")
parser.add_argument("kinds", nargs="*", default=["points", "tags", "runs", "outputs", "tensors", "shards"])
options = parser.parse_args()
binary = str(Path(options.binary).resolve())


def events(path, points):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        for tag, step, value in points: file.write(scalar(tag.encode(), step, value))


def loss(step): return 2 + math.exp(-step / 1000) + 0.1 * math.sin(step * 12.9898) * 0.5


def points(folder, count):
    events(folder / "run/events.out.tfevents.1", (("train/loss", step, loss(step)) for step in range(count)))
    return ["--format", "json", "run"]


def tags(folder, count):
    events(folder / "run/events.out.tfevents.1", ((f"layer/{tag}/norm", 1, 1.0) for tag in range(count)))
    return ["run"]


def runs(folder, count):
    for run in range(count):
        events(folder / f"all/run{run:05}/events.out.tfevents.1",
               (("train/loss", step, loss(step)) for step in range(1, 31)))
    return ["--format", "json", "all"]


def outputs(folder, count):
    history = [{"step": step, "epoch": step / 10, "loss": loss(step)} for step in range(10, 100, 10)]
    for run in range(count):
        place = folder / f"all/out{run:05}"
        place.mkdir(parents=True)
        (place / "trainer_state.json").write_text(json.dumps({"log_history": history, "global_step": 90}))
        events(place / "runs/Jan08_02-43-26_host/events.out.tfevents.1",
               (("train/loss", step, loss(step)) for step in range(10, 100, 10)))
    return ["--format", "json", "all"]


def safetensors(path, count, value):
    header, data = {}, b""
    for tensor in range(count):
        header[f"model.layers.{tensor}.weight"] = {"dtype": "F32", "shape": [2], "data_offsets": [8 * tensor, 8 * tensor + 8]}
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + struct.pack("<2f", 1, value) * count)


def tensors(folder, count):
    safetensors(folder / "a/model.safetensors", count, 1)
    safetensors(folder / "b/model.safetensors", count, 2)
    return ["compare", "--format", "json", "a", "b"]


def shards(folder, count):
    names = [f"model-{shard:05}-of-{count:05}.safetensors" for shard in range(1, count + 1)]
    weights = {}
    for number, name in enumerate(names):
        text = json.dumps({f"t{number}": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
        (folder / "m").mkdir(exist_ok=True)
        (folder / "m" / name).write_bytes(struct.pack("<Q", len(text)) + text + bytes(8))
        weights[f"t{number}"] = name
    (folder / "m/model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": weights}))
    return ["verify", "m"]


SIZES = {"points": 250_000, "tags": 50_000, "runs": 500, "outputs": 1250, "tensors": 10_000, "shards": 250}


def measure(arguments, folder):
    best = None
    for _ in range(3):
        start = time.monotonic()
        child = subprocess.Popen([binary, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = status
        spent = usage.ru_utime + usage.ru_stime
        if best is None or spent < best[0]: best = (spent, time.monotonic() - start, usage.ru_maxrss * 1024, status)
    return best


base = measure(["--version"], ".")
print(f"| kind | size | CPU s | wall s | MB | bytes for each | exponent |\n|---|---|---|---|---|---|---|")
for kind in options.kinds:
    rows = []
    for step in range(3):
        size = SIZES[kind] << step
        with tempfile.TemporaryDirectory() as folder:
            arguments = globals()[kind](Path(folder), size)
            spent, wall, memory, status = measure(arguments, folder)
            if status != 0: print(f"{kind}: status {status}", file=sys.stderr)
        rows.append((size, spent, wall, memory))
    exponent = math.log(max(1e-4, rows[2][1] - base[0]) / max(1e-4, rows[0][1] - base[0])) / math.log(4)
    each = (rows[2][3] - rows[0][3]) / (rows[2][0] - rows[0][0])
    for size, spent, wall, memory in rows:
        last = size == rows[2][0]
        print(f"| {kind} | {size:,} | {spent:.2f} | {wall:.2f} | {memory / 1e6:.0f} | {f'{each:,.0f}' if last else ''} | "
              f"{f'{exponent:.2f}' if last else ''} |", flush=True)
