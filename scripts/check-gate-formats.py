#!/usr/bin/env python3
"""Reads what `ftreport gate` writes for CI with parsers that others wrote.

    python3 -m venv venv && venv/bin/pip install jsonschema lxml junitparser prometheus_client
    venv/bin/python scripts/check-gate-formats.py .build/release/ftreport [SARIF_SCHEMA]

JUnit is validated against scripts/junit.xsd and read by junitparser; OpenMetrics by prometheus_client's strict parser;
SARIF by OASIS' schema (sarif-2.1/schema/sarif-schema-2.1.0.json of oasis-tcs/sarif-spec), where that is given.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema
from junitparser import JUnitXml
from lxml import etree
from prometheus_client.openmetrics.parser import text_string_to_metric_families

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNS = ROOT / "samples/saves/tiny-random-qwen3/lora"
CONFIG = r'''version: 1
gates:
  - {id: eval, metric: eval/loss, stat: best, max_increase: 1%, message: "a <b> & \"c\" \\ d"}
  - {id: "odd \"id\" \\ <x> & ü", metric: "*/loss", stat: last, max: 100}
  - {id: gone, metric: no/such, max: 1}
  - {id: soft, metric: train/loss, stat: final, max_increase: 1%, level: warn}
  - {id: finite, finding: non_finite, max: 0}
'''

sarif = json.loads(pathlib.Path(sys.argv[2]).read_text()) if len(sys.argv) > 2 else None
schema = etree.XMLSchema(etree.parse(str(ROOT / "scripts/junit.xsd")))
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    (folder / "c.yml").write_text(CONFIG)
    for run, status in [("sft", 3), ("sft_lr1e-4", 1), ("sft_diverged", 1)]:
        outcome = subprocess.run(
            [sys.argv[1], "gate", RUNS / run, "--baseline", RUNS / "sft", "--config", folder / "c.yml", "--quiet",
             "--junit", folder / "g.xml", "--openmetrics", folder / "m.txt", "--json", folder / "g.json",
             "--sarif", folder / "g.sarif"],
            capture_output=True, text=True)
        assert outcome.returncode == status, (run, outcome)
        schema.assertValid(etree.parse(str(folder / "g.xml")))
        suites = JUnitXml.fromfile(str(folder / "g.xml"))
        gates = json.loads((folder / "g.json").read_text())["gates"]
        cases = [case for suite in suites for case in suite]
        assert [case.name for case in cases] == [gate["id"] for gate in gates]
        assert suites.failures == sum(gate["status"] == "fail" and gate["is_error"] for gate in gates)
        assert suites.errors == 1
        families = {f.name: f for f in text_string_to_metric_families((folder / "m.txt").read_text())}
        states = {s.labels["gate"]: s.value for s in families["ftreport_gate_status"].samples}
        words = ["pass", "inconclusive", "missing", "fail"]
        assert {g: words[int(v)] for g, v in states.items()} == {g["id"]: g["status"] for g in gates}
        scan = json.loads((folder / "g.sarif").read_text())
        if sarif:
            jsonschema.validators.validator_for(sarif)(sarif).validate(scan)
        results = scan["runs"][0]["results"]
        assert [r["ruleId"] for r in results] == [g["id"] for g in gates if g["status"] != "pass"]
        assert all(r["level"] == "error" for r in results if next(g for g in gates if g["id"] == r["ruleId"])["is_error"])
        print(f"{run}: {len(cases)} JUnit cases are valid, {len(families)} OpenMetrics families parse")
