#!/usr/bin/env python3
"""Looks at one run with ftreport, TensorBoard, W&B's offline files and trainspotter, and says what each took.

    scripts/measure-viewers.py .build/release/ftreport [--tools .venv/bin] [--repetitions 5] [--screenshots FOLDER]

The run is the sample; W&B's file is made of the sample's own points by wandb in its offline mode. Time to the first
picture is measured from the start of the command until the page that it made, or serves, shows a curve in headless
Chromium (whose own start is not counted), and until the first line is printed where there is no page; medians. The
size is what has to be kept or moved for somebody else to look; hosts are those that a page asked for anything. It wants
tensorboard, wandb and trainspotter[tensorboard] from PyPI, and Chromium.
"""
import argparse
import contextlib
import json
import os
import pathlib
import pty
import re
import select
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse

import chromium

ROOT = pathlib.Path(__file__).parent.parent
SAMPLE = ROOT / "samples/saves/tiny-random-qwen3/lora/sft"
parser = argparse.ArgumentParser()
parser.add_argument("binary", type=pathlib.Path)
parser.add_argument("--tools", type=pathlib.Path, default=ROOT / ".venv/bin")
parser.add_argument("--repetitions", type=int, default=5)
parser.add_argument("--screenshots", type=pathlib.Path)
arguments = parser.parse_args()
binary, tools = arguments.binary.resolve(), arguments.tools.absolute()
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def wait_for(browser, expression, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if browser.run(expression):
            return True
        time.sleep(0.02)
    return False


def size(path):
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else path.stat().st_size


def loaded(browser):
    """The bytes that the page took to load, by the browser's own account."""
    return sum(event["params"]["encodedDataLength"] for event in browser.events if event["method"] == "Network.loadingFinished")


def hosts(browser):
    """The machines that the page asked for something."""
    asked = [event["params"]["request"]["url"] for event in browser.events if event["method"] == "Network.requestWillBeSent"]
    return sorted({urllib.parse.urlsplit(address).netloc for address in asked} - {""})


def keep(browser, name):
    if arguments.screenshots:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
        browser.picture(arguments.screenshots / f"{name}.png", 1200)


def ftreport(browser, folder):
    start = time.monotonic()
    subprocess.run([binary, SAMPLE, "-o", folder], check=True, **quiet)
    page = folder / "sft.report/report.html"
    browser.open(page, 1200)
    assert wait_for(browser, "document.querySelectorAll('#loss .plot path').length > 3")
    took = time.monotonic() - start
    keep(browser, "ftreport")
    return took, {"hosts": hosts(browser), "page": size(page), "folder": size(folder / "sft.report")}


# Custom elements hide what they draw from a plain query.
DEEP = """(() => { const found = []; const walk = root => root.querySelectorAll('*').forEach(e => {
  if (e.matches('line-chart svg path, line-chart canvas, vz-line-chart2 path')) found.push(e)
  if (e.shadowRoot) walk(e.shadowRoot) }); walk(document); return found })()"""


def tensorboard(browser, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.monotonic()
    server = subprocess.Popen(
        [tools / "tensorboard", "--logdir", SAMPLE / "runs", "--port", str(port), "--host", "127.0.0.1"], **quiet,
        start_new_session=True)
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1):
                break
            time.sleep(0.02)
        browser.events = []
        browser.open(f"http://127.0.0.1:{port}/", 1200)
        assert wait_for(browser, f"{DEEP}.length > 0"), "TensorBoard shows no chart"
        took = time.monotonic() - start
        time.sleep(2)
        browser.run("1")
        bytes_loaded, asked = loaded(browser), hosts(browser)
        keep(browser, "tensorboard")
        browser.open("about:blank")
        return took, {"hosts": asked, "loaded": bytes_loaded, "event files": size(SAMPLE / "runs")}
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def trainspotter(browser, folder):
    start = time.monotonic()
    page = folder / "trainspotter.html"
    subprocess.run([tools / "trainspotter", "analyze", SAMPLE / "runs" / "Nov23_19-39-41_vm", "--output", "html", "--out", page],
                   check=True, **quiet)
    browser.open(page, 1200)
    assert wait_for(browser, "document.querySelectorAll('svg path, svg polyline, canvas, img').length > 0"), "no picture"
    took = time.monotonic() - start
    keep(browser, "trainspotter")
    return took, {"hosts": hosts(browser), "page": size(page), "text": browser.run("document.body.innerText")}


def write_wandb(folder):
    """The sample's points as wandb writes them without a network."""
    text = subprocess.run([binary, "export", SAMPLE], capture_output=True, text=True, check=True).stdout
    points = folder / "points.json"
    points.write_text("[" + ",".join(text.splitlines()) + "]")
    program = """
import json, sys, wandb
run = wandb.init(project="viewers", mode="offline", dir=sys.argv[2])
steps = {}
for point in json.load(open(sys.argv[1])):
    steps.setdefault(point["step"], {})[point["tag"]] = point["value"]
for step in sorted(steps):
    run.log(steps[step], step=step)
run.finish()
"""
    subprocess.run([tools / "python", "-c", program, points, folder], check=True, **quiet,
                   env={**os.environ, "WANDB_SILENT": "true"})
    return next((folder / "wandb").glob("offline-run-*"))


def leet(run):
    """W&B's own viewer of local files, at a terminal: until it shows the name of the loss, and what it drew."""
    start = time.monotonic()
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(tools / "wandb", ["wandb", "leet", str(run)])
    import fcntl
    import termios
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
    text, took = b"", None
    try:
        while time.monotonic() - start < 30:
            if select.select([terminal], [], [], 0.2)[0]:
                try:
                    text += os.read(terminal, 1 << 16)
                except OSError:
                    break
            plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", text).decode(errors="replace")
            # Braille is what its curves are drawn in.
            if took is None and "loss" in plain and any("\u2801" <= sign <= "\u28ff" for sign in plain):
                took = time.monotonic() - start
            if took is not None and time.monotonic() - start > took + 1:
                break
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return took, plain[-3000:]


program = chromium.program()
if program is None:
    sys.exit("There is no Chromium on PATH (Debian: apt-get install chromium).")
rows = {}
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    folder = pathlib.Path(folder)
    browser = chromium.Browser(program, folder / "profile")
    try:
        for measure in (ftreport, tensorboard, trainspotter):
            times = []
            for number in range(arguments.repetitions):
                place = folder / f"{measure.__name__}-{number}"
                place.mkdir()
                took, facts = measure(browser, place)
                times.append(took)
            rows[measure.__name__] = {"seconds": round(statistics.median(times), 2), **facts}
    finally:
        browser.close()
    kept = write_wandb(folder)
    times = []
    for _ in range(arguments.repetitions):
        took, words = leet(kept)
        times.append(took if took is not None else float("nan"))
    rows["wandb leet"] = {"seconds": round(statistics.median(times), 2), "folder": size(kept), "screen": words}
print(json.dumps(rows, indent=1, ensure_ascii=False))
