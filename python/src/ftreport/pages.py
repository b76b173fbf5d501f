"""Reports and comparisons as objects that a notebook shows."""

from __future__ import annotations

import base64
import html
import json
import re
from dataclasses import dataclass
from typing import Any, Optional, TypeVar, Union

from . import models
from ._decoding import decode
from ._process import PathLike, Paths, failure, path_list, run, text
from .errors import UsageError
from .tables import Table

_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


class Page:
    """What a notebook shows, and how it is had in other forms. Each form is made by the command when it is asked for."""

    _command: list[str]
    _json: Any
    _shown: Optional[dict[str, Any]] = None

    @property
    def json(self) -> Any:
        """The document as JSON has it, with words for numbers that are not finite."""
        return self._json

    def to_markdown(self) -> str:
        """The page as Markdown."""
        return _answer(self._command, "md")

    def to_html(self) -> str:
        """The page as one HTML file that needs nothing else."""
        return _answer(self._command, "html")

    def save(self, folder: PathLike) -> None:
        """Writes the report's folder, with its pictures, into `folder`."""
        run([*self._command, "-o", str(folder)])

    def _bundle(self) -> dict[str, Any]:
        if self._shown is None:
            self._shown = bundle(self._command)
        return self._shown

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self._bundle()

    def _repr_html_(self) -> str:
        return str(self._bundle()["text/html"])


def _answer(command: list[str], form: str) -> str:
    """What `command` prints; a page that tells of faults or of a failed gate is an answer too."""
    outcome = run([*command, "--format", form], good=(0, 1, 3, 4))
    words = text(outcome)
    if not words:
        raise failure(outcome)
    return words


def bundle(command: list[str]) -> dict[str, Any]:
    """What a notebook shows of `command`, by MIME types."""
    shown: dict[str, Any] = json.loads(_answer(command, "mimebundle"))
    picture = shown.pop("image/svg+xml", None)
    page = shown.get("text/html")
    if page is None:
        image = "" if picture is None else _image(picture)
        page = f"{image}<pre>{html.escape(shown.get('text/plain', ''))}</pre>"
    # Notebooks that are not trusted lose inline SVG, and keep images.
    shown["text/html"] = _SVG.sub(lambda found: _image(found.group()), page)
    return shown


def _image(svg: str) -> str:
    if "xmlns=" not in svg[: svg.find(">")]:
        svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    title = re.search(r"<title>(.*?)</title>", svg, re.DOTALL)
    words = title.group(1) if title else "chart"
    data = base64.b64encode(svg.encode()).decode()
    return f'<img alt="{words}" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'


@dataclass(repr=False)
class RunReport(Page, models.Run):
    """The figures and findings of one run."""

    def __repr__(self) -> str:
        return f"<ftreport of {self.name}: {self.verdict.label}. {self.verdict.sentence}>"


@dataclass(repr=False)
class OverviewReport(Page, models.Overview):
    """The figures and findings of many runs."""

    def __repr__(self) -> str:
        return f"<ftreport of {len(self.runs)} runs: {self.title}>"


@dataclass(repr=False)
class RunComparison(Page, models.Comparison):
    """Runs held against the first of them."""

    def __repr__(self) -> str:
        pairs = "; ".join(f"{pair.new.name}: {pair.verdict}" for pair in self.comparisons)
        return f"<ftreport of runs against {self.base.name}: {pairs}>"


@dataclass(repr=False)
class CheckpointComparison(Page, models.CheckpointComparison):
    """Two checkpoints, the second held against the first."""

    def __repr__(self) -> str:
        return f"<ftreport of checkpoints: {self.remark or self.movement or self.relation}>"


@dataclass(repr=False)
class Inspection(Page, models.Inspection):
    """What a checkpoint holds."""

    def __repr__(self) -> str:
        return f"<ftreport of {self.path}: {self.totals.tensors:,} tensors, {self.totals.elements:,} elements>"


@dataclass(repr=False)
class OptimizerInspection(Page, models.OptimizerInspection):
    """The state of an optimizer."""

    def __repr__(self) -> str:
        return f"<ftreport of the optimizer of {self.path}>"


@dataclass(repr=False)
class PickleInspection(Page, models.PickleInspection):
    """What a pickled file holds, and what it would call."""

    def __repr__(self) -> str:
        return f"<ftreport of the values of {self.path}>"


@dataclass(repr=False)
class Spectrum(Page, models.Spectrum):
    """The singular values of an adapter's modules, and what they tell of its rank."""

    def to_table(self) -> Table:
        """A row for each module: its figures; its singular values are in ``modules``."""
        names = ("module", "expert", "rank", "scaling", "norm", "stable_rank", "effective_rank", "rank_90", "rank_95",
                 "rank_99", "noise_edge", "above_noise", "dead", "duplicates", "norm_a", "norm_b")  # fmt: skip
        whole = {"expert", "rank", "rank_90", "rank_95", "rank_99", "above_noise", "dead", "duplicates"}
        types = {name: "text" if name == "module" else "integer" if name in whole else "number" for name in names}
        return Table({name: [getattr(module, name) for module in self.modules] for name in names}, types)

    def __repr__(self) -> str:
        return f"<ftreport of the spectrum of {self.path}: {len(self.modules):,} modules>"


class Verification(Page):
    """What checking files found.

    Attributes:
        files: what was found in each.
    """

    def __init__(self, files: list[models.FileVerification]) -> None:
        self.files = files

    @property
    def fault_count(self) -> int:
        """The number of faults in all files."""
        return sum(file.fault_count for file in self.files)

    def __repr__(self) -> str:
        return f"<ftreport of {len(self.files):,} files: {self.fault_count:,} faults>"


P = TypeVar("P", bound=Page)


def page(cls: type[P], command: list[str], value: Any) -> P:
    """The page of `command`, whose JSON is `value`."""
    made = decode(cls, value)
    made._command = command
    made._json = value
    return made


def _schema(value: Any) -> str:
    heading = value.get("schema") if isinstance(value, dict) else None
    return str(heading.get("name")) if isinstance(heading, dict) else ""


def _options(options: dict[str, Any]) -> list[str]:
    """Options of the command from keywords: ``smoothing=0.9`` is ``--smoothing 0.9``."""
    words: list[str] = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            words.append(flag)
        else:
            for each in value if isinstance(value, (list, tuple)) else [value]:
                words += [flag, str(each)]
    return words


def _inert(path: PathLike) -> str:
    """A path that no option and no subcommand can be mistaken for."""
    words = str(path)
    return words if words.startswith(("/", "./", "../")) else "./" + words


def report(path: PathLike, **options: Any) -> RunReport:
    """The report of the run at `path`: a run folder, an event file, or a trainer's output folder.

    Args:
        options: those of ``ftreport report``, for example ``window="5%"``, ``metric=["eval/*"]``.

    Raises:
        DataError: there is no run, or it cannot be read.
        UsageError: there are many runs (see `overview`), or an option is wrong.
    """
    command = ["report", _inert(path), *_options(options)]
    value = json.loads(text(run([*command, "--format", "json"])))
    if _schema(value) == "ftreport.overview":
        raise UsageError(f"{path}: {len(value['runs'])} runs; ftreport.overview takes many", 2)
    return page(RunReport, command, value)


def overview(paths: Paths, **options: Any) -> OverviewReport:
    """The report of two or more runs: several paths, or a folder of many."""
    command = ["report", *map(_inert, path_list(paths)), *_options(options)]
    value = json.loads(text(run([*command, "--format", "json"])))
    if _schema(value) == "ftreport.run":
        raise UsageError(f"{value['path']}: one run; ftreport.report takes one", 2)
    return page(OverviewReport, command, value)


def compare(first: PathLike, *others: PathLike, **options: Any) -> Union[RunComparison, CheckpointComparison]:
    """Runs held against `first`, or two checkpoints.

    Args:
        options: those of ``ftreport compare``, for example ``metric="eval/*"``, ``margin="2%"``, ``base="Qwen3-4B"``.

    Raises:
        DataError: a path is no run or checkpoint, or cannot be read.
    """
    command = ["compare", _inert(first), *map(_inert, others), *_options(options)]
    value = json.loads(text(run([*command, "--format", "json"])))
    if _schema(value) == "ftreport.comparison":
        return page(RunComparison, command, value)
    return page(CheckpointComparison, command, value)


def inspect(path: PathLike, **options: Any) -> Union[Inspection, OptimizerInspection, PickleInspection]:
    """The tensors, types and adapter of the checkpoint at `path`; nothing in it is executed.

    Args:
        options: those of ``ftreport inspect``: ``optimizer=True`` for the optimizer's state, ``values=True`` for what a
            pickled file holds.

    Raises:
        DataError: it is no checkpoint, or broken.
    """
    command = ["inspect", _inert(path), *_options(options)]
    value = json.loads(text(run([*command, "--format", "json"])))
    if _schema(value) == "ftreport.optimizer":
        return page(OptimizerInspection, command, value)
    if _schema(value) == "ftreport.pickle":
        return page(PickleInspection, command, value)
    return page(Inspection, command, value)


def spectrum(path: PathLike, **options: Any) -> Spectrum:
    """The singular values of ΔW of every module of the adapter at `path`, and what they tell of its rank.

    Args:
        options: those of ``ftreport inspect --spectrum``, for example ``alpha=16``.

    Raises:
        DataError: it holds no adapter, or is broken.
    """
    command = ["inspect", _inert(path), "--spectrum", *_options(options)]
    return page(Spectrum, command, json.loads(text(run([*command, "--format", "json"]))))


def verify(paths: Paths) -> Verification:
    """Checks every record of event files and the structure of checkpoints at `paths`.

    Returns:
        what was found, faults too: they are the answer, and no exception.

    Raises:
        DataError: a path cannot be read, or there is nothing to check.
    """
    command = ["verify", *map(_inert, path_list(paths))]
    lines = text(run([*command, "--format", "json"], good=(0, 1))).splitlines()
    found = Verification([decode(models.FileVerification, json.loads(line)) for line in lines])
    found._command = command
    return found
