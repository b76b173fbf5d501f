import Analysis
import RunFolder
import TestSupport
import Testing

@testable import EventFile
@testable import Report

/// Pictures of laid out charts and embeddings, and the table of sessions.
struct ValueChartsTests {
  private func series(_ tag: String, _ value: (Double) -> Double) -> Metric {
    Metric(series: Runs.series(tag, every: 10, count: 60) { value(Double($0)) })
  }

  private var analysis: RunAnalysis {
    RunAnalysis(
      of: TrainingRun(
        name: "run", path: "run",
        metrics: [
          series("loss/train") { 2 / (1 + $0 / 10) }, series("loss/eval") { 2.2 / (1 + $0 / 12) },
          series("margin/mean") { 1 - $0 / 100 }, series("margin/low") { 0.8 - $0 / 90 },
          series("margin/high") { $0 < 30 ? 1.2 - $0 / 200 : .nan },
        ]))
  }

  private var layout: ScalarLayout {
    ScalarLayout(categories: [
      .init(
        title: "losses & <bands>",
        charts: [
          .init(title: "both", content: .lines(["loss/.*"])),
          .init(
            title: "band",
            content: .margins([.init(value: "margin/mean", lower: "margin/low", upper: "margin/high")])),
          .init(title: "nothing", content: .lines(["(", "acc"])),
        ])
    ])
  }

  @Test func `charts as they were laid out`() throws {
    var values = RunValues()
    values.layouts = [layout]
    let section = ValueSection(values, of: analysis, axis: HorizontalScale.step)
    let picture = try #require(section.charts.first?.pictures.first)
    #expect(section.charts.count == 1 && section.charts[0].pictures.count == 1)
    try Golden.check("values/layout.svg") { picture.svg }
    try Golden.check("values/layout.md") {
      MarkdownWriter.text(Document(section.blocks(isIllustrated: true)))
        + MarkdownWriter.text(Document(section.blocks(isIllustrated: false)))
    }
    #expect(picture.data?.contains("\"bands\":[{") == true)
  }

  private func projection(rows: Int, labels: [String]) throws -> EmbeddingProjection {
    let folder = try TemporaryFolder()
    var noise = Runs.Noise(seed: 5)
    let lines = (0..<rows).map { row in
      (0..<4).map { "\(Double(row % 3) * Double($0) + noise.normal())" }.joined(separator: "\t")
    }
    try folder.write("tensors.tsv", lines.joined(separator: "\n"))
    try folder.write("metadata.tsv", labels.joined(separator: "\n") + "\n")
    var embedding = Embedding(name: "words:00010", path: folder.file("tensors.tsv"))
    embedding.labelPath = folder.file("metadata.tsv")
    return EmbeddingProjection(
      embedding,
      try EmbeddingTable(reading: embedding, rowLimit: 1000, columnLimit: 100, elementLimit: 10_000))
  }

  @Test func `embeddings along their principal components`() throws {
    let many = try projection(rows: 90, labels: (0..<90).map { ["noun", "verb", ""][$0 % 3] })
    try Golden.check("values/embedding.svg") { try #require(EmbeddingChart(many)).document.text }
    let few = try projection(rows: 12, labels: (0..<12).map { "word & \($0)" })
    try Golden.check("values/embedding-labels.svg") { try #require(EmbeddingChart(few)).document.text }
    var values = RunValues()
    values.embeddings = [
      many, few, EmbeddingProjection(Embedding(name: "x", path: "x"), obstacle: "no row in it"),
    ]
    let section = ValueSection(values: values)
    #expect(section.pictures.map(\.path) == ["embedding-1.svg", "embedding-2.svg"])
    let text = MarkdownWriter.text(Document(section.blocks(isIllustrated: true)))
    #expect(text.contains("`x` is not shown: no row in it."))
    #expect(text.contains("`words:00010`: 90 vectors of 4 numbers; "))
  }

  private var table: HyperparameterTable {
    get throws {
      let statuses: [HyperparameterRecord.SessionStatus?] = [.success, .failure, nil]
      var sessions: [HyperparameterTable.Session] = []
      for index in 0..<3 {
        let rate = Hyperparameter(name: "lr", value: .number(Double(index + 1) * 1e-4))
        let same = Hyperparameter(name: "same", value: .bool(true))
        let text = Hyperparameter(name: "a_b", value: index == 1 ? .none : .text("x|y\\&"))
        sessions.append(
          HyperparameterTable.Session(
            run: index, group: index == 2 ? "g" : "", status: statuses[index],
            hyperparameters: [rate, same, text],
            values: [(tag: "loss", value: index == 2 ? .nan : 1 / Double(index + 1))]))
      }
      return try #require(HyperparameterTable(sessions, experiments: []))
    }
  }

  @Test func `sessions as a table of a page and of LaTeX`() throws {
    let section = HyperparameterSection(table: try table, names: ["one", "two", "three"])
    try Golden.check("values/sessions.md") {
      MarkdownWriter.text(Document(section.blocks)) + "\n"
        + HyperparameterLaTeX.text(try table, names: ["one", "two", "three"])
    }
  }

  @Test(arguments: [
    ("a&b%c$d#e_f{g}h", ##"a\&b\%c\$d\#e\_f\{g\}h"##),
    ("~^\\", #"\textasciitilde{}\textasciicircum{}\textbackslash{}"#),
    ("\\input{x}\n", #"\textbackslash{}input\{x\}\textbackslash{}n"#), ("[1em]*", "{[}1em]{*}"),
  ])
  func `what LaTeX would act on is printed`(text: String, escaped: String) {
    #expect(HyperparameterLaTeX.escaped(text) == escaped)
  }

  @Test func `values keep to the schema of a run`() throws {
    var values = RunValues()
    values.layouts = [layout]
    values.embeddings = [try projection(rows: 12, labels: (0..<12).map { "word \($0)" })]
    values.sessions = try table
    values.others = [.init(tag: "x", plugin: "y", count: 2)]
    values.omitted = [.images: 3]
    let report = RunReport(analysis, values: values)
    #expect(try JSONSchema.faults(inText: report.json) == [])
    let overview = OverviewReport([analysis, analysis], title: "runs", sessions: try table)
    #expect(try JSONSchema.faults(inText: overview.json) == [])
  }
}
