#!/usr/bin/env python3
"""Reads every scalar below a folder with a reader in Python.

usage: python_reader.py accumulator|tbparse FOLDER      (needs tensorboard or tbparse)
"""
import os
import sys


def accumulator(folder):
    from tensorboard.backend.event_processing import event_accumulator
    kept, count = [], 0
    for path, _, names in sorted(os.walk(folder)):
        if any("tfevents" in name for name in names):
            reader = event_accumulator.EventAccumulator(
                path, size_guidance=event_accumulator.STORE_EVERYTHING_SIZE_GUIDANCE)
            reader.Reload()
            kept.append(reader)
            count += sum(len(reader.Scalars(tag)) for tag in reader.Tags()["scalars"])
    return count


def tbparse(folder):
    from tbparse import SummaryReader
    return len(SummaryReader(folder, extra_columns={"dir_name", "wall_time"}, event_types={"scalars"}).scalars)


print({"accumulator": accumulator, "tbparse": tbparse}[sys.argv[1]](sys.argv[2]))
