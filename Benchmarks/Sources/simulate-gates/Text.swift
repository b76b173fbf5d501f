/// The words between the tables.
enum Text {
  static let introduction = """
    # How often a verdict is wrong

    This page is written by a program; do not edit it:

    ```sh
    swift run -c release --package-path Benchmarks simulate-gates samples/saves/tiny-random-qwen3/lora/sft \\
      samples/saves/tiny-random-qwen3/lora/sft_lr1e-4 [further runs] >docs/statistics.md
    ```

    ## The rule

    The level of a curve is the mean over its last window (10 % of the points, at least 20, but of a curve with less
    than 40 points the last half). Its standard error is √(s²τ/n): s² is the variance about the window's least-squares
    line, and τ the integrated autocorrelation time, the greater of Geyer's initial monotone sequence and of
    (1 + ρ)/(1 − ρ) with the lag-1 autocorrelation ρ freed from the bias that few points and the fitted line leave. Two
    levels are compared by Welch's t with n/τ points each, where τ is the geometric mean of the times of both: runs of
    one kind have noise of one kind, and two windows tell more of it than one. Two runs whose losses show the same data
    order are compared step by step. A single point of a noisy curve (`first`, `last`) has the standard error s.

    With Δ the rise of the run over the baseline, and the margin of the gate:

    - **FAIL** when the one-sided 95 % lower bound of Δ is above 0 and Δ is above the margin (and, with three baselines or
      more, above what one more run of their kind would show: mean + t·s·√(1 + 1/k)).
    - **PASS** when the one-sided 95 % upper bound of Δ is at most the margin, and the data could have shown a rise of
      twice the margin: (t.₉₅ + t.₈₀)·SE ≤ 2·margin. The second condition keeps a lucky draw of noisy data from passing.
    - **INCONCLUSIVE** otherwise, with (t.₉₅ + t.₈₀)·SE, the smallest rise that this much data shows in four cases of
      five.

    """
  static let falseAlarms = """
    ## False alarms of the test alone

    Two windows of AR(1) noise around the same level, 3000 pairs a cell: how often, in per cent, the one-sided test at
    a nominal 5 % sees a rise (before any margin).

    """
  static let power = """

    ## A gate with a margin of 1 %

    A run that is 2 % worse than its baseline, and one that is not, 2000 pairs a row; all figures in per cent. The noise
    is the deviation of single points as a share of the level. The fifth column is the best that any test with 5 % of
    false alarms can do on the same data: one that is told the deviation and ρ exactly and weighs the points by them.
    It reaches 95 % only where the windows have at least 2τ·(CV / 0.61 %)² points each, with τ = (1 + ρ)/(1 − ρ) (for a
    CV of 4 %: 87 points at ρ = 0, 130 at 0.2, 260 at 0.5, 780 at 0.8); with fewer, 2 % cannot be shown by anybody, the
    gate is inconclusive instead, and does not pass. The gate has to find τ and the deviation in the windows themselves,
    which costs it a few points, and most where fifty points are worth no more than five (ρ = 0.8).

    """
  static let twins = """

    ## Twins of real curves

    Real training losses, their own trend kept and the noise of their last three fifths drawn anew in blocks of ten,
    1000 pairs a row, by the default window; all figures in per cent. The fourth column is the rule of many pipelines, that the last value
    may not be more than 1 % above the baseline's; the others are the gate with a margin of 1 %.

    """
  static let situations = """

    ## Situations of real fine-tunings

    A gate with a margin of 1 % against one baseline, unless said, on a run that is as good and on one that is 2 % worse;
    3000 pairs a row, all figures in per cent. What neither fails nor passes is inconclusive, or is refused: the golden
    file is not made.

    """

  static let curves = """

    ## Where a run left a golden file's curve

    A golden file keeps of each metric a curve of at most 64 places: the mean level of the runs over a stretch of steps,
    the standard error that noise leaves in it, and the standard deviation between the runs. A gate that does not pass
    names the first place from which on the run differs up to its end: the one whose mean difference, from there to the
    end, is the most standard errors of noise beyond the band, where that is over 4 and the last tenth of the places is
    also beyond the band by 1.645, to the side that the gate's bound is on. The band is 0 for a file of one run, 2.8
    standard deviations between the runs for two, t·s·√(1 + 1/k) for three and more. Evaluations have no noise of their
    own: theirs is the first place from which on all differ to that side, by more than the band. By tokens or epochs,
    where a step does not mean the same, the file's places are looked up by its own table of them.

    Runs of 300 points with 3 % of AR(1) noise (and, where there are three, offsets of 1 % from run to run); a run of
    their kind, and the same run 5 % worse from a random point on, 500 of them a row; all figures in per cent.

    """
  static let conclusion = """

    A paired comparison (the same data order) has the noise of the differences in place of both curves' noise; it is not
    simulated here. All of this is noise within a run. Runs of another seed differ by more than their noise shows: for
    that the margin `seed` and several baselines are there.
    """
}
