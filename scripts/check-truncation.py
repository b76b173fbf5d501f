#!/usr/bin/env python3
"""Holds an adapter that `ftreport inspect --to-rank` made against the best one of its rank, by PEFT's own loading.

    scripts/check-truncation.py OLD NEW RANK

OLD is an adapter of plain LoRA on linear modules, NEW the folder that was written. PEFT loads both on a model that has
nothing but those modules; ΔW is what PEFT's get_delta_weight says, its best approximation numpy's SVD.
"""
import json
import pathlib
import sys

import numpy
import torch
from peft import LoraConfig, get_peft_model
from peft.utils import set_peft_model_state_dict
from safetensors.torch import load_file


def deltas(folder, shapes):
    config = LoraConfig(**{key: value for key, value in json.loads((folder / "adapter_config.json").read_text()).items()
                           if key in ("r", "lora_alpha", "use_rslora", "rank_pattern", "alpha_pattern")},
                        target_modules=sorted({name.split(".")[-1] for name in shapes}))
    model = torch.nn.Module()
    for name, (rows, columns) in shapes.items():
        parent = model
        *path, leaf = name.split(".")
        for part in path:
            if not hasattr(parent, part):
                parent.add_module(part, torch.nn.Module())
            parent = getattr(parent, part)
        parent.add_module(leaf, torch.nn.Linear(columns, rows, bias=False))
    wrapped = get_peft_model(model, config)
    result = set_peft_model_state_dict(wrapped, load_file(folder / "adapter_model.safetensors"))
    assert not result.unexpected_keys, result.unexpected_keys
    found = {}
    for name, module in wrapped.named_modules():
        if hasattr(module, "get_delta_weight"):
            found[name.removeprefix("base_model.model.")] = module.get_delta_weight("default").detach().double().numpy()
    return found


def main():
    old, new, rank = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    tensors = load_file(old / "adapter_model.safetensors")
    shapes = {}
    for name, tensor in tensors.items():
        if name.endswith("lora_B.weight"):
            inner = name.removeprefix("base_model.model.").removesuffix(".lora_B.weight")
            shapes[inner] = (tensor.shape[0], tensors[name.replace("lora_B", "lora_A")].shape[1])
    before, after = deltas(old, shapes), deltas(new, shapes)
    worst, lost, whole = 0.0, 0.0, 0.0
    for name, delta in before.items():
        u, s, v = numpy.linalg.svd(delta, full_matrices=False)
        best = (u[:, :rank] * s[:rank]) @ v[:rank]
        worst = max(worst, float(numpy.linalg.norm(after[name] - best) / numpy.linalg.norm(delta)))
        lost += float(numpy.linalg.norm(after[name] - delta) ** 2)
        whole += float(numpy.linalg.norm(delta) ** 2)
    print(f"{len(before)} modules; from the best of rank {rank}: {worst:.2e} of the norm; error {100 * (lost / whole) ** 0.5:.4f} %")
    return worst > 1e-5


if __name__ == "__main__":
    sys.exit(main())
