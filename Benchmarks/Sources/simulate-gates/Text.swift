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
    than 40 points the last half). Its standard error is √(s²τ/n). s² is the variance about the window's least-squares
    line, with a term for each epoch that begins within it. τ is the largest of three times:

    1. What a mean varies by where the noise is an AR(1) process. Its ρ comes from the lag-1 autocorrelation of the last
       80 % of the curve, at most eight windows (of the window alone where that is more than 99 points), freed from p
       terms c₀ + c₁t + c₂ ln t and steps at epochs, and from the bias that these leave: ρ = (n·r + p)/(n − p − 2). Few
       points cannot tell ρ: it is drawn up towards 0.98, which counts as 24 points.
    2. Geyer's initial monotone sequence over the same points.
    3. What the scatter of all means of the window's length shows over that part of the curve (overlapping batch means,
       two degrees of freedom): noise that is slower than the window.

    The degrees of freedom are those of s², and no more than one for each eleven points of the curve. Where a curve
    repeats something in every epoch, as a run does that takes one data set after the other, its points are freed from
    that, so that a window within the epoch has the level of all of it; the run has to log its epochs, and two of them.

    Two levels are compared by Welch's t, where τ is the geometric mean of the times of both: runs of one kind have noise
    of one kind. Two runs whose losses show the same data order are compared step by step.

    An evaluation has the noise that second differences of the evaluations show, pooled over both sides and held up by a
    deviation of 0.8 % at two degrees of freedom; against one baseline, seeds are assumed to differ by 0.3 % unless
    `seed_spread` says more. A single point of a training loss (`first`, `last`) has the noise of its neighbours, the
    lowest or highest of many is also freed from what the choice is worth, whose uncertainty counts too, and has no
    less noise than the spacings of the six lowest or highest show (heavy tails); a mean or an area has the noise of all
    points.

    With Δ the rise of the run over the baseline, and the margin of the gate:

    - **FAIL** when the one-sided 95 % lower bound of Δ is above 0 and Δ is above the margin and, with two baselines or
      more, above what one more run of their kind would show: t·s·√(1 + 1/k). The deviation s of two baselines is
      pooled with an assumed 0.3 % that counts as two degrees of freedom: two seeds that differ by more are soon failed by
      a third, so that three are better.
    - **PASS** when the one-sided 95 % upper bound of Δ, and Δ with what one more run may hide, are at most the margin,
      and the data could have shown a rise of twice the margin: (t.₉₅ + t.₈₀)·SE ≤ 2·margin, with an SE as great as it
      may well be (√(ν/χ²) times, in three cases of ten it is greater). The last condition keeps a lucky draw of noisy
      data from passing; it is not asked for of a fall by 3.3·SE and t.₉₉·SE, which no luck explains.
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

    Two curves of AR(1) noise, 2 % of one level, and a gate with a margin of 1 % on `final`. What is asked for: a run that
    is as good fails in at most 8 % up to ρ = 0.8, and in 12 % where the noise is slower; a worse one passes in at most 2 %.
    The price is paid by short curves: with 2 % of noise, less than 30 points nearly always leave it open.

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
    evaluations. What cannot be had: that seeds differ by 1 % where one baseline is all there is and nobody says so; what
    two data sets differ by where no epochs are logged. The margin `seed` is 2.8 standard deviations of three runs, here
    mostly more than 1 % and now and then more than 2 %.

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
