"""Lets system calls fail, kills the command, and lets two of it write at once; looks that nothing is lost.

    make release && python3 scripts/check-interruptions.py [--binary .build/release/ftreport] [--kills 300] [--pairs 50]

For a report over an older one that has files of somebody's own in it, and for a gate that writes four files: the n-th
call of each kind (open, read, write, rename, unlink, ...) fails, for every n there is. Each time the command has to end
with a message and a status of 2 or more, or to have done all of its work; either the old report or the new one is there,
whole; no file of somebody's own is lost; and the next run mends what is left. Linux only: strace lets the calls fail.
"""
import argparse, collections, os, random, shutil, signal, subprocess, sys, tempfile, time
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--binary", default=".build/release/ftreport")
parser.add_argument("--kills", type=int, default=300)
parser.add_argument("--pairs", type=int, default=50)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--every", type=int, default=1, help="let only every so many-th call fail")
options = parser.parse_args()
root = Path(__file__).resolve().parent.parent
binary = str((root / options.binary).resolve())
sample = str(root / "samples/saves/tiny-random-qwen3/lora/sft")
other = str(root / "samples/saves/tiny-random-qwen3/lora/sft_lr1e-4")
chance = random.Random(options.seed)
problems = []
counts = collections.Counter()

OWN = {"notes.md": "mine", "mine/deep/thesis.txt": "years of work", ".hidden": "also mine", "mine/link": None}
KINDS = {
    "open": ("open,openat,creat", "EMFILE"), "read": ("read,pread64,readv", "EIO"),
    "write": ("write,pwrite64,writev", "ENOSPC"), "rename": ("rename,renameat,renameat2", "EIO"),
    "unlink": ("unlink,unlinkat,rmdir", "EIO"), "make": ("mkdir,mkdirat", "ENOSPC"), "link": ("link,linkat", "EIO"),
    "list": ("getdents64", "EIO"), "examine": ("lstat,newfstatat,fstat,statx", "EIO"), "lock": ("flock", "EINTR"),
}


def run(arguments, folder, wrapper=()):
    return subprocess.run([*wrapper, binary, *arguments], cwd=folder, capture_output=True, text=True)


def whole(report):
    """The files of a report folder by their list, and whether all are there and end as they should."""
    names = (report / ".ftreport").read_text().splitlines()[1:]
    for name in names:
        text = (report / name).read_text()
        end = {".svg": "</svg>\n", ".html": "</html>\n", ".json": "}\n"}.get(Path(name).suffix, "\n")
        if not text.endswith(end): return False
    return len(names) > 1


class Case:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.report = self.folder / "sft.report"

    def prepare(self):
        for entry in list(self.folder.iterdir()):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        assert run([sample, "--quiet"], self.folder).returncode == 0
        for name, text in OWN.items():
            path = self.report / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None: path.symlink_to("deep/thesis.txt")
            else: path.write_text(text)

    def own_is_here(self):
        return all((self.report / name).is_symlink() if text is None
                   else (self.report / name).is_file() and (self.report / name).read_text() == text
                   for name, text in OWN.items())

    def own_is_somewhere(self):
        places = [self.report, *self.folder.glob(".ftreport-*")]
        return all(any((place / name).is_symlink() if text is None else (place / name).is_file()
                       and (place / name).read_text() == text for place in places) for name, text in OWN.items())

    def check(self, what, status=None, message=""):
        if not (self.report.exists() and whole(self.report)): problems.append(f"{what}: no whole report is there")
        if not self.own_is_somewhere(): problems.append(f"{what}: a file of somebody's own is lost")
        left = [entry.name for entry in self.folder.iterdir() if entry.name.startswith(".ftreport-")]
        if status == 0 and (left or not self.own_is_here()): problems.append(f"{what}: success, but {left} is left")
        if status is not None and status != 0 and (status < 2 or not message.strip()):
            problems.append(f"{what}: status {status} with the message {message!r}")
        after = run([sample, "--quiet"], self.folder)
        if after.returncode != 0: problems.append(f"{what}: the next run fails: {after.stderr}")
        left = [entry.name for entry in self.folder.iterdir() if entry.name.startswith(".ftreport-")]
        if left or not self.own_is_here() or not whole(self.report):
            problems.append(f"{what}: the next run does not mend it: {left}")


def failing_calls(arguments, prepare, check, name, folder):
    """Lets the calls fail one by one; what the dynamic linker opens and reads before the command begins is among them."""
    for kind, (calls, error) in KINDS.items():
        prepare()
        trace = Path(folder) / "trace"
        run(arguments, folder, ["strace", "-f", "-qq", "-e", f"trace={calls}", "-e", "signal=none", "-o", str(trace)])
        total = sum(1 for line in trace.read_text().splitlines() if "resumed" not in line)
        trace.unlink()
        for number in range(1 + chance.randrange(options.every), total + 1, options.every):
            prepare()
            result = run(arguments, folder, ["strace", "-f", "-qq", "-e", f"trace={calls}", "-e", "signal=none", "-o",
                                             "/dev/null", "-e", f"inject={calls}:error={error}:when={number}"])
            counts[f"{name}: {kind} fails"] += 1
            check(f"{name}: {kind} {number} of {total} fails", result.returncode, result.stderr + result.stdout)
        print(f"{name}: {kind}: {total} calls, {len(problems)} problems so far", flush=True)


with tempfile.TemporaryDirectory() as folder:
    case = Case(folder)
    failing_calls([sample, "--quiet"], case.prepare, case.check, "report", folder)

    case.prepare()
    start = time.monotonic()
    run([sample, "--quiet"], folder)
    span = time.monotonic() - start
    for number in range(options.kills):
        if number % 10 == 0: case.prepare()
        child = subprocess.Popen([binary, sample, "--quiet"], cwd=folder, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * span * 1.2)
        child.send_signal(signal.SIGKILL)
        child.wait()
        counts["report: killed"] += 1
        case.check(f"report: kill {number}")

    for number in range(options.pairs):
        case.prepare()
        children = [subprocess.Popen([binary, sample, "--quiet"], cwd=folder, stderr=subprocess.PIPE, text=True)
                    for _ in range(2)]
        for child in children:
            message = child.communicate()[1]
            if child.returncode != 0: problems.append(f"pair {number}: status {child.returncode}: {message}")
        counts["report: two at once"] += 1
        case.check(f"report: pair {number}")

with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    assert run(["init", sample], folder).returncode == 0
    outputs = ["gate.xml", "gate.txt", "gate.md", "gate.json"]
    gate = ["gate", other, "--baseline", sample, "--junit", "gate.xml", "--openmetrics", "gate.txt", "--markdown",
            "gate.md", "--json", "gate.json"]
    verdict = run(gate, folder)
    fresh = {name: (folder / name).read_text() for name in outputs}

    def prepare():
        for entry in folder.iterdir():
            if entry.name != "ftreport.yml": entry.unlink()
        for name in outputs: (folder / name).write_text("old " + name)

    def check(what, status, message):
        ends = {"gate.xml": "</testsuites>\n", "gate.txt": "# EOF\n", "gate.md": "\n", "gate.json": "}\n"}
        for name in outputs:
            # What could not be read is left out of a verdict, whose files are whole all the same.
            text = (folder / name).read_text()
            if text not in (fresh[name], "old " + name) and (status < 2 or not text.endswith(ends[name])):
                problems.append(f"{what}: half of {name}")
        if status == verdict.returncode:
            if any((folder / name).read_text() != fresh[name] for name in outputs):
                problems.append(f"{what}: status {status}, but not all was written")
        elif status < 2 or not message.strip(): problems.append(f"{what}: status {status}, message {message!r}")
        left = [entry.name for entry in folder.iterdir() if entry.name.startswith(".ftreport-")]
        if left and "unlink" not in what: problems.append(f"{what}: {left} is left")

    failing_calls(gate, prepare, check, "gate", folder)

for what, count in sorted(counts.items()): print(f"{count:6} times {what}")
print(f"{len(problems):6} problems")
for problem in problems[:40]: print("  " + problem)
sys.exit(1 if problems else 0)
