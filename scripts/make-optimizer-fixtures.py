#!/usr/bin/env python3
"""Writes Tests/CheckpointTests/Fixtures/optimizer/*.pt: states of several optimizers after two steps of a small model.

Three parameters: one of 4,096 elements, one of 8, and one that never gets a gradient. Needs torch and bitsandbytes.
"""
from pathlib import Path

import bitsandbytes as bnb
import torch

ROOT = Path(__file__).resolve().parent.parent / "Tests/CheckpointTests/Fixtures/optimizer"


def run(name, make):
    torch.manual_seed(0)
    parameters = [torch.nn.Parameter(torch.randn(64, 64)), torch.nn.Parameter(torch.randn(8)), torch.nn.Parameter(torch.randn(4))]
    optimizer = make(parameters)
    for _ in range(2):
        (parameters[0].sum() ** 2 + (parameters[1] ** 2).sum()).backward()
        optimizer.step()
        optimizer.zero_grad()
    torch.save(optimizer.state_dict(), ROOT / f"{name}.pt")


run("sgd_momentum", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9))
run("rmsprop", lambda p: torch.optim.RMSprop(p, lr=0.1))
run("adagrad", lambda p: torch.optim.Adagrad(p, lr=0.1))
run("sgd", lambda p: torch.optim.SGD(p, lr=0.1))
run("adamw8bit", lambda p: bnb.optim.AdamW8bit(p, lr=0.1))
run("lion8bit", lambda p: bnb.optim.Lion8bit(p, lr=0.1))
