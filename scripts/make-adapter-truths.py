#!/usr/bin/env python3
"""Writes Tests/WeightsTests/Fixtures/peft and Tests/WeightsTests/Fixtures/elements.

Adapters of every low-rank kind, saved by PEFT at two steps, with ΔW as PEFT itself merges it, its norms and its singular
values in float64; kinds that change a weight by more than B·A with the base and the difference of PEFT's merged weights
from it; and every value of each small element type beside what torch makes of it in float64.

Needs torch, peft, safetensors and numpy. The values are seeded: the files come out the same, but for versions of PEFT.
"""
import copy
import json
import os
import sys

import numpy as np
import torch
from peft import AdaLoraConfig, KasaConfig, LoraConfig, get_peft_model, get_peft_model_state_dict
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "Tests", "WeightsTests", "Fixtures")


class Experts(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.up = torch.nn.Parameter(torch.randn(3, 10, 12))

    def forward(self, x):
        return torch.einsum("eoi,bi->beo", self.up, x)


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj = torch.nn.Linear(12, 20, bias=False)
        self.v_proj = torch.nn.Linear(12, 8, bias=False)
        self.conv = torch.nn.Conv2d(3, 5, 2)
        self.experts = Experts()


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.config = {"tie_word_embeddings": False}
        self.embed = torch.nn.Embedding(30, 12)
        self.layers = torch.nn.ModuleList([Block(), Block()])

    def forward(self, x):
        return x


def figures(before, after):
    def sigma(w, r):
        return np.linalg.svd(w.reshape(w.shape[0], -1), compute_uv=False)[:r].tolist()

    norm = np.linalg.norm
    return {
        "before": float(norm(before)), "after": float(norm(after)), "difference": float(norm(after - before)),
        "cosine": float((before * after).sum() / (norm(before) * norm(after))),
        "sigma_before": sigma(before, 8), "sigma_after": sigma(after, 8), "sigma_difference": sigma(after - before, 16),
    }


def delta(layer, name="default"):
    """ΔW of a PEFT layer in float64, by PEFT's own code."""
    layer = layer.double()
    with torch.no_grad():
        return layer.get_delta_weight(name).detach().numpy().astype(np.float64)


class Attention(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.config = {"tie_word_embeddings": False}
        self.attention = torch.nn.MultiheadAttention(12, 3)

    def forward(self, x):
        return x


def merged(model, base):
    """The change of each weight of `base` in float64, by PEFT's own merge."""
    whole = copy.deepcopy(model).double().merge_and_unload().state_dict()
    changes = {name: (whole[name] - start.double()).numpy() for name, start in base.items() if name.endswith("weight")}
    return {name.removesuffix(".weight"): change for name, change in changes.items() if np.abs(change).max() > 0}


def adapter(kind, config, make=Model, with_base=False):
    torch.manual_seed(len(kind))
    start = make()
    base = {name: value.clone() for name, value in start.state_dict().items()}
    model = get_peft_model(start, config)
    truths, deltas = {}, {}
    if with_base:
        folder = os.path.join(FIXTURES, "peft", kind, "base")
        os.makedirs(folder, exist_ok=True)
        save_file(base, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
    for step in ("before", "after"):
        generator = torch.Generator().manual_seed(7 if step == "before" else 8)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if "lora_" in name:
                    parameter.add_(torch.randn(parameter.shape, generator=generator) * (0.3 if step == "before" else 0.1))
        folder = os.path.join(FIXTURES, "peft", kind, step)
        os.makedirs(folder, exist_ok=True)
        state = {k: v.detach().float().contiguous() for k, v in get_peft_model_state_dict(model).items()}
        save_file(state, os.path.join(folder, "adapter_model.safetensors"), metadata={"format": "pt"})
        settings = config.to_dict()
        keep = ("peft_type", "r", "lora_alpha", "use_rslora", "use_dora", "rank_pattern", "alpha_pattern", "target_modules",
                "target_parameters", "modules_to_save", "init_lora_weights", "base_model_name_or_path", "kasa_config",
                "fan_in_fan_out")
        settings = {k: (sorted(v) if isinstance(v, set) else v) for k, v in settings.items()
                    if k in keep and not (v is None and k == "kasa_config") and not (v is False and k == "fan_in_fan_out")}
        json.dump(settings, open(os.path.join(folder, "adapter_config.json"), "w"), indent=1, sort_keys=True, default=str)
        for key, value in merged(model, base).items() if with_base else ():
            deltas.setdefault(key, {})[step] = value
        for name, module in model.named_modules() if not with_base else ():
            if hasattr(module, "get_delta_weight") and getattr(module, "scaling", {}).get("default") is not None:
                # An attention of torch's is adapted as a whole, its projection within.
                key = name.replace("base_model.model.", "", 1).replace(".base_layer", "")
                deltas.setdefault(key, {})[step] = delta(module)
        model = model.float()
    for key, value in deltas.items():
        before, after = value["before"], value["after"]
        if before.ndim == 3 and kind == "experts":
            for expert in range(before.shape[0]):
                truths[f"{key}[{expert}]"] = figures(before[expert], after[expert])
        else:
            truths[key] = figures(before, after)
    json.dump(truths, open(os.path.join(FIXTURES, "peft", kind, "truth.json"), "w"), indent=1, sort_keys=True)
    print(kind, len(truths), "modules")


def elements():
    folder = os.path.join(FIXTURES, "elements")
    os.makedirs(folder, exist_ok=True)
    small, wide = {}, {}
    every_byte = torch.arange(256, dtype=torch.uint8)
    for name in ("float8_e4m3fn", "float8_e5m2", "float8_e8m0fnu", "float8_e4m3fnuz", "float8_e5m2fnuz"):
        values = every_byte.view(getattr(torch, name))
        small[name], wide[name] = values, values.to(torch.float32).double()
    words = torch.arange(0, 65536, 7, dtype=torch.int32).to(torch.int16)
    for name in ("float16", "bfloat16"):
        values = words.view(getattr(torch, name))
        small[name], wide[name] = values, values.double()
    for name in ("uint8", "int8", "int16", "int32", "int64", "bool"):
        values = (torch.arange(-40, 40) * 3).to(getattr(torch, name))
        small[name], wide[name] = values, values.double()
    small = {name: values.clone() for name, values in small.items()}
    save_file(small, os.path.join(folder, "small.safetensors"))
    save_file(wide, os.path.join(folder, "wide.safetensors"))


def main():
    targets = r".*(q_proj|v_proj|conv|embed)"
    adapter("linear", LoraConfig(r=3, lora_alpha=8, target_modules=targets))
    adapter("patterns", LoraConfig(
        r=4, lora_alpha=8, use_rslora=True, target_modules=targets, rank_pattern={"layers.1.q_proj": 2, "v_proj": 8},
        alpha_pattern={r"layers\.\d+\.v_proj": 5}))
    adapter("experts", LoraConfig(r=2, lora_alpha=6, target_modules=["q_proj"], target_parameters=["experts.up"]))
    adapter("adalora", AdaLoraConfig(init_r=4, target_r=2, lora_alpha=6, target_modules=["q_proj", "v_proj"], total_step=100))
    adapter("dora", LoraConfig(r=3, lora_alpha=8, use_dora=True, use_rslora=True, target_modules=targets), with_base=True)
    adapter("kasa", LoraConfig(r=3, lora_alpha=8, target_modules=["q_proj", "v_proj"], kasa_config=KasaConfig()),
            with_base=True)
    adapter("attention", LoraConfig(r=3, lora_alpha=8, target_modules=["attention"]), make=Attention)
    elements()


if __name__ == "__main__":
    sys.exit(main())
