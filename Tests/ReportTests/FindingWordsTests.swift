import Analysis
import Testing

@testable import Report

@Suite struct FindingWordsTests {
  @Test(arguments: Finding.Kind.allCases, [Finding.Severity.note, .warning, .failure])
  func `every finding has words, even with nothing known`(kind: Finding.Kind, severity: Finding.Severity) {
    for finding in [
      Finding(kind, severity, metric: "train/loss"),
      Finding(
        kind, severity, metric: "train/loss", step: 1200, lastStep: 3400, value: 2.5, reference: 2, count: 3,
        other: "trainer_log.jsonl"),
      Finding(
        kind, severity, metric: "train/loss", step: .min, lastStep: .max, value: .nan, reference: -.infinity),
    ] {
      let words = FindingWords(finding)
      #expect(!words.title.isEmpty && !words.title.hasSuffix("."))
      #expect(words.what.hasSuffix(".") && words.meaning.hasSuffix("."))
      #expect(words.advice.isEmpty || words.advice.hasSuffix("."))
      #expect(!words.paragraph.contains("  ") && !words.paragraph.contains("Optional"))
    }
  }

  @Test func `steps, values and ratios stand in the sentence`() {
    let words = FindingWords(
      Finding(.diverged, .failure, metric: "train/loss", step: 1200, lastStep: 3400, value: 3, reference: 1.2)
    )
    #expect(words.title == "the training loss diverges at step 1,200")
    #expect(
      words.what
        == "train/loss ends at 3.000, 2.5 times the level of 1.200 before step 1,200, and does not come back."
    )
    let spike = FindingWords(Finding(.spike, .note, metric: "loss", step: 5, value: 1.5, reference: 1.2))
    #expect(spike.what == "loss reaches 1.500, 25.0 % above the level of 1.200 before it.")
  }

  @Test func `foreign names cannot act`() {
    let words = FindingWords(Finding(.damagedFile, .warning, metric: "", other: "a\u{1b}[2Jb\n"))
    #expect(words.title == #"a\x1b[2Jb\n is damaged"#)
  }
}

@Suite struct VerdictTests {
  @Test func `the verdict names what happened to the training loss first`() {
    #expect(
      Verdict(Analyses.filtered).sentence == "The training loss is NaN from step 320 on, logged as 0.0.")
    #expect(Verdict(Analyses.complete).label == "One warning")
    let sound = Verdict(Analyses.fixed(Runs.learning()))
    #expect(sound.label == "No problem found" && sound.severity == nil)
    #expect(
      sound.sentence
        == "The training loss fell from 2.130 ± 0.033 to 1.180 ± 0.014 in 1,000 steps; the best evaluation loss is 1.205, at "
        + "step 1,000.")
  }

  @Test func `tags keep their small letters`() {
    #expect(Verdict.capitalised("train/loss is NaN") == "train/loss is NaN")
    #expect(Verdict.capitalised("the loss") == "The loss")
  }
}
