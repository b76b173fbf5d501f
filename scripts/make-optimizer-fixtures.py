#!/usr/bin/env python3
"""Writes Tests/CheckpointTests/Fixtures/optimizer/*.pt: states of several optimizers after two steps of a small model.

Three parameters: one of 4,096 elements, one of 8, and one that never gets a gradient. Needs torch, bitsandbytes and torchao.
"""
from pathlib import Path

import bitsandbytes as bnb
import torch
import torchao

ROOT = Path(__file__).resolve().parent.parent / "Tests/CheckpointTests/Fixtures/optimizer"


def run(name, make, has_idle=False):
    torch.manual_seed(0)
    parameters = [torch.nn.Parameter(torch.randn(64, 64)), torch.nn.Parameter(torch.randn(8)), torch.nn.Parameter(torch.randn(4))]
    if has_idle:
        parameters.append(torch.nn.Parameter(torch.randn(64, 64)))
    optimizer = make(parameters)
    for _ in range(2):
        idle = parameters[3].sum() * 0 if has_idle else 0
        (parameters[0].sum() ** 2 + (parameters[1] ** 2).sum() + idle).backward()
        optimizer.step()
        optimizer.zero_grad()
    torch.save(optimizer.state_dict(), ROOT / f"{name}.pt")


run("sgd_momentum", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9))
run("rmsprop", lambda p: torch.optim.RMSprop(p, lr=0.1))
run("adagrad", lambda p: torch.optim.Adagrad(p, lr=0.1))
run("sgd", lambda p: torch.optim.SGD(p, lr=0.1))
run("adamw8bit", lambda p: bnb.optim.AdamW8bit(p, lr=0.1))
run("lion8bit", lambda p: bnb.optim.Lion8bit(p, lr=0.1))
# torchao makes codes of moments of 4,096 elements or more; the fourth parameter's gradient is 0.
run("torchao_adamw8bit", lambda p: torchao.optim.AdamW8bit(p, lr=0.1), has_idle=True)
run("torchao_adamw4bit", lambda p: torchao.optim.AdamW4bit(p, lr=0.1), has_idle=True)
run("torchao_adamwfp8", lambda p: torchao.optim.AdamWFp8(p, lr=0.1), has_idle=True)
