/// The words between the tables.
enum Text {
  static func introduction(repetitions: Int) -> String {
    """
    # How often a verdict is wrong

    `make statistics` writes this page; do not edit it. `make statistics REPETITIONS=5000 RUNS="…"` draws more, and
    twins of more runs; here each rate is of \(repetitions) draws, so that one of 5 % is known to about ±\(error(repetitions)).
    All figures are in per cent. The simulation knows nothing of the code that it tests but its verdicts.

    ## The rule

    The level of a curve is the mean over its last window (10 % of the points, at least 20, but of a curve with less
    than 40 points the last half). Its standard error is √(s²τ/n): s² is the variance about the window's least-squares
    line (with a term for each epoch that begins within it, where the run logs its epochs), and τ the autocorrelation
    time, the greatest of three: Geyer's initial monotone sequence; (1 + ρ)/(1 − ρ) with the lag-1 autocorrelation ρ
    freed from the bias that few points and the fitted line leave, and drawn up towards 0.7 where there are less than
    twenty; and what the scatter of all means of the window's length shows over the last 80 % of the curve, at most
    eight windows, freed from c₀ + c₁t + c₂ ln t (overlapping batch means): noise that is slower than the window. Two
    levels are compared by Welch's t with n/τ points each, where τ is the geometric mean of the times of both: runs of
    one kind have noise of one kind. Two runs whose losses show the same data order are compared step by step.

    An evaluation has the noise that second differences of the evaluations show, pooled over both sides and with a
    deviation of 0.8 % at two degrees of freedom; against one baseline, seeds are assumed to differ by 0.3 % unless
    `seed_spread` says more. A single point of a training loss (`first`, `last`) has the noise of its neighbours, the
    least or greatest of many is also freed from what the choice is worth, a mean or an area has that of all points.

    With Δ the rise of the run over the baseline, and the margin of the gate:

    - **FAIL** when the one-sided 95 % lower bound of Δ is above 0 and Δ is above the margin and, with two baselines or
      more, above what one more run of their kind would show: t·s·√(1 + 1/k).
    - **PASS** when the one-sided 95 % upper bound of Δ, and Δ with what one more run may hide, are at most the margin,
      and the data could have shown a rise of twice the margin: (t.₉₅ + t.₈₀)·SE ≤ 2·margin. The last condition keeps a
      lucky draw of noisy data from passing.
    - **INCONCLUSIVE** otherwise, with (t.₉₅ + t.₈₀)·SE, the smallest rise that this much data shows in four cases of
      five, and with what would settle it.

    Several gates of one run share the chance of a false alarm (Holm) unless `multiplicity: none`.

    """
  }

  /// Two standard errors of a rate of 5 % in so many draws.
  private static func error(_ repetitions: Int) -> String {
    let tenths = Int((2000 * (0.05 * 0.95 / Double(repetitions)).squareRoot()).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  static let grid = """
    ## Curves of every length and memory

    Two curves of AR(1) noise, 2 % of one level, and a gate with a margin of 1 % on `final`.

    """
  static let gridTitles = [
    "A run that is as good **fails** (5 % are nominal):", "A run that is 2 % worse **passes**:",
    "A run that is 2 % worse **fails**; where it does not, the gate is inconclusive:",
  ]
  static let power = """
    ## How much of what can be seen is seen

    A run that is 2 % worse than its baseline, at a margin of 1 %; curves of ten windows. The fifth column is the best
    that any test with 5 % of false alarms can do on the same windows: one that is told the deviation and ρ exactly and
    weighs the points by them. The gate has to find both, and whether there is slower noise, in the curves themselves;
    where it cannot, it is inconclusive.

    """
  static let twins = """

    ## Twins of real curves

    Real training losses, their own trend (a moving mean as wide as a window on either side) kept and the noise of their
    last three fifths drawn anew in blocks of a third of them, so that what depends on each other stays together. The
    first four rates are of runs that are as good and fail, by three rules of pipelines and by the gate, each with a margin
    of 1 %.

    """
  static let situations = """

    ## Situations of real fine-tunings

    A gate with a margin of 1 % against one baseline, unless said, on a run that is as good and on one that is 2 % worse.
    What neither fails nor passes is inconclusive, or is refused: the golden file is not made. The last three columns are
    how often peers' rules fail the run that is as good, on the same curves; tests over a window cannot be made on a few
    evaluations.

    """

  static let curves = """

    ## Where a run left a golden file's curve

    A golden file keeps of each metric a curve of at most 64 places: the mean level of the runs over a stretch of steps,
    the standard error that noise leaves in it, and the standard deviation between the runs. A gate that does not pass
    names the first place from which on the run differs up to its end: the one whose mean difference, from there to the
    end, is the most standard errors of noise beyond the band, where that is over 4 and the last tenth of the places is
    also beyond the band by 1.645, to the side that the gate's bound is on. The band is 0 for a file of one run, 2.8
    standard deviations between the runs for two, t·s·√(1 + 1/k) for three and more. Of evaluations it is the first place from which on all differ to that side, by more than the band. By tokens or epochs,
    where a step does not mean the same, the file's places are looked up by its own table of them.

    Runs of 300 points with 3 % of AR(1) noise (and, where there are three, offsets of 1 % from run to run); a run of
    their kind, and the same run 5 % worse from a random point on, 500 of them a row.

    """
  static let conclusion = """

    A paired comparison (the same data order) has the noise of the differences in place of both curves' noise; it is not
    simulated here. But for the rows on seeds, all of this is noise within a run. Runs of another seed differ by more than
    their noise shows: for that the margin `seed` and several baselines are there.
    """
}
