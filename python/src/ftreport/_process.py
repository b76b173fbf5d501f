"""Running the command. It is a process of its own, so that whatever it does, the caller goes on."""

from __future__ import annotations

import mmap
import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any, Optional, Union

from ._binary import binary
from .errors import CrashError, DataError, FtreportError, UsageError

PathLike = Union[str, "os.PathLike[str]"]
Paths = Union[PathLike, Iterable[PathLike]]
Buffer = Union[bytes, mmap.mmap]


@dataclass(frozen=True)
class Outcome:
    """What a run of the command left."""

    status: int
    output: Buffer
    errors: str


def path_list(paths: Paths) -> list[str]:
    """The paths as texts; one alone is a list of one."""
    if isinstance(paths, (str, os.PathLike)):
        return [os.fspath(paths)]
    return [os.fspath(path) for path in paths]


def run(
    arguments: Sequence[str], *, paths: Optional[Sequence[str]] = None, good: Iterable[int] = (0,)
) -> Outcome:
    """Runs the command.

    Args:
        arguments: behind the command's name.
        paths: go in by ``--paths-from -``, whatever their number and names.
        good: the exit statuses that are answers.

    Raises:
        UsageError, DataError, CrashError: by the exit status.
    """
    command = [binary(), *arguments]
    listed = b""
    if paths is not None:
        command += ["--paths-from", "-"]
        # A NUL at the end makes NUL the separator, also of one path.
        listed = b"".join(os.fsencode(path) + b"\0" for path in paths)
    with _memory_file() as output, _memory_file() as errors:
        try:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=errors)
        except OSError as error:
            raise FtreportError(f"{command[0]}: {error.strerror}") from error
        try:
            process.communicate(listed)
        except BaseException:  # an interrupt of the notebook ends the command too
            process.kill()
            process.wait()
            raise
        words = bytes(_contents(errors)).decode("utf-8", "replace").rstrip("\n")
        outcome = Outcome(process.returncode, _contents(output), words)
    if outcome.status not in set(good):
        raise failure(outcome)
    return outcome


def failure(outcome: Outcome) -> FtreportError:
    """The exception for an outcome that is no answer."""
    status = outcome.status
    if status == 2:
        return UsageError(outcome.errors, status)
    if status == 3:
        return DataError(outcome.errors, status)
    if status < 0:
        return CrashError(f"ftreport was ended by signal {-status}\n{outcome.errors}".rstrip(), status)
    return CrashError(outcome.errors or f"ftreport ended with status {status}", status)


def text(outcome: Outcome) -> str:
    """The output as text."""
    return bytes(outcome.output).decode("utf-8")


def _memory_file() -> IO[bytes]:
    """A file that the command writes into and that can be mapped: in memory where the system has such."""
    create: Any = getattr(os, "memfd_create", None)
    if create is not None:
        try:
            return os.fdopen(create("ftreport"), "w+b", buffering=0)
        except OSError:  # a sandbox may forbid it
            pass
    return tempfile.TemporaryFile(buffering=0)


def _contents(file: IO[bytes]) -> Buffer:
    size = os.fstat(file.fileno()).st_size
    if size < 1 << 16:
        file.seek(0)
        return file.read()
    return mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
