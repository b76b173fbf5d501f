"""Tries what hostile or unlucky files do to a reader, and holds time, memory and exit status against their bounds.

    make release && pip install crc32c && python3 scripts/check-bounds.py [--binary .build/release/ftreport]

Prints a table for docs/reliability.md; exits with 1 where a bound is broken.
"""
import argparse, gzip, json, os, random, shutil, sqlite3, struct, subprocess, sys, tempfile, threading, time, zlib
from pathlib import Path

from event_records import field, head, record, scalar, varint

parser = argparse.ArgumentParser()
parser.add_argument("--binary", default=".build/release/ftreport")
options = parser.parse_args()
binary = str(Path(options.binary).resolve())
# Folders thousands deep are removed one within the other.
sys.setrecursionlimit(20_000)
NAME = "events.out.tfevents.1"


ROOT = Path(__file__).resolve().parent.parent
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


def bomb(data, sum):
    """A deflated stream of `data` and 2 GB of zeros, as its start, a block that is repeated 2,048 times, its end and its sum."""
    packer, zeros = zlib.compressobj(9, zlib.DEFLATED, -15), bytes(1 << 20)
    start = packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = sum(data)
    for _ in range(2048): checksum = sum(zeros, checksum)
    return start, block, packer.flush(), checksum


@case("2 MB of gzip that hold a record of 2 GB", ["verify", "run"], {1}, 15, 200)
def _(folder):
    start, block, end, checksum = bomb(GOOD + head((1 << 31) - 1), zlib.crc32)
    size = struct.pack("<II", checksum, (len(GOOD) + 12 + (1 << 31)) & 0xffffffff)
    (folder / "run" / NAME).write_bytes(gzip.compress(b"")[:10] + start + block * 2048 + end + size)


@case("2 MB of zlib that hold 2 GB of zeros", ["verify", "run"], {1}, 5)
def _(folder):
    start, block, end, checksum = bomb(GOOD, zlib.adler32)
    (folder / "run" / NAME).write_bytes(b"\x78\xda" + start + block * 2048 + end + struct.pack(">I", checksum))


@case("2,000 compressed files", ["verify", "--quiet", "run"], {0}, 8, 60)
def _(folder):
    for number in range(2000): (folder / "run" / f"{NAME}.{number:04}").write_bytes(gzip.compress(GOOD))


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


TRACKERS = ROOT / "Tests/RunFolderTests/Fixtures/trackers"


@case("pipes under the names of other trackers' files", ["--quiet", "run"], {3})
def _(folder):
    for name in ["a.db", "run-1.wandb", "metrics.csv", "hparams.yaml"]: os.mkfifo(folder / "run" / name)


@case("a database of trackio's with a pipe in the place of its log", ["--quiet", "run"], {3})
def _(folder):
    shutil.copy(TRACKERS / "project.db", folder / "run/project.db")
    os.mkfifo(folder / "run/project.db-wal")


@case("a view of rows without an end in the place of trackio's table", ["--quiet", "run/a.db"], {3})
def _(folder):
    with sqlite3.connect(folder / "run/a.db") as database:
        database.execute("""CREATE VIEW metrics AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r)
            SELECT i AS id, '2026-01-01T00:00:00' AS timestamp, 'a' AS run_name, i AS step, '{"a":1}' AS metrics FROM r""")


@case("a table of Lightning's with 100 million columns", ["--quiet", "run"], {3}, 3, 250)
def _(folder): (folder / "run/metrics.csv").write_bytes(b"step" + b"," * 100_000_000 + b"\n1\n")


@case("a table of Lightning's with a row of 100 MB", ["--quiet", "run"], {0}, 5, 250)
def _(folder): (folder / "run/metrics.csv").write_bytes(b"step,loss\n1,2\n" + b"," * 100_000_000 + b"\n2,1\n")


def wandb_log(payload):
    """A log of Weights & Biases of one record, in blocks as LevelDB has them."""
    log, kinds, position = bytearray(b":W&B\xe1\xbe\0"), {(1, 1): 1, (1, 0): 2, (0, 0): 3, (0, 1): 4}, 0
    while position < len(payload):
        room = 32768 - len(log) % 32768
        if room < 8:
            log += bytes(room)
            continue
        part = payload[position:position + room - 7]
        kind = kinds[int(position == 0), int(position + len(part) == len(payload))]
        log += struct.pack("<IHB", zlib.crc32(bytes([kind]) + part), len(part), kind) + part
        position += len(part)
    return bytes(log)


@case("a record of Weights & Biases of 60 MB of small fields", ["--quiet", "run"], {3}, 10, 300)
def _(folder): (folder / "run/run-1.wandb").write_bytes(wandb_log(b"\x08\x01" * 30_000_000))


@case("a record of Weights & Biases of 200 MB", ["--quiet", "run"], {3}, 10, 300)
def _(folder): (folder / "run/run-1.wandb").write_bytes(wandb_log(b"\x12\xff\xff\xff\x7f" + bytes(200_000_000)))


@case("a trainer_state.json of 100 MB of numbers", ["--quiet", "run"], {3}, 20, 500)
def _(folder): (folder / "run/trainer_state.json").write_bytes(b'{"log_history":[' + b"1," * 50_000_000 + b"1]}")


@case("a trainer_state.json of 50 MB of brackets", ["--quiet", "run"], {3}, 5, 200)
def _(folder): (folder / "run/trainer_state.json").write_bytes(b"[" * 50_000_000)


@case("settings in YAML of aliases of aliases", ["--quiet", "run"], {0, 3})
def _(folder):
    (folder / "run" / NAME).write_bytes(GOOD)
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"] + [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    (folder / "run/training_args.yaml").write_text("\n".join(lines))


def value(plugin, part): return field(1, b"tag") + part + field(9, field(1, field(1, plugin)))


def summary(step, value):
    body = field(1, value)
    return record(b"\x09" + struct.pack("<d", 1) + b"\x10" + varint(step) + b"\x2a" + varint(len(body)) + body)


@case("a histogram of 2 million buckets", ["--quiet", "run"], {0}, 10, 700)
def _(folder):
    count = 2_000_000
    shape = field(2, field(2, b"\x08" + varint(count)) + field(2, b"\x08\x03"))
    tensor = b"\x08\x02" + shape + field(4, bytes(24 * count))
    (folder / "run" / NAME).write_bytes(GOOD + summary(1, value(b"histograms", field(8, tensor))))


@case("a text of 50 MB", ["--quiet", "run"], {0}, 10, 800)
def _(folder):
    tensor = b"\x08\x07" + field(8, b"<script>|`" * 5_000_000)
    (folder / "run" / NAME).write_bytes(GOOD + summary(1, value(b"text", field(8, tensor))))


@case("a picture that says 2 billion by 2 billion pixels", ["--quiet", "run"], {0})
def _(folder):
    head = struct.pack(">IIBBBBB", 0x7fffffff, 0x7fffffff, 8, 6, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    png += struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    (folder / "run" / NAME).write_bytes(GOOD + summary(1, value(b"images", field(4, field(4, png)))))


@case("a graph of a million nodes with names of their own", ["--quiet", "run"], {0}, 10, 300)
def _(folder):
    graph = b"".join(field(1, field(1, b"a%d/b%d/c" % (n, n)) + field(2, b"Op%d" % n)) for n in range(1_000_000))
    event = b"\x09" + struct.pack("<d", 1) + b"\x22" + varint(len(graph)) + graph
    (folder / "run" / NAME).write_bytes(GOOD + record(event))


@case("folders 2,000 deep", ["--quiet", "run"], {0, 3}, 5)
def _(folder):
    (folder / "run" / NAME).write_bytes(GOOD)
    os.chdir(folder / "run")
    for _ in range(2000):
        os.mkdir("d")
        os.chdir("d")


@case("links that lead in circles", ["--quiet", "run"], {0, 3})
def _(folder):
    (folder / "run" / NAME).write_bytes(GOOD)
    for name in ["a", "b", "c"]:
        (folder / "run" / name).mkdir()
        for other in ["a", "b", "c", "."]: (folder / "run" / name / f"to-{other.strip('.')}").symlink_to(f"../{other}")
    (folder / "run/self").symlink_to("self")


@case("a header of safetensors of 90 MB", ["verify", "run"], {0, 1}, 15, 1500)
def _(folder):
    entries = b",".join(b'"t%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}' % n for n in range(1_500_000))
    header = b"{" + entries + b"}"
    (folder / "run/model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)


@case("a pickle of 50 million values", ["verify", "run"], {0, 1}, 15, 1500)
def _(folder): (folder / "run/a.pkl").write_bytes(b"\x80\x02](" + b"N" * 50_000_000 + b"e.")


@case("a pickle of tuples 5 million deep", ["verify", "run"], {0, 1}, 10, 1000)
def _(folder): (folder / "run/a.pkl").write_bytes(b"\x80\x02N" + b"\x85" * 5_000_000 + b".")


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
    child = subprocess.Popen([binary, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watchdog = threading.Timer(60, child.kill)
    watchdog.start()
    message = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    watchdog.cancel()
    child.returncode = status
    # Of the processor, so that a busy machine breaks no bound; what waits is ended above.
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), message.decode(errors="replace")


broken = 0
print("| what | exit status | CPU seconds | MB |\n|---|---|---|---|")
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
    start = time.monotonic()
    measure(["compare", "a", "b"], folder)
    span = time.monotonic() - start
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
