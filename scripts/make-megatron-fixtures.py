"""Writes Tests/CheckpointTests/Fixtures/megatron: what megatron-core saves with its distributed optimizer.

Two processes (gloo, CPU) train a GPT of one layer for two steps, tensor-parallel, and save it in the legacy layout
(`model_optim_rng.pt` with `distrib_optim.pt`). The contents of the files are megatron-core's own; the dictionary around them is put together as Megatron-LM's training script, which
is not part of the package, does it. The truth is what the ranks hold in memory. Run with Python 3, torch and
megatron-core (0.16):

    python scripts/make-megatron-fixtures.py

With `fully_reshardable` or `dp_reshardable` as arguments, these layouts of torch_dist are written too; with 150 and
250 kB they are not kept.
"""
import argparse, json, multiprocessing, os, shutil, sys, tempfile
from collections import OrderedDict
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

ROOT = Path(__file__).resolve().parent.parent / "Tests/CheckpointTests/Fixtures/megatron"


def raw(tensor):
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex()


def rows(named):
    return [[name, str(t.dtype)[6:], list(t.shape), raw(t)] for name, t in named]


def without_cuda():
    """megatron-core asks for the current device of CUDA wherever it makes a tensor."""
    cpu = torch.device("cpu")
    torch.cuda.current_device = lambda: cpu
    torch.cuda.synchronize = lambda *a, **k: None
    torch.Tensor.cuda = lambda self, *a, **k: self
    torch.nn.Module.cuda = lambda self, *a, **k: self
    kind = torch.Tensor.type
    torch.Tensor.type = lambda self, *a, **k: (
        kind(self, *a, **k) if a or k else kind(self).replace("torch.", "torch.cuda."))

    def on_cpu(function):
        def call(*arguments, **options):
            if str(options.get("device", "")).startswith("cuda"):
                options["device"] = cpu
            return function(*arguments, **options)
        return call
    for name in ("tensor", "zeros", "empty", "ones", "full", "zeros_like"):
        setattr(torch, name, on_cpu(getattr(torch, name)))


def whole(name, parts):
    """Two ranks' parts as one tensor, as Megatron cuts it."""
    if any(key in name for key in ("norm", "linear_proj.bias", "linear_fc2.bias", "position_embeddings")):
        return parts[0]
    if "linear_fc1" in name:
        halves = [part.chunk(2) for part in parts]
        return torch.cat([half[i] for i in range(2) for half in halves])
    return torch.cat(parts, 1 if "linear_proj.weight" in name or "linear_fc2.weight" in name else 0)


def rank_main(rank, work, kinds):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29541", RANK=str(rank), WORLD_SIZE="2", LOCAL_RANK=str(rank),
                      CUDA_DEVICE_MAX_CONNECTIONS="1")
    dist.init_process_group("gloo", init_method=f"file://{work}/store", rank=rank, world_size=2)
    os.chdir(ROOT)
    without_cuda()
    from megatron.core import dist_checkpointing, parallel_state, tensor_parallel
    from megatron.core.distributed import DistributedDataParallel, DistributedDataParallelConfig
    from megatron.core.models.gpt import GPTModel
    from megatron.core.models.gpt.gpt_layer_specs import get_gpt_layer_local_spec
    from megatron.core.optimizer import OptimizerConfig, get_megatron_optimizer
    from megatron.core.transformer import TransformerConfig
    parallel_state.initialize_model_parallel(tensor_model_parallel_size=2)
    torch.manual_seed(11 + rank)
    config = TransformerConfig(
        num_layers=1, hidden_size=8, num_attention_heads=2, ffn_hidden_size=6, tensor_model_parallel_size=2,
        gated_linear_unit=True, activation_func=torch.nn.functional.silu, add_bias_linear=False, bf16=True,
        params_dtype=torch.bfloat16, normalization="RMSNorm", attention_dropout=0, hidden_dropout=0,
        use_cpu_initialization=True, gradient_accumulation_fusion=False, bias_activation_fusion=False,
        bias_dropout_fusion=False, masked_softmax_fusion=False, persist_layer_norm=False,
        perform_initialization=True)
    model = GPTModel(
        config=config, transformer_layer_spec=get_gpt_layer_local_spec(normalization="RMSNorm"), vocab_size=12,
        max_sequence_length=8, position_embedding_type="none", share_embeddings_and_output_weights=False).bfloat16()
    model = DistributedDataParallel(
        config, DistributedDataParallelConfig(use_distributed_optimizer=True, overlap_grad_reduce=False), model)
    optimizer = get_megatron_optimizer(
        OptimizerConfig(optimizer="adam", lr=1e-2, bf16=True, params_dtype=torch.bfloat16,
                        use_distributed_optimizer=True, clip_grad=0.0), [model])
    generator = torch.Generator().manual_seed(5)
    for _ in range(2):
        optimizer.zero_grad()
        model.zero_grad_buffer()
        for name, parameter in model.module.named_parameters():
            # The gradients are made up: attention of megatron-core needs CUDA.
            gradient = torch.randn(parameter.shape, generator=generator)
            parameter.main_grad.copy_(gradient if rank == 0 or "norm" in name else gradient * 2)
        optimizer.step()

    inner = optimizer.chained_optimizers[0] if hasattr(optimizer, "chained_optimizers") else optimizer
    held = OrderedDict()
    for name, parameter in model.module.named_parameters():
        state = inner._get_main_param_and_optimizer_states(parameter)
        held[name] = {key: state[key].detach().clone().reshape(parameter.shape) for key in ("param", "exp_avg", "exp_avg_sq")}
        held[name]["model"] = parameter.detach().clone()
    ranks = [None, None]
    dist.all_gather_object(ranks, held)
    if rank == 0:
        truth = {key: rows((name, whole(name, [r[name][key] for r in ranks])) for name in held)
                 for key in ("model", "param", "exp_avg", "exp_avg_sq")}
        Path(work, "truth.json").write_text(json.dumps(truth))

    arguments = argparse.Namespace(
        swiglu=True, hidden_size=8, num_layers=1, tensor_model_parallel_size=2, use_distributed_optimizer=True,
        overlap_grad_reduce=False, ddp_bucket_size=None, data_parallel_size=1, iteration=2)
    folder = Path("legacy/iter_0000002", f"mp_rank_{rank:02d}")
    folder.mkdir(parents=True)
    torch.save({"args": arguments, "checkpoint_version": 3.0, "iteration": 2,
                "model": model.module.state_dict_for_save_checkpoint(), "optimizer": optimizer.state_dict(),
                "opt_param_scheduler": {"max_lr": 1e-2, "num_steps": 16}}, folder / "model_optim_rng.pt")
    optimizer.save_parameter_state(str(folder / "distrib_optim.pt"))
    for kind in kinds:
        state = {"model": model.module.sharded_state_dict()}
        state["optimizer"] = optimizer.sharded_state_dict(
            state, metadata={"distrib_optim_sharding_type": kind})
        state.update(iteration=2, checkpoint_version=3.0, args=arguments)
        path = Path(f"torch_dist_{kind}", "iter_0000002")
        if rank == 0:
            path.mkdir(parents=True)
        dist.barrier()
        dist_checkpointing.save(state, str(path))
    if rank == 0:
        for top in ["legacy"] + [f"torch_dist_{kind}" for kind in kinds]:
            Path(top, "latest_checkpointed_iteration.txt").write_text("2")
    dist.barrier()
    for child in multiprocessing.active_children():  # those of dist_checkpointing wait for more to write
        child.kill()
    os._exit(0)


if __name__ == "__main__":
    shutil.rmtree(ROOT, ignore_errors=True)
    ROOT.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work:
        mp.spawn(rank_main, (work, sys.argv[1:]), nprocs=2)
        truth = json.loads(Path(work, "truth.json").read_text())
    (ROOT / "truth.json").write_text(json.dumps(truth, indent=0) + "\n")
    print(sum(f.stat().st_size for f in ROOT.rglob("*") if f.is_file()), "bytes")
