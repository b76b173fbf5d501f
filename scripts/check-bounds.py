"""Tries what hostile or unlucky files do to a reader, and holds time, memory and exit status against their bounds.

    make release && pip install crc32c && python3 scripts/check-bounds.py [--binary .build/release/ftreport]

Prints a table for docs/reliability.md; exits with 1 where a bound is broken.
"""
import argparse, gzip, json, os, random, struct, subprocess, sys, tempfile, threading, time, zlib
from pathlib import Path

from event_records import field, head, record, scalar, varint

parser = argparse.ArgumentParser()
parser.add_argument("--binary", default=".build/release/ftreport")
options = parser.parse_args()
binary = str(Path(options.binary).resolve())
NAME = "events.out.tfevents.1"


GOOD = b"".join(scalar(b"train/loss", step, 2 + 1 / step) for step in range(1, 101))
CASES = []


def case(what, arguments, status, seconds=2.0, megabytes=120):
    def register(make):
        CASES.append((what, arguments, status, seconds, megabytes, make))
        return make
    return register


@case("pipes and a device under the names of event files, beside a good run", ["--quiet", "run"], {0, 3})
def _(folder):
    (folder / "run" / NAME).write_bytes(GOOD)
    os.mkfifo(folder / "run/events.out.tfevents.2.pipe")
    (folder / "run/events.out.tfevents.3.zero").symlink_to("/dev/zero")


@case("pipes under every name that trainers use", ["--quiet", "run"], {0, 3})
def _(folder):
    (folder / "run" / NAME).write_bytes(GOOD)
    for name in ["trainer_state.json", "trainer_log.jsonl", "adapter_config.json", "README.md", "all_results.json",
                 "training_args.yaml", "training_args.bin", "args.json"]: os.mkfifo(folder / "run" / name)


@case("pipes under the names of checkpoints, for verify", ["verify", "run"], {0, 1, 3})
def _(folder):
    for name in ["model.safetensors", "optimizer.pt", "pytorch_model.bin", ".metadata", NAME]: os.mkfifo(folder / "run" / name)
    (folder / "run/events.out.tfevents.2").write_bytes(GOOD)


@case("a named pipe that somebody writes to, given by its name", ["verify", "run/pipe"], {0})
def _(folder):
    os.mkfifo(folder / "run/pipe")
    if os.fork() == 0:
        (folder / "run/pipe").write_bytes(GOOD)
        os._exit(0)


@case("a sparse tail of 1 TB behind a good run", ["verify", "run"], {1})
def _(folder):
    (folder / "run" / NAME).write_bytes(GOOD)
    os.truncate(folder / "run" / NAME, 1 << 40)


@case("2 MB of gzip that hold a record of 2 GB", ["verify", "run"], {1}, 15, 200)
def _(folder):
    with gzip.open(folder / "run" / NAME, "wb", 9) as file:
        file.write(GOOD + head((1 << 31) - 1))
        for _ in range(2048): file.write(bytes(1 << 20))


@case("2 MB of zlib that hold 2 GB of zeros", ["verify", "run"], {1}, 5)
def _(folder):
    packer = zlib.compressobj(9)
    with open(folder / "run" / NAME, "wb") as file:
        file.write(packer.compress(GOOD))
        for _ in range(2048): file.write(packer.compress(bytes(1 << 20)))
        file.write(packer.flush())


@case("400 compressed files", ["verify", "--quiet", "run"], {0}, 5, 60)
def _(folder):
    for number in range(400): (folder / "run" / f"{NAME}.{number:03}").write_bytes(gzip.compress(GOOD))


@case("a tag of 100 MB (past the longest record)", ["--quiet", "run"], {0}, 5, 150)
def _(folder): (folder / "run" / NAME).write_bytes(GOOD + scalar(b"a" * 100_000_000, 1, 1))


@case("a tag of 60 MB", ["--quiet", "run"], {0}, 5, 400)
def _(folder): (folder / "run" / NAME).write_bytes(GOOD + scalar(b"a" * 60_000_000, 1, 1))


@case("100,000 tags", ["--format", "json", "run"], {0}, 10, 400)
def _(folder):
    (folder / "run" / NAME).write_bytes(b"".join(scalar(b"layer/%d/norm" % tag, 1, 1) for tag in range(100_000)))


@case("an event of 60 MB of values", ["verify", "run"], {1}, 10, 1000)
def _(folder):
    value = field(1, field(1, b"a") + b"\x15" + struct.pack("<f", 1))
    body = value * (60_000_000 // len(value))
    (folder / "run" / NAME).write_bytes(GOOD + record(b"\x09" + struct.pack("<d", 1) + b"\x2a" + varint(len(body)) + body))


def safetensors(path, count, extent):
    header, offset = {}, 0
    for tensor in range(count):
        header[f"model.layers.{tensor}.weight"] = {"dtype": "F32", "shape": [extent], "data_offsets": [offset, offset + 4 * extent]}
        offset += 4 * extent
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        block = random.Random(1).randbytes(4 * extent - 1) + b"\0"
        for _ in range(count): file.write(block)


def measure(arguments, folder):
    start = time.monotonic()
    child = subprocess.Popen([binary, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watchdog = threading.Timer(60, child.kill)
    watchdog.start()
    message = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    watchdog.cancel()
    child.returncode = status
    return time.monotonic() - start, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), message.decode(errors="replace")


broken = 0
print("| what | exit status | seconds | MB |\n|---|---|---|---|")
for what, arguments, allowed, seconds, megabytes, make in CASES:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "run").mkdir()
        # In a process of its own, whose memory is not taken for that of the command.
        maker = os.fork()
        if maker == 0:
            try: make(Path(folder))
            finally: os._exit(0)
        os.waitpid(maker, 0)
        spent, memory, status, message = measure(arguments, folder)
        isGood = status in allowed and spent <= seconds and memory <= megabytes
        broken += not isGood
        print(f"| {what} | {status} | {spent:.2f} | {memory:.0f} |{'' if isGood else ' BROKEN: ' + message[:200]}", flush=True)

# Files that are cut while they are read: the command ends with a message, or it was done before.
outcomes = {}
with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    for name in ("a", "b"): safetensors(folder / name / "model.safetensors", 64, 1 << 18)
    size = os.path.getsize(folder / "b/model.safetensors")
    span = measure(["compare", "a", "b"], folder)[0]
    chance = random.Random(1)
    for _ in range(40):
        child = subprocess.Popen([binary, "compare", "a", "b"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(chance.random() * span)
        os.truncate(folder / "b/model.safetensors", chance.choice([0, 4096, size // 2]))
        message = child.communicate()[1].decode()
        key = f"status {child.returncode}" + (", told" if "changed while it was read" in message else "")
        outcomes[key] = outcomes.get(key, 0) + 1
        if child.returncode < 0 or (child.returncode > 0 and not message): broken += 1
        safetensors(folder / "b/model.safetensors", 64, 1 << 18)
print("\nA checkpoint cut short while it is compared, 40 times:", ", ".join(f"{count} × {key}" for key, count in sorted(outcomes.items())))
print(f"{broken} broken")
sys.exit(1 if broken else 0)
