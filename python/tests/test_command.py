"""The command: where it is found, and that whatever it does stays outside."""

from __future__ import annotations

import os
import pathlib
import stat
import subprocess
import sys

import pytest

import ftreport as ft
from ftreport._process import run


def script(path: pathlib.Path, text: str) -> str:
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_crash_is_an_exception(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FTREPORT_BINARY", script(tmp_path / "crash", "kill -SEGV $$\n"))
    with pytest.raises(ft.CrashError, match="signal 11") as found:
        ft.report(tmp_path)
    assert found.value.status == -11


def test_a_command_that_says_nothing_is_an_exception(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FTREPORT_BINARY", script(tmp_path / "odd", "exit 77\n"))
    with pytest.raises(ft.CrashError, match="status 77"):
        ft.report(tmp_path)


def test_a_binary_that_is_not_there(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FTREPORT_BINARY", str(tmp_path / "nothing"))
    with pytest.raises(ft.BinaryNotFound, match="FTREPORT_BINARY"):
        ft.binary()


def test_one_on_the_path_is_found(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ftreport import _binary

    monkeypatch.delenv("FTREPORT_BINARY", raising=False)
    monkeypatch.setattr(_binary, "_places", lambda: iter([str(tmp_path / "nowhere")]))
    monkeypatch.setenv("PATH", str(tmp_path))
    _binary._find.cache_clear()
    try:
        with pytest.raises(ft.BinaryNotFound):
            ft.binary()
        expected = script(tmp_path / "ftreport", "exit 0\n")
        assert ft.binary() == expected
    finally:
        _binary._find.cache_clear()


def test_errors_name_file_and_offset() -> None:
    error = ft.DataError("saves/a: b/x: 1234: the checksum does not fit\nmore", 3)
    assert (error.file, error.offset) == ("saves/a: b/x", 1234) or (error.file, error.offset) == ("saves/a", None)
    error = ft.DataError("a/events.out: 1234: the checksum does not fit", 3)
    assert (error.file, error.offset) == ("a/events.out", 1234)
    assert ft.FtreportError("nothing of the sort").file is None


def test_large_outputs_and_complaints_do_not_block(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; cat >/dev/null\n"
    monkeypatch.setenv("FTREPORT_BINARY", script(tmp_path / "loud", words))
    outcome = run([], paths=["x" * 100] * 10_000)
    assert len(outcome.output) == 3_000_000 and len(outcome.errors) == 3_000_000


def test_import_is_quick_and_brings_nothing() -> None:
    code = (
        "import sys, time; t = time.process_time(); import ftreport; print(time.process_time() - t);"
        "print(*sorted(name for name in sys.modules if name.startswith('ftreport') or name in ('json', 'subprocess')))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    outcomes = [
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True).stdout
        for _ in range(5)
    ]
    assert min(float(outcome.split("\n")[0]) for outcome in outcomes) < 0.030
    assert all(outcome.split("\n")[1] == "ftreport" for outcome in outcomes)


def test_every_name_is_there() -> None:
    assert set(ft.__all__) <= set(dir(ft))
    for name in ft.__all__:
        assert getattr(ft, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        ft.nothing  # noqa: B018


def test_the_schemas_models_are_current() -> None:
    root = pathlib.Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, root / "scripts/generate-python-models.py", "--check"], check=True)
