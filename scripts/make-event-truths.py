#!/usr/bin/env python3
"""Writes Tests/EventFileTests/Fixtures: small event files by TensorBoard's own writer, and what TensorBoard's own
reader (EventAccumulator) finds in them. Needs tensorboard and numpy. The files do not depend on the time of day.

usage: scripts/make-event-truths.py
"""
import json
import math
import os

import numpy as np
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2
from tensorboard.compat.tensorflow_stub import dtypes
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.plugins.hparams import summary_v2 as hparams
from tensorboard.plugins.scalar import metadata as scalar_metadata
from tensorboard.plugins.text import metadata as text_metadata
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/EventFileTests/Fixtures")
START = 1_750_000_000.0


class File:
    def __init__(self, name):
        self.path = os.path.join(FOLDER, name)
        self.file = open(self.path, "wb")
        self.writer = RecordWriter(self.file)
        self.time = START
        self.event(file_version="brain.Event:2",
                   source_metadata=event_pb2.SourceMetadata(writer="tensorboard.summary.writer.event_file_writer"))

    def event(self, **parts):
        self.time += 0.125
        self.writer.write(event_pb2.Event(wall_time=self.time, **parts).SerializeToString())

    def value(self, step, **parts):
        self.event(step=step, summary=summary_pb2.Summary(value=[summary_pb2.Summary.Value(**parts)]))

    def close(self):
        self.file.close()


def trainer():
    """As HF Trainer writes: one simple value an event, with values that no number is."""
    file = File("trainer.tfevents")
    for step in range(10, 210, 10):
        file.value(step, tag="train/loss", simple_value=3 * math.exp(-step / 80))
        file.value(step, tag="train/grad_norm", simple_value=[1 / step, math.inf, math.nan, -math.inf][step // 10 % 4])
        file.value(step, tag="train/learning_rate", simple_value=1e-4 * (1 - step / 200))
        file.value(step, tag="train/epoch", simple_value=step / 50)
        if step % 100 == 0:
            file.value(step, tag="eval/loss", simple_value=2 * math.exp(-step / 80))
            file.value(step, tag="train/epoch", simple_value=step / 50)
    file.value(200, tag="train/train_loss", simple_value=0.7)
    file.close()


def tensors():
    """As TensorFlow 2 writes: numbers in tensors, metadata on a tag's first value only."""
    file = File("tensors.tfevents")
    kinds = [np.float16, np.float32, np.float64, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.bool_]
    metadata = scalar_metadata.create_summary_metadata("", "")
    for step in range(3):
        for kind in kinds:
            first = {"metadata": metadata} if step == 0 else {}
            number = np.array([0.1, 1.5, -0.0][step] if np.issubdtype(kind, np.floating) else step, dtype=kind)
            file.value(step, tag="field/" + kind.__name__, tensor=tensor_util.make_tensor_proto(number), **first)
            if kind not in (np.float16, np.uint16):
                content = tensor_pb2.TensorProto(dtype=dtypes.as_dtype(kind).as_datatype_enum,
                                                 tensor_content=number.tobytes())
                content.tensor_shape.SetInParent()
                file.value(step, tag="content/" + kind.__name__, tensor=content, **first)
    text = tensor_util.make_tensor_proto(np.array([b"# title", "größe".encode()], dtype=object))
    file.value(0, tag="notes/text_summary", tensor=text, metadata=text_metadata.create_summary_metadata("", ""))
    file.value(1, tag="notes/text_summary", tensor=text)
    file.close()


def mixed():
    """Histograms, images, audio, graphs, hyperparameters, logs and a restart between the numbers."""
    file = File("mixed.tfevents")
    file.event(graph_def=b"\x0a\x00")
    for step in range(6):
        file.event(step=step, summary=summary_pb2.Summary(value=[
            summary_pb2.Summary.Value(tag="loss", simple_value=1 / (step + 1)),
            summary_pb2.Summary.Value(tag="accuracy", simple_value=step / 6),
        ]))
        file.value(step, tag="weights", histo=summary_pb2.HistogramProto(
            min=-1, max=1, num=10, sum=0.5, sum_squares=3, bucket_limit=[-1, 0, 1], bucket=[1, 4, 5]))
        file.value(step, tag="picture", image=summary_pb2.Summary.Image(
            height=1, width=1, colorspace=3, encoded_image_string=b"\x89PNG"))
        file.value(step, tag="sound", audio=summary_pb2.Summary.Audio(
            sample_rate=8000, num_channels=1, length_frames=4, encoded_audio_string=b"RIFF", content_type="audio/wav"))
        if step == 3:
            file.event(step=2, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START))
    start = hparams.hparams_pb({"lr": 1e-4, "optimizer": "adamw", "bf16": True, "rank": 8}, start_time_secs=START)
    for value in start.value:
        plugin = value.metadata.plugin_data
        plugin.content = plugin_data_pb2.HParamsPluginData.FromString(plugin.content).SerializeToString(
            deterministic=True)
    file.event(summary=start)
    file.event(log_message=event_pb2.LogMessage(level=event_pb2.LogMessage.INFO, message="done"))
    file.close()


def number(value):
    value = float(value)
    return value if math.isfinite(value) else str(value)


def truth(name):
    """What EventAccumulator gives, with nothing sampled and nothing purged."""
    reader = event_accumulator.EventAccumulator(
        os.path.join(FOLDER, name), size_guidance=event_accumulator.STORE_EVERYTHING_SIZE_GUIDANCE,
        purge_orphaned_data=False)
    reader.Reload()
    tags = reader.Tags()
    scalars = {tag: [[e.step, e.wall_time, number(e.value)] for e in reader.Scalars(tag)] for tag in tags["scalars"]}
    texts = {}
    for tag in tags["tensors"]:
        for event in reader.Tensors(tag):
            array = tensor_util.make_ndarray(event.tensor_proto)
            if array.dtype == object:
                texts.setdefault(tag, []).append([event.step, event.wall_time, [s.decode() for s in array.flatten()]])
            elif array.size == 1:
                scalars.setdefault(tag, []).append([event.step, event.wall_time, number(array.item())])
    others = {kind: tags[kind] for kind in ("histograms", "images", "audio")}
    return {"scalars": scalars, "texts": texts, "others": others, "graph": tags["graph"]}


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    trainer()
    tensors()
    mixed()
    for name in ("trainer.tfevents", "tensors.tfevents", "mixed.tfevents"):
        with open(os.path.join(FOLDER, name.replace(".tfevents", ".json")), "w") as file:
            json.dump(truth(name), file, indent=0, separators=(",", ":"))
            file.write("\n")
