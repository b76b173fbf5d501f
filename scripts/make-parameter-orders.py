"""Writes the order in which transformers and PEFT hand their trainable parameters to an optimizer.

usage: make-parameter-orders.py [OUT], with torch, transformers and peft installed.

Tiny models of a few families are built from their configurations alone; no weights are loaded. The order is that of
HF Trainer: the parameters that weight decay applies to, then the others, each in the order of named_parameters().
"""
import json
import os
import re
import sys

import torch
import transformers
from peft import LoraConfig, get_peft_model

SIZES = dict(vocab_size=64, hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
             num_key_value_heads=1, head_dim=8, max_position_embeddings=64)
NO_DECAY = [re.compile(p) for p in [r"bias", r"layernorm", r"rmsnorm", r"(?:^|\.)norm(?:$|\.)", r"_norm(?:$|\.)"]]


def decayed(model):
    """As HF Trainer's get_decay_parameter_names: nothing within a LayerNorm, nothing that a pattern names."""
    norms = {f"{m}.{p}" if m else p for m, module in model.named_modules() if isinstance(module, torch.nn.LayerNorm)
             for p, _ in module.named_parameters(recurse=False)}
    return {n for n, _ in model.named_parameters() if n not in norms and not any(p.search(n.lower()) for p in NO_DECAY)}


def order(model):
    chosen = decayed(model)
    trainable = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    groups = [[n for n, _ in trainable if n in chosen], [n for n, _ in trainable if n not in chosen]]
    shapes = {n: list(p.shape) for n, p in trainable}
    # Saves leave out the name of the adapter.
    return [[[n.replace(".default", ""), shapes[n]] for n in group] for group in groups]


def text(kind, **more):
    config = getattr(transformers, kind + "Config")(**{**SIZES, **more})
    return getattr(transformers, kind + "ForCausalLM")(config)


def qwen3_vl():
    vision = dict(depth=3, hidden_size=16, intermediate_size=32, num_heads=2, out_hidden_size=16, patch_size=4,
                  num_position_embeddings=16, deepstack_visual_indexes=[0, 1])
    config = transformers.Qwen3VLConfig(text_config=SIZES, vision_config=vision)
    return transformers.Qwen3VLForConditionalGeneration(config)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
        here, "..", "Tests", "CheckpointTests", "Fixtures", "optimizer", "orders.json")
    orders = {}
    linear = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    for kind in ["Qwen3", "Qwen2", "Llama", "Mistral"]:
        orders[kind] = order(text(kind))
        orders[kind + " LoRA"] = order(get_peft_model(text(kind), LoraConfig(r=4, target_modules=linear)))
    # Ten layers and more, whose numbers do not sort as texts.
    orders["Qwen3 LoRA, deep"] = order(get_peft_model(text("Qwen3", num_hidden_layers=11), LoraConfig(
        r=4, target_modules=["q_proj", "down_proj"])))
    orders["Qwen3-VL LoRA"] = order(get_peft_model(qwen3_vl(), LoraConfig(
        r=4, target_modules=linear + ["qkv", "attn.proj", "linear_fc1", "linear_fc2"])))
    orders["Qwen3-VL"] = order(qwen3_vl())
    # A family that defines its modules in another order.
    opt = transformers.OPTConfig(vocab_size=64, hidden_size=16, ffn_dim=32, num_hidden_layers=2, num_attention_heads=2,
                                 word_embed_proj_dim=16, max_position_embeddings=64)
    orders["OPT LoRA"] = order(get_peft_model(transformers.OPTForCausalLM(opt), LoraConfig(
        r=4, target_modules=["q_proj", "k_proj", "v_proj", "out_proj"])))
    versions = {m.__name__: m.__version__ for m in [torch, transformers, __import__("peft")]}
    with open(out, "w") as file:
        json.dump({"versions": versions, "orders": orders}, file, separators=(",", ":"))
        file.write("\n")
    for name, groups in orders.items():
        print(name, [len(g) for g in groups])


main()
