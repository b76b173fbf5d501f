#!/usr/bin/env python3
"""Writes Tests/CheckpointTests/Fixtures/mcore: adapters over two tensor-parallel ranks, with what they are in one piece.

`mca` is laid out as mcore_adapter saves (ROLL, LLaMA-Factory): checkpoint-N/<adapter>/iter_*/mp_rank_*, LoRA's factors cut
as its LoraColumnParallelLinear and LoraRowParallelLinear are, with Transformer Engine's empty `_extra_state`; the state
of the optimizer stands beside the adapter. `bridge` has the names and cuts of Megatron-Bridge's ParallelLinearAdapter.
Needs torch.
"""
import argparse
import json
import pathlib
import shutil

import torch

ROOT = pathlib.Path(__file__).resolve().parent.parent / "Tests/CheckpointTests/Fixtures/mcore"
RANK = 4
# module -> outputs, inputs, whether its outputs are cut (column-parallel) or its inputs
MODULES = {
    "self_attention.linear_qkv": (12, 8, True), "self_attention.linear_proj": (8, 8, False),
    "mlp.linear_fc1": (16, 8, True), "mlp.linear_fc2": (8, 8, False),
}


def numbers(*shape, seed):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def halves(tensor, axis, gated=False):
    if not gated:
        return list(tensor.chunk(2, dim=axis))
    gate, up = tensor.chunk(2)
    return [torch.cat(pair) for pair in zip(gate.chunk(2), up.chunk(2))]


def factors(is_bridge):
    """Each factor in one piece, and cut over two ranks."""
    for index, (module, (outputs, inputs, cuts_outputs)) in enumerate(MODULES.items()):
        a, b = numbers(RANK, inputs, seed=2 * index + 1), numbers(outputs, RANK, seed=2 * index + 2)
        gated = module.endswith("fc1")
        prefix = f"decoder.layers.0.{module}."
        if is_bridge:
            # Of the first factor the rank is cut beside a module whose outputs are; of the second always the outputs.
            yield prefix + "adapter.linear_in.weight", a, halves(a, 0 if cuts_outputs else 1)
            yield prefix + "adapter.linear_out.weight", b, halves(b, 0, gated)
        else:
            yield prefix + "lora_A.weight", a, [a, a] if cuts_outputs else halves(a, 1)
            yield prefix + "lora_B.weight", b, halves(b, 0, gated) if cuts_outputs else [b, b]


def write(folder, is_bridge):
    whole = []
    models = [{}, {}]
    start = "" if is_bridge else "base_model.model."
    for name, tensor, parts in factors(is_bridge):
        whole.append((start + name, tensor))
        for model, part in zip(models, parts):
            model[start + name] = part.clone()
            if not is_bridge:
                model[start + name.removesuffix("weight") + "_extra_state"] = torch.empty(0, dtype=torch.uint8)
    for rank, model in enumerate(models):
        place = folder / f"mp_rank_{rank:02d}"
        place.mkdir(parents=True)
        torch.save({"args": argparse.Namespace(swiglu=True), "model": model}, place / "model_optim_rng.pt")
    return [[name, "float32", list(t.shape), t.contiguous().numpy().tobytes().hex()] for name, t in whole]


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    truth = {}
    save = ROOT / "mca/checkpoint-20"
    truth["mca"] = write(save / "default/iter_0000001", False)
    (save / "default/latest_checkpointed_iteration.txt").write_text("1")
    (save / "default/adapter_config.json").write_text(
        json.dumps({"peft_type": "LORA", "r": RANK, "lora_alpha": 8, "target_modules": ["linear_qkv"]}))
    (save / "mca_config.json").write_text(json.dumps({"tensor_model_parallel_size": 2}))
    optimizer = save / "iter_0000001/mp_rank_00"
    optimizer.mkdir(parents=True)
    torch.save({"step": 20}, optimizer / "optimizer.pt")
    truth["bridge"] = write(ROOT / "bridge/iter_0000020", True)
    (ROOT / "bridge/latest_checkpointed_iteration.txt").write_text("20")
    (ROOT / "truth.json").write_text(json.dumps(truth) + "\n")


if __name__ == "__main__":
    main()
