#!/usr/bin/env python3
"""The same comparisons in numpy: peer-numpy.py {gram|qr|full} BEFORE AFTER.

`gram`: norms of every tensor, ‖ΔW‖, ‖change‖ and cosine of every module from Gram matrices.
`qr`: also cores by QR, their singular values, overlaps and angles.
`full`: norms, change, cosine, greatest change, changed elements, NaN and infinities of bfloat16 tensors, in blocks.
"""
import json
import math
import mmap
import os
import struct
import sys

import numpy as np

BLOCK = 1 << 18


def load(folder):
    tensors = {}
    for file in sorted(f for f in os.listdir(folder) if f.endswith(".safetensors")):
        handle = open(os.path.join(folder, file), "rb")
        data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        length, = struct.unpack_from("<Q", data, 0)
        for name, entry in json.loads(data[8:8 + length]).items():
            if name == "__metadata__":
                continue
            start, end = entry["data_offsets"]
            kind = {"F32": np.float32, "BF16": np.uint16}[entry["dtype"]]
            array = np.frombuffer(data, kind, (end - start) // np.dtype(kind).itemsize, 8 + length + start)
            tensors[name] = array.reshape(entry["shape"])
    return tensors


def statistics(a, b):
    a, b = a.ravel(), b.ravel()
    sums = np.zeros(4)
    greatest, changed, broken = 0.0, 0, 0
    for start in range(0, a.size, BLOCK):
        p, q = a[start:start + BLOCK], b[start:start + BLOCK]
        x, y = p, q
        if p.dtype == np.uint16:
            x = (p.astype(np.uint32) << 16).view(np.float32)
            y = (q.astype(np.uint32) << 16).view(np.float32)
        xx, yy = float(np.dot(x, x)), float(np.dot(y, y))
        if not math.isfinite(xx + yy):
            good = np.isfinite(x) & np.isfinite(y)
            broken += int((~good).sum())
            x, y = x[good], y[good]
            xx, yy = float(np.dot(x, x)), float(np.dot(y, y))
        d = y - x
        sums += (xx, yy, float(np.dot(x, y)), float(np.dot(d, d)))
        greatest = max(greatest, float(np.abs(d).max(initial=0)))
        changed += int(np.count_nonzero(p != q))
    return sums, greatest, changed, broken


def module(a1, b1, a2, b2, scale, mode):
    r = a1.shape[0]
    a, b = np.concatenate([a1, a2]), np.concatenate([b1 * scale, b2 * scale], 1)
    if mode == "gram":
        a, b = a.astype(np.float64), b.astype(np.float64)
        product = (a @ a.T) * (b.T @ b)
        first, second, cross = product[:r, :r].sum(), product[r:, r:].sum(), product[:r, r:].sum()
        return math.sqrt(first), math.sqrt(second), math.sqrt(max(0, first + second - 2 * cross)), cross
    ra, rb = np.linalg.qr(a.T, mode="r"), np.linalg.qr(b, mode="r")
    one, two = rb[:, :r] @ ra[:, :r].T, rb[:, r:] @ ra[:, r:].T
    u1, s1, v1 = np.linalg.svd(one)
    u2, s2, v2 = np.linalg.svd(two)
    change = np.linalg.svd(two - one, compute_uv=False)
    left = np.linalg.svd(u1[:, :r].T @ u2[:, :r], compute_uv=False)
    right = np.linalg.svd(v1[:r] @ v2[:r].T, compute_uv=False)
    return np.linalg.norm(one), np.linalg.norm(two), np.linalg.norm(change), s1, s2, left, right


def main():
    mode, first, second = sys.argv[1:4]
    a, b = load(first), load(second)
    for name in a:
        print(name, *statistics(a[name], b[name]))
    if mode == "full":
        return
    config = json.load(open(os.path.join(first, "adapter_config.json")))
    scale = config["lora_alpha"] / config["r"]
    for name in a:
        if name.endswith("lora_A.weight"):
            other = name.replace("lora_A", "lora_B")
            print(name, *module(a[name], a[other], b[name], b[other], scale, mode))


main()
