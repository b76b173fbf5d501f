"""Reports, comparisons, inspections and verifications as objects."""

from __future__ import annotations

import base64
import json
import math
import pathlib
import re
import subprocess

import pytest

import ftreport as ft


def test_a_report_has_attributes(samples: pathlib.Path) -> None:
    report = ft.report(samples / "sft")
    assert report.schema.name == "ftreport.run"
    assert report.name.endswith("lora/sft")
    assert report.evaluation is not None and report.evaluation.best is not None
    assert (report.evaluation.best.step, round(report.evaluation.best.value, 3)) == (1000, 4.753)
    assert report.final_training_loss is not None and report.final_training_loss.low < 4.7866
    assert report.json["name"] == report.name
    assert "No problem found" in repr(report)


def test_what_is_not_finite_is_no_word(samples: pathlib.Path) -> None:
    report = ft.report(samples / "sft_diverged")
    assert report.verdict.severity == "failure"
    last = next(metric for metric in report.metrics if metric.tag == "eval/loss").last
    assert last is not None and math.isnan(last.value)
    assert any(finding.kind == "non_finite" for finding in report.findings)


def test_options_are_those_of_the_command(samples: pathlib.Path) -> None:
    assert ft.report(samples / "sft", window="50%").options.window == 0.5
    with pytest.raises(ft.UsageError, match="share"):
        ft.report(samples / "sft", window="500%")
    with pytest.raises(ft.UsageError):
        ft.report(samples / "sft", nonsense=1)


def test_one_and_many(samples: pathlib.Path) -> None:
    assert len(ft.overview(samples).runs) == 4
    assert len(ft.overview([samples / "sft", samples / "sft_resumed"]).runs) == 2
    with pytest.raises(ft.UsageError, match="overview"):
        ft.report(samples)
    with pytest.raises(ft.UsageError, match="ftreport.report"):
        ft.overview(samples / "sft")


def test_a_path_that_looks_like_an_option_or_a_verb(
    samples: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("--version", "compare"):
        (tmp_path / name).symlink_to(samples / "sft")
        assert ft.report(name).schema.name == "ftreport.run"


def test_damage_is_told_with_file_and_offset(run_folder: pathlib.Path) -> None:
    (events,) = run_folder.glob("runs/*/*.1")
    data = bytearray(events.read_bytes())
    data[-10] ^= 1
    events.write_bytes(data)
    quality = ft.report(run_folder).quality
    assert quality.fault_count == 1 and quality.faults[0].file == str(events)
    assert 0 < quality.faults[0].offset < len(data)
    verification = ft.verify(run_folder)
    assert [file.fault_count for file in verification.files if file.file == str(events)] == [1]
    assert "1 fault" in verification.to_markdown()


@pytest.mark.parametrize("many", [False, True])
def test_a_notebook_shows_the_picture_also_where_it_is_not_trusted(samples: pathlib.Path, many: bool) -> None:
    shown = ft.overview(samples) if many else ft.report(samples / "sft")
    bundle = shown._repr_mimebundle_()
    page = bundle["text/html"]
    assert "image/svg+xml" not in bundle and "<svg" not in page and "<script" not in page
    pictures = re.findall(r'<img [^>]*src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert pictures
    for picture in pictures:
        assert base64.b64decode(picture).startswith(b"<svg")
    assert shown._repr_html_() == page
    assert bundle["text/plain"]


def test_other_forms(samples: pathlib.Path, tmp_path: pathlib.Path) -> None:
    report = ft.report(samples / "sft")
    assert "4.753" in report.to_markdown()
    assert report.to_html().lstrip().lower().startswith("<!doctype html>")
    report.save(tmp_path)
    assert (tmp_path / "sft.report/report.md").exists()


def test_runs_compared(samples: pathlib.Path) -> None:
    comparison = ft.compare(samples / "sft", samples / "sft_lr1e-4")
    assert isinstance(comparison, ft.RunComparison)
    (pair,) = comparison.comparisons
    assert "worse" in pair.verdict.lower()
    loss = next(metric for metric in pair.metrics if metric.tag == "eval/loss" and metric.stat == "best")
    assert loss.effect is not None and loss.effect.difference == pytest.approx(0.922, abs=1e-3)


def test_checkpoints_compared(samples: pathlib.Path) -> None:
    comparison = ft.compare(samples / "sft/checkpoint-500", samples / "sft/checkpoint-1000")
    assert isinstance(comparison, ft.CheckpointComparison)
    assert [side.step for side in comparison.checkpoints] == [500, 1000]


def test_inspection(samples: pathlib.Path, tmp_path: pathlib.Path) -> None:
    inspection = ft.inspect(samples / "sft/checkpoint-500")
    assert inspection.totals is not None and inspection.totals.tensors == 42
    (tmp_path / "a.safetensors").write_bytes(b"\xff" * 20)
    with pytest.raises(ft.DataError) as found:
        ft.inspect(tmp_path / "a.safetensors")
    assert found.value.file == str(tmp_path / "a.safetensors")


def test_every_document_fits_its_class(samples: pathlib.Path) -> None:
    """Whatever the command prints is read, and nothing of it is lost."""
    from ftreport import models
    from ftreport._decoding import decode

    sft = str(samples / "sft")
    commands = [
        ["report", sft], ["report", str(samples)], ["report", str(samples / "sft_diverged")],
        ["compare", sft, str(samples / "sft_resumed")], ["compare", sft, str(samples / "sft_diverged")],
    ]  # fmt: skip
    for command in commands:
        text = subprocess.run([ft.binary(), *command, "--format", "json"], capture_output=True, check=True).stdout
        value = json.loads(text)
        document = decode(models.DOCUMENTS[value["schema"]["name"]], value)
        assert set(vars(document)) == set(value)


def test_spectrum(samples: pathlib.Path) -> None:
    checkpoint = samples / "sft/checkpoint-500"
    spectrum = ft.spectrum(checkpoint)
    module = spectrum.modules[0]
    assert len(module.singular_values) == module.rank == 8
    # The norm of ΔW is that of its singular values.
    assert module.norm == pytest.approx(sum(value**2 for value in module.singular_values) ** 0.5, rel=1e-12)
    assert spectrum.norm == pytest.approx(sum((each.norm or 0) ** 2 for each in spectrum.modules) ** 0.5, rel=1e-12)
    table = spectrum.to_table().to_dict()
    assert table["module"][0] == module.module and table["rank_99"][0] == module.rank_99
    assert "down_proj" in spectrum._repr_html_()
    with pytest.raises(ft.DataError):
        ft.spectrum(samples / "sft")


def test_every_answer_is_a_page(samples: pathlib.Path) -> None:
    for answer in (ft.inspect(samples / "sft/checkpoint-500"), ft.verify(samples / "sft")):
        bundle = answer._repr_mimebundle_()
        assert {"text/html", "text/markdown", "text/plain"} <= set(bundle)
        assert "<table" in answer._repr_html_() and answer.to_markdown().startswith("# ")
