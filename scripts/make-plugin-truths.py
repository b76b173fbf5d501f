#!/usr/bin/env python3
"""Writes Tests/EventFileTests/Fixtures/plugins.tfevents, with values of every plugin in the forms of TensorBoard's own
protos, and beside it and every file in Fixtures/writers what TensorBoard's own readers find there: the plugin event
accumulator, which brings old messages into the form of tensors, and the parsers of the plugins' metadata. Needs
tensorboard, numpy and pillow. The files do not depend on the time of day.

usage: scripts/make-plugin-truths.py
"""
import gzip
import io
import json
import math
import os
import struct
import wave

import numpy as np
from google.protobuf import json_format, struct_pb2
from PIL import Image
from tensorboard.backend.event_processing import plugin_event_accumulator as accumulators
from tensorboard.compat.proto import event_pb2, graph_pb2, meta_graph_pb2, summary_pb2
from tensorboard.plugins.audio import metadata as audio_metadata
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.custom_scalar import metadata as layout_metadata
from tensorboard.plugins.histogram import metadata as histogram_metadata
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2
from tensorboard.plugins.hparams import metadata as hparams_metadata
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.plugins.mesh import metadata as mesh_metadata
from tensorboard.plugins.mesh import plugin_data_pb2 as mesh_data
from tensorboard.plugins.pr_curve import metadata as pr_metadata
from tensorboard.plugins.text import metadata as text_metadata
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/EventFileTests/Fixtures")
START = 1_750_000_000.0


def fnv(data):
    """The 64 bits of FNV-1a, in which the tests tell bytes."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def picture(size, kind="PNG", shade=0):
    width, height = size
    pixels = np.fromfunction(lambda y, x, c: (x * 16 + y * 8 + c * 40 + shade) % 256, (height, width, 3)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def sound(rate=8000, count=64):
    file = io.BytesIO()
    with wave.open(file, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(rate)
        target.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(i / 4))) for i in range(count)))
    return file.getvalue()


def strings(array):
    return tensor_util.make_tensor_proto(np.array(array, dtype=object))


class File:
    def __init__(self, path):
        self.file = open(path, "wb")
        self.writer = RecordWriter(self.file)
        self.time = START
        self.event(file_version="brain.Event:2")

    def event(self, **parts):
        self.time += 0.125
        self.writer.write(event_pb2.Event(wall_time=self.time, **parts).SerializeToString(deterministic=True))

    def values(self, step, *values):
        self.event(step=step, summary=summary_pb2.Summary(value=[summary_pb2.Summary.Value(**v) for v in values]))

    def tensor(self, step, tag, tensor, metadata=None):
        self.values(step, {"tag": tag, "tensor": tensor, **({"metadata": metadata} if metadata else {})})


def hparams(content):
    data = plugin_data_pb2.HParamsPluginData()
    data.CopyFrom(content)
    metadata = hparams_metadata.create_summary_metadata(data)
    metadata.plugin_data.content = plugin_data_pb2.HParamsPluginData.FromString(
        metadata.plugin_data.content).SerializeToString(deterministic=True)
    return metadata


def write(path):
    file = File(path)
    random = np.random.default_rng(7)
    graph = graph_pb2.GraphDef()
    for name, op in [("model/dense/kernel", "VarHandleOp"), ("model/dense/MatMul", "MatMul"), ("model/head/bias", "VariableV2"),
                     ("loss", "Mean"), ("model/head/Add", "AddV2")]:
        node = graph.node.add(name=name, op=op)
        if op.startswith("Var"):
            for size in ([16, 8] if "kernel" in name else [8]):
                node.attr["shape"].shape.dim.add(size=size)
    graph.library.function.add()
    file.event(graph_def=graph.SerializeToString(deterministic=True))
    meta = meta_graph_pb2.MetaGraphDef(graph_def=graph)
    file.event(meta_graph_def=meta.SerializeToString(deterministic=True))

    info = hparams_metadata  # noqa: F841 - the module is what writes them
    experiment = api_pb2.Experiment(name="search", description="two rates", hparam_infos=[
        api_pb2.HParamInfo(name="lr", type=api_pb2.DATA_TYPE_FLOAT64, domain_interval=api_pb2.Interval(
            min_value=1e-5, max_value=1e-3)),
        api_pb2.HParamInfo(name="optimizer", type=api_pb2.DATA_TYPE_STRING, domain_discrete=struct_pb2.ListValue(
            values=[struct_pb2.Value(string_value=name) for name in ("adamw", "lion")]))],
        metric_infos=[api_pb2.MetricInfo(name=api_pb2.MetricName(tag="loss", group="eval"), display_name="Loss")])
    start = plugin_data_pb2.SessionStartInfo(group_name="first", start_time_secs=START)
    start.hparams["lr"].number_value = 1e-4
    start.hparams["optimizer"].string_value = "adamw"
    start.hparams["bf16"].bool_value = True
    end = plugin_data_pb2.SessionEndInfo(status=api_pb2.STATUS_SUCCESS, end_time_secs=START + 60)
    for tag, content in [
            (hparams_metadata.EXPERIMENT_TAG, plugin_data_pb2.HParamsPluginData(experiment=experiment)),
            (hparams_metadata.SESSION_START_INFO_TAG, plugin_data_pb2.HParamsPluginData(session_start_info=start)),
            (hparams_metadata.SESSION_END_INFO_TAG, plugin_data_pb2.HParamsPluginData(session_end_info=end))]:
        file.values(0, {"tag": tag, "metadata": hparams(content)})

    layout = layout_pb2.Layout(category=[
        layout_pb2.Category(title="losses", chart=[
            layout_pb2.Chart(title="both", multiline=layout_pb2.MultilineChartContent(tag=["loss.*", "eval/loss"])),
            layout_pb2.Chart(title="band", margin=layout_pb2.MarginChartContent(series=[
                layout_pb2.MarginChartContent.Series(value="loss", lower="loss/low", upper="loss/high")]))]),
        layout_pb2.Category(title="closed", closed=True)])
    file.tensor(0, layout_metadata.CONFIG_SUMMARY_TAG, tensor_util.make_tensor_proto(layout.SerializeToString()),
                layout_metadata.create_summary_metadata())

    for step in range(0, 50, 10):
        first = step == 0
        elements = random.normal(step / 100, 1 + step / 50, 400)
        counts, edges = np.histogram(elements, bins=12)
        rows = np.stack([edges[:-1], edges[1:], counts], axis=1)
        file.tensor(step, "tensor/histogram", tensor_util.make_tensor_proto(rows.astype(np.float32 if step else np.float64)),
                    histogram_metadata.create_summary_metadata("Weights", "of the **first** layer") if first else None)
        limits = [-1e300] + list(np.linspace(-4, 4, 17)) + [1e300]
        buckets = np.histogram(elements, bins=limits)[0]
        file.values(step,
                    {"tag": "legacy/histogram", "histo": summary_pb2.HistogramProto(
                        min=elements.min(), max=elements.max(), num=400, sum=elements.sum(),
                        sum_squares=(elements ** 2).sum(), bucket_limit=limits[1:], bucket=buckets)},
                    {"tag": "legacy/image", "image": summary_pb2.Summary.Image(
                        height=6, width=8, colorspace=3, encoded_image_string=picture((8, 6), shade=step))},
                    {"tag": "legacy/audio", "audio": summary_pb2.Summary.Audio(
                        sample_rate=8000, num_channels=1, length_frames=64, encoded_audio_string=sound(),
                        content_type="audio/wav")},
                    {"tag": "loss", "simple_value": 1 / (step + 1)})
        file.tensor(step, "tensor/image", strings([b"8", b"6", picture((8, 6)), picture((8, 6), "JPEG", step)]),
                    image_metadata.create_summary_metadata("", "") if first else None)
        file.tensor(step, "tensor/audio", strings([[sound(), b"*label*"], [sound(16000, 32), b""]]),
                    audio_metadata.create_summary_metadata("", "", audio_metadata.Encoding.Value("WAV")) if first else None)
        for tag, value in [("scalar", b"one **text** " + str(step).encode()),
                           ("vector", [b"a", "größe".encode(), b"\xff bad"]),
                           ("matrix", [[b"name", b"value"], [b"x", str(step).encode()]])]:
            file.tensor(step, "text/" + tag, strings(value) if tag != "scalar" else tensor_util.make_tensor_proto(value),
                        text_metadata.create_summary_metadata("", "") if first else None)
        labels = random.random(200) < 0.4
        predictions = np.clip(labels * 0.3 + random.random(200) * 0.7, 0, 1)
        thresholds = np.linspace(0, 1, 11)
        tp = np.array([(labels & (predictions >= t)).sum() for t in thresholds], dtype=float)
        fp = np.array([(~labels & (predictions >= t)).sum() for t in thresholds], dtype=float)
        fn, tn = labels.sum() - tp, (~labels).sum() - fp
        curve = np.stack([tp, fp, tn, fn, tp / np.maximum(tp + fp, 1e-7), tp / np.maximum(tp + fn, 1e-7)])
        file.tensor(step, "pr", tensor_util.make_tensor_proto(curve.astype(np.float32)),
                    pr_metadata.create_summary_metadata("", "", 11) if first else None)
    for kind, name, array in [(1, "VERTEX", random.random((1, 5, 3)).astype(np.float32)),
                              (2, "FACE", np.array([[[0, 1, 2], [2, 3, 4]]], dtype=np.int32)),
                              (3, "COLOR", np.full((1, 5, 3), 200, dtype=np.uint8))]:
        file.tensor(0, "mesh_" + name, tensor_util.make_tensor_proto(array),
                    mesh_metadata.create_summary_metadata("mesh", "", kind, 7, list(array.shape)))
    file.event(step=3, tagged_run_metadata=event_pb2.TaggedRunMetadata(tag="step3", run_metadata=b"\x0a\x00"))
    empty = summary_pb2.HistogramProto(min=0, max=0, num=0, bucket_limit=[0, 1], bucket=[0, 0])
    file.values(0, {"tag": "empty/histogram", "histo": empty})
    # The writer began again: what stands from step 30 on goes.
    file.event(step=30, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START))
    file.tensor(30, "text/scalar", tensor_util.make_tensor_proto(b"after the restart"))
    file.tensor(0, "some/tensor", tensor_util.make_tensor_proto(np.arange(6, dtype=np.float32).reshape(2, 3)))
    file.file.close()


def finite(array):
    return [x if math.isfinite(x) else str(x) for x in np.asarray(array, dtype=float).flatten().tolist()]


def decoded(plugin, proto, metadata):
    if plugin == "hparams":
        message = plugin_data_pb2.HParamsPluginData.FromString(metadata.plugin_data.content)
        return json_format.MessageToDict(message, preserving_proto_field_name=True)
    array = tensor_util.make_ndarray(proto)
    if plugin == "histograms":
        return {"shape": list(array.shape), "numbers": finite(array)}
    if plugin == "pr_curves":
        return {"shape": list(array.shape), "numbers": finite(array)}
    if plugin == "images":
        return [array[0].decode(), array[1].decode()] + [fnv(x) for x in array[2:]]
    if plugin == "audio":
        rows = array.reshape(-1, 1) if array.ndim == 1 else array
        return [[fnv(row[0])] + [label.decode() for label in row[1:]] for row in rows]
    if plugin == "text":
        return {"shape": list(array.shape), "strings": [s.decode(errors="replace") for s in array.flatten()]}
    if plugin == "custom_scalars":
        return json_format.MessageToDict(layout_pb2.Layout.FromString(array.item()), preserving_proto_field_name=True)
    if plugin == "mesh":
        message = mesh_data.MeshPluginData.FromString(metadata.plugin_data.content)
        return {"name": message.name, "type": message.content_type, "shape": list(array.shape)}
    return None


PLUGINS = ["histograms", "images", "audio", "text", "pr_curves", "hparams", "custom_scalars", "mesh"]


def truth(path):
    reader = accumulators.EventAccumulator(path, size_guidance={accumulators.TENSORS: 0}, purge_orphaned_data=False,
                                           tensor_size_guidance={p: 0 for p in PLUGINS + ["scalars"]})
    reader.Reload()
    tags = {}
    for plugin in PLUGINS:
        try:
            names = reader.PluginTagToContent(plugin)
        except KeyError:
            continue
        for tag in names:
            metadata = reader.SummaryMetadata(tag)
            events = reader.Tensors(tag) if tag in reader.Tags()["tensors"] else []
            rows = [[e.step, e.wall_time, decoded(plugin, e.tensor_proto, metadata)] for e in events]
            if plugin == "hparams":
                rows = [[None, None, decoded(plugin, None, metadata)]]
            tags[tag] = {"plugin": plugin, "display": metadata.display_name,
                         "description": metadata.summary_description, "values": rows}
    graph = None
    if reader.Tags()["graph"]:
        nodes = reader.Graph().node
        operations = {}
        for node in nodes:
            operations[node.op] = operations.get(node.op, 0) + 1
        graph = {"nodes": len(nodes), "operations": operations, "functions": len(reader.Graph().library.function)}
    return {"tags": tags, "graph": graph}


if __name__ == "__main__":
    path = os.path.join(FOLDER, "plugins.tfevents")
    write(path)
    with open(path, "rb") as file, open(path + ".gz", "wb") as target:
        target.write(gzip.compress(file.read(), mtime=0))
    writers = os.path.join(FOLDER, "writers")
    for path in [path] + sorted(os.path.join(writers, name) for name in os.listdir(writers) if "tfevents" in name):
        if path.endswith(".json"):
            continue
        with open(path + ".json", "w") as file:
            json.dump(truth(path), file, indent=0, separators=(",", ":"))
            file.write("\n")
