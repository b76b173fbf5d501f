#!/usr/bin/env python3
"""Measures readers of event files in turn and prints a row of Markdown a data set: CPU seconds of the whole process
(median), and its peak memory in megabytes.

usage: measure.py FOLDER [--runs N] [--report PROGRAM] [--peers] [--python N] [NAME...]

FOLDER is what make_data.py filled. --report adds the whole command, its report written. --peers adds TensorBoard's data server (with all points and checksums, and by its
default), --python N adds N runs of EventAccumulator and tbparse. Build `swift build -c release --static-swift-stdlib`
in Benchmarks and `c++ -O2 -march=native -o floor floor.cpp` in Benchmarks/events first.
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ["one_tag", "hundred_tags", "many_runs", "blobs", "resumed", "tensors"]


def timed(command):
    """CPU seconds and peak kilobytes of a command, as /usr/bin/time gives them."""
    with tempfile.NamedTemporaryFile("r") as log:
        subprocess.run(["/usr/bin/time", "-o", log.name, "-f", "%U %S %M", *command], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        user, system, peak = log.read().split()
    return float(user) + float(system), int(peak)


def precise(command):
    """The same by the process's own resource usage, which counts microseconds."""
    script = ("import os,sys\npid=os.posix_spawn(sys.argv[1],sys.argv[1:],os.environ)\n_,s,u=os.wait4(pid,0)\n"
              "assert s==0\nprint('cpu=%.6f peak=%d'%(u.ru_utime+u.ru_stime,u.ru_maxrss))")
    output = subprocess.run([sys.executable, "-c", script, *command], check=True, capture_output=True, text=True)
    return parsed(output.stdout)


def parsed(text):
    found = re.findall(r"cpu=([\d.]+) peak=(\d+)", text)[-1]
    return float(found[0]), int(found[1])


def served(folder, *arguments):
    command = [sys.executable, os.path.join(HERE, "data_server.py"), folder, *arguments]
    return parsed(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def reported(program, folder):
    with tempfile.TemporaryDirectory() as output:
        return precise([program, "--quiet", "-o", output, folder])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--report")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--python", type=int, default=0)
    options = parser.parse_intermixed_args()
    for name in options.names:
        folder = os.path.join(options.folder, name)
        files = sorted(os.path.join(path, file) for path, _, names in os.walk(folder) for file in names)
        for file in files:
            open(file, "rb").read()
        ours = os.path.join(HERE, "../.build/release/read-events")
        readers = {"ftreport": lambda: precise([ours, folder]),
                   "floor": lambda: precise([os.path.join(HERE, "floor"), *files])}
        if options.report:
            readers["whole command"] = lambda: reported(options.report, folder)
        if options.peers:
            readers["data server, all"] = lambda: served(
                folder, "--checksum", "--samples-per-plugin", "scalars=all")
            readers["data server"] = lambda: served(folder)
        results = {reader: [] for reader in readers}
        for _ in range(options.runs):
            for reader, run in readers.items():
                results[reader].append(run())
        for reader in ("accumulator", "tbparse") if options.python else ():
            results[reader] = [timed([sys.executable, os.path.join(HERE, "python_reader.py"), reader, folder])
                               for _ in range(options.python)]
        cells = ["%s %.3f s (%.0f MB)" % (reader, statistics.median(cpu for cpu, _ in runs),
                                          statistics.median(peak for _, peak in runs) / 1000)
                 for reader, runs in results.items()]
        ratio = statistics.median(one[0] / other[0] for one, other in zip(results["ftreport"], results["floor"]))
        print("| %s | %s | ratio to floor %.2f |" % (name, " | ".join(cells), ratio), flush=True)


if __name__ == "__main__":
    main()
