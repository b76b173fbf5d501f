"""Writes the pages of the site beside the libraries' documentation, and checks every link between them.

usage: scripts/site BINARY FOLDER    BINARY: ftreport; FOLDER: where FOLDER/library/ may stand already
"""
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys

from links import broken
from page import Page, render

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SAMPLES = "samples/saves/tiny-random-qwen3/lora"

# The pages of the guide in their order: a Markdown file and the name it goes by.
GUIDE = {
    "README.md": "ftreport", "docs/TOUR.md": "Tour", "docs/pages.md": "Pages", "docs/plugins.md": "Data beside scalars",
    "docs/adapters.md": "Adapters", "docs/sweeps.md": "Sweeps", "docs/gates.md": "Gates", "docs/python.md": "Python",
    "docs/fleets.md": "Fleets",
    "docs/verdicts.md": "Verdicts", "docs/statistics.md": "Statistics", "docs/forecasts.md": "Forecasts",
    "docs/reliability.md": "Reliability",
    "docs/EXTENDING.md": "Extending", "CONTRIBUTING.md": "Contributing", "RELEASING.md": "Releasing",
    "SECURITY.md": "Security", "CHANGELOG.md": "Changes", "samples/README.md": "Samples",
    "Benchmarks/README.md": "Benchmarks", "Benchmarks/checkpoints.md": "Benchmarks of checkpoints",
    "Benchmarks/archives.md": "Benchmarks of archives",
}


def help_of(binary, *verb):
    result = subprocess.run([binary, *verb, "--help"], capture_output=True, text=True, check=True)
    return result.stdout


def verbs(binary):
    """The help of the command and of each verb, under the verb's name."""
    own = help_of(binary)
    names = re.findall(r"^  ([a-z-]+)(?: \(default\))?(?:  |$)", own.partition("SUBCOMMANDS:")[2], re.MULTILINE)
    parts = ["<h1>The verbs</h1>", f"<pre>{html.escape(own)}</pre>"]
    for name in dict.fromkeys(names):
        parts.append(f'<h2 id="{name}"><code>{name}</code></h2><pre>{html.escape(help_of(binary, name))}</pre>')
    if len(names) < 5:
        sys.exit(f"the help names {len(names)} verbs")
    return Page("verbs.html", "Verbs", "\n".join(parts))


def schemas(folder):
    """A table of each schema's members, and the schemas themselves."""
    parts = ["<h1>JSON</h1><p>What <code>--format json</code> prints, by the <code>schema</code> it names.</p>"]
    for path in sorted((ROOT / "docs/schema").glob("*.json")):
        shutil.copy(path, folder / path.name)
        schema = json.loads(path.read_text())
        parts.append(f'<h2 id="{path.stem}"><a href="{path.name}"><code>{path.stem}</code></a></h2>'
                     f'<p>{html.escape(schema.get("title", ""))}.</p><table><tr><th>member</th><th>type</th></tr>')
        for name, member in schema.get("properties", {}).items():
            kind = member.get("type") or ("one of " + ", ".join(map(str, member["enum"])) if "enum" in member else "")
            kind = " or ".join(kind) if isinstance(kind, list) else kind
            parts.append(f"<tr><td><code>{html.escape(name)}</code></td><td>{html.escape(kind)}</td></tr>")
        parts.append("</table>")
    return Page("docs/schema/index.html", "JSON", "\n".join(parts))


def gallery(binary, folder):
    """A report of each sample as a page of its own, and what holds them against each other."""
    samples = sorted(path.name for path in (ROOT / SAMPLES).iterdir())
    made = [(name, f"The run <code>{name}</code>", ["report", f"{SAMPLES}/{name}"]) for name in samples]
    made += [
        ("overview", "All four runs", ["report", SAMPLES]),
        ("comparison", "A run with ten times the learning rate against its baseline",
         ["compare", f"{SAMPLES}/sft", f"{SAMPLES}/sft_lr1e-4"]),
        ("checkpoints", "What changed between two saves",
         ["compare", f"{SAMPLES}/sft/checkpoint-500", f"{SAMPLES}/sft/checkpoint-1000"]),
    ]
    parts = ["<h1>Gallery</h1><p>Pages that ftreport writes, each one file.</p><ul>"]
    for name, words, arguments in made:
        page = subprocess.run([binary, *arguments, "--format", "html"], capture_output=True, text=True, cwd=ROOT)
        if page.returncode not in (0, 1) or not page.stdout.startswith("<!doctype html>"):
            sys.exit(f"{' '.join(arguments)}: {page.stderr}")
        (folder / f"{name}.html").write_text(page.stdout)
        parts.append(f'<li><a href="{name}.html">{words}</a></li>')
    return Page("gallery/index.html", "Gallery", "\n".join(parts) + "</ul>")


def main(binary, output):
    binary = str(pathlib.Path(binary).resolve())
    output = pathlib.Path(output)
    for folder in ("gallery", "docs/schema"):
        (output / folder).mkdir(parents=True, exist_ok=True)
    pages = [render(ROOT, source, title, GUIDE, output) for source, title in GUIDE.items()]
    pages += [verbs(binary), schemas(output / "docs/schema"), gallery(binary, output / "gallery")]
    library = output / "library/documentation/index.html"
    further = {"Libraries": "library/documentation/index.html"} if library.exists() else {}
    for page in pages:
        page.write(output, {page.title: page.path for page in pages} | further)
    faults = broken(output)
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(bool(faults))


main(*sys.argv[1:])
