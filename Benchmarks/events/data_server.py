#!/usr/bin/env python3
"""Loads a log folder once in TensorBoard's Rust data server and prints what its process took until it had loaded.

usage: data_server.py FOLDER [SERVER ARGUMENT...]      (needs tensorboard-data-server; Linux)
"""
import os
import re
import subprocess
import sys
import tempfile

import tensorboard_data_server

server = subprocess.Popen(
    [tensorboard_data_server.server_binary(), "--logdir", sys.argv[1], "--port", "0", "--port-file",
     tempfile.mktemp(), "--reload", "once", "--die-after-stdin", "--verbose", *sys.argv[2:]],
    stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
for line in server.stderr:
    if "Finished load cycle" in line:
        break
fields = open("/proc/%d/stat" % server.pid).read().rsplit(")", 1)[1].split()
ticks = os.sysconf("SC_CLK_TCK")
peak = re.search(r"VmHWM:\s+(\d+)", open("/proc/%d/status" % server.pid).read()).group(1)
print("cpu=%.3f peak=%s" % ((int(fields[11]) + int(fields[12])) / ticks, peak))
server.stdin.close()
server.wait()
