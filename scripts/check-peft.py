#!/usr/bin/env python3
"""Holds `ftreport compare` against PEFT, over PEFT's own list of models and configurations.

    scripts/check-peft.py PEFT_CHECKOUT [FTREPORT] [--keep FOLDER] [--only WORD]

PEFT_CHECKOUT is a checkout of PEFT's repository; only its list of test cases is read (tests/test_custom_models.py), PEFT
itself is the installed one. For each case a model is made, adapted, moved at random twice and saved twice; the true change
of each weight is the difference of PEFT's `merge_and_unload` from the base. Each changed weight has to be

    equal     in the comparison (with --base, where that is needed) with the same ‖ΔW‖ of both saves and the same
              norm of their difference, to 1e-6; or
    declined  the comparison says, by the name of the kind, that no ΔW is made of its tensors.

Anything else is wrong, and fails. The table that docs/adapters.md has is printed at the end.

Needs torch, peft, transformers, safetensors, pytest, parameterized and datasets.
"""
import argparse
import collections
import copy
import json
import os
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch  # noqa: E402
from peft import get_peft_model  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
TOLERANCE = 1e-6


def state(model):
    return {name: tensor.detach().clone().contiguous() for name, tensor in model.state_dict().items()}


def move(model, seed, share):
    """A random step of everything that is trained."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for _, parameter in model.named_parameters():
            if parameter.requires_grad and parameter.is_floating_point():
                parameter.add_(torch.randn(parameter.shape, generator=generator).to(parameter.dtype) * share)


def merged(model):
    """The weights with the adapter in them, computed in float64 by PEFT's own code."""
    return state(copy.deepcopy(model).double().merge_and_unload())


def make(case, tests, folder):
    """Two saves and the base in `folder`; the true changes, (before, after, difference) by the weight's name."""
    _, model_name, config_class, arguments = case
    base = tests.MockTransformerWrapper.from_pretrained(model_name)
    original = state(base)
    arguments = dict(arguments)
    torch.manual_seed(1)
    model = get_peft_model(base, config_class(**arguments, base_model_name_or_path="base"))
    os.makedirs(os.path.join(folder, "base"))
    save_file(original, os.path.join(folder, "base", "model.safetensors"), metadata={"format": "pt"})
    weights, why = [], None
    for number, name in enumerate(("checkpoint-10", "checkpoint-20")):
        move(model, 7 + number, 0.1 if number == 0 else 0.03)
        model.eval()
        model.save_pretrained(os.path.join(folder, name))
        try:
            weights.append(merged(model))
        except Exception as error:  # kinds that cannot be merged
            why = f"{type(error).__name__}: {error}"
    if why:
        return None, why
    truths = {}
    for name, start in original.items():
        before, after = weights[0].get(name), weights[1].get(name)
        if before is None or not start.is_floating_point():
            continue
        before, after = before - start, after - start
        if before.abs().max() > 1e-12 or after.abs().max() > 1e-12:
            truths[name] = [float(before.norm()), float(after.norm()), float((after - before).norm())]
    for name, module in model.base_model.model.named_modules():
        # `merge` of PEFT's attention adds the ΔW of its output twice, by itself and by the projection's own.
        if type(module).__name__ == "MultiheadAttention" and hasattr(module, "lora_A"):
            place = name + ".out_proj.weight"
            truths[place] = [value / 2 for value in truths[place]]
    return truths, None


def near(value, truth, scale):
    return value is not None and abs(value - truth) <= TOLERANCE * max(scale, abs(truth))


def compare(binary, folder, base):
    command = [binary, "compare", "checkpoint-10", "checkpoint-20", "--format"]
    more = ["--base", "base"] if base else []
    page = subprocess.run(command + ["md"] + more, cwd=folder, capture_output=True, text=True)
    found = subprocess.run(command + ["json"] + more, cwd=folder, capture_output=True, text=True)
    if page.returncode not in (0, 1) or found.returncode not in (0, 1):
        return (page.stderr + found.stderr).strip(), {}
    return page.stdout, json.loads(found.stdout)


def judged(page, found, name, truth):
    """What the comparison says of one weight."""
    module_name, _, parameter = name.rpartition(".")
    scale = max(truth)
    scaling = 1
    for module in found.get("modules", []):
        is_weight = module["module"] == module_name and parameter in ("weight", "in_proj_weight")
        if is_weight and module["scaling"][1] is not None:
            scaling = module["scaling"][1]
        if module.get("expert") is not None or not (is_weight or module["module"] == name):
            continue
        norms = module["delta_norm"]
        if near(norms[0], truth[0], scale) and near(norms[1], truth[1], scale) \
                and near(module["difference_norm"], truth[2], scale):
            return "equal"
        if module["extent"] == "part" and ("low-rank part" in page or "changed the base model" in page):
            return "a part, said"
        return f"wrong: ‖ΔW‖ {norms} and {module['difference_norm']} for {truth}"
    # The rows of trained tokens, and the bias of B, which is scaled as B is.
    others = {name: 1, module_name: 1, module_name + ".token_adapter.trainable_tokens_delta": 1}
    if parameter == "bias":
        others = {name: 1, module_name + ".lora_B.bias": next(
            (m["scaling"][1] for m in found.get("modules", []) if m["module"] == module_name), 1)}
    for tensor in found.get("tensors", []):
        if tensor["tensor"] in others or tensor["tensor"] + ".weight" == name:
            moved = tensor["difference_norm"] * others.get(tensor["tensor"], 1)
            return "equal" if near(moved, truth[2], scale) else f"wrong: moved {moved} for {truth[2]}"
    return "declined" if "no ΔW is made" in page else "wrong: nothing is said"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkout")
    parser.add_argument("ftreport", nargs="?", default=os.path.join(HERE, "..", ".build", "debug", "ftreport"))
    parser.add_argument("--keep")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    sys.path.insert(0, options.checkout)
    from tests import test_custom_models as tests

    binary = os.path.abspath(options.ftreport)
    root = options.keep or tempfile.mkdtemp()
    table, wrong = collections.defaultdict(collections.Counter), 0
    for number, case in enumerate(tests.TEST_CASES):
        if options.only.lower() not in case[0].lower():
            continue
        folder = os.path.join(root, f"{number:03}")
        kind = case[2].__name__.removesuffix("Config")
        made = os.path.join(folder, "truth.json")
        if os.path.exists(made):
            truths, why = json.load(open(made))
        else:
            try:
                truths, why = make(case, tests, folder)
            except Exception as error:
                print(f"{number:03} {case[0]}: not made: {type(error).__name__}: {error}")
                table[kind]["not made"] += 1
                continue
            json.dump([truths, why], open(made, "w"))
        outcomes = []
        for base in (False, True):
            page, found = compare(binary, folder, base)
            if truths is None:
                says = "no ΔW is made" in page
                outcomes.append({"": "declined" if says else f"wrong: nothing is said ({why})"})
            else:
                outcomes.append({name: judged(page, found, name, truth) for name, truth in truths.items()})
        for name, plain in outcomes[0].items():
            with_base = outcomes[1][name]
            verdict = plain if plain == with_base else f"without base {plain}; with base {with_base}"
            if plain in ("declined", "a part, said") and with_base == "equal":
                verdict = "equal with base"
            is_wrong = "wrong" in verdict
            wrong += is_wrong
            table[kind]["wrong" if is_wrong else verdict] += 1
            if is_wrong:
                print(f"{number:03} {case[0]} {name}: {verdict}")
    print()
    columns = ("equal", "equal with base", "a part, said", "declined", "wrong", "not made")
    print("| kind | " + " | ".join(columns) + " |\n|" + "---|" * (len(columns) + 1))
    for kind, counts in sorted(table.items()):
        print(f"| {kind} | " + " | ".join(str(counts[column] or "") for column in columns) + " |")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
