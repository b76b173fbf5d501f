public import Analysis
internal import EventFile
internal import JSON
internal import RunFolder

/// A commented configuration of gates, made from what a good run shows.
public enum StarterConfiguration {
  /// The text of an `ftreport.yml`.
  ///
  /// - Parameters:
  ///   - analysis: the good run.
  ///   - baseline: what later runs are held against, as the configuration is to name it.
  ///   - schema: the JSON Schema by which editors check it, as seen from it; nil where there is none.
  ///   - name: the path of the configuration.
  public static func text(
    _ analysis: RunAnalysis, baseline: String, schema: String? = nil, name path: String = "ftreport.yml"
  ) -> String {
    let name = ForeignText.visible(analysis.run.name)
    var text = schema.map { "# yaml-language-server: $schema=\(ForeignText.line($0))\n" } ?? ""
    text += """
      # Gates of ftreport, made from the run \(name).
      #
      \(commands(path))
      #
      # Exit status: 0 pass, warning or inconclusive; 1 a gate failed; 2 wrong configuration; 3 data missing;
      # 4 inconclusive under --strict.
      version: 1

      # One run, a list of runs, or a golden file of `ftreport calibrate`; seen from this file's folder. With
      # goldens: golden
      # a baseline, here or after --baseline, may be a tag: sft-v3 is the file golden/sft-v3.json.
      baseline: \(quoted(baseline))

      defaults:
        x: auto               # what runs are aligned by: auto, step, epoch, tokens, time (not by golden files)
        window: 10%           # the share of the points, from the end, that `final` is the mean of
        confidence: 0.95      # of each one-sided decision
        missing: error        # what is missing never passes; warn makes it a warning
        inconclusive: warn    # error makes it exit status 4, as --strict does for all

      # Several gates share one chance of failing a run that is as good (Holm); none lets each stand for itself.
      multiplicity: holm

      gates:

      """
    for gate in gates(analysis) {
      text += "  # \(gate.comment)\n  - {\(gate.fields)}\n"
    }
    text += """

      # More:
      #   stat: final, best, min, max, mean, first, last, area
      #   max, min: absolute bounds; max_increase, max_decrease: 1%, a number, or seed (the spread of two or more
      #   baselines); level: warn; message: a word to whoever sees it fail
      #   seed_spread: 0.5%, how much the figure differs from seed to seed, where there is one baseline
      #   - {id: lora, weights: "*.q_proj", stat: relative_change, max: 0.5}
      #
      # Runs for which some gates do not hold:
      # matrix:
      #   - {match: "runs/*dpo*", disable: [warnings]}

      """
    return text
  }

  /// What to do with the configuration at `path`, as lines of a comment.
  private static func commands(_ path: String) -> String {
    let path = ForeignText.line(path)
    let lines = [
      ("ftreport gate NEW --config \(path)", "hold the run NEW against these gates"),
      (
        "ftreport gate NEW --config \(path) --self-test",
        "prove that each gate fires, on copies of the baseline"
      ),
      (
        "ftreport calibrate RUN RUN RUN -o golden.json",
        "figures of several good runs, with their spread by seed"
      ),
    ]
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { command, words in
      "#   \(command)\(String(repeating: " ", count: width - command.count))  \(words)"
    }.joined(separator: "\n")
  }

  private struct Line {
    var comment: String
    var fields: String
  }

  private static func gates(_ analysis: RunAnalysis) -> [Line] {
    var lines: [Line] = []
    let objective = analysis.objective
    if let objective { lines.append(deciding(objective, in: analysis.run)) }
    if let evaluation = analysis.evaluation, evaluation.tag != objective?.objective.tag,
      analysis.training != .reinforcement, let best = evaluation.best
    {
      lines.append(
        relative(
          "eval", .best, of: evaluation.tag, .lower, in: analysis.run,
          "The best evaluation loss, at step \(NumberText.count(best.step)), was", best.value))
    }
    if let loss = analysis.loss, loss.tag != objective?.objective.tag, analysis.training != .reinforcement {
      lines.append(final(loss, in: analysis.run))
    }
    if let metric = analysis.run.metric(for: MetricRole.gradientNorm),
      let statistics = analysis.metrics.first(where: { $0.tag == metric.tag }),
      statistics.nonFiniteCount == 0,
      let greatest = statistics.greatest
    {
      lines.append(
        Line(
          comment:
            "The largest gradient norm was \(number(greatest.value)) at step \(NumberText.count(greatest.step)).",
          fields:
            "id: grad, metric: \(quoted(metric.tag)), stat: max, max: \(roundedUp(3 * greatest.value)), level: warn"
        ))
    }
    lines.append(
      Line(
        comment:
          "No failure may be found: NaN, a loss of 0, a divergence, a dead run, a collapse of the reward, …",
        fields: "id: failures, finding: failure, max: 0"))
    let warnings = analysis.findings.filter { $0.severity == .warning }
    let has =
      warnings.isEmpty
      ? "" : " This run has \(NumberText.count(warnings.count)), so it does not pass itself."
    lines.append(
      Line(
        comment:
          "No warning, either: overfitting, spikes, nothing learnt, … (level: warn lets them pass).\(has)",
        fields: "id: warnings, finding: warning, max: 0"))
    lines.append(
      Line(
        comment: "The run has to reach its planned end.",
        fields: "id: finished, finding: stopped_early, max: 0, level: warn"))
    return lines
  }

  /// The gate on what the run is judged by.
  private static func deciding(_ course: ObjectiveCourse, in run: TrainingRun) -> Line {
    let objective = course.objective
    let id = objective.reason == .trainingLoss ? "final" : "objective"
    let words = Verdict.capitalised(ObjectiveWords(objective).sentence)
    func line(_ statistic: GateStatistic, _ comment: String, _ value: Double?) -> Line {
      relative(id, statistic, of: objective.tag, objective.direction, in: run, "\(words); \(comment)", value)
    }
    if let level = course.final { return line(.final, "the mean of its end is", level.mean) }
    guard course.isOfEvaluations, let best = course.best else {
      return line(.last, "it has too few points for a level: its last one is compared", nil)
    }
    return line(.best, "the best, at step \(NumberText.count(best.step)), was", best.value)
  }

  /// The gate on the end of the training loss.
  private static func final(_ loss: LossAnalysis, in run: TrainingRun) -> Line {
    guard let level = loss.final else {
      return relative(
        "final", .last, of: loss.tag, .lower, in: run,
        "The training loss has too few points for a level: its last one is compared", nil)
    }
    return relative(
      "final", .final, of: loss.tag, .lower, in: run, "The mean of the training loss at its end is",
      level.mean)
  }

  /// A gate against the baseline, with a margin that the noise of the figure lets anybody tell.
  private static func relative(
    _ id: String, _ statistic: GateStatistic, of tag: String, _ direction: MetricDirection,
    in run: TrainingRun,
    _ words: String, _ value: Double?
  ) -> Line {
    let margin = StarterMargin(statistic, of: tag, in: run, direction: direction)
    var comment = value.map { "\(words) \(number($0))" } ?? words
    if margin.detectable > 0 {
      comment +=
        "; its noise shows differences of \(NumberText.percent(margin.detectable)) and more between two runs"
      if margin.percent > 1 { comment += "; by a margin of 1% a run as good would often be inconclusive" }
    }
    let bound = direction == .higher ? "max_decrease" : "max_increase"
    return Line(
      comment: comment + ".",
      fields:
        "id: \(id), metric: \(quoted(tag)), stat: \(statistic.rawValue), \(bound): \(margin.percent)%")
  }

  /// The next of 1, 2, 5 times a power of ten.
  private static func roundedUp(_ value: Double) -> String {
    guard value > 0, value < 1e300 else { return value > 0 ? "1e300" : "1" }
    let power = DecimalDigits.powerOfTen(DecimalDigits(value).decade)
    let step = [1.0, 2, 5, 10].first { $0 * power >= value } ?? 10
    // No thousands set apart: this is for a parser.
    return NumberText.significant(step * power, digits: 1, trimmed: true).filter { $0 != "," }
  }

  private static func number(_ value: Double) -> String { NumberText.significant(value) }

  /// A YAML scalar: plain where nothing in it acts, else in double quotes with JSON's escapes.
  static func quoted(_ text: String) -> String {
    let isPlain =
      text.utf8.first.map {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
      }
      ?? false
    let signs = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
    if isPlain, signs,
      !["true", "false", "null", "yes", "no", "on", "off", "seed"].contains(text.lowercased())
    {
      return text
    }
    var quoted = ""
    JSONValue.quote(text, to: &quoted)
    // What YAML does not take for printable, or takes for the end of a line, though JSON does not mind.
    return quoted.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar.value {
      case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
