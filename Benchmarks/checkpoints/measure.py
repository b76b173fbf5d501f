#!/usr/bin/env python3
"""Whole processes, timed: measure.py DATA FTREPORT [RUNS]. Prints medians of CPU and wall seconds, and peak memory."""
import os
import statistics
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def once(command):
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
        os.execvp(command[0], command)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"failed: {command}")
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - start, usage.ru_maxrss / 1024


def main():
    data, ftreport = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    numpy = [sys.executable, os.path.join(HERE, "peer-numpy.py")]
    pair = lambda name: [os.path.join(data, f"{name}_{step}") for step in (500, 1000)]
    rows = []
    for name in ("lora_r8", "lora_r64"):
        rows += [(f"{name} numpy, Gram", numpy + ["gram"] + pair(name)), (f"{name} numpy, QR + SVD", numpy + ["qr"] + pair(name)),
                 (f"{name} ftreport", [ftreport, "compare", "--format", "json"] + pair(name))]
    rows += [("full numpy", numpy + ["full"] + pair("full")),
             ("full ftreport", [ftreport, "compare", "--format", "json"] + pair("full")),
             ("inspect lora_r64", [ftreport, "inspect", pair("lora_r64")[0]])]
    rows += [(f"spectrum {name}", [ftreport, "inspect", "--spectrum", "--format", "json", pair(name)[0]])
             for name in ("lora_r8", "lora_r64")]
    # Made by make-nf4.py: two models in 4 bits and their parameters in bfloat16.
    rows += [(f"{name} ftreport", [ftreport, "compare", "--format", "json"] + pair(name))
             for name in ("nf4", "bf16") if os.path.exists(pair(name)[0])]
    for name, command in rows:
        once(command)  # brings the files into memory
        taken = [once(command) for _ in range(runs)]
        cpu, wall, peak = (statistics.median(column) for column in zip(*taken))
        print(f"{name:24} CPU {cpu:7.3f} s  wall {wall:7.3f} s  peak {peak:6.0f} MiB", flush=True)


main()
