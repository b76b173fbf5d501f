import Analysis
import EventFile
import RunFolder

/// Analyses with figures and findings that are given, not computed, so that pages depend on nothing but themselves.
enum Analyses {
  /// The analysis of `run` with the figures of its end (those of a run that ends at 1.18, or none) and the findings
  /// replaced.
  static func fixed(_ run: TrainingRun, hasLevel: Bool = true, findings: [Finding] = []) -> RunAnalysis {
    var analysis = RunAnalysis(of: run)
    if hasLevel, var level = analysis.loss?.final {
      level.mean = 1.1804
      level.interval = 1.1664...1.1944
      level.count = 20
      level.effectiveCount = 17.4
      level.autocorrelationTime = 1.15
      level.steps = 810...1000
      analysis.loss?.final = level
    } else {
      analysis.loss?.final = nil
    }
    analysis.findings = findings
    return analysis
  }

  /// A run with everything: a resume, checkpoints, configuration, a damaged file.
  static var complete: RunAnalysis {
    var run = Runs.resumed(Runs.learning(), at: 510, interruptedAt: 600)
    run.configuration = [
      ConfigurationSection(
        source: "args/text_summary",
        settings: [
          Setting(name: "learning_rate", value: "0.0002"),
          Setting(name: "lr_scheduler_type", value: "linear"),
          Setting(name: "seed", value: "42"), Setting(name: "bf16", value: "true"),
          Setting(name: "report_to", value: "[\"tensorboard\"]"),
        ]),
      ConfigurationSection(
        source: "adapter_config.json",
        settings: [
          Setting(name: "r", value: "16"), Setting(name: "lora_alpha", value: "32"),
          Setting(name: "target_modules", value: "[\"q_proj\",\"v_proj\"]"),
        ]),
    ]
    run.results = [Setting(name: "train_runtime", value: "600.1")]
    var file = EventFileContents(path: "runs/a/events.out.tfevents.1", byteCount: 48_213)
    file.recordCount = 402
    file.tags = [TagSummary(tag: "layers/0", plugin: "histograms", count: 12)]
    file.faults = [
      ReadFault(path: file.path, offset: 20_481, kind: .payloadChecksum(got: 0x1234_5678, want: 0x9abc_def0))
    ]
    file.ending = .incomplete(offset: 48_190, missing: 18)
    run.eventFiles = [file]
    return fixed(
      run,
      findings: [
        Finding(.damagedFile, .warning, metric: "", value: 20_481, count: 1, other: file.path),
        Finding(.spike, .note, metric: "train/loss", step: 420, value: 1.354, reference: 1.21),
        Finding(
          .plateau, .note, metric: "train/loss", step: 810, lastStep: 1000, value: 1.18, reference: -0.002,
          count: 20),
      ])
  }

  /// A run whose losses turned NaN under HF's filter.
  static var filtered: RunAnalysis {
    var run = Runs.changing(Runs.learning("sft_diverged")) { $0 > 30 ? 0 : $1 }
    run.metrics[1].series.values.replaceSubrange(31..., with: repeatElement(.nan, count: 69))
    return fixed(
      run, hasLevel: false,
      findings: [
        Finding(
          .filteredNaN, .failure, metric: "train/loss", step: 320, lastStep: 1000, value: 0, reference: 1.51,
          count: 69,
          other: "train/grad_norm")
      ])
  }
}
