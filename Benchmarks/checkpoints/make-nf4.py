#!/usr/bin/env python3
"""Writes two models in 4 bits as bitsandbytes saves them (nf4, nested scales), 500 MB each, and two of the same
parameters in bfloat16, 1.9 GB each, into the folder named as argument. The values are seeded. Needs numpy alone.
"""
import json
import os
import struct
import sys

import numpy

LAYERS, ROWS, COLUMNS, BLOCK, NESTED = 32, 4096, 7168, 64, 256
# The quantiles of the normal distribution that nf4 stands for (Dettmers and others, 2023).
NF4 = [-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
       -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
       0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0]


def save(path, tensors):
    header, offset = {}, 0
    for name, dtype, value in tensors:
        header[name] = {"dtype": dtype, "shape": list(value.shape), "data_offsets": [offset, offset + value.nbytes]}
        offset += value.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, _, value in tensors: file.write(value.tobytes())


def model(folder, step, change):
    """One step: of the weights of the first, a share `change` has another code; kept as codes, and as bfloat16."""
    rng, other = numpy.random.default_rng(1), numpy.random.default_rng(2)
    count, blocks = ROWS * COLUMNS, ROWS * COLUMNS // BLOCK
    scale_map = numpy.linspace(-1, 1, 256, dtype="<f4")
    state = json.dumps({"quant_type": "nf4", "blocksize": BLOCK, "dtype": "bfloat16", "shape": [ROWS, COLUMNS],
                        "nested_blocksize": NESTED, "nested_dtype": "float32", "nested_offset": 0.04}).encode()
    coded, plain = [], []
    for layer in range(LAYERS):
        name = f"model.layers.{layer}.mlp.down_proj.weight"
        codes = rng.integers(0, 256, count // 2, dtype=numpy.uint8)
        if change: codes = numpy.where(other.random(count // 2) < change, codes ^ 0x10, codes).astype(numpy.uint8)
        scales = rng.integers(0, 256, blocks, dtype=numpy.uint8)
        nested = rng.uniform(0.01, 0.03, -(-blocks // NESTED)).astype("<f4")
        coded += [(name, "U8", codes.reshape(-1, 1)), (name + ".absmax", "U8", scales),
                  (name + ".nested_absmax", "F32", nested), (name + ".nested_quant_map", "F32", scale_map),
                  (name + ".quant_map", "F32", numpy.array(NF4, "<f4")),
                  (name + ".quant_state.bitsandbytes__nf4", "U8", numpy.frombuffer(state, numpy.uint8))]
        pairs = numpy.stack([codes >> 4, codes & 15], axis=1).reshape(-1)
        absmax = scale_map[scales] * numpy.repeat(nested, NESTED)[:blocks] + numpy.float32(0.04)
        values = numpy.array(NF4, "<f4")[pairs].reshape(blocks, BLOCK) * absmax[:, None]
        bits = (values.astype("<f4").view("<u4") >> 16).astype("<u2")
        plain.append((name, "BF16", bits.reshape(ROWS, COLUMNS)))
    save(os.path.join(folder, f"nf4_{step}", "model.safetensors"), coded)
    save(os.path.join(folder, f"bf16_{step}", "model.safetensors"), plain)


for step, change in ((500, 0), (1000, 0.02)): model(sys.argv[1], step, change)
