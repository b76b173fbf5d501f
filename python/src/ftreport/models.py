"""The documents of ftreport's JSON.

Made from docs/schema by scripts/generate-python-models.py; do not edit. Numbers that are not finite, which JSON lacks,
are real NaNs and infinities here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Optional, Union

__all__ = [
    "Adapter",
    "Alignment",
    "Averaging",
    "Base",
    "Chart",
    "ChartGroup",
    "Check",
    "Checkpoint",
    "CheckpointComparison",
    "CheckpointComparisonBase",
    "CheckpointComparisonFinding",
    "CheckpointComparisonGroup",
    "CheckpointComparisonModule",
    "CheckpointComparisonOverlap",
    "Choice",
    "Comparison",
    "ComparisonConfiguration",
    "ComparisonMetric",
    "ComparisonOptions",
    "ComparisonPair",
    "Concentration",
    "Configuration",
    "Curve",
    "Difference",
    "Effect",
    "Embedding",
    "Entry",
    "Evaluation",
    "EvaluationSets",
    "Extent",
    "FactorNorms",
    "Fault",
    "File",
    "FileVerification",
    "FileVerificationFault",
    "FileVerificationIncomplete",
    "FinalTrainingLoss",
    "Finding",
    "First",
    "Forecast",
    "Gate",
    "Gating",
    "GatingDifference",
    "GatingSetting",
    "Global",
    "Graph",
    "Group",
    "Histogram",
    "History",
    "HistoryCheckpoint",
    "Hyperparameters",
    "Image",
    "Importance",
    "Incomplete",
    "Inspection",
    "InspectionTensor",
    "Item",
    "Layer",
    "Level",
    "Margin",
    "Merge",
    "Merging",
    "Mesh",
    "Metric",
    "Module",
    "Moments",
    "Objective",
    "OptimizerInspection",
    "OptimizerInspectionGroup",
    "Options",
    "OtherSet",
    "OtherTag",
    "OtherTraining",
    "Outcome",
    "Overlap",
    "Overview",
    "OverviewMetric",
    "OverviewSetting",
    "OverviewSweep",
    "Pair",
    "Pairing",
    "Parameter",
    "PickleInspection",
    "PickleInspectionGlobal",
    "Point",
    "PrCurve",
    "Quality",
    "Quantized",
    "Reached",
    "Remark",
    "Reshaped",
    "Restart",
    "Row",
    "Run",
    "RunCheckpoint",
    "RunFault",
    "Sample",
    "Schema",
    "Seam",
    "Search",
    "Session",
    "Setting",
    "Side",
    "Spectrum",
    "SpectrumModule",
    "Sweep",
    "Tensor",
    "Text",
    "Total",
    "Totals",
    "TrainingLoss",
    "Tree",
    "Type",
    "Value",
    "Values",
    "Verdict",
    "DOCUMENTS",
]


@dataclass
class Run:
    """The figures and findings of one run."""

    schema: Schema
    name: str
    path: str
    output_path: Optional[str]
    notes: list[str]
    source: Literal['event_files', 'trainer_state', 'trainer_log', 'tracker', 'checkpoints', 'results', 'values']
    verdict: Verdict
    final_training_loss: Optional[FinalTrainingLoss]
    training_loss: Optional[TrainingLoss]
    evaluation: Optional[Evaluation]
    extent: Extent
    forecast: Optional[Forecast]
    """What the training loss of an unfinished run is heading for: its mean over the last tenth of the plan, with a 90 % interval; or why nobody can tell (obstacle). null of a run that is finished, or not judged by a loss."""
    findings: list[Finding]
    metrics: list[Metric]
    quality: Quality
    checkpoints: list[Union[Checkpoint, RunCheckpoint]]
    averaging: Optional[Averaging]
    """Whether a mean of three neighbouring saves is worth an evaluation, by the distances between them; null without three."""
    key_settings: dict[str, str]
    configuration: list[Configuration]
    options: Options
    other_trainings: list[OtherTraining]
    restarts: list[Restart]
    training: Literal['supervised', 'preference', 'reinforcement', 'reward_model', 'classification']
    objective: Optional[Objective]
    searches: list[Search]
    values: Optional[Values]
    """What the event files hold beside scalars; null where nobody read it"""


@dataclass
class Schema:
    """Which document it is, and its version."""

    name: str
    version: int


@dataclass
class Verdict:
    severity: Literal['failure', 'warning', 'note', 'none']
    label: str
    sentence: str


@dataclass
class FinalTrainingLoss:
    mean: float
    low: float
    high: float
    confidence: float
    standard_error: float
    points: int
    effective_points: float
    autocorrelation_time: float
    slope_per_step: float
    first_step: int
    last_step: int
    level: float


@dataclass
class TrainingLoss:
    tag: str
    points: int
    superseded: int
    mean: float
    reported_mean: Optional[float]
    first: Optional[Point]
    lowest: Optional[Point]


@dataclass
class Point:
    step: int
    value: float


@dataclass
class Evaluation:
    tag: str
    best: Optional[Point]
    last: Point
    gap: Optional[float]
    columns: list[str]
    rows: list[Row]
    after_training: Optional[Point]
    other_sets: list[OtherSet]


@dataclass
class Row:
    step: int
    epoch: Optional[float]
    training_loss: Optional[float]
    values: list[Optional[float]]


@dataclass
class OtherSet:
    tag: str
    best: Optional[Point]
    last: Point


@dataclass
class Extent:
    first_step: Optional[int]
    last_step: Optional[int]
    planned_steps: Optional[int]
    epochs: Optional[float]
    seconds: Optional[float]
    pause_seconds: Optional[float]
    start_time: Optional[float]
    steps_per_second: Optional[float]
    samples_per_second: Optional[float]
    tokens: Optional[float]
    operations: Optional[float]
    utilization: Optional[float]
    step_unit: Literal['step', 'sample', 'order']
    ending: Literal['completed', 'early_stopped', 'ended_early', 'interrupted', 'unknown']


@dataclass
class Forecast:
    step: Optional[int]
    seen: Optional[float]
    level: Optional[float]
    low: Optional[float]
    high: Optional[float]
    obstacle: Optional[str]


@dataclass
class Finding:
    kind: str
    severity: Literal['failure', 'warning', 'note']
    metric: str
    step: Optional[int]
    last_step: Optional[int]
    value: Optional[float]
    reference: Optional[float]
    count: int
    other: Optional[str]
    title: str
    text: str
    score: Optional[float]


@dataclass
class Metric:
    tag: str
    points: int
    non_finite: int
    first: Optional[Point]
    last: Optional[Point]
    least: Optional[Point]
    greatest: Optional[Point]
    mean: float


@dataclass
class Quality:
    event_files: int
    records: int
    bytes: int
    fault_count: int
    faults: list[Fault]
    incomplete: list[Incomplete]
    seams: list[Seam]
    superseded_points: int
    repeated_points: int
    other_tags: list[OtherTag]
    problems: list[str]


@dataclass
class Fault:
    file: str
    offset: int
    fault: str


@dataclass
class Incomplete:
    file: str
    offset: int
    missing: int


@dataclass
class Seam:
    step: int
    interrupted_at: int
    pause_seconds: Optional[float]


@dataclass
class OtherTag:
    tag: str
    plugin: str
    values: int


@dataclass
class Checkpoint:
    step: int
    path: str


@dataclass
class RunCheckpoint:
    step: int
    path: str
    train_loss: Optional[float]
    eval_loss: Optional[float]
    norm: Optional[float]
    type_norms: dict[str, float]
    """The norm of what the modules of each type have learnt."""
    change_norm: Optional[float]
    relative_change: Optional[float]
    cosine: Optional[float]
    movement: Optional[str]
    non_finite: int
    best: bool
    problem: Optional[str]


@dataclass
class Averaging:
    steps: list[int]
    verdict: Literal['same', 'scattering', 'wandering', 'travelling']
    cosine: float
    share: float
    distances: list[float]
    movement: float


@dataclass
class Configuration:
    source: str
    settings: dict[str, str]


@dataclass
class Options:
    smoothing: Optional[float]
    window: float
    confidence: float


@dataclass
class OtherTraining:
    relation: Literal['afresh', 'at_once', 'checkpoint']
    origin: str
    first_step: int
    last_step: int
    start_time: Optional[float]
    end_time: Optional[float]
    common_steps: int
    differing_steps: int
    checkpoints: list[int]


@dataclass
class Restart:
    step: int
    before: int
    signs: list[Literal['resumed', 'schedule', 'pause']]
    pause_seconds: Optional[float]
    loss_before: Optional[float]
    loss_after: Optional[float]
    rate_before: Optional[float]
    rate_after: Optional[float]


@dataclass
class Objective:
    metric: str
    direction: Literal['lower', 'higher']
    reason: str
    best: Optional[Point]
    last: Optional[Point]


@dataclass
class Search:
    kind: str
    essential: bool
    searched: bool
    obstacle: Optional[str]


@dataclass
class Values:
    """What the event files hold beside scalars, as much as a page shows."""

    texts: list[Text]
    images: list[Image]
    audio: list[Image]
    histograms: list[Histogram]
    pr_curves: list[PrCurve]
    hyperparameters: Optional[Hyperparameters]
    graphs: list[Graph]
    chart_groups: list[ChartGroup]
    meshes: list[Mesh]
    others: list[OtherTag]
    omitted: dict[str, int]
    embeddings: list[Embedding]


@dataclass
class Text:
    """The texts of a tag."""

    tag: str
    steps: int
    samples: list[Sample]
    similarity: Optional[float]
    """The share of the words of the first and the last text that are the same"""


@dataclass
class Sample:
    """The texts of a step."""

    step: int
    shape: list[int]
    strings: list[str]


@dataclass
class Image:
    """The pictures or sounds of a tag."""

    tag: str
    steps: int
    items: list[Item]
    omitted: int


@dataclass
class Item:
    """A picture or sound."""

    step: int
    index: int
    type: Optional[str]
    width: Optional[int]
    height: Optional[int]
    seconds: Optional[float]
    sample_rate: Optional[float]
    label: Optional[str]
    file: Optional[str]
    """The file beside the page; null where it is not shown"""
    faults: list[str]


@dataclass
class Histogram:
    """The histograms of a tag."""

    tag: str
    steps: int
    empty: int
    first: Optional[First]
    last: Optional[First]
    remarks: list[Remark]
    faults: list[RunFault]


@dataclass
class First:
    """Quantiles (5, 25, 50, 75, 95 %) at a step."""

    step: int
    quantiles: list[float]


@dataclass
class Remark:
    """Something about histograms that is worth telling."""

    kind: Literal['constant', 'collapsed', 'spread', 'drifted']
    step: Optional[int] = None
    value: Optional[float] = None
    ratio: Optional[float] = None
    before: Optional[float] = None
    after: Optional[float] = None


@dataclass
class RunFault:
    """Histograms with a fault."""

    kind: Literal['bad_count', 'not_finite', 'disorder', 'unreadable']
    count: int
    first_step: int


@dataclass
class PrCurve:
    """Precision over recall of a tag."""

    tag: str
    steps: int
    entries: list[Entry]


@dataclass
class Entry:
    """Precision over recall at a step."""

    step: int
    average_precision: Optional[float]
    best_f1: Optional[float]
    threshold: Optional[float]


@dataclass
class Hyperparameters:
    """The sessions of the plugin hparams."""

    parameters: list[str]
    metrics: list[str]
    sessions: list[Session]


@dataclass
class Session:
    """A session of the plugin hparams."""

    run: Optional[str]
    """The name of its run; null where there is one run"""
    folder: str
    group: str
    status: Optional[str]
    hyperparameters: dict[str, Any]
    metrics: dict[str, float]


@dataclass
class Graph:
    """A recorded graph."""

    nodes: int
    functions: int
    parameters: Optional[int]
    bytes: int


@dataclass
class ChartGroup:
    """Charts that a writer laid out together."""

    title: str
    charts: list[Chart]


@dataclass
class Chart:
    """A chart as it was laid out."""

    title: str
    lines: list[str]
    margins: list[Margin]
    obstacles: list[str]


@dataclass
class Margin:
    """A line within its band, by their tags."""

    value: str
    lower: str
    upper: str


@dataclass
class Mesh:
    """A tensor of a mesh."""

    tag: str
    content: str
    shape: list[int]
    values: int


@dataclass
class Embedding:
    """Vectors for TensorBoard's projector."""

    name: str
    rows: int
    columns: int
    used: int
    variance_shares: list[float]
    obstacle: Optional[str]


@dataclass
class Overview:
    """The figures and findings of many runs; the evaluations of each have no rows, and its configuration is left out."""

    schema: Schema
    title: str
    sweep: Optional[OverviewSweep]
    runs: list[Run]
    problems: list[str]
    hyperparameters: Optional[Hyperparameters]
    """The sessions of the plugin hparams; null where there are none"""


@dataclass
class OverviewSweep:
    metric: Optional[OverviewMetric]
    settings: list[Setting]
    seeds: list[str]
    held_against: Literal['best', 'first']
    """The group that the others are held against: the best, or that of the first run."""
    baseline: Optional[int]
    """The place in groups of the group that the others are held against."""
    margin: float
    confidence: float
    pooled_deviation: Optional[float]
    pooled_degrees_of_freedom: float
    groups: list[Group]
    importance: Optional[Importance]


@dataclass
class OverviewMetric:
    tag: str
    direction: Literal['lower', 'higher', 'neutral']
    figure: Literal['best', 'final']
    """The best evaluation of each run, or the level of its end."""


@dataclass
class Setting:
    name: str
    moves_with: list[str]
    """Settings that change exactly where this one does."""
    told_by: Literal['files', 'log', 'name']
    values: list[str]


@dataclass
class Group:
    label: str
    settings: dict[str, Optional[str]]
    runs: list[str]
    failed: int
    unfinished: int
    copies: int
    figures: list[Optional[float]]
    count: int
    mean: Optional[float]
    median: Optional[float]
    min: Optional[float]
    max: Optional[float]
    std: Optional[float]
    """With n - 1 in the divisor."""
    difference: Optional[float]
    relative_difference: Optional[float]
    low: Optional[float]
    """The one-sided lower bound of the difference, at the confidence over all groups together (Bonferroni)."""
    high: Optional[float]
    standard_error: Optional[float]
    degrees_of_freedom: Optional[float]
    verdict: Optional[Literal['better', 'worse', 'same', 'inconclusive', 'spread_unknown']]


@dataclass
class Importance:
    measure: str
    runs: int
    settings: list[OverviewSetting]
    pairs: list[Pair]
    remainder: Optional[float]


@dataclass
class OverviewSetting:
    name: str
    share: Optional[float]
    rank_correlation: Optional[float]
    levels: list[Level]


@dataclass
class Level:
    first: Optional[str]
    last: Optional[str]
    mean: float
    count: int


@dataclass
class Pair:
    names: list[str]
    share: float


@dataclass
class Sweep:
    """Runs grouped by their settings, each group over its seeds, and what the settings explain."""

    schema: Schema
    title: str
    metric: Optional[OverviewMetric]
    settings: list[Setting]
    seeds: list[str]
    held_against: Literal['best', 'first']
    """The group that the others are held against: the best, or that of the first run."""
    baseline: Optional[int]
    """The place in groups of the group that the others are held against."""
    margin: float
    confidence: float
    pooled_deviation: Optional[float]
    pooled_degrees_of_freedom: float
    groups: list[Group]
    importance: Optional[Importance]


@dataclass
class Merge:
    """How the weight changes of several adapters go together."""

    schema: Schema
    adapters: list[str]
    density: float
    total: Merging
    modules: list[Module]
    unshared: list[str]


@dataclass
class Merging:
    norms: list[float]
    cosines: list[float]
    imbalance: Optional[float]
    conflict: Optional[float]
    """The share of the energy in elements whose sign is not that of the sum."""
    sum: Outcome
    mean: Outcome
    ties: Outcome


@dataclass
class Outcome:
    relative_norm: float
    kept: list[float]


@dataclass
class Module:
    module: str
    merging: Merging
    overlaps: list[Overlap]


@dataclass
class Overlap:
    count: int
    left: float
    right: float
    left_angles: list[float]
    right_angles: list[float]


@dataclass
class Comparison:
    """Runs held against the first of them."""

    schema: Schema
    base: Base
    options: ComparisonOptions
    comparisons: list[ComparisonPair]
    weights: Optional[dict[str, Any]]
    """A document of ftreport.checkpoints; null where the runs have no weights that can be compared."""
    values: Optional[list[Value]]
    """How what both event files hold beside scalars differs; null where that was not read"""


@dataclass
class Base:
    name: str
    path: str


@dataclass
class ComparisonOptions:
    window: float
    confidence: float
    margin: float


@dataclass
class ComparisonPair:
    new: Base
    verdict: str
    alignment: Optional[Alignment]
    pairing: Pairing
    evaluation_sets: EvaluationSets
    configuration: list[ComparisonConfiguration]
    metrics: list[ComparisonMetric]
    loss: Optional[Curve]
    evaluation: Optional[Curve]
    only_base: list[str]
    only_new: list[str]


@dataclass
class Alignment:
    axis: str
    overlap: list[float]
    base_steps: list[int]
    new_steps: list[int]
    base_coverage: float
    new_coverage: float
    shares_steps: bool


@dataclass
class Pairing:
    paired: bool
    identical: bool
    correlation: Optional[float]


@dataclass
class EvaluationSets:
    relation: str
    samples: list[Optional[int]]
    settings: list[str]


@dataclass
class ComparisonConfiguration:
    source: str
    name: str
    base: Optional[str]
    new: Optional[str]
    decisive: bool


@dataclass
class ComparisonMetric:
    tag: str
    new_tag: str
    stat: str
    direction: str
    verdict: Literal['same', 'better', 'worse', 'differs', 'inconclusive', 'not comparable']
    why: Optional[str]
    effect: Optional[Effect]
    steps: list[Optional[int]]
    counts: list[int]
    non_finite: list[int]


@dataclass
class Effect:
    base: float
    new: float
    difference: float
    relative_difference: Optional[float]
    standard_error: float
    degrees_of_freedom: Optional[float]
    interval: Optional[list[float]]
    lower_bound: float
    upper_bound: float
    confidence: float
    smallest_detectable: float
    method: Literal['exact', 'welch', 'paired']
    error_model: Optional[Literal['none', 'window', 'rhythm', 'evaluation', 'point', 'extreme', 'curve', 'differences']] = None
    selection: Optional[float] = None
    assumed_seed_spread: Optional[float] = None


@dataclass
class Curve:
    tag: str
    new_tag: str
    best: list[Optional[Point]]
    area: list[Optional[float]]
    target: Optional[float]
    reached: list[Optional[Reached]]
    first_different_step: Optional[int]
    first_diverging_step: Optional[int]
    first_non_finite_step: Optional[int]
    difference: Optional[Difference]


@dataclass
class Reached:
    step: int
    position: float
    seconds: float


@dataclass
class Difference:
    confidence: float
    places: list[list[float]]


@dataclass
class Value:
    """How the values of one tag differ at the last step that both runs have."""

    tag: str
    step: int
    kind: Literal['histograms', 'text', 'images', 'pr-curves']
    distance: Optional[float] = None
    """Wasserstein's first distance"""
    distance_share: Optional[float] = None
    similarity: Optional[float] = None
    count: Optional[int] = None
    same: Optional[int] = None
    least_psnr: Optional[float] = None
    average_precision: Optional[list[float]] = None
    interval: Optional[list[float]] = None
    """The 95 % bootstrap interval of the difference"""


@dataclass
class CheckpointComparison:
    """One checkpoint, or two held against each other; of both sides [before, after], null before where there is one."""

    schema: Schema
    checkpoints: list[Optional[Side]]
    identical: Optional[bool]
    relation: Optional[Literal['one_training', 'unrelated']]
    """Whether the second goes on from the first; null with one checkpoint."""
    movement: Optional[Literal['identical', 'still', 'growing', 'shrinking', 'moving']]
    """How the weights differ; null for checkpoints of unrelated trainings."""
    concentration: Optional[Concentration]
    choice: Optional[Choice]
    remark: Optional[str]
    total: Total
    whole_total: Optional[Total]
    """Of what was trained whole beside low-rank modules; null where there is none."""
    modules: list[CheckpointComparisonModule]
    groups: list[CheckpointComparisonGroup]
    layers: list[Layer]
    tensors: list[Tensor]
    only_before: list[str]
    only_after: list[str]
    reshaped: list[Reshaped]
    findings: list[CheckpointComparisonFinding]


@dataclass
class Side:
    path: str
    format: str
    tensors: int
    elements: int
    bytes: int
    step: Optional[int]
    train_loss: Optional[float]
    eval_loss: Optional[float]
    adapter: Optional[Adapter]


@dataclass
class Adapter:
    kind: str
    rank: Optional[int]
    alpha: Optional[float]
    rslora: bool
    dora: bool
    target_modules: list[str]
    base_model: Optional[str]
    source: Optional[str]
    """Where the settings are from; null for the checkpoint's own adapter_config.json."""


@dataclass
class Concentration:
    type: Optional[str]
    type_share: float
    stack: str
    layers: Optional[list[int]]
    layer_share: float


@dataclass
class Choice:
    keep: Literal['before', 'after']
    reason: Literal['finite', 'lower_evaluation', 'earlier_at_equal_evaluation', 'identical']


@dataclass
class Total:
    norm: list[Optional[float]]
    difference_norm: Optional[float]
    relative_change: Optional[float]
    cosine: Optional[float]


@dataclass
class CheckpointComparisonModule:
    module: str
    layer: Optional[int]
    type: str
    expert: Optional[int]
    kind: str
    extent: Literal['product', 'part', 'whole']
    """What of the weight's change the figures are of: product (s·B·A is all of it), part (s·B·A alone, where DoRA's magnitudes or KaSA's start change more), whole (all of it, from the base)."""
    shape: list[int]
    rank: list[Optional[int]]
    scaling: list[Optional[float]]
    delta_norm: list[Optional[float]]
    difference_norm: Optional[float]
    relative_change: Optional[float]
    cosine: Optional[float]
    singular_values: list[list[float]]
    difference_singular_values: list[float]
    stable_rank: list[Optional[float]]
    effective_rank: list[Optional[float]]
    overlap: Optional[CheckpointComparisonOverlap]
    factor_norms: FactorNorms
    non_finite: list[int]
    base: Optional[CheckpointComparisonBase]


@dataclass
class CheckpointComparisonOverlap:
    directions: int
    left: float
    right: float
    left_random: float
    right_random: float
    left_angles: list[float]
    right_angles: list[float]
    left_full: float
    right_full: float


@dataclass
class FactorNorms:
    a: list[Optional[float]]
    b: list[Optional[float]]


@dataclass
class CheckpointComparisonBase:
    weight_norm: float
    relative_delta: list[Optional[float]]
    intruders: list[Optional[list[int]]]
    """Indices of leading directions without a counterpart in the base model; null where the weight was not decomposed."""
    within_span: list[list[int]]
    """Those of the intruders that lie, by at least half of their squared length, in the span of the leading singular vectors of the base's weight, and are not foreign to it."""
    undetermined: list[list[int]]


@dataclass
class CheckpointComparisonGroup:
    stack: str
    type: str
    modules: int
    ranks: list[int]
    total: Total
    change_share: float
    stable_rank: list[Optional[float]]
    effective_rank: list[Optional[float]]


@dataclass
class Layer:
    stack: str
    layer: int
    total: Total


@dataclass
class Tensor:
    tensor: str
    dtype: list[str]
    shape: list[int]
    norm: list[float]
    difference_norm: Optional[float]
    relative_change: Optional[float]
    cosine: Optional[float]
    greatest_difference: Optional[float]
    changed: Optional[int]
    elements: int
    identical: Optional[bool]
    nan: list[int]
    infinite: list[int]
    first_non_finite: list[Optional[int]]


@dataclass
class Reshaped:
    tensor: str
    shape: list[list[int]]


@dataclass
class CheckpointComparisonFinding:
    kind: str
    severity: Literal['failure', 'warning', 'note']
    names: list[str]
    side: Optional[Literal['before', 'after']]
    value: Optional[float]
    reference: Optional[float]
    index: Optional[int]
    text: str


@dataclass
class Gating:
    """What gates say of a run."""

    schema: Schema
    verdict: Literal['pass', 'warning', 'inconclusive', 'fail', 'missing']
    exit_code: Literal[0, 1, 3, 4]
    configuration: str
    run: Base
    baselines: list[str]
    disabled: list[str]
    difference: GatingDifference
    """What the run was trained with that the (first) baseline was not: decisive settings and those of the data."""
    gates: list[Gate]
    multiplicity: Optional[Literal['holm', 'none']] = None


@dataclass
class GatingDifference:
    """What the run was trained with that the (first) baseline was not: decisive settings and those of the data."""

    is_of_data: bool
    settings: list[GatingSetting]


@dataclass
class GatingSetting:
    name: str
    baseline: Optional[str]
    run: Optional[str]


@dataclass
class Gate:
    id: str
    line: int
    level: Literal['error', 'warn']
    status: Literal['pass', 'inconclusive', 'missing', 'fail']
    is_error: bool
    stat: str
    message: Optional[str]
    checks: list[Check]


@dataclass
class Check:
    subject: str
    status: Literal['pass', 'inconclusive', 'missing', 'fail']
    reason: str
    expected: str
    found: Optional[float]
    step: Optional[int]
    limit: Optional[float]
    margin: Optional[float]
    baseline: list[float]
    effect: Optional[Effect]
    diverging_step: Optional[int]
    diverging_within: Optional[int]
    points: list[list[float]]


@dataclass
class Inspection:
    """What stands in a checkpoint, without its values."""

    schema: Schema
    path: str
    format: str
    files: list[File]
    metadata: dict[str, str]
    adapter: Optional[Adapter]
    totals: Totals
    quantized: list[Quantized]
    """The weights that stand as codes and scales, by the way."""
    types: list[Type]
    tensors: list[InspectionTensor]
    globals: list[Global]
    """What the pickles of the checkpoint name, and whether checkpoints need it."""
    remarks: list[str]


@dataclass
class File:
    path: str
    bytes: int
    header_bytes: Optional[int]


@dataclass
class Totals:
    tensors: int
    elements: int
    parameters: int
    """The weights; what stands as codes and scales counts as what they stand for."""
    bytes: int


@dataclass
class Quantized:
    scheme: str
    weights: int
    parameters: int


@dataclass
class Type:
    stack: str
    type: str
    tensors: int
    elements: int
    bytes: int
    dtypes: list[str]


@dataclass
class InspectionTensor:
    name: str
    dtype: str
    shape: list[int]
    elements: int
    bytes: int
    file: str
    offset: int
    pieces: int


@dataclass
class Global:
    name: str
    known: bool


@dataclass
class OptimizerInspection:
    """What an optimizer kept."""

    schema: Schema
    path: str
    format: str
    groups: list[OptimizerInspectionGroup]
    parameters: list[Parameter]
    named_by_order: bool
    without_gradient: list[str]
    without_state: list[str]
    """Parameters of the groups that have no state, so that they never got a gradient."""
    unexamined: int
    """How many parameters have no moment that can be read."""
    moments: Moments


@dataclass
class OptimizerInspectionGroup:
    parameters: Optional[int]
    settings: dict[str, Any]
    """As the optimizer wrote them."""


@dataclass
class Parameter:
    name: str
    step: Optional[float]
    shape: Optional[list[int]]


@dataclass
class Moments:
    tensors: int
    bytes: int


@dataclass
class PickleInspection:
    """What a pickled file holds, and what it would call."""

    schema: Schema
    path: str
    container: Literal['zip', 'stream', 'tar', 'pickle']
    bytes: int
    globals: list[PickleInspectionGlobal]
    tree: list[Tree]
    value: Any
    """Everything but tensors, as far as JSON has it."""


@dataclass
class PickleInspectionGlobal:
    name: str
    known: bool
    uses: int
    offset: int


@dataclass
class Tree:
    depth: int
    key: str
    text: str


@dataclass
class FileVerification:
    """What checking one file found; the command prints one such object a line."""

    schema: Schema
    file: str
    bytes: int
    records: Optional[int]
    """Null for files of checkpoints."""
    tensors: Optional[int]
    """Null for event files."""
    checksums: Optional[int]
    """Parts that were compared with a checksum; null for event files, whose records all are."""
    fault_count: int
    faults: list[FileVerificationFault]
    """Of very many the first thousand."""
    incomplete: Optional[FileVerificationIncomplete]
    """How the file ends within a record, as one does that is still written."""


@dataclass
class FileVerificationFault:
    offset: Optional[int]
    what: str


@dataclass
class FileVerificationIncomplete:
    offset: int
    missing_bytes: int


@dataclass
class History:
    """Saves of one training, each held against the one before."""

    schema: Schema
    training: str
    checkpoints: list[HistoryCheckpoint]
    averaging: Optional[Averaging]
    """Whether a mean of three neighbouring saves is worth an evaluation, by the distances between them; null without three."""


@dataclass
class HistoryCheckpoint:
    step: int
    path: str
    train_loss: Optional[float]
    eval_loss: Optional[float]
    norm: Optional[float]
    type_norms: dict[str, float]
    """The norm of what the modules of each type have learnt."""
    change_norm: Optional[float]
    relative_change: Optional[float]
    cosine: Optional[float]
    movement: Optional[Literal['identical', 'still', 'growing', 'shrinking', 'moving']]
    non_finite: int
    best: bool
    problem: Optional[str]


@dataclass
class Spectrum:
    """The singular values of an adapter's modules, and what they tell about its rank."""

    schema: Schema
    path: str
    norm: float
    rank_99: Optional[int]
    advice: list[str]
    modules: list[SpectrumModule]


@dataclass
class SpectrumModule:
    module: str
    expert: Optional[int]
    rank: Optional[int]
    shape: list[int]
    scaling: Optional[float]
    norm: Optional[float]
    singular_values: list[float]
    stable_rank: Optional[float]
    effective_rank: Optional[float]
    rank_90: Optional[int]
    rank_95: Optional[int]
    rank_99: Optional[int]
    noise_edge: Optional[float]
    above_noise: Optional[int]
    dead: Optional[int]
    duplicates: Optional[int]
    norm_a: Optional[float]
    norm_b: Optional[float]


DOCUMENTS: dict[str, type] = {
    "ftreport.run": Run,
    "ftreport.overview": Overview,
    "ftreport.sweep": Sweep,
    "ftreport.merge": Merge,
    "ftreport.comparison": Comparison,
    "ftreport.checkpoints": CheckpointComparison,
    "ftreport.gate": Gating,
    "ftreport.checkpoint": Inspection,
    "ftreport.optimizer": OptimizerInspection,
    "ftreport.pickle": PickleInspection,
    "ftreport.verification": FileVerification,
    "ftreport.history": History,
    "ftreport.spectrum": Spectrum,
}
"""The classes by the names of the documents."""
