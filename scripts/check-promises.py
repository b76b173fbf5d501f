"""Holds what SECURITY.md promises against the system calls of every verb: no network, no other program, and no file
written, made, renamed or removed outside of what was named.

    make release && python3 scripts/check-promises.py [--binary .build/release/ftreport]

Runs each verb on samples, on other trackers' files, on checkpoints and on pickles that would run code, under strace
(Linux). What is named as input has to be as it was, byte for byte and name for name.
"""
import argparse, collections, hashlib, os, re, shutil, subprocess, sys, tempfile
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--binary", default=".build/release/ftreport")
options = parser.parse_args()
root = Path(__file__).resolve().parent.parent
binary = str((root / options.binary).resolve())

# What may be opened for writing: the named folder, and the streams and devices of the process itself.
OWN = re.compile(r"/dev/(null|tty|pts/\d+|stdout|stderr|fd/\d+)$|/proc/self/(fd/\d+|task/\d+/comm)$")
CHANGES = re.compile(r"^(rename|renameat|renameat2|unlink|unlinkat|rmdir|mkdir|mkdirat|link|linkat|symlink|symlinkat|"
                     r"truncate|chmod|fchmodat|chown|lchown|fchownat|utimensat|utime|utimes|mknod|mknodat|setxattr|"
                     r"removexattr|mount|umount2|swapon|creat)\(")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
THREAD = re.compile(r"CLONE_THREAD")


def contents(folder):
    """What a folder holds: every name with its kind, time and checksum."""
    found = {}
    for place, folders, names in os.walk(folder):
        for name in folders + names:
            path = os.path.join(place, name)
            status = os.lstat(path)
            digest = hashlib.sha256(open(path, "rb").read()).hexdigest() if name in names and not os.path.islink(path) else ""
            found[os.path.relpath(path, folder)] = (status.st_mode, status.st_size, status.st_mtime_ns, digest)
    return found


def complaints(trace, allowed, folder):
    """What the calls of a trace do beyond what is promised."""
    executed = 0
    for line in trace.read_text(errors="replace").splitlines():
        call = re.sub(r"^\d+ +", "", line)
        if call.startswith(("+++", "---", "<...")): continue
        name = call.split("(")[0]
        if name in NETWORK: yield call
        elif name in ("execve", "execveat"):
            executed += 1
            if executed > 1: yield call
        elif name in ("fork", "vfork") or name in ("clone", "clone3") and not THREAD.search(call): yield call
        elif name in ("ptrace", "process_vm_writev", "kill", "init_module", "bpf"): yield call
        elif CHANGES.match(call) or name in ("open", "openat") and re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", call):
            # Paths that are not absolute begin at the folder of the command, or at a descriptor that -y names.
            start = re.search(r"\((?:AT_FDCWD|\d+)<([^>]*)>", call)
            for path in QUOTED.findall(call)[:2]:
                if name.startswith("symlink") and path == QUOTED.findall(call)[0]: continue
                whole = os.path.normpath(os.path.join(start.group(1) if start else folder, path))
                if not OWN.search(whole) and not any(whole == place or whole.startswith(place + "/") for place in allowed):
                    yield call


NETWORK = set("socket socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg "
              "getsockopt setsockopt getpeername getsockname shutdown".split())
TRACE = "trace=%network,%process,%file,%desc"

with tempfile.TemporaryDirectory() as temporary:
    temporary = Path(os.path.realpath(temporary))
    data = temporary / "data"
    shutil.copytree(root / "samples", data / "samples", symlinks=True)
    shutil.copytree(root / "Tests/RunFolderTests/Fixtures/trackers", data / "trackers")
    shutil.copytree(root / "Tests/CheckpointTests/Fixtures/torch", data / "torch", symlinks=True)
    shutil.copytree(root / "Tests/CheckpointTests/Attacks", data / "attacks", symlinks=True)
    run, other = "data/samples/saves/tiny-random-qwen3/lora/sft", "data/samples/saves/tiny-random-qwen3/lora/sft_lr1e-4"
    out = temporary / "out"
    # A verb, what it may exit with, and the only places that it may change.
    cases = [
        (["-o", "out", run], {0}), (["-o", "out", "data/samples/saves"], {0}), (["-o", "out", "data/trackers"], {0, 3}),
        (["--format", "md", run], {0}), (["--format", "ndjson", "data/samples/saves"], {0}),
        (["compare", "-o", "out", run, other], {0}), (["compare", "--format", "html", run, other], {0}),
        (["inspect", "data/torch/zero2"], {0, 1, 2, 3}), (["verify", "data/samples", "data/torch", "data/attacks"], {0, 1, 3}),
        (["verify", "data/attacks/pickle"], {0, 1, 3}), (["export", run], {0}),
        (["export", "--format", "csv", "data/trackers/project.db"], {0}), (["watch", "--once", run], {0}),
        (["init", run, "-o", "out/ftreport.yml"], {0}), (["calibrate", run, "-o", "out/golden.json"], {0, 2, 3}),
        (["gate", other, "--baseline", run, "--config", "out/ftreport.yml", "--junit", "out/gate.xml", "--markdown",
          "out/gate.md", "--json", "out/gate.json", "--openmetrics", "out/gate.txt"], {0, 1}),
        (["gate", run, "--baseline", run, "--config", "out/ftreport.yml", "--self-test"], {0, 1}),
    ]
    checkpoints = sorted(str(path.relative_to(temporary)) for path in (temporary / run).glob("checkpoint-*"))
    if len(checkpoints) > 1: cases.append((["compare", "-o", "out", *checkpoints[:2]], {0}))
    before = contents(data)
    failures = 0
    calls = collections.Counter()
    for arguments, allowed in cases:
        out.mkdir(exist_ok=True)
        trace = temporary / "trace"
        environment = {"PATH": "/nonexistent", "HOME": str(temporary / "home"), "TMPDIR": str(temporary / "tmp")}
        result = subprocess.run(["strace", "-f", "-y", "-qq", "-s", "4096", "-e", TRACE, "-e", "signal=none", "-o", str(trace), binary,
                                 *arguments], cwd=temporary, capture_output=True, text=True, env=environment | {"PATH": os.environ["PATH"]})
        found = list(complaints(trace, [str(out)], str(temporary)))
        calls["all"] += sum(1 for _ in trace.open())
        if result.returncode not in allowed: found.append(f"status {result.returncode}: {result.stderr.strip()[-300:]}")
        if (temporary / "home").exists() or (temporary / "tmp").exists(): found.append("a home or a temporary folder was made")
        changed = contents(data)
        if changed != before:
            found += [f"changed: {name}" for name in sorted(set(before) | set(changed)) if before.get(name) != changed.get(name)]
            before = changed
        failures += len(found)
        print(f"ftreport {' '.join(arguments)}: {'as promised' if not found else 'BROKEN'}")
        for text in found[:10]: print("  " + text[:400])
print(f"{len(cases)} commands, {calls['all']:,} system calls, {failures} beyond what SECURITY.md promises")
sys.exit(1 if failures else 0)
