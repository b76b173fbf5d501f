#!/usr/bin/env python3
"""Writes Tests/WeightsTests/Fixtures/quantised: small weights in codes, and truth.json with their values.

The codes of bitsandbytes and torchao are their own, and so are the values they make of them (in float32); MXFP4 is decoded by
transformers. GPTQ, AWQ, compressed-tensors and FP8 are packed and unpacked here after their definitions, with numpy.

Needs torch, safetensors, bitsandbytes, torchao, transformers and numpy. The values are seeded.
"""
import json
from pathlib import Path

import bitsandbytes.functional as F
import numpy as np
import torch
from safetensors.torch import save_file
from torchao.prototype.safetensors.safetensors_support import flatten_tensor_state_dict
from torchao.quantization import Float8WeightOnlyConfig, Int8WeightOnlyConfig, IntxWeightOnlyConfig, quantize_
from torchao.quantization.granularity import PerGroup
from transformers.integrations.mxfp4 import convert_moe_packed_tensors

ROOT = Path(__file__).resolve().parent.parent / "Tests/WeightsTests/Fixtures/quantised"
torch.manual_seed(0)
rng = np.random.default_rng(0)
truth = {}


def save(name, tensors, value, config=None):
    folder = ROOT / name
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in tensors.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"quantization_config": config or {}}))
    value = value.double().numpy()
    truth[name] = {
        "shape": list(value.shape), "norm": float(np.linalg.norm(value)),
        "first": value.reshape(-1)[:8].tolist(), "last": value.reshape(-1)[-8:].tolist(),
        "weighted": float((value.reshape(-1) * np.arange(1, value.size + 1)).sum()),
    }


for kind in ["nf4", "fp4"]:
    for nested in [False, True]:
        weight = torch.randn(48, 80)
        codes, state = F.quantize_4bit(weight, quant_type=kind, compress_statistics=nested)
        state.dtype = torch.float32
        value = F.dequantize_4bit(codes, state)
        parts = {"l.0.q.weight": codes}
        parts |= {"l.0.q.weight." + k: v for k, v in state.as_dict(packed=True).items()}
        save(kind + ("_nested" if nested else ""), parts, value)

weight = torch.randn(24, 40)
codes, scales, _ = F.int8_vectorwise_quant(weight.half())
save("int8", {"l.0.q.weight": codes, "l.0.q.SCB": scales}, F.int8_vectorwise_dequant(codes, scales))


def words(values, bits, axis, order=None):
    """Packs unsigned values along an axis into 32-bit words, the first in the lowest bits."""
    width = 32 // bits
    values = np.moveaxis(values.astype(np.uint32), axis, -1)
    values = values.reshape(*values.shape[:-1], -1, width)
    if order is not None:
        values = values[..., order]
    packed = np.zeros(values.shape[:-1], np.uint32)
    for i in range(width):
        packed |= values[..., i] << np.uint32(bits * i)
    return torch.from_numpy(np.moveaxis(packed, -1, axis).astype(np.int32).copy())


def grouped(bits, outputs, inputs, size):
    groups = inputs // size
    return (
        rng.integers(0, 2**bits, (inputs, outputs)), rng.integers(1, 2**bits, (groups, outputs)),
        (rng.random((groups, outputs)) * 0.1).astype(np.float16),
    )


for bits, order in [(4, False), (8, False), (4, True)]:
    q, z, s = grouped(bits, 16, 64, 16)
    group = np.arange(64) // 16
    if order:
        group = rng.permutation(group)
    value = (q - z[group]) * s[group].astype(np.float64)
    parts = {"l.0.q.qweight": words(q, bits, 0), "l.0.q.qzeros": words(z - 1, bits, 1), "l.0.q.scales": torch.from_numpy(s),
             "l.0.q.g_idx": torch.from_numpy(group.astype(np.int32))}
    save(f"gptq{bits}" + ("_order" if order else ""), parts, torch.from_numpy(value.T), {"quant_method": "gptq", "bits": bits, "group_size": 16})

q, z, s = grouped(4, 16, 64, 32)
order = [0, 2, 4, 6, 1, 3, 5, 7]
value = (q - z[np.arange(64) // 32]) * s[np.arange(64) // 32].astype(np.float64)
save("awq", {"l.0.q.qweight": words(q, 4, 1, order), "l.0.q.qzeros": words(z, 4, 1, order), "l.0.q.scales": torch.from_numpy(s)},
     torch.from_numpy(value.T), {"quant_method": "awq", "bits": 4, "group_size": 32})

for bits in [4, 8]:
    q = rng.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (16, 64))
    s = (rng.random((16, 4)) * 0.1).astype(np.float32)
    value = q * np.repeat(s, 16, 1).astype(np.float64)
    save(f"packed{bits}", {"l.0.q.weight_packed": words(q + 2 ** (bits - 1), bits, 1), "l.0.q.weight_scale": torch.from_numpy(s),
                           "l.0.q.weight_shape": torch.tensor([16, 64])}, torch.from_numpy(value))

codes = torch.randn(200, 150).to(torch.float8_e4m3fn)
for name, scales in [("scale_inv", torch.rand(2, 2)), ("scale", torch.rand(200, 1)), ("scale", torch.rand(1))]:
    if scales.shape == (2, 2):
        full = scales.repeat_interleave(128, 0)[:200].repeat_interleave(128, 1)[:, :150]
    else:
        full = scales.expand(200, 150) if scales.ndim == 2 else scales
    key = {(2, 2): "fp8_blocks", (200, 1): "fp8_rows", (1,): "fp8_tensor"}[tuple(scales.shape)]
    save(key, {"l.0.q.weight": codes, "l.0.q.weight_" + name: scales}, (codes.float() * full).double())

blocks = torch.randint(0, 256, (3, 10, 2, 16), dtype=torch.uint8)
scales = torch.randint(120, 130, (3, 10, 2), dtype=torch.uint8)
value = convert_moe_packed_tensors(blocks, scales, dtype=torch.float32)
save("mxfp4", {"l.0.experts.up_blocks": blocks, "l.0.experts.up_scales": scales}, value)

# torchao's own values of its own codes, as safetensors and as a file of torch's.
for name, configuration in [("int8", Int8WeightOnlyConfig()), ("fp8", Float8WeightOnlyConfig()),
                            ("intx", IntxWeightOnlyConfig(weight_dtype=torch.int4, granularity=PerGroup(32)))]:
    layer = torch.nn.Linear(64, 24, bias=False)
    quantize_(layer, configuration)
    value = layer.weight.dequantize().float()
    state = {"l.0.q.weight": layer.weight}
    tensors, metadata = flatten_tensor_state_dict(state)
    save(f"torchao_{name}", tensors, value)
    save(f"torchao_{name}_pickle", {}, value)
    (ROOT / f"torchao_{name}_pickle" / "model.safetensors").unlink()
    torch.save(state, ROOT / f"torchao_{name}_pickle" / "pytorch_model.bin")

(ROOT / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
