"""The samples of the repository, and the command: FTREPORT_BINARY, or the wheel's."""

from __future__ import annotations

import pathlib
import shutil

import pytest

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "samples/saves/tiny-random-qwen3/lora"

pytest_plugins = ["pytester"]


@pytest.fixture
def samples() -> pathlib.Path:
    """The folder of the sample runs: sft, sft_lr1e-4, sft_resumed, sft_diverged."""
    return SAMPLES


@pytest.fixture
def run_folder(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the good sample run, to be damaged."""
    return pathlib.Path(shutil.copytree(SAMPLES / "sft", tmp_path / "sft"))
