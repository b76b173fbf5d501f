#!/usr/bin/env python3
"""Writes Tests/WeightsTests/Fixtures/merge.json: how two adapters of Fixtures/peft go together, by PEFT's own ties.

Needs numpy, torch, peft and safetensors. The ΔWs are s·B·A of the tensors, in float64.
"""
import json
import pathlib

import numpy
import torch
from peft.utils.merge_utils import ties
from safetensors.torch import load_file

ROOT = pathlib.Path(__file__).resolve().parent.parent / "Tests/WeightsTests/Fixtures"


def deltas(folder):
    config = json.loads((folder / "adapter_config.json").read_text())
    tensors = load_file(folder / "adapter_model.safetensors")
    scale = config["lora_alpha"] / config["r"]
    found = {}
    for name, a in tensors.items():
        for first, second in (("lora_A.weight", "lora_B.weight"), ("lora_embedding_A", "lora_embedding_B")):
            if name.endswith(first):
                b = tensors[name.removesuffix(first) + second]
                # Convolutions are matrices here; an embedding lies the other way round, which changes no figure.
                module = name.removeprefix("base_model.model.").removesuffix("." + first)
                found[module] = scale * b.double().reshape(b.shape[0], -1) @ a.double().reshape(a.shape[0], -1)
    return found


def main():
    sides = [deltas(ROOT / "peft/linear" / side) for side in ("before", "after")]
    truth = {}
    for name in sides[0]:
        both = [side[name] for side in sides]
        total = both[0] + both[1]
        energy = sum(float((delta ** 2).sum()) for delta in both)
        against = sum(float((delta[delta * total < 0] ** 2).sum()) for delta in both)
        merged = ties(both, torch.ones(2, dtype=torch.float64), 0.2)
        truth[name] = {
            "norms": [float(delta.norm()) for delta in both],
            "cosine": float((both[0] * both[1]).sum() / both[0].norm() / both[1].norm()),
            "conflict": against / energy,
            "mean": [float((total / 2 * delta).sum() / delta.norm() ** 2) for delta in both],
            "ties": [float((merged * delta).sum() / delta.norm() ** 2) for delta in both],
            "ties_norm": float(merged.norm() / numpy.mean([float(delta.norm()) for delta in both])),
        }
    (ROOT / "merge.json").write_text(json.dumps(truth, indent=1) + "\n")


if __name__ == "__main__":
    main()
