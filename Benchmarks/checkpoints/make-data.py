#!/usr/bin/env python3
"""Writes the checkpoints that the benchmarks compare, 5 GB, into the folder named as argument.

Two adapters of rank 8 and two of rank 64 with the shapes of Qwen3-4B (all linear layers, float32), and two models with
six of its layers and its embedding (bfloat16, three shards). The values are seeded. Needs torch and safetensors.
"""
import json
import math
import os
import sys

import torch
from safetensors.torch import save_file

HIDDEN, LAYERS, HEADS, KEYS, INNER, VOCABULARY = 2560, 36, 4096, 1024, 9728, 151936
LINEAR = {
    "self_attn.q_proj": (HIDDEN, HEADS), "self_attn.k_proj": (HIDDEN, KEYS), "self_attn.v_proj": (HIDDEN, KEYS),
    "self_attn.o_proj": (HEADS, HIDDEN), "mlp.gate_proj": (HIDDEN, INNER), "mlp.up_proj": (HIDDEN, INNER),
    "mlp.down_proj": (INNER, HIDDEN),
}


def adapters(folder, rank):
    generator = torch.Generator().manual_seed(rank)
    noise = lambda *shape: torch.randn(*shape, generator=generator)
    before, after = {}, {}
    for layer in range(LAYERS):
        for name, (inputs, outputs) in LINEAR.items():
            key = f"base_model.model.model.layers.{layer}.{name}"
            a = noise(rank, inputs) / math.sqrt(3 * inputs)
            b = noise(outputs, rank) * torch.logspace(-2.5, -4, rank)
            before[key + ".lora_A.weight"], before[key + ".lora_B.weight"] = a, b
            after[key + ".lora_A.weight"] = a + noise(rank, inputs) * 1e-3
            after[key + ".lora_B.weight"] = b * 1.3 + noise(outputs, rank) * torch.logspace(-3, -4.5, rank)
    config = {"peft_type": "LORA", "r": rank, "lora_alpha": 2 * rank, "target_modules": "all-linear"}
    for step, state in ((500, before), (1000, after)):
        path = os.path.join(folder, f"lora_r{rank}_{step}")
        os.makedirs(path, exist_ok=True)
        save_file(state, os.path.join(path, "adapter_model.safetensors"), metadata={"format": "pt"})
        json.dump(config, open(os.path.join(path, "adapter_config.json"), "w"))


def models(folder, layers=6):
    generator = torch.Generator().manual_seed(4)
    shapes = [("model.embed_tokens.weight", (VOCABULARY, HIDDEN))]
    for layer in range(layers):
        shapes += [(f"model.layers.{layer}.{name}.weight", (o, i)) for name, (i, o) in LINEAR.items()]
        shapes += [(f"model.layers.{layer}.{name}.weight", (HIDDEN,)) for name in ("input_layernorm", "post_attention_layernorm")]
    total = sum(math.prod(shape) for _, shape in shapes)
    shards, done = [[], [], []], 0
    for entry in shapes:
        shards[min(2, 3 * done // total)].append(entry)
        done += math.prod(entry[1])
    paths = [os.path.join(folder, f"full_{step}") for step in (500, 1000)]
    weights = {}
    for path in paths:
        os.makedirs(path, exist_ok=True)
    for number, shard in enumerate(shards):
        file = f"model-{number + 1:05d}-of-00003.safetensors"
        before, after = {}, {}
        for name, shape in shard:
            weight = torch.empty(shape).normal_(0, 0.02, generator=generator)
            before[name] = weight.bfloat16()
            after[name] = weight.add_(torch.empty(shape).normal_(0, 1e-4, generator=generator)).bfloat16()
            weights[name] = file
        for path, state in zip(paths, (before, after)):
            save_file(state, os.path.join(path, file), metadata={"format": "pt"})
    for path in paths:
        json.dump({"metadata": {"total_size": 2 * total}, "weight_map": weights},
                  open(os.path.join(path, "model.safetensors.index.json"), "w"))


if __name__ == "__main__":
    for rank in (8, 64):
        adapters(sys.argv[1], rank)
    models(sys.argv[1])
