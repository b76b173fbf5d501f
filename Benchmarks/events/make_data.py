#!/usr/bin/env python3
"""Makes the event files that the reading is measured on, with TensorBoard's own messages and record writer.

usage: make_data.py FOLDER [NAME...]       (needs tensorboard; the same bytes every time)

  one_tag       one tag of 1,000,000 numbers, one an event as torch and HF Trainer write them
  hundred_tags  100 tags of 20,000 numbers
  many_runs     200 runs of 5 tags and 1,000 steps each
  blobs         300 MB of pictures and histograms with 10,000 numbers among them
  resumed       20 files of 50,000 numbers in one folder, each beginning 5,000 steps before the end of the last
  tensors       one tag of 1,000,000 numbers in tensors, as TensorFlow 2 writes them
  compared      runs to hold against each other, of 1,000,000 numbers each: `base` and its `copy`; another `seed`; the
                same data `order` with a little noise of its own; steps with `gaps`, so that few neighbours pair; and
                `trainer_a` and `trainer_b` with loss, gradient norm, learning rate and epoch at 250,000 steps
"""
import math
import os
import random
import struct
import sys

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

START = 1_750_000_000.0


class File:
    def __init__(self, folder, time=START, number=0):
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "events.out.tfevents.%d.host.1.%d" % (time, number))
        self.file = open(path, "wb", buffering=1 << 20)
        self.writer = RecordWriter(self.file)
        self.writer.write(event_pb2.Event(wall_time=time, file_version="brain.Event:2").SerializeToString())

    def add(self, step, time, **value):
        event = event_pb2.Event(wall_time=time, step=step)
        event.summary.value.add(**value)
        self.writer.write(event.SerializeToString())

    def close(self):
        self.file.close()


def loss(source, step, steps):
    return 0.5 + 3 * math.exp(-6 * step / steps) + source.gauss(0, 0.05)


def one_tag(folder):
    source, file = random.Random(1), File(folder)
    for step in range(1, 1_000_001):
        file.add(step, START + step / 4, tag="train/loss", simple_value=loss(source, step, 1_000_000))
    file.close()


def hundred_tags(folder):
    source, file = random.Random(2), File(folder)
    tags = ["layer_%02d/metric_%d" % (index // 4, index % 4) for index in range(100)]
    for step in range(20_000):
        for index, tag in enumerate(tags):
            file.add(step, START + step / 2 + index / 1000, tag=tag, simple_value=loss(source, step, 20_000))
    file.close()


def many_runs(folder):
    source = random.Random(3)
    tags = ["train/loss", "train/grad_norm", "train/learning_rate", "train/epoch", "eval/loss"]
    for run in range(200):
        file = File(os.path.join(folder, "group_%02d" % (run // 10), "run_%03d" % run), START + run)
        for step in range(1, 1001):
            for tag in tags:
                file.add(10 * step, START + run + 1.5 * step, tag=tag, simple_value=loss(source, step, 1000))
        file.close()


def blobs(folder):
    source, file = random.Random(4), File(folder)
    limits = [1.1 ** power * 1e-12 for power in range(387)]
    limits = [-limit for limit in reversed(limits)] + limits
    histogram = summary_pb2.HistogramProto(
        min=-3, max=3, num=100_000, sum=12.5, sum_squares=100_123.25, bucket_limit=limits,
        bucket=[float(source.randrange(1000)) for _ in limits])
    pool = source.randbytes(4 << 20)
    for step in range(10_000):
        time = START + step
        file.add(step, time, tag="train/loss", simple_value=loss(source, step, 10_000))
        if step % 5 == 0:
            start = source.randrange(4_000_000)
            picture = b"\x89PNG\r\n\x1a\n" + pool[start:start + 95_000 + source.randrange(10_000)]
            file.add(step, time, tag="samples/%d" % (step // 5 % 4), image=summary_pb2.Summary.Image(
                height=256, width=256, colorspace=3, encoded_image_string=picture))
        if step % 5 != 1:
            file.add(step, time, tag="weights/layer_%d" % (step % 10), histo=histogram)
    file.close()


def resumed(folder):
    source, first, time = random.Random(6), 0, START
    for number in range(20):
        file = File(folder, time, number)
        for step in range(first, first + 50_000):
            time += 0.25
            file.add(step, time, tag="train/loss", simple_value=loss(source, step, 1_000_000))
        file.close()
        first += 45_000
        time += 600


def tensors(folder):
    source, file = random.Random(1), File(folder)
    for step in range(1, 1_000_001):
        event = event_pb2.Event(wall_time=START + step / 4, step=step)
        value = event.summary.value.add(tag="train/loss")
        value.tensor.dtype = 1
        value.tensor.tensor_shape.SetInParent()
        value.tensor.tensor_content = struct.pack("<f", loss(source, step, 1_000_000))
        if step == 1:
            value.metadata.plugin_data.plugin_name = "scalars"
            value.metadata.data_class = 1
        file.writer.write(event.SerializeToString())
    file.close()


def compared(folder):
    def run(name, values, steps=None):
        file, step = File(os.path.join(folder, name)), 0
        for number, value in enumerate(values, 1):
            step += next(steps) if steps else 1
            file.add(step, START + number / 4, tag="train/loss", simple_value=value)
        file.close()

    def curve(seed, own=None):
        source, more = random.Random(seed), random.Random(own)
        for step in range(1, 1_000_001):
            yield loss(source, step, 1_000_000) + (more.gauss(0.001, 0.01) if own else 0)

    def gaps(source):
        while True:
            yield 2 if source.random() < 0.1 else 1

    def trainer(name, seed, steps=250_000):
        source, file = random.Random(seed), File(os.path.join(folder, name))
        for step in range(1, steps + 1):
            for tag, value in (("loss", loss(source, step, steps)), ("grad_norm", 1 + abs(source.gauss(0, 0.3))),
                               ("learning_rate", 1e-4 * (1 - step / steps)), ("epoch", 3 * step / steps)):
                file.add(10 * step, START + step, tag="train/" + tag, simple_value=value)
        file.close()

    run("base", curve(1))
    run("copy", curve(1))
    run("seed", curve(11))
    run("order", curve(1, own=12))
    run("gaps", curve(13), gaps(random.Random(14)))
    trainer("trainer_a", 21)
    trainer("trainer_b", 22)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for name in sys.argv[2:] or ["one_tag", "hundred_tags", "many_runs", "blobs", "resumed", "tensors", "compared"]:
        globals()[name](os.path.join(sys.argv[1], name))
        print(name, flush=True)
