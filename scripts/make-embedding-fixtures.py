#!/usr/bin/env python3
"""Writes Tests/Fixtures/embeddings: runs with embeddings as torch's add_embedding writes them, and one of 32-bit floats; and
the principal components that numpy finds of each by a singular value decomposition (truths.json). Needs torch, tensorboard
and numpy. The files do not depend on the time of day.

usage: scripts/make-embedding-fixtures.py
"""
import json
import os
import shutil
import time

import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/Fixtures/embeddings")
START = 1_750_000_000.0


def clusters(random, rows, columns, kinds=3):
    centres = random.normal(0, 3, (kinds, columns))
    labels = np.arange(rows) % kinds
    return (centres[labels] + random.normal(0, 1, (rows, columns)) * np.linspace(2, 0.2, columns)).astype(np.float32), labels


def components(matrix):
    centred = matrix.astype(np.float64) - matrix.astype(np.float64).mean(axis=0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    return {"scores": [(u[:, i] * s[i]).tolist() for i in range(2)], "shares": (s ** 2 / (s ** 2).sum())[:2].tolist()}


def torch_run(random):
    from torch.utils.tensorboard import SummaryWriter
    import torch
    root = os.path.join(FOLDER, "torch")
    clock = time.time
    time.time = lambda: START
    truths = {}
    try:
        with SummaryWriter(root) as writer:
            tall, labels = clusters(random, 120, 7)
            writer.add_embedding(torch.tensor(tall), metadata=[f"kind {k}" for k in labels], tag="tall", global_step=5)
            wide, labels = clusters(random, 20, 40)
            writer.add_embedding(torch.tensor(wide), tag="wide/words", metadata_header=["word", "group"],
                                 metadata=[[f"word{i}", "ab"[k % 2]] for i, k in enumerate(labels)])
            line = random.normal(0, 1, (9, 1)).astype(np.float32)
            writer.add_embedding(torch.tensor(line), tag="line")
            truths = {"tall:00005": components(tall), "wide/words:00000": components(wide)}
    finally:
        time.time = clock
    for name in os.listdir(root):
        if "tfevents" in name:
            os.rename(os.path.join(root, name), os.path.join(root, "events.out.tfevents.1750000000.fixture"))
    return truths


def binary_run(random):
    """32-bit floats with their shape in the configuration, and what cannot be shown."""
    root = os.path.join(FOLDER, "binary")
    os.makedirs(root)
    shutil.copy(os.path.join(FOLDER, "torch/events.out.tfevents.1750000000.fixture"), root)
    matrix, _ = clusters(random, 30, 6)
    matrix.tofile(os.path.join(root, "vectors.bytes"))
    with open(os.path.join(root, "ragged.tsv"), "w") as file:
        file.write("1\t2\n3\n")
    with open(os.path.join(root, "nan.tsv"), "w") as file:
        file.write("1\t2\nnan\t3\n")
    with open(os.path.join(root, "same.tsv"), "w") as file:
        file.write("1\t2\n" * 5)
    with open(os.path.join(root, "projector_config.pbtxt"), "w") as file:
        file.write('# by hand\nmodel_checkpoint_path: "model.ckpt"\nembeddings { tensor_name: "vectors" tensor_shape: [30, 6]\n'
                   '  tensor_path: "vectors.bytes" }\nembeddings: < tensor_name: \'rag\' "ged"; tensor_path: "ragged.tsv" >\n'
                   'embeddings { tensor_name: "nan" tensor_path: "nan\\056tsv" }\nembeddings { tensor_name: "same" tensor_path: "same.tsv" }\n'
                   'embeddings { tensor_name: "gone" tensor_path: "gone.tsv" }\nembeddings { tensor_name: "kernel" }\n'
                   'embeddings { tensor_name: "outside" tensor_path: "../torch/projector_config.pbtxt" }\n')
    return {"vectors": components(matrix)}


if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    random = np.random.default_rng(12)
    truths = torch_run(random) | binary_run(random)
    with open(os.path.join(FOLDER, "truths.json"), "w") as file:
        json.dump(truths, file, indent=0, separators=(",", ":"))
        file.write("\n")
