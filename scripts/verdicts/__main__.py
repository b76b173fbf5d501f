#!/usr/bin/env python3
"""Holds verdicts against simulated trainings, healthy and sick: how many healthy runs get a false warning, and how many
troubles are told, at which step.

  python3 scripts/verdicts BINARY [--healthy 300] [--sick 100] [--seed 1] [--missed] [--markdown FILE]

Every run is written as a trainer's folder and opened with `BINARY <folder> --format json`. Standard library only; peers
(trainproof, ftdoctor, trainspotter) are asked too where they are installed.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from simulation import HEALTHY, SICK  # noqa: E402

GRAVE = ("warning", "failure")


def findings(binary, folder):
    """The findings of severity warning or failure as (kind, step)."""
    process = subprocess.run([binary, folder, "--format", "json"], capture_output=True, timeout=60)
    found = []

    def walk(value):
        if isinstance(value, dict):
            for finding in value.get("findings") or []:
                if isinstance(finding, dict) and finding.get("severity") in GRAVE:
                    found.append((finding["kind"], finding.get("step")))
            for key, member in value.items():
                if key != "findings":
                    walk(member)
        elif isinstance(value, list):
            for member in value:
                walk(member)

    walk(json.loads(process.stdout.decode("utf-8", "replace") or "null"))
    return found


PEERS = {
    # How each is asked, and the levels of its findings that count as an alarm.
    "trainproof": (["doctor", "{}/trainer_state.json", "--json"], "level", ("warn", "fail")),
    "ftdoctor": (["{}", "-f", "json"], "severity", ("warning", "critical")),
    "trainspotter": (["analyze", "{}/trainer_state.json", "--output", "json"], "severity", ("warning", "error")),
}


def peer_alarms(name, program, folder):
    """Whether a peer gives any alarm at all, whatever it is of."""
    words, key, grave = PEERS[name]
    process = subprocess.run([program] + [w.format(folder) for w in words], capture_output=True, timeout=120)

    def walk(value):
        if isinstance(value, dict):
            return str(value.get(key)).lower() in grave or any(walk(v) for v in value.values())
        return isinstance(value, list) and any(walk(v) for v in value)

    try:
        return walk(json.loads(process.stdout.decode("utf-8", "replace") or "null"))
    except ValueError:
        return None


def peer_table(jobs, count):
    """Rows for the peers that are installed; of each family and trouble the first `count` runs."""
    programs = {name: shutil.which(name) for name in PEERS}
    programs = {name: program for name, program in programs.items() if program}
    if not programs or not count:
        return []
    seen, chosen = {}, []
    for job in jobs:
        seen[job[0]] = seen.get(job[0], 0) + 1
        if seen[job[0]] <= count:
            chosen.append(job)
    lines = ["| any alarm at all, share of %d runs | %s |" % (count, " | ".join(programs)), "|---|" + "---|" * len(programs)]
    sums = {}
    with ThreadPoolExecutor(2) as pool:
        for job, answers in zip(chosen, pool.map(lambda j: [peer_alarms(n, p, j[4]) for n, p in programs.items()], chosen)):
            for group in (job[0], "all healthy runs" if job[1] is None else "all sick runs"):
                for name, answer in zip(programs, answers):
                    sums.setdefault(group, {}).setdefault(name, []).append(bool(answer))
    for group, by in sums.items():
        lines.append("| %s | %s |" % (group, " | ".join("%d %%" % round(100 * sum(v) / len(v)) for v in by.values())))
    return lines


def generator(seed, name, number):
    return random.Random(zlib.crc32(f"{seed} {name} {number}".encode()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--healthy", type=int, default=300)
    parser.add_argument("--sick", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true", help="name the runs that were judged wrongly")
    parser.add_argument("--keep", help="write the runs here, and leave them")
    parser.add_argument("--peers", type=int, default=0, help="ask the peers that are installed about so many runs of each row")
    parser.add_argument("--markdown", help="write the tables into this file, between its marks")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        root = arguments.keep or temporary
        jobs = []
        families = list(HEALTHY)
        for number in range(arguments.healthy):
            name = families[number % len(families)]
            run = HEALTHY[name](generator(arguments.seed, name, number))
            folder = os.path.join(root, "healthy-%s-%d" % (name.replace(" ", "-").replace(",", ""), number))
            run.write(folder)
            jobs.append((name, None, None, run, folder))
        for key, (name, make, kinds) in SICK.items():
            for number in range(arguments.sick):
                run, step = make(generator(arguments.seed, key, number))
                folder = os.path.join(root, "%s-%d" % (key, number))
                run.write(folder)
                jobs.append((name, kinds, step, run, folder))
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda job: findings(arguments.binary, job[4]), jobs))
        peers = peer_table(jobs, arguments.peers)

    table = {}
    for (name, kinds, step, run, folder), found in zip(jobs, results):
        row = table.setdefault(name, {"sick": kinds is not None, "runs": 0, "good": 0, "placed": 0, "located": 0})
        row["runs"] += 1
        if kinds is None:
            row["good"] += not found
            if found and arguments.missed:
                print("false ", folder, found)
            continue
        told = [f for f in found if f[0] in kinds]
        row["good"] += bool(told)
        if not told and arguments.missed:
            print("missed", folder, found)
        if step is not None and told:
            row["located"] += 1
            near = any(f[1] is not None and abs(f[1] - step) <= 0.02 * run.last + run.every for f in told)
            row["placed"] += near
            if not near and arguments.missed:
                print("place ", folder, step, told, run.last)
    lines = ["| healthy | runs | false alarms |", "|---|---|---|"]
    healthy = [r for r in table.values() if not r["sick"]]
    for name, row in table.items():
        if not row["sick"]:
            lines.append("| %s | %d | %d |" % (name, row["runs"], row["runs"] - row["good"]))
    false = sum(r["runs"] - r["good"] for r in healthy)
    total = sum(r["runs"] for r in healthy)
    lines.append("| all | %d | %d (%.1f %%) |" % (total, false, 100 * false / max(1, total)))
    lines += ["", "| trouble | runs | told | step within 2 % |", "|---|---|---|---|"]
    for name, row in table.items():
        if row["sick"]:
            placed = "%d %%" % round(100 * row["placed"] / row["located"]) if row["located"] else ""
            lines.append("| %s | %d | %d %% | %s |" % (name, row["runs"], round(100 * row["good"] / row["runs"]), placed))
    if peers:
        lines += [""] + peers
    text = "\n".join(lines)
    print(text)
    if arguments.markdown:
        begin, end = "<!-- verdicts -->", "<!-- /verdicts -->"
        with open(arguments.markdown, encoding="utf-8") as file:
            page = file.read()
        before, rest = page.split(begin, 1)
        after = rest.split(end, 1)[1]
        with open(arguments.markdown, "w", encoding="utf-8") as file:
            file.write(before + begin + "\n" + text + "\n" + end + after)
    told = [r["good"] / r["runs"] for r in table.values() if r["sick"]]
    return 0 if false <= 0.02 * total and min(told, default=1) >= 0.9 else 1


if __name__ == "__main__":
    sys.exit(main())
