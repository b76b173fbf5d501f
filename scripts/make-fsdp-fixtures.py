"""Writes Tests/CheckpointTests/Fixtures/fsdp: what accelerate saves of a model under FSDP, and truth.json beside it.

Two processes (gloo, CPU) train a model of two layers for three steps under torch's FullyShardedDataParallel (FSDP 1)
or fully_shard (FSDP 2), and accelerate's own save_fsdp_model and save_fsdp_optimizer write every kind of state that
they know. The truth is the same model, trained by the same steps, as the full state dictionaries in memory. Run with
Python 3 and torch, accelerate:

    python scripts/make-fsdp-fixtures.py

It needs zstandard for the compressed one, which `compressed` as an argument writes alone.
"""
import json, os, shutil, sys, tempfile
from pathlib import Path
from types import SimpleNamespace

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

ROOT = Path(__file__).resolve().parent.parent / "Tests/CheckpointTests/Fixtures/fsdp"


class Block(torch.nn.Module):
    def __init__(self, inputs, outputs, bias):
        super().__init__()
        self.proj = torch.nn.Linear(inputs, outputs, bias=bias)

    def forward(self, x):
        return torch.tanh(self.proj(x))


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        # 5 and 3 rows do not divide by two: the ranks hold unequal parts.
        self.layers = torch.nn.ModuleList([Block(3, 5, True), Block(5, 3, False)])
        self.norm = torch.nn.Parameter(torch.ones(3))
        self.register_buffer("scale", torch.tensor([2.0]))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x * self.norm * self.scale


def raw(tensor):
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex()


def rows(named):
    return [[name, str(t.dtype)[6:], list(t.shape), raw(t)] for name, t in named]


def train(model, optimizer):
    generator = torch.Generator().manual_seed(7)
    for _ in range(3):
        loss = model(torch.randn(4, 3, generator=generator)).pow(2).mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def rank_main(rank, truths):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29513", RANK=str(rank), WORLD_SIZE="2", LOCAL_RANK=str(rank))
    dist.init_process_group("gloo", init_method=f"file://{truths}/store", rank=rank, world_size=2)
    os.chdir(ROOT)  # the metadata of DCP records the path that it is given
    from accelerate import PartialState
    from accelerate.utils.fsdp_utils import save_fsdp_model, save_fsdp_optimizer
    from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict, get_optimizer_state_dict
    from torch.distributed.fsdp import (FullOptimStateDictConfig, FullStateDictConfig, FullyShardedDataParallel,
                                        LocalOptimStateDictConfig, LocalStateDictConfig, ShardedOptimStateDictConfig,
                                        ShardedStateDictConfig, StateDictType, fully_shard)
    from torch.distributed.fsdp.wrap import ModuleWrapPolicy
    PartialState(cpu=True)  # its logger asks for it
    accelerator = SimpleNamespace(process_index=rank, num_processes=2, is_main_process=rank == 0)
    kinds = {"full": (StateDictType.FULL_STATE_DICT, FullStateDictConfig(), FullOptimStateDictConfig(rank0_only=True)),
             "sharded": (StateDictType.SHARDED_STATE_DICT, ShardedStateDictConfig(), ShardedOptimStateDictConfig()),
             "local": (StateDictType.LOCAL_STATE_DICT, LocalStateDictConfig(), LocalOptimStateDictConfig())}

    def gathered(model, optimizer):
        """The shards that the ranks have in memory, each put at its place."""
        with FullyShardedDataParallel.state_dict_type(model, *kinds["sharded"]):
            state = FullyShardedDataParallel.optim_state_dict(model, optimizer)["state"]
        held = [None, None]
        dist.all_gather_object(held, [
            (name, key, list(value.size()), [(s.metadata.shard_offsets, s.tensor) for s in value.local_shards()]
             if hasattr(value, "local_shards") else [([0] * value.dim(), value)])
            for name, values in state.items() for key, value in values.items()])
        whole = {}
        for name, key, size, shards in held[0] + held[1]:
            target = whole.setdefault(name, {}).setdefault(key, torch.full(size, float("nan")))
            for offsets, tensor in shards:
                target[tuple(slice(o, o + n) for o, n in zip(offsets, tensor.shape))] = tensor
        return whole

    def save(name, version, kind, use_dcp, origin_parameters):
        torch.manual_seed(3)
        model = Model()
        if version == 1:
            model = FullyShardedDataParallel(
                model, auto_wrap_policy=ModuleWrapPolicy({Block}), device_id=torch.device("cpu"),
                use_orig_params=origin_parameters)
        else:
            for layer in model.layers:
                fully_shard(layer)
            fully_shard(model)
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
        train(model, optimizer)
        kind, state, optimizer_state = kinds[kind]
        plugin = SimpleNamespace(
            fsdp_version=version, state_dict_type=kind, state_dict_config=state, optim_state_dict_config=optimizer_state)
        save_fsdp_model(plugin, accelerator, model, name, use_dcp=use_dcp)
        if kind != StateDictType.LOCAL_STATE_DICT:
            save_fsdp_optimizer(plugin, accelerator, optimizer, model, name, use_dcp=use_dcp)
        flat = []
        if kind == StateDictType.LOCAL_STATE_DICT:
            # The flat parameters as the handles hold them, padded, all ranks together.
            for wrapped in FullyShardedDataParallel.fsdp_modules(model):
                held = [torch.empty_like(wrapped._flat_param) for _ in range(2)]
                dist.all_gather(held, wrapped._flat_param.detach())
                flat.append((wrapped._handle, torch.cat(held)))
        options = StateDictOptions(full_state_dict=True, cpu_offload=True)
        whole = get_model_state_dict(model, options=options)
        if version == 1 and kind == StateDictType.SHARDED_STATE_DICT:
            moments = gathered(model, optimizer)
        else:
            # Of FSDP 1, torch 2.15 on CPU gives the second moment as the first, in this and in what was saved.
            moments = get_optimizer_state_dict(model, optimizer, options=options).get("state")
        if rank == 0:
            truth = {"model": rows(whole.items()), "optimizer": rows(
                (f"{parameter}.{key}", value) for parameter, state in moments.items()
                for key, value in state.items())}
            if flat:
                truth["flat"] = [
                    [list(handle.flat_param._fqns), [list(s) for s in handle.flat_param._shapes], raw(values)]
                    for handle, values in flat]
            Path(truths, name + ".json").write_text(json.dumps(truth))
        dist.barrier()

    save("v1_full", 1, "full", True, True)
    save("v1_sharded", 1, "sharded", True, True)
    save("v1_ranks", 1, "sharded", False, True)
    save("v1_local", 1, "local", True, False)
    save("v2_full", 2, "full", True, True)
    save("v2_ranks", 2, "sharded", False, True)
    dist.destroy_process_group()


def compressed():
    """A distributed checkpoint whose streams are compressed, by torch's extension for that (needs zstandard)."""
    from torch.distributed.checkpoint import FileSystemWriter, save
    from torch.distributed.checkpoint._extension import ZStandard
    shutil.rmtree(ROOT / "zstd", ignore_errors=True)
    os.chdir(ROOT)
    save({"weight": torch.arange(6.0).reshape(2, 3), "bias": torch.ones(2)},
         storage_writer=FileSystemWriter("zstd", _extensions=[ZStandard()]), no_dist=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["compressed"]:
        sys.exit(compressed())
    shutil.rmtree(ROOT, ignore_errors=True)
    ROOT.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as truths:
        mp.spawn(rank_main, (truths,), nprocs=2)
        truth = {path.stem: json.loads(path.read_text()) for path in sorted(Path(truths).glob("*.json"))}
    (ROOT / "truth.json").write_text(json.dumps(truth, indent=0) + "\n")
    compressed()
    print(f"torch {torch.__version__}", sum(f.stat().st_size for f in ROOT.rglob("*") if f.is_file()), "bytes")
