#!/usr/bin/env python3
"""Holds verdicts against simulated trainings, healthy and sick: how many healthy runs get a false warning, and how many
troubles are told, at which step.

  python3 scripts/verdicts BINARY [--healthy 300] [--sick 100] [--wide 0] [--seed 1] [--only WORD] [--missed] [--markdown FILE]

Every run is written as a trainer's folder and opened with `BINARY <folder> --format json`. Beside the usual runs, `--wide`
draws as many of each row from far beyond: other levels, lengths, noises, and the names and files of eleven writers. Standard
library only; peers (trainproof, ftdoctor, trainspotter) are asked too where they are installed.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from dialects import DIALECTS, dialects  # noqa: E402
from folders import HEALTHY_FOLDERS, SICK_FOLDERS  # noqa: E402
from healthy import HEALTHY  # noqa: E402
from sick import SICK  # noqa: E402
from training import Draw  # noqa: E402

GRAVE = ("warning", "failure")


def findings(binary, folder):
    """The findings of severity warning or failure as (kind, step); a file that could not be read at all is one too."""
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

    try:
        walk(json.loads(process.stdout.decode("utf-8", "replace") or "null"))
    except ValueError:
        found.append(("no report", None))
    errors = process.stderr.decode("utf-8", "replace")
    if process.returncode < 0:
        found.append(("crash", None))
    elif process.returncode != 0 and any("/" + name in errors for _, _, names in os.walk(folder) for name in names):
        found.append(("damaged_file", None))
    return found


class Job:
    """A folder with a training, and what is to be found in it."""

    def __init__(self, row, folder, kinds=None, step=None, run=None, dialect=""):
        self.row, self.folder, self.kinds, self.step, self.run, self.dialect = row, folder, kinds, step, run, dialect
        self.width = 0.02 * run.last + run.every if run else 0


PEERS = {
    # How each is asked, and the levels of its findings that count as an alarm.
    "trainproof": (["doctor", "{}/trainer_state.json", "--json"], "level", ("warn", "fail")),
    "ftdoctor": (["{}", "-f", "json"], "severity", ("warning", "critical")),
    "trainspotter": (["analyze", "{}/trainer_state.json", "--output", "json"], "severity", ("warning", "error")),
}


def peer_alarms(name, program, folder):
    """Whether a peer gives any alarm at all, whatever it is of, but for the advice to evaluate at all."""
    words, key, grave = PEERS[name]
    process = subprocess.run([program] + [w.format(folder) for w in words], capture_output=True, timeout=120)

    def walk(value):
        if isinstance(value, dict):
            if value.get("check") == "no_eval":
                return False
            return str(value.get(key)).lower() in grave or any(walk(v) for v in value.values())
        return isinstance(value, list) and any(walk(v) for v in value)

    try:
        return walk(json.loads(process.stdout.decode("utf-8", "replace") or "null"))
    except ValueError:
        return None


PEER_ORDER = {"all healthy runs": 1, "all sick runs": 3}


def peer_table(all_jobs, count):
    """Rows for the peers that are installed; of each family and trouble the first `count` runs that are a trainer's state."""
    programs = {name: shutil.which(name) for name in PEERS}
    programs = {name: program for name, program in programs.items() if program}
    if not programs or not count:
        return []
    seen, chosen = {}, []
    for job in all_jobs:
        seen[job.row] = seen.get(job.row, 0) + 1
        if seen[job.row] <= count and job.dialect == "trainer_state" and not job.row.endswith(", wide"):
            chosen.append(job)
    lines = ["| any alarm at all, share of %d runs | %s |" % (count, " | ".join(programs)), "|---|" + "---|" * len(programs)]
    sums = {}
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda job: [peer_alarms(n, p, job.folder) for n, p in programs.items()], chosen)
        for job, alarms in zip(chosen, answers):
            for group in (job.row, "all sick runs" if job.kinds else "all healthy runs"):
                for name, alarm in zip(programs, alarms):
                    sums.setdefault(group, {}).setdefault(name, []).append(bool(alarm))
    # What all of a side come to stands behind its rows.
    for group, by in sorted(sums.items(), key=lambda entry: PEER_ORDER.get(entry[0], 0 if entry[0] in HEALTHY else 2)):
        lines.append("| %s | %s |" % (group, " | ".join("%d %%" % round(100 * sum(v) / len(v)) for v in by.values())))
    return lines


def jobs(arguments, root):
    """Writes all trainings below `root`."""
    chosen = (lambda name: arguments.only in name) if arguments.only else lambda name: True

    def draw(*parts, wide=False):
        return Draw(zlib.crc32(" ".join(map(str, (arguments.seed,) + parts)).encode()), wide)

    def write(row, folder, run, kinds=None, step=None, needed=None):
        names = dialects(run, needed)
        name = run.rng.choice(names) if run.rng.wide else "HF events" if needed == "times" else "trainer_state"
        DIALECTS[name][0](run, folder)
        return Job(row, folder, kinds, step, run, name)

    def simulate(prefix, suffix, healthy, sick, wide):
        families = [name for name in HEALTHY if chosen(name)]
        for number in range(healthy if families else 0):
            name = families[number % len(families)]
            folder = os.path.join(root, "%shealthy-%s-%d" % (prefix, name.replace(" ", "-").replace(",", ""), number))
            yield write(name + suffix, folder, HEALTHY[name](draw(prefix, name, number, wide=wide)))
        for key, (name, make, kinds, *needed) in SICK.items():
            for number in range(sick if chosen(name) else 0):
                run, step = make(draw(prefix, key, number, wide=wide))
                yield write(name + suffix, os.path.join(root, "%s%s-%d" % (prefix, key, number)), run, kinds, step, *needed)

    yield from simulate("", "", arguments.healthy, arguments.sick, False)
    if arguments.wide:
        yield from simulate("wide-", ", wide", len(HEALTHY) * arguments.wide, arguments.wide, True)
    for name, make in HEALTHY_FOLDERS.items():
        for number in range(arguments.healthy // 15 if chosen(name) else 0):
            folder = os.path.join(root, "healthy-%s-%d" % (name.replace(" ", "-").replace(",", ""), number))
            make(draw(name, number), folder)
            yield Job(name, folder)
    for key, (name, make, kinds) in SICK_FOLDERS.items():
        for number in range(arguments.sick if chosen(name) else 0):
            folder = os.path.join(root, "%s-%d" % (key, number))
            make(draw(key, number), folder)
            yield Job(name, folder, kinds)


def tables(all_jobs, results, shows_missed):
    """The lines of the tables, the share of false alarms, and the least share that is told of a row."""
    table, by_dialect = {}, {}
    for job, found in zip(all_jobs, results):
        row = table.setdefault(job.row, {"sick": job.kinds is not None, "runs": 0, "good": 0, "placed": 0, "located": 0})
        row["runs"] += 1
        told = [f for f in found if job.kinds and f[0] in job.kinds]
        good = bool(told) if job.kinds else not found
        row["good"] += good
        if job.dialect and job.row.endswith(", wide"):
            by_dialect.setdefault(job.dialect, {}).setdefault(job.kinds is not None, []).append(good)
        if not good and shows_missed:
            print("missed" if job.kinds else "false ", job.folder, job.dialect, job.run and job.run.count, found)
        if job.step is not None and told and job.dialect not in ("DeepSpeed", "Keras"):
            row["located"] += 1
            near = any(f[1] is not None and abs(f[1] - job.step) <= job.width for f in told)
            row["placed"] += near
            if not near and shows_missed:
                print("place ", job.folder, job.dialect, job.step, told, job.run.last)
    healthy = [r for r in table.values() if not r["sick"]]
    lines = ["| healthy | runs | false alarms |", "|---|---|---|"]
    lines += ["| %s | %d | %d |" % (name, row["runs"], row["runs"] - row["good"]) for name, row in table.items() if not row["sick"]]
    false, total = sum(r["runs"] - r["good"] for r in healthy), sum(r["runs"] for r in healthy)
    lines.append("| all | %d | %d (%.1f %%) |" % (total, false, 100 * false / max(1, total)))
    lines += ["", "| trouble | runs | told | step within 2 % |", "|---|---|---|---|"]
    for name, row in table.items():
        if row["sick"]:
            placed = "%d %%" % round(100 * row["placed"] / row["located"]) if row["located"] else ""
            lines.append("| %s | %d | %d %% | %s |" % (name, row["runs"], round(100 * row["good"] / row["runs"]), placed))
    if by_dialect:
        lines += ["", "| written by (wide) | healthy runs | false alarms | sick runs | told |", "|---|---|---|---|---|"]
        for name, by in by_dialect.items():
            well, sick = by.get(False, []), by.get(True, [])
            lines.append("| %s | %d | %d | %d | %d %% |" % (name, len(well), len(well) - sum(well), len(sick), round(100 * sum(sick) / max(1, len(sick)))))
    told = [r["good"] / r["runs"] for name, r in table.items() if r["sick"] and not name.endswith(", wide")]
    return lines, false / max(1, total), min(told, default=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--healthy", type=int, default=300)
    parser.add_argument("--sick", type=int, default=100)
    parser.add_argument("--wide", type=int, default=0, help="so many runs of each row from a wide draw")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="rows whose name holds this word")
    parser.add_argument("--missed", action="store_true", help="name the runs that were judged wrongly")
    parser.add_argument("--keep", help="write the runs here, and leave them")
    parser.add_argument("--peers", type=int, default=0, help="ask the peers that are installed about so many runs of each row")
    parser.add_argument("--markdown", help="write the tables into this file, between its marks")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        all_jobs = list(jobs(arguments, arguments.keep or temporary))
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda job: findings(arguments.binary, job.folder), all_jobs))
        peers = peer_table(all_jobs, arguments.peers)
    lines, false, told = tables(all_jobs, results, arguments.missed)
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
    return 0 if false <= 0.02 and told >= 0.9 else 1


if __name__ == "__main__":
    sys.exit(main())
