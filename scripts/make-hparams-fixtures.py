#!/usr/bin/env python3
"""Writes Tests/Fixtures/hparams: a search as TensorBoard's own protos write it (an experiment in the root, a folder a
session), and a run whose sessions torch's add_hparams wrote; with the sessions that TensorBoard's plugin hparams lists of
both (truths.json). Needs torch and tensorboard. The files do not depend on the time of day.

usage: scripts/make-hparams-fixtures.py
"""
import json
import os
import shutil
import time

from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.context import RequestContext
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups, metadata, plugin_data_pb2
from tensorboard.plugins.hparams import summary_v2 as hp
from tensorboard.summary.writer.record_writer import RecordWriter

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/Fixtures/hparams")
START = 1_750_000_000.0


def write(folder, summaries, scalars=()):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "events.out.tfevents.1750000000.fixture"), "wb") as file:
        writer = RecordWriter(file)
        events = [event_pb2.Event(wall_time=START, file_version="brain.Event:2")]
        events += [event_pb2.Event(wall_time=START, step=0, summary=summary_pb2.Summary.FromString(s.SerializeToString()))
                   for s in summaries]
        events += [event_pb2.Event(wall_time=START + step, step=step, summary=summary_pb2.Summary(
            value=[summary_pb2.Summary.Value(tag=tag, simple_value=value)])) for tag, step, value in scalars]
        for event in events:
            writer.write(event.SerializeToString(deterministic=True))


def session_end(status):
    data = plugin_data_pb2.HParamsPluginData(
        session_end_info=plugin_data_pb2.SessionEndInfo(status=status, end_time_secs=START + 60))
    content = metadata.create_summary_metadata(data)
    return summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=metadata.SESSION_END_INFO_TAG, metadata=content)])


def search(root):
    """The root says what is searched, as Keras' `hparams_config` has it; of four sessions one failed, one goes on."""
    write(root, [hp.hparams_config_pb(
        hparams=[hp.HParam("lr", hp.RealInterval(1e-5, 1e-3)), hp.HParam("optimizer", hp.Discrete(["adamw", "lion"])),
                 hp.HParam("bf16", hp.Discrete([True, False]))],
        metrics=[hp.Metric("epoch_loss", group="validation", display_name="loss"), hp.Metric("accuracy")],
        time_created_secs=START)])
    ends = [api_pb2.STATUS_SUCCESS, api_pb2.STATUS_FAILURE, None, api_pb2.STATUS_SUCCESS]
    for index, status in enumerate(ends):
        folder = os.path.join(root, f"run-{index}")
        values = {"lr": 1e-4 * (index + 1), "optimizer": ["adamw", "lion"][index % 2], "bf16": True, "_note & more": f"50 % of {index}"}
        start = hp.hparams_pb(values, trial_id=f"trial-{index}", start_time_secs=START)
        count = [10, 2, 6, 10][index]
        write(folder, [start] + ([session_end(status)] if status is not None else []),
              [("accuracy", step, 0.5 + step / 25 + index / 100) for step in range(count)])
        for part in ["train", "validation"]:
            write(os.path.join(folder, part), [], [("epoch_loss", step, 2 - step / 10 + index / 10) for step in range(count)])


def torch_sessions(root):
    from torch.utils.tensorboard import SummaryWriter
    clock, now = time.time, [START]

    def tick():
        now[0] += 0.25
        return now[0]
    time.time = tick
    try:
        with SummaryWriter(root) as writer:
            for step in range(10):
                writer.add_scalar("loss", 1 / (step + 1), step)
            for index in range(3):
                writer.add_hparams({"lr": 0.1 * (index + 1), "bsize": index, "name": f"n{index}", "flag": index == 1},
                                   {"hparam/accuracy": 10.0 * index, "hparam/loss": 1.0 / (index + 1)})
    finally:
        time.time = clock
    for path, _, names in os.walk(root):
        for name in names:
            os.rename(os.path.join(path, name), os.path.join(path, "events.out.tfevents.1750000000.fixture"))


def truth(folder):
    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(folder)
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, folder)
    context = backend_context.Context(base_plugin.TBContext(logdir=folder, multiplexer=multiplexer, data_provider=provider))
    request = api_pb2.ListSessionGroupsRequest(start_index=0, slice_size=100, include_metrics=True, allowed_statuses=[
        api_pb2.STATUS_SUCCESS, api_pb2.STATUS_FAILURE, api_pb2.STATUS_RUNNING, api_pb2.STATUS_UNKNOWN])
    metadata_of = context.hparams_metadata(RequestContext(), "", None)
    experiment = context.experiment_from_metadata(RequestContext(), "", True, metadata_of, [], None)
    request.col_params.extend(
        [api_pb2.ColParams(hparam=info.name) for info in experiment.hparam_infos]
        + [api_pb2.ColParams(metric=info.name) for info in experiment.metric_infos])
    handler = list_session_groups.Handler(RequestContext(), context, "", request)
    sessions = []
    for group in handler.run().session_groups:
        for session in group.sessions:
            sessions.append({
                "name": session.name, "status": api_pb2.Status.Name(session.status),
                "hparams": {name: getattr(value, value.WhichOneof("kind")) for name, value in group.hparams.items()},
                "metrics": {"/".join(filter(None, [value.name.group, value.name.tag])): value.value for value in session.metric_values}})
    return sorted(sessions, key=lambda session: session["name"])


if __name__ == "__main__":
    truths = {}
    for name, make in [("search", search), ("torch", torch_sessions)]:
        root = os.path.join(FOLDER, name)
        shutil.rmtree(root, ignore_errors=True)
        make(root)
        truths[name] = truth(root)
    with open(os.path.join(FOLDER, "truths.json"), "w") as file:
        json.dump(truths, file, indent=0, sort_keys=True, separators=(",", ":"))
        file.write("\n")
