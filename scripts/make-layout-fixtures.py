#!/usr/bin/env python3
"""Writes Tests/Fixtures/layouts: runs whose charts torch's SummaryWriter and TensorBoard's own protos lay out, with the
tags that TensorBoard's plugin custom_scalars draws in each chart (truths.json), and patterns of which Python's re tells
whether they fit tags (patterns.json). Needs torch and tensorboard. The files do not depend on the time of day.

usage: scripts/make-layout-fixtures.py
"""
import glob
import json
import math
import os
import random
import re
import shutil
import tempfile
import time

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/Fixtures/layouts")
START = 1_750_000_000.0

MARGINS = ["margin/mean", "margin/low", "margin/high"]
LAYOUT = {
    "losses": {
        "both": ["Multiline", ["loss/train", "loss/eval"]],
        "by pattern": ["Multiline", [r"loss/.*", r"acc(uracy)?$"]],
        "beginning": ["Multiline", ["loss"]],
        "not the beginning": ["Multiline", ["train"]],
    },
    "bands": {
        "band": ["Margin", MARGINS],
        "dots are dots": ["Margin", ["margin.mean", "margin/low", "margin/high"]],
    },
    "hostile": {
        "exponential": ["Multiline", ["(l|lo|o|s)*(o+)+$", "((l*)*)*loss"]],
        "broken": ["Multiline", ["loss/(", "*", "[a"]],
        "unsupported": ["Multiline", [r"(?=loss)", r"(l)\1"]],
    },
}


def scalars(writer):
    for step in range(0, 60, 5):
        wall = START + step
        value = math.exp(-step / 30)
        for tag, number in [("loss/train", value), ("loss/eval", value + 0.1), ("accuracy", 1 - value), ("acc", 1 - value / 2),
                            ("my/loss", 2 * value), ("margin/mean", value), ("margin/low", value - 0.2),
                            ("margin/high", value + 0.2 + step / 300)]:
            writer.add_scalar(tag, number, step, walltime=wall)


def run(name, lay_out):
    from torch.utils.tensorboard import SummaryWriter
    folder = tempfile.mkdtemp()
    clock = time.time
    time.time = lambda: START
    try:
        with SummaryWriter(folder) as writer:
            lay_out(writer)
            scalars(writer)
    finally:
        time.time = clock
    path, = glob.glob(os.path.join(folder, "*tfevents*"))
    target = os.path.join(FOLDER, name)
    os.makedirs(target, exist_ok=True)
    shutil.copy(path, os.path.join(target, "events.out.tfevents.1750000000.fixture"))
    shutil.rmtree(folder)
    return target


def calls(writer):
    writer.add_custom_scalars_multilinechart(["loss/train", "loss/eval"], category="losses", title="both")
    writer.add_custom_scalars_marginchart(MARGINS, category="bands", title="band")


def proto(writer):
    """What `tensorboard.plugins.custom_scalar.summary.pb` makes, without the TensorFlow that it needs."""
    from tensorboard.compat.proto import summary_pb2
    from tensorboard.plugins.custom_scalar import layout_pb2, metadata
    from tensorboard.util import tensor_util
    layout = layout_pb2.Layout(category=[
        layout_pb2.Category(title="proto", chart=[
            layout_pb2.Chart(title="lines", multiline=layout_pb2.MultilineChartContent(tag=[r"loss/(train|eval)"])),
            layout_pb2.Chart(title="two bands", margin=layout_pb2.MarginChartContent(series=[
                layout_pb2.MarginChartContent.Series(value=MARGINS[0], lower=MARGINS[1], upper=MARGINS[2]),
                layout_pb2.MarginChartContent.Series(value="loss/train", lower="margin/low", upper="loss/eval")])),
            layout_pb2.Chart(title="empty")])])
    value = summary_pb2.Summary.Value(
        tag=metadata.CONFIG_SUMMARY_TAG, metadata=metadata.create_summary_metadata(),
        tensor=tensor_util.make_tensor_proto(layout.SerializeToString()))
    writer._get_file_writer().add_summary(summary_pb2.Summary(value=[value]))


def truth(folder):
    """The charts of TensorBoard's plugin with the tags that it finds for each, by its own code."""
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard.context import RequestContext
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.custom_scalar import custom_scalars_plugin
    from tensorboard.plugins.scalar import scalars_plugin
    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(folder)
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, folder)
    instances = {}
    context = base_plugin.TBContext(logdir=folder, multiplexer=multiplexer, data_provider=provider,
                                    plugin_name_to_instance=instances)
    instances["scalars"] = scalars_plugin.ScalarsPlugin(context)
    plugin = custom_scalars_plugin.CustomScalarsPlugin(context)
    layout = json.loads(plugin.layout_impl(RequestContext(), ""))
    charts = []
    for category in layout["category"]:
        for chart in category["chart"]:
            found = None
            if "multiline" in chart:
                # The page joins the patterns of a chart into one.
                tags = chart["multiline"]["tag"]
                pattern = tags[0] if len(tags) == 1 else "|".join(f"({tag})" for tag in tags)
                answer = plugin.scalars_impl(RequestContext(), ".", pattern, "")
                found = sorted(answer["tag_to_events"]) if answer["regex_valid"] else None
            charts.append({"category": category["title"], "title": chart["title"], "tags": found,
                           "margins": [[s["value"], s["lower"], s["upper"]] for s in chart.get("margin", {}).get("series", [])]})
    return charts


# MARK: patterns

ATOMS = ["a", "b", "/", "_", "1", ".", r"\d", r"\w", r"\W", r"\s", "[ab]", "[^a/]", "[a-c1]", r"[\d_]", "[]a]", "[a-]", r"\.", "é", r"\b",
         r"\B", "^", "$", r"\A", r"\Z", r"\x61", r"a", "{", "a{", "a{,2}", "b{2}", "-"]
TAILS = ["", "", "", "", "*", "+", "?", "*?", "+?", "{1,2}", "{0}", "{2,}", "{,3}"]
BROKEN = ["(", ")", "[", "*", "a**", "[b-a]", r"\q", "a{2,1}", "(?P<n", "\\", r"\x6", "^*", "a|*", r"[\q]", "(?P<n>a", r"\b*", "a{3}{2}"]
UNSUPPORTED = ["(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", r"(a)\1", "(?P<n>a)(?P=n)", "(?i:a)", "(?>a)", "a*+", "(?x)a b", "(?a)\\w"]
TAGS = ["a", "b", "ab", "ba", "aab", "abab", "a/b", "a_b", "a1", "1a", "train/loss", "a b", "é", "é/a", "a\n", "\na", "A", "aB1_/b", "a{", "-a",
        "bb", "١", "ﬀ", "Straße"]


def pattern(rng, depth):
    parts = []
    for _ in range(rng.randint(0, 3)):
        atom = rng.choice(ATOMS)
        if depth and rng.random() < 0.4:
            atom = rng.choice(["(%s)", "(?:%s)", "(?P<g%d>%%s)" % rng.randint(0, 10**9)]) % pattern(rng, depth - 1)
        parts.append(atom + rng.choice(TAILS))
    text = "".join(parts)
    return text + "|" + pattern(rng, depth - 1) if depth and rng.random() < 0.3 else text


def patterns():
    rng = random.Random(11)
    made = []
    wanted = [pattern(rng, 3) for _ in range(700)] + ["(?i)" + pattern(rng, 2) for _ in range(80)]
    wanted += ["(?s).a", "(?m)^a", "(?m)b$", "(?im)^A", r"\u00e9", r"\U000000e9", r"\0", r"[\b]", r"\n", r"loss\/.*", "(a*)*b", "(a|a)*$", "(|a)+b"]
    # Where a repetition gives nothing back depends on the version of Python.
    wanted = [text for text in wanted if not re.search(r"[*+?}]\+", text)]
    for text in wanted + BROKEN + UNSUPPORTED:
        try:
            compiled = re.compile(text)
        except (re.error, OverflowError):
            made.append([text, "invalid"])
            continue
        if text in UNSUPPORTED:
            made.append([text, "unsupported"])
        else:
            made.append([text, "".join("1" if compiled.match(tag) else "0" for tag in TAGS)])
    return made


if __name__ == "__main__":
    import warnings
    warnings.simplefilter("ignore")
    os.makedirs(FOLDER, exist_ok=True)
    runs = {"torch": lambda w: w.add_custom_scalars(LAYOUT), "calls": calls, "proto": proto}
    truths = {name: truth(run(name, lay_out)) for name, lay_out in runs.items()}
    for name, value in [("truths.json", truths), ("patterns.json", {"tags": TAGS, "patterns": patterns()})]:
        with open(os.path.join(FOLDER, name), "w") as file:
            json.dump(value, file, indent=0, separators=(",", ":"))
            file.write("\n")
