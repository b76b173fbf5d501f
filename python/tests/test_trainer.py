"""The callback in a real Trainer, on a model of a few hundred weights."""

from __future__ import annotations

import pathlib

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("accelerate")


class Model(torch.nn.Module):  # type: ignore[misc]
    """A line through points, whose loss becomes NaN at a step."""

    def __init__(self, breaks_at: int) -> None:
        super().__init__()
        self.line = torch.nn.Linear(4, 1)
        self.calls = 0
        self.breaks_at = breaks_at

    def forward(self, x: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
        self.calls += 1
        loss = ((self.line(x) - labels) ** 2).mean()
        return {"loss": loss * float("nan") if self.calls >= self.breaks_at else loss}


def train(folder: pathlib.Path, breaks_at: int, callback: object) -> "transformers.TrainerState":
    torch.manual_seed(0)
    data = [{"x": torch.randn(4), "labels": torch.randn(1)} for _ in range(256)]
    arguments = transformers.TrainingArguments(
        output_dir=str(folder), max_steps=60, per_device_train_batch_size=4, logging_steps=1, report_to=[],
        use_cpu=True, save_strategy="no", learning_rate=1e-2, disable_tqdm=True, seed=0,
    )  # fmt: skip
    trainer = transformers.Trainer(Model(breaks_at), arguments, train_dataset=data, callbacks=[callback])
    trainer.train()
    return trainer.state


def test_a_training_that_breaks_is_stopped(tmp_path: pathlib.Path) -> None:
    from ftreport.transformers import FtreportCallback

    callback = FtreportCallback(until=["non_finite", "diverged"])
    state = train(tmp_path, 20, callback)
    assert callback.finding is not None and callback.finding.kind in ("non_finite", "diverged")
    assert 20 <= state.global_step < 40


def test_a_good_training_goes_to_its_end(tmp_path: pathlib.Path) -> None:
    from ftreport.transformers import FtreportCallback

    callback = FtreportCallback()
    assert train(tmp_path, 1000, callback).global_step == 60
    assert callback.finding is None
