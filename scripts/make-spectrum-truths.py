#!/usr/bin/env python3
"""Writes Tests/WeightsTests/Fixtures/spectrum: an adapter whose directions fall over eleven decades, and truth.json.

The truth holds the singular values of s·B·A in float64 by numpy, from the triangular factors of B and Aᵀ: of that adapter,
which has a module whose factors are nearly dependent, and of those of ../peft that have plain products.

Needs numpy and safetensors. The values are seeded.
"""
import json
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parent.parent / "Tests/WeightsTests/Fixtures"
rng = np.random.default_rng(0)
RANK, SCALE = 16, 2.0


def orthonormal(rows, columns):
    return np.linalg.qr(rng.standard_normal((rows, columns)))[0]


def spectrum(a, b, scale):
    upper_b, upper_a = np.linalg.qr(b.astype(np.float64), "r"), np.linalg.qr(a.astype(np.float64).T, "r")
    return np.linalg.svd(scale * upper_b @ upper_a.T, compute_uv=False).tolist()


modules = {}
falling = 10.0 ** -np.linspace(0, 11, RANK)
modules["l.0.q"] = (orthonormal(80, RANK).T, orthonormal(48, RANK) * falling)
# Rows of A that differ in the sixth digit, and B with a planted rank of 3.
near = np.repeat(rng.standard_normal((1, 80)), RANK, 0) + 1e-6 * rng.standard_normal((RANK, 80))
modules["l.0.v"] = (near, orthonormal(48, RANK))
modules["l.0.o"] = (orthonormal(80, RANK).T, orthonormal(48, 3) @ (np.diag([3, 2, 1]) @ rng.standard_normal((3, RANK))))
modules = {name: tuple(x.astype(np.float32) for x in pair) for name, pair in modules.items()}
folder = ROOT / "spectrum" / "adapter"
folder.mkdir(parents=True, exist_ok=True)
save_file({f"base_model.model.{name}.lora_{part}.weight": np.ascontiguousarray(value)
           for name, pair in modules.items() for part, value in zip("AB", pair)}, folder / "adapter_model.safetensors")
(folder / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "r": RANK, "lora_alpha": SCALE * RANK}))
truth = {"spectrum/adapter": {name: spectrum(a, b, SCALE) for name, (a, b) in modules.items()}}

for kind, scale in [("linear", 8 / 3)]:
    with safe_open(ROOT / "peft" / kind / "after" / "adapter_model.safetensors", "np") as file:
        found = {}
        for name in file.keys():
            if not name.endswith("lora_A.weight"):
                continue
            a, b = file.get_tensor(name), file.get_tensor(name.replace("lora_A", "lora_B"))
            a, b = a.reshape(a.shape[0], -1), b.reshape(b.shape[0], -1)
            found[name.removeprefix("base_model.model.").removesuffix(".lora_A.weight")] = spectrum(a, b, scale)
        truth[f"peft/{kind}/after"] = found

(ROOT / "spectrum" / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
