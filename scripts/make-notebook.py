#!/usr/bin/env python3
"""Writes samples/notebooks/report.ipynb and, with --execute, runs it headless in real Jupyter.

    python3 -m venv venv && venv/bin/pip install nbformat nbclient ipykernel
    venv/bin/python scripts/make-notebook.py --execute .build/release/ftreport

Executing checks that every cell displays what it should, and leaves the notebook in the repository without outputs.
"""
import os
import pathlib
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "samples/notebooks/report.ipynb"
RUNS = "../saves/tiny-random-qwen3/lora"

show = '''import json
from IPython.display import display

def show(command):
    """Displays what `ftreport … --format mimebundle` prints: a picture, a page and plain text, whichever fits."""
    lines = get_ipython().getoutput(command + " --format mimebundle")
    display(json.loads("".join(lines)), raw=True)
'''

cells = [
    new_markdown_cell("# A run and a comparison in a notebook\n\n"
                      "`ftreport` has to be on `PATH`. Nothing else is needed: no Python package, no network."),
    new_code_cell(show),
    new_markdown_cell("The report of a run."),
    new_code_cell(f'show("ftreport {RUNS}/sft")'),
    new_markdown_cell("Another learning rate, held against it."),
    new_code_cell(f'show("ftreport compare {RUNS}/sft {RUNS}/sft_lr1e-4")'),
]
for number, cell in enumerate(cells):
    cell["id"] = f"cell-{number}"
notebook = new_notebook(cells=cells, metadata={
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"}})
TARGET.parent.mkdir(parents=True, exist_ok=True)
nbformat.write(notebook, TARGET)

if len(sys.argv) > 1 and sys.argv[1] == "--execute":
    from nbclient import NotebookClient

    binary = pathlib.Path(sys.argv[2]).resolve()
    os.environ["PATH"] = f"{binary.parent}{os.pathsep}{os.environ['PATH']}"
    client = NotebookClient(notebook, timeout=120, kernel_name="python3",
                            resources={"metadata": {"path": str(TARGET.parent)}})
    client.execute()
    shown = [output["data"] for cell in notebook.cells if cell.cell_type == "code"
             for output in cell["outputs"] if output["output_type"] == "display_data"]
    assert len(shown) == 2, f"{len(shown)} cells display something, not 2"
    for data in shown:
        assert set(data) == {"image/svg+xml", "text/markdown", "text/plain"}, set(data)
        assert data["image/svg+xml"].startswith("<svg") and data["text/plain"].strip()
    assert "worse: best eval/loss" in shown[1]["text/markdown"], shown[1]["text/markdown"][:200]
    print("the notebook runs, and both cells display a picture, a page and text")
