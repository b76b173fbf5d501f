"""Measures whole processes: `ftreport inspect` of DeepSpeed saves against torch.load of the same files in a fresh
Python, and `ftreport compare` of two PyTorch archives against two safetensors files of the same tensors.

    python Benchmarks/archives.py path/to/ftreport path/to/global_step500 [more folders]

Needs torch and safetensors. DeepSpeed is not needed: the few classes that its pickles name are stood in for.
"""
import os, resource, statistics, subprocess, sys, tempfile

LOAD = """
import enum, glob, sys, types
import torch
def module(name, **members):
    value = types.ModuleType(name); value.__dict__.update(members); value.__path__ = []; sys.modules[name] = value
class Stage(enum.IntEnum): disabled = 0; optimizer = 1; gradients = 2; weights = 3
class LossScaler: pass
class fragment_address: pass
for name in ("deepspeed", "deepspeed.runtime", "deepspeed.runtime.fp16", "deepspeed.runtime.zero", "deepspeed.utils"):
    module(name)
module("deepspeed.runtime.fp16.loss_scaler", LossScaler=LossScaler)
module("deepspeed.runtime.zero.config", ZeroStageEnum=Stage)
module("deepspeed.utils.tensor_fragment", fragment_address=fragment_address)
for path in sorted(glob.glob(sys.argv[1] + "/*.pt")):
    torch.load(path, map_location="cpu", weights_only=False, mmap=True)
"""


def cpu(command, count):
    seconds = []
    for _ in range(count):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(seconds)


def main():
    ftreport = os.path.abspath(sys.argv[1])
    for folder in sys.argv[2:]:
        own = cpu([ftreport, "inspect", folder], 15)
        torch_load = cpu([sys.executable, "-c", LOAD, folder], 5)
        print(f"{folder}: inspect {own * 1e3:.1f} ms, torch.load {torch_load * 1e3:.0f} ms, {torch_load / own:.0f} times")
    import torch
    from safetensors.torch import save_file
    with tempfile.TemporaryDirectory() as folder:
        for seed in (1, 2):
            generator = torch.Generator().manual_seed(seed)
            state = {f"layers.{i}.weight": torch.randn(1024, 1024, generator=generator) for i in range(64)}
            torch.save(state, f"{folder}/{seed}.pt")
            save_file(state, f"{folder}/{seed}.safetensors")
        times = {}
        for ending in ("safetensors", "pt"):
            command = [ftreport, "compare", "--format", "text", f"{folder}/1.{ending}", f"{folder}/2.{ending}"]
            times[ending] = cpu(command, 9)
            print(f"compare two {ending} of 268 MB: {times[ending] * 1e3:.0f} ms")
        print(f"archive to safetensors: {times['pt'] / times['safetensors']:.2f}")


if __name__ == "__main__":
    main()
