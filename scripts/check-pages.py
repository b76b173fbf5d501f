#!/usr/bin/env python3
"""Drives pages of reports in headless Chromium and reads off what a reader would see.

    scripts/check-pages.py .build/release/ftreport [--screenshots FOLDER]

Pages of the sample, of a comparison and of a folder of runs are made and opened from their files. The mouse, the keys
and the controls have to do what they say; the console has to stay empty, nothing may be fetched, and the page has to
say the same where scripts are off. Without Chromium it says so and passes. It needs Python's own library alone.
"""
import argparse
import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import chromium

ROOT = pathlib.Path(__file__).parent.parent
SAMPLE = ROOT / "samples/saves/tiny-random-qwen3/lora/sft"


failures = []


def expect(condition, words):
    if not condition:
        failures.append(words)
        print("FAILED: " + words)


def check_run(browser, page):
    browser.open(page)
    body = "document.querySelector('main').innerText"
    svg = "document.querySelector('#loss svg')"
    live = f"{svg}.querySelector('.plot ~ g')"
    readout = "document.querySelector('#loss .readout')"
    box = browser.run(f"(b => [b.x, b.y, b.width, b.height])({svg}.getBoundingClientRect())")

    def at(share, down=0.4):
        return box[0] + box[2] * share, box[1] + box[3] * down

    expect(browser.run(f"getComputedStyle({svg}.querySelector('.plot')).display") != "none", "the picture stands first")
    browser.mouse("mouseMoved", *at(0.5))
    words = browser.run(f"{readout}.innerText")
    expect("step " in words and "epoch " in words and "training loss" in words and "evaluation" in words,
           f"the readout says step, epoch and every line: {words!r}")
    # What the readout says is what the file has.
    step = int(words.split("step ")[1].split()[0].replace(",", ""))
    loss = float(words.split("training loss")[1].split()[0])
    truth = {p["step"]: p["value"] for p in points() if p["tag"].endswith("train/loss")}
    expect(step in truth and abs(truth[step] - loss) < 1e-4, f"the loss at step {step} is {truth.get(step)}, not {loss}")

    ticks = f"[...{live}.querySelectorAll('text')].map(t => t.textContent).join(' ')"
    browser.mouse("mousePressed", *at(0.3), button="left", clickCount=1)
    browser.mouse("mouseMoved", *at(0.4), button="left")
    browser.mouse("mouseReleased", *at(0.4), button="left", clickCount=1)
    zoomed = browser.run(ticks)
    expect(zoomed and browser.run(f"{svg}.querySelector('.plot').getAttribute('display')") == "none", "a drag zooms")
    browser.run("[...document.querySelectorAll('#loss .tools button')].find(b => b.textContent === 'Reset zoom').click()")
    expect(browser.run(f"{live}.childElementCount") == 0, "the zoom is reset")

    lines = f"{live}.querySelectorAll('svg path[stroke-linecap], svg path[stroke-width]').length"
    browser.run("document.querySelector('#loss select').value = 'epoch'")
    browser.run("document.querySelector('#loss select').dispatchEvent(new Event('input'))")
    expect("epoch" in browser.run(ticks), "the axis counts epochs")
    before = browser.run(lines)
    browser.click("#loss .tools button")
    expect(browser.run("document.querySelector('#loss .tools button').ariaPressed") == "false", "a name is switched off")
    expect(browser.run(lines) < before, "a hidden line is gone")
    browser.click("#loss .tools button", modifiers=8)
    pressed = browser.run("[...document.querySelectorAll('#loss .tools button[title]')].map(b => b.ariaPressed).join()")
    expect(pressed.startswith("true,false"), f"one line alone: {pressed}")

    browser.open(page)
    path = f"(p => p && p.getAttribute('d'))([...{svg}.querySelectorAll('.plot ~ g svg path')].at(-1))"
    browser.run("(i => { i.checked = true; i.dispatchEvent(new Event('input')) })(document.querySelectorAll('#loss input[type=checkbox]')[0])")
    expect(browser.run(path), "a logarithmic axis is drawn")
    slide = "(i => { i.value = 0.9; i.dispatchEvent(new Event('input')) })(document.querySelector('#loss input[type=range]'))"
    drawn = f"[...{svg}.querySelectorAll('.plot ~ g svg path')].map(p => p.getAttribute('d')).join()"
    before = browser.run(drawn)
    browser.run(slide)
    expect(browser.run(drawn) != before, "the slider smooths")
    expect("exponential, weight 0.9" in browser.run(f"{svg}.textContent"), "the caption says how it is smoothed now")

    browser.open(page)
    browser.run(f"{svg}.focus()")
    browser.key("ArrowRight")
    end = browser.run(f"{readout}.innerText")
    browser.key("ArrowRight")
    expect("step" in end and browser.run(f"{readout}.innerText") != end, "arrow keys read values")
    browser.key("+")
    expect(browser.run(f"{live}.childElementCount") > 0, "+ zooms")
    browser.key("Escape")
    expect(browser.run(f"{live}.childElementCount") == 0, "Escape resets")
    expect(browser.run(f"{svg}.getAttribute('role')") == "img" and browser.run(f"{svg}.tabIndex") == 0, "keys reach it")

    if browser.run("!!document.querySelector('a[data-from]')"):
        browser.run("document.querySelector('a[data-from]').click()")
        expect(browser.run("location.hash") == "#loss" and browser.run(f"{live}.querySelectorAll('rect').length") > 0,
               "a finding is shown in the picture")

    header = "[...document.querySelectorAll('table:not(.facts) th')].find(h => h.textContent === 'Step')"
    column = f"(h => [...h.closest('table').tBodies[0].rows].map(r => r.cells[h.cellIndex].dataset.value))({header})"
    rising = browser.run(column)
    browser.run(f"{header}.click()"), browser.run(f"{header}.click()")
    expect(browser.run(column) == rising[::-1] and browser.run(f"{header}.ariaSort") == "descending", "a table sorts")

    browser.call("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    for name in ("SVG", "PNG"):
        browser.run(f"[...document.querySelectorAll('#loss .tools button')].find(b => b.textContent === 'Copy {name}').click()")
        said = browser.run(f"new Promise(done => setTimeout(() => done({readout}.innerText), 700))")
        expect("Copied" in said or "Saved" in said, f"the picture is copied as {name}: {said!r}")
    shown = browser.run(body)
    for complaint in browser.complaints():
        expect(False, "the console is empty and nothing is fetched: " + complaint)
    browser.open(page, scripts=False)
    # Scripts are off for the page alone: what a test asks runs in a world of its own.
    frame = browser.call("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = browser.call("Page.createIsolatedWorld", frameId=frame)["executionContextId"]
    still = browser.call("Runtime.evaluate", expression="document.querySelector('main').innerText", contextId=world,
                         returnByValue=True)["result"].get("value")
    if still is not None:
        expect("Findings" in still and "Findings" in shown, "the page says the same without its script")


def points():
    """The points of the sample, as the command exports them."""
    text = subprocess.run([binary, "export", SAMPLE], capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in text.splitlines()]


def check_page(browser, page, kinds):
    """A page opens, answers the mouse over each picture that has numbers, and complains of nothing."""
    browser.open(page)
    count = browser.run("document.querySelectorAll('figure > .tools').length")
    expect(count == kinds, f"{page}: {count} pictures answer, not {kinds}")
    for index in range(count):
        figure = f"[...document.querySelectorAll('figure')].filter(f => f.querySelector('.tools'))[{index}]"
        browser.run(f"{figure}.scrollIntoView({{block: 'center'}})")
        x, y, width, height = browser.run(f"(b => [b.x, b.y, b.width, b.height])({figure}.querySelector('svg').getBoundingClientRect())")
        browser.mouse("mouseMoved", x + width * 0.4, y + height * 0.4)
        words = browser.run(f"{figure}.querySelector('.readout').innerText")
        expect("\n" in words, f"{page}: picture {index} reads {words!r}")
        browser.run(f"{figure}.querySelectorAll('input[type=checkbox]')[1].click()")
        expect(browser.run(f"{figure}.querySelectorAll('.plot ~ g path').length") > 5, f"{page}: picture {index} is drawn again")
        wrong = browser.run(f"[...{figure}.querySelectorAll('.plot ~ g *')].flatMap(e => [...e.attributes]"
                            ".filter(a => /NaN|undefined|Infinity/.test(a.value)).map(a => e.localName + ' ' + a.name + ' ' + a.value.slice(0, 60)))")
        expect(not wrong, f"{page}: picture {index} has places that are no numbers: {wrong[:3]}")
    for complaint in browser.complaints():
        expect(False, f"{page}: {complaint}")


parser = argparse.ArgumentParser()
parser.add_argument("binary", type=pathlib.Path)
parser.add_argument("--screenshots", type=pathlib.Path)
arguments = parser.parse_args()
binary = arguments.binary.resolve()
program = chromium.program()
if program is None:
    print("Pages were not driven: there is no Chromium on PATH (Debian: apt-get install chromium).")
    sys.exit(0)
with contextlib.ExitStack() as stack:
    folder = pathlib.Path(tempfile.mkdtemp())
    # A profile that is still being written is no fault of a page.
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    made = [["report", SAMPLE], ["report", "--x", "epoch", SAMPLE, "-o", "epochs"], ["compare", SAMPLE, SAMPLE, "-o", "compare"],
            ["report", ROOT / "samples/saves", SAMPLE, "-o", "many"]]
    for command in made:
        done = subprocess.run([binary, *command], cwd=folder, capture_output=True, text=True)
        expect(done.returncode == 0, f"{command}: {done.stderr}")
    browser = chromium.Browser(program, folder / "profile")
    try:
        check_run(browser, folder / "sft.report/report.html")
        pages = sorted(folder.glob("*/*.report/report.html"))
        for page in pages:
            check_page(browser, page, 1)
        if arguments.screenshots:
            arguments.screenshots.mkdir(parents=True, exist_ok=True)
            for page in [folder / "sft.report/report.html", *pages]:
                for scheme, width in (("light", 1000), ("dark", 1000), ("light", 360)):
                    browser.open(page, width, scheme)
                    browser.picture(arguments.screenshots / f"{page.parts[-3]}-{scheme}-{width}.png", 1600)
                    if width == 360:
                        wide = browser.run("document.documentElement.scrollWidth > innerWidth")
                        expect(not wide, f"{page}: wider than a telephone")
        size = (folder / "sft.report/report.html").stat().st_size
        print(f"{len(pages) + 1} pages, {size} bytes that of the sample, {len(failures)} failures")
    finally:
        browser.close()
sys.exit(1 if failures else 0)
