"""Writes Tests/CheckpointTests/Fixtures/deepspeed: checkpoints that DeepSpeed itself saves, and truth.json beside them.

Processes on CPU (gloo) train tiny models for a few steps under ZeRO with tensor parallelism (AutoTP, or a mpu object as
Megatron-DeepSpeed gives one), with experts, and as a pipeline. The truth is what the ranks hold in memory, the parts of
tensor-parallel ranks put together where they were cut; of AutoTP also what DeepSpeed's ds_to_universal makes of the
files. Run with Python 3, torch, deepspeed (0.19) and transformers; the environment needs DS_ACCELERATOR=cpu:

    DS_ACCELERATOR=cpu python scripts/make-deepspeed-fixtures.py
"""
import json, os, shutil, subprocess, sys, tempfile
from collections import OrderedDict
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

ROOT = Path(__file__).resolve().parent.parent / "Tests/CheckpointTests/Fixtures/deepspeed"
ADAMW = {"type": "AdamW", "params": {"lr": 1e-2, "torch_adam": True}}


def raw(tensor):
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex()


def rows(named):
    return [[name, str(t.dtype)[6:], list(t.shape), raw(t)] for name, t in named]


class Attention(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.q_proj = torch.nn.Linear(size, size, bias=False)
        self.qkv = torch.nn.Linear(size, 3 * size, bias=False)
        self.o_proj = torch.nn.Linear(size, size, bias=False)

    def forward(self, x):
        h = torch.tanh(self.q_proj(x))
        # One rank has its part of each of the three.
        return self.o_proj(h + sum(self.qkv(x).chunk(3, -1)))


class Layer(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.norm = torch.nn.LayerNorm(size, bias=False)
        self.self_attn = Attention(size)

    def forward(self, x):
        return x + self.self_attn(self.norm(x))


class Model(torch.nn.Module):
    def __init__(self, size=4):
        super().__init__()
        self.layers = torch.nn.ModuleList([Layer(size)])
        self.head = torch.nn.Linear(size, 3)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.head(x)


def train(engine, size=4, steps=2):
    generator = torch.Generator().manual_seed(7)
    for _ in range(steps):
        loss = engine(torch.randn(2, size, generator=generator)).pow(2).mean()
        engine.backward(loss)
        engine.step()


def gather(value):
    held = [None] * dist.get_world_size()
    dist.all_gather_object(held, value)
    return held


def auto_tensor_parallel(name, stage):
    """Two tensor-parallel ranks, each with two of data: four processes."""
    import deepspeed
    from deepspeed.utils import safe_get_full_fp32_param, safe_get_full_optimizer_state
    torch.manual_seed(5)
    model = Model()
    engine, optimizer, _, _ = deepspeed.initialize(
        model=model, model_parameters=[p for p in model.parameters()], config={
            "train_micro_batch_size_per_gpu": 2, "optimizer": ADAMW, "zero_optimization": {"stage": stage},
            "zero_allow_untested_optimizer": True,
            "tensor_parallel": {"autotp_size": 2, "partition_config": {
                "use_default_specs": False, "layer_specs": [
                    {"patterns": [".*q_proj\\.weight$"], "partition_type": "column"},
                    {"patterns": [".*qkv\\.weight$"], "partition_type": "column", "shape": [3, -1],
                     "partition_dim": 0},
                    {"patterns": [".*o_proj\\.weight$"], "partition_type": "row"}]}}})
    train(engine)
    engine.save_checkpoint(name, tag="global_step2")
    state = {}
    for parameter, value in engine.module.named_parameters():
        state[parameter] = (safe_get_full_fp32_param(value), safe_get_full_optimizer_state(value, "exp_avg"))
    held = gather((dist.get_rank(), {k: tuple(t.clone() for t in v) for k, v in state.items()}))
    from deepspeed.utils import groups
    ranks = gather((groups.get_tensor_model_parallel_rank(), groups.get_data_parallel_rank()))
    by_tensor_rank = {t: held[i][1] for i, (t, d) in enumerate(ranks) if d == 0}
    whole, moments = [], []
    for parameter in state:
        axis = 0 if "q_proj" in parameter else 1 if "o_proj" in parameter else None
        for part, target in ((0, whole), (1, moments)):
            parts = [by_tensor_rank[t][parameter][part] for t in range(2)]
            if "qkv" in parameter:
                thirds = [part.chunk(3) for part in parts]
                target.append((parameter, torch.cat([third[i] for i in range(3) for third in thirds])))
            else:
                target.append((parameter, parts[0] if axis is None else torch.cat(parts, axis)))
    return {"model": rows(whole), "exp_avg": rows(moments)}


def check_universal(name, truth, work):
    """What DeepSpeed's own converter makes of the files must be the truth."""
    script = ("from deepspeed.checkpoint.ds_to_universal import main, parse_arguments\n"
              "if __name__ == '__main__': main(parse_arguments())\n")
    Path(work, "convert.py").write_text(script)
    step = ROOT / name / "global_step2"
    subprocess.run([sys.executable, "convert.py", "--input_folder", step, "--output_folder", "universal",
                    "--num_extract_workers", "1", "--num_merge_workers", "1"], cwd=work, check=True)
    for part, file in (("model", "fp32"), ("exp_avg", "exp_avg")):
        for parameter, _, shape, data in truth[part]:
            value = torch.load(Path(work, "universal/zero", parameter, file + ".pt"), weights_only=False)
            value = value["param"] if isinstance(value, dict) else value
            assert list(value.shape) == shape and raw(value) == data, (name, part, parameter)


class ModelParallelUnit:
    """What Megatron-DeepSpeed hands to deepspeed.initialize: neighbours are tensor-parallel."""

    def __init__(self):
        rank, size = dist.get_rank(), dist.get_world_size()
        for start in range(0, size, 2):
            group = dist.new_group([start, start + 1])
            if start <= rank < start + 2:
                self.tensor = group
        for start in range(2):
            group = dist.new_group(list(range(start, size, 2)))
            if rank % 2 == start:
                self.data = group

    def get_model_parallel_rank(self):
        return dist.get_rank() % 2

    def get_model_parallel_world_size(self):
        return 2

    def get_model_parallel_group(self):
        return self.tensor

    def get_data_parallel_rank(self):
        return dist.get_rank() // 2

    def get_data_parallel_world_size(self):
        return dist.get_world_size() // 2

    def get_data_parallel_group(self):
        return self.data

    get_tensor_model_parallel_rank = get_model_parallel_rank
    get_tensor_model_parallel_world_size = get_model_parallel_world_size
    get_tensor_model_parallel_group = get_model_parallel_group


class Part(torch.nn.Module):
    """One rank's part of a block, under the names of Megatron; the sums over the ranks are left out."""

    def __init__(self):
        super().__init__()
        names = {"query_key_value.weight": (6, 4), "dense.weight": (4, 2), "dense_h_to_4h.weight": (4, 4),
                 "input_layernorm.weight": (4,), "unfamiliar.weight": (3, 4)}
        for name, shape in names.items():
            module = torch.nn.Module()
            module.weight = torch.nn.Parameter(torch.randn(*shape))
            self.add_module(name.split(".")[0], module)

    def forward(self, x):
        h = x * self.input_layernorm.weight
        return (h @ self.query_key_value.weight.T).sum() + (h[:, :2] @ self.dense.weight.T).sum() + (
            h @ self.dense_h_to_4h.weight.T).sum() + (h @ self.unfamiliar.weight.T).pow(2).sum()


def model_parallel(name, stage):
    import deepspeed
    from deepspeed.utils import safe_get_full_fp32_param
    unit = ModelParallelUnit()
    torch.manual_seed(11 + unit.get_model_parallel_rank())
    model = torch.nn.Module()
    model.layer = Part()
    model.forward = lambda x: model.layer(x)
    with torch.no_grad():
        model.layer.input_layernorm.weight.fill_(1)
    engine, optimizer, _, _ = deepspeed.initialize(
        model=model, model_parameters=[p for p in model.parameters()], mpu=unit, config={
            "train_micro_batch_size_per_gpu": 2, "optimizer": ADAMW, "zero_optimization": {"stage": stage},
            "zero_allow_untested_optimizer": True})
    # No step: the layer norm stays the same on both ranks, as sums over them would keep it.
    engine.save_checkpoint(name, tag="global_step0")
    state = {k: safe_get_full_fp32_param(v).clone() for k, v in engine.module.named_parameters()}
    held = gather(state)[:2]
    whole = []
    for parameter in state:
        parts = [h[parameter] for h in held]
        if "layernorm" in parameter:
            whole.append((parameter, parts[0]))
        elif "unfamiliar" in parameter:
            whole += [(f"{parameter}@rank{i}", part) for i, part in enumerate(parts)]
        else:
            whole.append((parameter, torch.cat(parts, 1 if ".dense.weight" in parameter else 0)))
    return {"model": rows(whole)}


def experts(name, stage):
    import deepspeed
    from deepspeed.moe.layer import MoE
    from deepspeed.moe.utils import split_params_into_different_moe_groups_for_optimizer

    class Mixture(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.start = torch.nn.Linear(3, 4, bias=False)
            self.moe = MoE(hidden_size=4, expert=torch.nn.Linear(4, 4, bias=False), num_experts=4, ep_size=2, k=1,
                           min_capacity=0)

        def forward(self, x):
            out, loss, _ = self.moe(self.start(x))
            return out + loss

    torch.manual_seed(5 + dist.get_rank())
    model = Mixture()
    with torch.no_grad():
        for parameter, value in model.named_parameters():
            if "deepspeed_experts" not in parameter:
                dist.broadcast(value, 0)
    groups = split_params_into_different_moe_groups_for_optimizer(
        {"params": [p for p in model.parameters()], "name": "parameters"})
    config = {"train_micro_batch_size_per_gpu": 2, "optimizer": ADAMW, "zero_allow_untested_optimizer": True}
    if stage:
        config["zero_optimization"] = {"stage": stage}
    engine, optimizer, _, _ = deepspeed.initialize(model=model, model_parameters=groups, config=config)
    train(engine, size=3)
    engine.save_checkpoint(name, tag="global_step2")
    from deepspeed.utils import groups as process_groups
    whole = OrderedDict()
    for rank, held in enumerate(gather({k: v.detach().clone() for k, v in engine.module.state_dict().items()})):
        for parameter, value in held.items():
            if "deepspeed_experts" in parameter:
                head, tail = parameter.split("deepspeed_experts.")
                number, rest = tail.split(".", 1)
                parameter = f"{head}deepspeed_experts.{int(number) + 2 * (rank % 2)}.{rest}"
            whole.setdefault(parameter, value)
    return {"model": rows(whole.items())}


def pipeline(name, stage):
    import deepspeed
    from deepspeed.pipe import LayerSpec, PipelineModule
    torch.manual_seed(5)
    model = PipelineModule(
        layers=[LayerSpec(torch.nn.Linear, 3, 4), LayerSpec(torch.nn.Tanh), LayerSpec(torch.nn.Linear, 4, 3)],
        num_stages=2, loss_fn=lambda output, target: (output - target).pow(2).mean(), partition_method="parameters")
    engine, optimizer, _, _ = deepspeed.initialize(
        model=model, model_parameters=[p for p in model.parameters() if p.requires_grad], config={
            "train_batch_size": 2, "train_micro_batch_size_per_gpu": 2, "optimizer": ADAMW,
            "zero_allow_untested_optimizer": True, "zero_optimization": {"stage": stage}})
    generator = torch.Generator().manual_seed(7)
    for _ in range(2):
        engine.train_batch(iter([(torch.randn(2, 3, generator=generator), torch.randn(2, 3, generator=generator))]))
    engine.save_checkpoint(name, tag="global_step2")
    whole = OrderedDict()
    for held in gather({k: v.detach().clone() for k, v in engine.module.named_parameters()}):
        whole.update(held)
    return {"model": rows(whole.items())}


CASES = {  # name: (function, stage, processes)
    "autotp_zero1": (auto_tensor_parallel, 1, 4), "autotp_zero3": (auto_tensor_parallel, 3, 4),
    "mpu_zero1": (model_parallel, 1, 4), "experts": (experts, 0, 2), "experts_zero2": (experts, 2, 4),
    "pipeline": (pipeline, 1, 2),
}


def rank_main(rank, name, work):
    function, stage, processes = CASES[name]
    # A port of its own for each case: the last one's may still be held.
    port = 29520 + list(CASES).index(name)
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), RANK=str(rank), WORLD_SIZE=str(processes),
                      LOCAL_RANK=str(rank), LOCAL_SIZE=str(processes), CUDA_VISIBLE_DEVICES="")
    os.chdir(ROOT)
    import deepspeed
    deepspeed.ops.__compatible_ops__["deepspeed_shm_comm"] = False  # gloo will do, without a compiler
    deepspeed.init_distributed(dist_backend="gloo")
    torch.set_num_threads(1)
    truth = function(name, stage)
    if rank == 0:
        Path(work, "truth.json").write_text(json.dumps(truth))
    dist.barrier()
    os._exit(0)  # DeepSpeed's threads would wait for each other


if __name__ == "__main__":
    names = sys.argv[1:] or list(CASES)
    ROOT.mkdir(parents=True, exist_ok=True)
    path = ROOT / "truth.json"
    truth = json.loads(path.read_text()) if path.exists() and sys.argv[1:] else {}
    for name in names:
        shutil.rmtree(ROOT / name, ignore_errors=True)
        with tempfile.TemporaryDirectory() as work:
            mp.spawn(rank_main, (name, work), nprocs=CASES[name][2])
            truth[name] = json.loads(Path(work, "truth.json").read_text())
            if name.startswith("autotp"):
                check_universal(name, truth[name], work)
        # A script that DeepSpeed copies beside its checkpoints.
        for script in (ROOT / name).glob("zero_to_*.py"):
            script.unlink()
    path.write_text(json.dumps({k: truth[k] for k in sorted(truth)}, indent=0) + "\n")
    print(sum(f.stat().st_size for f in ROOT.rglob("*") if f.is_file()), "bytes")
