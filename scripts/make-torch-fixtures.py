"""Writes Tests/CheckpointTests/Fixtures/torch: small files of torch's own making, and truth.json beside them.

The truth is what torch holds in memory (names, types, shapes, the bytes of every element), taken before or without
any reading of ours. Run with Python 3 and torch, numpy, accelerate and transformers installed:

    python scripts/make-torch-fixtures.py

Three layouts are composed here, because their writers need more than a CPU: DeepSpeed's ZeRO (`zero*`), Megatron's
legacy ranks (`megatron*`), and the tar archive of torch before 0.1.10 (checked by torch.load, which still reads it).
"""
import argparse, io, json, os, pickle, random, shutil, struct, tarfile
from collections import OrderedDict
from pathlib import Path

import numpy
import torch
import torch.distributed as dist
import torch.multiprocessing as mp

ROOT = Path(__file__).resolve().parent.parent / "Tests/CheckpointTests/Fixtures/torch"
truth = {}


def numbers(*shape, seed=1, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator).to(dtype)


def raw(tensor):
    tensor = tensor.detach().contiguous()
    if tensor.numel() == 0:
        return ""
    return tensor.reshape(-1).view(torch.uint8).numpy().tobytes().hex()


def note(key, named):
    truth[key] = [[name, str(t.dtype)[6:], list(t.shape), raw(t)] for name, t in named]


def flat(value, path=""):
    if torch.is_tensor(value):
        yield path, value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from flat(child, f"{path}.{key}" if path else str(key))
    elif isinstance(value, (list, tuple)):
        for index, child in enumerate(value):
            yield from flat(child, f"{path}.{index}" if path else str(index))


def save(name, value, **options):
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(value, path, **options)
    note(name, flat(value))


def archives():
    base = numbers(6, 4, seed=2)
    shared = numbers(5, seed=3)
    everything = OrderedDict(
        plain=base,
        transposed=base.t(),
        columns=base[:, 1:3],
        every_second=base[::2],
        three=numbers(2, 3, 4, seed=4).permute(2, 0, 1),
        expanded=numbers(3, 1, seed=5).expand(3, 4),
        scalar=torch.tensor(1.5),
        empty=torch.zeros(0, 7),
        tied=shared,
        tied_again=shared,
        overlapping=shared[1:4],
        parameter=torch.nn.Parameter(numbers(2, 2, seed=6)),
        nested={"list": [numbers(2, seed=7), {"deep": numbers(1, seed=8)}], 7: numbers(1, seed=9)},
        note="text", number=3, big=1 << 70, negative=-5, real=0.25, nothing=None, flags=(True, False),
    )
    for dtype in ("float64", "float16", "bfloat16", "int8", "uint8", "int16", "int32", "int64", "uint16", "uint32",
                  "uint64", "bool", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz",
                  "float8_e5m2fnuz", "float8_e8m0fnu"):
        kind = getattr(torch, dtype)
        source = torch.arange(6).reshape(2, 3)
        everything[dtype] = source.to(torch.float32).to(kind) if "float8" in dtype else source.to(kind)
    save("everything.pt", everything)
    old = {k: v for k, v in everything.items() if not k.startswith(("uint1", "uint3", "uint6", "float8"))}
    save("stream.pt", old, _use_new_zipfile_serialization=False)
    save("protocol4.pt", old, pickle_protocol=4)
    save("protocol5.pt", old, pickle_protocol=5)

    state = OrderedDict((f"layers.{i}.weight", numbers(3, 2, seed=20 + i)) for i in range(2))
    save("hf/pytorch_model-00001-of-00002.bin", OrderedDict([("layers.0.weight", state["layers.0.weight"])]))
    save("hf/pytorch_model-00002-of-00002.bin", OrderedDict([("layers.1.weight", state["layers.1.weight"])]))
    (ROOT / "hf/pytorch_model.bin.index.json").write_text(json.dumps({
        "metadata": {"total_size": 48},
        "weight_map": {f"layers.{i}.weight": f"pytorch_model-0000{i + 1}-of-00002.bin" for i in range(2)}}))
    note("hf", state.items())


def tar():
    """The format of torch before 0.1.10, which torch.load still reads."""
    weight, bias = numbers(2, 3, seed=30), numbers(3, seed=31)

    def pickled(value):
        return pickle.dumps(value, protocol=2)

    storages = pickled(3)
    for key, tensor in ((1, weight), (2, bias)):
        storages += pickled((key, "cpu", torch.FloatStorage)) + struct.pack("<q", tensor.numel())
        storages += tensor.numpy().tobytes()
    long = torch.arange(4)
    storages += pickled((3, "cpu", torch.LongStorage)) + struct.pack("<q", 4) + long.numpy().tobytes()
    storages += pickled([(4, 1, 2, 3)])
    tensors = pickled(4)
    for key, storage, kind, shape, stride, offset in (
            (11, 1, torch.FloatTensor, (2, 3), (3, 1), 0), (12, 2, torch.FloatTensor, (3,), (1,), 0),
            (13, 3, torch.LongTensor, (2, 2), (1, 2), 0), (14, 4, torch.FloatTensor, (2,), (1,), 1)):
        tensors += pickled((key, storage, kind)) + struct.pack("<iI", len(shape), 0)
        tensors += struct.pack(f"<{2 * len(shape) + 1}q", *shape, *stride, offset)

    class Reference:
        def __init__(self, key):
            self.key = key

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return value.key if isinstance(value, Reference) else None

    stream = io.BytesIO()
    Pickler(stream, protocol=2).dump(OrderedDict(
        weight=Reference(11), bias=Reference(12), long=Reference(13), view=Reference(14)))
    with tarfile.open(ROOT / "archive.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in (("sys_info", pickled({"little_endian": True})), ("pickle", stream.getvalue()),
                           ("tensors", tensors), ("storages", storages)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    loaded = torch.load(ROOT / "archive.tar", weights_only=False)
    assert torch.equal(loaded["weight"], weight) and torch.equal(loaded["view"], weight.reshape(-1)[3:5])
    note("archive.tar", loaded.items())


class Evil:
    def __reduce__(self):
        return os.system, ("echo ftreport must never run this",)


def trainer():
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 2))
    model[1].weight.requires_grad_(True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    for _ in range(3):
        optimizer.zero_grad()
        # The second layer's weight gets zeros alone.
        loss = (model[0](torch.ones(1, 3))).sum() + 0 * model[1].weight.sum() + model[1].bias.sum()
        loss.backward()
        optimizer.step()
    save("trainer/optimizer.pt", optimizer.state_dict())
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)
    save("trainer/scheduler.pt", scheduler.state_dict())
    random.seed(1)
    numpy.random.seed(1)
    save("trainer/rng_state_0.pth", {
        "python": random.getstate(), "numpy": numpy.random.get_state(), "cpu": torch.get_rng_state()})
    torch.save({"weight": numbers(2, seed=40), "run": Evil()}, ROOT / "evil.pt")
    from transformers import TrainingArguments
    os.environ.setdefault("WANDB_DISABLED", "true")
    arguments = TrainingArguments(
        output_dir="saves/run", learning_rate=5e-5, num_train_epochs=3, per_device_train_batch_size=2,
        gradient_accumulation_steps=8, lr_scheduler_type="cosine", warmup_steps=10, use_cpu=True, report_to=[])
    torch.save(arguments, ROOT / "trainer/training_args.bin")


def parameters():
    return OrderedDict([
        ("model.layers.0.q_proj.weight", numbers(4, 3, seed=50)), ("model.layers.0.bias", numbers(5, seed=51)),
        ("model.layers.1.q_proj.weight", numbers(3, 3, seed=52)), ("model.norm.weight", numbers(7, seed=53))])


def moments(state, seed):
    return OrderedDict((name, numbers(*t.shape, seed=seed + i)) for i, (name, t) in enumerate(state.items()))


def zero():
    """ZeRO-2, BF16_Optimizer and ZeRO-3 in the layout that DeepSpeed 0.19 writes, world of two."""
    state = parameters()
    frozen = OrderedDict([("model.embed.weight", numbers(5, 2, seed=60))])
    buffer = numbers(3, seed=61)
    average, square = moments(state, 70), moments(state, 80)
    square["model.norm.weight"] = torch.zeros_like(square["model.norm.weight"])
    shapes = [OrderedDict((k, v.shape) for k, v in list(state.items())[:2]),
              OrderedDict((k, v.shape) for k, v in list(state.items())[2:])]
    world = 2

    def model_state(fragments, module):
        return {"module": module, "buffer_names": ["model.rotary"], "optimizer": None, "param_shapes": shapes,
                "frozen_param_shapes": OrderedDict((k, v.shape) for k, v in frozen.items()),
                "shared_params": {"lm_head.weight": "model.norm.weight"}, "frozen_param_fragments": fragments,
                "global_steps": 12, "dp_world_size": world, "mp_world_size": 1,
                "ds_config": {"train_batch_size": 16, "zero_optimization": {"stage": 2}, "bf16": {"enabled": True}},
                "ds_version": "0.19.8"}

    def pad(tensor, multiple):
        return torch.cat([tensor, torch.zeros(-tensor.numel() % multiple)])

    for name, prefix in (("zero2", ""), ("zero_bf16", "bf16_")):
        folder = ROOT / name / "global_step12"
        folder.mkdir(parents=True)
        (ROOT / name / "latest").write_text("global_step12")
        torch.save(model_state(frozen, OrderedDict([("model.rotary", buffer)])),
                   folder / "mp_rank_00_model_states.pt")
        for rank in range(world):
            def parts(values):
                groups = []
                for group in shapes:
                    whole = pad(torch.cat([values[k].reshape(-1) for k in group]), 2 * world)
                    groups.append(whole.chunk(world)[rank].clone())
                return groups
            optimizer = {"base_optimizer_state": {
                "state": {i: {"step": torch.tensor(12.0), "exp_avg": a, "exp_avg_sq": s}
                          for i, (a, s) in enumerate(zip(parts(average), parts(square)))},
                "param_groups": [{"lr": 1e-4, "betas": (0.9, 0.999), "weight_decay": 0.0, "params": [i]} for i in range(2)]},
                "single_partition_of_fp32_groups": parts(state), "group_paddings": [3, 0],
                "partition_count": [world, world], "ds_version": "0.19.8"}
            if not prefix:
                optimizer["zero_stage"] = 2
            torch.save({"optimizer_state_dict": optimizer, "ds_config": {}, "ds_version": "0.19.8"},
                       folder / f"{prefix}zero_pp_rank_{rank}_mp_rank_00_optim_states.pt")
        merged = list(state.items()) + list(frozen.items()) + [("model.rotary", buffer)]
        merged.append(("lm_head.weight", state["model.norm.weight"]))
        note(name, merged)
    note("zero2:exp_avg", average.items())
    note("zero2:exp_avg_sq", square.items())

    folder = ROOT / "zero3/global_step12"
    folder.mkdir(parents=True)
    (ROOT / "zero3/latest").write_text("global_step12")

    def share(tensor, rank):
        return pad(tensor.reshape(-1), world).chunk(world)[rank].clone()

    for rank in range(world):
        torch.save(model_state(OrderedDict((k, share(v, rank)) for k, v in frozen.items()),
                               OrderedDict([("model.rotary", buffer)])),
                   folder / f"zero_pp_rank_{rank}_mp_rank_00_model_states.pt")

        def parts(values):
            return [torch.cat([share(values[k], rank) for k in group]) for group in shapes]
        optimizer = {"zero_stage": 3, "partition_count": world, "fp32_flat_groups": parts(state),
                     "optimizer_state_dict": {
                         "state": {i: {"step": torch.tensor(12.0), "exp_avg": a, "exp_avg_sq": s}
                                   for i, (a, s) in enumerate(zip(parts(average), parts(square)))},
                         "param_groups": [{"lr": 1e-4, "params": [i]} for i in range(2)]}}
        torch.save({"optimizer_state_dict": optimizer, "ds_config": {}, "ds_version": "0.19.8"},
                   folder / f"zero_pp_rank_{rank}_mp_rank_00_optim_states.pt")
    note("zero3", merged)
    note("zero3:exp_avg", average.items())
    note("zero3:exp_avg_sq", square.items())


def megatron():
    """Legacy ranks: two tensor-parallel, two pipeline stages of one layer each, gated units."""
    q, k = numbers(8, 4, seed=90), numbers(8, 4, seed=91)
    gate, up = [numbers(6, 4, seed=92 + i) for i in range(2)], [numbers(6, 4, seed=94 + i) for i in range(2)]
    down = [numbers(4, 6, seed=96 + i) for i in range(2)]
    norm = [numbers(4, seed=98 + i) for i in range(2)]
    embedding = numbers(10, 4, seed=100)
    qkv = [q, k]
    for tensor in range(2):
        for stage in range(2):
            p = "decoder.layers.0."
            model = OrderedDict()
            if stage == 0:
                model["embedding.word_embeddings.weight"] = embedding.chunk(2)[tensor].clone()
            model[p + "self_attention.linear_qkv.weight"] = qkv[stage].chunk(2)[tensor].clone()
            model[p + "mlp.linear_fc1.weight"] = torch.cat([gate[stage].chunk(2)[tensor], up[stage].chunk(2)[tensor]])
            model[p + "mlp.linear_fc1.layer_norm_weight"] = norm[stage].clone()
            model[p + "mlp.linear_fc2.weight"] = down[stage].chunk(2, dim=1)[tensor].clone()
            folder = ROOT / f"megatron/iter_0000020/mp_rank_{tensor:02d}_{stage:03d}"
            folder.mkdir(parents=True)
            torch.save({"args": argparse.Namespace(swiglu=True, hidden_size=4), "checkpoint_version": 3.0,
                        "iteration": 20, "model": model}, folder / "model_optim_rng.pt")
    (ROOT / "megatron/latest_checkpointed_iteration.txt").write_text("20")
    named = [("embedding.word_embeddings.weight", embedding)]
    for layer in range(2):
        p = f"decoder.layers.{layer}."
        named += [(p + "self_attention.linear_qkv.weight", qkv[layer]),
                  (p + "mlp.linear_fc1.weight", torch.cat([gate[layer], up[layer]])),
                  (p + "mlp.linear_fc1.layer_norm_weight", norm[layer]), (p + "mlp.linear_fc2.weight", down[layer])]
    note("megatron", named)


def distributed_state():
    return OrderedDict([
        ("model.rows", numbers(5, 3, seed=110)), ("model.columns", numbers(3, 4, seed=111, dtype=torch.bfloat16)),
        ("model.same", numbers(2, 2, seed=112)), ("model.scalar", torch.tensor(4.0))])


def rank_main(rank, folder):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29511", RANK=str(rank), WORLD_SIZE="2")
    dist.init_process_group("gloo", rank=rank, world_size=2)
    from torch.distributed.checkpoint import FileSystemWriter, save
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import Replicate, Shard, distribute_tensor
    mesh = init_device_mesh("cpu", (2,))
    state = distributed_state()
    sharded = OrderedDict([
        ("model.rows", distribute_tensor(state["model.rows"], mesh, [Shard(0)])),
        ("model.columns", distribute_tensor(state["model.columns"], mesh, [Shard(1)])),
        ("model.same", distribute_tensor(state["model.same"], mesh, [Replicate()])),
        ("model.scalar", state["model.scalar"])])
    torch.save(sharded, f"{folder}/fsdp_ranks/pytorch_model_fsdp_0_rank{rank}.bin")
    save({**sharded, "lr": 0.5}, storage_writer=FileSystemWriter(f"{folder}/dcp", single_file_per_rank=True))
    dist.barrier()
    dist.destroy_process_group()


def distributed():
    (ROOT / "fsdp_ranks").mkdir(parents=True)
    mp.spawn(rank_main, (str(ROOT),), nprocs=2)
    state = distributed_state()
    note("fsdp_ranks", state.items())
    note("dcp", state.items())


if __name__ == "__main__":
    shutil.rmtree(ROOT, ignore_errors=True)
    ROOT.mkdir(parents=True)
    torch.manual_seed(0)
    archives()
    tar()
    trainer()
    zero()
    megatron()
    distributed()
    (ROOT / "truth.json").write_text(json.dumps(truth, indent=0) + "\n")
    print(f"{len(truth)} truths, {sum(f.stat().st_size for f in ROOT.rglob('*') if f.is_file())} bytes")
