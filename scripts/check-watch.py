#!/usr/bin/env python3
"""Watches a run that is being written, at a terminal of its own, and looks that it is drawn in time and cheaply.

    scripts/check-watch.py .build/release/ftreport

The event file of the sample is written record by record. The page has to show new records within a second and a half,
take under 1 % of a processor while nothing is written, follow the width of the terminal, end cleanly by Ctrl-C, and
with --until end with status 1 at a finding. It needs Python's own library alone.
"""
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

ROOT = pathlib.Path(__file__).parent.parent
SAMPLES = ROOT / "samples/saves/tiny-random-qwen3/lora"
binary = pathlib.Path(sys.argv[1]).resolve()
failures = []


def expect(condition, words):
    if not condition:
        failures.append(words)
        print("FAILED: " + words)


def records(path):
    """The records of an event file, each with its framing."""
    data, place = path.read_bytes(), 0
    while place < len(data):
        size = struct.unpack_from("<Q", data, place)[0] + 16
        yield data[place:place + size]
        place += size


def biggest(folder):
    return max((SAMPLES / folder).rglob("events.out.tfevents.*"), key=lambda path: path.stat().st_size)


class Watch:
    """The command at a terminal."""

    def __init__(self, *arguments, columns=100):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.execv(binary, [str(binary), "watch", *map(str, arguments)])
        self.resize(columns)

    def resize(self, columns):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))

    def screen(self, seconds):
        """What was drawn last within so many seconds."""
        text, end = b"", time.monotonic() + seconds
        while (rest := end - time.monotonic()) > 0:
            if select.select([self.terminal], [], [], rest)[0]:
                try:
                    text += os.read(self.terminal, 1 << 16)
                except OSError:
                    break
        last = text.decode(errors="replace").rsplit("\x1b[H", 1)[-1]
        return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", last).replace("\r", "")

    def cpu(self):
        """Seconds of processor time so far (Linux)."""
        fields = pathlib.Path(f"/proc/{self.process}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def interrupt(self):
        os.kill(self.process, signal.SIGINT)
        return os.waitpid(self.process, 0)[1]


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    source = biggest("sft")
    parts = list(records(source))
    watch = Watch(folder)
    expect("waiting for a run" in watch.screen(1.5), "an empty folder is waited for")
    file = folder / source.name
    steps = []
    for share in (0.3, 0.6, 1.0):
        file.write_bytes(b"".join(parts[:int(len(parts) * share)]))
        shown = watch.screen(1.5)
        found = re.search(r"Steps +([\d,]+)", shown)
        steps.append(int(found[1].replace(",", "")) if found else None)
    expect(None not in steps and steps == sorted(set(steps)), f"new records are drawn: {steps}")
    if pathlib.Path("/proc").exists():
        before = watch.cpu()
        watch.screen(5)
        share = (watch.cpu() - before) / 5
        expect(share < 0.01, f"{share:.1%} of a processor while idle")
        print(f"idle: {share:.2%} of a processor")
    watch.resize(50)
    shown = watch.screen(1.5)
    expect(shown and max(map(len, shown.split("\n"))) <= 50, "a narrower terminal is drawn for")
    expect(os.WTERMSIG(watch.interrupt()) == signal.SIGINT, "Ctrl-C ends it")

    lost = list(records(biggest("sft_diverged")))
    late = folder / "late"
    late.mkdir()
    told = folder / "told.txt"
    watch = subprocess.Popen(
        [binary, "watch", "--until", "filtered_nan,non_finite,diverged", "--notify", f'echo "$FTREPORT_FINDING" >>{told}',
         late], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    (late / biggest("sft_diverged").name).write_bytes(b"".join(lost))
    try:
        status = watch.wait(5)
    except subprocess.TimeoutExpired:
        watch.kill()
        status = None
    expect(status == 1, f"--until ends with 1, not {status}")
    words = told.read_text().split() if told.exists() else []
    expect(words and len(words) == len(set(words)), f"each finding is told once: {words}")
    once = subprocess.run([binary, "watch", "--once", late], capture_output=True, text=True)
    expect(once.returncode == 0 and "NaN" in once.stdout, "--once looks once")
print(f"watched, {len(failures)} failures")
sys.exit(1 if failures else 0)
